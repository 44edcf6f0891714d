"""YAML text to a tree that knows the line and column of everything in it, safely.

A file may come from anyone. It is refused on the stream of YAML events, before any object is built, when it is larger
than it may be, nested deeper than it may be, not plain UTF-8, or uses what no scenario needs: anchors and aliases
(which let a small file stand for a huge one), tags, merge keys, several documents, directives, keys that are not names.
Plain words are read by the core rules of YAML 1.2: ``no`` and ``off`` are words, and a date is a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from sim.words.errors import InputError, Problem

#: Largest file, in bytes.
MAX_BYTES = 256 * 1024
#: Deepest nesting of mappings and lists.
MAX_DEPTH = 16
#: Most YAML events (each name, value, start and end of a list or mapping is one) of a scenario.
MAX_EVENTS = 10_000
#: Longest single text.
MAX_TEXT = 20_000
#: Most problems reported for one file.
MAX_PROBLEMS = 100

#: Control characters, surrogates, line separators and writing-direction marks: they hide what a file says.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))([eE][-+]?[0-9]{1,6})?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: text, number, true or false, or nothing."""

    spot: Spot
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    spot: Spot
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping. ``keys`` holds the spot of each key, ``values`` its subtree, both in the order of the file."""

    spot: Spot
    keys: dict[str, Spot]
    values: dict[str, Tree]


Tree = Scalar | Listing | Table


def problem_at(spot: Spot, message: str, expected: str) -> Problem:
    """A problem at a spot; the message becomes a sentence."""
    stop = "" if message.endswith((".", "?", "!")) else "."
    return Problem(spot.file, spot.line, spot.column, message + stop, expected)


def plain(tree: Tree) -> Any:
    """The tree as plain dicts, lists and values."""
    if isinstance(tree, Table):
        return {key: plain(value) for key, value in tree.values.items()}
    if isinstance(tree, Listing):
        return [plain(item) for item in tree.items]
    return tree.value


def read_tree(data: bytes, file: str, max_events: int = MAX_EVENTS) -> tuple[Tree, list[Problem]]:
    """Read one YAML document. Returns its tree and the problems that leave the tree readable (repeated keys).

    Raises :class:`InputError` for anything that makes the file unreadable or that no file may use.
    """
    text = decode(data, file)
    reader = _Reader(file, max_events)
    return reader.read(text), reader.problems


def decode(data: bytes, file: str) -> str:
    """Bytes to text: UTF-8, of bounded size, without characters that hide or deceive."""
    if len(data) > MAX_BYTES:
        raise InputError([problem_at(Spot(file, 1, 1), "the file is too large", f"at most {MAX_BYTES // 1024} KiB")])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4] in (b"\x00\x00\xfe\xff", b"\xff\xfe\x00\x00"):
        raise InputError([problem_at(Spot(file, 1, 1), "the file is written in UTF-16 or UTF-32", "UTF-8")])
    try:
        # One mark at the very start is what some Windows editors write; anywhere else it is refused below.
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise InputError(
            [problem_at(Spot(file, line, column), "a byte that is not UTF-8", "a file saved as UTF-8")]
        ) from None
    if found := _FORBIDDEN.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"the character U+{ord(found[0]):04X} is not allowed"
        raise InputError([problem_at(Spot(file, line, column), message, "printable text")])
    return text


class _Reader:
    """Builds the tree of one document out of the scanner's events."""

    def __init__(self, file: str, max_events: int):
        self.file = file
        self.left = max_events
        self.problems: list[Problem] = []
        self.refused = False
        self.last: Any = None

    def read(self, text: str) -> Tree:
        self._refuse_directives(text)
        events = self._counted(text)
        try:
            tree = self._document(events)
        except InputError:
            raise
        except RecursionError:
            self._stop(None, "the file is nested too deeply", f"at most {MAX_DEPTH} levels")
        except Exception as error:
            # The scanner is not ours: on nonsense it raises its own errors, and now and then a bare ValueError or
            # IndexError. All of them mean that the text is not YAML.
            mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None) or self.last
            self._stop(mark, _why(error), "YAML")
        if self.refused:
            raise InputError(self.problems)
        return tree

    def _refuse_directives(self, text: str) -> None:
        for number, line in enumerate(text.splitlines(), 1):
            if line.startswith("%"):
                message = "YAML directives (lines that begin with %) are not used"
                raise InputError(
                    [problem_at(Spot(self.file, number, 1), message, "the file to begin with its first key")]
                )
            if line.strip() and not line.lstrip().startswith("#"):
                return

    def _counted(self, text: str) -> Iterator[Any]:
        from ruamel.yaml import YAML

        for event in YAML(typ="safe", pure=True).parse(text):
            self.left -= 1
            if self.left < 0:
                self._stop(event.start_mark, "the file holds too many values", "a shorter file")
            self.last = event.end_mark
            yield event

    def _spot(self, mark: Any) -> Spot:
        return Spot(self.file, mark.line + 1, mark.column + 1) if mark is not None else Spot(self.file, 1, 1)

    def _note(self, mark: Any, message: str, expected: str) -> None:
        self.problems.append(problem_at(self._spot(mark), message, expected))
        if len(self.problems) >= MAX_PROBLEMS:
            raise InputError(self.problems)

    def _refuse(self, mark: Any, message: str, expected: str) -> None:
        self.refused = True
        self._note(mark, message, expected)

    def _stop(self, mark: Any, message: str, expected: str) -> NoReturn:
        raise InputError([*self.problems, problem_at(self._spot(mark), message, expected)])

    def _document(self, events: Iterator[Any]) -> Tree:
        tree: Tree | None = None
        for event in events:
            name = type(event).__name__
            if name == "DocumentStartEvent":
                if tree is not None:
                    self._stop(event.start_mark, "the file holds more than one document", "one document, no '---'")
                tree = self._node(next(events), events, 0)
        if tree is None:
            raise InputError([problem_at(Spot(self.file, 1, 1), "the file is empty", "a mapping of keys to values")])
        return tree

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Tree:
        name = type(event).__name__
        if name == "AliasEvent":
            self._refuse(event.start_mark, f"the alias '*{str(event.anchor)[:40]}' is not allowed", "the value itself")
            return Scalar(self._spot(event.start_mark), None)
        self._check_decorations(event)
        if name == "ScalarEvent":
            return self._scalar(event)
        if depth >= MAX_DEPTH:
            self._stop(event.start_mark, "the file is nested too deeply", f"at most {MAX_DEPTH} levels")
        if name == "SequenceStartEvent":
            return self._listing(event, events, depth)
        return self._table(event, events, depth)

    def _check_decorations(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse(event.start_mark, f"the anchor '&{str(event.anchor)[:40]}' is not allowed", "the value alone")
        if event.tag is not None:
            self._refuse(event.start_mark, f"the tag '{str(event.tag)[:40]}' is not allowed", "the value alone")

    def _scalar(self, event: Any) -> Scalar:
        text = event.value
        if len(text) > MAX_TEXT:
            self._stop(event.start_mark, "the text is too long", f"at most {MAX_TEXT} characters")
        if found := _FORBIDDEN.search(text):
            self._refuse(event.start_mark, f"the character U+{ord(found[0]):04X} is not allowed", "printable text")
            return Scalar(self._spot(event.start_mark), None)
        quoted = event.style is not None and event.style != ""
        return Scalar(self._spot(event.start_mark), text if quoted else resolve(text))

    def _listing(self, start: Any, events: Iterator[Any], depth: int) -> Listing:
        items = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            items.append(self._node(event, events, depth + 1))
        return Listing(self._spot(start.start_mark), tuple(items))

    def _table(self, start: Any, events: Iterator[Any], depth: int) -> Table:
        keys: dict[str, Spot] = {}
        values: dict[str, Tree] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self._key(event)
            value = self._node(next(events), events, depth + 1)
            if key in keys:
                self._note(
                    event.start_mark, f"the key '{key[:60]}' is repeated", f"one '{key[:60]}' (line {keys[key].line})"
                )
            else:
                keys[key], values[key] = self._spot(event.start_mark), value
        return Table(self._spot(start.start_mark), keys, values)

    def _key(self, event: Any) -> str:
        if type(event).__name__ != "ScalarEvent":
            self._stop(event.start_mark, "a key must be a plain name", "a name followed by a colon")
        self._check_decorations(event)
        if event.value == "<<":
            self._refuse(
                event.start_mark, "merge keys ('<<') are not allowed", "'extends' to build on another scenario"
            )
        if len(event.value) > 200 or _FORBIDDEN.search(event.value):
            self._stop(event.start_mark, "a key is too long or holds characters that are not allowed", "a plain name")
        return str(event.value)


def resolve(word: str) -> str | int | float | bool | None:
    """What an unquoted word means by the core rules of YAML 1.2."""
    if word in _WORDS:
        return _WORDS[word]  # type: ignore[no-any-return]
    if _INT.fullmatch(word):
        return int(word)
    if _FLOAT.fullmatch(word):
        return float(word)
    return word


def _why(error: Exception) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None)
    return f"the file is not valid YAML: {str(problem)[:120]}" if problem else "the file is not valid YAML"
