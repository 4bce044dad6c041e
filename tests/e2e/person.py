#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person and what a site's script can do with the gateway's page, in Chromium:

person.py go-on PAGE PICTURE   reads the page at PAGE (its picture to PICTURE, "-" for none), presses its
                               first button until another site is shown; prints how many presses it took,
                               the seconds since the last, and what is shown
person.py script SITE PAGE     opens SITE, in which a script tries to read PAGE and to go on by it; prints
                               what it got, a line for each try"""

import sys
import tempfile
import time

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from browse import open_browser

TRIES = {
    "read": "const r = await fetch(page); return 'read ' + (await r.text()).length;",
    "read by its address": "const r = await fetch(page.replace('truegate.internal', '198.18.53.80'));"
    " return 'read ' + (await r.text()).length;",
    "JSON": "const r = await fetch(page + '.json'); return 'read ' + (await r.text()).length;",
    "POST": "const r = await fetch(page, {method: 'POST', body: new URLSearchParams({step: 'ask', to: 'http'})});"
    " return 'status ' + r.status;",
    "frame": "const f = document.createElement('iframe'); f.src = page; document.body.append(f);"
    " await new Promise(done => { f.onload = done; setTimeout(done, 1500); });"
    " return f.contentDocument ? 'read ' + f.contentDocument.forms.length + ' forms' : 'nothing';",
    "window": "const w = open(page); await new Promise(done => setTimeout(done, 1500));"
    " return w ? 'read ' + w.document.forms.length + ' forms' : 'nothing';",
    "form": "const f = document.createElement('form'); f.method = 'post'; f.action = page; f.target = 'x';"
    " const i = document.createElement('iframe'); i.name = 'x'; document.body.append(i, f); f.submit();"
    " await new Promise(done => setTimeout(done, 1000)); return 'sent';",
}


def go_on(browser, page, picture):
    browser.get(page)
    if picture != "-":
        browser.set_window_size(720, 900)
        browser.save_screenshot(picture)
    presses = 0
    pressed = time.monotonic()
    while presses < 5:
        buttons = browser.find_elements(By.CSS_SELECTOR, "form[method=post] button")
        if not buttons:
            break
        pressed = time.monotonic()
        buttons[0].click()
        WebDriverWait(browser, 10).until(staleness_of(buttons[0]))
        presses += 1
    text = " ".join(browser.find_element(By.TAG_NAME, "body").text.split())
    print(presses, f"{time.monotonic() - pressed:.2f}", text)


def script(browser, site, page):
    browser.get(site)
    browser.set_script_timeout(8)
    for name, body in TRIES.items():
        wrapped = (
            "const page = arguments[0], done = arguments[arguments.length - 1];"
            f"(async () => {{ {body} }})().then(done, error => done('refused: ' + error.name));"
        )
        try:
            print(f"{name}: {browser.execute_async_script(wrapped, page)}", flush=True)
        except WebDriverException as error:
            print(f"{name}: failed: {error.msg.splitlines()[0]}", flush=True)


def main():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = open_browser(profile, ["--ignore-certificate-errors", "--disable-popup-blocking"])
        try:
            {"go-on": go_on, "script": script}[sys.argv[1]](browser, *sys.argv[2:4])
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
