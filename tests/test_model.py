"""`sim.Revolution` as a Mesa user meets it, and the sums that must hold on every day of a run."""

from __future__ import annotations

import gc
import weakref
from collections import defaultdict
from datetime import date
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from year_kit import AGENTS, Tables, changed, differences, made, own_event

import sim
from sim.engine.model import SUPPORTED
from sim.inputs.body_data import bodies
from sim.inputs.scenario import load_scenario
from sim.politics.parties import Party
from sim.society.groups import GROUP_OF_STRATUM, Group
from sim.society.population import population
from sim.words.errors import InputError
from sim.words.identifiers import ELECTIONS, PARTIES, STRATA, P


@pytest.fixture(scope="module")
def year() -> sim.Revolution:
    return made().run()


@pytest.fixture(scope="module")
def tables(year: sim.Revolution) -> Tables:
    return year.recorder.tables()


@pytest.fixture(scope="module")
def frames(tables: Tables) -> dict[str, pd.DataFrame]:
    return {name: pd.DataFrame(columns) for name, columns in tables.items()}


@pytest.fixture
def february() -> sim.Revolution:
    return made(until="1917-03-09")


# --- a Mesa model ---------------------------------------------------------------------------------------------------


def test_a_step_is_a_day_and_the_last_one_ends_the_run(february: sim.Revolution) -> None:
    assert isinstance(february, mesa.Model)
    assert february.n_people == AGENTS and february.running and february.today == date(1917, 2, 22)
    february.step()
    assert (february.today, february.steps, february.running) == (date(1917, 2, 23), 1, True)
    february.run("1917-03-01")
    assert (february.today, february.steps, february.running) == (date(1917, 3, 1), 7, True)
    february.run_model()
    assert (february.today, february.steps, february.running) == (date(1917, 3, 9), 15, False)


def test_nothing_happens_after_the_last_day(february: sim.Revolution) -> None:
    before = february.run().recorder.tables()
    assert february.run() is february
    february.step()
    assert february.today == date(1917, 3, 9) and not february.running
    assert differences(before, february.recorder.tables()) == []


def test_a_run_lasts_from_the_first_day_of_the_scenario_to_its_last(year: sim.Revolution) -> None:
    assert year.today == date(1918, 1, 6) and not year.running
    assert year.steps == 318
    later = made(until=date(1917, 3, 1)).run()
    assert later.today == date(1917, 3, 1)
    with pytest.raises(InputError, match="comes before the first day"):
        made(until="1917-02-01")


def test_people_stay_columns_and_groups_parties_and_bodies_are_agents(year: sim.Revolution) -> None:
    by_type = year.agents_by_type
    assert {sim.Workers, sim.Soldiers, sim.Sailors, sim.Peasants, sim.MiddleStrata, sim.Propertied} <= set(by_type)
    assert len(by_type[Party]) == P
    assert sorted(p.id for p in by_type[Party]) == sorted(PARTIES)
    assert {a.place for a in by_type[sim.Sailors]} == {"kronstadt", "helsingfors", "baltic_fleet", "black_sea_fleet"}
    assert len(year.agents) < 1000, "people are no Mesa agents"
    groups = [group for kind in GROUP_OF_STRATUM.values() for group in by_type[kind]]
    assert sorted(g.index for g in groups) == list(range(len(year.groups)))


def test_an_agentset_of_groups_answers_as_mesa_users_ask(year: sim.Revolution) -> None:
    workers = year.agents_by_type[sim.Workers]
    persons = workers.agg("persons", sum)
    assert persons == pytest.approx(sum(c.persons for c in population().cells if c.stratum == "worker"))
    vyborg = workers.select(lambda group: group.place == "petrograd/vyborg")
    assert len(vyborg) == 1 and vyborg.get("place") == ["petrograd/vyborg"]
    assert len(workers.get("soviet_power")) == len(workers)


def test_the_public_names_of_the_package_lead_here() -> None:
    assert sim.Revolution is type(made(until="1917-02-23"))
    assert sim.Workers is GROUP_OF_STRATUM["worker"]


def test_a_seed_can_be_left_to_chance_and_is_told() -> None:
    one, other = made(seed=None, until="1917-02-24"), made(seed=None, until="1917-02-24")
    assert one.draw_seed != other.draw_seed
    again = made(seed=one.draw_seed, until="1917-02-24")
    assert differences(one.run().recorder.tables(), again.run().recorder.tables()) == []


# --- groups ---------------------------------------------------------------------------------------------------------


def test_a_group_hands_out_its_slice_of_the_columns(year: sim.Revolution) -> None:
    for group in (year.groups[0], year.groups[57], year.groups[-1]):
        assert isinstance(group, Group) and group.n == group.get("weight").size
        assert np.shares_memory(group.get("demand"), year.people.demand)
        assert set(group.get("group").tolist()) == {group.index}
        mean = np.average(group.get("demand"), axis=0, weights=group.get("weight"))
        assert group.agg("demand") == pytest.approx(mean)
        assert group.agg("attitude", lambda values: values.shape) == (group.n, P)
        assert sum(group.demands.values()) == pytest.approx(mean.sum())
    with pytest.raises(InputError, match=r"unknown column 'demnd'. Did you mean 'demand'"):
        year.groups[0].get("demnd")


def test_selected_people_are_rows_of_the_columns(year: sim.Revolution) -> None:
    group = year.groups[5]
    rows = group.select(lambda g: g.get("literate"))
    assert year.people.literate[rows].all() and (year.people.group[rows] == group.index).all()
    assert rows.size == int(group.get("literate").sum())
    assert group.select(lambda g: np.zeros(g.n, dtype=bool)).size == 0


def test_what_a_group_says_is_what_the_tables_say(year: sim.Revolution, frames: dict[str, pd.DataFrame]) -> None:
    last = (
        frames["allegiance"][frames["allegiance"].date == "1918-01-06"].set_index(["place", "stratum", "party"]).share
    )
    support = frames["soviet_power"][frames["soviet_power"].date == "1918-01-06"].set_index(["place", "stratum"]).share
    for group in year.groups[::7]:
        told = group.allegiance
        assert sum(told.values()) == pytest.approx(1.0)
        for party in PARTIES:
            assert told[party] == pytest.approx(last[group.place, group.stratum, party], abs=2e-6)
            assert group.share(party) == told[party]
        assert group.soviet_power == pytest.approx(support[group.place, group.stratum], abs=2e-6)
    with pytest.raises(InputError, match="unknown party 'bolsheviks'"):
        year.groups[0].share("bolsheviks")


def test_a_whole_is_the_sum_of_its_parts_weighted_by_persons(year: sim.Revolution) -> None:
    chosen = [g for g in year.groups if g.place.startswith("petrograd/")]
    persons = np.array([g.persons for g in chosen])
    mean = float(np.array([g.share("sr") for g in chosen]) @ persons / persons.sum())
    assert year.share("sr", place="petrograd") == pytest.approx(mean, abs=2e-6)
    assert sum(year.share(party) for party in PARTIES) == pytest.approx(1.0)
    sailors = [g for g in year.groups if g.stratum == "sailor"]
    weights = [g.persons for g in sailors]
    assert year.soviet_power(stratum="sailor") == pytest.approx(
        np.average([g.soviet_power for g in sailors], weights=weights), abs=2e-6
    )
    with pytest.raises(InputError, match="nobody of stratum 'peasant' lives in petrograd"):
        year.share("sr", place="petrograd", stratum="peasant")
    with pytest.raises(InputError, match="Did you mean 'petrograd/vyborg'"):
        year.share("sr", place="petrograd/viborg")


# --- sums that hold -------------------------------------------------------------------------------------------------


def test_every_group_counts_its_people_and_all_together_the_country(year: sim.Revolution) -> None:
    real: dict[tuple[str, str], float] = defaultdict(float)
    for cell in population().cells:
        real[cell.group] += cell.persons
    assert {(g.place, g.stratum): g.persons for g in year.groups} == pytest.approx(dict(real))
    assert float(year.people.weight.sum()) == pytest.approx(sum(c.persons for c in population().cells))


def test_every_column_stays_within_its_bounds(year: sim.Revolution) -> None:
    assert year.people.out_of_bounds() == []
    assert year.cells.out_of_bounds() == []


def test_a_column_out_of_bounds_would_be_told() -> None:
    model = made(until="1917-02-23")
    model.people.fear[3], model.people.attitude[5, 2] = 1.5, np.nan
    assert model.people.out_of_bounds() == ["attitude", "fear"]


def test_traits_and_places_of_people_never_change() -> None:
    model = made(until="1917-05-01")

    def kept() -> dict[str, bytes]:
        tables = (model.people, model.cells)
        return {c.name: getattr(t, c.name).tobytes() for t in tables for c in t.COLUMNS if c.kind != "state"}

    before = kept()
    model.run()
    assert kept() == before


def test_shares_of_a_group_sum_to_one_and_persons_are_its_people(
    year: sim.Revolution, frames: dict[str, pd.DataFrame]
) -> None:
    allegiance = frames["allegiance"]
    assert allegiance.share.between(0.0, 1.0).all()
    by = allegiance.groupby(["date", "place", "stratum"], sort=False)
    assert by.share.sum().sub(1.0).abs().max() < 1e-9
    assert (by.size() == P).all()
    # Everybody of the group, on every row and on every day: persons are conserved.
    assert by.persons.nunique().eq(1).all()
    people = allegiance.groupby(["place", "stratum"]).persons
    assert people.nunique().eq(1).all()
    real = {(g.place, g.stratum): g.persons for g in year.groups}
    assert people.first().to_dict() == pytest.approx(real)


def test_support_for_soviet_power_is_a_share_of_the_same_people(
    year: sim.Revolution, frames: dict[str, pd.DataFrame]
) -> None:
    support = frames["soviet_power"]
    assert support.share.between(0.0, 1.0).all()
    real = {(g.place, g.stratum): g.persons for g in year.groups}
    assert support.groupby(["place", "stratum"]).persons.first().to_dict() == pytest.approx(real)
    assert len(support) == support.date.nunique() * len(year.groups)


def test_days_recorded_are_the_first_every_seventh_elections_and_the_last(frames: dict[str, pd.DataFrame]) -> None:
    days = set(frames["allegiance"].date.dt.date)
    assert {date(1917, 2, 23), date(1917, 3, 2), date(1918, 1, 6), date(1917, 11, 12)} <= days
    assert set(frames["elections"].date.dt.date) <= days


def test_seats_add_up_to_the_house(year: sim.Revolution, frames: dict[str, pd.DataFrame]) -> None:
    soviets = frames["soviets"]
    assert (soviets.seats >= 0).all()
    sums = soviets.groupby(["date", "body"]).seats.sum()
    assert (sums > 0).all()
    wide = sums.unstack()
    # A body is the sum of its sections on every day.
    sections = {name for name in wide.columns if name.startswith("petrograd_soviet/") and "executive" not in name}
    assert len(sections) >= 2
    whole = wide["petrograd_soviet"].dropna()
    assert (wide.loc[whole.index, sorted(sections)].sum(axis=1) == whole).all()
    # A congress fills its house; a national committee keeps its own until a congress elects another.
    houses = {rule.id: rule for rule in bodies().congresses}
    assert {"first_congress", "second_congress"} <= set(wide.columns) & set(houses)
    for committee in ("tsik", "peasant_executive"):
        assert set(wide[committee].dropna()) <= {rule.executive for rule in houses.values() if rule.elects == committee}


def test_elections_by_place_sum_to_one_and_votes_to_people_with_the_vote(frames: dict[str, pd.DataFrame]) -> None:
    elections = frames["elections"]
    assert set(elections.election) == set(ELECTIONS)
    by = elections.groupby(["date", "election", "place"])
    assert by.share.sum().sub(1.0).abs().max() < 1e-9
    votes = elections.groupby("election").votes.sum()
    voters = sum(c.voters for c in population().cells)
    assert 0.3 * voters < votes["constituent_assembly"] < voters
    whole = elections[elections.election == "constituent_assembly"].groupby("party").votes.sum()
    share = frames["outcomes"].set_index("measure").value["bolshevik_share_ca"]
    assert share == pytest.approx(whole["bolshevik"] / whole.sum())
    # Provinces are the same votes by where the voters live: garrisons that vote in a town are counted there.
    by_party = ["date", "election", "party"]
    provinces = frames["province_elections"]
    assert provinces.groupby(by_party).votes.sum().to_dict() == pytest.approx(
        elections.groupby(by_party).votes.sum().to_dict()
    )
    assert provinces.groupby(["date", "election", "place", "province"]).share.sum().sub(1.0).abs().max() < 1e-9


def test_actions_are_of_people_who_are_there(year: sim.Revolution, frames: dict[str, pd.DataFrame]) -> None:
    actions = frames["actions"]
    assert len(actions) and set(actions.action) <= set(sim.words.identifiers.ACTIONS)
    real = {(g.place, g.stratum): g.persons for g in year.groups}
    days = actions.groupby(["date", "place", "stratum"]).persons.sum()
    assert all(n <= 8 * real[place, stratum] * 1.000001 for (_, place, stratum), n in days.items())


# --- the DataCollector ----------------------------------------------------------------------------------------------


def test_model_reporters_have_a_row_for_each_step(year: sim.Revolution, tables: Tables) -> None:
    frame = year.datacollector.get_model_vars_dataframe()
    assert len(frame) == year.steps
    assert frame[list(PARTIES)].sum(axis=1).sub(1.0).abs().max() < 1e-9
    # Between recorded days the last record stands, and says of which day it is.
    days = np.unique(tables["allegiance"]["date"]).astype("datetime64[D]").astype(object)
    assert sorted(set(frame.date)) == days.tolist()
    assert frame.date.iloc[0] == date(1917, 2, 23) and frame.date.iloc[-1] == date(1918, 1, 6)
    lag = [(date.fromordinal(date(1917, 2, 23).toordinal() + i) - when).days for i, when in enumerate(frame.date)]
    assert 0 <= min(lag) and max(lag) <= 6


def test_a_model_that_records_daily_reports_daily() -> None:
    frame = made(until="1917-03-05", every=1).run().datacollector.get_model_vars_dataframe()
    assert frame.date.is_unique and len(frame) == 11


def test_groups_are_reported_by_type(year: sim.Revolution, frames: dict[str, pd.DataFrame]) -> None:
    frame = year.datacollector.get_agenttype_vars_dataframe(sim.Workers)
    assert list(frame.columns) == ["place", "soviet_power", "allegiance"]
    last = frame.loc[year.steps]
    assert sorted(last.place) == sorted(g.place for g in year.agents_by_type[sim.Workers])
    told = last.set_index("place").allegiance["petrograd/vyborg"]
    assert told["bolshevik"] == pytest.approx(year.share("bolshevik", "petrograd/vyborg", "worker"), abs=2e-6)


# --- batch_run ------------------------------------------------------------------------------------------------------


def batch(**parameters: Any) -> list[dict[str, Any]]:
    options = parameters.pop("options", {})
    given = {"agents": [1500], "until": "1917-03-20", **parameters}
    return mesa.batch_run(sim.Revolution, parameters=given, number_processes=1, display_progress=False, **options)


def test_batch_run_gives_the_end_of_each_run() -> None:
    found = batch(seed=[1, 2], scenario=["historical", "no_offensive"])
    assert [(r["seed"], r["scenario"]) for r in found] == [
        (1, "historical"), (1, "no_offensive"), (2, "historical"), (2, "no_offensive")
    ]  # fmt: skip
    assert {r["Step"] for r in found} == {25} and {r["date"] for r in found} == {date(1917, 3, 20)}
    alone = made(agents=1500, seed=2, until="1917-03-20").run()
    assert found[2]["bolshevik"] == pytest.approx(alone.share("bolshevik"), abs=2e-6)
    # Before its point of divergence a counterfactual is history to the bit.
    assert {k: v for k, v in found[0].items() if k in PARTIES} == {k: v for k, v in found[1].items() if k in PARTIES}


def test_batch_run_gives_the_way_there_when_asked() -> None:
    found = batch(seed=7, options={"data_collection_period": 7})
    assert [r["Step"] for r in found] == [0, 7, 14, 21, 25]
    assert [r["date"].day for r in found] == [23, 2, 9, 16, 20]
    every = batch(seed=7, options={"data_collection_period": 1})
    assert len(every) == 26 and every[7]["sr"] == found[1]["sr"]


def test_batch_run_stops_where_it_is_told() -> None:
    (found,) = batch(seed=7, until="1918-01-06", options={"max_steps": 9})
    assert found["Step"] == 9 and found["date"] == date(1917, 3, 2)


def test_iterations_of_a_batch_differ_when_no_seed_is_given() -> None:
    found = batch(seed=None, options={"iterations": 2})
    assert found[0]["sr"] != found[1]["sr"]
    same = batch(seed=5, options={"iterations": 2})
    assert same[0]["sr"] == same[1]["sr"]


# --- what is not supported ------------------------------------------------------------------------------------------

UNSUPPORTED = [
    ({"policy": {"land": {"level": 0.5}}}, "policy"),
    ({"representation": {"recall": "none"}}, "representation.recall"),
]


@pytest.mark.parametrize(("part", "name"), UNSUPPORTED)
def test_what_a_scenario_asks_for_and_the_engine_can_not_do_is_refused_by_name(
    part: dict[str, Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every part of a scenario is supported today: an engine that lacked one would name it."""
    monkeypatch.setattr("sim.engine.model.SUPPORTED", SUPPORTED - {name})
    with pytest.raises(InputError, match=rf"asks for {name}, which this version does not model"):
        made(changed(**part))


def test_a_lens_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="unknown lens 'no_such_lens'. Known: neutral"):
        made(load_scenario("historical").model_copy(update={"lens": "no_such_lens"}))


def shock(**details: Any) -> dict[str, Any]:
    return {"demand": "bread", "strata": "all", "places": ["all"], "size": "small", "half_life": 9} | details


UNMODELLED = [
    ({"hardship": shock(size={"measured": "S158"})}, "measured size S158"),
    ({"season": {"name": "frost", "series": "bread", "factor": 0.5, "half_life": 9}}, "'season'"),
    ({"pledge": {"pledge": "land_tomorrow", "kept": False}}, "unknown pledge of event 'of_mine' 'land_tomorrow'"),
]


@pytest.mark.parametrize(("effect", "told"), UNMODELLED)
def test_effects_that_the_engine_can_not_do_are_refused_before_the_first_day(effect: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match="of_mine") as caught:
        made(changed({"add": [own_event("of_mine", "1917-05-01", effect)]}))
    assert told in str(caught.value) and "\n" not in str(caught.value)


def test_an_effect_of_an_event_that_was_removed_is_nobodys_business() -> None:
    unheard = own_event("of_mine", "1917-05-01", UNMODELLED[0][0], requires=("june_offensive",))
    unheard["date"] = "1917-07-01"
    made(changed({"add": [unheard], "remove": ["june_offensive"]}))


def test_too_few_people_are_refused_with_the_number_needed() -> None:
    with pytest.raises(InputError, match=r"--agents 500 is too few.*Expected at least \d+"):
        made(agents=500)


def test_strata_have_one_class_each() -> None:
    assert tuple(GROUP_OF_STRATUM) == STRATA


def test_a_finished_model_is_not_kept_in_memory():
    model = sim.Revolution("historical", agents=AGENTS, seed=3, until="1917-02-25").run()
    kept = weakref.ref(model)
    del model
    gc.collect()
    assert kept() is None
