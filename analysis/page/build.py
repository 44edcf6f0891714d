"""One HTML file: the template with style, scripts, words and data inside, and a policy that lets it load nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from importlib import resources
from typing import Any

import sim
from analysis.page.data import Payload

#: Largest page, bytes.
LARGEST = 6_000_000
#: Well-kept libraries, committed minified with their licences (``make vendor`` refreshes them).
LIBRARIES = ("d3-array.min.js", "d3-path.min.js", "d3-shape.min.js", "fflate.min.js")
#: Our scripts, in the order in which they lean on each other.
SCRIPTS = (
    "core.js", "export.js", "chart.js", "transport.js", "hero.js", "bet.js", "card.js", "why.js", "whatif.js",
    "maps.js", "year.js", "debate.js", "lenses.js", "more.js", "print.js", "main.js",
)  # fmt: skip


def build(payload: Payload, *, live: bool = False) -> str:
    """The page as text. ``live`` allows it to talk to the server it came from, and to nothing else.

    Raises :class:`sim.InputError` if it would be larger than 6 MB.
    """
    words = payload.words
    css = _front("page.css")
    ours = (*SCRIPTS[:-1], *_live(live), SCRIPTS[-1])
    scripts = [_vendor(name) for name in LIBRARIES] + [_front(name) for name in ours]
    parts = {
        "csp": _policy(css, scripts, live), "css": css, "words": _json(words.page), "told": _json(payload.told),
        "numbers": payload.numbers, "scripts": "\n".join(f"<script>{script}</script>" for script in scripts),
    }  # fmt: skip
    page = re.sub(r"\{\{([\w.]+)\}\}", lambda found: html.escape(words.get(found[1])), _front("template.html"))
    page = re.sub(r"(?<!\{)\{(\w+)\}(?!\})", lambda found: parts[found[1]], page)
    size = len(page.encode())
    if size > LARGEST:
        most = LARGEST / 1e6
        raise sim.InputError(f"the page would have {size / 1e6:.1f} MB, more than {most:.0f}: name fewer scenarios.")
    return page


def _live(live: bool) -> tuple[str, ...]:
    return ("classroom.js",) if live else ()


def _json(content: Any) -> str:
    """JSON that can stand in a script element: no '<' is left that could end it."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _policy(css: str, scripts: list[str], live: bool) -> str:
    """Nothing is loaded from anywhere; these very scripts and this style run; pictures come from the page itself."""
    allowed = " ".join(_hash(script) for script in scripts)
    connect = "'self'" if live else "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(css)}; img-src data:; connect-src {connect}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _front(name: str) -> str:
    return (resources.files("analysis.page") / "front" / name).read_text(encoding="utf-8")


def _vendor(name: str) -> str:
    return (resources.files("analysis.page") / "vendor" / name).read_text(encoding="utf-8")
