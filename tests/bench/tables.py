# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures: held against what is required, shown as a table, put into a document, drawn."""

import os
import re
import subprocess
import sys

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Figure:
    """One line of a table; `required` is ("<=" or ">=", limit) or None. To miss a target is no
    failure."""

    def __init__(self, what, value, unit="", required=None, digits=0, is_target=False):
        self.what = what
        self.value = value
        self.unit = unit
        self.required = required
        self.digits = digits
        self.is_target = is_target

    def verdict(self):
        if self.required is None:
            return ""
        relation, limit = self.required
        holds = self.value >= limit if relation == ">=" else self.value <= limit
        if holds:
            return "ok"
        return "below target" if self.is_target else "MISSED"

    def cells(self):
        number = f"{self.value:,.{self.digits}f}"
        required = ""
        if self.required is not None:
            required = f"{self.required[0]} {self.required[1]:,}"
        return self.what, f"{number} {self.unit}".strip(), required, self.verdict()

    def as_json(self):
        return {
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "required": None if self.required is None else " ".join(map(str, self.required)),
            "verdict": self.verdict() or None,
        }


def print_table(figures):
    rows = [("figure", "measured", "required", ""), *(figure.cells() for figure in figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    for what, measured, required, verdict in rows:
        print(f"{what:<{widths[0]}}  {measured:>{widths[1]}}  {required:>{widths[2]}}  {verdict}")


def put(document, rows_by_table):
    """Replaces the rows of each table that stands between its two marks, <!-- NAME --> and
    <!-- /NAME -->, in a document of the repository. The head of the table, two lines, stays."""
    path = os.path.join(REPOSITORY, document)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for table, rows in rows_by_table.items():
        lines = "".join("| " + " | ".join(row) + " |\n" for row in rows)
        pattern = rf"(<!-- {table} -->\n\|[^\n]*\n\| -[^\n]*\n).*?(<!-- /{table} -->)"
        text, count = re.subn(pattern, lambda m, new=lines: m[1] + new + m[2], text, flags=re.DOTALL)
        if count != 1:
            sys.exit(f"{path}: the marks and the head of the table '{table}' are not there once")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def plot(path, commands):
    """Draws a chart by gnuplot's commands. \\param path: of the SVG file."""
    header = (
        f"set terminal svg size 760,420 font 'sans,13' background 'white'\nset output '{path}'\n"
        "set grid ytics lc rgb '#dddddd'\nset border 3\nset tics nomirror\n"
    )
    subprocess.run(["gnuplot"], input=header + commands, text=True, check=True)
