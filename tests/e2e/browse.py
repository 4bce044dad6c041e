#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a browser: browse.py BROWSER URL [trusts]

BROWSER is chromium, chromium-asks (with "Ask before HTTP", the default of Chrome since version 154) or
firefox. Opens the URL and prints what is shown: the page's text on one line, or the browser's error. With "trusts",
Chromium takes every certificate for a good one."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
]


def open_browser(profile, further):
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS + [f"--user-data-dir={profile}"] + further:
        options.add_argument(flag)
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    browser.set_page_load_timeout(15)
    return browser


def chromium(profile, url, further):
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.common.by import By

    browser = open_browser(profile, further)
    try:
        try:
            browser.get(url)
        except WebDriverException as error:
            found = re.search(r"ERR_[A-Z0-9_]+", str(error))
            if found:
                return found.group(0)
        return " ".join(browser.find_element(By.TAG_NAME, "body").text.split()) or "nothing"
    finally:
        browser.quit()


def firefox(profile, url):
    """It has no driver in Debian: it takes a picture of the page, and what it asked for is in servers' logs."""
    pathlib.Path(profile, "user.js").write_text(
        'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
        'user_pref("network.captive-portal-service.enabled", false);\n'
        'user_pref("network.connectivity-service.enabled", false);\n'
    )
    subprocess.run(
        ["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--screenshot", f"{profile}/shot.png", url],
        timeout=20,
        check=False,
        capture_output=True,
        env=os.environ | {"HOME": profile},
    )
    return "see the servers"


def main():
    name, url = sys.argv[1:3]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        if name == "firefox":
            try:
                print(firefox(profile, url))
            except subprocess.TimeoutExpired:
                print("nothing in 20 seconds")
        else:
            asks = ["--enable-features=HttpsFirstBalancedModeAutoEnable"] if name == "chromium-asks" else []
            trusts = ["--ignore-certificate-errors"] if "trusts" in sys.argv[3:] else []
            print(chromium(profile, url, asks + trusts))


if __name__ == "__main__":
    main()
