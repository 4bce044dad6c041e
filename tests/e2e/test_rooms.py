#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rooms of the tree (docs/architecture.md): which folder may include which, no cycles between
them, and the licence's line in each file. Read from the sources; nothing is run."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("dpi", "policy", "daemon")
# What a room must not include.
CLOSED = {"dpi": ("policy", "daemon"), "policy": ("dpi", "daemon"), "daemon": ()}
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def node(path, folders):
    """A folder is one node. A file that stands beside folders, at its room's door, is one of its own:
    policy.c puts the folders together, and finding.h is what they all speak of."""
    folder = str(Path(path).parent)
    return str(Path(path).with_suffix("")) if folder in folders else folder


def arrows(files):
    """files: {path: text}. Gives {from: {to: "file:line"}}, itself left out."""
    folders = {str(Path(path).parent.parent) for path in files}
    found = {}
    for path, text in sorted(files.items()):
        start = node(path, folders)
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if match and match[1] in files:
                end = node(match[1], folders)
                if end != start:
                    found.setdefault(start, {}).setdefault(end, f"{path}:{number}")
    return found


def cycle(graph):
    """One cycle, as a list of nodes whose first is its last; None when there is none."""
    done, trail = set(), []

    def walk(place):
        if place in trail:
            return trail[trail.index(place):] + [place]
        if place in done:
            return None
        trail.append(place)
        for end in sorted(graph.get(place, {})):
            found = walk(end)
            if found:
                return found
        trail.pop()
        done.add(place)
        return None

    for place in sorted(graph):
        found = walk(place)
        if found:
            return found
    return None


def breaches(files):
    """Includes of a room that the file's own room must know nothing of."""
    for path, text in sorted(files.items()):
        for number, line in enumerate(text.splitlines(), 1):
            match = INCLUDE.match(line)
            if match and match[1].split("/")[0] in CLOSED[path.split("/")[0]]:
                yield f"{path}:{number}: includes {match[1]}"


def without_licence():
    """Tracked sources, scripts and manual pages whose first lines lack the SPDX line."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, check=False)
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # an unpacked archive
        paths = [path for path in ROOT.rglob("*") if path.is_file() and "build" not in path.parts[:len(ROOT.parts) + 1]]
    for path in sorted(paths):
        if not path.is_file() or path.is_relative_to(ROOT / "tests/data") or path.is_relative_to(ROOT / "tests/fuzz/corpus"):
            continue
        head = path.read_bytes()[:400]
        is_text = path.suffix in (".c", ".h", ".py", ".sh", ".cmake", ".1", ".5", ".8", ".service", ".sysusers", ".timer") \
            or path.name == "CMakeLists.txt" or head.startswith(b"#!")
        if is_text and SPDX.encode() not in head:
            yield str(path.relative_to(ROOT))


DOCUMENT = ROOT / "docs/architecture.md"
TABLE = re.compile(r"(?<=<!-- rooms -->\n).*?(?=<!-- /rooms -->)", re.DOTALL)


def table(graph, text):
    """The table of rooms as the sources have it, with the subjects that the document's own gives."""
    subjects = dict(re.findall(r"^\| `([^`]+)` \| (.*?) \|", text, re.MULTILINE))
    rooms = sorted({*graph, *(end for ends in graph.values() for end in ends)})
    rows = ["| room | its subject | includes |\n", "| --- | --- | --- |\n"]
    for room in rooms:
        ends = ", ".join(f"`{end}`" for end in sorted(graph.get(room, {}))) or "nothing of the other rooms"
        rows.append(f"| `{room}` | {subjects.get(room, 'SAY WHAT IT IS FOR')} | {ends} |\n")
    return "".join(rows)


def document_is_stale(graph):
    text = DOCUMENT.read_text(encoding="utf-8")
    shown = TABLE.search(text)
    if not shown or shown[0] != table(graph, shown[0]):
        yield "run tests/e2e/test_rooms.py --table, and say there what a new room is for"
    elif "SAY WHAT" in shown[0]:
        yield "say what each room is for"


failed = 0


def check(name, wrong):
    global failed
    wrong = list(wrong)
    print(f"{'not ok' if wrong else 'ok'} {name}")
    for line in wrong:
        print(f"  {line}")
    failed += bool(wrong)


def told(graph):
    found = cycle(graph)
    return [] if not found else [f"{a} -> {b}: {graph[a][b]}" for a, b in zip(found, found[1:])]


def main():
    files = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
             for room in ROOMS for path in (ROOT / room).rglob("*.[ch]")}
    graph = arrows(files)
    if "--table" in sys.argv:  # writes the table in the document
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(TABLE.sub(lambda shown: table(graph, shown[0]), text), encoding="utf-8")
        return
    check("there is no cycle between folders", told(graph))
    check("each room knows nothing of those closed to it", breaches(files))
    # The check itself, on trees that are wrong.
    check("a cycle of two folders would be found", [] if told(arrows({
        "daemon/a/x.c": '#include "daemon/b/y.h"', "daemon/a/x.h": "",
        "daemon/b/y.h": '#include "daemon/a/x.h"'})) == [
            "daemon/a -> daemon/b: daemon/a/x.c:1", "daemon/b -> daemon/a: daemon/b/y.h:1"] else ["it was not"])
    check("a cycle by way of the door would be found", [] if told(arrows({
        "policy/policy.h": '#include "policy/engine/judge.h"',
        "policy/engine/judge.h": '#include "policy/policy.h"'})) else ["it was not"])
    check("a room that looks into another would be found",
          [] if list(breaches({"dpi/x.c": '#include "policy/policy.h"'})) else ["it was not"])
    check("docs/architecture.md has the rooms that there are", document_is_stale(graph))
    check("each file says its licence", without_licence())
    sys.exit(1 if failed else 0)


main()
