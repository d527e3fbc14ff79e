"""A browser for tests: the system's Chromium without a window, told what to do over a pipe, by the standard library alone.

The protocol is the one of Chrome's developer tools: JSON, each message ended by a null byte, on the file descriptors 3 and 4.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

#: Names under which Chromium is installed.
NAMES = ("chromium", "chromium-browser", "google-chrome")


class Page:
    """One page of a browser."""

    def __init__(self, reads: int, writes: int) -> None:
        self.reads, self.writes = reads, writes
        self.number, self.left = 0, b""
        self.session = ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def _read(self, until: float) -> dict[str, Any]:
        while b"\0" not in self.left:
            assert time.monotonic() < until, "the browser does not answer"
            piece = os.read(self.reads, 1 << 16)
            assert piece, "the browser has ended"
            self.left += piece
        message, _, self.left = self.left.partition(b"\0")
        return json.loads(message)

    def call(self, method: str, seconds: float = 300, **parameters: Any) -> dict[str, Any]:
        """The answer to one command; events that come before it are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writes, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + seconds
        while True:
            found = self._read(until)
            if found.get("id") == self.number:
                assert "error" not in found, found["error"]
                return found["result"]
            self.events.append(found)

    def open(self, address: str) -> None:
        """Load an address and wait until it is there."""
        self.events.clear()
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression, promises awaited; past the page's content policy."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True)  # fmt: skip
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, condition: str, seconds: float = 300) -> None:
        """Until a JavaScript condition is true; the limit is there for what never comes, not for what takes long."""
        until = time.monotonic() + seconds
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < until, f"{condition} does not come true"
            time.sleep(0.05)

    def size(self, width: int, height: int = 800, dark: bool = False) -> None:
        """The size of the window, as on a telephone where it is narrow, and the colours that the reader likes."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)  # fmt: skip
        value = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])  # fmt: skip

    def press(self, key: str, text: str = "") -> None:
        """One key, down and up."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode={"Tab": 9, "Enter": 13, "ArrowRight": 39, "ArrowDown": 40}.get(key, 0), text=text if kind == "keyDown" else "")  # fmt: skip

    def complaints(self) -> list[str]:
        """Errors that the page has met: exceptions, what its content policy forbade, what could not be loaded."""
        found = []
        for event in self.events:
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(json.dumps(event["params"]["exceptionDetails"])[:500])
            if event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error":  # fmt: skip
                found.append(event["params"]["entry"]["text"][:500])
        return found

    def requests(self) -> list[str]:
        """The addresses that it has asked for."""
        return [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]  # fmt: skip

    def picture(self, place: Path) -> None:
        """Write what it shows as PNG."""
        import base64

        place.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]))  # fmt: skip


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A page of a fresh browser, whose profile lies in ``folder``; skips where none is installed."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        reason = "Chromium is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and under CI=true nothing may be skipped for that")
        pytest.skip(reason)
    to_read, to_browser = os.pipe()
    from_browser, to_write = os.pipe()

    def hand_over() -> None:
        # Via places that are free, so that neither closes the other.
        first, second = os.dup(to_read), os.dup(to_write)
        os.dup2(first, 3)
        os.dup2(second, 4)

    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--remote-debugging-pipe", f"--user-data-dir={folder / 'profile'}"]  # fmt: skip
    running = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=hand_over, close_fds=False
    )  # fmt: skip
    os.close(to_read)
    os.close(to_write)
    try:
        yield Page(from_browser, to_browser)
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        os.close(from_browser)
        os.close(to_browser)
