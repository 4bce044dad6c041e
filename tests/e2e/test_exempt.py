#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`truegate exempt` writes the office's own file as a careful hand would, and what it says counts."""

import os
import stat

from program import POLICY, check, check_equal, end, folder, truegate

policy, local, config = folder / "policy.conf", folder / "local.conf", folder / "truegate.conf"
policy.write_text(POLICY)
config.write_text(f'policy = "{policy}";\npolicy_local = "{local}";\nstatus = "{folder}/status";\n')


def exempt(*arguments):
    return truegate("exempt", "--config", config, *arguments)


# A file that was not there.
done = exempt("vietc0mbank.top")
check_equal("a name is excepted", (done.returncode, done.stderr), (0, b""))
check("which is said", b"vietc0mbank.top is excepted." in done.stdout and b"No daemon is running" in done.stdout, done.stdout)
first = local.read_text()
check("the file explains itself", first.startswith("# The office's own word") and '  "vietc0mbank.top"\n];\n' in first, first)
check_equal("everybody may read it", stat.S_IMODE(local.stat().st_mode), 0o644)
done = exempt("VietC0mBank.top")
check("once is enough", done.returncode == 0 and b"is there already" in done.stdout and local.read_text() == first, done.stdout)
exempt("a.example", "b.example")
check_equal("more follow, a line each", local.read_text(), first.replace('"\n];', '",\n  "a.example",\n  "b.example"\n];'))

# One that a hand wrote: comments, order and layout stay.
written = """# ours
search = [ "corp.lan" ]; // DHCP option 119
exceptions = [ "x.example", # asked for by accounting
               "y.example" /* and by sales */ ];
contact = "it@office.example";
"""
local.write_text(written)
local.chmod(0o640)
check_equal("added to one that a hand wrote", exempt("z.example").returncode, 0)
check_equal("comments and order stay", local.read_text(), written.replace('"y.example" /*', '"y.example",\n  "z.example" /*'))
check_equal("and the mode", stat.S_IMODE(local.stat().st_mode), 0o640)
check_equal("a search suffix", (exempt("--search", "office.example").returncode, '[ "corp.lan", "office.example" ];' in local.read_text()), (0, True))
local.write_text("exceptions = [];\n")
exempt("z.example")
check_equal("an empty list", local.read_text(), 'exceptions = [ "z.example" ];\n')

# What is refused changes nothing.
before = local.read_text()
for name, words in (
    ("com.vn", b'exception "com.vn" is a public suffix'),
    ("https://a.example/", b"character 6 is not allowed"),
    ('a"b', b"quote or control character"),
    ("[^q].*", b"has [ ] at character 1"),
    ("", b"quote or control character"),
):
    done = exempt("good.example", name)
    check(f"{name!r} is refused", done.returncode == 2 and words in done.stderr and b"nothing was changed" in done.stderr, done.stderr)
    check_equal(f"{name!r}: the file is as it was", local.read_text(), before)
check("a public suffix is no search suffix", b"is a public suffix" in exempt("--search", "com").stderr)
check_equal("no name is a usage error", exempt().returncode, 2)
local.write_text('sites = ( { name = "X"; domains = [ "x.example" ]; } );\n')
done = exempt("a.example")
check("a file that would add sites is refused", done.returncode == 2 and b"local.conf:1:1: unknown setting" in done.stderr, done.stderr)
check_equal("nothing is left behind", sorted(path.name for path in folder.glob("local.conf*")), ["local.conf"])
os.unlink(local)

# From the resolver's own configuration; whatever this machine's says, the file stays one that is taken.
done = exempt("--search-from-resolv-conf")
check("search suffixes of resolv.conf", done.returncode in (0, 2), done)
if local.exists():
    check_equal("can be read again", exempt("a.example").returncode, 0)
end()
