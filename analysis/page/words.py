"""The words of a page: its one file of strings, the declared names beside them, and a translation of both.

``front/strings.json`` holds what the page says by itself. Names that are declared elsewhere (parties, places, bodies,
events, cards of scenarios) join it under ``names`` while a page is made, so that one file, which ``october export
--write-words`` leaves, holds everything that a reader sees but the titles of works. A translation is a copy of that
file with other words in it; what it lacks stays English.

Messages follow a small part of ICU's MessageFormat: ``{n}`` is filled in; ``{n, plural, one {# run} other {# runs}}``
chooses by the rules of the file's ``lang`` (one, few, many, other in Russian), ``#`` being the number itself.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import sim

#: The categories of Unicode's plural rules.
FORMS = ("zero", "one", "two", "few", "many", "other")
#: The block of declared names in the file of words.
NAMES = "names"


class Words:
    """English, or a translation where it has the words; remembers the names that were asked for."""

    def __init__(self, translation: dict[str, Any] | None = None):
        given = dict(translation or {})
        self._given: dict[str, Any] = given.pop(NAMES, {})
        self._asked: dict[str, Any] = {}
        self.page: dict[str, Any] = _laid_over(strings(), given)

    @classmethod
    def read(cls, path: str | Path) -> Words:
        """A translation from its file. Raises :class:`sim.InputError` with every problem that it has."""
        try:
            found = json.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise sim.InputError(f"{path} can't be read: {error.strerror}.") from None
        except ValueError as error:
            raise sim.InputError(f"{path} is no JSON file in UTF-8: {error}.") from None
        if not isinstance(found, dict):
            raise sim.InputError(f"{path}: expected an object, as `october export --write-words` leaves it.")
        wrong = _problems({k: v for k, v in found.items() if k != NAMES}, strings())
        if not isinstance(found.get(NAMES, {}), dict):
            wrong.append(f"'{NAMES}' is no object")
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", str(found.get("lang", "en"))):
            wrong.append(f"'lang' is '{found['lang']}'. Expected a tag such as 'ru'")
        if wrong:
            raise sim.InputError("\n".join(f"{path}: {line}." for line in wrong))
        return cls(found)

    def name(self, english: str, *path: str) -> str:
        """A declared name or text: the translation's, if it has one at that path, else the English one."""
        here, given = self._asked, self._given
        for part in path[:-1]:
            here = here.setdefault(part, {})
            inner = given.get(part) if isinstance(given, dict) else None
            given = inner if isinstance(inner, dict) else {}
        found = given.get(path[-1])
        here[path[-1]] = found if isinstance(found, str) and found else english
        return str(here[path[-1]])

    def get(self, key: str) -> str:
        """A string of the page by its dotted key, such as ``bet.title``."""
        found: Any = self.page
        for part in key.split("."):
            found = found[part]
        return str(found)

    def write(self, path: str | Path) -> None:
        """Leave every string of the page and every name that was asked for in one file, for a translator."""
        text = json.dumps({**self.page, NAMES: self._asked}, ensure_ascii=False, indent=2)
        try:
            Path(path).write_text(text + "\n", encoding="utf-8", newline="\n")
        except OSError as error:
            raise sim.InputError(f"{path} can't be written: {error.strerror}.") from None


@lru_cache(maxsize=1)
def strings() -> dict[str, Any]:
    """What the page says by itself, in English, from its one file."""
    text = (resources.files("analysis.page") / "front" / "strings.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def parts(message: str) -> list[str | tuple[str, dict[str, str]]]:
    """A message in its parts: plain text, and (name, forms) for what is filled in; forms are empty but for plurals.

    Raises :class:`ValueError` for braces that do not match, or plural forms that can't be read.
    """
    found: list[str | tuple[str, dict[str, str]]] = []
    at = 0
    while at < len(message):
        opened = message.find("{", at)
        if opened < 0 or "}" in message[at:opened]:
            break
        closed = _closing(message, opened)
        inside = message[opened + 1 : closed]
        plural = re.fullmatch(r"(\w+), plural, (.*)", inside, re.S)
        if plural is None and not re.fullmatch(r"\w+", inside):
            raise ValueError(f"'{{{inside}}}' is neither a name nor a plural")
        found += [message[at:opened], (plural[1], _forms(plural[2])) if plural else (inside, {})]
        at = closed + 1
    if "}" in message[at:]:
        raise ValueError("a brace is closed that was not opened")
    return [part for part in [*found, message[at:]] if part]


def filled_in(message: str) -> set[str]:
    """The names that a message fills in, also inside its plural forms."""
    found: set[str] = set()
    for part in parts(message):
        if isinstance(part, tuple):
            found |= {part[0]}.union(*(filled_in(form) for form in part[1].values()))
    return found


def _closing(text: str, opened: int) -> int:
    depth = 0
    for at in range(opened, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return at
    raise ValueError("a brace is not closed")


def _forms(text: str) -> dict[str, str]:
    """``one {# run} other {# runs}`` as a mapping."""
    found: dict[str, str] = {}
    at = 0
    while text[at:].strip():
        named = re.compile(r"\s*(\w+)\s*\{").match(text, at)
        if named is None or named[1] not in FORMS:
            raise ValueError(f"a plural has the forms {', '.join(FORMS)}, each as 'few {{# words}}'")
        closed = _closing(text, named.end() - 1)
        found[named[1]] = text[named.end() : closed]
        at = closed + 1
    if "other" not in found:
        raise ValueError("a plural lacks its form 'other'")
    return found


def _laid_over(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return {key: _laid_over(value, over[key]) if key in over else value for key, value in base.items()}
    return over


def _problems(given: Any, base: Any, path: str = "") -> list[str]:
    """What a translation has that the page can't use, by key."""
    if isinstance(base, dict):
        if not isinstance(given, dict):
            return [f"'{path}' is no object"]
        below = {key: f"{path}.{key}" if path else key for key in given}
        known = {key: where for key, where in below.items() if key in base}
        unknown = [f"unknown key '{where}'" for key, where in below.items() if key not in base]
        return unknown + [p for key, where in known.items() for p in _problems(given[key], base[key], where)]
    if isinstance(base, list):
        return _list_problems(given, base, path)
    if not isinstance(given, str):
        return [f"'{path}' is no text"]
    try:
        more = filled_in(given) - filled_in(base)
    except ValueError as error:
        return [f"'{path}': {error}"]
    return [f"'{path}': nothing fills in {{{'}, {'.join(sorted(more))}}}"] if more else []


def _list_problems(given: Any, base: list[Any], path: str) -> list[str]:
    """Of a list of texts, whose length is kept; or of pairs (a word, what is said of it), of which more may be."""
    pairs = isinstance(base[0], list)
    if not isinstance(given, list) or (not pairs and len(given) != len(base)):
        return [f"'{path}' is no list" + ("" if pairs else f" of {len(base)}")]
    like = [base[0]] * len(given) if pairs else base
    both = zip(given, like, strict=True)
    return [p for i, (one, two) in enumerate(both) for p in _problems(one, two, f"{path}[{i}]")]
