# SPDX-License-Identifier: GPL-3.0-or-later
# Debian policy 12.1, 12.7: manual pages and the changelog are compressed.
file(GLOB_RECURSE pages "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/man/*.[1-8]"
  "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/truegate/changelog")
foreach(page ${pages})
  execute_process(COMMAND gzip -9n ${page} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
