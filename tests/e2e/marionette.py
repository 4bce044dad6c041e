# SPDX-License-Identifier: GPL-3.0-or-later
"""Firefox, driven by its own Marionette protocol: Debian has no driver for it. A message is its length in
octets, a colon and JSON: [0, number, command, parameters], answered by [1, number, error, result]."""

import json
import os
import pathlib
import socket
import subprocess
import time

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # WebDriver section 12.1
START_S = 40


class MarionetteError(Exception):
    """What Firefox says of a command that it could not carry out."""


class Marionette:
    def __init__(self, profile, prefs):
        preferences = {"marionette.port": 0, **prefs}  # any free port, see MarionetteActivePort
        pathlib.Path(profile, "user.js").write_text(
            "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items())
        )
        self.number = 0
        self.buffer = b""
        self.process = subprocess.Popen(
            ["firefox-esr", "--headless", "--no-remote", "--marionette", "--profile", profile, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": profile},
        )
        try:
            self.socket = self.connect(pathlib.Path(profile, "MarionetteActivePort"))
            self.read()  # its greeting
            self.call("WebDriver:NewSession", {"capabilities": {}})
        except BaseException:
            self.process.kill()
            raise

    def connect(self, port_file):
        end = time.monotonic() + START_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return socket.create_connection(("127.0.0.1", int(port_file.read_text())), timeout=60)
            except (OSError, ValueError):
                time.sleep(0.1)
        raise MarionetteError("Firefox did not start")

    def read(self):
        while b":" not in self.buffer:
            self.receive()
        length, _, self.buffer = self.buffer.partition(b":")
        while len(self.buffer) < int(length):
            self.receive()
        message, self.buffer = self.buffer[: int(length)], self.buffer[int(length) :]
        return json.loads(message)

    def receive(self):
        octets = self.socket.recv(65536)
        if not octets:
            raise MarionetteError("Firefox ended")
        self.buffer += octets

    def call(self, command, parameters=None):
        self.number += 1
        message = json.dumps([0, self.number, command, parameters or {}]).encode()
        self.socket.sendall(str(len(message)).encode() + b":" + message)
        _, _, error, result = self.read()
        if error:
            raise MarionetteError(error["message"])
        return result

    def script(self, text):
        return self.call("WebDriver:ExecuteScript", {"script": text, "args": []})["value"]

    def elements(self, selector):
        found = self.call("WebDriver:FindElements", {"using": "css selector", "value": selector})
        return [element[ELEMENT] for element in found]

    def click(self, element):
        self.call("WebDriver:ElementClick", {"id": element})

    def quit(self):
        try:
            self.call("Marionette:Quit", {"flags": ["eForceQuit"]})
            self.process.wait(20)
        except (MarionetteError, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
