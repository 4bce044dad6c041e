#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of an event log: table, totals, times, hostile lines; and the mail for a takedown."""

import email
import email.policy
import gzip
import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser

from program import TRUEGATE, check, check_equal, each_allocation_fails, end, folder, truegate

BASE = {
    "name": "vietc0mbank.top", "imitates": "vietcombank.com.vn", "site": "Vietcombank", "technique": "homoglyph",
    "confidence": "high", "action": "block", "why": "0 stands for o", "via": "http", "date": "2026-11-23",
    "devices": "5-9", "count": 12, "examples": [], "addresses": ["198.51.100.9"],
}
log = folder / "events.jsonl"


def event(**changed):
    return json.dumps({**BASE, **changed}, ensure_ascii=False)


def write(*lines):
    log.write_text("".join(f"{line}\n" for line in lines))


def report(*arguments, **more):
    return truegate("report", "--log", log, *arguments, **more)


def rows(done):
    """The table's rows about fakes, split at two spaces and more."""
    lines = done.stdout.decode().split("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines if not line.startswith(" ")]


write(
    event(), event(count=5, devices="10+", addresses=["2001:DB8::9", "198.51.100.9"], via="dns", examples=["*.vcb.vietc0mbank.top"]),
    event(date="2026-11-24", count=1, devices="1-4", why="later"),
    event(name="faceboook.com", imitates="facebook.com", site="Facebook", technique="typo", confidence="medium",
          action="warn", via="dns", count=3, addresses=[], date="2026-11-20"),
    event(name="xn--vetcombank-x2i.com", count=2, via="dns", addresses=[]),
)
done = report()
check_equal("something was found", done.returncode, 1)
check_equal("one row a fake, those of most days first", [row[0] for row in rows(done)],
            ["vietc0mbank.top", "faceboook.com", "xn--vetcombank-x2i.com"])
check_equal("lines of a fake are added up", rows(done)[0],
            ["vietc0mbank.top", "vietcombank.com.vn", "homoglyph", "high", "block", "2", "10+", "2026-11-23", "2026-11-24"])
text = done.stdout.decode()
check("its addresses stand below, each once", "    at 198.51.100.9 2001:db8::9\n" in text, text)
check("so do names under it", "    such as *.vcb.vietc0mbank.top\n" in text, text)
check("what an IDN displays as stands below", "    displays as vіetcombank.com\n" in text, text)
check("what the devices are is said", "Devices: the largest band of a day" in text, text)
check("totals by site", "    2      3  Vietcombank\n    1      1  Facebook\n" in text, text)
check("totals by technique", "    2      3  homoglyph\n    1      1  typo\n" in text, text)
check_equal("since a day", [row[0] for row in rows(report("--since", "2026-11-21"))], ["vietc0mbank.top", "xn--vetcombank-x2i.com"])
check_equal("until a day", [row[5] for row in rows(report("--since", "2026-11-21", "--until", "2026-11-24"))], ["1", "1"])
check_equal("nothing in this time", report("--since", "2030-01-01").returncode, 0)
check_equal("from standard input", truegate("report", "--log", "-", stdin=log.read_bytes()).stdout, done.stdout)
check_equal("from standard input, compressed", truegate("report", "--log", "-", stdin=gzip.compress(log.read_bytes())).stdout, done.stdout)
check_equal("several logs", [row[0] for row in rows(report("--log", log))], [row[0] for row in rows(done)])
config = folder / "truegate.conf"
config.write_text(f'events = "{log}";')
check_equal("the daemon's log", truegate("report", "--config", config).stdout, done.stdout)

# What is no time, no file, no option.
for wrong in (["--since", "yesterday"], ["--since", "7"], ["--until", "2026-13-01"], ["--log", folder / "none"], ["--frob"],
              ["more"], ["--since", "99999999999999999999d"], ["--since", "36h"], ["--language", "fr"], ["--since", "2026-02-31"],
              ["--takedown", ""], ["--takedown", "."], ["--config", folder / "none.conf"]):
    arguments = wrong if wrong[0] in ("--log", "--config") else ["--log", log, *wrong]
    done = truegate("report", *arguments)
    check(f"{wrong[0]} {str(wrong[-1])[-12:]} is an error with a message", done.returncode == 2 and done.stderr, done)

# Lines that are no events.
bad = [
    "{", "[]", "null", "{}", '{"name":"half', event()[:-1], event(count=0), event(count=-1), event(count=1.5),
    event(count="12"), event(count=1e300), event(name=""), event(name="a b"), event(name="a\nb"), event(name="ngân.vn"),
    event(name="x" * 5000), event(technique="magic"), event(confidence="sure"), event(action="delete"), event(via="smtp"),
    event(devices="3"), event(date="2026-11-23 22:00"), event(date="2026-11-31"), event(date="2026-11-23 "), event(examples=["a"] * 5),
    event(examples=["\x1b"]),
    event(addresses="198.51.100.9"), event(addresses=["here"]), event(addresses=["1.2.3.4"] * 9), event(site=None),
    event(site="x" * 300), "x" * 70000, "\0" * 20, "[" * 5000,
]
write(*bad, event())
done = report()
check_equal("each bad line is counted", done.stderr.decode().strip().split(": ", 1)[1], f"{len(bad)} lines skipped: not events")
check_equal("the good one is read", [row[0] for row in rows(done)], ["vietc0mbank.top"])
write(event(site="\x1b[31mBank\u202e\x07", why="\x1b]0;x"))
check("nothing can steer the terminal", not set(b"\x1b\x07") & set(report().stdout) and "\u202e" not in report().stdout.decode())
write(*(event(name=f"n{i}.example") for i in range(20010)))
done = report()
check("too many fakes are counted and left out", b"10 events left out" in done.stderr, done.stderr)
check_equal("the rest is shown", len(rows(done)), 20000)

# A page.
page = folder / "report.html"


class Page(HTMLParser):
    """Text and tags; what asks for anything from elsewhere, or runs, is noted."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.foreign = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        names = {name for name, _ in attributes}
        if tag in ("script", "link", "img", "iframe", "a") or names & {"src", "href"} or any(n.startswith("on") for n in names):
            self.foreign.append((tag, attributes))

    def handle_data(self, data):
        self.words.append(data.strip())


def make_page(*arguments):
    done = report("--html", page, *arguments)
    check("a page is written and nothing else", done.returncode == 1 and not done.stdout and not done.stderr, done)
    text = page.read_text()
    return text, Page(text)


write(event(), event(name="a.top", site='<script>alert("1")</script>&', technique="typo", why="<b>", count=3))
text, shown = make_page()
check("it needs nothing from elsewhere and runs nothing", not shown.foreign and "url(" not in text and "@import" not in text, shown.foreign)
check("texts are escaped", '<script>alert("1")</script>&' in shown.words and "<script" not in text)
check_equal("a bar for each day", shown.tags.count("rect"), 1)
check("both fakes are there", {"vietc0mbank.top", "a.top"} <= set(shown.words))
check("and the sums", {"fakes", "days with fakes", "sites imitated"} <= set(shown.words), shown.words)
check_equal("its mode", oct(page.stat().st_mode & 0o777), "0o640")
write(event(date="2026-01-01"), event(date="2026-01-05"))
check_equal("of some days, a bar for each", make_page()[1].tags.count("rect"), 5)
write(event(date="1970-01-01"), event(date="9999-12-31"))
check("of many years, bars enough", 60 <= make_page()[1].tags.count("rect") <= 120)
write(*(event(name=f"n{i}.top", site=f"Site {i:02}", date=f"2026-10-{day + 1:02}") for i in range(30) for day in range(i + 1)))
text, shown = make_page()
check("many sites are added up", "all others" in shown.words and "Site 29" in shown.words)
bars = [float(width) for width in re.findall(r"width:([0-9.]+)%", text.split("<h2>By site")[1].split("</table>")[0])]
check("no bar is longer than its place, and the rest has their scale", bars[-1] == 100 and bars[0] == 25.0, bars)
before = page.read_bytes()
check_equal("a folder that is not there", report("--html", folder / "none" / "r.html").returncode, 2)
check_equal("a page stays when there is nothing to say", (report("--html", page, "--since", "2030-01-01").returncode, page.read_bytes()), (0, before))
check_equal("page and takedown at once", report("--html", page, "--takedown", "a.top").returncode, 2)
check_equal("nothing is left beside it", sorted(path.name for path in folder.glob("report.html*")), ["report.html"])

# A page that cannot be written whole takes no other's place, nor what stands beside it.
victim = folder / "victim"
victim.write_text("mine")
os.symlink(victim, folder / "report.html.new")
make_page()
check("what has a name like its own stays", (folder / "report.html.new").is_symlink() and victim.read_text() == "mine")
(folder / "report.html.new").unlink()
before = page.read_bytes()
write(*(event(name=f"n{i}.top") for i in range(100)))
if shutil.which("strace"):
    for number in range(1, 5):
        done = subprocess.run(
            ["strace", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e", f"inject=write:error=ENOSPC:when={number}", TRUEGATE,
             "report", "--log", log, "--html", page], env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}, capture_output=True, check=False)
        check(f"a full disk at write {number}", done.returncode == 2 and page.read_bytes() == before, done)
    check_equal("and leaves nothing beside it", sorted(path.name for path in folder.glob("report.html*")), ["report.html"])

# Rotated logs, compressed ones.
usual = folder / "usual.conf"
usual.write_text(f'events = "{folder}/office.jsonl";\n')
(folder / "office.jsonl").write_text(event() + "\n")
(folder / "office.jsonl.1").write_text(event(name="older.top") + "\n")
(folder / "office.jsonl.2.gz").write_bytes(gzip.compress((event(name="oldest.top") + "\n").encode()))
(folder / "office.jsonl.4.gz").write_bytes(gzip.compress((event(name="gap.top") + "\n").encode()))
done = truegate("report", "--config", usual)
check_equal("the daemon's logs are read, rotated ones too", sorted(row[0] for row in rows(done)), ["older.top", "oldest.top", "vietc0mbank.top"])
check_equal("a compressed one can be named", [row[0] for row in rows(truegate("report", "--log", folder / "office.jsonl.2.gz"))], ["oldest.top"])
cut = folder / "cut.gz"
cut.write_bytes(gzip.compress("".join(event(name=f"n{i}.top") + "\n" for i in range(3000)).encode())[:-20])
done = truegate("report", "--log", cut)
check("one that was cut is said to be", done.returncode == 2 and b"cannot read" in done.stderr, done)
log.write_bytes(os.urandom(4000))
done = report()
check("what is no log is no empty one", done.returncode == 2 and b"not an event log" in done.stderr, done)

# What share of names is seen.
covered = [json.dumps({"date": f"2026-11-{day}", "coverage": {"dns": dns, "http": 2, "tls": 20, "quic": 3, "doh": 75 - dns, "dot": 0, "vpn": 0, "nameless": 0}}) for day, dns in ((22, 70), (23, 60))]
write(event(), *covered, json.dumps({"date": "2026-11-23", "coverage": {"dns": 101}}))
done = report()
check("the report has the mean", b"dns 65%, http 2%, tls 20%, quic 3%, doh 10%, dot 0%, vpn 0%, nameless 0% (mean of 2 days)" in done.stdout, done.stdout)
check("what is none is skipped", b"1 lines skipped" in done.stderr, done.stderr)
check("of the days asked for", b"dns 60%" in report("--since", "2026-11-23").stdout)
write(event(), *covered)
check("the page has it too", "What Truegate sees" in make_page()[0])

# A takedown.
write(event(name="b\\255c.top"))
check_equal("a name as the table shows it", report("--takedown", "b\\255c.top").returncode, 1)
write(event(), event(date="2026-11-24", count=5, devices="10+", addresses=["2001:db8::9"], examples=["*.vcb.vietc0mbank.top"]),
      event(name="secret-other.top", count=999, addresses=["203.0.113.77"], site="Other"))
done = report("--takedown", "VietC0mbank.top.")
check_equal("it is written", done.returncode, 1)
mail = email.message_from_bytes(done.stdout, policy=email.policy.default)
check_equal("as RFC 5965 has it", (mail.get_content_type(), mail["content-type"].params["report-type"], mail.defects),
            ("multipart/report", "feedback-report", ()) if isinstance(mail.defects, tuple) else ("multipart/report", "feedback-report", []))
parts = list(mail.iter_parts())
check_equal("in three parts", [part.get_content_type() for part in parts],
            ["text/plain", "message/feedback-report", "application/json"])
fields = email.message_from_bytes(done.stdout.split(b"message/feedback-report\n\n")[1].split(b"\n\n")[0])
check_equal("with the fields", dict(fields.items()), {
    "Feedback-Type": "xarf", "User-Agent": fields["User-Agent"], "Version": "1",
    "Arrival-Date": "Tue, 24 Nov 2026 00:00:00 +0000", "Incidents": "17", "Reported-Domain": "vietc0mbank.top",
    "Reported-URI": "http://vietc0mbank.top/", "Source-IP": "198.51.100.9"})
check("and a user agent", fields["User-Agent"].startswith("Truegate/"))


def xarf(mail):
    """The X-ARF report of a mail, and whether it has what schemas/3 of X-ARF asks of type Phishing."""
    part = list(mail.iter_parts())[2]
    report = json.loads(part.get_content())
    who, what = report["ReporterInfo"], report["Report"]
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    whole = (
        part.get_filename() == "xarf.json" and report["Version"] == "3" and report["Disclosure"] is True
        and set(who) == {"ReporterOrg", "ReporterOrgDomain", "ReporterOrgEmail"} and "@" in who["ReporterOrgEmail"]
        and (what["ReportClass"], what["ReportType"]) == ("Content", "Phishing")
        and re.fullmatch(moment, what["Date"]) and re.fullmatch(moment, what["FirstSeen"])
        and re.fullmatch(r"http://[!-~]+/", what["SourceUrl"]) and "\\" not in what["SourceUrl"]
        and all(isinstance(value, (str, int)) for value in what["Custom"].values())
        and all({"ContentType", "Payload"} <= set(sample) for sample in what["Samples"]) and what["Samples"]
    )
    return what, bool(whole)


def report_who(mail):
    return json.loads(list(mail.iter_parts())[2].get_content())["ReporterInfo"]


what, whole = xarf(mail)
check("and the report as X-ARF has it", whole, what)
check_equal("with the evidence", (what["SourceIp"], what["Custom"]["Addresses"], what["Custom"]["Sightings"], what["FirstSeen"], what["Date"]),
            ("198.51.100.9", "198.51.100.9 2001:db8::9", 17, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"))
check_equal("and the days", what["Samples"][0]["Payload"], "date\r\n2026-11-23\r\n2026-11-24\r\n")
both = parts[0].get_content()
english = email.message_from_bytes(report("--takedown", "vietc0mbank.top", "--language", "en").stdout, policy=email.policy.default)
vietnamese = email.message_from_bytes(report("--takedown", "vietc0mbank.top", "--language", "vi").stdout, policy=email.policy.default)
english, vietnamese = (next(mail.iter_parts()).get_content().strip() for mail in (english, vietnamese))
check("in English and Vietnamese, or in one of them", english in both and vietnamese in both and "Please investigate" in english
      and "Please" not in vietnamese and "Kính đề nghị" in vietnamese and "Kính" not in english, both)
check("each with the evidence", all(part in text for text in (english, vietnamese) for part in (
    "vietc0mbank.top", "vietcombank.com.vn", "*.vcb.vietc0mbank.top", "198.51.100.9", "2001:db8::9", "2026-11-23", "2026-11-24")))
everything = done.stdout + json.dumps(what).encode()
check("nothing of devices", not any(word in everything for word in (b"devices", b"10+", b"5-9")), done.stdout)
check("nothing of other fakes", not any(word in everything for word in (b"secret", b"203.0.113", b"Other", b"999")))
check("what is to be filled in is marked", done.stdout.count(b"FILL-IN") == 2 and json.dumps(report_who(mail)).count("FILL-IN") == 3)
write(event(via="dns", addresses=[]))
done = report("--takedown", "vietc0mbank.top")
check("without an address there is none", b"Source-IP" not in done.stdout and b"Reported-URI" not in done.stdout)
# The longest name there is, of octets that no mail can have.
longest = ".".join(["\\255" * 63] * 3 + ["\\200" * 61])
write(event(name=longest), event(name="xn--vetcombank-x2i.com"))
done = report("--takedown", longest)
mail = email.message_from_bytes(done.stdout, policy=email.policy.default)
check("a name of any length makes a mail", done.returncode == 1 and not mail.defects and xarf(mail)[1], done)
check("whose lines are no longer than a mail's", max(map(len, done.stdout.splitlines())) <= 998)
check_equal("and a URL of it", xarf(mail)[0]["SourceUrl"], "http://" + ".".join(["%FF" * 63] * 3 + ["%C8" * 61]) + "/")
check_equal("an IDN is there as it is displayed", xarf(email.message_from_bytes(
    report("--takedown", "xn--vetcombank-x2i.com").stdout, policy=email.policy.default))[0]["Custom"]["NameDisplaysAs"], "vіetcombank.com")
# Memory is short: what is written is whole, or is said not to be.
write(event(), event(name="a.top", site="Other", date="2026-11-24"))
for name, options in (("table", []), ("takedown", ["--takedown", "vietc0mbank.top"])):
    runs = [(done.returncode, re.sub(rb"(?m)^Date: .*", b"", done.stdout), done.stderr)
            for done in each_allocation_fails("report", "--log", log, *options)]
    bad = [run for run in runs if run[0] not in (1, 2) or not run[2] and run != runs[0]]
    check(f"{name}: without memory it is whole, or says that it is not", not bad, bad[:3])
check_equal("a name that is no fake of the log", report("--takedown", "vietcombank.com.vn").returncode, 2)
end()
