"""The web side of a live page: this machine only, one secret address a start, requests of other sites refused.

The page lies under an address that holds a secret made at each start; every request must name this host (so that no
other name can be bound to it), must not come from another site, and changes only by POST with JSON and a header that
no form can set.
"""

from __future__ import annotations

import hmac
import json
import secrets
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import sim
from analysis.classroom.lesson import LARGEST_FILE, Lesson

HOST = "127.0.0.1"
#: A header that scripts of the page send; another site's could not without asking first, which is refused.
HEADER = "X-October"
_HEADERS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip
_LARGEST_BODY = 2 * LARGEST_FILE


class Classroom(ThreadingHTTPServer):
    """A lesson on a port of this machine; ``port`` 0 takes a free one. Raises :class:`sim.InputError` for one taken."""

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, lesson: Lesson, port: int = 0):
        self.lesson = lesson
        self.token = secrets.token_urlsafe(24)
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise sim.InputError(f"port {port} can't be used: {error.strerror}. Choose another --port.") from None

    @property
    def port(self) -> int:
        """The port that was taken."""
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        """Where the page lies."""
        return f"http://{HOST}:{self.port}/{self.token}/"


class _Refused(Exception):
    """A request that is not answered, with its status."""

    def __init__(self, status: HTTPStatus):
        super().__init__(status.phrase)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    server: Classroom
    server_version = "october"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: the address holds the secret."""

    def _answer(self, act: Any) -> None:
        try:
            act(self._allowed())
        except _Refused as refused:
            self._send(refused.status, "text/plain; charset=utf-8", refused.status.phrase.encode())
        except sim.InputError as error:
            self._json({"problems": [str(error)]}, HTTPStatus.CONFLICT)

    def _allowed(self) -> str:
        """What is asked for, below the secret; refused unless host, site and secret are right."""
        hosts = {f"{name}:{self.server.port}" for name in (HOST, "localhost")}
        if self.headers.get("Host", "") not in hosts:
            raise _Refused(HTTPStatus.FORBIDDEN)
        origin = self.headers.get("Origin")
        if origin is not None and origin.removeprefix("http://") not in hosts:
            raise _Refused(HTTPStatus.FORBIDDEN)
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise _Refused(HTTPStatus.FORBIDDEN)
        token, _, rest = self.path.removeprefix("/").partition("/")
        if not hmac.compare_digest(token.encode(), self.server.token.encode()):
            raise _Refused(HTTPStatus.NOT_FOUND)
        return rest

    def _get(self, asked: str) -> None:
        if asked == "":
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", self.server.lesson.page().encode())
        elif asked == "api/state":
            self._json(self.server.lesson.state())
        else:
            raise _Refused(HTTPStatus.NOT_FOUND)

    def _post(self, asked: str) -> None:
        if self.headers.get(HEADER) != "1" or self.headers.get("Content-Type") != "application/json":
            raise _Refused(HTTPStatus.FORBIDDEN)
        lesson = self.server.lesson
        if asked == "api/cancel":
            self._body()
            lesson.cancel()
            self._json(lesson.state())
            return
        if asked not in ("api/check", "api/run"):
            raise _Refused(HTTPStatus.NOT_FOUND)
        body = self._body()
        name, text = body.get("name"), body.get("text")
        if not isinstance(name, str) or not isinstance(text, str) or not _is_text(name + text):
            raise _Refused(HTTPStatus.BAD_REQUEST)
        problems = lesson.problems(name, text) if asked == "api/check" else lesson.start(name, text)
        self._json({"problems": problems})

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise _Refused(HTTPStatus.LENGTH_REQUIRED)
        if int(length) > _LARGEST_BODY:
            self.close_connection = True
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            found = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise _Refused(HTTPStatus.BAD_REQUEST) from None
        if not isinstance(found, dict):
            raise _Refused(HTTPStatus.BAD_REQUEST)
        return found

    def _json(self, content: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(status, "application/json; charset=utf-8", json.dumps(content).encode())

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in {**_HEADERS, "Content-Type": kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


def _is_text(words: str) -> bool:
    """Whether it can be written to a file: half of a surrogate pair, which JSON allows, can't."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True
