"""Which of the lenses' parameters move what the evidence asks: the axes of the table beside the calibrated ones.

A lens names parameters that no fit has set. Those that history as pinned answers to are axes of the reference table, so
that a lens is a smaller box in the same table. ``python -m analysis lens_axes`` runs each at both ends of what any lens
gives it, from two starting points and with the same seeds, and writes ``analysis/reference/lens_axes.csv``.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import sim
from analysis.evidence.contests import contests
from analysis.evidence.observe import days_asked, predict
from analysis.evidence.scores import Figures
from analysis.inference.calibrate import Axis, axes, last_day
from analysis.running.folders import REFERENCE
from analysis.running.simulate import Task, tables, workers

FILE = REFERENCE / "lens_axes.csv"
#: A parameter is an axis where its range moves targets by this much on the mean, or one of them by so much (points).
MOVES, MOST = 0.4, 3.0
AGENTS, SEED = 2_000, 1917


@dataclass(frozen=True)
class Lens:
    """A lens as the fit sees it: parameter -> (low, high) within which it holds it."""

    id: str
    ranges: Mapping[str, tuple[float, float]]


def lenses() -> tuple[Lens, ...]:
    """Every shipped lens, the neutral one first."""
    found = []
    for name in sim.shipped_lenses():
        read = sim.load_lens(name)
        ranges = {
            key: (prior.value if prior.low is None else prior.low, prior.value if prior.high is None else prior.high)
            for key, prior in read.parameters.items()
        }
        found.append(Lens(name, ranges))
    return tuple(sorted(found, key=lambda lens: (bool(lens.ranges), lens.id)))


def candidates() -> tuple[Axis, ...]:
    """Parameters that a lens names and no fit sets, over their declared ranges: what lenses hold of one lies often on
    one side of its default, so the reach of lenses alone would take sides."""
    fitted = {axis.name for axis in axes()}
    named = {name for lens in lenses() for name in lens.ranges} - fitted
    return tuple(
        Axis(d.name, d.low, d.high, d.default, d.scale == "log") for d in sim.DECLARATIONS.values() if d.name in named
    )


def reach(name: str) -> tuple[float, float]:
    """The least and the greatest that any lens gives a parameter."""
    spans = [lens.ranges[name] for lens in lenses() if name in lens.ranges]
    return min(low for low, _ in spans), max(high for _, high in spans)


def chosen() -> tuple[Axis, ...]:
    """The candidates that move what is asked, by the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        moves = {
            row["parameter"]: float(row["moves"]) >= MOVES or float(row["most"]) >= MOST for row in csv.DictReader(file)
        }
    strangers = [axis.name for axis in candidates() if axis.name not in moves]
    if strangers:
        raise sim.InputError(f"{FILE.name} knows nothing of {', '.join(strangers)}. Run python -m analysis lens_axes.")
    return tuple(axis for axis in candidates() if moves[axis.name])


def starts() -> tuple[dict[str, float], ...]:
    """Two points to move from: the defaults, and the middle of each calibrated range."""
    return {}, {axis.name: axis.value(0.5) for axis in axes()}


def answers(task: Task) -> Figures:
    """A run's predictions for every contest: what moves them, whatever side they stand on."""
    return predict(tables(task), contests())


def screen(jobs: int) -> dict[str, tuple[float, float]]:
    """Parameter -> (mean over targets, greatest) of what its range moves, in points, from the start that moves more."""
    until, days = last_day(contests()), days_asked()
    with workers(jobs) as pool:
        waiting = {
            (axis.name, start, end): pool.submit(
                answers, Task(SEED, AGENTS, until, days=days, parameters=tuple({**point, axis.name: value}.items()))
            )
            for axis in candidates()
            for start, point in enumerate(starts())
            for end, value in enumerate(reach(axis.name))
        }
        done = {key: run.result() for key, run in waiting.items()}
    return {
        axis.name: max(moved(done[axis.name, start, 0], done[axis.name, start, 1]) for start in range(len(starts())))
        for axis in candidates()
    }


def moved(one: Figures, other: Figures) -> tuple[float, float]:
    """Mean and greatest difference between two predictions, over targets, in points."""
    gaps = [abs(figures[t] - other[c][t]) for c, figures in one.items() if c in other for t in figures if t in other[c]]
    return float(np.mean(gaps)), float(np.max(gaps))


def write(found: Mapping[str, tuple[float, float]], path: Path = FILE) -> None:
    """Keep what was found, most first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["parameter", "moves", "most"])
        out.writerows(
            [name, f"{m:.3f}", f"{most:.2f}"] for name, (m, most) in sorted(found.items(), key=lambda i: -i[1][0])
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis lens_axes", description=__doc__)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    given = parser.parse_args(arguments)
    write(screen(given.jobs))
    print(f"{len(chosen())} of {len(candidates())} parameters move what is asked: {FILE}")
