"""The catalogue of events and warnings: read, checked as a whole, remembered."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from scenario_kit import KNOWN

from sim.history import catalogue
from sim.history.catalogue import Catalogue, File, read_catalogue
from sim.inputs.order import cycle, dependents
from sim.words.calendar import FIRST_DAY, FURTHEST_DAY
from sim.words.errors import InputError

VOCABULARY = replace(KNOWN, events=None, warnings=None)

WARNINGS = """
- id: army_collapse
  claim: An attack will break the army.
  by:
    - {party: bolshevik, date: "1917-06-06", source: "Pravda"}
    - {party: menshevik_internationalist, date: "1917-06-10", source: "Letuchii listok"}
  demand: peace
"""

EVENTS = """
- id: june_offensive
  title: Russian offensive in Galicia
  date: "1917-06-16"
  text: Guns open on the South-Western Front; infantry attacks on 18 June.
  kind: decision
  actors: [Kerensky, Brusilov]
  strata: [soldier]
  sources:
    - {work: "Allan K. Wildman, The End of the Russian Imperial Army (1987)", rows: [CH040]}
  ledger: [C-035]
  effects:
    - hardship: {demand: peace, strata: [soldier], places: fronts, size: large, half_life: 30}
- id: rout
  title: The front gives way
  date: "1917-07-06"
  until: "1917-07-12"
  precision: span
  text: A counter-attack breaks through.
  kind: consequence
  requires: [june_offensive]
  sources: [A work (1987)]
  effects:
    - bears_out: {warning: army_collapse, size: medium}
    - accusation: {charge: german_money, against: bolshevik, size: medium}
- id: exposure
  title: The charge is not believed any more
  date: "1917-08-31"
  text: It is dropped.
  kind: consequence
  sources: [A work (1987)]
  effects:
    - exposure: {charge: german_money}
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OCTOBER_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def read(*events: str, warnings: str = WARNINGS) -> Catalogue:
    files = [File(f"events/{i}.yaml", dedent(text).encode()) for i, text in enumerate(events)]
    return read_catalogue(files, [File("warnings.yaml", dedent(warnings).encode())], VOCABULARY)


def mistakes(*events: str, warnings: str = WARNINGS) -> list[tuple[str, int, int, str]]:
    with pytest.raises(InputError) as caught:
        read(*events, warnings=warnings)
    return [(p.file, p.line, p.column, p.message) for p in caught.value.problems]


def changed(old: str, new: str, text: str = EVENTS) -> str:
    assert old in text
    return text.replace(old, new)


def test_a_right_catalogue_is_read_in_order_of_date() -> None:
    found = read(EVENTS)
    assert list(found.events) == ["june_offensive", "rout", "exposure"]
    assert found.events["rout"].requires == ("june_offensive",)
    assert found.events["rout"].last_day == date(1917, 7, 12)
    assert found.events["june_offensive"].sources[0].rows == ("CH040",)
    assert found.events["exposure"].sources[0].work == "A work (1987)"
    assert found.warnings["army_collapse"].by[0].party == "bolshevik"


def test_events_of_several_files_can_hang_on_each_other() -> None:
    later = """
    - id: death_penalty
      title: x
      date: "1917-07-12"
      text: x
      kind: decision
      requires: [rout]
      sources: [x]
    """
    assert list(read(later, EVENTS).events) == ["june_offensive", "rout", "death_penalty", "exposure"]


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message"),
    [
        (
            "requires: [june_offensive]",
            "requires: [june_ofensive]",
            21,
            14,
            "unknown event 'june_ofensive'. Did you mean",
        ),
        ("id: rout", "id: june_offensive", 14, 7, "there is already a 'june_offensive'."),
        ("id: rout", "id: The rout", 14, 7, "'The rout' is not an id."),
        (
            "kind: consequence\n  requires",
            "kind: result\n  requires",
            20,
            9,
            "the text 'result' is not a value of 'kind'.",
        ),
        ('"1917-07-06"', "1917-07", 16, 9, "'1917-07' is not a date."),
        ('"1917-07-12"', '"1917-07-01"', 17, 10, "'rout' ends before it begins."),
        ("precision: span", "precision: week", 18, 14, "the text 'week' is not a value of 'precision'."),
        ('  until: "1917-07-12"\n', "", 17, 14, "'rout' is a span without an end."),
        ("warning: army_collapse", "warning: army_colapse", 24, 28, "unknown warning 'army_colapse'. Did you mean"),
        ("charge: german_money}", "charge: gold}", 33, 7, "the charge 'gold' is never made."),
        ("places: fronts", "places: frnts", 13, 60, "unknown place 'frnts'. Did you mean 'fronts'?"),
        ("rows: [CH040]", "rows: [page 5]", 10, 86, "'page 5' is not the id of a row of evidence."),
        ("ledger: [C-035]", "ledger: [Z-1]", 11, 12, "'Z-1' is not a ledger id."),
        ("  title: The front gives way\n", "", 14, 3, "'title' is missing."),
        ("strata: [soldier]\n", "stratum: [soldier]\n", 8, 3, "unknown key 'stratum'. Did you mean 'strata'?"),
    ],
)
def test_a_mistake_is_told_at_its_line(old: str, new: str, line: int, column: int, message: str) -> None:
    found = mistakes(changed(old, new))
    assert any(f == ("events/0.yaml", line, column, f[3]) and f[3].startswith(message) for f in found), found


def test_a_consequence_may_not_come_before_its_cause() -> None:
    early = changed('"1917-06-16"', '"1917-07-20"')
    assert mistakes(early) == [
        ("events/0.yaml", 21, 14, "'rout' (12 July 1917) is dated before 'june_offensive' (20 July 1917).")
    ]
    assert read(changed('"1917-06-16"', '"1917-07-10"')), "a span may begin before its cause"


def test_circles_of_causes_are_told_once_with_their_names() -> None:
    circle = changed("ledger: [C-035]", "ledger: [C-035]\n  requires: [exposure]")
    circle = changed("requires: [june_offensive]", "requires: [june_offensive]", circle)
    circle = changed("title: The charge", "requires: [rout]\n  title: The charge", circle)
    found = [message for *_, message in mistakes(circle)]
    assert "events hang on each other in a circle: june_offensive on exposure on rout on june_offensive." in found


def test_every_event_needs_a_source() -> None:
    text = changed("  sources: [A work (1987)]\n  effects:\n    - exposure", "  effects:\n    - exposure")
    assert mistakes(text) == [("events/0.yaml", 26, 3, "'exposure' has no source.")]


def test_a_warning_must_be_given_before_it_is_borne_out() -> None:
    late = changed("1917-06-06", "1917-08-01", WARNINGS).replace("1917-06-10", "1917-08-02")
    assert mistakes(EVENTS, warnings=late) == [
        ("events/0.yaml", 24, 7, "the warning 'army_collapse' was first given on 1 August 1917, after 'rout'.")
    ]


def test_mistakes_of_all_files_come_at_once() -> None:
    found = mistakes(
        changed("kind: decision", "kind: choice"),
        "- id: x\n  id: y\n",
        "a: b",
        "- [",
        warnings=changed("demand: peace", "demand: pease", WARNINGS),
    )
    assert {file for file, *_ in found} == {f"events/{i}.yaml" for i in range(4)} | {"warnings.yaml"}


# --- memory -----------------------------------------------------------------------------------------------------


def test_a_right_file_is_remembered_and_still_checked(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(EVENTS)
    kept = list((own_cache / "catalogue").glob("*.json"))
    assert len(kept) == 2
    monkeypatch.setattr(catalogue, "read_tree", lambda *_: pytest.fail("read again"))
    assert read(EVENTS) == first


def test_a_remembered_file_with_a_mistake_still_tells_the_line() -> None:
    wrong = changed("requires: [june_offensive]", "requires: [june_ofensive]")
    assert mistakes(wrong) == mistakes(wrong)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"a": 1}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_memory_is_not_trusted(own_cache: Path, damage: bytes) -> None:
    first = read(EVENTS)
    for path in (own_cache / "catalogue").glob("*.json"):
        path.write_bytes(damage)
    assert read(EVENTS) == first


def test_a_memory_that_can_not_be_written_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("OCTOBER_CACHE_DIR", str(tmp_path / "file"))
    assert len(read(EVENTS).events) == 3


# --- order ------------------------------------------------------------------------------------------------------


def test_what_hangs_on_an_event_goes_with_it() -> None:
    requires = {"a": (), "b": ("a",), "c": ("b", "x"), "x": (), "d": ("x",)}
    assert dependents(["a"], requires) == {"b", "c"}
    assert dependents(["x"], requires) == {"c", "d"}
    assert dependents([], requires) == set()


def test_cycles_are_found_in_long_chains_without_recursion() -> None:
    chain = {str(i): (str(i + 1),) for i in range(20_000)}
    assert cycle(chain) == ()
    assert set(cycle({**chain, "20000": ("19999",)})) == {"19999", "20000"}
    assert cycle({"a": ("a",)}) == ("a",)
    assert cycle({"a": ("b", "c"), "b": ("c",), "c": ()}) == ()


# --- what is shipped --------------------------------------------------------------------------------------------


def test_the_shipped_catalogue_is_right() -> None:
    events, warnings = catalogue.events(), catalogue.warnings()
    assert list(events) == sorted(events, key=lambda name: (events[name].date, name))
    assert all(e.date <= FURTHEST_DAY and e.last_day >= FIRST_DAY for e in events.values())
    assert all(len(e.text) >= 20 and e.sources for e in events.values())
    heard = {effect.warning for e in events.values() for effect in e.effects if hasattr(effect, "warning")}
    assert heard <= set(warnings)


def test_listing_and_checking_stay_light() -> None:
    program = (
        "import sys, sim.history.catalogue as c, sim.inputs.scenario_file as f;"
        "c.events(); f.load_scenario('historical');"
        "sys.exit(','.join({'mesa', 'numba', 'pandas', 'matplotlib', 'scipy'} & set(sys.modules)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
