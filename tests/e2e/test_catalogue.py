#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue of sites that the package brings: it loads whole and group by group, flags none of its own sites, and
each site says where its domains were seen. What it must not hold is put into a copy, to see that it is noticed."""

import re
import resource
import shutil
import time

from program import ROOT, check, check_equal, end, folder, truegate

CATALOGUE = ROOT / "policy/catalogue"
GROUPS = sorted(path.stem for path in CATALOGUE.glob("*.conf") if path.stem != "common")
SITES_MIN = 400


def policy_of(groups, catalogue=CATALOGUE):
    """A policy of these groups and nothing else, for a catalogue in this folder."""
    path = folder / f"{'-'.join(groups)}.conf"
    names = ", ".join(f'"{name}"' for name in ("common", *groups))
    path.write_text(f'version = 1;\ncontact = "it@office.example";\ncatalogue = [ {names} ];\n')
    return "--catalogue", catalogue, path


def sites_of(text):
    """Of each site: its name, its domains, its `own`, and whether a source line stands above it."""
    for match in re.finditer(r'^  \{ name = "([^"]+)";(.*?)\}', text, re.MULTILINE | re.DOTALL):
        above = text[: match.start()].splitlines()[-1]
        lists = {key: re.findall(r'"([^"]+)"', values)
                 for key, values in re.findall(r"(\w+) = \[(.*?)\]", match.group(2), re.DOTALL)}
        has_source = re.fullmatch(r"  # source: \S.*", above) is not None
        yield match.group(1), lists["domains"], lists.get("own", []), has_source


def without_source(text):
    return [name for name, _, _, has_source in sites_of(text) if not has_source]


def stopped(arguments, names):
    """The names that a policy warns of or blocks."""
    catalogue, path = arguments[:2], arguments[2]
    done = truegate("check", "--policy", path, *catalogue, "--format", "jsonl", "-", stdin="\n".join(names).encode())
    return [line for line in done.stdout.decode().splitlines() if '"action":"observe"' not in line], done


texts = {group: (CATALOGUE / f"{group}.conf").read_text() for group in GROUPS}
sites = {group: list(sites_of(text)) for group, text in texts.items()}
everything = [site for group in GROUPS for site in sites[group]]
for wanted in ("vietnam", "world"):
    check(f"there is the group {wanted} that `policy init` proposes", wanted in GROUPS, GROUPS)
for group, text in texts.items():
    check_equal(f"{group}: every site is read here", len(sites[group]), text.count("{ name = "))
    check_equal(f"{group}: every site has its source above it", without_source(text), [])
check(f"at least {SITES_MIN} sites", len(everything) >= SITES_MIN, len(everything))
check_equal("no site twice", len({site[0] for site in everything}), len(everything))
own = [name for site in everything for name in site[2]]
check_equal("nothing twice in own", sorted({name for name in own if own.count(name) > 1}), [])

before = time.monotonic()
whole = policy_of(GROUPS)
done = truegate("policy", "check", *whole)
took = time.monotonic() - before
kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
check("the whole catalogue loads", done.returncode == 0, done)
print(f"# {done.stdout.decode().strip()}; {took * 1000:.0f} ms, {kib // 1024} MiB")
check("in under two seconds", took < 2, took)
check("in under 256 MiB", kib < 256 * 1024, kib)

names = [name for _, domains, owns, _ in everything for name in domains + owns if not name.endswith(".*")]
names += [f"www.{name}" for name in names]
for groups in (GROUPS, *([group] for group in GROUPS)):
    arguments = policy_of(groups)
    check_equal(f"{groups}: loads", truegate("policy", "check", *arguments).returncode, 0)
    found, done = stopped(arguments, names)
    check(f"{groups}: none of the catalogue's own sites is stopped", not found and done.returncode != 2, found or done)
found, _ = stopped(whole, ["vietcombank-login.top", "dichvucong-gov.top"])
check_equal("imitations are", len(found), 2)

# What must be noticed, each in a copy of its own.
for number, (what, site, words) in enumerate((
    ("a domain of two sites", '{ name = "Other"; domains = [ "vietcombank.com.vn" ]; }', b"appears twice"),
    ("a name twice", '{ name = "Vietcombank"; domains = [ "unlike-any-other.vn" ]; }', b"Vietcombank"),
    ("a public suffix", '{ name = "Other"; domains = [ "com.vn" ]; }', b"com.vn"),
    ("a top-level domain that there is not", '{ name = "Other"; domains = [ "other.nonesuch" ]; }', b"nonesuch"),
    ("a domain that imitates a site", '{ name = "Other"; domains = [ "vietcombank-login.top" ]; }', b"imitates"),
)):
    copy = folder / f"copy{number}"
    shutil.copytree(CATALOGUE, copy)
    broken = texts["vietnam"].replace("sites = (\n", f"sites = (\n  # source: none\n  {site},\n", 1)
    (copy / "vietnam.conf").write_text(broken)
    done = truegate("policy", "check", *policy_of(GROUPS, copy))
    check(f"{what} is refused", done.returncode == 2 and words in done.stderr, done)
check_equal("a site without its source is noticed",
            without_source('sites = (\n  # source: a list, 2026\n  { name = "A"; domains = [ "a.vn" ]; },\n'
                           '  { name = "B"; domains = [ "b.vn" ]; }\n);\n'), ["B"])
end()
