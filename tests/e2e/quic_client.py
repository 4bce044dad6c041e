#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chromium that asks for names by QUIC: quic_client.py PIN HOST ...

PIN is the hash of the server's public key, which it takes for known. Prints what each name shows, or
its error, and how long the last one took."""

import re
import sys
import tempfile
import time

from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By

from browser import start_chromium


def main():
    pin, hosts = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as profile:
        flags = [
            "--enable-quic",
            f"--origin-to-force-quic-on={','.join(f'{host}:443' for host in hosts)}",
            f"--ignore-certificate-errors-spki-list={pin}",
        ]
        browser = start_chromium(profile, flags)
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
