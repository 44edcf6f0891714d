"""The reference table: thousands of runs of history over the prior box, kept, so that inference needs no more runs.

A row is a point of the unit cube (one axis a calibrated parameter, or one that the lenses differ on), a seed, the run's
prediction for every contest, and other outputs. In wave 1 the point is a pure function of (seed, index): a scrambled
Sobol sequence over the declared ranges. Later waves read a design that :mod:`analysis.inference.matching` wrote. Every
twentieth row repeats the point before it with another seed: what chance does at this size.

``python -m analysis reference --runs 2500`` appends in chunks to a working folder and can be stopped and taken up;
``--ship`` writes the table of the repository. A table belongs to one behaviour of the model (:func:`behaviour`): a
comment or a speed-up does not void it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.evidence.contests import Contest, apart, contests
from analysis.evidence.observe import days_asked, predict
from analysis.evidence.outputs import DAYS, outputs
from analysis.inference import lens_axes
from analysis.inference.calibrate import Axis, axes, last_day
from analysis.running.folders import REFERENCE
from analysis.running.plainly import plainly
from analysis.running.simulate import Task, tables, workers

Floats = NDArray[np.float64]
SHIPPED = REFERENCE / "table.parquet"
SEED, AGENTS = 1917, 2_000
#: Every so many rows one repeats the point before it with another seed.
REPEAT = 20
#: Waves from this one on are candidates of the posterior, a lens a wave.
FIRST_OF_CANDIDATES = 10
#: Rows of a chunk: what an interruption may cost.
CHUNK = 32
#: Coordinates are multiples of one part in so many, so that a stored point is the point that was run.
STEPS = 1 << 16
#: Short years whose predictions tell one behaviour of the model from another.
FINGERPRINT_RUNS, FINGERPRINT_AGENTS = 3, 1_500


def all_axes() -> tuple[Axis, ...]:
    """The axes of the table: the calibrated parameters, then those on which lenses differ and history answers to."""
    return (*axes(), *lens_axes.chosen())


def values(over: Sequence[Axis], point: Floats) -> dict[str, float]:
    """A point of the unit cube [D] as parameters, to six digits."""
    return {
        a.name: min(max(float(f"{a.value(u):.6g}"), a.low), a.high) for a, u in zip(over, point.tolist(), strict=True)
    }


# --- points -----------------------------------------------------------------------------------------------------------


def sobol(dimensions: int, count: int, seed: int = SEED) -> Floats:
    """The first ``count`` points [count, D] of a scrambled Sobol sequence: the same for any larger count."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng([seed, dimensions]))
    return np.asarray(sequence.random_base2(max(1, math.ceil(math.log2(max(count, 2)))))[:count], dtype=np.float64)


def on_steps(points: Floats) -> Floats:
    """Points moved to the middle of the step of :data:`STEPS` in which they lie."""
    return (np.clip(np.floor(points * STEPS), 0, STEPS - 1) + 0.5) / STEPS


def place_of(index: int) -> int:
    """Which point of the design a row runs: every :data:`REPEAT`-th row repeats the one before it."""
    repeats = (index + 1) // REPEAT
    return index - repeats


def run_seed(seed: int, wave: int, index: int) -> int:
    """The seed of a row's run: a pure function of the table's seed, wave and row; no two rows of a table share one."""
    return seed + 1_000_000 * wave + index


@dataclass(frozen=True)
class Plan:
    """The rows of a wave: points [rows, D] and seeds [rows]."""

    over: tuple[Axis, ...]
    wave: int
    points: Floats
    seeds: tuple[int, ...]


def plan(wave: int, rows: int, over: tuple[Axis, ...], design: Floats | None = None, seed: int = SEED) -> Plan:
    """The first rows of a wave. Wave 1 covers the cube; a later one takes its ``design`` [points, D], in order."""
    needed = place_of(rows - 1) + 1 if rows else 0
    if design is None:
        design = sobol(len(over), needed, seed)
    if len(design) < needed:
        raise sim.InputError(f"the design of wave {wave} has {len(design)} points; {rows} runs need {needed}.")
    places = [place_of(i) for i in range(rows)]
    return Plan(over, wave, on_steps(design)[places], tuple(run_seed(seed, wave, i) for i in range(rows)))


def asked() -> tuple[Contest, ...]:
    """Every contest in per cent, whatever its side; those that count members are outputs."""
    return tuple(c for c in (*contests(), *apart()) if c.question.form != "members")


# --- a row ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One run: contest -> target -> per cent, other outputs, and what went wrong ('' if nothing did)."""

    predictions: Mapping[str, Mapping[str, float]]
    outputs: Mapping[str, float]
    error: str = ""


def row(task: Task) -> Row:
    """Run it. A run that fails is a row that says so."""
    try:
        recorded = tables(task)
        return Row(predict(recorded, asked()), outputs(recorded))
    except Exception as error:
        return Row({}, {}, f"{type(error).__name__}: {error}"[:200])


def task(over: Sequence[Axis], point: Floats, seed: int, agents: int = AGENTS) -> Task:
    """The run of a point."""
    days = tuple(sorted({*days_asked(), *DAYS}))
    return Task(seed, agents, last_day(asked()), days=days, parameters=tuple(values(over, point).items()))


def behaviour(over: tuple[Axis, ...] | None = None) -> str:
    """What the model does, as 12 letters: a hash of its predictions at fixed points of the cube, to a tenth of a point.

    Code that gives the same figures has the same behaviour. Some seconds.
    """
    return _behaviour(over or all_axes())


@lru_cache(maxsize=2)
def _behaviour(over: tuple[Axis, ...]) -> str:
    whole = hashlib.sha256()
    points = np.vstack([np.full(len(over), 0.5), sobol(len(over), FINGERPRINT_RUNS - 1)])
    for number, point in enumerate(points):
        figures = predict(tables(task(over, on_steps(point), 7 + number, FINGERPRINT_AGENTS)), asked())
        plain = {c: {t: f"{v:.1f}" for t, v in f.items()} for c, f in figures.items()}
        whole.update(json.dumps(plain, sort_keys=True).encode())
    return whole.hexdigest()[:12]


# --- the table --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """The table: a row a run. Predictions and outputs are NaN where the run gives no answer.

    ``points`` [N, D] in the unit cube, ``seeds`` [N], ``waves`` [N], ``targets`` (contest, target) for each column of
    ``predictions`` [N, T] in per cent, ``measures`` names the columns of ``outputs`` [N, K].
    """

    axes: tuple[Axis, ...]
    points: Floats
    seeds: NDArray[np.int64]
    waves: NDArray[np.int64]
    targets: tuple[tuple[str, str], ...]
    predictions: Floats
    measures: tuple[str, ...]
    outputs: Floats
    behaviour: str
    agents: int

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters, one a column of ``points``."""
        return tuple(axis.name for axis in self.axes)

    def keep(self, rows: NDArray[Any]) -> Reference:
        """The table of some rows (indices or a mask)."""
        parts = {name: getattr(self, name)[rows] for name in ("points", "seeds", "waves", "predictions", "outputs")}
        return Reference(**{**self.__dict__, **parts})

    def column(self, contest: str, target: str) -> int:
        """The column of a target."""
        return self.targets.index((contest, target))

    def output(self, measure: str) -> Floats:
        """The column [N] of an output."""
        return np.asarray(self.outputs[:, self.measures.index(measure)])

    def repeats(self) -> NDArray[np.int64]:
        """Pairs of rows [R, 2] that ran the same point with different seeds."""
        _, first, which = np.unique(self.points, axis=0, return_index=True, return_inverse=True)
        own = first[which.reshape(-1)]
        rows = np.flatnonzero(own != np.arange(len(own)))
        return np.stack([own[rows], rows], axis=1)

    def noise(self) -> Floats:
        """What chance does to a target in one run: standard deviation [T] in points, pooled over repeated points."""
        pairs = self.repeats()
        gap = self.predictions[pairs[:, 0]] - self.predictions[pairs[:, 1]]
        return np.asarray(np.sqrt(np.nanmean(gap**2, axis=0) / 2.0))


def load(path: Path | None = None) -> Reference:
    """A stored table; the shipped one without a path. Raises :class:`sim.InputError` where there is none."""
    import pyarrow.parquet as parquet

    path = path or SHIPPED
    if not path.is_file():
        raise sim.InputError(f"there is no reference table at {path}. Make one: python -m analysis reference.")
    return _table([parquet.read_table(path)])


def _table(parts: Sequence[Any]) -> Reference:
    """One table of parts, in the order of wave and row."""
    import pyarrow

    notes = json.loads(parts[0].schema.metadata[b"reference"])
    together = pyarrow.concat_tables(parts, promote_options="default")
    columns = together.column_names
    whole = {name: together[name].to_numpy() for name in columns}
    order = np.lexsort((whole["seed"], whole["wave"]))
    known = [tuple(name.split("|")[1:]) for name in columns if name.startswith("target|")]
    targets = tuple((c.id, t) for c in asked() for t in c.observed if (c.id, t) in known)
    measures = tuple(sorted(name.removeprefix("output|") for name in columns if name.startswith("output|")))
    over = tuple(Axis(**axis) for axis in notes["axes"])

    def matrix(names: Sequence[str]) -> Floats:
        return np.array([whole[name][order] for name in names], dtype=np.float64).reshape(len(names), len(order)).T

    return Reference(
        over,
        (matrix([f"axis|{axis.name}" for axis in over]) + 0.5) / STEPS,
        whole["seed"][order].astype(np.int64),
        whole["wave"][order].astype(np.int64),
        targets,
        matrix([f"target|{c}|{t}" for c, t in targets]),
        measures,
        matrix([f"output|{m}" for m in measures]),
        notes["behaviour"],
        notes["agents"],
    )


def write(table: Reference, path: Path) -> None:
    """Keep a table: predictions to a tenth of a point, outputs to one part in 500."""
    _write(_columns(table), _notes(table.axes, table.behaviour, table.agents), path)


def _columns(table: Reference) -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {"wave": table.waves.astype(np.int16), "seed": table.seeds.astype(np.int32)}
    for name, column in zip(table.names, table.points.T, strict=True):
        found[f"axis|{name}"] = np.floor(column * STEPS).astype(np.uint16)
    for (contest, target), column in zip(table.targets, table.predictions.T, strict=True):
        found[f"target|{contest}|{target}"] = np.round(column, 1).astype(np.float32)
    for name, column in zip(table.measures, table.outputs.T, strict=True):
        found[f"output|{name}"] = _short(column)
    return found


def _short(column: Floats) -> NDArray[np.float32]:
    """To one part in 500, so that a table stays small; whole numbers up to 512 stay as they are."""
    mantissa, exponent = np.frexp(column)
    return np.ldexp(np.round(mantissa * 512.0) / 512.0, exponent).astype(np.float32)


def _notes(over: tuple[Axis, ...], behaves: str, agents: int) -> dict[str, Any]:
    return {"axes": [asdict(axis) for axis in over], "behaviour": behaves, "agents": agents, "version": sim.__version__}


def _write(columns: Mapping[str, NDArray[Any]], notes: Mapping[str, Any], path: Path) -> None:
    import pyarrow
    import pyarrow.parquet as parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    table = pyarrow.table(dict(columns)).replace_schema_metadata({"reference": json.dumps(notes)})
    draft = path.with_suffix(".part")
    parquet.write_table(table, draft, compression="zstd", compression_level=19, use_dictionary=True)
    draft.replace(path)


# --- running ----------------------------------------------------------------------------------------------------------


class Work:
    """A working folder: chunks of finished rows, of one behaviour of the model."""

    def __init__(self, folder: Path, over: tuple[Axis, ...], behaves: str, agents: int = AGENTS):
        self.folder, self.over, self.behaves, self.agents = folder, over, behaves, agents

    def design(self, wave: int) -> Floats | None:
        """The points of a later wave [points, D]; None for the first."""
        if wave == 1:
            return None
        path = self.folder / f"design_{wave}.npy"
        if not path.is_file():
            raise sim.InputError(f"there is no design at {path}. Make one: python -m analysis matching --wave {wave}.")
        return np.asarray(np.load(path), dtype=np.float64)

    def done(self, wave: int) -> set[int]:
        """Rows that are on file. Raises :class:`sim.InputError` for those of another behaviour or other axes."""
        found: set[int] = set()
        for path in self._chunks(wave):
            self._same(path)
            first, last = path.stem.split("_")[1:]
            found |= set(range(int(first), int(last) + 1))
        return found

    def keep(self, chosen: Plan, indices: Sequence[int], rows: Sequence[Row]) -> None:
        """Write finished rows that stand one after the other."""
        targets = tuple(dict.fromkeys((c, t) for r in rows for c, f in r.predictions.items() for t in f))
        measures = tuple(sorted({name for r in rows for name in r.outputs}))
        table = Reference(
            self.over,
            chosen.points[list(indices)],
            np.array([chosen.seeds[i] for i in indices]),
            np.full(len(rows), chosen.wave),
            targets,
            np.array([[r.predictions.get(c, {}).get(t, np.nan) for c, t in targets] for r in rows]).reshape(
                len(rows), len(targets)
            ),
            measures,
            np.array([[r.outputs.get(m, np.nan) for m in measures] for r in rows]).reshape(len(rows), len(measures)),
            self.behaves,
            self.agents,
        )
        name = f"rows_{indices[0]:06d}_{indices[-1]:06d}.parquet"
        write(table, self.folder / f"wave_{chosen.wave}" / name)

    def gather(self) -> Reference:
        """All finished rows of all waves."""
        import pyarrow.parquet as parquet

        paths = self._chunks()
        if not paths:
            raise sim.InputError(f"no rows in {self.folder}.")
        for path in paths:
            self._same(path)
        return _table([parquet.read_table(path) for path in paths])

    def _chunks(self, wave: int | None = None) -> list[Path]:
        return sorted(self.folder.glob(f"wave_{wave or '*'}/rows_*.parquet"))

    def _same(self, path: Path) -> None:
        import pyarrow.parquet as parquet

        notes = json.loads(parquet.read_schema(path).metadata[b"reference"])
        mine = json.loads(json.dumps(_notes(self.over, self.behaves, self.agents)))
        if any(notes[key] != mine[key] for key in ("axes", "behaviour", "agents")):
            raise sim.InputError(
                f"{path} was run by a model that behaves otherwise, or over other axes. "
                "Choose another --out, or remove it."
            )


def run(work: Work, chosen: Plan, jobs: int, tell: Callable[[str], None]) -> int:
    """Run what is missing of a plan, chunk by chunk; gives how many runs failed."""
    missing = sorted(set(range(len(chosen.points))) - work.done(chosen.wave))
    failed, finished, began = 0, 0, time.monotonic()
    chunks = list(_in_a_row(missing, CHUNK))
    with workers(jobs) as pool:

        def start(indices: Sequence[int]) -> list[Any]:
            tasks = [task(chosen.over, chosen.points[i], chosen.seeds[i], work.agents) for i in indices]
            return [pool.submit(row, one) for one in tasks]

        waiting = [start(chunk) for chunk in chunks[:2]]
        for number, chunk in enumerate(chunks):
            rows = [run.result() for run in waiting.pop(0)]
            if number + 2 < len(chunks):
                waiting.append(start(chunks[number + 2]))
            work.keep(chosen, chunk, rows)
            failed += sum(1 for r in rows if r.error)
            finished += len(chunk)
            pace = (time.monotonic() - began) / finished
            left = pace * (len(missing) - finished) / 60.0
            wrong = f", {failed} failed: {next((r.error for r in rows if r.error), '')}" if failed else ""
            tell(f"wave {chosen.wave}: {finished} of {len(missing)}, {pace:.2f} s a run, {left:.0f} min left{wrong}")
    return failed


def _in_a_row(indices: Sequence[int], most: int) -> Iterator[list[int]]:
    """Indices in groups of neighbours, at most so many."""
    group: list[int] = []
    for index in indices:
        if group and (index != group[-1] + 1 or len(group) == most):
            yield group
            group = []
        group.append(index)
    if group:
        yield group


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis reference", description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=0, help="rows of the wave that should be there in the end")
    parser.add_argument("--wave", type=int, default=1, help="1 covers the prior box; later ones read their design")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--out", type=Path, default=Path("results") / "reference", help="working folder")
    parser.add_argument("--ship", action="store_true", help=f"write {SHIPPED.name} of the repository from the folder")
    parser.add_argument("--check", action="store_true", help="say whether the model still behaves as the shipped table")
    given = parser.parse_args(arguments)
    with plainly(f"interrupted; {given.out} keeps what was done, the same command continues."):
        _command(given)


def _command(given: argparse.Namespace) -> None:
    if given.check:
        table = load()
        same = table.behaviour == behaviour(table.axes)
        print(f"{len(table.points)} runs; the model {'still behaves as it did' if same else 'behaves otherwise now'}")
        return
    over = all_axes()
    work = Work(given.out, over, behaviour(over))
    if given.runs > 0:
        chosen = plan(given.wave, given.runs, over, work.design(given.wave))
        run(work, chosen, given.jobs, lambda line: print(line, file=sys.stderr, flush=True))
    table = work.gather()
    path = SHIPPED if given.ship else given.out / "table.parquet"
    write(table, path)
    size = path.stat().st_size / 1e6
    print(f"{len(table.points)} runs over {len(over)} axes, model {table.behaviour}: {path} ({size:.1f} MB)")
