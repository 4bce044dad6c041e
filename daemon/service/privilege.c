/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/service/privilege.h"

#include <cap-ng.h>
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

bool privilege_forbid_dumps(void)
{
	const struct rlimit none = {0, 0};
	return setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* Becomes the user, keeping the capabilities that libcap-ng was told of. */
static bool become(const char *user, char *error, size_t error_size)
{
	errno = 0;
	const struct passwd *entry = getpwnam(user);
	if (entry == NULL) {
		snprintf(error, error_size,
			 "no user '%s' to run as%s%s; create it (adduser --system --group %s) or "
			 "set `user` in the configuration",
			 user, errno == 0 ? "" : ": ", errno == 0 ? "" : strerror(errno), user);
		return false;
	}
	const int result =
	    capng_change_id((int)entry->pw_uid, (int)entry->pw_gid,
			    CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING | CAPNG_CLEAR_AMBIENT);
	if (result != 0) {
		snprintf(error, error_size,
			 "cannot become user '%s' (libcap-ng error %d: %s); start as root, or as "
			 "that user with CAP_NET_ADMIN and CAP_NET_RAW",
			 user, result, strerror(errno));
		return false;
	}
	return true;
}

bool privilege_drop(const char *user, char *error, size_t error_size)
{
	capng_clear(CAPNG_SELECT_ALL);
	capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_NET_ADMIN);
	if (geteuid() == 0) {
		if (!become(user, error, error_size)) {
			return false;
		}
	} else if (capng_apply(CAPNG_SELECT_CAPS) != 0) {
		snprintf(error, error_size,
			 "cannot keep CAP_NET_ADMIN; start as root, or with CAP_NET_ADMIN and "
			 "CAP_NET_RAW");
		return false;
	}
	/* A change of user makes the process dumpable again. */
	if (!privilege_forbid_dumps() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		snprintf(error, error_size, "cannot give up privileges: %s", strerror(errno));
		return false;
	}
	return true;
}
