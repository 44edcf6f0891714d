"""A real browser without a network, driven over its own protocol."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.keys import Keys

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
MISSING = "Chromium and chromedriver are not installed here (Debian: apt-get install chromium chromium-driver)"
KEYS = {"tab": Keys.TAB, "space": " ", "right": Keys.ARROW_RIGHT, "up": Keys.ARROW_UP, "enter": Keys.ENTER,
        "escape": Keys.ESCAPE, "end": Keys.END, "home": Keys.HOME}  # fmt: skip
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
          "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")  # fmt: skip


class Browser:
    """One Chromium with one tab."""

    def __init__(self, home: Path, downloads: Path):
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for flag in (*_FLAGS, f"--user-data-dir={home}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        os.environ.setdefault("SE_OFFLINE", "true")
        self.driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        self.downloads = downloads
        self.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))

    def cdp(self, command: str, **options: Any) -> Any:
        """A command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(command, options)

    def js(self, script: str, *arguments: Any) -> Any:
        """The value of a script run in the page."""
        return self.driver.execute_script(script, *arguments)

    def size(self, width: int, height: int) -> None:
        """The size of the window, in pixels of the page."""
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def open(self, address: str) -> None:
        """Open an address and wait until the page says that it is whole."""
        self.driver.get(address)
        self.until(lambda: self.js("return document.documentElement.dataset.ready"), "the page was not made")

    def until(self, true: Callable[[], Any], otherwise: str, seconds: float = 60.0) -> Any:
        """Wait until something holds, and return it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := true():
                return found
            time.sleep(0.05)
        raise AssertionError(otherwise)

    def click(self, selector: str) -> None:
        """Bring an element into view and click it as a reader does."""
        self.js("document.documentElement.style.scrollBehavior = 'auto';"
                "document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)  # fmt: skip
        self.driver.find_element("css selector", selector).click()

    def press(self, *keys: str) -> None:
        """Press keys, by name or as they are, on whatever has the focus."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(KEYS.get(key, key))

    def text(self, selector: str) -> str:
        """The words of an element."""
        return str(self.js("const n = document.querySelector(arguments[0]); return n ? n.textContent : ''", selector))

    def errors(self) -> list[str]:
        """What the console has complained of since it was last asked."""
        return [line["message"] for line in self.driver.get_log("browser") if line["level"] in ("SEVERE", "WARNING")]

    def downloaded(self, name: str) -> bytes:
        """The bytes of a file that was downloaded."""
        path = self.downloads / name
        self.until(lambda: path.exists() and path.stat().st_size > 0, f"{name} was not downloaded")
        return path.read_bytes()

    def close(self) -> None:
        """End the browser."""
        self.driver.quit()


def look(browser: Browser, odds: str = "70") -> None:
    """Set the odds of the what if and look."""
    browser.js("const r = document.querySelector('[data-odds]'); r.value = arguments[0];"
               "r.dispatchEvent(new Event('input'))", odds)  # fmt: skip
    browser.click("[data-look]")
