"""Errors in points: of one target, of a contest, over contests that weigh alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.contests import FOR, Contest

Figures = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Line:
    """One target of one contest: evidence, the model's mean over runs, its standard deviation over runs, in points."""

    contest: Contest
    target: str
    observed: float
    mean: float
    spread: float

    @property
    def difference(self) -> float:
        """Model less evidence."""
        return self.mean - self.observed


def lines(contests: Iterable[Contest], runs: Sequence[Figures]) -> list[Line]:
    """Every target that all runs answer, in the order of the contests."""
    found = []
    for contest in contests:
        for target, observed in contest.observed.items():
            values = [run[contest.id][target] for run in runs if target in run.get(contest.id, {})]
            if values and len(values) == len(runs):
                found.append(Line(contest, target, observed, float(np.mean(values)), float(np.std(values))))
    return found


@dataclass(frozen=True)
class Score:
    """A mean absolute error over ``n`` contests, in points; NaN where there are none."""

    error: float
    n: int


def score(found: Iterable[Line], targets: str) -> Score:
    """Mean absolute error of ``bolshevik``, of all ``families`` of the contests, or of ``motions``.

    A contest's error is the mean over its targets; contests weigh alike. A joint list with Bolsheviks counts among
    the families, not as Bolshevik.
    """
    by_contest: dict[str, list[float]] = {}
    for line in found:
        is_motion = line.target == FOR
        chosen = {"bolshevik": line.target == "bolshevik", "families": not is_motion, "motions": is_motion}[targets]
        if chosen:
            by_contest.setdefault(line.contest.id, []).append(abs(line.difference))
    errors = [float(np.mean(e)) for e in by_contest.values()]
    return Score(float(np.mean(errors)) if errors else float("nan"), len(errors))


def over_time(line: Line) -> bool:
    """Whether the contest belongs to the test along time: the capitals' votes, congresses, soviets and motions."""
    return line.contest.group in ("capital", "congress", "soviet")


def in_space(line: Line) -> bool:
    """Whether it belongs to the test over space and stratum: the vote of November, place by place."""
    return line.contest.group not in ("congress", "soviet") and line.contest.question.subject == "constituent_assembly"


def elections_over_time(line: Line) -> bool:
    """Whether it is a vote of voters, town or capital, that tells one date from another."""
    return line.contest.group in ("capital", "city") and (
        line.contest.group == "capital" or line.contest.question.subject == "town_dumas"
    )
