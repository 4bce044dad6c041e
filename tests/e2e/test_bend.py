#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy would have to hold to be a list of names to flag is refused, each with its reason; and of
what is accepted, the office can take back every name."""

import json
import string

from program import check, check_equal, end, folder, truegate

HEAD = 'version = 1;\ncontact = "it@office.example";\n'
catalogue = folder / "catalogue"
catalogue.mkdir()
(catalogue / "vietnam.conf").write_text('sites = ( { name = "Vietcombank"; domains = [ "vietcombank.com.vn" ]; } );\n')
policy = folder / "bent.conf"


def load(text, with_catalogue=True):
    policy.write_text(text)
    return truegate("policy", "check", "--catalogue", catalogue if with_catalogue else folder / "none", policy)


def refused(name, text, *words):
    done = load(text)
    said = done.stderr.decode()
    check(f"{name} is refused", done.returncode == 2 and any(word in said for word in words), said)


def site(name, domains, tokens=()):
    return '{ name = "%s"; domains = [ %s ]; tokens = [ %s ]; }' % (
        name, ", ".join(f'"{domain}"' for domain in domains), ", ".join(f'"{token}"' for token in tokens))


def sites(*entries):
    return HEAD + "sites = (\n" + ",\n".join(entries) + ");\n"


def names(count):
    """Labels that no others resemble much, the same ones each time: each letter pair tells them apart."""
    letters = string.ascii_lowercase
    return ["".join((letters[i % 26], letters[i * 7 % 26], letters[i // 26 % 26], letters[i * 11 // 26 % 26],
                     letters[i * 3 // 676 % 26], letters[(i * 5 + i // 26) % 26], letters[(i * 17 + i // 676) % 26])) for i in range(count)]


# One for one: the same label under another suffix flags the real site. Not more than an office's list.
refused("a list of 2,000 names", sites(*(site(f"Site {i}", [f"{label}.vn"]) for i, label in enumerate(names(2000)))), "different labels; write at most 1024")
refused("a list in a few sites", sites(*(site(f"Site {i}", [f"{label}.vn" for label in names(2000)[i::10]]) for i in range(10))), "different labels; write at most 1024")

# Fewer entries than names: what is glued to two letters.
bigrams = [a + b for a in string.ascii_lowercase for b in string.ascii_lowercase]
for decoration in ("[a-pr-z]+", "[^q]+", "[^q].*", ".{8,}", "[a-z]{2,6}", "[aeiou]", r"\\d+", "a*"):
    refused(f"the decoration {decoration}", sites(site("A", ["aabcdef.vn"])) + f'decorations = [ "{decoration}" ];\n', "decoration")
refused("decorations of all pairs of letters", sites(site("A", ["aabcdef.vn"])) + "decorations = [ " + ", ".join(f'"{a}(a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u|v|w|x|y|z)"' for a in string.ascii_lowercase) + " ];\n", "words of two letters; write at most 32")
refused("domains that are no one's", sites(site("A", [f"{pair}.zzz" for pair in bigrams[:256]])), "which is not a top-level domain")

# Keywords, as a site's displayed name or as a token.
refused("a keyword under a domain that is no one's", sites(site("Biểu tình", ["a3.zzz"], ["bieutinh"])), "not a top-level domain")
refused("a keyword that is not the site's", sites(site("Office", ["office.example"], ["bieutinh"])), "is not this site's own")
refused("a short keyword of the name", sites(site("The sex shop", ["office.example"], ["sex"])), "is not this site's own")

# Stronger than a resemblance bears.
refused("stopping what faintly resembles", sites(site("A", ["office.example"])) + 'actions = { high = "block"; medium = "block"; low = "block"; };\n', 'low can only be "observe"')

# Protection switched off, in a few letters.
for exception in ("[^q].*", "[a-pr-z].*", "[a-p].*|[r-z].*", ".*", "com"):
    refused(f"the exception {exception}", sites(site("A", ["office.example"])) + f'exceptions = [ "{exception}" ];\n', "exception")

# The fake as the real site.
for fake in ("vietcombank-login.top", "vietc0mbank.com", "vietcombank.vn", "vietcornbank.com.vn"):
    refused(f"{fake} for the bank's", sites(site("Vietcombank", [fake], ["vietcombank"] if "vietcombank" in fake else [])), "imitates vietcombank.com.vn of the catalogue")

# Sentences of one's own on the page.
for contact in (".", "-", "\u3164\u3164\u3164", "This site is illegal (Decree 15/2020). Your visit has been recorded. Police 113", "x" * 65):
    refused(f"the contact {contact[:20]!r}", f'version = 1;\ncontact = "{contact}";\nsites = ( {site("A", ["office.example"])} );\n', "contact ")
for name in ("a lawful site. It spreads false news and is banned", "banned: visits are reported!", "x" * 41):
    refused(f"the site name {name[:20]!r}", sites(site(name, ["office.example"])), "name ")

# What is accepted still flags by resemblance: that is what the way on and the office's own file are for.
accepted = names(1000)
bent = sites(*(site(f"Site {i}", [f"{label}.vn"]) for i, label in enumerate(accepted)))
done = load(bent, with_catalogue=False)
if done.returncode == 0:
    found = truegate("check", "--policy", policy, "--catalogue", folder / "none", "--format", "jsonl", "-", stdin="\n".join(f"{label}.org" for label in accepted).encode())
    flagged = [json.loads(line) for line in found.stdout.splitlines()]
    print(f"# one accepted policy of 1,000 twins stops {sum(f['action'] != 'observe' for f in flagged)} of 1,000 names, each with a way on")
else:
    print("# a policy of 1,000 twins is refused:", done.stderr.decode().splitlines()[0])
(folder / "local.conf").write_text("exceptions = [ " + ", ".join(f'"{label}.org"' for label in accepted[:200]) + " ];\n")
(folder / "office.conf").write_text(f'policy = "{policy}";\npolicy_local = "{folder}/local.conf";\nstatus = "{folder}/status";\n')
check_equal("the office can except any of them", truegate("exempt", "--config", folder / "office.conf", f"{accepted[300]}.org").returncode, 0)
end()
