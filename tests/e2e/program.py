# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs truegate as a user would, and counts checks; shared by the tests of check and replay."""

import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TRUEGATE = os.environ.get("TRUEGATE", str(ROOT / "build/release/daemon/truegate"))
OFFICE = ROOT / "tests/data/office.pcap"

POLICY = """version = 3;
contact = "it@office.example";
actions = { high = "block"; medium = "warn"; low = "observe"; };
sites = (
  { name = "Vietcombank"; domains = [ "vietcombank.com.vn" ]; tokens = [ "vcb" ]; },
  { name = "Ngân hàng (Ví dụ) & Co"; domains = [ "nganhangvidu.vn" ]; },
  { name = "Google"; domains = [ "google.com", "google.*" ]; },
  { name = "Microsoft"; domains = [ "microsoft.com" ]; },
  { name = "PayPal"; domains = [ "paypal.com" ]; }
);
exceptions = [ "vietcombank-run.example" ];
decorations = [ "log-?in", "xac-?thuc", "sign-?in" ];
"""

directory = tempfile.TemporaryDirectory(prefix="truegate-e2e-")
folder = Path(directory.name)
policy = folder / "policy.conf"
policy.write_text(POLICY)

_failed = 0


def check(name, condition, shown=None):
    """Counts one check. What is shown of a failed one helps to find out why."""
    global _failed
    print(f"{'ok' if condition else 'not ok'} {name}", flush=True)
    if not condition:
        _failed += 1
        if shown is not None:
            print(f"    {shown!r}", flush=True)


def check_equal(name, got, expected):
    check(name, got == expected, (got, "expected", expected))


def truegate(*arguments, stdin=b"", env=None, program=TRUEGATE, **more):
    """Runs it to its end; stdin is octets or a file. A crash, a sanitizer's report or a hang is a failed check."""
    environment = {**os.environ, **(env or {})}
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    options["input" if isinstance(stdin, bytes) else "stdin"] = stdin
    done = subprocess.run([program, *map(str, arguments)], env=environment, timeout=120, **options)
    if done.returncode not in (0, 1, 2) or b"Sanitizer" in (done.stderr or b""):
        check(f"truegate {arguments[0]} ends by itself", False, done)
    return done


def each_allocation_fails(*arguments):
    """Runs it once for each memory allocation it makes, which fails; hands out what became of each.
    Nothing where the build has no library for that (tests/faults), as with sanitizers."""
    library = Path(TRUEGATE).parents[1] / "tests/faults/libfail_nth.so"
    control = folder / "failing"
    number, count = 0, 0
    while library.exists() and number <= count:
        control.write_bytes(struct.pack("QQ", 0, number))
        yield subprocess.run([TRUEGATE, *map(str, arguments)], capture_output=True, check=False, timeout=120,
                             env={**os.environ, "LD_PRELOAD": str(library), "FAIL_CONTROL": str(control)})
        count = count or struct.unpack("QQ", control.read_bytes())[0]
        number += 1


def end():
    directory.cleanup()
    sys.exit(1 if _failed else 0)
