"""Forcing: what the series are built on, what scenarios and runs without memory change, and what they must not."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sim.inputs.evidence import load, row
from sim.inputs.forcing import DAYS, LAST, Change, forcing, read_changes
from sim.inputs.forcing_page import as_markdown
from sim.inputs.known import SERIES
from sim.inputs.series import ForcingFile, Knot, Quantity, read_span, scaled
from sim.society.places import PLACES, matching
from sim.society.population import population
from sim.words.calendar import FIRST_DAY, FURTHEST_DAY, day_of
from sim.words.errors import InputError
from sim.words.identifiers import DEMANDS, TONGUES, K

ROOT = Path(__file__).resolve().parent.parent

#: Rows of the evidence that are marked as usable for forcing and are results of the model: never to be cited.
RESULTS = re.compile(
    r"peasant_|estates_|provinces_in_uprising|urban_food_riots|strikers_|desertion_(registered|cumulative|offensive)|"
    r"offensive_|demonstrators|event_casualties|red_guard|workers_control|factory_committees|insurrection|soviet_"
)


@dataclass(frozen=True)
class FakeCell:
    place: str
    stratum: str
    province: str | None = None
    non_russian: float = 0.25


def every_cell() -> list[FakeCell]:
    return [
        FakeCell(place.id, stratum, province)
        for place in PLACES
        for province in (place.provinces or (None,))
        for stratum in place.strata
    ]


def all_knots() -> list[tuple[Quantity, Knot]]:
    found = []
    for quantity in forcing().quantities.values():
        fallback = quantity.fallback if isinstance(quantity.fallback, tuple) else ()
        found += [(quantity, knot) for knot in (*quantity.knots, *fallback)]
    return found


def arithmetic(formula: str) -> float:
    """The value of sums, products and quotients over rows of evidence."""

    def value(node: ast.AST) -> float:
        if isinstance(node, ast.BinOp):
            left, right = value(node.left), value(node.right)
            kinds = {ast.Add: left + right, ast.Mult: left * right}
            return kinds[type(node.op)] if type(node.op) in kinds else left / right
        if isinstance(node, ast.Name):
            return float(row("social", node.id).number)
        assert isinstance(node, ast.Constant)
        return float(node.value)

    return value(ast.parse(formula, mode="eval").body)


# --- shape ------------------------------------------------------------------------------------------------------------


def test_every_series_is_finite_and_spans_all_days() -> None:
    daily = forcing().daily()
    assert daily.table.shape == (day_of(FURTHEST_DAY) + 1, len(forcing().series))
    assert np.isfinite(daily.table).all()
    assert (daily.table >= 0).all()
    assert (FIRST_DAY, LAST) == (date(1917, 2, 23), 431)


@pytest.mark.parametrize("without_memory", [False, True])
def test_conditions_and_ordinal_scales_lie_between_0_and_1(without_memory: bool) -> None:
    source = forcing()
    values = source.values(without_memory=without_memory)
    bounded = [*source.conditions, *(q.id for q in source.quantities.values() if q.scale == "ordinal")]
    for name in bounded:
        assert values[name].min() >= 0.0 and values[name].max() <= 1.0, name


def test_a_window_of_days_is_the_slice_of_all_days() -> None:
    whole, part = forcing().daily(), forcing().daily(100, 120)
    assert part.table.shape[0] == 21
    assert np.array_equal(part.column("bread.petrograd"), whole.column("bread.petrograd")[100:121])
    for first, last in ((-1, 5), (5, 4), (0, LAST + 1)):
        with pytest.raises(InputError):
            forcing().daily(first, last)


def test_values_given_out_cannot_be_written_over() -> None:
    with pytest.raises(ValueError):
        forcing().values()["bread.petrograd"][0] = 0.0


# --- evidence ---------------------------------------------------------------------------------------------------------


def test_every_cited_row_exists_and_may_force() -> None:
    for quantity, knot in all_knots():
        for cited in knot.rows:
            assert row("social", cited).use == "forcing", (quantity.id, cited)


def test_a_knot_says_what_its_row_says() -> None:
    checked = 0
    for quantity, knot in all_knots():
        if not knot.rows:
            continue
        checked += 1
        expected = arithmetic(knot.formula) if knot.formula else row("social", knot.rows[0]).number
        assert knot.value == pytest.approx(expected, rel=2e-3), (quantity.id, str(knot.when))
        if knot.formula:
            assert set(re.findall(r"S\d{3}", knot.formula)) == set(knot.rows)
    assert checked > 50


def test_a_knot_from_a_row_falls_in_the_time_of_the_row() -> None:
    for quantity, knot in all_knots():
        if len(knot.rows) == 1:
            cited = row("social", knot.rows[0])
            assert cited.start <= knot.when.last and knot.when.first <= cited.end, quantity.id


def test_memory_is_marked_and_carries_a_factor_of_error() -> None:
    for quantity, knot in all_knots():
        for cited in knot.rows:
            assert row("social", cited).is_memory == knot.memory, (quantity.id, cited)
    for quantity in forcing().quantities.values():
        if quantity.memory or quantity.scale == "ordinal":
            assert quantity.error_factor >= 1.5, quantity.id
        if quantity.memory:
            assert quantity.fallback_note and not any(knot.memory for knot in quantity.without_memory())
    for told in forcing().series.values():
        if told.memory:
            assert told.error_factor >= 1.5, told.id


def test_a_knot_is_no_surer_than_its_rows() -> None:
    grades = ("low", "medium", "high")
    for quantity, knot in all_knots():
        for cited in knot.rows:
            assert grades.index(knot.confidence) <= grades.index(row("social", cited).confidence), (quantity.id, cited)


def test_no_result_of_the_model_forces_it() -> None:
    cited = {name for _, knot in all_knots() for name in knot.rows}
    assert {row("social", name).id for name in cited if RESULTS.match(row("social", name).series)} == set()
    barred = [r.id for r in load("social") if RESULTS.match(r.series)]
    assert {"S118", "S144", "S174", "S150"} <= set(barred)  # unrest, riots, strikes, desertion are what is barred


def test_a_known_day_reads_as_the_source_has_it() -> None:
    values = forcing().values()

    def on(name: str, *when: int) -> float:
        return float(values[name][day_of(date(*when))])

    assert on("bread_ration_petrograd", 1917, 5, 31) == 1.0
    assert on("bread_ration_petrograd", 1917, 6, 1) == 0.75
    assert on("army_field", 1917, 9, 1) == 6_000_000
    assert on("army_field", 1918, 3, 1) == 6_000_000  # going home is a result, not forcing
    assert on("reserves_moscow_district", 1917, 9, 15) == 292_784
    assert on("replacements_sent", 1917, 7, 16) == pytest.approx(437_300)
    assert on("flour_stock_petrograd", 1917, 10, 25) == 1.5
    assert on("soldiers.fronts", 1917, 2, 23) == 1.0


def test_hunger_in_towns_takes_the_shape_of_food_riots() -> None:
    """S143 to S146 (43, 100, 154, 125 riots) are a check, never an input."""
    values = forcing().values()["bread.towns_consuming"]
    months = [(date(1917, m, 1), date(1917, m + 1, 1)) for m in (7, 8, 9, 10)]
    july, august, september, october = (values[day_of(a) : day_of(b)].mean() for a, b in months)
    assert july < august < september
    assert october > august
    riots = [row("social", f"S{n}").number for n in (143, 144, 145, 146)]
    assert riots[0] < riots[1] < riots[3] < riots[2]


def test_no_series_knows_of_the_armistice() -> None:
    """The decree and the armistice of 2 December are decisions: the burden of war does not fall by itself."""
    values = forcing().values()
    for name in ("war.western", "war.southwestern", "war.garrisons", "war.villages"):
        assert values[name][day_of(date(1917, 12, 20))] >= values[name][day_of(date(1917, 10, 24))] - 0.02, name


def test_the_june_offensive_is_not_forcing() -> None:
    values = forcing().values()
    for name in ("war.southwestern", "war.western"):
        around = values[name][day_of(date(1917, 6, 10)) : day_of(date(1917, 7, 20))]
        assert np.ptp(around) < 0.02, name


# --- cells ------------------------------------------------------------------------------------------------------------


def test_every_cell_has_a_hardship_of_its_own_demand() -> None:
    cells = every_cell()
    made = forcing().hardship(cells)
    assert made.index.shape == made.scale.shape == (len(cells), K)
    assert made.index.dtype == np.int32 and made.table.dtype == np.float32
    assert made.table.shape == (DAYS.size, len(made.ids))
    for k, demand in enumerate(DEMANDS):
        for column in np.unique(made.index[:, k]):
            assert forcing().conditions[made.ids[column]].demand == demand
    assert set(made.index.ravel()) == set(range(len(made.ids)))  # no hardship that nobody feels
    today = made.on(50)
    assert today.shape == (len(cells), K)
    assert np.allclose(today, made.table[50, made.index] * made.scale)


@pytest.mark.parametrize(
    ("demand", "cell", "expected"),
    [
        ("peace", FakeCell("northern_front", "soldier"), "war.northern"),
        ("peace", FakeCell("volga/garrisons", "soldier", "kazan"), "war.garrisons"),
        ("peace", FakeCell("kronstadt", "sailor", "petrograd"), "war.baltic_fleet"),
        ("peace", FakeCell("western/villages", "peasant", "minsk"), "war.near_front"),
        ("peace", FakeCell("northern/villages", "peasant", "pskov"), "war.near_front"),
        ("peace", FakeCell("northern/villages", "peasant", "vologda"), "war.villages"),
        ("bread", FakeCell("petrograd/vyborg", "worker", "petrograd_city"), "bread.petrograd"),
        ("bread", FakeCell("petrograd/centre", "propertied", "petrograd_city"), "bread.propertied"),
        ("bread", FakeCell("central_industrial/villages", "peasant", "vladimir"), "bread.villages_consuming"),
        ("bread", FakeCell("central_industrial/villages", "peasant", "tula"), "bread.villages_producing"),
        ("bread", FakeCell("black_earth/towns", "worker", "tambov"), "bread.towns_producing"),
        ("bread", FakeCell("caucasus/baku", "worker", "baku"), "bread.towns_consuming"),
        ("work", FakeCell("ukraine/donbas", "worker", "ekaterinoslav"), "work.urals_donbas"),
        ("work", FakeCell("volga/villages", "peasant", "samara"), "work.others"),
        ("land", FakeCell("volga/villages", "peasant", "samara"), "land.peasants_black_earth"),
        ("order", FakeCell("helsingfors", "soldier"), "order.petrograd"),
    ],
)
def test_who_feels_what(demand: str, cell: FakeCell, expected: str) -> None:
    assert forcing().hardship_of(demand, cell.place, cell.stratum, cell.province) == expected


def test_places_and_provinces_of_the_file_exist() -> None:
    provinces = {p.province for p in load("provinces")}
    ids = [place.id for place in PLACES]
    selectors = [s for condition in forcing().hardships for s in condition.applies]
    for selector in selectors:
        assert set(selector.provinces) <= provinces
        for pattern in selector.places:
            asked = [(s, p) for s in (*selector.strata, "worker") for p in (*selector.provinces, None)]
            felt = tuple(i for i in ids if any(selector.fits(i, s, p) for s, p in asked))
            assert felt, pattern
            if len(selector.places) == 1:
                assert felt == matching(pattern), pattern
    for quantity in forcing().quantities.values():
        assert matching(quantity.place)


def test_nation_is_scaled_by_the_share_that_is_not_russian() -> None:
    kiev = FakeCell("ukraine/villages", "peasant", "kiev", 0.9)
    made = forcing().hardship([kiev, FakeCell("moscow/city", "worker", "moscow_city", 0.1)])
    nation = DEMANDS.index("nation")
    assert made.on(10)[:, nation] == pytest.approx([0.9, 0.1])
    others = [k for k in range(K) if k != nation]
    assert (made.scale[:, others] == 1.0).all()


def test_the_cells_of_the_population_are_understood() -> None:
    cells = population().cells
    made = forcing().hardship(cells)
    today = made.on(200)
    assert today.shape == (len(cells), K)
    assert today.min() >= 0.0 and today.max() <= 1.0
    for cell, share in zip(cells, made.scale[:, DEMANDS.index("nation")], strict=True):
        assert share == pytest.approx(1.0 - cell.tongues[TONGUES.index("russian")])
    soldiers = [i for i, cell in enumerate(cells) if cell.stratum == "soldier" and "garrison" in cell.place]
    assert (forcing().persons(cells).index[soldiers] > 0).all()


def test_equal_cells_of_two_places_feel_the_same() -> None:
    """Swapping two places of one kind changes nothing (rule 1)."""
    for demand in DEMANDS:
        volga = forcing().hardship_of(demand, "volga/towns", "worker", "samara")
        ukraine = forcing().hardship_of(demand, "ukraine/towns", "worker", "poltava")
        assert volga == ukraine, demand


def test_persons_follow_the_counts() -> None:
    cells = [
        FakeCell("moscow/garrison", "soldier", "moscow_city"),
        FakeCell("western_front", "soldier"),
        FakeCell("siberia/garrisons", "soldier", "tomsk"),
        FakeCell("moscow/city", "worker", "moscow_city"),
    ]
    made = forcing().persons(cells)
    names = [made.ids[i] for i in made.index]
    assert names == ["soldiers.moscow_district", "soldiers.fronts", "soldiers.other_districts", "constant"]
    assert made.table[0] == pytest.approx(1.0)
    september = made.table[day_of(date(1917, 9, 15)), made.index]
    assert 0.4 < september[0] < 0.6 and 0.8 < september[1] < 0.95 and september[3] == 1.0


# --- changes ----------------------------------------------------------------------------------------------------------


def test_a_change_touches_its_window_alone() -> None:
    plain = forcing().daily()
    first, last = date(1917, 6, 1), date(1917, 7, 31)
    changed = forcing().daily(scenario_forcing={"prices": {"scale": 1.5, "from": "1917-06-01", "until": "1917-07-31"}})
    inside = slice(day_of(first), day_of(last) + 1)
    differs = (plain.table != changed.table).any(axis=1)
    assert differs[inside].all()
    assert differs.sum() == 61
    touched = {plain.ids[i] for i in np.flatnonzero((plain.table != changed.table).any(axis=0))}
    assert {"food_price", "real_wage", "bread.petrograd", "wages.squeeze"} <= touched
    assert not {name for name in touched if name.startswith(("war", "land", "work"))}


def test_a_scale_of_one_changes_no_bit() -> None:
    for name in forcing().names:
        changed = forcing().daily(scenario_forcing={name: {"scale": 1.0}})
        assert np.array_equal(forcing().daily().table, changed.table), name


@pytest.mark.parametrize("name", SERIES)
def test_every_series_of_the_vocabulary_moves_something(name: str) -> None:
    changed = forcing().daily(scenario_forcing={name: {"scale": 0.5}})
    assert not np.array_equal(forcing().daily().table, changed.table)


def test_every_lever_works_in_the_direction_of_its_name() -> None:
    def mean(name: str, scale: float, condition: str) -> float:
        return float(forcing().values({name: {"scale": scale}})[condition].mean())

    for lever, condition in (
        ("bread", "bread.petrograd"),
        ("bread", "bread.army_north"),
        ("harvest", "bread.villages_consuming"),
        ("fuel", "fuel.shortage"),
        ("goods", "goods.shortage"),
        ("wages", "bread.moscow"),
    ):
        assert mean(lever, 0.8, condition) > mean(lever, 1.0, condition) > mean(lever, 1.2, condition), lever
    for lever, condition in (
        ("prices", "bread.petrograd"),
        ("front", "war.western"),
        ("german_advance", "war.northern"),
    ):
        assert mean(lever, 0.8, condition) < mean(lever, 1.0, condition) < mean(lever, 1.2, condition), lever


def test_a_family_scales_its_hardships_and_nothing_else() -> None:
    source = forcing()
    plain, changed = source.values(), source.values({"closures": {"scale": 0.0}})
    for name in source.series:
        if name in source.families["closures"]:
            assert (changed[name] == 0.0).all()
        else:
            assert np.array_equal(plain[name], changed[name]), name


def test_changes_are_read_from_every_form() -> None:
    class Model:
        scale, since, until = 0.5, date(1917, 3, 1), date(1917, 3, 31)

    expected = Change(0.5, day_of(date(1917, 3, 1)), day_of(date(1917, 3, 31)))
    mapping = {"scale": 0.5, "from": "1917-03-01", "until": date(1917, 3, 31)}
    assert read_changes("bread", Model()) == read_changes("bread", mapping) == (expected,)
    assert read_changes("bread", [mapping, expected]) == (expected, expected)


def test_a_fading_change_halves() -> None:
    change = Change(1.8, first=10, half_life=5)
    sizes = change.on(DAYS)
    assert (sizes[:10] == 1.0).all()
    assert sizes[[10, 15, 20]] == pytest.approx([1.8, 1.4, 1.2])


@pytest.mark.parametrize(
    "changes",
    [
        {"bred": {"scale": 0.5}},
        {"bread": {"scale": -1}},
        {"bread": {"scale": float("nan")}},
        {"bread": {"size": 0.5}},
        {"bread": {"scale": 0.5, "from": "1917-05-01", "until": "1917-04-01"}},
        {"bread": {"scale": 0.5, "from": "1 May"}},
        {"bread": 0.5},
        {"bread": {"scale": "much"}},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        forcing().values(changes)


def test_ways_of_scaling() -> None:
    value, half = np.array([0.6]), np.array([0.5])
    assert scaled(value, half, "times") == pytest.approx(0.3)
    assert scaled(value, half, "over") == pytest.approx(1.2)
    assert scaled(value, half, "shortage") == pytest.approx(0.8)
    assert scaled(np.array([100.0]), half, "index") == pytest.approx(0.0)


# --- memory -----------------------------------------------------------------------------------------------------------


def test_a_run_without_memory_differs_only_where_memory_is_used() -> None:
    source = forcing()
    plain, bare = source.values(), source.values(without_memory=True)
    for name, told in source.series.items():
        assert np.array_equal(plain[name], bare[name]) != told.memory, name


def test_fallbacks_keep_hunger_rising_from_spring_to_october() -> None:
    bare = forcing().values(without_memory=True)
    for name in ("bread.petrograd", "bread.towns_consuming", "bread.army_north"):
        assert bare[name][day_of(date(1917, 10, 16))] > bare[name][day_of(date(1917, 4, 20))], name


# --- the file and the page --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1917", date(1917, 1, 1), date(1917, 12, 31)),
        ("1918-02", date(1918, 2, 1), date(1918, 2, 28)),
        ("1917-06/1917-08", date(1917, 6, 1), date(1917, 8, 31)),
        ("1917-08-19/1917-08-21", date(1917, 8, 19), date(1917, 8, 21)),
    ],
)
def test_times_are_read(text: str, first: date, last: date) -> None:
    assert (read_span(text).first, read_span(text).last) == (first, last)


@pytest.mark.parametrize("text", ["May 1917", "1917-13", "1917-02-30", "1917-08/1917-06", "1917/1917/1917", ""])
def test_a_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="not a time|backwards"):
        read_span(text)


def knot(**changed: object) -> dict[str, object]:
    return {"when": "1917-03", "value": 0.5, "work": "x", "confidence": "low", **changed}


def quantity(**changed: object) -> dict[str, object]:
    made = dict(id="q", title="t", unit="u", place="empire", scale="measured", meaning="m", interpolation="linear")
    return {**made, "error_factor": 1.1, "knots": [knot()], **changed}


@pytest.mark.parametrize(
    "wrong",
    [
        quantity(knots=[knot(memory=True)]),
        quantity(knots=[knot(memory=True)], error_factor=1.5),
        quantity(knots=[knot(memory=True)], error_factor=1.5, fallback="drop", fallback_note="n"),
        quantity(knots=[knot(memory=True)], error_factor=1.5, fallback=[knot(memory=True)], fallback_note="n"),
        quantity(fallback="drop", fallback_note="n"),
        quantity(scale="ordinal"),
        quantity(scale="ordinal", error_factor=1.5, knots=[knot(value=1.2)]),
        quantity(knots=[knot(), knot(when="1917-02")]),
        quantity(knots=[knot(rows=["S205"])]),
        quantity(knots=[knot(work=None)]),
        quantity(knots=[knot(work=None, rows=["S205", "S206"])]),
        quantity(knots=[knot(memory=True, confidence="high")]),
    ],
)
def test_a_quantity_that_breaks_a_rule_is_refused(wrong: dict[str, object]) -> None:
    Quantity.model_validate(quantity())
    with pytest.raises(ValueError):
        Quantity.model_validate(wrong)


def test_names_that_do_not_exist_are_refused() -> None:
    good = forcing().file.model_dump()
    ForcingFile.model_validate(good)
    for part in ({"works": {}}, {"quantities": good["quantities"][1:]}, {"conditions": good["conditions"][:5]}):
        with pytest.raises(ValueError):
            ForcingFile.model_validate({**good, **part})


def test_macro_shows_measured_values_while_they_are_known() -> None:
    days = [0, day_of(date(1917, 7, 16)), LAST]
    rows = forcing().macro_rows(days)
    series = {(r.day, r.series): r for r in rows}
    july = series[days[1], "replacements_sent"]
    assert (july.place, july.value) == ("empire", pytest.approx(437_300))
    assert (LAST, "replacements_sent") not in series
    assert "queues_petrograd" not in {r.series for r in rows}
    assert all(np.isfinite(r.value) for r in rows)


def test_the_page_is_current() -> None:
    page = (ROOT / "docs" / "forcing.md").read_text(encoding="utf-8")
    assert page == as_markdown(), "print it again: python -m sim.inputs.forcing_page > docs/forcing.md"
    for name in forcing().series:
        assert f"| {name} |" in page


def test_reading_needs_nothing_heavy() -> None:
    code = (
        "import sys, sim.inputs.forcing as f; f.forcing();"
        "sys.exit(bool({'numba', 'mesa', 'pandas', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
