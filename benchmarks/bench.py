"""Speed and memory: ``make bench``, or ``python -m benchmarks --write`` to renew docs/benchmarks.md as well.

Everything runs on one core. Times are the best of a few repeats, because others may be using the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.mesa_twin import Twin
from benchmarks.workload import live, workload

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
PEOPLE = 20_000
SIZES = (2_000, 20_000)
#: Milliseconds a day at 20,000 people of kernels as first written and as they are now, measured in turns.
#: Only a change of one of them calls for measuring them again.
FASTER = (
    ("attitudes.relax_attitudes", 0.567, 0.267),
    ("attitudes.follow", 0.758, 0.227),
    ("soviet_power.relax_support", 0.524, 0.134),
    ("readiness.steel", 0.286, 0.139),
    ("demands.relax_demands", 0.201, 0.176),
    ("assemblies.pull_together", 0.192, 0.178),
)

Section = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def _best(repeats: int, work: Callable[[], Any]) -> float:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _python(*arguments: str, **environment: str) -> str:
    """Run Python on its own and return what it prints."""
    environment = {**os.environ, "NUMBA_NUM_THREADS": "1", **environment}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def _year(agents: int, days: int | None = None, **environment: str) -> dict[str, Any]:
    printed = _python("-m", "benchmarks.year", str(agents), *([] if days is None else [str(days)]), **environment)
    return json.loads(printed.splitlines()[-1])


def influence() -> Section:
    """The kernels of influence against the twin, in agent-steps a second."""
    columns, days = workload(PEOPLE), 100
    live(columns, 1)
    kernel = PEOPLE * days / _best(5, lambda: live(columns, days))
    twin = Twin(workload(PEOPLE))
    objects = PEOPLE / _best(3, twin.step)
    rows = [
        ("kernels on columns", f"{kernel / 1e6:,.1f} million"),
        ("Mesa, an object a person", f"{objects / 1e6:,.3f} million"),
        ("ratio", f"{kernel / objects:,.0f}"),
    ]
    return f"Influence: the same rule, {PEOPLE:,} people, one core", ("form", "agent-steps a second"), rows


def start_up() -> Section:
    """Imports, and compilation of the kernels without and with a cache."""
    rows = []
    for title, arguments in (
        ("Python alone", ("-c", "pass")),
        ("import sim", ("-c", "import sim")),
        ("october --help", ("-m", "sim.cli", "--help")),
        ("import sim.engine.model", ("-c", "import sim.engine.model")),
    ):
        rows.append((title, f"{_best(3, lambda a=arguments: _python(*a)):.2f} s"))
    with tempfile.TemporaryDirectory() as empty:
        cold = _year(2_000, 2, OCTOBER_CACHE_DIR=empty)
        warm = _year(2_000, 2, OCTOBER_CACHE_DIR=empty)
    for title, found in (("compiled afresh", cold), ("read from the cache", warm)):
        rows.append((f"founding and first day, kernels {title}", f"{found['founding'] + found['first day']:.2f} s"))
    return "Start", ("what", "time"), rows


def whole_year(years: list[dict[str, Any]]) -> Section:
    """A run from founding to the last day, and its memory."""
    rows = []
    for y in years:
        lived = y["first day"] + y["other days"]
        speed = y["agents"] * y["days"] / lived / 1e6
        rows.append(
            (f"{y['agents']:,}", f"{y['founding']:.2f} s", f"{lived:.2f} s", f"{speed:.2f} million")
            + (f"{y['bytes a person']:.0f} B", f"{y['peak MB']:.0f} MB")
        )
    heads = ("people", "founding", f"{years[0]['days']} days", "agent-days a second", "columns a person", "peak memory")
    return "The whole year, one run on one core", heads, rows


def phases(years: list[dict[str, Any]]) -> Section:
    """Where the time of a year goes, in the order of the day."""
    rows = [(name, *(f"{1000 * y['phases'][name]:,.0f} ms" for y in years)) for name in years[0]["phases"]]
    rows.append(("all phases", *(f"{1000 * sum(y['phases'].values()):,.0f} ms" for y in years)))
    return "The year by phase", ("phase", *(f"{y['agents']:,} people" for y in years)), rows


def faster() -> Section:
    """What changes of form have gained, kernel by kernel."""
    rows = [(name, f"{was:.3f} ms", f"{now:.3f} ms", f"{was / now:.1f}") for name, was, now in FASTER]
    return "What made the kernels faster", ("kernel, a day of 20,000 people", "first form", "now", "gain"), rows


def _least(found: list[dict[str, Any]]) -> dict[str, Any]:
    """The repeat that was disturbed least, with the best time of each phase."""
    best = dict(min(found, key=lambda y: y["first day"] + y["other days"]))
    best["phases"] = {name: min(y["phases"][name] for y in found) for name in best["phases"]}
    best["founding"] = min(y["founding"] for y in found)
    return best


def measure() -> list[Section]:
    """Every section of the page."""
    years = [_least([_year(agents) for _ in range(5)]) for agents in SIZES]
    return [influence(), start_up(), whole_year(years), phases(years), faster()]


NOTES = {
    "Influence": "Twin and kernels are proved equal in tests/test_mesa_twin.py. The aim was a ratio of 100.",
    "What made the kernels faster": (
        "Results are the same but for rounding. What a cell's people share is laid out once a cell and padded to whole "
        "vector lanes, and the sum over demands is unrolled (relax_attitudes). A polynomial exponential runs over all "
        "numbers in one pass instead of a library call a number, and gives the same bits on every machine (follow, "
        "relax_support, steel). The highest attitude is kept in a register (relax_support). Tried and dropped: "
        "parties padded in the people's own columns, tiles of people turned on their side, and numba's second "
        "vectoriser; none of them beat this."
    ),
}


def machine() -> str:
    """The machine in general words."""
    import numba
    import numpy

    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}; Python {platform.python_version()}, "
        f"numpy {numpy.__version__}, numba {numba.__version__}"
    )


def page(sections: list[Section]) -> str:
    """The sections as Markdown."""
    lines = ["# Benchmarks", "", "Written by `python -m benchmarks --write`; `make bench` prints the same tables.", ""]
    lines += [f"Machine: {machine()}. One core is used. Times are the best of a few repeats.", ""]
    for title, heads, rows in sections:
        lines += [f"## {title}", "", "| " + " | ".join(heads) + " |", "|---" + "|---:" * (len(heads) - 1) + "|"]
        lines += ["| " + " | ".join(row) + " |" for row in rows] + [""]
        lines += [line for key, note in NOTES.items() if title.startswith(key) for line in (note, "")]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md too")
    write = parser.parse_args().write
    sections = measure()
    console = Console()
    for title, heads, rows in sections:
        table = Table(title=title, title_justify="left")
        for i, head in enumerate(heads):
            table.add_column(head, justify="left" if i == 0 else "right")
        for row in rows:
            table.add_row(*row)
        console.print(table)
    if write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page(sections), encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")
    return 0
