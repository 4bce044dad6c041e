#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes a hole in the program harder to use, read from the program itself with readelf."""

import platform
import re
import subprocess

from program import TRUEGATE, check, end


def readelf(*options):
    return subprocess.run(["readelf", "-W", *options, TRUEGATE], check=True, capture_output=True, text=True).stdout


header, segments, dynamic = readelf("-h"), readelf("-l"), readelf("-d")
symbols = readelf("--dyn-syms")
sanitized = "__asan_init" in symbols

check("it is loaded at an address by chance (PIE)", "Type:" in header and "DYN" in header and "PIE" in dynamic)
check("relocations are read-only once it runs (RELRO)", "GNU_RELRO" in segments)
check("all of them: they are bound at the start (BIND_NOW)", re.search(r"FLAGS_1.*\bNOW\b", dynamic))
check("no segment can be written and executed", not re.search(r"\bRWE\b", segments))
check("the stack cannot be executed", re.search(r"GNU_STACK.*\bRW\b", segments))
check("code is not changed when it is loaded", "TEXTREL" not in dynamic)
check("libraries come from the system's places alone", not re.search(r"R(UN)?PATH", dynamic))
check("stacks are guarded (stack protector)", "__stack_chk_fail" in symbols)
if not sanitized:  # the sanitizers check more than this, and the two do not go together
    check("copies are checked (FORTIFY)", re.search(r"__(memcpy|vsnprintf|snprintf|fprintf)_chk", symbols))

# Each file of the project says how it was compiled.
units = re.findall(r"DW_AT_producer.*?: (GNU C17 .*)", readelf("--debug-dump=info"))
wanted = ["-fstack-protector-strong", "-fstack-clash-protection"]
if not sanitized:
    wanted.append("-O2")
if platform.machine() == "x86_64":
    # jumps and returns (CET); Debian 12's own start files lack the mark that would make it count
    wanted.append("-fcf-protection=full")
check("the program says how its files were compiled", len(units) > 50, len(units))
for flag in wanted:
    missing = [unit for unit in units if flag not in unit.split()]
    check(f"each file was compiled with {flag}", not missing, missing[:1])
end()
