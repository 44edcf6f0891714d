"""What a scenario file may change besides events: read, checked at its line, explained, and refused by name."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from scenario_kit import written
from test_conditions import HOSTILE

from sim.inputs import lens as lenses
from sim.inputs.known import NOTHING, Known, current
from sim.inputs.lens import load_lens, read_lens, under
from sim.inputs.scenario import Scenario, scenario_hash
from sim.inputs.scenario_file import check_file, explain, load_scenario, shipped_lenses
from sim.inputs.schema import json_schema
from sim.running.vocabulary import schema_text
from sim.words.errors import InputError

pytestmark = pytest.mark.usefixtures("heap_of_its_own")

WHOLE = """
    extends: historical
    divergence: 1917-05-05
    decisions: {land_reform: interim_decree}
    forcing:
      harvest: {scale: 1.1, from: 1917-07-01}
      bread: [{scale: 1.2, until: 1917-06-30}, {scale: 0.9, from: 1917-10-01}]
      war_burden: {scale: 0.9}
      german_advance_km: {scale: 0.5, from: 1917-08-20}
    policy:
      land: {level: 0.75}
      peace: [{level: 0.25, until: 1917-07-31}, {level: 0.5, from: 1917-08-01}]
    information:
      - {channels: capital_press, places: "*/villages", scale: 1.5}
      - {channels: all, places: [northern_front, western_front], strata: soldier, scale: 0.5, from: 1917-09-01}
    representation:
      sr_lists: split
      recall: binding
      seats: {second_congress: {worker: 25000, soldier: 25000, sailor: 25000}, "*/towns/soviet": {worker: 500}}
    lens: neutral
"""


def faults(folder: Path, text: str, known: Known | None = None) -> list[tuple[int, int, str]]:
    """Line, column and whole text of each problem, the names of the real vocabulary known."""
    found = check_file(written(folder, text), current() if known is None else known)
    return [(p.line, p.column, f"{p.message} Expected {p.expected}.") for p in found]


def test_everything_that_may_be_changed_is_read(tmp_path: Path) -> None:
    decision, options = list(current().decisions.items())[-1]  # the last comes after any divergence
    text = WHOLE.replace("land_reform: interim_decree", f"{decision}: {options[0]}")
    scenario = load_scenario(written(tmp_path, text))
    assert [w.level for w in scenario.policy["peace"]] == [0.25, 0.5] and len(scenario.policy["land"]) == 1
    assert scenario.information[0].strata[0] == "worker" and len(scenario.information[1].channels) == 6
    assert scenario.outside()["war_burden"][0].since == scenario.divergence, "a change without 'from' waits"
    assert scenario.uses() >= {"policy", "information", "lens", "decisions", "representation.recall", "forcing.bread"}
    again = load_scenario(written(tmp_path, scenario.text(), "again.yaml"))
    assert again.effective() == scenario.effective() and scenario_hash(again) == scenario_hash(scenario)
    assert Scenario.model_validate(scenario.effective()).substance() == scenario.substance(), "as a checkpoint has it"


@pytest.mark.parametrize(
    ("text", "spot", "said"),
    [
        ("policy: {lnd: {level: 1}}", (1, 10), "unknown demand 'lnd'. Did you mean 'land'?"),
        ("policy: {land: {level: 1.5}}", (1, 24), "'level' is 1.5. Expected a number of at most 1"),
        ("policy: {land: {level: 1.0, levl: 1.0}}", (1, 29), "unknown key 'levl' in 'land'. Did you mean 'level'?"),
        ("policy: {land: [{level: 1.0, fro: 1917-05-01}]}", (1, 30), "unknown key 'fro'"),
        ("policy: {land: {}}", (1, 16), "'level' is missing from 'land'"),
        ("policy: {land: []}", (1, 16), "'land' is empty. Expected at least 1 item"),
        (
            "policy: {land: {level: 1.0, from: 1917-09-01, until: 1917-08-01}}",
            (1, 54),
            "the window of 'land' is empty. Expected 'until' on or after 1 September 1917",
        ),
        (
            "divergence: 1917-07-01\npolicy: {land: {level: 1.0, from: 1917-06-01}}",
            (2, 16),
            "the change to 'land' (1 June 1917) comes before the divergence (1 July 1917)",
        ),
        ("policy: {land: {level: 1.0, from: 1916-06-01}}", (1, 35), "'from' of 'land' is out of range"),
        ("forcing: {offensive: {scale: 0.0}}", (1, 11), "'offensive' is no series: the offensive is an event"),
        ("forcing: {war: {scale: 0.0}}", (1, 11), "the enemy's activity is 'front'"),
        ("forcing: {bred: {scale: 0.5}}", (1, 11), "unknown series 'bred'. Did you mean 'bread'?"),
        ("forcing: {allied_pressure: {scale: 0.5}}", (1, 11), "in this version of the model listens to 'allied_"),
        ("forcing: {rouble_emission: {scale: 0.5}}", (1, 11), "listens to 'rouble_emission'"),
        ("forcing: {bread: [{scale: 0.5}, {scale: 11}]}", (1, 41), "'scale' is 11. Expected a number of at most 10"),
        ("information: {channels: all, places: all, scale: 1.0}", (1, 14), "is a mapping. Expected a list"),
        ("information: [{places: all, scale: 1.0}]", (1, 15), "'channels' is missing"),
        ("information: [{channels: radio, places: all, scale: 1.0}]", (1, 26), "unknown channel 'radio'"),
        ("information: [{channels: all, places: petrogard, scale: 1.0}]", (1, 39), "Did you mean 'petrograd'?"),
        ("information: [{channels: all, places: all, scale: .inf}]", (1, 51), "a finite number"),
        ("representation: {recall: maybe}", (1, 26), "Expected 'open', 'binding' or 'none'"),
        ("representation: {seats: {tsik: {worker: 500}}}", (1, 26), "'tsik' has no number of persons per deputy"),
        ("representation: {seats: {constituent_assembly: {peasant: 9}}}", (1, 26), "has no number of persons"),
        ("representation: {seats: {kronstadt_soviet: {peasant: 9}}}", (1, 45), "no peasants elect to 'kronstadt"),
        ("representation: {seats: {petrograd_soviet: {worker: 0.5}}}", (1, 53), "'worker' is 0.5. Expected a whole"),
        ("initial: {persons: {petrograd/vyborg: {sailor: 500}}}", (1, 40), "nobody of stratum 'sailor' lives in"),
        ("initial: {persons: {petrograd: {soldier: 50}}}", (1, 42), "'soldier' is 50. Expected a number of at"),
        (
            "initial: {persons: {petrograd: {soldier: 5000}, petrograd/garrison: {soldier: 5000}}}",
            (1, 70),
            "the soldiers of 'petrograd/garrison' are counted under 'petrograd' too",
        ),
        (
            "information: [{channels: all, places: kronstadt, strata: peasant, scale: 2.0}]",
            (1, 58),
            "nobody of stratum 'peasant' lives in kronstadt. Expected one of sailor, soldier, worker",
        ),
        (
            "initial: {fear: [{places: volga, strata: [sailor], level: 0.1, half_life: 9.0}]}",
            (1, 42),
            "nobody of stratum 'sailor' lives in volga",
        ),
        ("initial: {share: {bolshevik: 0.5}}", (1, 11), "unknown key 'share' in 'initial'"),
        ("initial: {wants: [{demand: land, scale: 9.0}]}", (1, 41), "'scale' is 9.0. Expected a number of at most 3"),
        (
            "divergence: 1917-06-01\ninitial: {fear: [{level: 0.1, half_life: 9.0}]}",
            (2, 10),
            "initial conditions change the first day, before the divergence (1 June 1917)",
        ),
        ("lens: mandl", (1, 7), "unknown lens 'mandl'"),
        ("decisions: {no_such: x}", (1, 13), "unknown decision 'no_such'"),
    ],
)
def test_one_mistake_is_told_at_its_spot(tmp_path: Path, text: str, spot: tuple[int, int], said: str) -> None:
    found = faults(tmp_path, text)
    assert len(found) == 1 and found[0][:2] == spot and said in found[0][2], found


def test_no_key_of_a_scenario_can_set_whom_people_follow() -> None:
    schema = json.dumps(json_schema())
    for name in ("attitude", "allegiance", "identity", "credibility_of"):
        assert f'"{name}"' not in schema
    assert "share" not in json_schema()["$defs"]["Initial"]["properties"]


BAD = """
    policy: {lnd: {level: 2.0}}
    forcing: {bred: {scale: 0.5}}
    information: [{channels: radio, places: all, scale: 9.0}]
    representation: {recall: maybe}
    lens: mandl
"""


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert [line for line, _, _ in faults(tmp_path, BAD)] == [1, 1, 2, 3, 3, 4, 5]


LARGE = {
    "windows": "policy: {land: [" + ",".join(["{level: 0.1}"] * 1_500) + "]}",
    "series windows": "forcing: {bread: [" + ",".join(["{scale: 0.1}"] * 1_500) + "]}",
    "unknown series": "forcing: {" + ",".join(f"brea{i}: {{scale: 0.1}}" for i in range(1_200)) + "}",
    "channels": "information: [" + ",".join(["{channels: all, places: all, scale: 1.0}"] * 600) + "]",
    "bodies": "representation: {seats: {" + ",".join(f"petrograd_sovie{i}: {{worker: 1}}" for i in range(1_200)) + "}}",
    "places": "initial: {persons: {" + ",".join(f"petrogra{i}: {{worker: 500}}" for i in range(1_200)) + "}}",
    "wants": "initial: {wants: [" + ",".join(["{demand: land, scale: 1.0}"] * 1_200) + "]}",
    "overlong names": "forcing: {" + "a" * 150 + ": {scale: 0.1}}",
}


@pytest.mark.parametrize("name", LARGE)
def test_large_lists_of_changes_are_refused_within_a_second(tmp_path: Path, name: str) -> None:
    faults(tmp_path, "forcing: {bred: {scale: 0.5}}")  # what is read once is read
    begun = time.process_time()
    assert faults(tmp_path, LARGE[name])
    assert time.process_time() - begun < 1.0


# --- conditions in files ----------------------------------------------------------------------------------------


def arising(when: object, **more: object) -> str:
    """A file whose own event arises under a condition."""
    arises = {"when": when, "hazard": {"daily": "likely"}, **more}
    event = {"id": "own", "title": "t", "date": "1917-07-01", "text": "t", "kind": "action", "arises": arises}
    changes = {"remove": ["june_offensive"], "add": [event]}
    return json.dumps({"extends": "historical", "divergence": "1917-06-01", "events": changes})


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_condition_in_a_file_is_one_clear_problem(tmp_path: Path, text: str) -> None:
    begun = time.process_time()
    found = faults(tmp_path, arising(text))
    assert time.process_time() - begun < 1.0
    assert found and all(line == 1 and len(said) < 1500 for line, _, said in found)
    assert any(said in found[0][2] for said in ("'when', at character", "is not allowed", "too large", "too long"))


def test_many_long_conditions_take_little_memory(tmp_path: Path) -> None:
    long = " and ".join(["share('sr', place='petrograd') > 0.1"] * 24)
    event = json.loads(arising(long))["events"]["add"][0]
    events = [{**event, "id": f"own{i}"} for i in range(200)]
    text = json.dumps({"extends": "historical", "events": {"add": events}})
    faults(tmp_path, arising(long))
    tracemalloc.start()
    begun = time.process_time()
    assert faults(tmp_path, text) == []
    assert time.process_time() - begun < 8.0, "traced, four times slower than a user would wait"
    assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (arising("shar('sr') > 0.5"), "'when', at character 1: unknown quantity 'shar'. Did you mean 'share'?"),
        (arising("share('sr')"), "this gives a number. Expected a condition (true or false)"),
        (arising(7), "'when', at character 1: '7' is not a condition"),
        (arising("fired('june_offensive')"), "'when' can never hold: 'june_offensive' is removed"),
        (arising("fired('tarnopol_rout')"), "'when' can never hold: 'tarnopol_rout' hangs on an event that is removed"),
        (arising("fired('own')"), "'when' can never hold: 'own' is the event itself"),
        (arising("not fired('april_days')"), "'april_days' has happened by then: it is pinned to 20 April 1917"),
        (arising("share('sr') > 0.6 and share('sr') < 0.4"), "can never hold: 'share(sr, empire) < 0.4' contradicts"),
        (arising("date < '1917-05-01'"), "lies outside the scenario (1 June 1917 to 6 January 1918)"),
        (arising("date > '1917-09-01'", window=["1917-07-01", "1917-08-01"]), "lies outside the scenario (1 July 1917"),
        (arising("True", window=["1917-08-01", "1917-07-01"]), "the window in which 'own' may arise is empty"),
        (arising("True", hazard={"daily": "likely", "rises_with": "share('srr')"}), "'rises_with', at character 7"),
    ],
)
def test_a_wrong_condition_is_told(tmp_path: Path, text: str, said: str) -> None:
    found = faults(tmp_path, text)
    assert len(found) == 1 and said in found[0][2], found


# --- lenses -----------------------------------------------------------------------------------------------------


def test_shipped_lenses_are_right() -> None:
    assert shipped_lenses()[0] == "neutral"
    for name in shipped_lenses():
        lens = load_lens(name, current())
        assert lens.id == name and lens.title and lens.text
    assert load_lens("neutral").values() == {} and load_lens(None).id == "neutral"


def test_a_lens_file_is_checked_at_its_lines() -> None:
    text = b"""id: x
title: t
text: t
parameters:
  blame_half_life: {value: 9000.0, low: 1.0}
  blame_halflife: 3.0
  kin_tie: {value: 0.2, low: 0.3, high: 0.4}
off: [mebership]
shares: {bolshevik: 0.5}
"""
    with pytest.raises(InputError) as caught:
        read_lens(text, "x.yaml", current())
    told = [(p.line, p.message) for p in caught.value.problems]
    assert [line for line, _ in told] == [5, 5, 6, 7, 8, 9]
    assert "out of range: 9000" in told[0][1] and "Did you mean 'blame_half_life'" in told[2][1]
    assert "lies outside 0.3 to 0.4" in told[3][1] and "unknown key 'shares'" in told[5][1]


def test_a_scenario_can_be_seen_through_a_lens(tmp_path: Path) -> None:
    scenario = load_scenario("historical")
    through = under(scenario, "neutral")
    assert through.lens == "neutral" and through.name == scenario.name
    assert under(scenario, None) is scenario
    assert scenario_hash(through) != scenario_hash(scenario)
    with pytest.raises(InputError, match="unknown lens 'neutrl'. Did you mean 'neutral'"):
        under(scenario, "neutrl")


def test_explain_tells_decisions_policies_and_what_a_lens_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = b"id: neutral\nparameters:\n  blame_half_life: 90.0\n  kin_tie: {value: 0.1, low: 0.0}\noff: [membership]\n"
    monkeypatch.setattr(lenses, "_bytes", lambda name: told)
    decision, options = next(iter(current().decisions.items()))
    text = f"extends: historical\ndecisions:\n  {decision}: {options[-1]}\npolicy:\n  land: {{level: 0.5}}\n"
    path = written(tmp_path, text + "lens: neutral\n")
    rows = {key: (value, file, line) for key, value, file, line in explain(load_scenario(path))}
    assert rows[f"decisions.{decision}"] == (options[-1], str(path), 3)
    assert rows["policy.land.level"] == (0.5, str(path), 5)
    assert rows["lens"] == ("neutral", str(path), 6)
    assert rows["lens.parameters.blame_half_life"] == (90.0, "scenarios/lenses/neutral.yaml", 3)
    assert rows["lens.parameters.kin_tie.low"][2] == 4 and rows["lens.off.0"][0] == "membership"


# --- schema -----------------------------------------------------------------------------------------------------


def test_the_schema_names_what_may_be_named() -> None:
    schema: dict[str, Any] = json.loads(schema_text())
    known = current()
    properties, changes = schema["properties"], schema["$defs"]["EventChanges"]["properties"]
    assert set(properties["decisions"]["properties"]) == set(known.decisions)
    assert set(properties["parameters"]["properties"]) == set(known.parameters or {})
    assert "june_offensive" in changes["remove"]["items"]["anyOf"][0]["enum"]
    assert {"bread", "hunger", "real_wage"} <= set(properties["forcing"]["propertyNames"]["enum"])
    assert properties["lens"]["enum"] == list(shipped_lenses()) and "blame" in properties["off"]["items"]["enum"]
    assert list(properties) == list(Scenario.model_fields)
    assert json_schema(NOTHING)["properties"]["decisions"]["properties"] == {}
