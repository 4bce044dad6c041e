#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chromium that asks for names by QUIC: quic_client.py PIN HOST ...

PIN is the hash of the server's public key, which it takes for known. Prints what each name shows, or
its error, and how long the last one took."""

import re
import sys
import tempfile
import time

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from browse import FLAGS


def main():
    pin, hosts = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        flags = [flag for flag in FLAGS if flag != "--disable-quic"]
        flags += [
            f"--user-data-dir={profile}",
            "--enable-quic",
            f"--origin-to-force-quic-on={','.join(f'{host}:443' for host in hosts)}",
            f"--ignore-certificate-errors-spki-list={pin}",
        ]
        for flag in flags:
            options.add_argument(flag)
        browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        browser.set_page_load_timeout(40)
        try:
            for host in hosts:
                begun = time.monotonic()
                try:
                    browser.get(f"https://{host}/")
                    shown = browser.find_element(By.TAG_NAME, "body").text
                except WebDriverException as error:
                    found = re.search(r"ERR_[A-Z0-9_]+", str(error))
                    shown = found.group(0) if found else str(error).split("\n", maxsplit=1)[0]
                print(f"{host}: {shown}")
            print(f"seconds: {time.monotonic() - begun:.1f}")
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
