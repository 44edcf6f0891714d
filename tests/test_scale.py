"""The number of simulated people must not change the answer: what sampling owes to it, and the page of the study."""

from __future__ import annotations

import math

import numpy as np
import pytest
from year_kit import made

from benchmarks import scale
from benchmarks.scale import Measure
from sim.inputs.parameters import Parameters
from sim.mechanisms import action
from sim.society.society import found
from sim.words.draws import Stream, uniforms


@pytest.mark.parametrize("agents", [1_400, 6_000])
def test_thresholds_are_spread_evenly_inside_each_assembly(agents: int) -> None:
    society = found(agents, 5, Parameters())
    people, start = society.people, society.assemblies.start
    for first, last in zip(start[:-1], start[1:], strict=True):
        spread = np.sort((people.threshold[first:last] - 0.05) / 0.9)
        n = last - first
        assert (np.floor(spread * n - 1e-4).clip(0) <= np.arange(n)).all() and (spread * n + 1e-4 >= np.arange(n)).all()


def following(agents: int) -> float:
    """Share of an assembly that would come out after its first mover, mean by real persons, on the second day."""
    model = made(agents=agents, until="1917-02-24").run()
    meeting = model.society.assemblies
    return float(np.average(model._day.movement.following, weights=meeting.real_size * meeting.copies))


def test_as_many_follow_a_first_mover_at_any_number_of_people() -> None:
    assert following(2_000) == pytest.approx(following(10_000), abs=0.1)


def come_out(rows: int, copies: float, days: int = 120) -> float:
    """Persons who come out in ``days``, of each at work, in a town of ``rows`` x ``copies`` plants of a hundred."""
    out, crowd, begun = (np.zeros((rows, action.F)) for _ in range(3))
    spent, starts, acted = np.zeros(rows), np.zeros(rows), 0.0
    spark = np.array([[0.01, 0.004, 0.002]])
    catch = np.array([[0.3, 0.2, 0.0]])
    persons, none = np.array([rows * copies * 100.0]), np.zeros(rows, np.int64)
    for day in range(days):
        action.rise(
            none.astype(np.int32), none, none, np.full(rows, 100.0), np.full(rows, copies),
            np.full(rows, action.USUAL_READINESS), np.full(rows, 0.8), spark, catch,
            uniforms(3, Stream.ACTION, day, np.arange(rows)), action.LASTING, action.TIRING, 25.0, 4, persons, persons,
            out, crowd, spent, begun, starts,
        )  # fmt: skip
        assert (out.sum(axis=1) + spent <= copies + 1e-6).all() and (crowd <= 80.0 * out + 1e-6).all()
        acted += float(begun.sum())
    return acted / float(persons[0])


def test_rows_of_one_plant_act_as_rows_of_many() -> None:
    many, few, single = come_out(20, 100.0), come_out(500, 4.0), come_out(2_000, 1.0)
    assert few == pytest.approx(many, rel=0.05) and single == pytest.approx(many, rel=0.05)


def test_a_difference_is_held_against_the_spread_of_single_runs() -> None:
    apart = scale.compare([10.0, 12.0, 14.0], [17.0, 17.0])
    assert (apart.small, apart.large, apart.spread, apart.difference) == (12.0, 17.0, 2.0, -5.0)
    assert not apart.within and scale.compare([10.0, 12.0, 14.0], [15.0, 16.0]).within


def test_a_run_is_measured_in_full_and_bodies_that_sat_have_seats() -> None:
    seen = scale.live(1_400, 1)
    assert len(seen) == 2 * len(scale.GROUPS) + 1 + 2 + 2 * len(scale.BODIES) + len(scale.ACTIONS)
    assert not any(math.isnan(value) for value in seen.values())
    assert all(0.0 <= value <= 100.0 for m, value in seen.items() if m.unit == "%")


def test_the_page_marks_what_lies_outside_the_spread() -> None:
    share, log = Measure("People", "workers: SR", "%"), Measure("Acts", "strike", "log")
    found = {
        2_000: [{share: 40.0, log: 10.0}, {share: 42.0, log: 10.2}],
        20_000: [{share: 50.0, log: 10.1}, {share: 50.0, log: 10.1}],
    }
    text = scale.page(found, "A remark.")
    assert "2 runs of 2,000 people, 2 runs of 20,000 people" in text and "A remark." in text
    assert "| workers: SR | 50.0 | 41.0 | -9.00 * | 1.41 |" in text
    assert "| strike | 10.10 | 10.10 | +0.000 | 0.141 |" in text
    assert "of 1 shares, 1 differ by more than twice the spread" in text
