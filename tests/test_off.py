"""Every mechanism can be switched off by name, which changes the tables; the manifest says which were off."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML
from year_kit import AGENTS, Tables, changed, differences, made

import sim
from sim.engine.day_table import MECHANISMS, PHASES
from sim.engine.model import Revolution
from sim.inputs import known
from sim.inputs.scenario import Scenario, load_scenario
from sim.running import manifest
from sim.running.plan import Plan
from sim.running.summary import summary

#: Sixty days: from the February days through the April crisis.
LAST = "1917-04-24"


def lived(scenario: Scenario | str) -> Tables:
    return made(scenario, until=LAST).run().recorder.tables()


@pytest.fixture(scope="module")
def history() -> Tables:
    return lived("historical")


def switched_off(text: str) -> list[str]:
    """What a scenario, as a manifest holds it, switches off."""
    return list(YAML(typ="safe").load(text).get("off", []))


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_switched_off_changes_the_tables(name: str, history: Tables) -> None:
    assert differences(history, lived(changed(off=[name]))) != []


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_phase_switched_off_is_not_run_and_no_other_is_missing(name: str) -> None:
    model = made(changed(off=[name]), until="1917-02-23")
    run = [phase for phase, _ in model._day.phases]
    assert run == [phase.name for phase in PHASES if phase.mechanism != name]


@pytest.mark.parametrize(
    "names", [(), *((name,) for name in MECHANISMS), MECHANISMS], ids=lambda names: "+".join(names)
)
def test_the_manifest_says_which_were_off(names: tuple[str, ...]) -> None:
    plan = Plan(changed(off=list(names)), runs=1, agents=AGENTS)
    told = manifest.compose(plan, [], "finished", 0.0, 1)
    assert switched_off(told["scenario"]["text"]) == list(names)
    usual = manifest.identity(Plan(load_scenario("historical"), runs=1, agents=AGENTS))
    assert (told["identity"]["scenario_hash"] != usual["scenario_hash"]) == bool(names)


def test_a_run_that_switches_something_off_leaves_a_manifest_that_names_it(tmp_path: Path) -> None:
    off = changed(off=["reach", "war"])
    results = sim.run(off, runs=1, agents=AGENTS, until="1917-02-25", jobs=1, out=tmp_path / "run")
    assert manifest.read(tmp_path / "run")["off"] == ["reach", "war"]
    assert "Switched off: reach, war." in summary(results)


def test_a_run_without_a_mechanism_goes_on_from_a_checkpoint_without_it() -> None:
    off = changed(off=["blame"])
    whole = made(off, until="1917-03-12").run()
    half = Revolution.restore(made(off, until="1917-03-12").run("1917-03-05").checkpoint())
    assert half.scenario.off == ("blame",)
    assert differences(whole.recorder.tables(), half.run().recorder.tables()) == []


def test_a_mechanism_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="blam"):
        Scenario.model_validate({"kind": "probe", "off": ["blam"]}, context={"known": known.current()})


def test_a_mechanism_without_effect_would_be_seen(history: Tables) -> None:
    assert differences(history, lived(changed(off=[]))) == []
