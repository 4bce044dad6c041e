#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs signed policies as an administrator does, with Debian's minisign: what is refused, what
goes back, and what a power cut leaves behind."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

from program import POLICY, TRUEGATE, check, check_equal, each_allocation_fails, end, folder, truegate

for tool in ("minisign", "strace"):
    if shutil.which(tool) is None:
        print(f"SKIPPED: {tool} is missing")
        sys.exit(77)

store = folder / "store"
config = folder / "truegate.conf"
current = store / "current" / "policy.conf"
config.write_text(
    f'policy = "{current}";\npolicy_key = "{folder}/office.pub";\npolicy_store = "{store}";\n'
    f'status = "{folder}/status";\n'
)


def minisign(*arguments):
    subprocess.run(["minisign", *map(str, arguments)], check=True, capture_output=True, stdin=subprocess.DEVNULL)


for who in ("office", "stranger"):
    minisign("-G", "-W", "-p", folder / f"{who}.pub", "-s", folder / f"{who}.key")


def make(version, who="office", text=None, legacy=False):
    """A signed policy of a folder of its own."""
    path = folder / f"{version}-{who}" / "policy.conf"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text or POLICY.replace("version = 3", f"version = {version}"))
    minisign("-S", *(["-l"] if legacy else []), "-s", folder / f"{who}.key", "-m", path)
    return path


def version_of(path):
    """What --yes has to say of a file; a file that has no version is refused before."""
    found = re.search(r"version = (\d+)", path.read_text(errors="replace")) if isinstance(path, pathlib.Path) and path.is_file() else None
    return found.group(1) if found and found.group(1) != "0" else "1"


def policy(command, *files):
    agreed = ["--yes", version_of(files[-1])] if command == "install" and files else []
    return truegate("policy", command, "--config", config, *agreed, *files)


def installed():
    """Version in force, once it was found whole and verified: by minisign, not by ourselves."""
    minisign("-V", "-p", folder / "office.pub", "-m", current)
    done = truegate("policy", "check", current)
    return int(re.search(rb"version (\d+)", done.stdout).group(1))


def refused(name, path, *words, stays):
    done = policy("install", path)
    check_equal(f"{name}: exit status", done.returncode, 2)
    for word in words:
        check(f"{name}: says '{word}'", word in done.stderr.decode(), done.stderr)
    check_equal(f"{name}: nothing is changed", installed() if stays else current.exists(), stays or False)


# The first, by both kinds of signature.
refused("a stranger's signature", make(1, "stranger"), "signed with key", ".minisig:2:", "nothing is installed", stays=0)
done = policy("install", make(1, legacy=True))
check_equal("the first policy is installed", (done.returncode, installed()), (0, 1))
check("without a daemon that is fine", b"No daemon is running" in done.stdout, done.stdout)
check_equal("the second is installed", (policy("install", make(2)).returncode, installed()), (0, 2))

# What is refused.
tampered = make(3)
tampered.write_text(tampered.read_text().replace("vietcombank.com.vn", "vietcombank.com.vu"))
refused("a changed policy", tampered, "does not fit the file", stays=2)
cut = make(3)
signature = cut.with_name("policy.conf.minisig")
whole = signature.read_text()
signature.write_text(whole[: len(whole) // 2])
refused("a cut signature", cut, "policy.conf.minisig:", stays=2)
signature.write_text(whole.replace("timestamp:", "timestamp:9"))
refused("a changed comment", cut, "trusted comment was changed", stays=2)
signature.write_bytes(b"\0\xff" * 2000)
refused("rubbish for a signature", cut, "policy.conf.minisig", stays=2)
signature.unlink()
refused("no signature", cut, "policy.conf.minisig", "No such file", stays=2)
refused("a cut policy", make(3, text="version = 3; contact = "), "policy.conf:1", stays=2)
refused("a policy with an error", make(3, text=POLICY.replace('"google.*"', '"com"')), "policy.conf:7:", stays=2)
refused("an older version", make(1), "older than 2", "rollback", stays=2)
refused("other contents of the same version", make(2, text=POLICY.replace("version = 3", "version = 2").replace("vcb", "vietcom")),
        "other contents", "raise `version`", stays=2)
make(2)
check("the same again is no error", b"installed already" in policy("install", folder / "2-office/policy.conf").stdout)
key = (folder / "office.pub").read_text()
(folder / "office.pub").write_text(key[:60])
check("a cut key is said with its line", b"office.pub:2:" in policy("install", make(3)).stderr)
(folder / "office.pub").write_text(key)
check_equal("no file is a usage error", policy("install").returncode, 2)
check_equal("an unknown option is one", policy("install", "--hurry", cut).returncode, 2)
check_equal("help", policy("install", "--help").returncode, 0)

# A policy of several files.
parts = folder / "parts"
(parts / "policy.d").mkdir(parents=True)
bank = '  { name = "Vietcombank"; domains = [ "vietcombank.com.vn" ]; tokens = [ "vcb" ]; },\n'


def make_parts(version, comment=None, files=1, who="office", banks=bank):
    """A policy that includes policy.d/banks.conf, both signed at once."""
    (parts / "policy.conf").write_text(
        make(version).read_text().replace(bank, "") + f'include = {{ directory = "policy.d"; files = {files}; }};\n')
    (parts / "policy.d/banks.conf").write_text(f"sites = (\n{banks.rstrip()[:-1]}\n);\n")
    minisign("-S", "-s", folder / f"{who}.key", "-t", comment or f"version {version}",
             "-m", parts / "policy.conf", parts / "policy.d/banks.conf")
    return parts / "policy.conf"


done = policy("install", make_parts(3))
check_equal("a policy that includes a directory is installed", (done.returncode, installed()), (0, 3))
done = truegate("check", "--policy", current, "vietc0mbank.top")
check("and protects the sites of that", b"vietcombank.com.vn" in done.stdout, done)
check("the same again is no error", b"installed already" in policy("install", make_parts(3)).stdout)
refused("other contents of an included file", make_parts(3, banks=bank.replace("vcb", "vietcom")), "other contents", stays=3)
included = parts / "policy.d/banks.conf"
old = included.read_bytes(), included.with_name("banks.conf.minisig").read_bytes()
make_parts(4)
included.write_text(included.read_text().replace("com.vn", "com.vu"))
refused("a changed included file", parts / "policy.conf", "banks.conf.minisig:2:", "does not fit the file", stays=3)
make_parts(4)
included.write_bytes(old[0]), included.with_name("banks.conf.minisig").write_bytes(old[1])
refused("an included file of another version", parts / "policy.conf", "banks.conf:", "minisign -S -t 'version 4'", stays=3)
refused("included files signed as minisign does of itself", make_parts(4, comment="timestamp:1"), "'version 4'", stays=3)
refused("a file that is missing", make_parts(4, files=2), "policy.conf:", "contains 1 policy files but files = 2", stays=3)
make_parts(4)
included.with_name("banks.conf.minisig").unlink()
refused("an included file without signature", parts / "policy.conf", "banks.conf.minisig", "No such file", stays=3)
make_parts(4)
minisign("-S", "-s", folder / "stranger.key", "-t", "version 4", "-m", included)
refused("a stranger's included file", parts / "policy.conf", "signed with key", stays=3)
(parts / "policy.d/more.conf").write_text('exceptions = [ "a.example" ];')
refused("one file too many", make_parts(4), "more.conf.minisig", stays=3)
(parts / "policy.d/more.conf").unlink()
shutil.rmtree(store)
policy("install", make(1)), policy("install", make(2))

# What a policy would change.
old = make(50)
new = make(51, text=old.read_text().replace("version = 50", "version = 51").replace(', "google.*"', "").replace(
    'exceptions = [ "vietcombank-run.example" ]', "exceptions = []"))
names = folder / "names"
names.write_text("vietcombank-run.example\nwww.vietcombank.com.vn\n\nno name\n" + "x" * 70000 + "\nvietc0mbank.top")
done = truegate("policy", "diff", "--names", names, old, new)
check_equal("diff: exit status", done.returncode, 1)
check_equal("diff: in words", done.stdout.decode().splitlines(), [
    "version: 50, then 51",
    "site Google: domain google.* is removed",
    "exception vietcombank-run.example is removed",
    "vietcombank-run.example: nothing; then observe, low, imitates vietcombank.com.vn by combosquat",
])
check("diff: what was judged", b"3 names judged, 1 change, 2 lines were not host names" in done.stderr, done.stderr)
check_equal("diff: no name that does not change", done.stdout.count(b"vietc0mbank"), 0)
check_equal("diff: nothing changes", truegate("policy", "diff", old, old).returncode, 0)
check_equal("diff: no such file", truegate("policy", "diff", old, folder / "none").returncode, 2)
check_equal("diff: no such names", truegate("policy", "diff", "--names", folder / "none", old, old).returncode, 2)
check_equal("diff: no policy", truegate("policy", "diff").returncode, 2)
# Those that libconfig does not notice are left out.
bad = [done for done in each_allocation_fails("policy", "diff", old, old)
       if b"not enough memory" in done.stderr and done.returncode != 2]
check("diff: memory that is short is said", not bad, bad[:2])
done = policy("diff", folder / "2-office/policy.conf")
check_equal("diff: from the one that the daemon reads", (done.returncode, done.stdout), (0, b""))
done = truegate("policy", "diff", "--config", folder / "none.conf", old)
check("diff: no such configuration", done.returncode == 2 and b"none.conf" in done.stderr, done)

# Back, and on.
for version in range(3, 9):
    policy("install", make(version))
kept = sorted(int(path.name) for path in store.iterdir() if path.name.isdigit())
check_equal("the last five are kept", kept, [4, 5, 6, 7, 8])
done = policy("rollback")
check_equal("the one before comes back", (done.returncode, installed()), (0, 7))
refused("what was gone back from", folder / "8-office/policy.conf", "installed before", stays=7)
check_equal("further back", (policy("rollback").returncode, installed()), (0, 6))
check_equal("a newer one is installed", (policy("install", make(9)).returncode, installed()), (0, 9))
check_equal("and goes back to the last that was in force", (policy("rollback").returncode, installed()), (0, 6))
(store / "5/policy.conf").write_text("version = 5;")
check_equal("a kept policy that was changed is not gone back to", (policy("rollback").returncode, installed()), (2, 6))
for _ in range(4):
    policy("install", make(installed() + 10))
    policy("rollback")
check_equal("there is an end to it", truegate("policy", "rollback", "--config", config, "more").returncode, 2)

# A daemon that refuses what it is told to load, as one with another key does.
REFUSING = """
import fcntl, os, signal, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.lockf(file, fcntl.LOCK_EX)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
print(flush=True)
for told in range(1, 9):
    signal.sigwait([signal.SIGHUP])
    os.pwrite(file, f"round {told} version 1 refused\\nno such luck\\n".ljust(1024).encode(), 0)
"""
shutil.rmtree(store)
policy("install", make(1)), policy("install", make(2))
with subprocess.Popen([sys.executable, "-c", REFUSING, folder / "status"], stdout=subprocess.PIPE) as daemon:
    daemon.stdout.readline()
    refused("what the daemon refuses", make(3), "the daemon refused version 3: no such luck", "version 2 stays", stays=2)
    done = policy("rollback")
    check_equal("going back to what it refuses changes nothing", (done.returncode, installed()), (2, 2))
    check("which is said", b"the daemon refused version 1: no such luck" in done.stderr and b"version 2 stays" in done.stderr, done.stderr)
    daemon.kill()
(folder / "status").unlink()

# Installing says what changes and what the office's own file overrides, and asks.
local = folder / "local.conf"
local.write_text('contact = "it@office.example";\nactions = { high = "warn"; };\nexceptions = [ "luatkhoa.org" ];\nsearch = [ "corp.lan" ];\n')
with_local = folder / "with_local.conf"
with_local.write_text(config.read_text() + f'policy_local = "{local}";\n')
pushed = make(30, text=POLICY.replace("version = 3", "version = 30").replace("it@office.example", "authority@police.example"))
done = truegate("policy", "install", "--config", with_local, pushed)
check("without a terminal it has to be told which version", done.returncode == 2 and b"use --yes 30" in done.stderr, done.stderr)
for words in (b"What changes:", b"contact: it@office.example, then authority@police.example", f"What {local} overrides:".encode(),
              b"action at high confidence: warn instead of block", b"contact: it@office.example instead of authority@police.example",
              b"exception luatkhoa.org", b"search suffix corp.lan"):
    check(f"it says '{words.decode()}'", words in done.stdout, done.stdout)
check("and nothing is changed", installed() == 2 and b"version 2 stays" in done.stderr, done.stderr)
done = truegate("policy", "install", "--config", with_local, "--yes", "29", pushed)
check("another version is not agreed to", done.returncode == 2 and b"this is version 30, not 29" in done.stderr, done.stderr)
for answer, version in ((b"n\n", 2), (b"\n", 2), (b"y\n", 30)):
    primary, secondary = os.openpty()
    with subprocess.Popen([TRUEGATE, "policy", "install", "--config", with_local, pushed], stdin=secondary, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as asking:
        os.write(primary, answer)
        said = asking.communicate(timeout=30)
    os.close(primary), os.close(secondary)
    check_equal(f"on a terminal it asks; {answer!r}", (b"Install version 30? [y/N]" in said[0], installed()), (True, version))
check("the office's own file is as it was", local.read_text().startswith('contact = "it@office.example";'))

# A version signed far ahead locks nothing out: the office can leave it.
far = make(4294967295)
check_equal("one signed far ahead is installed", (policy("install", far).returncode, installed()), (0, 4294967295))
refused("an older one, then", make(31), "--older leaves a version that was signed far ahead", stays=4294967295)
done = truegate("policy", "install", "--config", config, "--older", "--yes", "31", make(31))
check_equal("--older leaves it", (done.returncode, installed()), (0, 31))
check_equal("and the next is newer again", (policy("install", make(32)).returncode, installed()), (0, 32))
check_equal("one from a stranger is refused still", truegate("policy", "install", "--config", config, "--older", "--yes", "5", make(5, "stranger")).returncode, 2)

# What cannot be read is an error, not the absence of a bound.
policy("rollback")
(store / "newest").write_text("32 or so")
done = policy("install", make(32))
check("an unreadable 'newest' is an error", done.returncode == 2 and b"newest: is not a version number" in done.stderr, done.stderr)
(store / "newest").write_text("32\n")
refused("what a hand wrote there counts", make(32), "was installed before", stays=31)
(store / "newest").unlink()

# Pipes are not waited for; a daemon that was taken over cannot steer root's terminal.
os.mkfifo(folder / "pipe.conf")
done = subprocess.run([TRUEGATE, "policy", "install", "--config", config, "--yes", "1", folder / "pipe.conf"], capture_output=True, timeout=20, check=False)
check("a pipe for a policy is refused at once", done.returncode == 2 and b"is a pipe or a device" in done.stderr, done.stderr)
os.mkfifo(folder / "status")
done = subprocess.run([TRUEGATE, "policy", "install", "--config", config, "--yes", "33", make(33)], capture_output=True, timeout=20, check=False)
check_equal("a pipe for a status is no daemon", (done.returncode, installed()), (0, 33))
(folder / "status").unlink()
with subprocess.Popen([sys.executable, "-c", REFUSING.replace("no such luck", "\\033]0;OWNED\\007\\033[2J"), folder / "status"], stdout=subprocess.PIPE) as daemon:
    daemon.stdout.readline()
    done = policy("install", make(34))
    check("what a daemon says is shown without escapes", b"OWNED" in done.stderr and b"\033" not in done.stderr and b"\007" not in done.stderr, done.stderr)
    daemon.kill()
(folder / "status").unlink()
shutil.rmtree(store)
policy("install", make(1)), policy("install", make(2))

# A folder of policies that another user can change: the daemon's, taken over, in its own folder.
victim, old_one = folder / "victim", make(1)
victim.write_text("mine")
if os.geteuid() == 0:
    (store / "refused.next").symlink_to(victim)
    os.chown(store, 65534, 65534)
    done = policy("install", old_one)
    check("a store of another user is not written to", done.returncode == 2 and b"writable by other users" in done.stderr, done.stderr)
    os.chown(store, 0, 0)
store.chmod(0o777)
check("nor one that others can write to", b"writable by other users" in policy("install", old_one).stderr)
store.chmod(0o755)
policy("install", old_one)
check_equal("what stands where a file is to be made is not followed", victim.read_text(), "mine")
store.rename(folder / "elsewhere")
store.symlink_to(folder / "elsewhere")
done = policy("install", make(3))
check("a link is no folder of policies", done.returncode == 2 and b"store: " in done.stderr, done.stderr)
store.unlink()

# A power cut, as a kill before each system call that changes something.
calls = "mkdir,mkdirat,openat,write,pwrite64,fchmod,fsync,rename,renameat,renameat2,symlinkat,unlinkat,flock"


def prepared(version):
    """A store with `version` in force, fresh; two installations make what is there to be removed."""
    shutil.rmtree(store, ignore_errors=True)
    for older in range(version - 5, version + 1):
        policy("install", folder / f"{older}-office/policy.conf")


def traced(command, *options):
    return subprocess.run(
        ["strace", "-qq", "-e", f"trace={calls}", "-o", folder / "trace", *options, TRUEGATE, "policy", *map(str, command)],
        capture_output=True, check=False, env={"PATH": "/usr/bin:/bin", "ASAN_OPTIONS": "detect_leaks=0"},
    )


for version in range(20, 28):
    make(version)
make_parts(28)
sanitized = b"__asan_init" in subprocess.run(["nm", "-D", TRUEGATE], capture_output=True, check=True).stdout
for name, command, before, after in (
    ("install", ("install", "--config", config, "--yes", "28", parts / "policy.conf"), 27, 28),
    ("rollback", ("rollback", "--config", config), 27, 26),
):
    prepared(27)
    traced(command)
    trace = (folder / "trace").read_text().splitlines()
    first = next(i for i, line in enumerate(trace) if str(store) in line)
    counted, points = {}, []
    for i, line in enumerate(trace):
        call = line.split("(")[0]
        counted[call] = counted.get(call, 0) + 1
        if i >= first:
            points.append((call, counted[call], line))
    renames = [i for i, line in enumerate(trace) if line.startswith("renameat(")]
    synced = [any(l.startswith("fsync") for l in trace[a + 1 : b]) for a, b in zip([first, *renames], [*renames, len(trace)])]
    check(f"{name}: what is renamed is on the disk before, and the name after", renames and all(synced), trace[first:])
    bad, seen = [], set()
    for call, number, _ in points[:: 4 if sanitized else 1]:
        prepared(27)
        done = traced(command, "-e", f"inject={call}:signal=SIGKILL:when={number}")
        try:
            left = installed()
            again = policy("install", parts / "policy.conf").returncode
            if left not in (before, after) or again != 0 or installed() != 28:
                bad.append((call, number, left, again))
            seen.add(left)
        except (subprocess.CalledProcessError, AttributeError) as error:
            bad.append((call, number, error))
    print(f"# {name}: killed before each of {len(points)} calls")
    bad_errors = []
    for call, number, line in points[:: 4 if sanitized else 1]:
        if line.startswith("write(1,") or line.startswith("write(2,"):
            continue  # what is said, not what is done
        prepared(27)
        done = traced(command, "-e", f"inject={call}:error=EIO:when={number}")
        left = installed()
        if (done.returncode, left) not in ((2, before), (0, after)) or done.returncode == 2 and not done.stderr or b"version 28 stays" in done.stderr:
            bad_errors.append((line, done.returncode, left, done.stderr))
    check(f"{name}: whichever call fails, an error leaves what was in force, and says so", not bad_errors, bad_errors)
    check(f"{name}: wherever it is cut off, one whole policy is in force, and the next can be installed", not bad, bad)
    check(f"{name}: it was cut off both before and after it counted", sanitized or seen == {before, after}, seen)
end()
