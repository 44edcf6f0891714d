"""Reading a declared data file (YAML) into pydantic models, with every problem at its line.

The fast safe reader is used; only when something is wrong is the file read again with positions.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable
from io import StringIO
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from sim.words.errors import InputError, Problem

T = TypeVar("T")


def read(source: Traversable, kind: type[T], context: dict[str, Any] | None = None) -> T:
    """The file as ``kind``. Raises :class:`InputError` with file, line and column of each problem."""
    return parse(source.read_text(encoding="utf-8"), source.name, kind, context)


def parse(text: str, name: str, kind: type[T], context: dict[str, Any] | None = None) -> T:
    """The same for a text that is already in hand; ``name`` is what errors call the file."""
    try:
        data = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise InputError([Problem(name, line, column, f"this is not YAML: {error.problem}.")]) from None
    try:
        return TypeAdapter(kind).validate_python(data, context=context)
    except ValidationError as error:
        places = YAML(typ="rt").load(StringIO(text))
        raise InputError(
            [
                Problem(name, *_position(places, tuple(e["loc"])), f"{_path(e['loc'])}: {e['msg']}.")
                for e in error.errors()
            ]
        ) from None


def _path(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location) or "file"


def _position(node: Any, location: tuple[Any, ...]) -> tuple[int, int]:
    """Line and column, from 1, of the innermost part of ``location`` that stands in the file."""
    line, column = 1, 1
    for part in location:
        try:
            spot = node.lc.key(part) if isinstance(part, str) else node.lc.item(part)
            node = node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        line, column = spot[0] + 1, spot[1] + 1
    return line, column
