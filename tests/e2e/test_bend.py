#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a policy would have to hold to be a list of names to flag is refused, each with its reason; and of
what is accepted, the office can take back every name."""

import json
import random
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

# Nothing takes the way on away: there is no such action and no such setting, in a policy or in a configuration.
REAL = f"sites = ( {site('A', ['office.example'])} );\n"
for action in ("drop", "refuse", "deny", "reject", "block-always"):
    refused(f"the action {action}", HEAD + f'actions = {{ high = "{action}"; }};\n' + REAL, "observe")
for setting in ("way_on = false;", "proceed = false;", "page = false;", "proceed_seconds = 0;", 'blocked = [ "bbc.com" ];',
                'names = [ "bbc.com" ];', 'keywords = [ "bieutinh" ];', 'categories = [ "news" ];'):
    refused(f"a policy with {setting}", HEAD + setting + REAL, "unknown setting")
policy.write_text(HEAD + REAL)
(folder / "truegate.conf").write_text(f'policy = "{policy}";\nstatus = "{folder}/status";\nproceed = {{ grants = 8; }};\n')
check_equal("a configuration with the fewest grants is accepted", truegate("policy", "diff", "--config", folder / "truegate.conf", policy).returncode, 0)
for setting in ("proceed = { grants = 0; };", "proceed = { seconds = 0; };", "proceed = { enabled = false; };", "site = { port = 0; };",
                "site = { enabled = false; };", 'site = { address = ""; };', "page = false;", 'block = [ "bbc.com" ];'):
    (folder / "truegate.conf").write_text(f'policy = "{policy}";\nstatus = "{folder}/status";\n{setting}\n')
    done = truegate("policy", "diff", "--config", folder / "truegate.conf", policy)
    said = done.stderr.decode()
    check(f"a configuration with {setting} is refused", done.returncode == 2 and "truegate.conf:3:" in said, said)


# What one accepted policy can do. Names are made by rules of this file: none is anybody's.
def stopped(text, asked):
    """Of the names, those that the policy stops, and what is found of all; None when it is not accepted."""
    done = load(text, with_catalogue=False)
    if done.returncode != 0:
        return None
    found = truegate("check", "--policy", policy, "--catalogue", folder / "none", "--format", "jsonl", "-", stdin="\n".join(asked).encode())
    return [finding for finding in map(json.loads, found.stdout.splitlines()) if finding["action"] != "observe"]


def syllables(length, count, seed):
    """Words that can be spoken, which names are made of."""
    chosen = random.Random(seed)
    words = {"".join(chosen.choice("aeiou" if i % 2 else "bcdfghjklmnpqrstvwxz") for i in range(length)) for _ in range(2 * count)}
    return sorted(words)[:count]


ALL_BLOCK = 'actions = { high = "block"; medium = "block"; low = "observe"; };\n'
internet = [f"{word}.org" for word in syllables(9, 20000, 1)]
labels = [name.partition(".")[0] for name in internet]
# A letter does not stand for a digit, so a twin with digits finds next to nothing.
for what, least, twin in (("suffix twins", 1000, lambda label: f"{label}.vn"), ("digit twins", 0, lambda label: f"{label.replace('o', '0', 1).replace('i', '1', 1)}.com")):
    for number in (1024, 1025):
        bent = sites(*(site(f"Site {i}", [twin(label)]) for i, label in enumerate(labels[:number]))) + ALL_BLOCK
        flagged = stopped(bent, internet)
        if number > 1024:
            check(f"{number} {what} are refused", flagged is None)
            continue
        check(f"{number} {what} are accepted", flagged is not None)
        if flagged is not None:
            print(f"# bend: one policy of {number} {what} stops {len(flagged)} of 20,000 names")
            # About one name a label: a twin flags the name that it is a twin of, and few that look like both.
            most = number * 11 // 10 if least > 0 else 64
            check(f"{number} {what} stop {least} to {most} names", least <= len(flagged) <= most, len(flagged))
            check(f"{what}: what is found imitates, whatever is found", all(finding["imitates"] and finding["why"] for finding in flagged))
twins = labels[:1024]

# Words as sites' displayed names, and words as decorations: more names than labels, so that the way on carries the promise here.
words = syllables(7, 316, 2)
glued = stopped(sites(*(site(f"Site {i}", [f"{word}.vn"]) for i, word in enumerate(words))) + ALL_BLOCK
                + "decorations = [ " + ", ".join('"' + "|".join(words[i:i + 8]) + '"' for i in range(0, len(words), 8)) + " ];\n",
                [f"{a}{b}.com" for a in words[:100] for b in words[:100]])
keywords = syllables(7, 5000, 3)
owners = syllables(12, 1000, 4)
shown = [keywords[i::1000] for i in range(1000)]
named = stopped(sites(*(site(" ".join(words), [f"{owner}.com"], words) for owner, words in zip(owners, shown))) + ALL_BLOCK,
                [f"{word}.org" for word in keywords])
for what, flagged, of in (("316 words, as labels and as decorations", glued, 10000), ("5,000 words of displayed names", named, len(keywords))):
    print(f"# bend: one policy of {what}: " + ("refused" if flagged is None else f"stops {len(flagged)} of {of} names made of them"))
print("# bend: names that one policy stops without a way on: 0; no action and no setting is without it (above, and unit/daemon/test_way_on)")

# Tiny tokens count as a whole label or between separators, not glued to letters.
tiny = stopped(sites(site("Ab", ["abcdef.com"], ["ab", "abc"])) + ALL_BLOCK, ["abmelon.org", "melonab.org", "abcmelon.org", "crabcakes.net", "melonabc.com"])
check_equal("tokens of two and three letters glued to letters stop nothing", tiny, [])

# A decoration only raises: on its own it finds nothing.
done = load(sites(site("A", ["office-vidu.vn"])) + ALL_BLOCK + 'decorations = [ "bieu-?tinh", "nhan-?quyen", "dan-?chu" ];\n', with_catalogue=False)
check_equal("a policy with decorations is accepted", done.returncode, 0)
found = truegate("check", "--policy", policy, "--catalogue", folder / "none", "bieutinh.org", "bieu-tinh.net", "nhanquyen-danchu.com", "danchu.vn")
check_equal("decorations alone find nothing", (found.returncode, found.stdout), (0, b""))

# The policy that stops most, and what the office has against it.
policy.write_text(sites(*(site(f"Site {i}", [f"{label}.vn"]) for i, label in enumerate(twins))) + ALL_BLOCK)
accepted = twins
(folder / "local.conf").write_text("exceptions = [ " + ", ".join(f'"{label}.org"' for label in accepted[:200]) + " ];\n")
(folder / "office.conf").write_text(f'policy = "{policy}";\npolicy_local = "{folder}/local.conf";\nstatus = "{folder}/status";\n')
check_equal("the office can except any of them", truegate("exempt", "--config", folder / "office.conf", f"{accepted[300]}.org").returncode, 0)
end()
