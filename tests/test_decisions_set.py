"""Each decision point can be set by a scenario file to each of its options, free or pinned, and is followed."""

from __future__ import annotations

from pathlib import Path

import pytest
from course_kit import FakeGauges, course, lived

from sim.history.catalogue import all_events, alternatives, decision_points
from sim.history.course import Course
from sim.inputs.decisions import Decision, Option
from sim.inputs.scenario import Scenario
from sim.inputs.scenario_file import check_file, load_scenario
from sim.inputs.terms import Arguments, Value

POINTS = decision_points()
#: Choices that settle what the body does and not whether it comes of it: by a hazard, or by what another body chooses.
LATER = {"rising_begins", "congress_takes_power"}


class Governing(FakeGauges):
    """Gauges under which soviets govern once an event has put a soviet cabinet in office."""

    SOVIET = ("soviet_cabinet_march", "tsik_takes_power_july", "july_rising_succeeds", "sovnarkom_formed")

    def read(self, name: str, arguments: Arguments) -> Value:
        if name == "soviets_govern":
            return any(super(Governing, self).read("fired", (event,)) for event in self.SOVIET)
        return super().read(name, arguments)


def written(folder: Path, decision: Decision, option: Option, pinned: bool) -> Scenario:
    """The scenario of a file that sets one decision on the day it was taken."""
    file = folder / f"{decision.id}_{option.id}.yaml"
    lines = ["extends: historical", f"divergence: {decision.date}", "decisions:", f"  {decision.id}: {option.id}"]
    file.write_text("\n".join([*lines, "events: {pin: all}"] if pinned else lines) + "\n", encoding="utf-8")
    assert check_file(file) == []
    return load_scenario(file)


def followed(scenario: Scenario, **values: Value) -> Course:
    found = course(scenario)
    lived(found, Governing(**values))
    return found


@pytest.mark.parametrize("pinned", [False, True], ids=["free", "pinned"])
@pytest.mark.parametrize("name", POINTS)
def test_a_file_can_set_each_option_and_the_course_follows_it(name: str, pinned: bool, tmp_path: Path) -> None:
    decision = POINTS[name]
    for option in decision.options:
        found = followed(written(tmp_path, decision, option, pinned))
        assert found.choices[name] == option.id
        missing = {*option.causes} - {*found.happened} - LATER
        assert not missing, f"{option.id} does not bring {missing}: {[found.fate(event) for event in missing]}"
        # What had happened by the day of the decision can't be taken back.
        others = {*decision.owned, *option.prevents} - {*option.causes}
        unasked = {e for e in others & {*found.happened} if found.events[e].date >= decision.date}
        assert not unasked, f"{option.id} does not prevent {unasked}"


def test_a_choice_brings_nothing_before_it_is_made() -> None:
    early = {
        event for d in POINTS.values() for o in d.options for event in o.causes if all_events()[event].date < d.date
    }
    assert not early & {*alternatives()}, "a scenario that diverges on the day of the choice would leave these out"


def test_the_assemblys_date_is_decided_whoever_governs() -> None:
    for name in ("soviet_government_march", "july_rising"):
        found = followed(load_scenario(name))
        assert "date_of_assembly" in found.story.decided
        assert {"constituent_assembly_election", "assembly_election_17_september"} & {*found.happened}


@pytest.mark.parametrize(("odds", "comes"), [(1.0, True), (0.0, False)])
def test_a_rising_in_the_partys_name_brings_a_government_only_if_it_succeeds(odds: float, comes: bool) -> None:
    walked_out = {"rising": "partys_name", "october_walkout": "walk_out"}
    for name in ("historical", "rising_in_partys_name"):
        update = {"divergence": POINTS["rising"].date, "decisions": walked_out}
        found = followed(
            load_scenario(name).model_copy(update=update), odds_insurrection=odds, for_soviet_power=1.0
        )
        assert "insurrection_in_partys_name" in found.happened
        for event in ("party_government", "moscow_fighting", "junker_rising", "decree_land"):
            assert (event in found.happened) is comes, event
        assert ("sovnarkom_formed" in found.happened) is (comes and name == "historical")


def test_there_are_twenty_two_of_them() -> None:
    assert sorted(d.number for d in POINTS.values()) == list(range(1, 23))
