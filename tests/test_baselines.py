"""The rivals: each answers what its name says, from what it is fitted to and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import sim
from analysis.evidence.contests import FOR, contests
from analysis.validation import baselines, electorates
from analysis.validation.baselines import BASELINES, Spread, figure, forecasts, table_of_deltas

BY_ID = {c.id: c for c in contests()}
FITTED = contests("calibrate")


def some(*names: str):
    return [BY_ID[name] for name in names]


# --- who is asked -----------------------------------------------------------------------------------------------------


def test_every_contest_has_an_electorate():
    for contest in contests():
        found = electorates.of(contest)
        assert sum(found.strata.values()) == pytest.approx(1.0)
        assert set(found.known) == set(electorates.KNOWN) and np.isfinite(list(found.known.values())).all()


def test_electorates_are_those_of_the_places():
    assert electorates.of(BY_ID["vladimir_garrison"]).strata["soldier"] == pytest.approx(1.0)
    assert electorates.of(BY_ID["western_front"]).known["km_front"] == pytest.approx(0.0)
    assert electorates.of(BY_ID["peasants_may"]).strata["peasant"] > 0.8
    assert electorates.of(BY_ID["soviet_31_august"]).region == "petrograd"
    assert electorates.of(BY_ID["second_congress"]).region == "country"
    volga, capital = electorates.of(BY_ID["penza"]), electorates.of(BY_ID["petrograd_november"])
    assert volga.known["peasant"] > 0.5 > capital.known["peasant"]


def test_a_body_without_electors_is_refused():
    strange = replace(BY_ID["kronstadt_soviet"].question, subject="duma_of_nowhere")
    with pytest.raises(sim.InputError, match="duma_of_nowhere"):
        electorates.electorate("strange", strange)


# --- the five ---------------------------------------------------------------------------------------------------------


def test_persistence_takes_the_same_place_before_its_region_and_never_the_future():
    fitted = some("petrograd_may", "moscow_june", "ekaterinburg_july", "petrograd_november", "first_congress")
    answer = BASELINES["persistence"](fitted)
    assert answer(BY_ID["petrograd_august"], "bolshevik") == 20.0
    assert answer(BY_ID["tver"], "bolshevik") == 21.0  # No earlier vote in its region: the last vote anywhere.
    assert answer(BY_ID["second_congress"], "bolshevik") == pytest.approx(100 * 105 / 777)
    assert answer(BY_ID["moscow_november"], "bolshevik") == 11.0


def test_a_line_runs_through_two_points_and_on():
    made = [
        replace(BY_ID["petrograd_may"], observed={"bolshevik": 10.0},
                question=replace(BY_ID["petrograd_may"].question, day=date(1917, 3, 1))),
        replace(BY_ID["moscow_june"], observed={"bolshevik": 20.0},
                question=replace(BY_ID["moscow_june"].question, day=date(1917, 5, 10))),
    ]  # fmt: skip
    asked = replace(BY_ID["tver"], question=replace(BY_ID["tver"].question, day=date(1917, 7, 19)))
    assert BASELINES["line"](made)(asked, "bolshevik") == pytest.approx(30.0)


def test_the_regression_finds_a_law_that_is_there():
    def by_law(contest):
        known = electorates.of(contest).known
        share = 100.0 / (1.0 + np.exp(-(2.0 - 1.5 * known["km_petrograd"] + 2.0 * known["soldier"])))
        return replace(contest, observed={"bolshevik": float(share)})

    every = [by_law(c) for c in contests() if not c.is_motion]
    fitted, asked = every[::2], every[1::2]
    errors = {}
    for name in ("regression", "places"):
        answer = BASELINES[name](fitted)
        errors[name] = np.mean([abs(answer(c, "bolshevik") - c.observed["bolshevik"]) for c in asked])
    assert errors["regression"] < 6.0 < errors["places"]


def test_the_hand_made_table_moves_by_its_events_alone():
    asked = BY_ID["petrograd_may"]
    shares = [
        table_of_deltas(replace(asked, question=replace(asked.question, day=day)), "bolshevik")
        for day in (date(1917, 8, 1), date(1917, 8, 28), date(1917, 8, 29), date(1917, 9, 10))
    ]
    assert shares[0] == shares[1] < shares[2] == shares[3]
    assert table_of_deltas(BY_ID["soviet_31_august"], FOR) > table_of_deltas(BY_ID["soviet_2_march"], FOR)
    ukraine = BY_ID["ukraine"]
    assert sum(table_of_deltas(ukraine, t) for t in ukraine.observed) == pytest.approx(100.0)


def test_deltas_of_the_table_add_nobody():
    for event in baselines.deltas_file()["events"]:
        assert event["why"]
        for stratum in sim.STRATA:
            assert sum(v for family, v in event.get(stratum, {}).items() if family != FOR) == 0, event["title"]


def test_like_places_are_averaged():
    answer = BASELINES["places"](some("vyatka_garrison", "kostroma_garrison", "penza"))
    expected = (BY_ID["vyatka_garrison"].observed["bolshevik"] + 79.6) / 2
    assert answer(BY_ID["vladimir_garrison"], "bolshevik") == pytest.approx(expected)


@pytest.mark.parametrize("name", BASELINES)
def test_a_rival_foresees_every_contest_not_fitted(name):
    wanted = contests("validate")
    found = forecasts(name, FITTED, wanted)
    assert [(f.contest.id, f.target) for f in found] == [(c.id, t) for c in wanted for t in c.observed]
    assert all(0.0 <= f.centre <= 100.0 and f.samples.std() > 0.5 for f in found)


@pytest.mark.parametrize("name", BASELINES)
def test_a_rival_does_not_see_what_it_is_asked(name):
    wanted = [BY_ID["tver"]]
    other = [replace(BY_ID["tver"], observed={"bolshevik": 1.0, "sr": 2.0})]
    one, two = forecasts(name, FITTED, wanted), forecasts(name, FITTED, other)
    assert [f.centre for f in one] == [f.centre for f in two]
    with pytest.raises(ValueError, match="fitted"):
        forecasts(name, FITTED, [FITTED[0]])


def test_where_nothing_is_known_anything_is_foreseen():
    (found,) = forecasts("places", some("penza"), some("soviet_2_march"))
    assert found.centre == 50.0 and found.interval(0.9)[1] - found.interval(0.9)[0] > 80.0


def test_spread_is_that_of_contests_left_out():
    spread = Spread("places", FITTED)
    own = [c for c in FITTED if "bolshevik" in c.observed]
    errors = [
        BASELINES["places"]([o for o in FITTED if o is not c])(c, "bolshevik") - c.observed["bolshevik"] for c in own
    ]
    assert spread("bolshevik") == pytest.approx(float(np.sqrt(np.mean(np.square(errors)))))
    assert spread("kadet") == spread("right")


def test_figures_of_joint_lists():
    assert figure(BY_ID["petrograd_november"], "sr+menshevik") == pytest.approx(18.7 + 3.3)
    assert figure(BY_ID["petrograd_may"], "sr") is None
    assert figure(BY_ID["moscow_june"], "right") == 17
