"""Scenario files: loading, building on one another, and every mistake at its line and column."""

from __future__ import annotations

import json
import pickle
from datetime import date
from pathlib import Path

import pytest
from scenario_kit import EVENTS, KNOWN, problems, written

import sim.history.catalogue  # noqa: F401  (offers the names of events and places)
from sim.inputs.known import Known
from sim.inputs.scenario import Scenario, scenario_hash
from sim.inputs.scenario import load_scenario as public_load
from sim.inputs.scenario_file import check_file, explain, load_scenario, shipped
from sim.inputs.schema import json_schema
from sim.words.errors import InputError, OctoberError

GOOD = """
    # A comment.
    extends: historical
    title: An earlier rout
    question: What if the front had given way in May?
    kind: stretch
    divergence: "1917-05-01"
    until: 1917-12-31
    sources: ["Allan K. Wildman, The End of the Russian Imperial Army (1987)"]
    events:
      remove: [kornilov_march]
      shift: {june_offensive: -20, tarnopol_rout: 1917-06-20}
      force: {front_death_penalty: 1917-06-25}
      add:
        - id: may_mutiny
          title: Mutiny in May
          date: "1917-05-20"
          text: Regiments refuse to move up.
          kind: action
          requires: [april_note]
          effects:
            - discipline: {places: fronts, size: large, half_life: 40, direction: down}
    decisions: {offensive: attack}
    forcing:
      bread: {scale: 0.8, from: 1917-06-01}
    parameters: {news_delay: 9 days}
    off: [reach]
"""


# --- reading ----------------------------------------------------------------------------------------------------


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, GOOD), KNOWN)
    assert scenario.name == "mine" and scenario.kind == "stretch"
    assert scenario.divergence == date(1917, 5, 1) and scenario.until == date(1917, 12, 31)
    assert scenario.events.pin == (), "history pins by having no divergence"
    assert scenario.events.remove == ("kornilov_march",)
    assert scenario.events.shift == {"june_offensive": -20, "tarnopol_rout": date(1917, 6, 20)}
    assert scenario.events.force == {"front_death_penalty": date(1917, 6, 25)}
    assert scenario.events.add[0].effects[0].kind == "discipline"
    assert scenario.parameters == {"news_delay": 9.0}
    assert scenario.card is None, "historical's card speaks of historical only"
    assert scenario.uses() == {
        "events.remove",
        "events.shift",
        "events.force",
        "events.add",
        "decisions",
        "forcing.bread",
        "parameters",
        "off",
    }


def test_a_forcing_window_without_a_beginning_starts_at_the_divergence(tmp_path: Path) -> None:
    text = "forcing: {bread: {scale: 0.5, until: 1917-07-01}}"
    window = load_scenario(written(tmp_path, text), KNOWN).forcing["bread"][0]
    assert not window.active(date(1917, 4, 30), date(1917, 5, 1))
    assert window.active(date(1917, 5, 1), date(1917, 5, 1))
    assert window.active(date(1917, 2, 23), None)
    assert not window.active(date(1917, 7, 2), None)


@pytest.mark.parametrize("written_as", ['"1917-07-01"', "1917-07-01", "15", "+15", "+15 days", "'15 days'"])
def test_a_shift_is_a_date_or_days(tmp_path: Path, written_as: str) -> None:
    text = f"events:\n  shift: {{june_offensive: {written_as}}}\n"
    shift = load_scenario(written(tmp_path, text), KNOWN).events.shift["june_offensive"]
    assert shift in (15, date(1917, 7, 1))


def test_shipped_scenarios_are_found_by_name() -> None:
    assert shipped()[0] == "historical"
    historical = load_scenario("historical")
    assert historical.divergence is None and historical.events.free == () and historical.kind == "historical"
    assert public_load("historical") == historical


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_is_right_and_has_a_full_card(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.title and scenario.question and scenario.kind and scenario.sources
    card = scenario.card
    assert card is not None
    assert all((card.changed, card.held_fixed, card.why_possible, card.settle_by, card.cannot_say))
    assert all(card.voices.model_dump().values())
    if name != "historical":
        assert scenario.divergence or scenario.kind in ("open", "mechanism_probe")


def test_no_offensive_removes_the_offensive_from_history() -> None:
    scenario = load_scenario("no_offensive")
    assert scenario.events.remove == ("june_offensive",) and scenario.events.pin == ()
    assert scenario.divergence == date(1917, 6, 16)
    assert scenario_hash(scenario) != scenario_hash(load_scenario("historical"))


def test_names_that_do_not_exist_are_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match="unknown scenario 'historicl'. Did you mean 'historical'"):
        load_scenario("historicl")
    with pytest.raises(InputError, match="there is no file .*no_offensiv.yaml. Did you mean the shipped scenario"):
        load_scenario("no_offensiv.yaml")


def test_a_file_without_an_ending_is_pointed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").write_text("title: x\n")
    with pytest.raises(InputError, match="must end in .yaml"):
        load_scenario("mine")


def test_a_file_that_names_events_is_not_read_unchecked(tmp_path: Path) -> None:
    path = written(tmp_path, "events: {remove: [whatever]}")
    with pytest.raises(OctoberError, match="import sim.history.catalogue"):
        load_scenario(path, Known())


def test_a_scenario_travels_to_other_processes(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, GOOD), KNOWN)
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy == scenario and copy.name == "mine" and explain(copy) == explain(scenario)


# --- text, hash, explanation, schema ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped())
def test_the_effective_text_is_a_file_that_means_the_same(tmp_path: Path, name: str) -> None:
    scenario = load_scenario(name)
    again = load_scenario(written(tmp_path, scenario.text(), "again.yaml"))
    assert again.effective() == scenario.effective()
    assert again.extends is None and scenario_hash(again) == scenario_hash(scenario)


def test_the_text_of_a_full_scenario_means_the_same(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, GOOD), KNOWN)
    again = load_scenario(written(tmp_path, scenario.text(), "again.yaml"), KNOWN)
    assert again.effective() == scenario.effective()


def test_the_hash_is_of_what_a_run_reads(tmp_path: Path) -> None:
    base = load_scenario(written(tmp_path, GOOD), KNOWN)
    renamed = GOOD.replace("An earlier rout", "Another title").replace("# A comment.", "# Another.")
    moved = GOOD.replace("june_offensive: -20", "june_offensive: -21")
    assert scenario_hash(load_scenario(written(tmp_path, renamed, "b.yaml"), KNOWN)) == scenario_hash(base)
    assert scenario_hash(load_scenario(written(tmp_path, moved, "c.yaml"), KNOWN)) != scenario_hash(base)


def test_explain_tells_the_file_and_line_of_each_value(tmp_path: Path) -> None:
    path = written(tmp_path, "extends: historical\nevents:\n  remove:\n    - kornilov_march\nuntil: 1917-10-25\n")
    rows = {key: (value, file, line) for key, value, file, line in explain(load_scenario(path, KNOWN))}
    assert rows["events.remove.0"] == ("kornilov_march", str(path), 4)
    assert rows["until"] == ("1917-10-25", str(path), 5)
    assert rows["start"] == ("1917-02-23", "default", 0)
    assert "title" not in rows


def test_the_json_schema_covers_every_key_and_no_other() -> None:
    schema = json_schema()
    json.dumps(schema)
    assert schema["additionalProperties"] is False
    assert list(schema["properties"]) == list(Scenario.model_fields)
    assert set(schema["$defs"]["Forcing"]["properties"]) == {"scale", "from", "until"}


# --- extends ----------------------------------------------------------------------------------------------------


def test_a_child_adds_to_its_parent_and_its_word_goes_first(tmp_path: Path) -> None:
    written(
        tmp_path,
        """
        extends: historical
        title: Parent
        events:
          remove: [june_offensive, kornilov_march]
          shift: {april_note: 3}
        forcing: {bread: {scale: 0.5, until: 1917-06-01}}
        off: [blame]
        """,
        "parent.yaml",
    )
    child = written(
        tmp_path,
        """
        extends: parent.yaml
        events:
          remove: [april_note]
          force: {june_offensive: 1917-07-01}
        forcing: {bread: {scale: 2}, fuel: {scale: 1}}
        off: [reach]
        """,
    )
    scenario = load_scenario(child, KNOWN)
    assert scenario.title is None
    assert scenario.events.remove == ("kornilov_march", "april_note")
    assert scenario.events.shift == {} and scenario.events.force == {"june_offensive": date(1917, 7, 1)}
    assert scenario.forcing["bread"][0].scale == 2 and scenario.forcing["bread"][0].until == date(1917, 6, 1)
    assert set(scenario.forcing) == {"bread", "fuel"} and scenario.off == ("blame", "reach")


def test_free_all_in_a_child_lifts_the_pins_of_its_parent(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, "extends: historical\nevents: {free: all, pin: [april_note]}\n"), KNOWN)
    assert scenario.events.free == "all" and scenario.events.pin == ("april_note",)


def test_a_parents_mistakes_are_told_with_the_parents_name(tmp_path: Path) -> None:
    written(tmp_path, "extends: historical\nlens: nobody\n", "parent.yaml")
    found = check_file(written(tmp_path, "extends: parent.yaml\nkind: guess\n"), KNOWN)
    assert [(Path(p.file).name, p.line, p.column) for p in found] == [("mine.yaml", 2, 7), ("parent.yaml", 2, 7)]


# --- mistakes ---------------------------------------------------------------------------------------------------


def test_all_mistakes_at_once_in_file_order_with_line_and_column(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        """
        extends: historicl
        titel: x
        kind: probe
        until: "1917-13-01"
        events:
          remove: [june_ofensive]
          add:
            - id: mutiny
              title: 5
              date: "1917-05-01"
              text: hello
              kind: action
              effects:
                - hardshp: {}
                - hardship: {demand: peace, strata: [wrker], places: [petrogrod], size: huge, half_life: .nan}
        decisions: {offensiv: attack}
        parameters: {news_dely: 1}
        """,
    )
    assert found == [
        (1, 10, "unknown scenario 'historicl'. Did you mean 'historical'?"),
        (2, 1, "unknown key 'titel'. Did you mean 'title'?"),
        (3, 7, "the text 'probe' is not a value of 'kind'."),
        (4, 8, "'1917-13-01' is not a date."),
        (6, 12, "unknown event 'june_ofensive'. Did you mean 'june_offensive'?"),
        (9, 14, "'title' is 5."),
        (14, 11, "unknown effect 'hardshp'. Did you mean 'hardship'?"),
        (15, 46, "unknown stratum 'wrker'. Did you mean 'worker'?"),
        (15, 63, "unknown place 'petrogrod'. Did you mean 'petrograd'?"),
        (15, 81, "unknown size 'huge'."),
        (15, 98, "'half_life' is nan."),
        (16, 13, "unknown decision 'offensiv'. Did you mean 'offensive'?"),
        (17, 14, "unknown parameter 'news_dely'. Did you mean 'news_delay'?"),
    ]


@pytest.mark.parametrize(
    ("text", "spot", "message", "expected"),
    [
        ("start: 1917-01-01", (1, 8), "start is out of range: 1 January 1917.", "23 February 1917"),
        ("until: 1918-05-01", (1, 8), "until is out of range: 1 May 1918.", "30 April 1918"),
        ("start: 1917-06-01\nuntil: 1917-05-01", (2, 8), "the scenario ends before it begins.", "1 June 1917"),
        ("divergence: 1918-02-01", (1, 13), "the divergence lies outside the scenario.", "6 January 1918"),
        ("until: [1]", (1, 8), "'[1]' is not a date.", "1917-06-18"),
        ("title: ''", (1, 8), "'title' is empty.", "at least 1 character"),
        ("off: blame", (1, 6), "'off' is the text 'blame'.", "a list"),
        ("off: [blam]", (1, 7), "unknown mechanism that can be switched off 'blam'. Did you mean 'blame'?", "blame"),
        ("lens: neutrl", (1, 7), "unknown lens 'neutrl'. Did you mean 'neutral'?", "neutral"),
        ("name: x", (1, 1), "unknown key 'name'.", "one of extends, title"),
        ("card: {voices: {liberals: x}}", (1, 17), "unknown key 'liberals' in 'voices'. Did you mean 'liberal'?", ""),
        ("forcing: {bread: {}}", (1, 18), "'scale' is missing from 'bread'.", "'scale'"),
        ("forcing: {bred: {scale: 1}}", (1, 11), "unknown series 'bred'. Did you mean 'bread'?", "one of bread"),
        ("forcing: {bread: {scale: .inf}}", (1, 26), "'scale' is inf.", "a finite number"),
        ("forcing: {bread: {scale: 11}}", (1, 26), "'scale' is 11.", "a number of at most 10"),
        ("parameters: {news_delay: 90}", (1, 26), "'news_delay' is out of range: 90.", "from 1 to 30 days"),
        ("parameters: {news_delay: 9 km}", (1, 26), "'news_delay' is counted in days, not in km.", "days"),
        ("parameters: {news_delay: fast}", (1, 26), "'news_delay' is the text 'fast'.", "a number"),
        ("parameters: {news_delay: .nan}", (1, 26), "'news_delay' is nan.", "a finite number"),
        ("parameters: {news_delay: true}", (1, 26), "'news_delay' is true.", "a number"),
        ("decisions: {offensive: flee}", (1, 24), "unknown choice at 'offensive': 'flee'.", "one of attack, defend"),
        ("events: {shift: {june_offensive: 0}}", (1, 34), "a shift of 0 days.", "1 to 400 days"),
        ("events: {shift: {june_offensive: 1918-06-01}}", (1, 34), "the new date of 'june_offensive' is out of", ""),
        ("events: {pin: none}", (1, 15), "the text 'none' is not a value of 'pin'.", "'all'"),
        ("events: {add: [7]}", (1, 16), "an item of 'add' is 7.", "a mapping of keys to values"),
        ("representation: {seats: {moscow_soviet: {wrker: 5}}}", (1, 42), "unknown stratum 'wrker'.", "worker"),
        ("representation: {seats: {duma: {worker: 5}}}", (1, 26), "unknown body 'duma'.", "petrograd_soviet"),
        ("- a", (1, 1), "a scenario is a mapping of keys to values.", "extends"),
        ("title: x\ntitle: y", (2, 1), "the key 'title' is repeated.", "one 'title' (line 1)"),
    ],
)
def test_one_mistake_is_one_problem_at_its_spot(
    tmp_path: Path, text: str, spot: tuple[int, int], message: str, expected: str
) -> None:
    found = check_file(written(tmp_path, text), KNOWN)
    assert found
    assert (found[0].line, found[0].column) == spot
    assert found[0].message.startswith(message)
    assert expected in found[0].expected
    assert len(found) == 1 or message.endswith("out of")


IMPOSSIBLE = {
    "a change before the divergence": (
        "divergence: 1917-07-01\nevents:\n  remove: [june_offensive]",
        (3, 12, "'june_offensive' (16 June 1917) comes before the divergence (1 July 1917)."),
    ),
    "a decision that was taken before the divergence": (
        "divergence: 1917-07-01\ndecisions: {offensive: defend}",
        (2, 13, "the decision 'offensive' (16 June 1917) comes before the divergence (1 July 1917)."),
    ),
    "a decision that is asked after the end": (
        "until: 1917-06-01\ndecisions: {offensive: defend}",
        (2, 13, "the decision 'offensive' (16 June 1917) comes after the scenario ends (1 June 1917)."),
    ),
    "a shift to before the divergence": (
        "divergence: 1917-08-01\nevents:\n  shift: {kornilov_march: 1917-07-20}",
        (3, 11, "'kornilov_march' (20 July 1917) comes before the divergence (1 August 1917)."),
    ),
    "a window before the divergence": (
        "divergence: 1917-08-01\nforcing:\n  bread: {scale: 1, from: 1917-07-01}",
        (3, 10, "the change to 'bread' (1 July 1917) comes before the divergence (1 August 1917)."),
    ),
    "a change after the end": (
        "until: 1917-08-01\nevents:\n  remove: [kornilov_march]",
        (3, 12, "'kornilov_march' (27 August 1917) comes after the scenario ends (1 August 1917)."),
    ),
    "an empty window": (
        "forcing:\n  bread: {scale: 1, from: 1917-07-01, until: 1917-06-01}",
        (2, 46, "the window of 'bread' is empty."),
    ),
    "two changes to one event": (
        "events:\n  remove: [kornilov_march]\n  force: {kornilov_march: 1917-09-01}",
        (3, 11, "'kornilov_march' stands under 'force' and under 'remove'."),
    ),
    "one event twice in a list": (
        "events:\n  remove: [kornilov_march, kornilov_march]",
        (2, 28, "'kornilov_march' stands twice under 'remove'."),
    ),
    "everything pinned and free": ("events: {pin: all, free: all}", (1, 26, "all events are both pinned and free.")),
    "a consequence moved before its cause": (
        "events:\n  shift: {tarnopol_rout: -30}",
        (2, 11, "'tarnopol_rout' (6 June 1917) would come before 'june_offensive' (16 June 1917), on which it hangs."),
    ),
    "a cause moved behind a consequence that is fixed": (
        "events:\n  shift: {june_offensive: 60}\n  force: {tarnopol_rout: 1917-07-10}",
        (
            3,
            11,
            "'tarnopol_rout' (10 July 1917) would come before 'june_offensive' (15 August 1917), on which it hangs.",
        ),
    ),
    "a consequence moved though its cause is gone": (
        "events:\n  remove: [june_offensive]\n  shift: {tarnopol_rout: 5}",
        (3, 11, "'tarnopol_rout' hangs on 'june_offensive', which is removed."),
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_can_not_be_is_refused(tmp_path: Path, name: str) -> None:
    text, problem = IMPOSSIBLE[name]
    assert problems(tmp_path, text) == [problem]


ADDED = """
    events:
      add:
        - {{id: first, title: x, date: 1917-05-01, text: x, kind: action, requires: [{requires}]}}
        - {{id: {second}, title: x, date: {date}, text: x, kind: action, requires: [first]{more}}}
"""


@pytest.mark.parametrize(
    ("change", "line", "message"),
    [
        ({"second": "first"}, 4, "there is already an event 'first'."),
        ({"second": "april_note"}, 4, "there is already an event 'april_note'."),
        ({"requires": "nothing"}, 3, "unknown event 'nothing'."),
        ({"requires": "second"}, 3, "events hang on each other in a circle: first on second."),
        (
            {"date": "1917-04-30"},
            4,
            "'second' (30 April 1917) would come before 'first' (1 May 1917), on which it hangs.",
        ),
        ({"more": ", until: 1917-05-01"}, 4, "'second' ends before it begins."),
        ({"date": "1917-02-01"}, 4, "the date of 'second' is out of range: 1 February 1917."),
    ],
)
def test_added_events_must_fit_in(tmp_path: Path, change: dict[str, str], line: int, message: str) -> None:
    right = {"requires": "april_note", "second": "second", "date": "1917-05-02", "more": ""}
    assert problems(tmp_path, ADDED.format(**right)) == []
    found = problems(tmp_path, ADDED.format(**{**right, **change}))
    assert message in [text for where, _, text in found if where == line]


def test_the_small_world_of_these_tests_is_itself_in_order() -> None:
    assert all(cause in EVENTS for e in EVENTS.values() for cause in e.requires)
