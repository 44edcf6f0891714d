"""Doubted numbers: each run draws its own, by its seed; history is what it was where nothing is doubted."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scenario_kit import written
from year_kit import changed, differences, made, own_event, without_events

from sim.engine.model import Revolution
from sim.history.doubting import doubted, event_factor
from sim.history.parting import own_past, parting
from sim.inputs.changes import Doubt
from sim.inputs.forcing import forcing
from sim.inputs.known import current
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.scenario_file import check_file
from sim.words.identifiers import DEMAND

LAST = "1917-03-08"


def test_factors_of_effects_are_even_in_the_logarithm_and_a_function_of_seed_event_and_effect() -> None:
    doubt = Doubt(event_sizes=1.5)
    drawn = [event_factor(doubt, seed, f"event_{e}", i) for seed in (0, 1) for e in range(60) for i in range(5)]
    logs = np.log(drawn) / math.log(1.5)
    assert -1.0 <= logs.min() < -0.97 and 0.97 < logs.max() <= 1.0 and abs(logs.mean()) < 0.08
    assert np.std(logs) == pytest.approx(1.0 / math.sqrt(3.0), abs=0.05)
    assert len(set(drawn)) == len(drawn), "every effect, event and seed has its own, seed 0 too"
    assert event_factor(doubt, 0, "event_1", 2) == drawn[7]
    assert event_factor(Doubt(), 0, "event_1", 2) == 1.0


def struck(doubt: dict[str, Any], seed: int, *effects: dict[str, Any]) -> Revolution:
    """A model on the evening of an event of its own."""
    told = without_events(own_event("shock", "1917-02-24", *effects)).substance() | {"doubt": doubt}
    return made(Scenario.model_validate(told), seed=seed, until="1917-02-24").run()


def test_every_magnitude_of_an_event_is_multiplied() -> None:
    wide: dict[str, Any] = {"places": ["petrograd"], "size": "small", "half_life": 30.0}
    effects = (
        {"hardship": {"demand": "bread", "strata": ["worker"], **wide}},
        {"relief": {"demand": "peace", "strata": ["soldier"], **wide}},
        {"arms": {"strata": ["worker"], "places": ["petrograd/vyborg"], "persons": 1000}},
    )
    plain, moved = struck({}, 3, *effects), struck({"event_sizes": 1.5}, 3, *effects)
    factor = [event_factor(moved.scenario.doubt, 3, "shock", i) for i in range(3)]
    a, b = (m.shocks.total("hardship").copy() for m in (plain, moved))
    for i, demand in enumerate(("bread", "peace")):
        before, after = a[:, DEMAND[demand]], b[:, DEMAND[demand]]
        assert before.any() and after == pytest.approx(before * factor[i])
    assert moved.stage.armed["petrograd/vyborg"] == pytest.approx(1000.0 * factor[2])


def test_news_that_comes_late_has_the_factor_of_its_effect() -> None:
    fright: dict[str, Any] = {"strata": ["peasant"], "places": ["*/villages"], "size": "medium", "half_life": 300.0}
    effects = ({"fear": fright}, {"fear": {**fright, "half_life": 200.0}})
    models = [
        made(
            Scenario.model_validate(
                without_events(own_event("shock", "1917-02-23", *effects)).substance() | {"doubt": doubt}
            ),
            until="1917-03-05",
        ).run()
        for doubt in ({}, {"event_sizes": 1.5})
    ]
    plain, moved = (m.shocks.layers("fear") for m in models)
    for index, half_life in enumerate((300.0, 200.0)):
        factor = event_factor(models[1].scenario.doubt, 1917, "shock", index)
        assert np.count_nonzero(plain[half_life]) > 10, "news has come to villages of different delays"
        assert moved[half_life] == pytest.approx(plain[half_life] * factor)


def test_a_figure_from_memory_is_drawn_within_its_factor_and_no_other_is_touched() -> None:
    plain, drawn = forcing(), [doubted(forcing(), Doubt(memory_drawn="all"), seed) for seed in (0, 1)]
    ratios = []
    for name, quantity in plain.quantities.items():
        for other in drawn:
            for before, after in zip(quantity.knots, other.quantities[name].knots, strict=True):
                if not before.memory:
                    assert after.value == before.value
                elif before.value > 0.0 and 0.0 < after.value < 1.0:
                    ratios.append(after.value / before.value)
                    assert 1.0 / quantity.error_factor <= ratios[-1] <= quantity.error_factor
    assert len(set(np.round(ratios, 6))) > 40 and min(ratios) < 0.8 and max(ratios) > 1.25
    ordinal = [q for q in drawn[0].quantities.values() if q.scale == "ordinal"]
    assert all(0.0 <= knot.value <= 1.0 for quantity in ordinal for knot in quantity.knots)


def test_without_memory_the_series_are_those_of_their_fallback() -> None:
    bare, told = doubted(forcing(), Doubt(memory_left_out="all"), 1), forcing().values(without_memory=True)
    assert all(np.array_equal(series, told[name]) for name, series in bare.values().items())
    one = doubted(forcing(), Doubt(memory_left_out=("queues_petrograd",)), 1).values()
    unlike = {name for name, series in forcing().values().items() if not np.array_equal(series, one[name])}
    assert "queues_petrograd" in unlike and "war_weariness" not in unlike
    assert doubted(forcing(), Doubt(event_sizes=1.5), 1) is forcing()


@pytest.mark.parametrize("doubt", [{"event_sizes": 1.5}, {"memory_drawn": "all"}, {"memory_left_out": "all"}])
def test_a_doubted_year_is_another_year_the_same_at_each_call_and_through_a_checkpoint(doubt: dict[str, Any]) -> None:
    scenario = changed(doubt=doubt)
    one = made(scenario, until=LAST).run().recorder.tables()
    assert differences(made(until=LAST).run().recorder.tables(), one) != []
    half = Revolution.restore(made(scenario, until=LAST).run("1917-02-28").checkpoint())
    assert differences(one, half.run().recorder.tables()) == []


def test_a_what_if_and_its_baseline_doubt_alike_and_share_their_past() -> None:
    base = load_scenario("historical").model_copy(update={"doubt": Doubt(event_sizes=1.5, memory_drawn="all")})
    other = load_scenario("no_offensive").model_copy(update={"doubt": base.doubt})
    assert own_past(base, other) == [] and own_past(load_scenario("historical"), other) == ["doubt"]
    assert parting(base, other) == parting(load_scenario("historical"), load_scenario("no_offensive"))
    scaled = {"forcing": {"bread": {"scale": 0.5, "from": "1917-06-01"}}, "doubt": {"memory_left_out": "all"}}
    assert parting(changed(doubt=scaled["doubt"]), changed(**scaled)) == date(1917, 6, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("doubt: {event_sizes: 4.0}", "'event_sizes' is 4.0. Expected a number of at most 3"),
        ("doubt: {memory_drawn: [war_wearines]}", "Did you mean 'war_weariness'?"),
        ("doubt: {memory_drawn: army_field}", "unknown series that rests on memory 'army_field'"),
        ("doubt: {memory_drawn: all, memory_left_out: [cold, war_weariness]}", "'cold'"),
        ("doubt: {memory_drawn: all, memory_left_out: war_weariness}", "both drawn and left out"),
        ("doubt: {share: 0.5}", "unknown key 'share' in 'doubt'"),
    ],
)
def test_what_can_not_be_doubted_is_told(tmp_path: Path, text: str, said: str) -> None:
    found = check_file(written(tmp_path, f"extends: historical\n{text}\n"), current())
    assert len(found) == 1 and said in f"{found[0].message} Expected {found[0].expected}", found
