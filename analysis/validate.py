"""The comparison with evidence: every scored contest beside the model, errors by split, the patterns of the year.

``validate`` runs a few seeds of the historical scenario and returns a :class:`Report`; ``tell`` prints it, ``write``
keeps it as ``validation.json``. Each time held-out figures are looked at outside a quick run, a line is added to
``analysis/targets/looks.csv``: a model tuned by looking is no longer tested by what it was shown.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from ruamel.yaml import YAML

import sim
from analysis import patterns, scores
from analysis.contests import TARGETS, Contest, contests
from analysis.observe import days_asked, predict
from analysis.patterns import PATTERNS
from analysis.scores import Figures, Line, Score
from analysis.simulate import Task, fingerprint, tables, workers
from analysis.verdicts import Verdict, judge
from analysis.year import Numbers

#: The ebb of spring 1918 is a pattern, so runs go on to the last day that the model has.
UNTIL = date(1918, 4, 30)
LOOKS = TARGETS / "looks.csv"
SIDES = ("calibrate", "validate", "context")
#: Which lines a goal is about.
PARTS: Mapping[str, Callable[[Line], bool]] = {
    "all": lambda line: True,
    "space": scores.in_space,
    "elections": scores.elections_over_time,
    "time": scores.over_time,
}


@dataclass(frozen=True)
class Setting:
    """What was run."""

    runs: int
    agents: int
    seed: int
    parameters: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Goal:
    """An error, and the mark it is measured by."""

    split: str
    of: str
    targets: str
    at_most: float
    score: Score

    @property
    def status(self) -> str:
        """``met``, ``not met``, or ``no contests``."""
        if self.score.n == 0:
            return "no contests"
        return "met" if self.score.error <= self.at_most else "not met"


@dataclass(frozen=True)
class Report:
    """A validation: lines by contest and target, contests that no table answers, goals, patterns."""

    setting: Setting
    model: str
    lines: tuple[Line, ...]
    unanswered: tuple[Contest, ...]
    goals: tuple[Goal, ...]
    verdicts: tuple[Verdict, ...]

    def side(self, split: str) -> tuple[Line, ...]:
        """The lines of one side."""
        return tuple(line for line in self.lines if line.contest.split == split)


@lru_cache(maxsize=1)
def marks() -> Mapping[str, Any]:
    """analysis/targets/passmarks.yaml."""
    found: Mapping[str, Any] = YAML(typ="safe", pure=True).load(
        (TARGETS / "passmarks.yaml").read_text(encoding="utf-8")
    )
    return found


def validate(setting: Setting, jobs: int, quiet: bool = False) -> Report:
    """Run the seeds and compare."""
    days = tuple(sorted({*days_asked(), *patterns.DAYS}))
    tasks = [
        Task(setting.seed + run, setting.agents, UNTIL, every=7, days=days, parameters=setting.parameters)
        for run in range(setting.runs)
    ]
    with _progress(len(tasks), quiet) as report, workers(jobs) as pool:
        found = []
        for waiting in [pool.submit(look, task) for task in tasks]:
            found.append(waiting.result())
            report()
    return compare(setting, [figures for figures, _ in found], [numbers for _, numbers in found])


def look(task: Task) -> tuple[Figures, dict[str, Numbers | None]]:
    """One run: its predictions and its patterns' numbers. Tables stay in the worker."""
    recorded = tables(task)
    return predict(recorded), patterns.measure(recorded)


def compare(setting: Setting, runs: Sequence[Figures], numbers: Sequence[Mapping[str, Numbers | None]]) -> Report:
    """The report on runs' predictions and patterns' numbers."""
    lines = tuple(scores.lines(contests(), runs))
    answered = {line.contest.id for line in lines}
    goals = [
        Goal(**mark, score=scores.score(chosen(lines, mark["split"], mark["of"]), mark["targets"]))
        for mark in marks()["scores"]
    ]
    verdicts = [judge(pattern, [run[pattern.id] for run in numbers]) for pattern in PATTERNS]
    unanswered = tuple(c for c in contests() if c.id not in answered)
    return Report(setting, fingerprint(), lines, unanswered, tuple(goals), tuple(verdicts))


def chosen(lines: Sequence[Line], split: str, of: str) -> list[Line]:
    """The lines of one side and part."""
    return [line for line in lines if line.contest.split == split and PARTS[of](line)]


# --- telling ----------------------------------------------------------------------------------------------------------


def tell(report: Report, console: Console) -> None:
    """Print everything: contests by side, errors against their marks, patterns."""
    s = report.setting
    console.print(f"{s.runs} runs of {s.agents:,} people, seed {s.seed}, model {report.model}. Points of a per cent.\n")
    for split in SIDES:
        if report.side(split):
            console.print(_lines_table(report, split))
            console.print()
    for contest in report.unanswered:
        console.print(f"not answered by the tables: {contest.title}, {contest.day} ({contest.split})")
    console.print(_goals_table(report))
    console.print()
    console.print(_patterns_table(report))


def _table(title: str, *headings: str, right: Sequence[str] = ()) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in right else "left", overflow="fold")
    return table


def _lines_table(report: Report, split: str) -> Table:
    lines = report.side(split)
    n = len({line.contest.id for line in lines})
    titles = {"context": f"Context: shown, neither fitted nor scored, {n} contests"}
    title = titles.get(split, f"{split.capitalize()}: {n} contests")
    numbers = ("evidence", "model", "spread", "difference")
    table = _table(title, "contest", "date", "of", "target", *numbers, "rows", right=numbers)
    last = ""
    for line in lines:
        c = line.contest
        head = ("", "", "") if c.id == last else (c.title, c.day.isoformat(), c.question.of)
        last = c.id
        off = "bold" if abs(line.difference) > marks()["explain_beyond"] else ""
        figures = (f"{line.observed:.1f}", f"{line.mean:.1f}", f"{line.spread:.1f}", f"{line.difference:+.1f}")
        table.add_row(*head, line.target, *figures[:3], Text(figures[3], off), " ".join(c.rows[line.target]))
    return table


def _goals_table(report: Report) -> Table:
    table = _table(
        "Mean absolute error, contests weighing alike",
        "side",
        "part",
        "of",
        "error",
        "mark",
        "n",
        "",
        right=("error", "mark", "n"),
    )
    for g in report.goals:
        error = "-" if math.isnan(g.score.error) else f"{g.score.error:.1f}"
        table.add_row(g.split, g.of, g.targets, error, f"{g.at_most:g}", str(g.score.n), g.status)
    return table


def _patterns_table(report: Report) -> Table:
    table = _table("Patterns of 1917", "", "pattern", "", "numbers", "rule")
    for v in report.verdicts:
        numbers = ", ".join(f"{name} {_short(value)}" for name, value in v.numbers.items())
        note = f" Not measured: {v.pattern.unmeasured}." if v.pattern.unmeasured else ""
        table.add_row(v.pattern.id, v.pattern.title, v.status, numbers, v.pattern.rule + "." + note)
    return table


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


# --- keeping ----------------------------------------------------------------------------------------------------------


def write(report: Report, folder: Path) -> Path:
    """Keep the report as ``validation.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "validation.json"
    path.write_text(json.dumps(as_dict(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def as_dict(report: Report) -> dict[str, Any]:
    """The report in plain JSON types; what is not a number is null."""
    s = report.setting
    return {
        "version": sim.__version__,
        "model": report.model,
        "runs": s.runs, "agents": s.agents, "seed": s.seed, "parameters": dict(s.parameters),
        "contests": [
            {"contest": line.contest.id, "title": line.contest.title, "group": line.contest.group,
             "date": line.contest.day.isoformat(), "split": line.contest.split, "of": line.contest.question.of,
             "target": line.target, "rows": list(line.contest.rows[line.target]), "evidence": _plain(line.observed),
             "model": _plain(line.mean), "spread": _plain(line.spread), "difference": _plain(line.difference)}
            for line in report.lines
        ],
        "unanswered": [c.id for c in report.unanswered],
        "scores": [
            {"split": g.split, "of": g.of, "targets": g.targets, "error": _plain(g.score.error), "n": g.score.n,
             "at_most": g.at_most, "status": g.status} for g in report.goals
        ],
        "patterns": [
            {"id": v.pattern.id, "title": v.pattern.title, "source": v.pattern.source, "rule": v.pattern.rule,
             "status": v.status, "numbers": {k: _plain(n) for k, n in v.numbers.items()},
             "unmeasured": v.pattern.unmeasured} for v in report.verdicts
        ],
    }  # fmt: skip


def _plain(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None


def log_look(report: Report, path: Path = LOOKS, today: date | None = None) -> int:
    """Add a look at held-out figures to the log; returns how many have been taken so far."""
    new = not path.is_file()
    looked = len({line.contest.id for line in report.side("validate")})
    goal = next(g for g in report.goals if (g.split, g.of, g.targets) == ("validate", "all", "bolshevik"))
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            if new:
                out.writerow(["date", "version", "model", "contests", "runs", "agents", "bolshevik_error"])
            s = report.setting
            error = f"{goal.score.error:.2f}"
            out.writerow([today or date.today(), sim.__version__, report.model, looked, s.runs, s.agents, error])
    except OSError as wrong:
        raise sim.InputError(
            f"the look can't be logged in {path}: {wrong.strerror}. Use --no-log-look where the package is read-only."
        ) from None
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


@contextmanager
def _progress(total: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """A bar of runs, on a terminal only, on standard error."""
    from rich import progress as rich

    console = Console(stderr=True)
    columns = (rich.TextColumn("validate"), rich.BarColumn(), rich.MofNCompleteColumn(), rich.TextColumn("runs"),
               rich.TimeElapsedColumn(), rich.TextColumn("left"), rich.TimeRemainingColumn())  # fmt: skip
    with rich.Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("validate", total=total)
        yield lambda: bar.advance(task)
