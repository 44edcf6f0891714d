"""The tables of a result directory: their columns, how one run's are kept, how many runs' are put together.

A run's tables wait in ``.parts/00012/`` (run 12), one parquet file a table, written in a temporary folder and renamed,
so that a part is whole or absent. :func:`merge` then writes each table of the directory from the parts and from the
runs that it held before, in the order of runs, to a temporary file that replaces the old one. The bytes of a table
depend on the values of its rows alone: not on the number of processes, the order in which runs ended, or how many
times the work was interrupted.

Dates are ISO strings in Old Style.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sim.words.errors import InputError

Format = Literal["parquet", "csv"]
FORMATS: tuple[Format, ...] = ("parquet", "csv")

#: Table -> its columns after ``run``, and what each holds: a date, a name, a real number (NaN is 'empty') or a count.
TABLES: dict[str, dict[str, str]] = {
    "allegiance": {
        "date": "date", "place": "name", "stratum": "name", "party": "name", "share": "real", "persons": "real",
    },
    "soviet_power": {"date": "date", "place": "name", "stratum": "name", "share": "real", "persons": "real"},
    "soviets": {"date": "date", "body": "name", "party": "name", "seats": "count"},
    "elections": {
        "date": "date", "election": "name", "place": "name", "party": "name", "votes": "real", "share": "real",
    },
    "province_elections": {
        "date": "date", "election": "name", "place": "name", "province": "name", "party": "name", "votes": "real",
        "share": "real",
    },
    "actions": {"date": "date", "place": "name", "stratum": "name", "action": "name", "persons": "real"},
    "events": {"date": "date", "event": "name", "status": "name", "cause": "name"},
    "macro": {"date": "date", "place": "name", "series": "name", "value": "real"},
    "outcomes": {"measure": "name", "value": "real"},
}  # fmt: skip

_PARTS = ".parts"
_ARROW = {"date": pa.string(), "name": pa.string(), "real": pa.float64(), "count": pa.int64()}
#: Rows after which a row group is closed, always between two runs.
_GROUP_ROWS = 131_072


def schema(table: str) -> pa.Schema:
    """The Arrow schema of a table, strings plain."""
    fields = [("run", pa.int32()), *((name, _ARROW[kind]) for name, kind in TABLES[table].items())]
    return pa.schema(fields)


def _names(table: str) -> list[str]:
    return [name for name, kind in TABLES[table].items() if kind in ("date", "name")]


# --- one run -------------------------------------------------------------------------------------------------------


def _dates(values: Any) -> pa.Array:
    values = np.asarray(values)
    if values.dtype.kind != "M":
        return pa.array(values, type=pa.string())
    days, codes = np.unique(values.astype("datetime64[D]"), return_inverse=True)
    names = np.datetime_as_string(days).tolist()
    return pa.DictionaryArray.from_arrays(codes.astype(np.int32), names).cast(pa.string())


def _real(values: Any) -> pa.Array:
    """Numbers as 64-bit floats; NaN becomes 'empty', an infinity is an error of the model."""
    numbers = np.asarray(values, dtype=np.float64)
    if np.isinf(numbers).any():
        raise ValueError("an infinite number among the results")
    return pa.array(numbers, type=pa.float64(), from_pandas=True)


def _count(values: Any) -> pa.Array:
    numbers = np.asarray(values)
    whole = numbers.astype(np.int64)
    if not np.array_equal(whole, numbers):
        raise ValueError("a count that is not a whole number among the results")
    return pa.array(whole)


_READ = {"date": _dates, "name": lambda v: pa.array(np.asarray(v), type=pa.string()), "real": _real, "count": _count}


def one_run(table: str, run: int, columns: Mapping[str, Any], first: str | None = None) -> pa.Table:
    """The Arrow table of one run.

    ``columns`` maps each column of the table but ``run`` to an array; ``first`` (ISO) leaves out earlier dates.
    Raises ``ValueError`` when the columns are not exactly those of the table.
    """
    wanted = TABLES[table]
    if set(columns) != set(wanted):
        raise ValueError(f"table {table} has columns {sorted(columns)}, expected {sorted(wanted)}")
    arrays = [_READ[kind](columns[name]) for name, kind in wanted.items()]
    runs = pa.array(np.full(len(arrays[0]), run, dtype=np.int32))
    made = pa.Table.from_arrays([runs, *arrays], schema=schema(table))
    if first is not None and "date" in wanted:
        made = made.filter(pc.greater_equal(made["date"], first))
    return made


def _write_parquet_options(table: str) -> dict[str, Any]:
    plain = {"share", "votes", "value"}
    coded = ["run", *(name for name in TABLES[table] if name not in plain)]
    return {"compression": "zstd", "use_dictionary": coded, "store_schema": False, "write_statistics": True}


def part_folder(directory: Path, run: int) -> Path:
    """Where the tables of a finished run wait to be merged."""
    return directory / _PARTS / f"{run:05d}"


def write_part(directory: Path, run: int, tables: Mapping[str, pa.Table], record: str) -> None:
    """Keep one finished run: all its tables and its ``record`` (JSON), or nothing."""
    target = part_folder(directory, run)
    draft = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    draft.mkdir(parents=True)
    for table, content in tables.items():
        pq.write_table(content, draft / f"{table}.parquet", **_write_parquet_options(table))
    (draft / "run.json").write_text(record, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def parts(directory: Path) -> dict[int, str]:
    """Runs that wait to be merged, with the record of each."""
    found = sorted((directory / _PARTS).glob("[0-9]*/run.json"))
    whole = [path for path in found if path.parent.name.isdigit()]
    return {int(path.parent.name): path.read_text(encoding="utf-8") for path in whole}


def clear_parts(directory: Path) -> None:
    """Remove what is merged, and what a killed process left half written."""
    shutil.rmtree(directory / _PARTS, ignore_errors=True)


# --- all runs ------------------------------------------------------------------------------------------------------


def table_path(directory: Path, table: str, fmt: Format) -> Path:
    """The file of a table."""
    return directory / f"{table}.{fmt}"


def found_format(directory: Path) -> Format | None:
    """The format of the tables that stand in a directory, or None when there are none."""
    return next((fmt for fmt in FORMATS if table_path(directory, "allegiance", fmt).exists()), None)


def read(directory: Path, table: str) -> pa.Table:
    """A table of a result directory, names as dictionary arrays (an empty table if the run made no such rows)."""
    fmt = found_format(directory)
    if fmt is None:
        raise InputError(f"{directory} holds no tables of a run.")
    return _read_file(table_path(directory, table, fmt), table, fmt)


def _read_file(path: Path, table: str, fmt: Format) -> pa.Table:
    coded = pa.schema([
        pa.field(f.name, pa.dictionary(pa.int32(), pa.string()) if f.type == pa.string() else f.type)
        for f in schema(table)
    ])  # fmt: skip
    try:
        if fmt == "csv":
            options = pa_csv.ConvertOptions(column_types=schema(table), strings_can_be_null=False)
            return pa_csv.read_csv(path, convert_options=options).cast(coded)
        # Chunks of one column may carry different dictionaries: unify them, so that a reader sees one.
        return pq.read_table(path, read_dictionary=_names(table)).cast(coded).unify_dictionaries()
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{path} can't be read as the table '{table}': {error}") from None


def _by_run(content: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    runs = content["run"].to_numpy()
    if not runs.size:
        return
    edges = [0, *(np.flatnonzero(runs[1:] != runs[:-1]) + 1).tolist(), runs.size]
    for start, stop in pairwise(edges):
        yield int(runs[start]), content.slice(start, stop - start)


def _old_runs(path: Path, table: str, fmt: Format) -> Iterator[tuple[int, pa.Table]]:
    """Each run that a table file already holds, one row group at a time."""
    if not path.exists():
        return
    if fmt == "csv":
        yield from _by_run(_read_file(path, table, fmt).cast(schema(table)))
        return
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield from _by_run(file.read_row_group(group).cast(schema(table)))


def _in_order(directory: Path, table: str, fmt: Format, keep: set[int]) -> Iterator[pa.Table]:
    """The rows of the runs to keep, in the order of runs, from the old file and from the parts."""
    waiting = sorted(keep & set(parts(directory)))
    fresh = set(waiting)

    def part(run: int) -> pa.Table:
        return pq.read_table(part_folder(directory, run) / f"{table}.parquet").cast(schema(table))

    for run, content in _old_runs(table_path(directory, table, fmt), table, fmt):
        while waiting and waiting[0] < run:
            yield part(waiting.pop(0))
        if run in keep and run not in fresh:
            yield content
    for run in waiting:
        yield part(run)


def _groups(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Gather runs into row groups that never cut a run."""
    held: list[pa.Table] = []
    for piece in pieces:
        held.append(piece)
        if sum(p.num_rows for p in held) >= _GROUP_ROWS:
            yield pa.concat_tables(held).combine_chunks()
            held = []
    if held:
        yield pa.concat_tables(held).combine_chunks()


def merge(directory: Path, fmt: Format, keep: set[int]) -> dict[str, int]:
    """Write every table of ``directory`` from its parts and its old tables; returns the rows of each table."""
    return {
        table: _write_table(table_path(directory, table, fmt), table, fmt, _in_order(directory, table, fmt, keep))
        for table in TABLES
    }


def _write_table(path: Path, table: str, fmt: Format, pieces: Iterable[pa.Table]) -> int:
    draft = path.with_name(f"{path.name}.tmp")
    rows = 0
    with _writer(draft, table, fmt) as writer:
        for group in _groups(pieces):
            if group.num_rows:
                rows += group.num_rows
                if fmt == "parquet":
                    writer.write_table(group, row_group_size=group.num_rows)
                else:
                    writer.write_table(group)
    os.replace(draft, path)
    return rows


def _writer(path: Path, table: str, fmt: Format) -> Any:
    if fmt == "csv":
        return pa_csv.CSVWriter(path, schema(table), write_options=pa_csv.WriteOptions(quoting_style="needed"))
    return pq.ParquetWriter(path, schema(table), **_write_parquet_options(table))


def write_tables(directory: Path, fmt: Format, tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Write whole tables at once (results held in memory); same bytes as :func:`merge` of the same rows."""
    return {
        table: _write_table(
            table_path(directory, table, fmt), table, fmt, (rows for _, rows in _by_run(content.cast(schema(table))))
        )
        for table, content in tables.items()
    }
