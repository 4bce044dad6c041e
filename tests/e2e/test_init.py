#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`truegate policy init` writes a policy of groups of a catalogue that can be used at once."""

import os
import pathlib
import subprocess

from program import TRUEGATE, check, check_equal, end, folder, truegate

catalogue, policy = folder / "catalogue", folder / "mine.conf"
catalogue.mkdir()
root = pathlib.Path(__file__).resolve().parents[2]
common = root / "policy/catalogue/common.conf"
(catalogue / "common.conf").write_text(common.read_text())
(catalogue / "banks.conf").write_text('sites = ( { name = "Bank"; domains = [ "bank-vidu.vn" ]; } );\n')
(catalogue / "shops.conf").write_text('sites = ( { name = "Shop"; domains = [ "shop-vidu.vn" ]; } );\n')


def init(*arguments):
    return truegate("policy", "init", "--catalogue", catalogue, *arguments)


done = init("--group", "banks,shops", "--contact", "it@office.example", "--output", policy)
check_equal("a policy is written", (done.returncode, done.stderr), (0, b""))
check("and says what it protects", b"2 protected sites" in done.stdout, done.stdout)
done = truegate("policy", "check", "--catalogue", catalogue, policy)
check_equal("it can be used", done.returncode, 0)
done = truegate("check", "--policy", policy, "--catalogue", catalogue, "bank-vidu-login.top")
check("it protects", b"imitates bank-vidu.vn" in done.stdout, done.stdout)
done = init("--group", "banks", "--contact", "it@office.example", "--output", policy)
check("one that is there is not replaced", done.returncode == 2 and b"is there already" in done.stderr, done.stderr)
done = init("--group", "banks", "--contact", "it@office.example", "--output", "-")
check("to standard output", b'catalogue = [ "common", "banks" ];' in done.stdout, done.stdout)
done = truegate("policy", "init", "--catalogue", root / "policy/catalogue", "--group", "vietnam,world",
                "--contact", "it@office.example", "--output", "-")
check_equal("the packaged example is what it writes", done.stdout, (root / "packaging/policy.conf").read_bytes())
for arguments, words in (
    (("--group", "bnks", "--contact", "it@office.example"), b'group "bnks" is not in the catalogue'),
    (("--group", "banks", "--contact", "."), b"fewer than three letters or digits"),
    (("--group", "banks", "--contact", 'a"; sites = ( );'), b"leave out quotes"),
    (("--group", "banks"), b"give --group and --contact"),
    (("--group", "common", "--contact", "it@office.example"), b"there are no sites"),
):
    done = init(*arguments, "--output", folder / "other.conf")
    check(f"{arguments} is refused", done.returncode == 2 and words in done.stderr, done.stderr)
    check("and nothing is written", not (folder / "other.conf").exists())
primary, secondary = os.openpty()
with subprocess.Popen([TRUEGATE, "policy", "init", "--catalogue", catalogue, "--output", folder / "asked.conf"],
                      stdin=secondary, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as asking:
    os.write(primary, b"shops\nhelp@office.example\n")
    said = asking.communicate(timeout=30)
os.close(primary), os.close(secondary)
check("on a terminal it asks", b"Groups of sites: banks shops" in said[1] and asking.returncode == 0, said)
check("and writes what was answered", 'contact = "help@office.example"' in (folder / "asked.conf").read_text())
end()
