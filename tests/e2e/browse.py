#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a browser: browse.py FAKE PICTURES

Opens http://FAKE/ in headless Chromium, expects the warning, takes pictures of it (desktop and phone
width) into the folder PICTURES, presses the button that opens the site all the same and expects the
site; then loads the fake once more. Prints what was seen, a line each.
"""

import pathlib
import sys
import tempfile

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

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


def open_browser(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS + [f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    browser.set_page_load_timeout(30)
    return browser


def text_of(browser):
    return browser.find_element(By.TAG_NAME, "body").text


def main():
    fake, pictures = sys.argv[1], pathlib.Path(sys.argv[2])
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        browser = open_browser(profile)
        try:
            browser.get(f"http://{fake}/")
            print("warned:", "Vietcombank" in text_of(browser) and fake in text_of(browser))
            for name, width, height in (("desktop", 1280, 1000), ("phone", 390, 1500)):
                browser.set_window_size(width, height)
                browser.save_screenshot(str(pictures / f"warning-{name}.png"))
            links = [link.get_attribute("href") for link in browser.find_elements(By.TAG_NAME, "a")]
            print("real site:", "https://vietcombank.com.vn/" in links)
            browser.find_elements(By.TAG_NAME, "button")[0].click()
            # Between two pages the old one's body is stale.
            WebDriverWait(browser, 20, ignored_exceptions=[WebDriverException]).until(lambda b: f"site {fake}" in text_of(b))
            print("opened:", browser.current_url)
            browser.get(f"http://{fake}/")
            print("stays open:", f"site {fake}" in text_of(browser))
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
