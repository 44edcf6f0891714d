"""Firefox without a network, driven over WebDriver BiDi, which it speaks itself: no driver is needed."""

from __future__ import annotations

import json
import re
import subprocess
import time
from pathlib import Path
from typing import Any

import websocket

#: No host but this machine's own can be reached; nothing is fetched or shown at the first start.
_PREFERENCES = {
    "network.proxy.type": 1, "network.proxy.socks": "127.0.0.1", "network.proxy.socks_port": 9,
    "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.enabled": False, "remote.active-protocols": 1, "browser.startup.homepage_override.mstone": "ignore",
}  # fmt: skip


class Firefox:
    """One Firefox with one tab. ``complaints`` are the errors and warnings of the page's console."""

    def __init__(self, program: str, home: Path):
        profile = home / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        self._said = (home / "said").open("w+")
        self._process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL, stderr=self._said,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin", "MOZ_DISABLE_CONTENT_SANDBOX": "1"},
        )  # fmt: skip
        self.complaints: list[str] = []
        self._asked = 0
        self._link = websocket.create_connection(f"{self._address(home / 'said')}/session", timeout=60, suppress_origin=True)
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded"])
        self._tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def _address(self, said: Path) -> str:
        end = time.monotonic() + 90
        while time.monotonic() < end:
            if found := re.search(r"listening on (ws://\S+)", said.read_text()):
                return found[1]
            time.sleep(0.1)
        raise TimeoutError(f"Firefox did not start: {said.read_text()[-500:]}")

    def ask(self, method: str, **options: Any) -> Any:
        """The answer to a command of the protocol; what the console says meanwhile is kept."""
        self._asked += 1
        self._link.send(json.dumps({"id": self._asked, "method": method, "params": options}))
        while True:
            told = json.loads(self._link.recv())
            if told.get("method") == "log.entryAdded":
                entry = told["params"]
                if entry["level"] in ("error", "warn"):
                    self.complaints.append(f"{entry['level']}: {entry['text']}")
            elif told.get("id") == self._asked:
                if told["type"] == "error":
                    raise RuntimeError(f"{method}: {told['message']}")
                return told["result"]

    def open(self, address: str, width: int, height: int) -> None:
        """Open an address and wait until the page says that it is whole."""
        self.ask("browsingContext.setViewport", context=self._tab, viewport={"width": width, "height": height})
        self.ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")
        self.js("await new Promise((done) => { const look = () => (document.documentElement.dataset.ready ? done() : setTimeout(look, 20)); look(); })")

    def js(self, script: str) -> Any:
        """The JSON value of a script run in the page; it may await."""
        told = self.ask(
            "script.evaluate", target={"context": self._tab}, awaitPromise=True,
            expression=f"(async () => {{ const told = await (async () => {{ {script} }})(); return JSON.stringify(told ?? null); }})()",
        )  # fmt: skip
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def close(self) -> None:
        """End the browser."""
        self._link.close()
        self._process.terminate()
        self._process.wait(timeout=20)
        self._said.close()
