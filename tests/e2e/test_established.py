#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`truegate established import` takes the usual lists; what it took only takes away, and tells a policy that
would stop what people visit from one that is against imitations."""

import gzip
import json
import os
import shutil
import stat
import subprocess

from program import OFFICE, POLICY, check, check_equal, each_allocation_fails, end, folder, truegate

policy, config, store = folder / "policy.conf", folder / "truegate.conf", folder / "established"
names = folder / "established.names.gz"
config.write_text(f'policy = "{policy}";\npolicy_local = "{folder}/local.conf";\nestablished = "{store}";\nstatus = "{folder}/status";\n'
                  f'policy_store = "{folder}/store";\npolicy_key = "{folder}/office.pub";\n')


def take(content, name="list", **more):
    """Imports a list of these octets."""
    path = folder / name
    path.write_bytes(content)
    return truegate("established", "import", "--config", config, path, **more)


def kept():
    return gzip.decompress(names.read_bytes()).decode().split()


def actions(*hosts, policy=policy, established=store):
    done = truegate("check", "--policy", policy, "--established", established, "--format", "jsonl", *hosts)
    return {found["name"]: found["action"] for found in map(json.loads, done.stdout.splitlines())}


# The formats, each as it is published.
EXPECTED = ["example.com", "honest.com.vn", "vietc0mbank.com"]
LISTS = {
    "Tranco": b"1,example.com\r\n2,honest.com.vn\r\n3,vietc0mbank.com\r\n",
    "Umbrella": b"1,www.example.com\r\n2,a.b.honest.com.vn\r\n3,com\r\n4,example.com\r\n5,vietc0mbank.com\r\n6,_dns.localhost0\r\n",
    "Majestic": b"GlobalRank,TldRank,Domain,TLD,RefSubNets,RefIPs,IDN_Domain,IDN_TLD\n1,1,example.com,com,9,9,example.com,com\n"
                b"2,1,honest.com.vn,vn,8,8,honest.com.vn,vn\n3,2,vietc0mbank.com,com,7,7,vietc0mbank.com,com\n",
    "plain": b"\xef\xbb\xbf# ours\nExample.COM\n\n  honest.com.vn. \nwww.vietc0mbank.com",
    "quoted": b'"1","example.com"\n"2","honest.com.vn"\n"3","vietc0mbank.com"\n',
}
for kind, content in LISTS.items():
    for packed in (False, True):
        done = take(gzip.compress(content) if packed else content)
        name = f"{kind}{', gzip' if packed else ''}"
        check_equal(f"{name}: is taken", (done.returncode, done.stderr, kept()), (0, b"", EXPECTED))
        check(f"{name}: says how many", b"3 established names are taken." in done.stdout and b"No daemon is running" in done.stdout, done.stdout)
done = take(LISTS["Umbrella"])
check("what is skipped is counted", b"skipped: 1 of a registrable domain" in done.stdout and b"skipped: 2 that are not a host name" in done.stdout, done.stdout)
done = truegate("established", "import", "--config", config, "-", stdin=gzip.compress(LISTS["Tranco"]))
check_equal("by standard input", (done.returncode, kept()), (0, EXPECTED))
check_equal("everybody may read both", {stat.S_IMODE(path.stat().st_mode) for path in (store, names)}, {0o644})
broken = b"1\n2,\n3,http://x.com/\n,,,\n4,a..com\n5," + b"x" * 70000 + b"\n6,\x00\xff\xfe\n7,192.0.2.7\n\x1b]0;x\x07\n8,example.com,more\n"
done = take(broken)
check_equal("broken lines are skipped", (done.returncode, kept()), (0, ["example.com"]))
check("... and not shown", b"\x1b" not in done.stdout + done.stderr and b"skipped: 9 " in done.stdout, done)

# What cannot be taken changes nothing.
take(LISTS["Tranco"])
before = store.read_bytes(), names.read_bytes()
packed = gzip.compress(b"\n".join(b"%d,site-%d.com" % (i, i * i) for i in range(9000)))
for name, content, words in (("an empty file", b"", b"has no host names"), ("no names", b"\x00" * 5000, b"has no host names"),
                             ("a file that was cut", packed[:-2000], b"cannot read"), ("a header only", b"rank,domain\n", b"has no host names")):
    done = take(content)
    check(f"{name} is refused", done.returncode == 2 and words in done.stderr and b"nothing was changed" in done.stderr, done)
check_equal("a missing file is refused", truegate("established", "import", "--config", config, folder / "none").returncode, 2)
check_equal("no file is a usage error", truegate("established", "import", "--config", config).returncode, 2)
check_equal("no command is a usage error", truegate("established").returncode, 2)
check_equal("what was taken stays", (store.read_bytes(), names.read_bytes()), before)
check_equal("nothing is left behind", sorted(path.name for path in folder.glob("established*")), [store.name, names.name])
for done in each_allocation_fails("established", "import", "--config", config, folder / "list"):
    check("without memory it fails or is done", done.returncode in (0, 2), done)
    if done.returncode not in (0, 2):
        break
check_equal("... and leaves nothing behind", sorted(path.name for path in folder.glob("established*")), [store.name, names.name])

# What it takes away: an established name's own label, and nothing else.
take(LISTS["Tranco"])
hosts = ["vietc0mbank.com", "www.vietc0mbank.com", "vietc0mbank.net", "paypal.com.honest.com.vn", "vietc0mbank.example.com"]
without, taken = actions(*hosts, established=folder / "none"), actions(*hosts)
check("without a set all are stopped", sorted(without) == sorted(hosts) and "observe" not in without.values(), without)
check_equal("its own label is only observed", [taken[host] for host in hosts[:2]], ["observe", "observe"])
check_equal("another name and what stands in front are judged as ever", {host: taken[host] for host in hosts[2:]}, {host: without[host] for host in hosts[2:]})
imitations = sorted(json.loads(line)["name"] for line in truegate("replay", "--policy", policy, "--format", "jsonl", OFFICE).stdout.splitlines())
take("\n".join(imitations).encode())
done = truegate("replay", "--policy", policy, "--established", store, "--format", "jsonl", OFFICE)
replayed = [json.loads(line) for line in done.stdout.splitlines()]
check("replay knows them", len(replayed) > 0 and "observe" in {found["action"] for found in replayed}, replayed)
store.write_bytes(b"TGestab1" + b"\xff" * 1000)
done = truegate("check", "--policy", policy, "--established", store, "vietc0mbank.net")
check("a damaged set is refused with what to do", done.returncode == 2 and b"import the list again" in done.stderr, done)

# A policy that would stop what people visit.
honest = [f"site-{i * i}.com" for i in range(3000)]


def policy_check():
    return truegate("policy", "check", "--established", store, policy)


take("\n".join(honest + ["vietc0mbank.com", "paypa1.com", "micros0ft.com"]).encode())
done = policy_check()
check("3 of 3,003 are few", done.returncode == 0 and b"would stop 3 of 3003 established names" in done.stdout, done)
take("\n".join(honest + ["micros0ft-login.com", "vietc0mbank.com", "paypa1.com", "micros0ft.com"]).encode())
done = policy_check()
check("4 of 3,004 are too many", done.returncode == 2 and b"would stop 4 of 3004 established names, more than 1 in 1000" in done.stderr, done)
check("with the worst examples", b"vietc0mbank.com (block, for vietcombank.com.vn)" in done.stderr, done.stderr)
names.write_bytes(names.read_bytes()[:-30])
done = policy_check()
check("damaged names are said", done.returncode == 2 and b"import the list again" in done.stderr, done)
check_equal("without names it is not asked", (os.unlink(names), policy_check().returncode)[1], 0)

if shutil.which("minisign") is None:
    print("not checked: `policy install` (minisign is missing)")
else:
    take("\n".join(honest + ["micros0ft-login.com", "vietc0mbank.com", "paypa1.com", "micros0ft.com"]).encode())
    subprocess.run(["minisign", "-G", "-W", "-p", folder / "office.pub", "-s", folder / "office.key"], check=True, capture_output=True)
    subprocess.run(["minisign", "-S", "-s", folder / "office.key", "-m", policy], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    install = ["policy", "install", "--config", config, "--yes", "3", policy]
    done = truegate(*install)
    check("install refuses it", done.returncode == 2 and b"established names, more than 1 in 1000" in done.stderr and b"nothing is installed" in done.stderr, done)
    take("\n".join(honest).encode())
    check_equal("and takes it where nothing is stopped", truegate(*install).returncode, 0)

# The promise of size.
done = take("\n".join(f"{i},generated-{i * 7919}.com" for i in range(100_000)).encode())
print(f"100,000 generated names: {store.stat().st_size} octets, the names beside them {names.stat().st_size}")
check("100,000 names take less than 1 MB", b"100000 established names" in done.stdout and store.stat().st_size < 1_000_000, done)
end()
