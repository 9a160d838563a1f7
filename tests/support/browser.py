"""A real browser over the W3C WebDriver protocol: a page is opened, typed into and read.

Only pages on this machine are opened. The browser and its driver are started here and ended here.
"""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import httpx2
import pytest

from tests.support.names import needs_localhost

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
ENTER, TAB, SPACE, DOWN = "\ue007", "\ue004", "\ue00d", "\ue015"
QUIET = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]


class Browser:
    """One window."""

    def __init__(self, line, session):
        self._line, self._session = line, session

    def _ask(self, method, path, body=None):
        answer = self._line.request(method, f"/session/{self._session}{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]

    def open(self, url):
        assert re.match(r"http://127\.0\.0\.1:\d+/", url)
        self._ask("POST", "/url", {"url": url})

    def size(self, width, height):
        self._ask("POST", "/window/rect", {"width": width, "height": height})

    def url(self):
        return self._ask("GET", "/url")

    def title(self):
        return self._ask("GET", "/title")

    def find(self, selector):
        found = self._ask("POST", "/elements", {"using": "css selector", "value": selector})
        return [Element(self, one[ELEMENT]) for one in found]

    def one(self, selector):
        (found,) = self.find(selector)
        return found

    def focused(self):
        return Element(self, self._ask("GET", "/element/active")[ELEMENT])

    def press(self, *keys):
        """Keys to whatever has the focus."""
        actions = [{"type": t, "value": k} for k in keys for t in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": actions}]})

    def until(self, fact, seconds=20):
        """Ask again until the fact holds; a page that never gets there fails."""
        last = monotonic() + seconds
        while not fact():
            assert monotonic() < last, self.url()

    def run(self, script):
        """What a script of the test's own finds on the page."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": []})

    def scheme(self, name):
        """Light or dark, as somebody has set their computer."""
        features = [{"name": "prefers-color-scheme", "value": name}]
        self._tool("Emulation.setEmulatedMedia", {"features": features})

    def room(self, width, height):
        """The room that a page has, narrower than a window can be."""
        sizes = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._tool("Emulation.setDeviceMetricsOverride", sizes)

    def paper(self):
        """The page printed: a PDF in base64."""
        return self._tool("Page.printToPDF", {"printBackground": False})["data"]

    def _tool(self, command, params):
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def picture(self, path):
        Path(path).write_bytes(base64.b64decode(self._ask("GET", "/screenshot")))

    def end(self):
        self._ask("DELETE", "")


class Element:
    def __init__(self, browser, name):
        self._browser, self._path = browser, f"/element/{name}"

    def _get(self, what):
        return self._browser._ask("GET", f"{self._path}/{what}")

    @property
    def text(self):
        return self._get("text")

    @property
    def role(self):
        return self._get("computedrole")

    @property
    def label(self):
        """Its name to a screen reader."""
        return self._get("computedlabel")

    @property
    def rect(self):
        return self._get("rect")

    def attribute(self, name):
        return self._get(f"attribute/{name}")

    def css(self, name):
        return self._get(f"css/{name}")

    def type(self, words):
        self._browser._ask("POST", f"{self._path}/value", {"text": words})

    def click(self):
        self._browser._ask("POST", f"{self._path}/click", {})


@contextmanager
def browser(*, scripts=True):
    """A fresh browser. Skips where none is installed."""
    driver = shutil.which("chromedriver")
    program = shutil.which("chromium")
    if driver is None or program is None:
        pytest.skip("no Chromium with its driver on this machine")  # Debian: installed by ./dev
    needs_localhost()  # the driver speaks to its browser by that name
    with tempfile.TemporaryDirectory(prefix="hedgerow-browser-") as folder:
        process = subprocess.Popen(
            [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            port = next(
                found[1]
                for said in process.stdout
                if (found := re.search(r"started successfully on port (\d+)", said))
            )
            with httpx2.Client(
                base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False
            ) as line:
                made = _begin(line, program, folder, scripts=scripts)
                try:
                    yield made
                finally:
                    made.end()
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()


def _begin(line, program, folder, *, scripts):
    options = {"binary": program, "args": [*QUIET, f"--user-data-dir={folder}"]}
    if not scripts:
        options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
    wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
    answer = line.post("/session", json=wanted)
    assert answer.status_code == 200, answer.text
    return Browser(line, answer.json()["value"]["sessionId"])
