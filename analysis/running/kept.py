"""Long work that can be stopped and taken up: each finished piece is a line of a file, whole or not there.

A file belongs to what it says in its first line (model, design, options); work of another kind is refused, never mixed
in. What is not a number is written as null and read back as NaN.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import as_completed
from pathlib import Path
from typing import Any, TypeVar

import sim
from analysis.running.progress import progress
from analysis.running.simulate import workers

T = TypeVar("T")
#: What a piece that failed says under this name.
ERROR = "error"


class Kept:
    """The finished pieces of one piece of work, by name."""

    def __init__(self, path: Path, made_of: Mapping[str, Any]):
        self.path, self.made_of = path, json.loads(json.dumps(dict(made_of)))

    def read(self) -> dict[str, Any]:
        """Piece -> result; none without a file. A line cut short by an interruption is dropped.

        Raises :class:`sim.InputError` for a file of other work.
        """
        if not self.path.is_file():
            return {}
        lines = self.path.read_text(encoding="utf-8").splitlines()
        if not lines or _parsed(lines[0]) != {"made_of": self.made_of}:
            raise sim.InputError(
                f"{self.path} was made by another version of the model or with other options. "
                "Choose another --out, or remove it."
            )
        found = [piece for line in lines[1:] if (piece := _parsed(line)) is not None]
        return {piece["name"]: _with_nan(piece["result"]) for piece in found}

    def keep(self, name: str, result: Any) -> None:
        """Append a piece."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            if file.tell() == 0:
                file.write(_line({"made_of": self.made_of}))
            file.seek(-1, os.SEEK_END)
            # A line that an interruption cut short ends here, and is skipped when the file is read.
            torn = file.read(1) != b"\n"
            file.write((b"\n" if torn else b"") + _line({"name": name, "result": _without_nan(result)}))


def work_through(
    tasks: Mapping[str, T], do: Callable[[T], Any], kept: Kept, jobs: int, title: str, quiet: bool = False
) -> dict[str, Any]:
    """Do the pieces that are missing over ``jobs`` processes; every piece's result, in the order of ``tasks``.

    A piece that raises is kept as ``{"error": ...}`` and not tried again.
    """
    done = kept.read()
    missing = {name: task for name, task in tasks.items() if name not in done}
    try:
        with progress(len(tasks), title, quiet, done=len(tasks) - len(missing)) as report:
            for name, result in _results(missing, do, jobs):
                kept.keep(name, result)
                done[name] = _with_nan(_without_nan(result))
                report()
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"interrupted; {kept.path} keeps what was done, the same command continues.") from None
    return {name: done[name] for name in tasks}


def _results(tasks: Mapping[str, T], do: Callable[[T], Any], jobs: int) -> Iterator[tuple[str, Any]]:
    if jobs == 1 or len(tasks) < 2:
        for name, task in tasks.items():
            yield name, _tried(do, task)
        return
    with workers(jobs) as pool:
        waiting = {pool.submit(_tried, do, task): name for name, task in tasks.items()}
        for finished in as_completed(waiting):
            yield waiting[finished], finished.result()


def _tried(do: Callable[[T], Any], task: T) -> Any:
    try:
        return do(task)
    except sim.InputError:
        raise
    except Exception as error:
        return {ERROR: f"{type(error).__name__}: {error}"[:200]}


def failures(results: Mapping[str, Any]) -> dict[str, str]:
    """Piece -> what went wrong, of those that failed."""
    return {name: result[ERROR] for name, result in results.items() if isinstance(result, dict) and ERROR in result}


def write_json(path: Path, found: Mapping[str, Any]) -> None:
    """Write a report: numbers to four digits after the point, what is not a number as null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(_rounded(_without_nan(dict(found))), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(below) for key, below in value.items()}
    return [_rounded(below) for below in value] if isinstance(value, list) else value


def _line(value: Any) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError:
        return None


def _without_nan(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _without_nan(below) for key, below in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(below) for below in value]
    return value


def _with_nan(value: Any) -> Any:
    if value is None:
        return math.nan
    if isinstance(value, dict):
        return {key: _with_nan(below) for key, below in value.items()}
    return [_with_nan(below) for below in value] if isinstance(value, list) else value
