#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documents say is so: README's first screen, its examples, links, and the tables of figures."""

import os
import re
import subprocess

from program import ROOT, TRUEGATE, check, check_equal, end, folder, truegate

FIRST_SCREEN = 30  # lines
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(text):
    """The fenced blocks of a document."""
    return re.findall(r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def anchors(document):
    """What a link may name of a document: its headings, as they are turned into anchors."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_first_screen():
    first = "\n".join(README.splitlines()[:FIRST_SCREEN])
    commands = re.findall(r"^\./run \w+", blocks(README)[0], re.MULTILINE)
    check_equal("README's two commands", commands, ["./run demo", "./run test"])
    check("README states the scope in its first screen", "## Scope" in first)
    for promise in ("no list of names to flag, no category, no keyword rule", "Nobody is only refused", "The office has the last word",
                    "A token belongs to its site", "Host names only", "No client address", "leaves no trace", "no forwarding of events",
                    "can object", "GPL-3.0-or-later"):
        check(f"README's first screen: {promise}", promise in first, first)


def check_examples():
    """Each "$ truegate ..." in a document prints what stands below it."""
    examples = 0
    for document in DOCUMENTS:
        for block in blocks(document.read_text(encoding="utf-8")):
            for command, shown in re.findall(r"^\$ truegate (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
                done = subprocess.run([TRUEGATE, *command.split()], cwd=ROOT, check=False,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                examples += 1
                # A terminal shows both; which line comes first is not the same where there is none.
                check_equal(f"{document.name}: truegate {command}", sorted(done.stdout.decode().splitlines()),
                            sorted(shown.splitlines()))
    check("there are examples", examples >= 2)


def check_policies():
    """Each policy in a document is one."""
    policies = [block for document in DOCUMENTS for block in blocks(document.read_text(encoding="utf-8"))
                if re.match(r"version = \d+;", block)]
    check("there are policies", len(policies) >= 1)
    for number, text in enumerate(policies):
        path = folder / f"document-{number}.conf"
        path.write_text(text, encoding="utf-8")
        done = truegate("policy", "check", path)
        check_equal(f"the documents' policy {number} is accepted", done.returncode, 0)


def check_links():
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            to = document.parent / path if path else document
            good = to.exists() and (not anchor or anchor in anchors(to))
            check(f"{document.name} links to {target}", good)


def check_named_files():
    """What documents name of the tree is there."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for name in sorted(set(re.findall(r"`((?:daemon|dpi|docs|packaging|policy|systemd|tests)/[\w./-]+?)`", text))):
            there = (ROOT / name).exists() or any(ROOT.glob(name + ".[ch]"))
            check(f"{document.name}: {name} is there", there)


def check_tables():
    """Every table that a program makes holds figures."""
    tables = 0
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for name, body in re.findall(r"^<!-- ([a-z-]+) -->\n(.*?)^<!-- /\1 -->$", text, re.DOTALL | re.MULTILINE):
            tables += 1
            check(f"{document.name}: the table '{name}' holds figures", len(body.splitlines()) > 2)
    check("there are tables", tables >= 10)


def check_commands():
    """What documents run by ./run is a command of it."""
    commands = {"help"} | set(re.findall(r"^  (\w+) ", subprocess.run([ROOT / "run", "help"], stdout=subprocess.PIPE, check=True,
                                                           text=True).stdout, re.MULTILINE))
    for document in DOCUMENTS:
        for command in sorted(set(re.findall(r"`?\./run ([a-z]+)", document.read_text(encoding="utf-8")))):
            check(f"{document.name}: ./run {command} is a command", command in commands)


def check_words():
    """Documents and messages say it as others do: must, only, skipped, is not a."""
    odd = re.compile(r"passed over|\banew\b|\bha[sv]e? to be\b|(?<![Tt]here) is no [a-z]")
    shown = [(path.name, path.read_text(encoding="utf-8")) for path in [*DOCUMENTS, *sorted((ROOT / "docs").glob("*.[158]"))]]
    for path in sorted(path for room in ("daemon", "dpi", "policy") for path in (ROOT / room).rglob("*.c")):
        code = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        shown.append((path.name, "\n".join(re.findall(r'"(?:[^"\\\n]|\\.)*"', code))))
    for name, text in shown:
        found = [match.group() for match in odd.finditer(re.sub(r"<!--.*?-->", "", text))]
        check(f"{name} says it as others do", not found, found)


os.chdir(ROOT)
check_first_screen()
check_words()
check_examples()
check_policies()
check_links()
check_named_files()
check_tables()
check_commands()
end()
