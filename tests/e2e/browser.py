#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a browser: browser.py BROWSER CA

BROWSER is one of BROWSERS; CA an authority's certificate (PEM) that the browser is to trust. The browser
stays open and does what standard input says, a command a line, each answered by one line:

  open URL        what is shown: the page's text, or the browser's error
  press SELECTOR  presses the first element that matches until none is left that does: how many presses it
                  took, the seconds since the last, and what is then shown
  picture FILE    a picture of what is shown, as a phone's would be tall
  script PAGE     what a script of the page shown gets when it tries to read PAGE and to go on by it: tries,
                  with a bar between"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from marionette import Marionette, MarionetteError

LOAD_S = 15
PRESSES_MAX = 5
DOH_URL = "https://dns.example/dns-query"
HTTP3_HOSTS = ("news.example", "vietc0mbank.top")

CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--disable-popup-blocking",
    "--hide-scrollbars",
]

FIREFOX_PREFS = {
    "app.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.http.http3.enable": False,
    "network.prefetch-next": False,
}

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


def one_line(text):
    return " ".join((text or "").split()) or "nothing"


def trust(store, authority):
    """Has Firefox or Chromium trust an authority: both read NSS's store."""
    pathlib.Path(store).mkdir(parents=True, exist_ok=True)
    for arguments in (["-N", "--empty-password"], ["-A", "-n", "office", "-t", "C,,", "-i", authority]):
        subprocess.run(["certutil", *arguments, "-d", f"sql:{store}"], check=True, capture_output=True)


def start_chromium(profile, flags, home=None):
    """A Chromium of selenium's. Without a home of its own it has the user's."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in CHROMIUM_FLAGS + [f"--user-data-dir={profile}"] + flags:
        options.add_argument(flag)
    environment = os.environ | ({"HOME": home} if home else {})
    driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver", env=environment), options=options)
    driver.set_page_load_timeout(LOAD_S)
    return driver


class Chromium:
    def __init__(self, profile, authority, flags, local_state):
        home = f"{profile}/home"
        trust(f"{home}/.pki/nssdb", authority)
        pathlib.Path(profile, "Local State").write_text(json.dumps(local_state))
        self.driver = start_chromium(profile, flags, home)
        self.driver.set_script_timeout(8)

    def open(self, url):
        from selenium.common.exceptions import WebDriverException

        try:
            self.driver.get(url)
        except WebDriverException as error:
            found = re.search(r"ERR_[A-Z0-9_]+", str(error))
            if found:
                return found.group(0)
        shown = self.text()
        found = re.search(r"\bERR_[A-Z0-9_]+", shown)
        return found.group(0) if found else shown

    def text(self):
        from selenium.webdriver.common.by import By

        return one_line(self.driver.find_element(By.TAG_NAME, "body").text)

    def elements(self, selector):
        from selenium.webdriver.common.by import By

        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, element):
        from selenium.common.exceptions import WebDriverException

        element.click()
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                element.is_enabled()
            except WebDriverException:
                return  # its page is gone
            time.sleep(0.02)

    def picture(self, path):
        self.driver.set_window_size(720, 900)
        self.driver.save_screenshot(path)

    def script(self, page):
        from selenium.common.exceptions import WebDriverException

        for name, body in TRIES.items():
            wrapped = (
                "const page = arguments[0], done = arguments[arguments.length - 1];"
                f"(async () => {{ {body} }})().then(done, error => done('refused: ' + error.name));"
            )
            try:
                yield f"{name}: {self.driver.execute_async_script(wrapped, page)}"
            except WebDriverException as error:
                yield f"{name}: failed: {error.msg.splitlines()[0]}"

    def quit(self):
        self.driver.quit()


class Firefox:
    def __init__(self, profile, authority, prefs):
        trust(profile, authority)
        self.driver = Marionette(profile, FIREFOX_PREFS | prefs)
        self.driver.call("WebDriver:SetTimeouts", {"pageLoad": LOAD_S * 1000})

    def open(self, url):
        try:
            self.driver.call("WebDriver:Navigate", {"url": url})
        except MarionetteError as error:
            found = re.search(r"about:(?:neterror|certerror|httpsonlyerror)\?e=(\w+)", str(error))
            return found.group(1) if found else one_line(str(error))
        return self.text()

    def text(self):
        return one_line(self.driver.script("return document.body ? document.body.innerText : ''"))

    def elements(self, selector):
        return self.driver.elements(selector)

    def click(self, element):
        before = self.driver.script("return String(performance.timeOrigin)")
        self.driver.click(element)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            state = self.driver.script("return [String(performance.timeOrigin), document.readyState]")
            if state[0] != before and state[1] == "complete":
                return
            time.sleep(0.02)

    def quit(self):
        self.driver.quit()


def https_first(profile, authority):
    """What Chrome does by default since version 154."""
    return Chromium(profile, authority, ["--disable-quic", "--enable-features=HttpsFirstBalancedModeAutoEnable"], {})


def chromium_quic(profile, authority):
    """Without a way back to TCP: no other lets an authority of one's own stand for QUIC."""
    origins = ",".join(f"{host}:443" for host in HTTP3_HOSTS)
    return Chromium(profile, authority, ["--enable-quic", f"--origin-to-force-quic-on={origins}"], {})


def firefox_quic(profile, authority):
    """As if it had learnt that these hosts speak HTTP/3."""
    return Firefox(
        profile,
        authority,
        {
            "network.http.http3.enable": True,
            "network.http.http3.disable_when_third_party_roots_found": False,
            "network.http.http3.alt-svc-mapping-for-testing": ",".join(f"{host};h3=:443" for host in HTTP3_HOSTS),
        },
    )


def chromium_doh(profile, authority):
    state = {"dns_over_https": {"mode": "secure", "templates": DOH_URL}}
    return Chromium(profile, authority, ["--disable-quic"], state)


def firefox_doh(profile, authority):
    prefs = {"network.trr.mode": 3, "network.trr.uri": DOH_URL, "network.trr.bootstrapAddr": "198.51.100.54"}
    return Firefox(profile, authority, prefs)


BROWSERS = {
    "chromium": lambda profile, authority: Chromium(profile, authority, ["--disable-quic"], {}),
    "chromium-asks": https_first,
    "chromium-quic": chromium_quic,
    "chromium-doh": chromium_doh,
    "firefox": lambda profile, authority: Firefox(profile, authority, {}),
    "firefox-quic": firefox_quic,
    "firefox-doh": firefox_doh,
}


def press(browser, selector):
    presses = tries = 0
    pressed = time.monotonic()
    while presses < PRESSES_MAX:
        found = browser.elements(selector)
        if not found:
            break
        begun = time.monotonic()
        try:
            browser.click(found[0])
        except Exception:  # of the page before, which was going when it was looked for
            tries += 1
            if tries == 20:
                raise
            time.sleep(0.1)
            continue
        pressed = begun
        presses += 1
    return f"{presses} {time.monotonic() - pressed:.2f} {browser.text()}"


def carry_out(browser, line):
    command, _, argument = line.partition(" ")
    if command == "open":
        return browser.open(argument)
    if command == "press":
        return press(browser, argument)
    if command == "picture":
        browser.picture(argument)
        return "done"
    if command == "script":
        return " | ".join(browser.script(argument))
    return f"'{command}' is not a command"


def main():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = BROWSERS[sys.argv[1]](profile, sys.argv[2])
        try:
            print("ready", flush=True)
            for line in sys.stdin:
                try:
                    print(carry_out(browser, line.rstrip("\n")), flush=True)
                except Exception as error:  # whatever the browser has against it is shown
                    print(f"failed: {one_line(str(error))}", flush=True)
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
