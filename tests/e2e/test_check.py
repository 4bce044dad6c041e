#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`truegate check` and `truegate policy check`, as a user runs them."""

import json
import os
import pty
import subprocess
import threading

from program import TRUEGATE, check, check_equal, end, folder, policy, truegate

KEYS = ["name", "imitates", "site", "technique", "confidence", "action", "why"]


def names(*given, form="jsonl", **more):
    return truegate("check", "--policy", policy, "--format", form, *given, **more)


def lines(octets, form="jsonl"):
    return names("-", form=form, stdin=octets)


def findings(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def flagged(done):
    return [finding["name"] for finding in findings(done)]


def test_finding():
    done = names("vietc0mbank.top")
    check_equal(
        "a finding is the line that was promised",
        done.stdout,
        b'{"name":"vietc0mbank.top","imitates":"vietcombank.com.vn","site":"Vietcombank",'
        b'"technique":"homoglyph","confidence":"high","action":"block",'
        b'"why":"0 stands for o"}\n',
    )
    check_equal("something found: status 1", done.returncode, 1)
    check_equal("a finding leaves standard error empty", done.stderr, b"")
    done = names("nganhangvldu.vn")
    check_equal("keys and their order", list(findings(done)[0]), KEYS)
    check_equal("a site's name in UTF-8", findings(done)[0]["site"], "Ngân hàng (Ví dụ) & Co")


def test_nothing():
    done = names("vietcombank.com.vn", "www.vietcombank.com.vn.", "weather.example", "GOOGLE.com.vn")
    check_equal("nothing found: no output, status 0", (done.stdout, done.stderr, done.returncode), (b"", b"", 0))
    done = names("login.example", "xacthuc.top", "log-in-signin.example", "login-247.top", "vn-login.com")
    check_equal("a decoration alone never flags", (done.stdout, done.returncode), (b"", 0))
    check_equal("with a protected label it does", flagged(names("vietcombank-login.top")), ["vietcombank-login.top"])
    check_equal("an exception is kept", names("vietcombank-run.example").returncode, 0)


def test_text():
    done = names("vietc0mbank.top", "vіetcombank.com", form="text")
    check_equal(
        "text for people",
        done.stdout.decode(),
        "vietc0mbank.top imitates vietcombank.com.vn (Vietcombank)\n"
        "    block    high    homoglyph    0 stands for o\n"
        "xn--vetcombank-x2i.com (vіetcombank.com) imitates vietcombank.com.vn (Vietcombank)\n"
        "    block    high    homoglyph    і (U+0456) stands for i\n",
    )
    check_equal(
        "text is the default",
        truegate("check", "--policy", policy, "vietc0mbank.top").stdout,
        names("vietc0mbank.top", form="text").stdout,
    )


def on_terminal(env):
    """What check writes to a terminal."""
    master, slave = pty.openpty()
    got = []

    def read():
        try:
            while octets := os.read(master, 4096):
                got.append(octets)
        except OSError:
            pass

    reader = threading.Thread(target=read)
    reader.start()
    truegate("check", "--policy", policy, "vietc0mbank.top", stdout=slave, env=env)
    os.close(slave)
    reader.join()
    os.close(master)
    return b"".join(got)


def test_terminal():
    check("colours on a terminal", b"\x1b[1;31mblock" in on_terminal({"NO_COLOR": ""}))
    check("none with NO_COLOR", b"\x1b" not in on_terminal({"NO_COLOR": "1"}))
    check("none elsewhere", b"\x1b" not in names("vietc0mbank.top", form="text").stdout)
    hostile = ["vietc0mbank.top\x1b[2J", "\x1b]0;x\x07.vietc0mbank.top", "xn--a-qin.vietc0mbank.top", "\u202evietc0mbank.top"]
    for form in ("text", "jsonl"):
        done = lines("\n".join(hostile).encode(), form=form)
        shown = (done.stdout + done.stderr).decode()
        check(
            f"no control character gets out ({form})",
            not any(sign in shown for sign in "\x1b\x07\u202e\x9b"),
            shown,
        )


def test_lines():
    expected = ["vietc0mbank.top", "googgle.com"]
    text = b"vietc0mbank.top\nweather.example\ngooggle.com\n"
    check_equal("names from standard input", flagged(lines(text)), expected)
    check_equal("CR LF", flagged(lines(text.replace(b"\n", b"\r\n"))), expected)
    check_equal("no newline at the end", flagged(lines(text[:-1])), expected)
    check_equal("a byte order mark", flagged(lines(b"\xef\xbb\xbf" + text)), expected)
    check_equal("blanks and blank lines", flagged(lines(b"\n \n\t" + text.replace(b"\n", b" \t\n\n"))), expected)
    check_equal("upper case and a trailing dot", flagged(lines(b"VietC0mBank.TOP.\n")), ["vietc0mbank.top"])
    done = lines(b"")
    check_equal("an empty input", (done.stdout, done.stderr, done.returncode), (b"", b"", 0))
    many = lines(text * 50000)
    check_equal("100,000 findings", (len(many.stdout.splitlines()), many.returncode), (100000, 1))
    both = names("vietc0mbank.net", "-", "googgle.net", stdin=text)
    check_equal("names beside '-'", flagged(both), ["vietc0mbank.net", *expected, "googgle.net"])


def test_bad_lines():
    bad = [b"http://secret-name.example/", b"192.0.2.7", b"a..b", b"a" * 300, b"nul\0.example", b"\xff\xfe.example", b"x" * 200000]
    done = lines(b"\n".join(bad) + b"\nvietc0mbank.top\n")
    check_equal("lines that are no name are passed over", flagged(done), ["vietc0mbank.top"])
    check_equal("... and do not make it fail", done.returncode, 1)
    numbers = [number for number in range(1, 8) if b"line %d is" % number in done.stderr]
    check_equal("each has a note with its number", numbers, [1, 2, 3, 4, 5, 6, 7])
    check("... without the line", b"secret" not in done.stderr and b"192.0.2.7" not in done.stderr, done.stderr)
    done = lines(b"not a name\n" * 5000)
    check("many bad lines are counted, not listed", len(done.stderr.splitlines()) == 11 and b"5000 lines" in done.stderr, done.stderr)
    done = names("vietc0mbank.top", "http://x/", "googgle.com")
    check_equal("an argument that is no name is an error", done.returncode, 2)
    check_equal("... the others are checked", flagged(done), ["vietc0mbank.top", "googgle.com"])
    check("... and the message says what to give", b"argument 2 is not a host name" in done.stderr, done.stderr)


def test_help_everywhere():
    for command in (["check"], ["replay"], ["run"], ["report"], ["exempt"], ["established"], ["established", "import"], ["policy", "check"], ["policy", "diff"],
                    ["policy", "install"], ["policy", "rollback"], ["policy"], []):
        for option in ("-h", "--help"):
            done = truegate(*command, option)
            check_equal(f"{' '.join(command)} {option}", (done.returncode, done.stdout[:16], done.stderr), (0, b"usage: truegate " if command else b"usage: truegate ", b""))


def test_usage():
    for arguments, part in [
        ([], b"truegate --help"),
        (["chekc"], b"unknown command 'chekc'"),
        (["check"], b"give a name"),
        (["check", "--polcy", "x", "a.example"], b"'--polcy'"),
        (["check", "-x", "a.example"], b"'-x'"),
        (["check", "--policy"], b"needs a value"),
        (["check", "--format", "xml", "a.example"], b"use text or jsonl"),
        (["check", "--policy", "/nonexistent/p.conf", "a.example"], b"/nonexistent/p.conf: no such policy file"),
        (["check", "--policy", "/", "a.example"], b"/"),
        (["replay"], b"give one capture"),
        (["replay", "a.pcap", "b.pcap"], b"give one capture"),
        (["policy"], b"truegate policy --help"),
        (["policy", "check"], b"give one policy file"),
        (["policy", "check", "--catalogue=/", "-q", "x"], b"unknown option '-q'"),
        (["run", "--help=x"], b"option '--help' takes no value"),
    ]:
        done = truegate(*arguments)
        check(
            f"wrong usage is an error with advice: truegate {' '.join(arguments)}",
            done.returncode == 2 and done.stdout == b"" and part in done.stderr,
            done,
        )
    for arguments in (["--help"], ["check", "--help"], ["replay", "--help"], ["policy", "--help"], ["policy", "check", "--help"]):
        done = truegate(*arguments)
        check(f"truegate {' '.join(arguments)}", done.returncode == 0 and done.stdout.startswith(b"usage: truegate") and done.stderr == b"", done)
    done = truegate("--version")
    check("truegate --version", done.returncode == 0 and done.stdout.startswith(b"truegate "), done)


def test_policies():
    done = truegate("policy", "check", policy)
    check("a good policy", done.returncode == 0 and b"version 3, 5 protected sites" in done.stdout, done)
    text = policy.read_text()
    for name, wrong, part in [
        ("a list of names to flag", text + 'blocklist = [ "casino.example" ];\n', b"blocklist"),
        ("a token that is not its site's", text.replace('"vcb"', '"casino"'), b"casino"),
        ("a broken file", text + "sites = (", b"bad.conf:1"),
        ("a decoration that does not compile", text.replace('"log-?in"', '"log-("'), b"log-("),
        ("an empty file", "", b"bad.conf"),
    ]:
        bad = folder / "bad.conf"
        bad.write_text(wrong)
        for arguments in (["policy", "check", bad], ["check", "--policy", bad, "vietc0mbank.top"]):
            done = truegate(*arguments)
            check(
                f"{name} is refused whole ({arguments[0]})",
                done.returncode == 2 and done.stdout == b"" and part in done.stderr and b"bad.conf" in done.stderr,
                done,
            )


def test_output():
    with open("/dev/full", "wb") as full:
        done = names("vietc0mbank.top", stdout=full)
    check("a full disk: status 2, said once", done.returncode == 2 and done.stderr.count(b"No space left") == 1, done)
    with open("/dev/full", "wb") as full:
        done = names("-", stdin=b"vietc0mbank.top\n" * 100000, stdout=full)
    check("... also with much output", done.returncode == 2 and done.stderr.count(b"No space left") == 1, done)
    closed = subprocess.run(["sh", "-c", f'"$0" check --policy {policy} vietc0mbank.top >&-', TRUEGATE], capture_output=True)
    check("standard output closed: status 2", closed.returncode == 2 and b"Bad file descriptor" in closed.stderr, closed)
    closed = subprocess.run(["sh", "-c", f'"$0" check --policy {policy} - <&-', TRUEGATE], capture_output=True)
    check("standard input closed: status 2", closed.returncode == 2 and b"standard input" in closed.stderr, closed)
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = names("-", stdin=b"vietc0mbank.top\n" * 100000, stdout=write_end)
    os.close(write_end)
    check("a reader that went away: status 2, quietly", done.returncode == 2 and done.stderr == b"", done)


test_finding()
test_nothing()
test_text()
test_terminal()
test_lines()
test_bad_lines()
test_usage()
test_policies()
test_output()
end()
