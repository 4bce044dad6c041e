#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets system calls and allocations of `truegate run` fail, one at a time, in an office that
tests/e2e/test_live_faults.sh has built; says what became of each. faults.py all|quick

After each fault the daemon either serves or has stopped with status 2 and a message that says why,
and names are answered through the gateway. Never a crash, a hang, or an end without a word."""

import collections
import mmap
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OFFICE = Path(os.environ["OFFICE_DIR"])
DEVICE, GATEWAY = os.environ["DEVICE"], os.environ["GATEWAY"]
TRUEGATE = os.environ["TRUEGATE"]
PRELOAD = Path(TRUEGATE).parents[1] / "tests/faults/libfail_nth.so"
EVERY = sys.argv[1] == "all"

# What each call can fail with where it matters. Left out is what cannot fail so on Linux: reading
# clocks, masks and ids, futexes, unmapping.
ERRORS = {
    "accept4": ["EMFILE"],
    "access": ["EACCES"],
    "bind": ["EADDRINUSE", "EPERM"],
    "capset": ["EPERM"],
    "chmod": ["EPERM"],
    "clone3": ["EAGAIN"],
    "clone": ["EAGAIN"],
    "eventfd2": ["EMFILE"],
    "fcntl": ["EAGAIN"],
    "fsync": ["EIO"],
    "ftruncate": ["EIO"],
    "getsockopt": ["ENOPROTOOPT"],
    "listen": ["EADDRINUSE"],
    "lseek": ["EIO"],
    "memfd_create": ["EMFILE"],
    "mmap": ["ENOMEM"],
    "mprotect": ["ENOMEM"],
    "mremap": ["ENOMEM"],
    "newfstatat": ["EIO"],
    "openat": ["EMFILE", "EACCES"],
    "poll": ["EINTR"],
    "ppoll": ["EINTR"],
    "prctl": ["EPERM"],
    "pread64": ["EIO"],
    "prlimit64": ["EPERM"],
    "pwrite64": ["ENOSPC"],
    "read": ["EIO", "EINTR"],
    "readlink": ["EACCES"],
    "recvfrom": ["EINTR"],
    "recvmmsg": ["ENOBUFS", "EINTR"],
    "recvmsg": ["ENOBUFS", "EINTR"],
    "rt_sigtimedwait": ["EINTR"],
    "seccomp": ["EINVAL"],
    "sendmsg": ["ENOBUFS"],
    "sendto": ["ENOBUFS", "EINTR"],
    "setgroups": ["EPERM"],
    "setresgid": ["EAGAIN"],
    "setresuid": ["EAGAIN"],
    "setsockopt": ["EPERM"],
    "socket": ["EMFILE", "EACCES"],
    "write": ["ENOSPC", "EINTR"],
    "writev": ["ENOSPC"],
}
LEAK = re.compile(rb"192\.0\.2|2001:db8:1|honest")
OUTCOMES = WENT_ON, STOPPED, CRASHED, WRONG = (
    "went on", "stopped with a message", "a library crashed, and it was said", "went wrong")
outcomes = collections.Counter()  # of the faults since the last report
some_went_wrong = False


def in_gateway(*command):
    return ["ip", "netns", "exec", GATEWAY, *map(str, command)]


def answer(name):
    """How a name that a device asks for is answered; asked twice as clients do."""
    done = subprocess.run(
        ["ip", "netns", "exec", DEVICE, "dig", "+tries=3", "+time=1", "@198.51.100.53", name],
        stdout=subprocess.PIPE, check=False)
    found = re.search(rb"status: ([A-Z]+)", done.stdout)
    return found.group(1).decode() if found else "nothing"


class Daemon:
    """One run of it, perhaps under strace."""

    def __init__(self, before=(), env=None):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            in_gateway(*before, TRUEGATE, "run", "--config", OFFICE / "truegate.conf"),
            stdout=self.log, stderr=self.log, env={**os.environ, **(env or {})})

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def serves(self, seconds=20):
        """Waits until it does, or has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if b"is in force" in self.said():
                return True
            time.sleep(0.01)
        # It may have been that message which could not be written.
        return self.process.poll() is None and answer("vietc0mbank.top") == "NXDOMAIN"

    def pid(self):
        """Of truegate itself, which may be a child of strace."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0]) if children else self.process.pid

    def stop(self):
        if self.process.poll() is None:
            try:
                os.kill(self.pid(), signal.SIGTERM)
            except ProcessLookupError:
                pass
        try:
            return self.process.wait(8)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return "hangs"


def judge(name, daemon, serves, allocation=False):
    """What became of it, once it was let serve and stop. libconfig does not always look whether it got the
    memory it asked for: there, and there alone, the end may be a signal, with a word about it."""
    honest = answer("www.honest-name.example")
    fake = answer("vietc0mbank.top") if serves else None
    # What fails may be what sends an answer to a device: then the question passes, which is counted.
    fake_again = answer("vietc0mbank.top") if fake == "NOERROR" else None
    status = daemon.stop()
    said = daemon.said()
    if serves:
        caught = fake == "NXDOMAIN" or (fake_again == "NXDOMAIN" and b": 1 could not be answered" in said)
        good = honest == "NOERROR" and caught and status == 0
        outcome = WENT_ON
    else:
        good = honest == "NOERROR" and status == 2 and re.search(rb"^truegate: .|^/\S+: .", said, re.M)
        outcome = STOPPED
        if allocation and status in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGALRM) and b"truegate: crashed" in said:
            good, outcome = honest == "NOERROR", CRASHED
    good = good and not LEAK.search(said) and b"Sanitizer" not in said
    outcomes[outcome if good else WRONG] += 1
    if not good:
        print(f"    {name}: serves {serves}, honest {honest}, fake {fake} {fake_again}, status {status}, said {said[-400:]!r}", flush=True)


def report(name):
    """One check, and one row of a table in docs/, of the faults since the last one."""
    global some_went_wrong
    count, wrong = outcomes.total(), outcomes[WRONG]
    some_went_wrong |= wrong > 0
    print(f"{'ok' if not wrong and count else 'not ok'} {name}: {count} faults, {wrong} went wrong", flush=True)
    print(f"#| faults | {name} | {count} | {' | '.join(str(outcomes[outcome]) for outcome in OUTCOMES)}", flush=True)
    outcomes.clear()


def sample(points, least):
    """All of them, or a few spread over them."""
    return points if EVERY else points[:: max(1, len(points) // least)]


# ---- while it starts: system calls

trace = OFFICE / "trace"
daemon = Daemon(["strace", "-f", "-qq", "-o", trace, "-e", "trace=" + ",".join(ERRORS)])
assert daemon.serves(), daemon.said()
lines = [re.match(r"(\d+) +([a-z0-9_]+)\(", line) for line in trace.read_text().splitlines()]
text = trace.read_text().splitlines()
daemon.stop()
first = next(i for i, line in enumerate(text) if "truegate.conf" in line and "execve" not in line)
# strace counts each thread's calls by themselves. Those of other threads that bear the number of one
# the loader makes are left to the part below.
counted, loading = collections.Counter(), collections.Counter()
points = []
for i, match in enumerate(lines):
    if match is None:
        continue
    counted[match[1], match[2]] += 1
    point = (match[2], counted[match[1], match[2]])
    if i < first:
        loading[match[2]] = point[1]
    elif point[1] > loading[match[2]] and point not in points:
        points.append(point)
chosen = sample([(call, error, number) for call, number in points for error in ERRORS[call]], 40)
for call, error, number in chosen:
    name = f"{call} {number} fails with {error}"
    daemon = Daemon(["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                     "-e", f"inject={call}:error={error}:when={number}"])
    judge(name, daemon, daemon.serves())
report("system calls, while it starts")

# ---- while it starts: allocations

control_path = OFFICE / "control"
control_path.write_bytes(bytes(24))
with open(control_path, "r+b") as file:
    control = mmap.mmap(file.fileno(), 24)
rounds = 0
preload = {"LD_PRELOAD": str(PRELOAD), "FAIL_CONTROL": str(control_path)}


def counter():
    return struct.unpack_from("<Q", control)[0]


def begin(fails):
    """Counts anew; lets one fail."""
    global rounds
    rounds += 1
    struct.pack_into("<QQQ", control, 0, 0, fails, rounds)


if PRELOAD.exists():
    # `ip` allocates as well, before it becomes truegate: the program is preloaded, not `ip`.
    def start(fails):
        begin(fails)
        return Daemon(["env", *(f"{name}={value}" for name, value in preload.items())])

    daemon = start(0)
    assert daemon.serves(), daemon.said()
    total = counter()
    daemon.stop()
    for number in sample(range(1, total + 1), 30):
        daemon = start(number)
        judge(f"allocation {number} of {total}", daemon, daemon.serves(), True)
    report(f"allocations, while it starts ({total} ways there are)")

    # The same of a policy alone, which is quick enough for each of its allocations.
    def check_policy(fails):
        begin(fails)
        return subprocess.run([TRUEGATE, "policy", "check", OFFICE / "policy.conf"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env={**os.environ, **preload}, check=False)

    assert check_policy(0).returncode == 0
    total = counter()
    for number in sample(range(1, total + 1), 60):
        done = check_policy(number)
        if done.returncode == 0 or (done.returncode == 2 and done.stderr):
            outcomes[WENT_ON if done.returncode == 0 else STOPPED] += 1
        elif done.returncode == -signal.SIGSEGV and b"truegate: crashed" in done.stderr:
            outcomes[CRASHED] += 1
        else:
            outcomes[WRONG] += 1
            print(f"    allocation {number} of reading a policy: {done}", flush=True)
    report(f"allocations, reading a policy ({total} ways there are)")

# ---- while it serves


def work(daemon):
    """Names of both kinds, a page, events that have to be written, a new policy."""
    names = [f"a{i}-login.vietc0mbank.top" for i in range(20)] + ["www.honest-name.example"]
    batch = OFFICE / "batch"
    batch.write_text("".join(f"@198.51.100.53 {name} +tries=1 +time=1\n" for name in names))
    subprocess.run(["ip", "netns", "exec", DEVICE, "dig", "-f", batch], stdout=subprocess.DEVNULL, check=False)
    subprocess.run(["ip", "netns", "exec", DEVICE, "curl", "-s", "-m", "1", "-H", "Host: vietc0mbank.top", "http://198.51.100.80/"],
                   stdout=subprocess.DEVNULL, check=False)
    subprocess.run(in_gateway("curl", "-s", "-m", "2", "http://127.0.0.1:9469/metrics"), stdout=subprocess.DEVNULL, check=False)
    if daemon.process.poll() is None:
        said = len(daemon.said())
        os.kill(daemon.pid(), signal.SIGHUP)
        end = time.monotonic() + 5
        while time.monotonic() < end and daemon.process.poll() is None:
            if re.search(rb"in force", daemon.said()[said:]):
                return
            time.sleep(0.01)


def attach(daemon, *options):
    tracer = subprocess.Popen(["strace", "-f", "-qq", "-p", str(daemon.pid()), *options],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.15)
    return tracer


def detach(tracer):
    tracer.send_signal(signal.SIGINT)
    tracer.wait()


daemon = Daemon()
assert daemon.serves(), daemon.said()
tracer = attach(daemon, "-o", trace)
work(daemon)
detach(tracer)
daemon.stop()
calls = collections.Counter()
for line in trace.read_text().splitlines():
    match = re.match(r"\d+ +([a-z0-9_]+)\(", line)
    if match:
        calls[match[1]] += 1
unknown = set(calls) - set(ERRORS)
chosen = sample([(call, error, number) for call in sorted(set(calls) & set(ERRORS)) for error in ERRORS[call]
                 for number in ((1, 2, 5, 20) if EVERY else (2,)) if number <= calls[call]], 14)
# From the first on, each fails: the log's, standard error's, those that wake workers.
chosen.append(("write", "ENOSPC", "1+"))
for call, error, number in chosen:
    daemon = Daemon()
    assert daemon.serves(), daemon.said()
    tracer = attach(daemon, "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={number}")
    work(daemon)
    detach(tracer)
    name = f"{call} {number} fails with {error} while it serves"
    judge(name, daemon, daemon.process.poll() is None)
report("system calls, while it serves")
print(f"# calls not made to fail: {' '.join(sorted(unknown))}")

if PRELOAD.exists():
    daemon = start(0)
    assert daemon.serves(), daemon.said()
    begin(0)
    work(daemon)
    total = counter()
    for number in sample(range(1, total + 1), 15):
        begin(number)
        work(daemon)
        begin(0)
        if daemon.process.poll() is None and answer("www.honest-name.example") == "NOERROR" and answer("vietc0mbank.top") == "NXDOMAIN":
            outcomes[WENT_ON] += 1
            continue
        judge(f"allocation {number} while it serves", daemon, False, True)
        daemon = start(0)
        assert daemon.serves(), daemon.said()
    judge("after them all", daemon, True)
    report(f"allocations, while it serves ({total} ways, in a reload and a page)")
sys.exit(1 if some_went_wrong else 0)
