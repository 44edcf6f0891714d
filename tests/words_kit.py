"""A made-up language for tests: every letter of a translation changed, so that what was left in English shows."""

from __future__ import annotations

from typing import Any

from analysis.page.words import parts

#: Latin letters and their mathematical look-alikes, which nothing else on the page uses.
MARKED = {ord("A") + i: 0x1D5A0 + i for i in range(26)} | {ord("a") + i: 0x1D5BA + i for i in range(26)}


def marked(message: str) -> str:
    """The message in other letters; what is filled in, and the names of plural forms, stay."""
    return "".join(part.translate(MARKED) if isinstance(part, str) else _filled(*part) for part in parts(message))


def _filled(name: str, forms: dict[str, str]) -> str:
    if not forms:
        return f"{{{name}}}"
    return f"{{{name}, plural, " + " ".join(f"{form} {{{marked(text)}}}" for form, text in forms.items()) + "}"


def translated(node: Any) -> Any:
    """A whole file of words in that language."""
    if isinstance(node, dict):
        return {key: value if key == "lang" else translated(value) for key, value in node.items()}
    if isinstance(node, list):
        return [translated(value) for value in node]
    return marked(node)
