"""Leave one group out, and the hindcast: nothing of what is foreseen is ever fitted. A fake emulator stands in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest

from analysis.evidence import scores
from analysis.evidence.contests import Contest, contests
from analysis.validation import hindcast, leave_out
from analysis.validation.electorates import share_people
from analysis.validation.foresight import through
from analysis.validation.leave_out import GROUPINGS, MODEL, part

EVERY = contests()
SCORED = [c for c in EVERY if c.split != "context"]


@dataclass(frozen=True)
class Flat:
    """An emulator of one parameter u: every target is 100 u per cent."""

    targets: tuple[tuple[str, str], ...] = tuple((c.id, t) for c in EVERY for t in c.observed)

    @property
    def noise(self) -> np.ndarray:
        return np.full(len(self.targets), 3.0)

    def predict(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean = np.repeat(100.0 * points[:, :1], len(self.targets), axis=1)
        return mean, np.full_like(mean, 4.0)

    def only(self, columns: np.ndarray) -> Flat:
        return replace(self, targets=tuple(self.targets[i] for i in columns))


class Missed:
    def sd(self, contest: Contest, share):
        return np.full_like(np.asarray(share, dtype=float), 12.0)


class Fit:
    """Takes the mean of what it is shown, and remembers what that was."""

    def __init__(self) -> None:
        self.seen: list[list[Contest]] = []

    def __call__(self, fitted: Sequence[Contest]) -> tuple[Missed, np.ndarray]:
        self.seen.append(list(fitted))
        level = np.mean([v for c in fitted for v in c.observed.values()]) / 100.0
        return Missed(), np.full((5, 1), level)


def test_spread_is_the_emulator_s_chance_and_discrepancy_together():
    wanted = [c for c in EVERY if c.id == "tver"]
    made = through(Flat(), np.array([[0.5], [0.5]]), Missed(), wanted)
    assert [f.target for f in made] == ["bolshevik", "sr"]
    assert made[0].centre == pytest.approx(50.0)
    assert made[0].samples.std() == pytest.approx(13.0, rel=0.03)


def test_what_the_emulator_does_not_know_is_not_foreseen():
    known = Flat(targets=(("tver", "bolshevik"),))
    assert [f.contest.id for f in through(known, np.array([[0.5]]), Missed(), EVERY)] == ["tver"]
    assert through(Flat(targets=(("x", "y"),)), np.array([[0.5]]), Missed(), EVERY) == []


@pytest.fixture(scope="module")
def found() -> tuple[Fit, list[leave_out.Left]]:
    fit = Fit()
    few = [c for c in SCORED if c.id in FEW]
    return fit, leave_out.leave_out(Flat(), fit, [*few, *(c for c in EVERY if c.split == "context")])


FEW = {
    "petrograd_may", "moscow_june", "first_congress", "second_congress", "third_congress", "soviet_31_august", "penza",
    "vladimir", "western_front", "romanian_front", "vyatka_garrison", "vladimir_garrison", "samara", "odessa",
    "soviet_2_march", "volhynia",
}  # fmt: skip


def test_no_fit_sees_the_group_that_it_foresees_nor_a_held_out_contest(found):
    fit, left = found
    assert len(fit.seen) == len(left)
    for seen, one in zip(fit.seen, left, strict=True):
        name_of = GROUPINGS[one.grouping]
        assert one.fitted == len(seen) > 0
        assert {c.split for c in seen} == {"calibrate"}
        assert one.group not in {name_of(c) for c in seen}
        assert not any(share_people(c, f.contest) for c in seen for f in one.model)
        assert {name_of(f.contest) for f in one.model} == {one.group}
        assert all({f.contest.id for f in rival} == {f.contest.id for f in one.model} for rival in one.rivals.values())


def test_who_asks_the_same_people():
    named = {c.id: c for c in EVERY}
    same = [
        ("penza", "volga_black_earth"), ("vladimir", "vladimir_garrison"), ("saratov", "tsaritsyn"),
        ("petrograd_november", "vyborg_district"), ("first_congress", "first_congress_confidence"),
    ]  # fmt: skip
    other = [
        ("penza", "ukraine"), ("vladimir_town", "vladimir_garrison"), ("petrograd_november", "petrograd_province"),
        ("petrograd_august", "petrograd_november"), ("penza", "petrograd_november"), ("penza", "first_congress"),
    ]  # fmt: skip
    assert all(share_people(named[a], named[b]) and share_people(named[b], named[a]) for a, b in same)
    assert not any(share_people(named[a], named[b]) for a, b in other)


def test_every_scored_contest_is_left_out_once_a_grouping(found):
    _, left = found
    for grouping in GROUPINGS:
        seen = [f.contest.id for one in left if one.grouping == grouping for f in one.model if f.target in FIRST]
        assert sorted(seen) == sorted(FEW)


FIRST = {"bolshevik", "for"}


def test_a_contest_s_error_is_the_mean_over_the_ways_of_grouping(found):
    _, left = found
    forecasts = [f for f in leave_out.forecasts_of(left, MODEL) if f.contest.id == "penza"]
    assert len(forecasts) == 4 * len(GROUPINGS)
    made = part(forecasts, "bolshevik", scores.PARTS["all"])
    assert made.n == 1
    assert made.error == pytest.approx(np.mean([abs(f.error) for f in forecasts if f.target == "bolshevik"]))
    assert part(forecasts, "bolshevik", scores.over_time).n == 0


def test_the_file_holds_scores_of_model_and_rivals(found):
    _, left = found
    kept = leave_out.as_dict(left, "model", 5)
    json.dumps(kept, allow_nan=False)
    whole = [r for r in kept["scores"] if (r["of"], r["targets"]) == ("all", "bolshevik")]
    assert [r["who"] for r in whole] == [MODEL, "persistence", "line", "regression", "deltas", "places"]
    assert {r["n"] for r in whole} == {len([c for c in SCORED if c.id in FEW and "bolshevik" in c.observed])}


def test_groups_are_neither_one_nor_all():
    for grouping, name_of in GROUPINGS.items():
        sizes = [sum(name_of(c) == name for c in SCORED) for name in {name_of(c) for c in SCORED}]
        assert len(sizes) >= 5 and max(sizes) < len(SCORED) - 10, grouping


# --- hindcast ---------------------------------------------------------------------------------------------------------


def test_on_31_july_nothing_later_is_known():
    known, later = hindcast.parted(EVERY)
    assert {c.split for c in known} == {"calibrate"} and max(c.day for c in known) <= date(1917, 7, 31)
    assert min(c.day for c in later) > date(1917, 7, 31) and "context" not in {c.split for c in later}
    assert {"petrograd_may", "ekaterinburg_july"} <= {c.id for c in known}
    assert {"petrograd_august", "petrograd_november", "third_congress"} <= {c.id for c in later}


def test_the_hindcast_fits_to_what_was_known_and_is_scored_on_the_rest():
    fit = Fit()
    found = hindcast.hindcast(Flat(), fit, EVERY)
    known, later = hindcast.parted(EVERY)
    assert fit.seen == [known]
    assert {f.contest.id for f in found[MODEL]} == {c.id for c in later}
    kept = hindcast.as_dict(found, known, "model", 5)
    json.dumps(kept, allow_nan=False)
    assert kept["known"] == [c.id for c in known]
    assert [r["date"] for r in kept["contests"]] == sorted(r["date"] for r in kept["contests"])
