#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exceptions that are suggested from what the daemon only observed, and written one by one."""

import json

from program import POLICY, check, check_equal, end, folder, truegate

policy, local, observed, config = (folder / name for name in ("policy.conf", "local.conf", "observed.json", "truegate.conf"))
policy.write_text(POLICY)
config.write_text(f'policy = "{policy}"; policy_local = "{local}"; observed = "{observed}"; status = "{folder}/status"; '
                  f'policy_key = "{folder}/none.pub";\n')


def domain(name, days, devices, technique="combosquat", why="careers is added"):
    return {"name": name, "imitates": "vietcombank.com.vn", "site": "Vietcombank", "why": why, "technique": technique, "days": days,
            "devices": devices}


def suggest(*options, **more):
    return truegate("suggest", "--config", config, *options, **more)


def names(done):
    return [line for line in done.stdout.decode().splitlines() if line and not line.startswith(" ")]


done = suggest()
check("without a file there is nothing to suggest", done.returncode == 0 and b"nothing" in done.stderr and not done.stdout, done)
observed.write_text(json.dumps({"days": 10, "domains": [
    domain("vietcombank-careers.example", 9, "10+"), domain("vietcombank.top", 4, "1-4", "tld-swap", "vietcombank under top"),
    domain("vietcombank-run.example", 10, "10+"), domain("other.example", 9, "5-9")]}))
done = suggest()
text = done.stdout.decode()
check_equal("those of most days and devices first, without what the policy excepts", names(done),
            ["vietcombank-careers.example", "other.example", "vietcombank.top"])
check_equal("something is suggested", done.returncode, 1)
check("in words", "asked for by 10+ devices, on 9 of 10 days\n    resembles vietcombank.com.vn (Vietcombank): careers is added" in text, text)
check("a sister domain is called so", "looks like a sister domain of vietcombank.com.vn (Vietcombank): vietcombank under top" in text, text)
check("with what to do", "truegate exempt vietcombank.top" in text and "`own`" in text, text)
check("nothing is written", not local.exists())
done = suggest("--apply", stdin=b"y\nn\n")
check("asked one by one", done.returncode in (0, 2) and done.stdout.count(b"[y/N]") == 3, done)
written = local.read_text()
check("what was agreed to is in the office's own file, and nothing else",
      "vietcombank-careers.example" in written and "other.example" not in written and "vietcombank.top" not in written, written)
check_equal("and is suggested no more", names(suggest()), ["other.example", "vietcombank.top"])
before = local.read_text()
check_equal("no answer is no", (suggest("--apply", stdin=b"").returncode, local.read_text()), (0, before))

observed.write_text('{"days":3,"domains":[{"name":"a\\u001b]0;x","days":3,"devices":"10+","technique":"typo"},'
                    '{"name":"b.example","days":3,"devices":"10+","technique":"typo","site":"\\u001b[2J","why":"\\u202e"}]}')
check("a daemon that was taken over writes nothing to root's terminal", not set(b"\x1b\x07") & set(suggest().stdout) and "\u202e" not in suggest().stdout.decode())
for wrong in ("", "[]", "{", '{"days":-1,"domains":[]}', "x" * (3 << 20)):
    observed.write_text(wrong)
    done = suggest()
    check(f"{wrong[:12]!r} is no such file", done.returncode == 2 and b"it is not what the daemon writes" in done.stderr, done.stderr)
check_equal("no arguments", suggest("more").returncode, 2)
end()
