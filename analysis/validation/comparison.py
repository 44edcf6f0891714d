"""The comparison with evidence: every scored contest beside the model, errors, intervals, CRPS, rivals, patterns.

``validate`` runs the historical scenario, once with each of some sets of the shipped posterior (or, for a quick look,
a few times with the declared parameters), and returns a :class:`Report`. :mod:`analysis.validation.told` prints it,
:mod:`analysis.validation.kept` writes it as ``validation.json``. Each time held-out figures are looked at, a line is
added to ``analysis/targets/looks.csv``: a model tuned by looking is no longer tested by what it was shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

import sim
from analysis.evidence import patterns, scores
from analysis.evidence.contests import MEMBERS, Contest, apart, contests
from analysis.evidence.observe import days_asked, predict
from analysis.evidence.patterns import PATTERNS
from analysis.evidence.scores import PARTS, Figures, Line, Score
from analysis.evidence.verdicts import Verdict, all_marks, judge
from analysis.evidence.year import Numbers
from analysis.running.folders import TARGETS
from analysis.running.progress import progress
from analysis.running.simulate import Task, fingerprint, tables, workers
from analysis.validation import baselines, hindcast, leave_out
from analysis.validation.forecasts import Forecast, Proper, gain, mixture, proper, reliability
from analysis.validation.foresight import Discrepant
from analysis.validation.looks import LOOKS, note_look

#: The ebb of spring 1918 is a pattern, so runs go on to the last day that the model has.
UNTIL = date(1918, 4, 30)
SIDES = ("calibrate", "validate", "context")
#: Sets of the posterior that are run unless more are asked for.
SETS = 40
#: The side that is foreseen, and what of it CRPS is told for.
HELD_BACK: Literal["validate"] = "validate"
TARGETED = ("bolshevik", "families", "motions")


@dataclass(frozen=True)
class Draw:
    """One set of parameters, changes to the declared values."""

    name: str
    values: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Setting:
    """What was run: each draw once, or ``runs`` runs with ``parameters`` where there are no draws.

    ``source`` says which file the draws come from, out of how many, and who made it; ``made_for`` which behaviour of
    the model they were found with.
    """

    runs: int
    agents: int
    seed: int
    parameters: tuple[tuple[str, float], ...] = ()
    draws: tuple[Draw, ...] = ()
    source: str = ""
    made_for: str = ""


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
    """A validation: lines by contest and target, contests that no table answers, goals, patterns.

    With draws of the posterior also forecasts by line, the rivals' forecasts of the contests held back, what was kept
    of leaving groups out and of the hindcast, and which behaviour the model now has.
    """

    setting: Setting
    model: str
    lines: tuple[Line, ...]
    unanswered: tuple[Contest, ...]
    goals: tuple[Goal, ...]
    verdicts: tuple[Verdict, ...]
    forecasts: tuple[Forecast, ...] = ()
    rivals: Mapping[str, tuple[Forecast, ...]] = field(default_factory=dict)
    left_out: Mapping[str, Any] | None = None
    hindcast: Mapping[str, Any] | None = None
    behaves: str = ""

    def stale(self) -> list[str]:
        """What was made with another behaviour of the model than it has now."""
        made = {
            "the sets of parameters": self.setting.made_for,
            "the groups left out": (self.left_out or {}).get("model", ""),
            "the hindcast": (self.hindcast or {}).get("model", ""),
        }
        return [f"{name} ({model})" for name, model in made.items() if self.behaves and model and model != self.behaves]

    def side(self, split: str) -> tuple[Line, ...]:
        """The lines of one side."""
        return tuple(line for line in self.lines if line.contest.split == split)

    def forecast(self, contest: str, target: str) -> Forecast | None:
        """The forecast of a line, if there is one."""
        return next((f for f in self.forecasts if (f.contest.id, f.target) == (contest, target)), None)

    def foreseen(self, split: str = HELD_BACK, of: str = "all", who: str = leave_out.MODEL) -> list[Forecast]:
        """Forecasts of the model or a rival on one side and part."""
        found = self.forecasts if who == leave_out.MODEL else self.rivals.get(who, ())
        return [f for f in found if f.contest.split == split and PARTS[of](f)]

    def proper(self, targets: str, split: str = HELD_BACK, of: str = "all", who: str = leave_out.MODEL) -> Proper:
        """Scores of the model or a rival."""
        return proper(self.foreseen(split, of, who), targets)

    def gain(self, rival: str, targets: str, of: str = "all") -> tuple[float, float, float]:
        """How much lower the model's CRPS is than a rival's on the contests held back: mean, low, high."""
        return gain(self.foreseen(HELD_BACK, of), self.foreseen(HELD_BACK, of, rival), targets)

    def reliability(self, targets: str, split: str = HELD_BACK) -> list[tuple[float, float, int]]:
        """Nominal level, share held, n."""
        return reliability(self.foreseen(split), targets)

    def far_off(self) -> list[Line]:
        """Lines off by more than needs an explanation, worst first; members, by a factor, are not among them."""
        beyond = marks()["explain_beyond"]
        found = [line for line in self.lines if not line.target.startswith(MEMBERS) and abs(line.difference) > beyond]
        return sorted(found, key=lambda line: -abs(line.difference))


def marks() -> Mapping[str, Any]:
    """analysis/targets/passmarks.yaml."""
    return all_marks()


@lru_cache(maxsize=1)
def explanations() -> Mapping[str, str]:
    """Contest -> why the model misses it: analysis/targets/explanations.yaml."""
    text = (TARGETS / "explanations.yaml").read_text(encoding="utf-8")
    return {str(k): str(v) for k, v in YAML(typ="safe", pure=True).load(text).items()}


def over_sets(
    agents: int, seed: int, wanted: str = "posterior", lens: str | None = None, most: int = SETS
) -> Setting:  # fmt: skip
    """A setting of one run with each of some sets, spread evenly over a file. Raises :class:`sim.InputError`."""
    every = sim.parameter_sets(wanted)
    sets = every.of(lens)
    step = max(1.0, len(sets) / most)
    chosen = [sets[int(i * step)] for i in range(min(most, len(sets)))]
    about = every.about
    told = f"{len(chosen)} of {len(sets)} sets of '{sets[0].lens}' in {every.file}"
    if about is not None:
        told += f", made by `{about.made_by}` from {about.runs:,} runs on {about.made_on} for model {about.model}"
        told += " (provisional)" if about.provisional else ""
    draws = tuple(Draw(one.id, tuple(sorted(one.values.items()))) for one in chosen)
    return Setting(1, agents, seed, draws=draws, source=told, made_for=about.model if about else "")


def shipped_discrepancy() -> Discrepant:
    """The model's discrepancy as estimated with the shipped sets."""
    from analysis.inference import posterior

    return posterior.shipped_discrepancy()


def validate(setting: Setting, jobs: int, quiet: bool = False) -> Report:
    """Run and compare."""
    tasks = _tasks(setting)
    with progress(len(tasks), "validate", quiet) as report, workers(jobs) as pool:
        found = []
        for waiting in [pool.submit(look, task) for task in tasks]:
            found.append(waiting.result())
            report()
    figures, numbers = [f for f, _ in found], [n for _, n in found]
    if not setting.draws:
        return compare(setting, figures, numbers)
    from analysis.inference.reference import behaviour

    return replace(compare(setting, figures, numbers, shipped_discrepancy()), behaves=behaviour())


def _tasks(setting: Setting) -> list[Task]:
    days = tuple(sorted({*days_asked(), *patterns.DAYS}))
    changes = [draw.values for draw in setting.draws] or [setting.parameters] * setting.runs
    return [
        Task(setting.seed + run, setting.agents, UNTIL, every=7, days=days, parameters=parameters)
        for run, parameters in enumerate(changes)
    ]


def look(task: Task) -> tuple[Figures, dict[str, Numbers | None]]:
    """One run: its predictions and its patterns' numbers. Tables stay in the worker."""
    recorded = tables(task)
    return predict(recorded), patterns.measure(recorded)


def compare(
    setting: Setting, runs: Sequence[Figures], numbers: Sequence[Mapping[str, Numbers | None]],
    discrepancy: Discrepant | None = None,
) -> Report:  # fmt: skip
    """The report on runs' predictions and patterns' numbers; with a discrepancy, one with forecasts."""
    every = (*contests(), *apart())
    lines = tuple(scores.lines(every, runs))
    answered = {line.contest.id for line in lines}
    goals = [
        Goal(**mark, score=scores.score(chosen(lines, mark["split"], mark["of"]), mark["targets"]))
        for mark in marks()["scores"]
    ]
    least = marks()["share_of_sets"] if setting.draws else None
    verdicts = [judge(pattern, [run[pattern.id] for run in numbers], least) for pattern in PATTERNS]
    unanswered = tuple(c for c in every if c.id not in answered)
    plain = Report(setting, fingerprint(), lines, unanswered, tuple(goals), tuple(verdicts))
    return plain if discrepancy is None else _with_forecasts(plain, runs, discrepancy)


def _with_forecasts(report: Report, runs: Sequence[Figures], discrepancy: Discrepant) -> Report:
    """With forecasts by line, rivals, and what was kept of leaving groups out and of the hindcast."""
    made = []
    for line in report.lines:
        if not line.target.startswith(MEMBERS):
            values = [run[line.contest.id][line.target] for run in runs]
            spread = [float(discrepancy.sd(line.contest, value)) for value in values]
            made.append(mixture(line.contest, line.target, values, spread))
    held = [c for c in contests(HELD_BACK) if c.id in {f.contest.id for f in made}]
    rivals = {name: tuple(baselines.forecasts(name, contests("calibrate"), held)) for name in baselines.BASELINES}
    kept = leave_out.read(), leave_out.read(hindcast.SHIPPED)
    return replace(report, forecasts=tuple(made), rivals=rivals, left_out=kept[0], hindcast=kept[1])


def chosen(lines: Sequence[Line], split: str, of: str) -> list[Line]:
    """The lines of one side and part."""
    return [line for line in lines if line.contest.split == split and PARTS[of](line)]


def log_look(report: Report, path: Path = LOOKS, today: date | None = None, must: bool = True) -> int | None:
    """Note the look that a report is (see :func:`analysis.validation.looks.note_look`)."""
    looked = len({line.contest.id for line in report.side(HELD_BACK)})
    goal = next(g for g in report.goals if (g.split, g.of, g.targets) == (HELD_BACK, "all", "bolshevik"))
    s = report.setting
    by, runs = "sets" if s.draws else "given" if s.parameters else "declared", len(s.draws) or s.runs
    return note_look((report.model, looked, runs, s.agents, by, goal.score.error), path, today, must)
