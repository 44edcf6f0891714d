"""The fit: CMA-ES over the parameters declared as calibrated, to the contests on the calibrate side, and those alone.

The objective is in points: a Huber error of each target, weighted within its contest (Bolshevik share and motions
count in full, other families less), averaged over contests that weigh alike, plus a mild pull to the middle of each
parameter's declared range. Several restarts from seeded points give several modes. Every evaluation is a row of the
history; the search is a pure function of its seed, so an interrupted fit is taken up by replaying its history.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

import sim
from analysis.evidence.contests import FOR, Contest, contests
from analysis.evidence.observe import days_asked, predict
from analysis.evidence.scores import Figures, lines, score
from analysis.running.progress import progress
from analysis.running.simulate import Task, fingerprint, tables, workers

Floats = NDArray[np.float64]
#: Weight of a target within its contest.
WEIGHTS: Mapping[str, float] = {"bolshevik": 1.0, FOR: 1.0, "bolshevik+menshevik": 0.7}
OTHER_FAMILY = 0.35
#: Errors under this (points) count by their square: run-to-run noise at 2,000 people is about as large.
HUBER = 3.0
#: A contest that a run can't answer counts as missed by this much (points).
UNANSWERED = 50.0
#: Points that it costs to move every parameter a quarter of its range from the middle.
PRIOR = 0.3
#: First step of the search, in ranges.
FIRST_STEP = 0.2


# --- what is fitted ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """One parameter on the unit interval: linear, or linear in the logarithm."""

    name: str
    low: float
    high: float
    default: float
    log: bool

    def value(self, unit: float) -> float:
        """The parameter at a point of 0..1; always inside its range."""
        unit = min(max(float(unit), 0.0), 1.0)
        if self.log:
            found = math.exp(math.log(self.low) + unit * (math.log(self.high) - math.log(self.low)))
        else:
            found = self.low + unit * (self.high - self.low)
        return min(max(found, self.low), self.high)

    def unit(self, value: float) -> float:
        """The point of 0..1 at which the parameter has this value."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


def axes() -> tuple[Axis, ...]:
    """The calibrated parameters as axes, in the order of the day."""
    return tuple(Axis(d.name, d.low, d.high, d.default, d.scale == "log") for d in sim.calibrated())


class Objective:
    """Error of predictions against contests of the calibrate side. Holds no other contest, so it can't read one."""

    def __init__(self, fitted: Sequence[Contest]):
        strangers = [c.id for c in fitted if c.split != "calibrate"]
        if strangers:
            raise ValueError(f"not to be fitted: {', '.join(strangers)}")
        self.contests = tuple(fitted)

    def error(self, runs: Sequence[Figures]) -> float:
        """Mean Huber error in points of the runs' mean prediction."""
        if not self.contests:
            raise ValueError("no contests to fit")
        return float(np.mean([self._contest(contest, runs) for contest in self.contests]))

    def _contest(self, contest: Contest, runs: Sequence[Figures]) -> float:
        total = weight = 0.0
        for target, observed in contest.observed.items():
            answers = [run.get(contest.id, {}).get(target) for run in runs]
            known = [a for a in answers if a is not None]
            missed = huber(float(np.mean(known)) - observed) if len(known) == len(runs) else UNANSWERED
            own = WEIGHTS.get(target, OTHER_FAMILY)
            total, weight = total + own * missed, weight + own
        return total / weight


def huber(error: float, delta: float = HUBER) -> float:
    """A quadratic under ``delta``, linear with slope 1 beyond; in points."""
    size = abs(error)
    return size * size / (2.0 * delta) if size <= delta else size - delta / 2.0


def prior(point: Floats) -> float:
    """What a point of the unit cube costs for lying off the middle, in points."""
    return PRIOR * float(np.mean(((point - 0.5) / 0.25) ** 2))


def objective() -> Objective:
    """The objective over the evidence's calibrate side."""
    return Objective(contests("calibrate"))


def last_day(fitted: Sequence[Contest]) -> date:
    """No run need go on beyond the last contest fitted."""
    return max(c.day for c in fitted)


def answers(task: Task) -> Figures:
    """One run's predictions for the contests that are fitted, and no others."""
    return predict(tables(task), contests("calibrate"))


# --- the search -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Setting:
    """What makes a fit the fit it is; the history keeps it, and only the same setting may go on with a history."""

    agents: int = 2_000
    runs: int = 2
    seed: int = 1917
    restarts: int = 3
    generations: int = 40
    population: int = 0

    def members(self, dimensions: int) -> int:
        """Points a generation: given, or the usual number for so many parameters."""
        return self.population or 4 + int(3 * math.log(max(dimensions, 1)))


@dataclass(frozen=True)
class Trial:
    """One evaluated point: the loss in points, and the Bolshevik error for the reader."""

    restart: int
    generation: int
    member: int
    loss: float
    bolshevik: float
    values: tuple[float, ...]


@dataclass
class Fit:
    """What a search found: the best trial of each restart, best first."""

    axes: tuple[Axis, ...]
    trials: list[Trial] = field(default_factory=list)

    @property
    def modes(self) -> list[Trial]:
        """The best trial of each restart, best first."""
        best: dict[int, Trial] = {}
        for trial in self.trials:
            if trial.restart not in best or trial.loss < best[trial.restart].loss:
                best[trial.restart] = trial
        return sorted(best.values(), key=lambda trial: trial.loss)


#: Points of a generation, as parameter values -> (loss without prior, Bolshevik error) of each.
Evaluate = Callable[[list[dict[str, float]]], list[tuple[float, float]]]


def search(
    over: tuple[Axis, ...],
    setting: Setting,
    evaluate: Evaluate,
    known: Sequence[Trial] = (),
    keep: Callable[[list[Trial]], None] = lambda trials: None,
) -> Fit:
    """Run every restart. Generations found in ``known`` are replayed, not evaluated; new ones go to ``keep``."""
    fit = Fit(over)
    done = {(t.restart, t.generation, t.member): t for t in known}
    for restart in range(setting.restarts):
        for generation, points, tell in _generations(over, setting, restart):
            values = [tuple(a.value(u) for a, u in zip(over, point, strict=True)) for point in points]
            keys = [(restart, generation, member) for member in range(len(points))]
            if all(key in done for key in keys):
                trials = [done[key] for key in keys]
                _same(trials, values)
            else:
                names = [a.name for a in over]
                found = evaluate([dict(zip(names, v, strict=True)) for v in values])
                trials = [
                    Trial(*key, loss + prior(point), bolshevik, v)
                    for key, v, point, (loss, bolshevik) in zip(keys, values, points, found, strict=True)
                ]
                keep(trials)
            fit.trials += trials
            tell([trial.loss for trial in trials])
    return fit


def _generations(
    over: tuple[Axis, ...], setting: Setting, restart: int
) -> Iterator[tuple[int, list[Floats], Callable[[list[float]], None]]]:
    """Generation, its points in the unit cube, and where to tell their losses. A pure function of seed and losses."""
    import cma

    draws = np.random.default_rng([setting.seed, restart])
    start = np.array([min(max(a.unit(a.default), 0.02), 0.98) for a in over])
    if restart > 0:
        start = draws.uniform(0.15, 0.85, len(over))
    options = {
        "bounds": [0.0, 1.0],
        "popsize": setting.members(len(over)),
        "seed": math.nan,
        "randn": lambda *shape: draws.standard_normal(shape),
        "maxiter": setting.generations,
        "verbose": -9,
    }
    strategy = cma.CMAEvolutionStrategy(start, FIRST_STEP, options)
    for generation in range(setting.generations):
        if strategy.stop():
            return
        points = [np.clip(np.asarray(p, dtype=np.float64), 0.0, 1.0) for p in strategy.ask()]
        yield generation, points, lambda losses, asked=points: strategy.tell(asked, losses)  # type: ignore[misc]


def _same(trials: Sequence[Trial], values: Sequence[tuple[float, ...]]) -> None:
    """A replayed generation must be the one that was evaluated."""
    if not np.allclose([t.values for t in trials], values, rtol=1e-9, atol=0.0):
        raise sim.InputError("the history was made by another search. Choose another name, or remove it.")


class Evaluator:
    """Evaluates points by running the model: ``setting.runs`` runs a point, over the pool's processes."""

    def __init__(self, pool: Any, setting: Setting, fitted: Objective, report: Callable[[], None]):
        self._pool, self._setting, self._objective, self._report = pool, setting, fitted, report
        self._until = last_day(fitted.contests)
        self._days = days_asked(fitted.contests)

    def __call__(self, points: list[dict[str, float]]) -> list[tuple[float, float]]:
        """(loss without prior, Bolshevik error) of each point; the same seeds for all, so that points compare."""
        waiting = [[self._pool.submit(answers, task) for task in self._tasks(point)] for point in points]
        found = []
        for runs in waiting:
            figures = [run.result() for run in runs]
            bolshevik = score(lines(self._objective.contests, figures), "bolshevik").error
            found.append((self._objective.error(figures), bolshevik))
            self._report()
        return found

    def _tasks(self, point: dict[str, float]) -> list[Task]:
        s = self._setting
        return [
            Task(s.seed + run, s.agents, self._until, days=self._days, parameters=tuple(point.items()))
            for run in range(s.runs)
        ]


# --- history and result -----------------------------------------------------------------------------------------------


class History:
    """Every trial as a row of a CSV file, with the setting and the model that it belongs to."""

    def __init__(self, path: Path, setting: Setting, over: tuple[Axis, ...], model: str):
        self.path = path
        self._made_of = {"model": model, "agents": str(setting.agents), "runs": str(setting.runs)}
        self._names = [a.name for a in over]
        self._columns = [*self._made_of, "restart", "generation", "member", "loss", "bolshevik", *self._names]

    def read(self) -> list[Trial]:
        """Trials on file; none without a file. Raises :class:`sim.InputError` for another model's or setting's."""
        if not self.path.is_file():
            return []
        with self.path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if list(row) != self._columns or any(row[key] != value for key, value in self._made_of.items()):
                raise sim.InputError(
                    f"{self.path} was made by another version of the model or with other options. "
                    "Choose another name, or remove it."
                )
        return [self._trial(row) for row in rows if None not in row.values()]

    def _trial(self, row: Mapping[str, str]) -> Trial:
        values = tuple(float(row[name]) for name in self._names)
        restart, generation, member = (int(row[key]) for key in ("restart", "generation", "member"))
        return Trial(restart, generation, member, float(row["loss"]), float(row["bolshevik"]), values)

    def keep(self, trials: Sequence[Trial]) -> None:
        """Append a generation."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = not self.path.is_file()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            if new:
                out.writerow(self._columns)
            for t in trials:
                cells = [t.restart, t.generation, t.member, t.loss, t.bolshevik, *t.values]
                out.writerow([*self._made_of.values(), *map(repr, cells)])


def write_fit(path: Path, name: str, fit: Fit, setting: Setting) -> None:
    """The parameter set with its error, the modes beside it, and what made it."""
    modes = fit.modes
    data = {
        "name": name,
        "version": sim.__version__,
        "model": fingerprint(),
        "seed": setting.seed,
        "agents": setting.agents,
        "runs": setting.runs,
        "contests": len(objective().contests),
        "evaluations": len(fit.trials),
        "loss": round(modes[0].loss, 3),
        "bolshevik_error": round(modes[0].bolshevik, 3),
        "values": _values(fit.axes, modes[0]),
        "modes": [
            {"restart": m.restart, "loss": round(m.loss, 3), "bolshevik_error": round(m.bolshevik, 3),
             "values": _values(fit.axes, m)} for m in modes
        ],
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    yaml.default_flow_style = False
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "# A fit by `october calibrate`: error in points over the contests marked calibrate. Written whole.\n"
        )
        yaml.dump(data, file)


def read_fit(path: Path) -> dict[str, float]:
    """The values of a fit, for ``sim.Parameters().having(**values)``."""
    if not path.is_file():
        raise sim.InputError(f"there is no fit at {path}.")
    data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or not isinstance(data.get("values"), dict):
        raise sim.InputError(f"{path} is not a fit written by `october calibrate`.")
    return {str(name): float(value) for name, value in data["values"].items()}


def _values(over: tuple[Axis, ...], trial: Trial) -> dict[str, float]:
    return {a.name: float(f"{v:.6g}") for a, v in zip(over, trial.values, strict=True)}


def calibrate(
    name: str, setting: Setting, *, jobs: int, out: Path, history: Path | None = None, quiet: bool = False
) -> tuple[Fit, Path]:
    """Fit, keep the history, write ``out/name.yaml``. The same call goes on where an interrupted one stopped."""
    over, fitted = axes(), objective()
    book = History(history or Path("results") / "calibrate" / f"{name}.csv", setting, over, fingerprint())
    known = book.read()
    total = setting.restarts * setting.generations * setting.members(len(over))
    try:
        with progress(total, name, quiet, done=len(known), of="points") as report, workers(jobs) as pool:
            fit = search(over, setting, Evaluator(pool, setting, fitted, report), known, book.keep)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"interrupted; {book.path} keeps what was done, the same command continues.") from None
    path = out / f"{name}.yaml"
    write_fit(path, name, fit, setting)
    return fit, path
