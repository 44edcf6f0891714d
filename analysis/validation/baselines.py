"""Five rivals that know no people and no days: what each foresees of the contests that the model is scored on.

- ``persistence``: the last earlier contest of the same place or body, else of its region, else of its kind, else any.
- ``line``: a straight line in time through the fitted contests, votes and bodies apart.
- ``regression``: class by distance, a ridge on the covariates of :mod:`analysis.validation.electorates`, its penalty
  chosen by leaving one out.
- ``deltas``: a hand-made table of events that add points by stratum (``targets/deltas.yaml``), as games have it.
- ``places``: the mean of like places.

Each is fitted to given contests only, the ones that the model may be fitted to. Its spread is its own error on them,
each left out in turn; so each gives a distribution, and CRPS compares like with like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from analysis.evidence.contests import FOR, Contest
from analysis.running.folders import TARGETS
from analysis.validation import electorates
from analysis.validation.electorates import KNOWN, START
from analysis.validation.forecasts import Forecast, normal

Floats = NDArray[np.float64]
#: What a fitted rival answers: per cent of a target of a contest, or None where it has nothing to go by.
Answer = Callable[[Contest, str], float | None]
#: The least spread of a rival (points): sources are rounded, and a table of chance would be no rival.
LEAST_SPREAD = 3.0
#: Fewer errors than this don't tell a spread of their own.
FEW = 4
#: Mean and spread of what is foreseen of a target that nothing fitted tells of.
IGNORANCE = (50.0, 29.0)
#: Penalties tried for the ridge, in units of a standardised covariate's weight.
PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
#: Shares are kept this far (points) from 0 and 100 in the logit.
EDGE = 1.0
_FAMILIES = ("bolshevik", "sr", "menshevik", "right")


def figure(contest: Contest, target: str) -> float | None:
    """What a contest says of a target. A joint list is the sum of its families; Kadets stand for the right and back."""
    if target in contest.observed:
        return contest.observed[target]
    if target in ("right", "kadet"):
        return contest.observed.get("kadet" if target == "right" else "right")
    parts = [figure(contest, part) for part in target.split("+")] if "+" in target else [None]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def form(contest: Contest) -> str:
    """Votes of voters, deputies of a body, or a motion."""
    return "motion" if contest.is_motion else "body" if contest.question.form == "seats" else "vote"


def _where(contest: Contest) -> object:
    """The same for two contests of one place or body."""
    question = contest.question
    return (question.places, question.provinces) if question.form == "election" else question.subject


# --- persistence ------------------------------------------------------------------------------------------------------


def persistence(fitted: Sequence[Contest]) -> Answer:
    """The last earlier figure of the nearest kind; where none is earlier, the mean of all."""

    def answer(contest: Contest, target: str) -> float | None:
        known = [(c, figure(c, target)) for c in fitted]
        earlier = [(c, f) for c, f in known if f is not None and c.day < contest.day]
        region = electorates.of(contest).region
        steps: tuple[Callable[[Contest], bool], ...] = (
            lambda c: _where(c) == _where(contest),
            lambda c: form(c) == form(contest) and electorates.of(c).region == region,
            lambda c: form(c) == form(contest),
            lambda c: True,
        )
        for near in steps:
            found = [(c.day, f) for c, f in earlier if near(c)]
            if found:
                last = max(day for day, _ in found)
                return float(np.mean([f for day, f in found if day == last]))
        every = [f for _, f in known if f is not None]
        return float(np.mean(every)) if every else None

    return answer


# --- straight line ----------------------------------------------------------------------------------------------------


def line(fitted: Sequence[Contest]) -> Answer:
    """Least squares on the day, over contests of the same form; a level where they have one day."""

    def answer(contest: Contest, target: str) -> float | None:
        known = [(c, f) for c in fitted if (f := figure(c, target)) is not None]
        alike = [(c, f) for c, f in known if form(c) == form(contest)]
        points = alike if len({c.day for c, _ in alike}) > 1 else known
        if not points:
            return None
        days = np.array([(c.day - START).days for c, _ in points], dtype=np.float64)
        shares = np.array([f for _, f in points])
        spread = days - days.mean()
        slope = float(spread @ shares / (spread @ spread)) if spread.any() else 0.0
        return float(shares.mean() + slope * ((contest.day - START).days - days.mean()))

    return answer


# --- class by distance ------------------------------------------------------------------------------------------------


def covariates(contest: Contest) -> Floats:
    """What the regression knows of a contest [K]: class, distances, their products, industry, garrison, tongue, day."""
    known = electorates.of(contest).known
    of_all = float(contest.question.of == "all")
    days = (contest.day - START).days / 100.0
    return np.array(
        [
            *(known[name] for name in KNOWN if name != "other_tongue"),
            known["other_tongue"] * of_all,
            known["ukrainian"] * known["km_kiev"],
            known["worker"] * known["km_petrograd"],
            known["worker"] * known["industry"],
            known["soldier"] * known["km_petrograd"],
            known["soldier"] * known["km_front"],
            known["peasant"] * known["km_petrograd"],
            known["peasant"] * known["km_moscow"],
            days,
            days * known["soldier"],
            float(form(contest) == "body"),
        ]
    )


def regression(fitted: Sequence[Contest]) -> Answer:
    """A ridge on the logit of the share, one for each family; a joint list is the sum of its families."""
    made: dict[str, Callable[[Floats], float] | None] = {}

    def answer(contest: Contest, target: str) -> float | None:
        if "+" in target:
            parts = [answer(contest, part) for part in target.split("+")]
            return None if None in parts else min(100.0, sum(part for part in parts if part is not None))
        name = "right" if target == "kadet" else target
        if name not in made:
            made[name] = _ridge([(covariates(c), f) for c in fitted if (f := figure(c, name)) is not None])
        found = made[name]
        return None if found is None else found(covariates(contest))

    return answer


def _ridge(points: list[tuple[Floats, float]]) -> Callable[[Floats], float] | None:
    """The fitted curve, or None for fewer than three points. The penalty errs least on points left out."""
    if len(points) < 3:
        return None
    x, y = np.array([p for p, _ in points]), _logit(np.array([f for _, f in points]))
    middle, width = x.mean(axis=0), x.std(axis=0)
    width = np.where(width > 1e-9, width, 1.0)
    z = (x - middle) / width
    best = min(PENALTIES, key=lambda penalty: _left_out_error(z, y, penalty))
    weights = np.linalg.solve(z.T @ z + best * np.eye(z.shape[1]), z.T @ (y - y.mean()))

    def curve(at: Floats) -> float:
        # A step or two beyond what was seen, never further: a rival should not lose by running off.
        inside = np.clip((at - middle) / width, z.min(axis=0) - 1.0, z.max(axis=0) + 1.0)
        return float(100.0 / (1.0 + np.exp(-(y.mean() + inside @ weights))))

    return curve


def _left_out_error(z: Floats, y: Floats, penalty: float) -> float:
    """Mean squared error of points left out in turn, by the hat matrix."""
    hat = z @ np.linalg.solve(z.T @ z + penalty * np.eye(z.shape[1]), z.T) + 1.0 / len(y)
    missed = (y - hat @ y) / np.maximum(1.0 - np.diag(hat), 1e-6)
    return float(np.mean(missed**2))


def _logit(share: Floats) -> Floats:
    part = np.clip(share, EDGE, 100.0 - EDGE) / 100.0
    return np.asarray(np.log(part / (1.0 - part)))


# --- the table of games -----------------------------------------------------------------------------------------------


def deltas(fitted: Sequence[Contest]) -> Answer:
    """The hand-made table, which nothing is fitted to."""
    del fitted
    return table_of_deltas


@lru_cache(maxsize=1)
def deltas_file() -> Mapping[str, Any]:
    """analysis/targets/deltas.yaml."""
    found: Mapping[str, Any] = YAML(typ="safe", pure=True).load((TARGETS / "deltas.yaml").read_text(encoding="utf-8"))
    return found


def table_of_deltas(contest: Contest, target: str) -> float:
    """Per cent of a target: the strata's shares on the day, by who is asked."""
    data, people = deltas_file(), electorates.of(contest)
    total = dict.fromkeys((*_FAMILIES, FOR), 0.0)
    for stratum, weight in people.strata.items():
        levels = dict(data["start"][stratum])
        for event in data["events"]:
            if event["date"] < contest.day:
                for family, points in event.get(stratum, {}).items():
                    levels[family] = min(max(levels[family] + points, 0.0), 100.0)
        whole = sum(levels[family] for family in _FAMILIES)
        for family in _FAMILIES:
            total[family] += 100.0 * weight * levels[family] / whole
        total[FOR] += weight * levels[FOR]
    if target == FOR:
        return total[FOR]
    asked = {t: sum(total["right" if part == "kadet" else part] for part in t.split("+")) for t in contest.observed}
    if contest.question.of == "russian":
        return 100.0 * asked[target] / sum(asked.values())
    national = people.known["other_tongue"] if contest.question.form == "election" else 0.0
    return asked[target] * (1.0 - float(data["national_part"]) * national)


# --- like places ------------------------------------------------------------------------------------------------------


def places(fitted: Sequence[Contest]) -> Answer:
    """The mean of fitted contests of the same kind of place or body; of the same form where there are none."""

    def answer(contest: Contest, target: str) -> float | None:
        known = [(c, f) for c in fitted if (f := figure(c, target)) is not None]
        for alike in (lambda c: c.group == contest.group, lambda c: form(c) == form(contest), lambda c: True):
            found = [f for c, f in known if alike(c)]
            if found:
                return float(np.mean(found))
        return None

    return answer


# --- forecasts --------------------------------------------------------------------------------------------------------

BASELINES: Mapping[str, Callable[[Sequence[Contest]], Answer]] = {
    "persistence": persistence,
    "line": line,
    "regression": regression,
    "deltas": deltas,
    "places": places,
}
TITLES: Mapping[str, str] = {
    "persistence": "the last earlier contest",
    "line": "a straight line in time",
    "regression": "class by distance (ridge)",
    "deltas": "a table of event deltas",
    "places": "the mean of like places",
}


def forecasts(name: str, fitted: Sequence[Contest], wanted: Sequence[Contest]) -> list[Forecast]:
    """A rival's forecasts of contests from those it is fitted to. Raises ValueError if it is asked for one of these."""
    if {c.id for c in fitted} & {c.id for c in wanted}:
        raise ValueError("a contest that is fitted can't be foreseen")
    answer, spread = BASELINES[name](fitted), Spread(name, fitted)
    found = []
    for contest in wanted:
        for target in contest.observed:
            mean = answer(contest, target)
            found.append(normal(contest, target, *(IGNORANCE if mean is None else (mean, spread(target)))))
    return found


class Spread:
    """The spread of a rival's errors on what it is fitted to, each contest left out in turn; by family."""

    def __init__(self, name: str, fitted: Sequence[Contest]):
        self._errors: dict[str, list[float]] = {}
        for contest in fitted:
            answer = BASELINES[name]([c for c in fitted if c.id != contest.id])
            for target, observed in contest.observed.items():
                mean = answer(contest, target)
                if mean is not None:
                    self._errors.setdefault(_family(target), []).append(min(max(mean, 0.0), 100.0) - observed)
        self.of = lru_cache(partial(self._of))

    def __call__(self, target: str) -> float:
        """In points."""
        return self.of(_family(target))

    def _of(self, family: str) -> float:
        own = self._errors.get(family, [])
        errors = own if len(own) >= FEW else [e for found in self._errors.values() for e in found]
        return max(LEAST_SPREAD, float(np.sqrt(np.mean(np.square(errors))))) if errors else IGNORANCE[1]


def _family(target: str) -> str:
    return "joint" if "+" in target else "right" if target == "kadet" else target
