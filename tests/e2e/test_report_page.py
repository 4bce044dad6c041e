#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report's page in a real browser: charts, tables, nothing asked of elsewhere, what comes out of
a printer. PICTURES=FOLDER keeps what was seen."""

import base64
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

try:
    from selenium.webdriver.common.by import By
except ImportError:
    print("SKIPPED: Python's selenium is missing (python3-selenium)")
    sys.exit(77)
if shutil.which("chromium") is None or shutil.which("chromedriver") is None:
    print("SKIPPED: chromium or chromedriver is missing")
    sys.exit(77)

from browser import start_chromium
from program import check, check_equal, end, folder, truegate

TECHNIQUES = ("homoglyph", "typo", "bitsquat", "hyphenation", "diacritics", "tld-swap", "combosquat", "subdomain")
SITES = [("Vietcombank", "vietcombank.com.vn"), ("Shopee", "shopee.vn"), ("Dịch vụ công", "dichvucong.gov.vn"), ("Facebook", "facebook.com")]


def events(count):
    for i in range(count):
        site, imitates = SITES[i * i % 4]
        yield {
            "name": f"fake-{i:03}.{imitates.split('.')[0]}.top", "imitates": imitates, "site": site,
            "technique": TECHNIQUES[i % 8], "confidence": ("low", "medium", "high")[i % 3], "action": ("observe", "warn", "block")[i % 3],
            "why": "0 stands for o", "via": "http", "date": f"2026-{1 + i * i % 11:02}-{1 + i * 7 % 28:02}",
            "devices": ("1-4", "5-9", "10+")[i % 3], "count": 5 + i * 13 % 40, "examples": [f"*.login.fake-{i:03}.top"] if i % 5 == 0 else [], "addresses": [f"198.51.100.{1 + i % 250}"],
        }


HOSTILE = [
    dict(next(events(1)), name=".".join(["a" * 63] * 3 + ["b" * 61]), site='<img src="http://192.0.2.1/x">', why="&lt;<b>bold</b>"),
    dict(next(events(1)), name="xn--vetcombank-x2i.com", addresses=["2001:db8:1111:2222:3333:4444:5555:6666"]),
]


def page(name, lines):
    log, html = folder / f"{name}.jsonl", folder / f"{name}.html"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    check_equal(f"{name}: the page is made", truegate("report", "--log", log, "--html", html).returncode, 1)
    return html


def wide(browser):
    """How far the page can be scrolled sideways, in pixels."""
    return browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")


pictures = Path(os.environ.get("PICTURES", folder))
pictures.mkdir(exist_ok=True)
with tempfile.TemporaryDirectory() as profile:
    browser = start_chromium(profile, ["--disable-quic"])
    for name, lines, rows in (("one", list(events(1)), 1), ("many", list(events(120)) + HOSTILE, 122)):
        browser.set_window_size(1280, 1000)
        browser.get(page(name, lines).as_uri())
        check_equal(f"{name}: a row for each fake", len(browser.find_elements(By.CSS_SELECTOR, "table.fakes tbody tr")), rows)
        bars = browser.find_elements(By.CSS_SELECTOR, "svg rect")
        heights = [bar.size["height"] for bar in bars]
        check(f"{name}: the chart by day has bars that are seen", bars and max(heights) > 50 and heights.count(max(heights)) < 72, heights[:5])
        shares = [bar.size["width"] for bar in browser.find_elements(By.CSS_SELECTOR, "td.bar div")]
        check(f"{name}: so have the charts by site and by technique", shares and max(shares) > 100 and min(shares) >= 0)
        check_equal(f"{name}: every head of a column says so", len(browser.find_elements(By.CSS_SELECTOR, "th:not([scope])")), 0)
        check(f"{name}: the chart's numbers stand in a table too", browser.find_elements(By.CSS_SELECTOR, "details table tbody tr"))
        check_equal(f"{name}: nothing is asked of elsewhere", browser.execute_script(
            "return performance.getEntriesByType('resource').length + document.querySelectorAll('img,script,link,iframe').length"), 0)
        check_equal(f"{name}: the browser has no complaint", [entry["message"] for entry in browser.get_log("browser")
                                                              if "favicon" not in entry["message"]], [])
        for label, width, height in (("desktop", 1280, 1600), ("phone", 390, 1600)):
            browser.set_window_size(width, height)
            check(f"{name}, {label}: fits the screen", wide(browser) <= 0, wide(browser))
            browser.save_screenshot(str(pictures / f"report-{name}-{label}.png"))
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        browser.set_window_size(1280, 1600)
        dark = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
        check(f"{name}: dark where that is wished", sum(map(int, re.findall(r"\d+", dark)[:3])) < 150, dark)
        browser.save_screenshot(str(pictures / f"report-{name}-dark.png"))
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": False})["data"])
        (pictures / f"report-{name}.pdf").write_bytes(pdf)
        pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
        size = re.search(rb"/MediaBox\s*\[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
        check(f"{name}: prints on A4", size and abs(float(size[1]) - 595) < 2 and abs(float(size[2]) - 842) < 2, size)
        check(f"{name}: on as many pages as it takes", pages == 1 if name == "one" else 3 <= pages <= 8, pages)
    browser.quit()
end()
