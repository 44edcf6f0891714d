"""The one loader of the evidence tables.

A table is a CSV file with one header line. A bad cell is reported with file, line, column and what was expected, and
all bad cells are reported at once.

``sim`` reads only what it may be driven by (``provinces`` and ``social``, in ``sim/evidence``). What the model is
compared with (``politics``, ``outcomes``, ``chronology``) lies in ``analysis/targets``, and ``analysis`` passes its
path. Only the standard library is imported, so that listing and checking stay fast.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.inputs.evidence_rows import (
    REGIONS,
    BadCell,
    ChronologyRow,
    DatedRow,
    PoliticsRow,
    ProvinceRow,
    Reader,
    Row,
    SocialRow,
    error_factor,
)
from sim.words.errors import InputError, Problem, unknown

__all__ = [
    "REGIONS",
    "ChronologyRow",
    "DatedRow",
    "PoliticsRow",
    "ProvinceRow",
    "Row",
    "SocialRow",
    "error_factor",
    "load",
    "read_rows",
    "row",
]

#: Where the tables that may drive the model lie.
EVIDENCE = Path(__file__).resolve().parent.parent / "evidence"

TABLES: Mapping[str, type[Row]] = {
    "provinces": ProvinceRow,
    "social": SocialRow,
    "outcomes": SocialRow,
    "politics": PoliticsRow,
    "chronology": ChronologyRow,
}


def load(table: str, path: Path | str | None = None) -> tuple[Any, ...]:
    """The rows of ``table``, typed and frozen, in file order.

    ``path`` is a CSV file or the folder that holds ``<table>.csv``; by default ``sim/evidence``.
    Raises :class:`InputError` with every bad cell, or when the table or its file is unknown.
    """
    if table not in TABLES:
        raise unknown("table", table, TABLES)
    where = EVIDENCE if path is None else Path(path)
    file = where if where.suffix == ".csv" else where / f"{table}.csv"
    if not file.is_file():
        hint = " Targets lie outside sim: pass the folder that holds them." if path is None else ""
        raise InputError(f"there is no file '{file.name}' for the table '{table}'.{hint}")
    return _load_file(table, file)


@lru_cache(maxsize=16)
def _load_file(table: str, file: Path) -> tuple[Row, ...]:
    return read_rows(TABLES[table], file.read_text(encoding="utf-8"), file.name)


def row(table: str, key: str) -> Any:
    """The row of a table of ``sim/evidence`` with this id."""
    found = _by_id(table).get(key)
    if found is None:
        raise unknown(f"row of {table}", key, _by_id(table))
    return found


@lru_cache(maxsize=4)
def _by_id(table: str) -> dict[str, Any]:
    return {entry.id: entry for entry in load(table)}


def read_rows(kind: type[Row], text: str, file: str = "table") -> tuple[Row, ...]:
    """Read the text of a CSV file into rows of ``kind``; raises :class:`InputError` with every problem."""
    problems: list[Problem] = []
    rows: list[Row] = []
    seen: dict[str, int] = {}
    columns: tuple[Field[Any], ...] = fields(kind)
    names = [column.name for column in columns]
    readers: list[Reader] = [column.metadata["reader"] for column in columns]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    if header != names:
        raise InputError([_header_problem(header, names, file)])
    place = Places(text, file)
    line = reader.line_num + 1
    try:
        for cells in reader:
            if cells:
                made = _read_row(kind, names, readers, cells, place.at(line), problems)
                if made is not None:
                    _check_row(made, names, seen, place.at(line), problems, line)
                    rows.append(made)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(file, line, 1, f"the line can't be split into columns: {error}", "well-formed CSV"))
    if problems:
        raise InputError(problems)
    return tuple(rows)


def _header_problem(header: list[str], names: list[str], file: str) -> Problem:
    for index, (found, wanted) in enumerate(zip(header, names, strict=False)):
        if found != wanted:
            column = sum(len(name) + 1 for name in header[:index]) + 1
            return Problem(file, 1, column, f"column {index + 1} is called '{found}'", f"'{wanted}'")
    missing = names[len(header) :] or header[len(names) :]
    said = "columns are missing" if len(header) < len(names) else "there are columns too many"
    return Problem(file, 1, 1, f"{said}: {', '.join(missing)}", f"{len(names)} columns")


#: Makes a problem of a cell of one record: its index from 0, what is wrong, what was expected.
CellProblem = Callable[[int, str, str], Problem]


class Places:
    """Where the cells of a CSV text stand."""

    def __init__(self, text: str, file: str):
        self.lines = text.split("\n")
        self.file = file

    def at(self, line: int) -> CellProblem:
        """A maker of problems for the record that begins on ``line`` (from 1)."""

        def problem(index: int, message: str, expected: str) -> Problem:
            down, column = self._cell(line, index)
            return Problem(self.file, line + down, column, message, expected)

        return problem

    def _cell(self, line: int, index: int) -> tuple[int, int]:
        """Lines below ``line`` and the column (from 1) where cell ``index`` of the record begins."""
        quoted, down, column = False, 0, 1
        for text in self.lines[line - 1 :]:
            for column, letter in enumerate(text, start=1):
                if index == 0:
                    return down, column
                if letter == '"':
                    quoted = not quoted
                elif letter == "," and not quoted:
                    index -= 1
            if not quoted:
                return down, len(text) + 1 if text else 1
            down += 1
        return down, column


def _read_row(
    kind: type[Row],
    names: list[str],
    readers: list[Reader],
    cells: list[str],
    problem: CellProblem,
    problems: list[Problem],
) -> Row | None:
    """One row from its cells, or None after noting what is wrong with them."""
    if len(cells) != len(names):
        at = min(len(cells), len(names))
        problems.append(problem(at, f"the row has {len(cells)} columns", f"{len(names)} columns"))
        return None
    values: dict[str, Any] = {}
    for index, (name, reader, cell) in enumerate(zip(names, readers, cells, strict=True)):
        try:
            values[name] = reader(cell.strip())
        except BadCell as bad:
            problems.append(problem(index, f"{name}: '{cell}' can't be read", str(bad)))
    return kind(**values) if len(values) == len(names) else None


def _check_row(
    made: Row,
    names: list[str],
    seen: dict[str, int],
    problem: CellProblem,
    problems: list[Problem],
    line: int,
) -> None:
    """Note the faults of a row that was read, and an id that was used before."""
    key = str(getattr(made, made.KEY))
    if key in seen:
        at = names.index(made.KEY)
        problems.append(problem(at, f"the id '{key}' stands on line {seen[key]} too", "an id of its own"))
    seen.setdefault(key, line)
    for column, message, expected in made.faults():
        problems.append(problem(names.index(column), message, expected))
