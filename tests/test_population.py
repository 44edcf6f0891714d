"""The places of the model and the count of the people of 1917."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.inputs.evidence import REGIONS, load, row
from sim.society import army, civilians, geography, industry, sizes
from sim.society.assumptions import ASSUMPTIONS, values
from sim.society.cell import Cell, bounds
from sim.society.places import KINDS, PLACE, PLACES, WHOLES, matching, parts, place_index
from sim.society.population import Population, places_table, population, reckon, totals
from sim.words.errors import InputError
from sim.words.identifiers import STRATA, TRADE, TRADES

INTERFACE_HEAD = """petrograd/vyborg petrograd/peterhof petrograd/narva petrograd/vasilevsky petrograd/petrograd_side
petrograd/nevsky petrograd/moscow_gate petrograd/centre petrograd/garrison moscow/city moscow/garrison kronstadt
helsingfors baltic_fleet black_sea_fleet northern_front western_front southwestern_front romanian_front
caucasian_front""".split()
CELLS = population().cells


def persons(places: str, *strata: str) -> float:
    return sum(cell.persons for cell in population().select(places, strata or STRATA))


# --- places


def test_every_place_of_the_interface_is_there_in_its_order() -> None:
    regional = [f"{region}/{kind}" for region in REGIONS for kind in ("towns", "garrisons", "villages")]
    assert list(PLACE) == [*INTERFACE_HEAD, *regional, "ukraine/donbas", "caucasus/baku"]
    assert {place.kind for place in PLACES} == set(KINDS)


def test_every_province_belongs_to_just_one_place_of_each_kind() -> None:
    for kind in ("towns", "garrisons", "villages"):
        held = [province for place in PLACES if place.kind == kind for province in place.provinces]
        assert sorted([*held, "petrograd_city", "moscow_city"]) == sorted(p.province for p in load("provinces"))


@pytest.mark.parametrize(
    ("pattern", "count", "one"),
    [
        ("kronstadt", 1, "kronstadt"),
        ("petrograd", 9, "petrograd/garrison"),
        ("capitals", 11, "moscow/city"),
        ("volga", 3, "volga/villages"),
        ("ukraine", 4, "ukraine/donbas"),
        ("*/towns", 11, "urals/towns"),
        ("*/garrisons", 11, "siberia/garrisons"),
        ("garrisons", 13, "petrograd/garrison"),
        ("fronts", 5, "romanian_front"),
        ("fleets", 4, "black_sea_fleet"),
        ("baltic", 3, "helsingfors"),
        ("petrograd/*", 9, "petrograd/vyborg"),
        ("all", 55, "caucasus/baku"),
        ("empire", 55, "caucasus/baku"),
    ],
)
def test_a_pattern_names_its_places(pattern: str, count: int, one: str) -> None:
    found = matching(pattern)
    assert len(found) == count and one in found
    assert list(found) == sorted(found, key=place_index)


def test_regions_cities_fleets_and_fronts_part_the_empire() -> None:
    whole = [place for region in ("petrograd", "moscow", "fleets", "fronts", *REGIONS) for place in parts(region)]
    assert sorted(whole) == sorted(PLACE)
    assert all(set(parts(name)) <= set(PLACE) for name in WHOLES)


@pytest.mark.parametrize("wrong", ["volgaa", "*/cities", "petrograd/viborg", ""])
def test_an_unknown_place_is_the_users_error(wrong: str) -> None:
    with pytest.raises(InputError, match="unknown place"):
        matching(wrong)


# --- the count


def test_everyone_is_counted_once() -> None:
    assert len({cell.key for cell in CELLS}) == len(CELLS)
    assert list(CELLS) == sorted(CELLS, key=lambda c: (PLACE[c.place], STRATA.index(c.stratum), c.province))


def test_every_place_has_the_strata_it_declares_and_no_others() -> None:
    found = {place.id: {cell.stratum for cell in CELLS if cell.place == place.id} for place in PLACES}
    assert found == {place.id: set(place.strata) for place in PLACES}


def test_civilians_and_the_men_they_gave_make_up_each_province() -> None:
    """Nobody is lost or invented between the inhabitants of a province and its cells."""
    provinces, assumed = load("provinces"), values()
    home = {p.province: p.population_1914 * assumed["growth"] for p in provinces}
    given_men = army.forces(provinces, home, assumed, memory_rows=True).given
    for p in provinces:
        if p.province in ("petrograd_city", "moscow_city"):
            continue
        civil = sum(c.persons for c in CELLS if c.province == p.province and c.stratum not in ("soldier", "sailor"))
        assert civil + given_men[p.province] == pytest.approx(home[p.province], rel=1e-9), p.province


def test_the_capitals_are_those_of_the_sources() -> None:
    assert persons("petrograd") == pytest.approx(row("social", "S025").number)
    assert persons("petrograd/garrison") == pytest.approx(row("social", "S060").number)
    workers = industry.district_workers()
    assert sum(workers.values()) == pytest.approx(row("social", "S028").number)
    assert workers["vyborg"] == 69_000
    assert persons("moscow") == pytest.approx(2_007_500, rel=0.01)


def test_men_in_uniform_come_near_nine_million() -> None:
    assert totals()["in_uniform"] == pytest.approx(row("social", "S081").number, rel=0.05)
    fronts = persons("fronts") + persons("helsingfors", "soldier")
    assert fronts == pytest.approx((row("social", "S078").number + row("social", "S079").number) / 2)
    afloat = persons("baltic", "sailor")
    assert afloat == pytest.approx(row("social", "S101").number)
    assert persons("kronstadt") == pytest.approx(row("social", "S099").number)


def test_the_whole_is_the_table_of_provinces_grown_to_1917() -> None:
    base = sum(p.population_1914 for p in load("provinces"))
    assert base == 154_410_100
    assert population().persons == pytest.approx(base * 1.016, rel=0.01)
    rural = persons("villages") / (population().persons - totals()["in_uniform"])
    assert 0.80 < rural < 0.87  # S014 and S015: more than 80, 85 per cent
    peasants = persons("all", "peasant") / population().persons
    assert 0.70 < peasants < 0.82  # S013


def test_the_electorate_is_of_the_size_that_the_turnout_implies() -> None:
    voters = population().voters
    assert 80e6 < voters < 90e6
    assert 40e6 < 0.525 * voters < 45e6


def test_industry_is_scaled_to_the_verified_total() -> None:
    provinces = load("provinces")
    for memory_rows in (True, False):
        workers = industry.industrial_workers(provinces, 0.7, memory_rows)
        assert sum(workers.values()) == pytest.approx(row("social", "S017").number)
        assert workers["petrograd_city"] == row("social", "S028").number
    assert workers["chinese_eastern_railway"] > 0


def test_the_trades_of_petrograd_and_the_centre_meet_their_totals() -> None:
    workers, trades = industry.district_workers(), industry.petrograd_trades()
    metal = sum(workers[key] * dict(trades[key])["worker_metal"] for key in workers)
    assert metal == pytest.approx(row("social", "S033").number, rel=1e-3)
    textile = sum(workers[key] * dict(trades[key])["worker_textile"] for key in workers)
    assert textile / sum(workers.values()) == pytest.approx(0.11, rel=1e-3)
    count = industry.industrial_workers(load("provinces"), 0.7)
    central = industry.central_trades(count)
    metal = sum(count[key] * dict(central[key])["worker_metal"] for key in central) / sum(count[k] for k in central)
    assert metal == pytest.approx(192_000 / 1_030_000, rel=1e-3)


@given(
    st.lists(st.integers(1, 1000), min_size=8, max_size=8),
    st.lists(st.integers(1, 100), min_size=6, max_size=6),
)
@settings(max_examples=30, deadline=None)
def test_fitted_trades_keep_rows_and_columns(rows: list[int], columns: list[int]) -> None:
    seeds = {key: tuple(share + 0.01 for share in line) for key, line in industry.DISTRICT_TRADES.items()}
    wanted = tuple(column / sum(columns) for column in columns)
    people = dict(zip(seeds, map(float, rows), strict=True))
    fitted = industry.fit_margins(seeds, people, wanted, rounds=400)  # type: ignore[arg-type]
    for j, trade in enumerate(industry.FACTORY_TRADES):
        total = sum(people[key] * dict(fitted[key]).get(trade, 0.0) for key in people)
        assert total / sum(rows) == pytest.approx(wanted[j], abs=2e-3)
    assert all(sum(share for _, share in line) == pytest.approx(1.0) for line in fitted.values())


@pytest.mark.parametrize("cell", CELLS[::7], ids=lambda cell: "|".join(cell.key))
def test_a_cell_is_in_bounds(cell: Cell) -> None:
    assert 0 < cell.low < cell.persons < cell.high
    shares = (cell.electorate, cell.literacy, cell.industry, cell.urban_share, cell.black_earth, cell.serf_share)
    assert all(0 <= share <= 1 for share in (*shares, cell.women, cell.cossack_share, cell.persons_autumn))
    assert sum(cell.tongues) == pytest.approx(1, abs=0.01)
    assert sum(share for _, share in cell.trades) == pytest.approx(1)
    assert 0 < cell.at_work <= cell.persons
    assert cell.nearest_front in geography.FRONT_POINTS
    assert cell.reckoning.endswith(".") and "_" not in cell.reckoning


def test_trades_belong_to_their_stratum() -> None:
    for cell in CELLS:
        assert all(trade in TRADE and trade.split("_")[0] == cell.stratum for trade, _ in cell.trades), cell.key
    assert {trade for cell in CELLS for trade, _ in cell.trades} == set(TRADES)


def test_cells_that_rest_on_memory_are_wide() -> None:
    vladimir = next(c for c in CELLS if c.province == "vladimir" and c.stratum == "soldier")
    assert row("provinces", "vladimir").group_is_memory("garrison")
    assert vladimir.high / vladimir.low >= 1.5**2 - 1e-9
    worker = next(c for c in CELLS if c.key == ("central_industrial/villages", "vladimir", "worker"))
    assert worker.high / worker.low >= 1.5**2


def test_rear_garrisons_shrink_by_autumn_and_the_front_less() -> None:
    by_place = {cell.place: cell.persons_autumn for cell in CELLS if cell.stratum == "soldier"}
    assert by_place["volga/garrisons"] == 0.5
    assert by_place["western_front"] == pytest.approx(6.0 / 6.8)
    assert by_place["petrograd/garrison"] == pytest.approx(150 / 160)


def test_fronts_follow_geography() -> None:
    homes = {p.province: geography.own_front(p) for p in load("provinces")}
    assert [homes[key] for key in ("pskov", "minsk", "kiev", "kherson", "tiflis")] == list(geography.FRONT_POINTS)
    for p in load("provinces"):
        if p.front_nearest == "european":
            distance = geography.nearest_european_front((p.lat, p.lon))[1]
            assert distance == pytest.approx(p.km_to_european_front, abs=45), p.province


def test_garrisons_speak_a_mixture_and_towns_fewer_ukrainian_words() -> None:
    poltava = {cell.place: cell.tongues for cell in CELLS if cell.province == "poltava" and cell.stratum != "middle"}
    assert poltava["ukraine/villages"][1] > poltava["ukraine/garrisons"][1] > poltava["ukraine/towns"][1]
    fronts = {cell.place: cell.tongues[1] for cell in CELLS if cell.place.endswith("_front")}
    assert fronts["southwestern_front"] > fronts["northern_front"]


def test_literacy_meets_the_census_of_1920() -> None:
    european = {region for region in REGIONS if region not in ("caucasus", "siberia", "steppe_turkestan")}

    def mean(kinds: tuple[str, ...]) -> float:
        chosen = [
            cell
            for cell in CELLS
            for place in (PLACES[PLACE[cell.place]],)
            if place.kind in kinds and place.region in european | {"petrograd", "moscow"}
        ]
        return sum(cell.voters * cell.literacy for cell in chosen) / sum(cell.voters for cell in chosen)

    assert mean(("towns", "district", "city")) == pytest.approx(row("social", "S107").number / 100, abs=0.02)
    assert mean(("villages",)) == pytest.approx(row("social", "S108").number / 100, abs=0.02)


@pytest.mark.parametrize("name", ASSUMPTIONS)
def test_every_assumption_is_ranged_sourced_and_moves_the_count(name: str) -> None:
    assumed = ASSUMPTIONS[name]
    assert assumed.low <= assumed.value <= assumed.high and assumed.low < assumed.high
    assert assumed.source and assumed.meaning and assumed.unit
    other = reckon(**{name: assumed.high if assumed.high != assumed.value else assumed.low})
    assert other != population()
    assert all(cell.persons > 0 for cell in other.cells)


def test_without_memory_rows_the_fallbacks_hold() -> None:
    bare = population(memory_rows=False)
    assert bare.persons == pytest.approx(population().persons, rel=0.02)
    districts = {c.place: c.at_work for c in bare.cells if c.stratum == "worker" and c.place.startswith("petrograd/")}
    assert len(districts) == 8
    fronts = {c.place: c.persons for c in bare.select("fronts", ["soldier"])}
    assert fronts["western_front"] == pytest.approx(fronts["romanian_front"])
    assert all("(memory)." not in c.reckoning for c in bare.cells if c.place.endswith("/garrisons"))


@given(st.floats(1, 1e8), st.lists(st.floats(1, 3), min_size=1, max_size=3))
def test_bounds_hold_the_count_and_are_symmetric(count: float, factors: list[float]) -> None:
    low, high = bounds(count, *factors)
    assert low <= count * (1 + 1e-12) and count <= high * (1 + 1e-12)
    assert low * high == pytest.approx(count**2)
    assert high / count >= max(factors) * (1 - 1e-12)


# --- sizes of assemblies


def test_plant_sizes_are_those_of_the_table_and_sum_to_one() -> None:
    shares = [row("social", f"S0{n}").number / 100 for n in range(40, 45)]
    assert [size.share for size in sizes.PLANT_SIZES] == pytest.approx(shares)
    assert row("social", "S046").number == sizes.LARGEST_PLANT == sizes.PLANT_SIZES[-1].high
    for cell in CELLS:
        kind = sizes.assembly_kind(cell.stratum, PLACES[PLACE[cell.place]].kind)
        classes = sizes.size_classes(kind, cell.place)
        assert sum(size.share for size in classes) == pytest.approx(1)
        assert all(8 <= size.low < size.high and size.source for size in classes)


# --- what is printed


def test_the_table_of_places_adds_up() -> None:
    table = places_table()
    assert list(dict.fromkeys(entry["place"] for entry in table)) == list(PLACE)
    whole = totals()
    assert sum(entry["persons"] for entry in table) == pytest.approx(whole["persons"], abs=200)
    assert sum(entry["electorate"] for entry in table) == pytest.approx(whole["electorate"], abs=200)
    assert len(table) == whole["groups"] == len(population().groups)
    assert all(entry["low"] < entry["persons"] < entry["high"] and entry["reckoning"] for entry in table)
    assert sum(part["persons"] for part in whole["strata"].values()) == pytest.approx(whole["persons"], abs=10)
    assert sum(part["persons"] for part in whole["kinds"].values()) == pytest.approx(whole["persons"], abs=10)


def test_the_page_on_the_count_says_what_the_count_says() -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "population.md").read_text(encoding="utf-8")
    whole = totals()
    for part in [*whole["strata"].values(), whole]:
        assert f"{part['persons'] / 1000:,.0f}" in page and f"{part['electorate'] / 1000:,.0f}" in page
    assert f"{whole['in_uniform'] / 1000:,.0f} thousand were in uniform" in page
    assert f"{whole['cells']} of them, in {whole['groups']} groups" in page


def test_select_refuses_an_unknown_stratum() -> None:
    with pytest.raises(InputError, match="unknown stratum 'workers'"):
        population().select("all", ["workers"])
    assert isinstance(population(), Population) and population() is population()


def test_the_count_is_fast_and_needs_no_heavy_library() -> None:
    code = (
        "import sys, time; start = time.perf_counter();"
        "from sim.society.population import population; population();"
        "print(time.perf_counter() - start, [m for m in ('mesa', 'numba', 'pandas', 'matplotlib') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    seconds, heavy = out.split(maxsplit=1)
    assert heavy.strip() == "[]"
    assert float(seconds) < 2.0  # the imports too, on a busy machine
    start = time.perf_counter()
    reckon()
    assert time.perf_counter() - start < 0.5


def test_no_party_and_no_result_enters_the_count() -> None:
    """Votes of November are used only as the relative size of the fronts; no province's vote is read."""
    for module in (army, civilians, industry):
        assert "ca_1917_valid_votes" not in (module.__loader__.get_source(module.__name__) or "")
