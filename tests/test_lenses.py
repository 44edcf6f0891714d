"""Lenses: each is whole, stays within its ranges, sets nothing but mechanisms, and moves something."""

from __future__ import annotations

import pytest
from year_kit import differences, made

from sim.engine.model import Revolution
from sim.inputs.parameters import DECLARATIONS
from sim.inputs.scenario_file import shipped_lenses
from sim.running.vocabulary import lens, load, under

UNTIL = "1917-04-12"
LEFT = {"mandel", "craig", "anniversary_1987", "tabor", "campbell_reed"}
OTHERS = {"liberal_state_collapse", "menshevik", "sr_peasant", "national", "social_breakdown"}
#: Disagreements of the sources for which the model has no setting; docs/catalogue.md says so.
NO_SETTING = {"D-156", "D-159", "D-164", "D-169", "D-171", "D-172"}


@pytest.fixture(scope="module")
def history() -> Revolution:
    return made(every=14, until=UNTIL).run()


def seen_through(name: str) -> Revolution:
    return made(under(load("historical"), name), every=14, until=UNTIL).run()


def test_all_are_there_and_camps_are_told_apart() -> None:
    assert set(shipped_lenses()) == {"neutral", *LEFT, *OTHERS}
    assert {name for name in shipped_lenses() if lens(name).camp == "left"} == LEFT
    assert {name for name in shipped_lenses() if lens(name).camp == "other"} == OTHERS


@pytest.mark.parametrize("name", sorted(LEFT | OTHERS))
def test_a_lens_is_a_prior_within_declared_ranges(name: str) -> None:
    found = lens(name)
    assert found.sources and found.ledger and len(found.text) > 100
    assert len(found.parameters) >= 6
    for parameter, prior in found.parameters.items():
        declared = DECLARATIONS[parameter]
        assert prior.low is not None and prior.high is not None and prior.low < prior.high
        assert declared.low <= prior.low <= prior.value <= prior.high <= declared.high
        assert prior.value != declared.default, f"{parameter} says nothing: it is the default"


@pytest.mark.parametrize("name", sorted(LEFT | OTHERS))
def test_each_lens_changes_what_a_run_gives(name: str, history: Revolution) -> None:
    tables = {table for table, _ in differences(history.recorder.tables(), seen_through(name).recorder.tables())}
    assert tables & {"allegiance", "soviet_power", "actions", "soviets"}


def test_the_neutral_lens_changes_nothing(history: Revolution) -> None:
    assert differences(history.recorder.tables(), seen_through("neutral").recorder.tables()) == []


def test_every_disagreement_of_the_sources_has_a_setting_or_is_named() -> None:
    told = {entry for name in LEFT for entry in lens(name).ledger}
    assert {f"D-{n}" for n in range(150, 173)} - told == NO_SETTING | {"D-165", "D-166"}
    others = {entry for name in OTHERS for entry in lens(name).ledger}
    assert {"D-165", "D-166"} <= others
