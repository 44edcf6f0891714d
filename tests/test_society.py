"""Who lives where and talks with whom: quotas, traits, assemblies and ties of the founded society."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from year_kit import AGENTS, changed, made

from sim.inputs.parameters import Parameters
from sim.inputs.strata import strata_traits
from sim.society.army import FRONT_ROWS as FRONTS
from sim.society.assemblies import LEAST_MEMBERS
from sim.society.people import People
from sim.society.population import population
from sim.society.sampling import LEAST_PER_CELL, quotas
from sim.society.sizes import PLANT_SIZES, assembly_kind, size_classes
from sim.society.society import Society, found
from sim.society.ties import knit
from sim.words.draws import Stream
from sim.words.errors import InputError
from sim.words.identifiers import CHANNEL, PARTY, STRATA, STRATUM, TONGUE, TONGUES, TRADES


@pytest.fixture(scope="module")
def small() -> Society:
    return found(2000, 1917, Parameters())


@pytest.fixture(scope="module")
def large() -> Society:
    return found(20_000, 1917, Parameters())


# --- how many stand for whom ----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(
    groups=st.lists(st.integers(1, 12), min_size=1, max_size=12),
    spare=st.integers(0, 3000),
    data=st.data(),
)
def test_quotas_add_up_with_two_people_in_every_cell(groups: list[int], spare: int, data: st.DataObject) -> None:
    group_of_cell = np.repeat(np.arange(len(groups)), groups)
    sizes = st.lists(st.floats(1.0, 1e7), min_size=group_of_cell.size, max_size=group_of_cell.size)
    persons = np.array(data.draw(sizes))
    agents = LEAST_PER_CELL * group_of_cell.size + spare
    found_quotas = quotas(group_of_cell, persons, agents)
    assert found_quotas.sum() == agents
    assert found_quotas.min() >= LEAST_PER_CELL
    # Inside a group a larger cell never has fewer people by more than rounding.
    for g in range(len(groups)):
        here = np.flatnonzero(group_of_cell == g)
        order = here[np.argsort(persons[here])]
        assert (np.diff(found_quotas[order]) >= -1).all()


def test_groups_are_sampled_evenly_whatever_their_size(large: Society) -> None:
    n = np.diff(large.group_start)
    assert n.sum() == 20_000
    assert n.min() > 0.8 * 20_000 / n.size
    persons = large.group_persons
    assert persons.max() / persons.min() > 1000, "the sizes themselves differ a thousandfold"


def test_too_few_people_for_the_cells_are_refused() -> None:
    cells = len(population().cells)
    with pytest.raises(InputError, match=rf"Expected at least {2 * cells}"):
        found(2 * cells - 1, 1, Parameters())
    assert found(2 * cells, 1, Parameters()).people.n == 2 * cells


@pytest.mark.parametrize("which", ["small", "large"])
def test_weights_of_a_cell_are_its_real_people(which: str, request: pytest.FixtureRequest) -> None:
    society: Society = request.getfixturevalue(which)
    sums = np.bincount(society.people.cell, weights=society.people.weight, minlength=society.cells.n)
    assert sums == pytest.approx(society.cells.persons)
    assert society.group_persons == pytest.approx(
        np.bincount(society.people.group, weights=society.people.weight, minlength=len(society.groups))
    )


def test_every_cell_group_and_assembly_owns_one_slice(small: Society) -> None:
    people = small.people
    for start, column in ((small.cell_start, people.cell), (small.group_start, people.group)):
        assert (np.repeat(np.arange(start.size - 1), np.diff(start)) == column).all()
    assert (np.repeat(np.arange(small.assemblies.n), np.diff(small.assemblies.start)) == people.assembly).all()
    assert (small.group_of_cell[people.cell] == people.group).all()


# --- what each is like ----------------------------------------------------------------------------------------------


def columns(society: Society) -> dict[str, bytes]:
    return {c.name: getattr(society.people, c.name).tobytes() for c in People.COLUMNS}


def test_people_are_a_function_of_the_seed(small: Society) -> None:
    assert columns(found(2000, 1917, Parameters())) == columns(small)
    other = columns(found(2000, 1918, Parameters()))
    drawn = {name for name, values in columns(small).items() if other[name] != values}
    assert {"consciousness", "taste", "threshold", "urgency", "tongue", "literate", "woman"} <= drawn
    assert not {"cell", "group", "weight"} & drawn, "who is counted where depends on the numbers of people alone"


@pytest.mark.parametrize(("column", "names"), [("trade", TRADES), ("tongue", TONGUES)])
def test_trades_and_tongues_follow_the_shares_of_their_cell(
    large: Society, column: str, names: tuple[str, ...]
) -> None:
    values = getattr(large.people, column)
    for c, cell in enumerate(large.cells.source):
        mine = values[large.cell_start[c] : large.cell_start[c + 1]]
        shares = [dict(cell.trades).get(t, 0.0) for t in TRADES] if column == "trade" else cell.tongues
        counts = np.bincount(mine, minlength=len(names))
        # Draws are spread evenly inside a cell, so that no category is off by two people.
        assert np.abs(counts - mine.size * np.array(shares)).max() < 2.0, cell.key


def test_trades_belong_to_their_stratum(large: Society) -> None:
    strata = large.cells.stratum[large.people.cell]
    for code, trade in enumerate(TRADES):
        assert set(strata[large.people.trade == code]) <= {STRATUM[trade.split("_")[0]]}, trade


def test_sexes_and_reading_follow_the_tables(large: Society) -> None:
    people, traits = large.people, strata_traits()
    strata = large.cells.stratum[people.cell]
    assert not people.woman[np.isin(strata, [STRATUM["soldier"], STRATUM["sailor"]])].any()
    expected = traits.women[people.trade]
    for stratum, code in STRATUM.items():
        here = strata == code
        assert people.woman[here].mean() == pytest.approx(expected[here].mean(), abs=0.02), stratum
    peasants = strata == STRATUM["peasant"]
    assert people.literate[peasants & ~people.woman].mean() > people.literate[peasants & people.woman].mean()


def test_spreads_are_those_declared(large: Society) -> None:
    usual = Parameters()
    assert large.people.taste.std(axis=0) == pytest.approx(usual.taste_spread, rel=0.03)
    log_urgency = np.log(large.people.urgency.astype(np.float64))
    inside = [log_urgency[a:b].std() for a, b in zip(large.group_start[:-1], large.group_start[1:], strict=True)]
    assert np.median(inside) == pytest.approx(usual.urgency_spread, rel=0.05)
    taste = large.people.taste.astype(np.float64)
    between = np.corrcoef(taste.T) - np.eye(taste.shape[1])
    assert np.abs(between).max() < 0.04, "liking one party says nothing of liking another"
    wide = found(20_000, 1917, usual.having(taste_spread=1.9))
    assert wide.people.taste == pytest.approx(large.people.taste * 1.9 / usual.taste_spread, rel=1e-5)


def test_everyone_starts_within_bounds(large: Society) -> None:
    assert large.people.out_of_bounds() == []
    assert large.cells.out_of_bounds() == []


# --- assemblies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agents", [2000, 3000, 20_000])
def test_an_assembly_has_at_least_eight_members_of_one_group(agents: int) -> None:
    society = found(agents, 3, Parameters())
    meeting = society.assemblies
    assert np.diff(meeting.start).min() >= LEAST_MEMBERS
    assert meeting.start[0] == 0 and meeting.start[-1] == agents
    assert set(society.group_start) <= set(meeting.start), "no assembly reaches across groups"


def test_at_the_least_number_of_people_a_group_is_one_assembly() -> None:
    society = found(AGENTS, 3, Parameters())
    few = np.flatnonzero(np.diff(society.group_start) < LEAST_MEMBERS)
    assert few.size
    assert (np.bincount(society.assemblies.group, minlength=len(society.groups))[few] == 1).all()


def test_sizes_are_real_sizes_of_their_kind(large: Society) -> None:
    meeting, cells = large.assemblies, large.cells
    at_work = np.add.reduceat(
        large.people.weight * (cells.at_work / cells.persons)[large.people.cell], meeting.start[:-1]
    )
    assert meeting.real_size * meeting.copies == pytest.approx(at_work)
    assert meeting.copies.min() >= 1.0 - 1e-9
    whole = meeting.copies > 1.0 + 1e-9
    assert whole.mean() > 0.9, "few assemblies are cut to the people that are left of their group"
    for a in range(meeting.n):
        cell = cells.source[meeting.cell[a]]
        classes = size_classes(assembly_kind(cell.stratum, cells.kind[meeting.cell[a]]), cell.place)
        assert meeting.real_size[a] <= classes[-1].high
        assert not whole[a] or meeting.real_size[a] >= classes[0].low


def by_class(society: Society) -> np.ndarray:
    """Share of Petrograd's workers at work by the size class of their plant."""
    meeting, tops = society.assemblies, [c.high for c in PLANT_SIZES]
    persons = np.zeros(len(PLANT_SIZES))
    for a in range(meeting.n):
        place, stratum = society.groups[meeting.group[a]]
        if place.startswith("petrograd/") and stratum == "worker":
            persons[np.searchsorted(tops, meeting.real_size[a])] += meeting.real_size[a] * meeting.copies[a]
    return persons / persons.sum()


@pytest.mark.parametrize(("agents", "seeds", "within"), [(20_000, 3, 0.06), (60_000, 1, 0.06)])
def test_workers_of_petrograd_are_in_plants_of_the_sizes_counted(agents: int, seeds: int, within: float) -> None:
    # By persons, at any number of simulated people: large plants are not counted twice in a fine sample.
    mean = np.mean([by_class(found(agents, seed, Parameters())) for seed in range(seeds)], axis=0)
    assert np.abs(mean - [c.share for c in PLANT_SIZES]).max() < within


# --- ties -----------------------------------------------------------------------------------------------------------


def heard_by(society: Society, cell: int) -> dict[int, float]:
    kin = society.kin
    rows = slice(int(kin.start[cell]), int(kin.start[cell + 1]))
    total: dict[int, float] = {}
    for source, weight in zip(kin.cell[rows], kin.weight[rows], strict=True):
        total[int(source)] = total.get(int(source), 0.0) + float(weight)
    return total


def villages_of(society: Society) -> list[int]:
    cells = society.cells
    return [i for i in range(cells.n) if cells.kind[i] == "villages" and cells.stratum[i] == STRATUM["peasant"]]


def test_a_village_hears_the_front_nearest_to_it_more_than_by_its_size(small: Society) -> None:
    cells = small.cells
    soldiers = {
        cells.place[j]: cells.persons[j] for j in cells.where(frozenset(FRONTS), frozenset({STRATUM["soldier"]}))
    }
    for i in villages_of(small):
        own = cells.source[i].nearest_front
        far = {f: w for f, w in heard_of(small, i, "soldier").items() if f in FRONTS}
        if cells.source[i].km_to_european_front < 1000.0:
            continue  # quartered troops come on top there
        assert set(far) == set(FRONTS)
        rate = {front: far[front] / soldiers[front] for front in FRONTS}
        assert all(rate[own] > 1.5 * rate[other] for other in FRONTS if other != own), cells.source[i].key


def test_a_front_hears_the_villages_nearest_to_it(small: Society) -> None:
    cells = small.cells
    (front,) = cells.where(frozenset({"northern_front"}), frozenset({STRATUM["soldier"]}))
    homes = {j for j in heard_by(small, int(front)) if cells.kind[j] == "villages"}
    assert {i for i in villages_of(small) if cells.place[i] == "northern/villages"} <= homes
    assert {cells.source[j].nearest_front for j in homes} == {"northern_front"}


def test_villages_near_a_capital_have_kin_in_its_factories(small: Society) -> None:
    cells = small.cells
    kin = {
        cells.province[i]: sum(
            w for p, w in heard_of(small, i, "worker").items() if p.split("/")[0] in ("petrograd", "moscow")
        )
        for i in villages_of(small)
    }
    assert kin["moscow"] > kin["tver"] > kin["smolensk"] > kin["penza"] > kin["taurida"] > 0.0


def test_strangers_understand_each_other_by_tongue_and_kin_do_always(small: Society) -> None:
    """By hand: a village of Poltava, the workers of its towns (strangers) and its own neighbours (kin)."""
    kin, cells, barrier = small.kin, small.cells, Parameters().tongue_barrier
    (i,) = (i for i in villages_of(small) if cells.province[i] == "poltava")
    mine = cells.tongues[i]
    for row in range(int(kin.start[i]), int(kin.start[i + 1])):
        j = int(kin.cell[row])
        theirs = cells.tongues[j]
        shared = mine @ theirs + mine[0] * theirs[2] + mine[2] * theirs[0]  # Russians and Belorussians do
        strange = cells.province[j] == "poltava" and j != i
        expected = 1.0 - barrier * (1.0 - shared) if strange else 1.0
        if strange or j == i or cells.place[j].startswith("petrograd"):
            assert kin.heard[row] == pytest.approx(kin.weight[row] * expected, rel=1e-5)
        assert kin.heard[row] <= kin.weight[row] * (1 + 1e-6)


def test_without_a_barrier_all_is_understood(small: Society) -> None:
    kin = knit(small.cells, 0.0)
    assert kin.heard == pytest.approx(kin.weight)
    assert kin.weight == pytest.approx(small.kin.weight)


def test_word_from_kiev_fades_and_a_small_community_hears_half(small: Society) -> None:
    cells, nation = small.cells, CHANNEL["nation"]
    peasant = strata_traits().access[STRATUM["peasant"], nation]
    for i in villages_of(small):
        _, ukrainian, _, other = cells.tongues[i]
        heard = cells.access[i, nation] / peasant
        near = 1.0 / (1.0 + cells.km_to_kiev[i] / 300.0)
        assert heard == pytest.approx((other + ukrainian * near) / (other + ukrainian + 0.1), rel=1e-4, abs=1e-6)
    reached = {cells.province[i]: cells.access[i, nation] for i in villages_of(small)}
    assert reached["kiev"] > reached["poltava"] > reached["kuban_black_sea"]


def test_papers_in_russian_miss_part_of_other_peoples() -> None:
    usual, open_ = (found(2000, 1, Parameters().having(tongue_barrier=b)) for b in (0.5, 0.0))
    press = CHANNEL["capital_press"]
    peoples = usual.cells.tongues[:, TONGUE["ukrainian"]] + usual.cells.tongues[:, TONGUE["other"]]
    expected = open_.cells.access[:, press] * (1.0 - 0.5 * peoples)
    assert usual.cells.access[:, press] == pytest.approx(expected, rel=1e-4)


def test_the_black_sea_fleet_was_manned_from_the_south(small: Society) -> None:
    tongues = {c.place: c.tongues[TONGUE["ukrainian"]] for c in small.cells.source if c.stratum == "sailor"}
    assert tongues["black_sea_fleet"] > 1.3 * tongues["baltic_fleet"]


def heard_of(society: Society, cell: int, stratum: str) -> dict[str, float]:
    """Weight by place of those of a stratum whom a cell hears."""
    total: dict[str, float] = {}
    for j, weight in heard_by(society, cell).items():
        if STRATA[society.cells.stratum[j]] == stratum:
            total[society.cells.place[j]] = total.get(society.cells.place[j], 0.0) + weight
    return total


def test_garrisons_hear_the_workers_of_their_city_and_fleets_their_own(small: Society) -> None:
    cells = small.cells

    def cell(place: str, stratum: str) -> int:
        (found_,) = (i for i in range(cells.n) if cells.place[i] == place and STRATA[cells.stratum[i]] == stratum)
        return found_

    def heard(place: str, stratum: str) -> set[tuple[str, str]]:
        return {(cells.place[j], STRATA[cells.stratum[j]]) for j in heard_by(small, cell(place, stratum))}

    assert ("petrograd/vyborg", "worker") in heard("petrograd/garrison", "soldier")
    assert ("moscow/city", "worker") not in heard("petrograd/garrison", "soldier")
    assert ("moscow/garrison", "soldier") in heard("moscow/city", "worker")
    assert {p for p, s in heard("helsingfors", "sailor") if s == "sailor"} >= {"kronstadt", "baltic_fleet"}
    assert not {"kronstadt", "baltic_fleet", "helsingfors"} & {p for p, _ in heard("black_sea_fleet", "sailor")}


def test_ties_carry_positive_weights_between_cells_that_are_there(small: Society) -> None:
    kin = small.kin
    assert kin.start[0] == 0 and kin.start[-1] == kin.cell.size == kin.weight.size
    assert (np.diff(kin.start) >= 0).all()
    assert kin.weight.min() > 0 and np.isfinite(kin.weight).all()
    assert kin.cell.min() >= 0 and kin.cell.max() < small.cells.n


def test_print_takes_days_by_rail_the_wire_one_and_the_way_to_the_village_is_on_foot(small: Society) -> None:
    cells = small.cells
    place = np.array(cells.place)
    by_print, by_wire = cells.print_delay, cells.wire_delay
    for delay in (by_print, by_wire):
        assert (delay[np.char.startswith(place, "petrograd/")] == 0).all()
        for region in ("northern", "volga", "siberia"):
            towns, villages = (delay[place == f"{region}/{kind}"].mean() for kind in ("towns", "villages"))
            assert villages > towns
    assert by_print[place == "siberia/towns"].mean() > by_print[place == "northern/towns"].mean() + 3
    assert by_wire[place == "siberia/towns"].max() <= 1
    assert (by_wire <= by_print).all() and (by_wire < by_print).any()


# --- order and number -----------------------------------------------------------------------------------------------


def test_order_of_people_inside_an_assembly_is_irrelevant() -> None:
    # Sums in another order differ in the last bit. Where people choose one party outright (whom they follow on soviet
    # power, whose card they carry) or a house gives whole seats, by which parties settle their line, a last bit can tip
    # one person or one seat a day earlier: without those choices.
    still, values = changed(off=["membership", "party_levels"]), Parameters().having(soviet_following=0.0)
    usual, mixed = (made(still, agents=2000, parameters=values) for _ in range(2))
    people = mixed.people
    # Within an assembly and a cell: both own slices.
    place = np.lexsort((np.random.default_rng(5).random(people.n), people.assembly, people.cell))
    assert (people.cell[place] == people.cell).all() and (place != np.arange(people.n)).any()
    for column in People.COLUMNS:
        values = getattr(people, column.name)
        values[:] = values[place]
    until = "1917-05-01"
    one, other = usual.run(until), mixed.run(until)
    assert np.abs(one.group_shares() - other.group_shares()).max() < 1e-5
    assert np.abs(one.group_support() - other.group_support()).max() < 1e-5
    assert other.people.out_of_bounds() == []


def test_order_matters_to_the_check_when_somebody_changes_assembly() -> None:
    usual, mixed = made(agents=2000), made(agents=2000)
    for model in (usual, mixed):
        model.parameters = replace(model.parameters, assembly_pull=0.15)
    # Two people of one group, from different cells of it, exchange their likings.
    group = next(g for g in mixed.groups if len(set(g.get("cell").tolist())) > 4)
    rows = np.arange(group.rows.start, group.rows.stop)
    liking = mixed.people.taste[rows, PARTY["sr"]]
    most, least = rows[liking.argmax()], rows[liking.argmin()]
    assert mixed.people.cell[most] != mixed.people.cell[least]
    mixed.people.taste[[most, least]] = mixed.people.taste[[least, most]]
    until = "1917-05-01"
    assert np.abs(usual.run(until).group_shares() - mixed.run(until).group_shares()).max() > 1e-5


def test_few_people_and_many_tell_the_same_story() -> None:
    # 12 people a group at 2,000: a group's share may be off by a tenth, its mean error by 2 points, the country's by 4.
    until, bolshevik = "1917-06-02", PARTY["bolshevik"]
    few = [made(agents=2000, seed=seed).run(until) for seed in (1, 2, 3)]
    many = made(agents=8000, seed=1).run(until)
    persons = many.recorder.persons / many.recorder.persons.sum()
    fine = many.group_shares()
    for model in few:
        gap = np.abs(model.group_shares() - fine)
        assert gap[:, bolshevik].max() < 0.15 and gap[:, bolshevik].mean() < 0.02
        assert np.abs(model.group_shares() - fine).T @ persons == pytest.approx(0.0, abs=0.06)
        assert np.abs((model.group_shares() - fine).T @ persons).max() < 0.05
    # What is left is luck, not a bias of small numbers.
    mean = np.mean([model.group_shares() for model in few], axis=0)
    assert abs(float((mean - fine)[:, bolshevik] @ persons)) < 0.01


def test_streams_of_draws_are_apart() -> None:
    numbers = [int(stream) for stream in Stream]
    assert len(set(numbers)) == len(numbers)
    taste = set(range(Stream.TASTE, Stream.TASTE + len(PARTY)))
    assert taste & set(numbers) == {int(Stream.TASTE)}
