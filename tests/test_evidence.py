"""The evidence tables load, and a bad row is found with file, line, column and what was expected."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.inputs.evidence import ProvinceRow, SocialRow, load, read_rows, row
from sim.words.errors import InputError, Problem

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ROOT / "analysis" / "targets"
HEADER = (
    "id,start,end,precision,series,place,stratum,type,value,low,high,unit,qualifier,use,confidence,source,locator,note"
)
GOOD = {
    "id": "S900",
    "start": "1917-06-01",
    "end": "1917-06-30",
    "precision": "month",
    "series": "bread_ration",
    "place": "Moscow",
    "stratum": "all consumers",
    "type": "number",
    "value": "0.75",
    "low": "0.5",
    "high": "1",
    "unit": "funt per day",
    "qualifier": "",
    "use": "forcing",
    "confidence": "high",
    "source": "Shubin, Velikaia Rossiiskaia revoliutsiia",
    "locator": "",
    "note": "",
}


def table(*changes: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(GOOD), lineterminator="\n")
    writer.writeheader()
    for change in changes:
        writer.writerow({**GOOD, **change})
    return out.getvalue()


def problems(text: str, kind: type = SocialRow) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_rows(kind, text, "social.csv")
    return caught.value.problems


def cell(text: str, problem: Problem) -> str:
    """What stands at the spot that a problem names."""
    return text.split("\n")[problem.line - 1][problem.column - 1 :]


@pytest.mark.parametrize(
    ("name", "path", "rows"),
    [
        ("provinces", None, 78),
        ("social", None, 278),
        ("outcomes", TARGETS, 67),
        ("politics", TARGETS, 435),
        ("chronology", TARGETS, 130),
    ],
)
def test_every_table_of_the_project_loads(name: str, path: Path | None, rows: int) -> None:
    assert len(load(name, path)) == rows


def test_the_simulation_holds_no_outcome() -> None:
    assert {entry.use for entry in load("social")} == {"forcing"}
    with pytest.raises(InputError, match="outside sim"):
        load("politics")


def test_no_shown_source_is_an_address() -> None:
    for name, path in (("social", None), ("outcomes", TARGETS), ("politics", TARGETS), ("chronology", TARGETS)):
        for entry in load(name, path):
            assert "://" not in entry.source and "github" not in entry.source, entry.id


def test_memory_rows_say_so_and_carry_a_wide_error() -> None:
    remembered, read = row("social", "S050"), row("social", "S028")
    assert remembered.is_memory and remembered.error_factor >= 1.5
    assert not read.is_memory and read.error_factor < 1.5
    assert remembered.bounds()[1] >= 1.5 * remembered.number
    vladimir = row("provinces", "vladimir")
    assert vladimir.group_is_memory("industry") and not vladimir.group_is_memory("population")
    assert vladimir.group_error("industry") >= 1.5 > vladimir.group_error("population")


def test_no_memory_row_is_fitted_or_scored() -> None:
    assert not [entry.id for entry in load("politics", TARGETS) if entry.is_memory and entry.use != "context"]


def test_values_are_typed() -> None:
    strength = row("social", "S028")
    assert (strength.number, strength.start, strength.votes) == (392_000, date(1917, 1, 1), None)
    spread = row("social", "S068")
    assert (spread.number, spread.low, spread.high) == (257_500, 215_000, 300_000)
    vote = next(entry for entry in load("outcomes", TARGETS) if entry.id == "S284")
    assert vote.votes == (400, 19) and vote.number is None
    assert row("provinces", "kamchatka").mining_share_1897 is None


@pytest.mark.parametrize(
    ("change", "found", "expected"),
    [
        ({"end": "1917-05-30"}, "1917-05-30", "1917-06-01 or later"),
        ({"start": "1917-13-01"}, "1917-13-01", "1917-06-18"),
        ({"end": "1917-06-01"}, "month", "first and the last day"),
        ({"precision": "day"}, "day", "one day"),
        ({"precision": "year"}, "year", "31 December"),
        ({"precision": "span", "end": "1917-06-01"}, "span", "two dates"),
        ({"value": "2"}, "2", "0.5 to 1"),
        ({"low": "3"}, "0.75", "3 to 1"),
        ({"value": "much"}, "much", "a number"),
        ({"high": "much"}, "much", "a number"),
        ({"type": "votes", "value": "400 to 19", "low": "", "high": ""}, "400 to 19", "400-19"),
        ({"type": "range", "value": "3-4"}, "3-4", "0.5-1"),
        ({"type": "text"}, "0.5", "nothing"),
        ({"use": "driver"}, "driver", "forcing, outcome"),
        ({"confidence": "sure"}, "sure", "high, medium, low"),
        ({"source": ""}, "", "some text"),
    ],
)
def test_a_bad_cell_is_found_where_it_stands(change: dict[str, str], found: str, expected: str) -> None:
    text = table({"id": "S899", "note": 'a "quoted" note, with a comma'}, change)
    (problem,) = problems(text)
    assert (problem.file, problem.line) == ("social.csv", 3)
    assert cell(text, problem).startswith(found or ",")
    assert expected in problem.expected


def test_all_bad_cells_are_reported_at_once_in_file_order() -> None:
    text = table({"id": "a", "value": "x"}, {"id": "b"}, {"id": "c", "use": "y", "confidence": "z"})
    assert [(p.line, cell(text, p)[0]) for p in problems(text)] == [(2, "x"), (4, "y"), (4, "z")]


def test_a_record_over_two_lines_is_located() -> None:
    text = table({"series": "bread\nration", "use": "nothing"}, {"id": "S901", "value": "x"})
    first, second = problems(text)
    assert (first.line, second.line) == (3, 4)
    assert cell(text, first).startswith("nothing") and cell(text, second).startswith("x")


def test_an_id_used_twice_a_short_row_and_a_wrong_header() -> None:
    (twice,) = problems(table({}, {}))
    assert twice.line == 3 and "line 2" in twice.message
    (short,) = problems(table({}) + "S901,1917-06-01\n")
    assert short.line == 3 and short.expected == "18 columns"
    (header,) = problems(table({}).replace("series", "serie", 1))
    assert (header.line, header.column) == (1, HEADER.index("series") + 1) and "'series'" in header.expected


def test_provinces_are_checked_too() -> None:
    text = (ROOT / "sim" / "evidence" / "provinces.csv").read_text(encoding="utf-8")
    bad = text.replace("0.8509,0.0001", "0.4509,0.0001", 1).replace(",1170,european", ",1170,eastern", 1)
    (front,) = problems(bad, ProvinceRow)
    assert front.line == 2 and cell(bad, front).startswith("eastern")
    (tongue,) = problems(text.replace("0.8509,0.0001", "0.4509,0.0001", 1), ProvinceRow)
    assert "sum to 0.6" in tongue.message


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_number_is_accepted_just_when_its_bounds_hold_it(value: int, low: int, high: int) -> None:
    text = table({"value": str(value), "low": str(low), "high": str(high)})
    if low <= value <= high:
        (entry,) = read_rows(SocialRow, text)
        least, most = entry.bounds()
        assert least <= low and high <= most
    else:
        assert problems(text)


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=30),
    st.sampled_from(["note", "qualifier"]),
)
def test_any_text_is_kept_and_never_moves_the_columns(words: str, column: str) -> None:
    text = table({column: words, "use": "neither"})
    (problem,) = problems(text)
    assert cell(text, problem).startswith("neither")
    (entry,) = read_rows(SocialRow, table({column: words}))
    assert getattr(entry, column) == words.strip()
