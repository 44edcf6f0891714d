"""Action: claims, followers, coming out and going back, by hand and in whole runs."""

import numpy as np
import pytest
from test_war import months
from year_kit import changed, made, own_event, without_events

from sim.engine.model import Revolution
from sim.mechanisms import action, readiness
from sim.mechanisms.action import HALT, STREET
from sim.society.people import People
from sim.words.identifiers import ACTIONS, DEMANDS, PARTY, STRATUM, TRADES, K

F = np.float32


def cells(*values: float) -> np.ndarray:
    return np.array(values, dtype=F)


# --- what people come out for ---------------------------------------------------------------------------------------


def test_claims_are_shares_of_demands_and_every_form_that_is_taken_has_a_name():
    claim, name = action.claims(), action.names()
    taken = claim.sum(axis=2) > 0.0
    np.testing.assert_allclose(claim.sum(axis=2)[taken], 1.0)
    np.testing.assert_array_equal(taken, name >= 0)
    assert {ACTIONS[i] for i in name[taken]} == {"strike", "refusal", "land_seizure", "demonstration", "occupation"}
    np.testing.assert_array_equal(action.catching() > 0.0, taken)


def test_pressing_by_hand():
    claim = np.zeros((1, action.F, K))
    claim[0, HALT, DEMANDS.index("bread")] = 1.0
    demand, fresh = np.full((1, K), 0.4, F), np.zeros((1, K), F)

    def pressed(patience: float) -> float:
        out = np.zeros((1, action.F))
        action.press(claim, demand, fresh, cells(patience), 2.0, 0.8, out)
        return float(out[0, HALT])

    assert pressed(patience=0.0) == pytest.approx(0.4)
    assert pressed(patience=0.5) == pytest.approx(0.24)
    fresh[0, DEMANDS.index("bread")] = 0.1
    assert pressed(patience=0.0) == pytest.approx(0.6)


def test_word_of_an_action_calls_to_what_presses():
    """D-019: nobody is called out to strike without a claim that presses; in the street all that take it may come."""
    one, spark, catch = np.ones((1, action.F)), np.zeros((1, action.F)), np.zeros((1, action.F))

    def called(steep: float, occasion: float = 1.0, under_orders: bool = False) -> np.ndarray:
        action.call_out(
            np.full((1, action.F), steep), occasion * one, 0.0 * one, one, one, np.array([under_orders]),
            np.array([0.3]), np.ones(1), 0.5, spark, catch,
        )  # fmt: skip
        return spark[0]

    np.testing.assert_allclose(called(steep=2.0), 0.1)
    np.testing.assert_allclose(called(steep=0.5), [0.05, 0.1, 0.05])
    np.testing.assert_allclose(catch, 0.5 * np.sqrt(0.5))
    np.testing.assert_allclose(called(steep=1.0, occasion=0.25), 0.1)
    np.testing.assert_allclose(catch, 0.25)
    np.testing.assert_allclose(called(steep=1.0, occasion=0.25, under_orders=True), [0.0, 0.025, 0.0])
    np.testing.assert_allclose(catch, 0.25 * 0.25)


def test_where_pay_runs_behind_prices_organised_people_turn_to_politics():
    """D-005."""
    pressed = np.full((3, action.F), 0.5)
    action.turn_to_politics(pressed, np.array([0, 1]), 0.8, np.array([0.0, 1.0]), 0.5)
    np.testing.assert_allclose(pressed[:, HALT], [0.5, 0.3, 0.5])
    np.testing.assert_allclose(pressed[:, STREET], [0.5, 0.6, 0.5])


def test_outrage_is_of_what_is_new_and_people_grow_used_to_it():
    custom, fresh, push = np.zeros((1, K), F), np.zeros((1, K), F), np.ones((1, K), F)
    mean, news = np.zeros(1, F), np.zeros(1, F)
    shock = np.full((1, K), 0.4)
    readiness.stir(shock, push, custom, fresh, mean, news)
    first = fresh.sum()
    assert first == pytest.approx(0.4 * K) and news[0] == pytest.approx(first) and mean[0] == pytest.approx(0.4)
    for _ in range(int(readiness.CUSTOM_HALF_LIFE)):
        readiness.stir(shock, push, custom, fresh, mean, news)
    assert fresh.sum() == pytest.approx(0.5 * first, rel=1e-3) and news[0] == 0.0
    readiness.stir(-shock, push, custom, fresh, mean, news)
    assert not fresh.any()


def test_newcomers_are_given_time_and_what_strikes_uses_it_up():
    """D-014, D-026."""

    def after(change: float, blame: float = 0.0, unmet: float = 0.3, news: float = 0.0, start: float = 0.0) -> float:
        patience = cells(start)
        readiness.hope(patience, np.array([change]), cells(blame)[:, None], np.array([unmet]), np.array([news]), 60.0)
        return float(patience[0])

    assert after(1.0) == pytest.approx(1.0)
    assert after(0.5) == pytest.approx(0.25), "a reshuffle promises little"
    assert after(1.0, blame=1.0) < 0.1
    assert after(0.0, start=1.0) == pytest.approx(0.5 ** (1 / 60), rel=1e-4)
    assert after(0.0, start=1.0, unmet=0.6) < after(0.0, start=1.0)
    assert after(0.0, start=1.0, news=0.2) < after(0.0, start=1.0)


# --- who follows, who comes out -------------------------------------------------------------------------------------


def follow(ready: float, thresholds: list[float], real_size: float = 2000.0, card: int = -1) -> float:
    n = len(thresholds)
    following = np.zeros(1)
    action.muster(
        np.array([0, n]), np.ones(n), np.full(n, ready, F), cells(*thresholds), np.zeros(n, F),
        np.full(n, card, np.int8), np.array([real_size]), 0.4, 0.1, 0.3,
        np.zeros(1), np.zeros(1), following, np.zeros(n, np.bool_),
    )  # fmt: skip
    return float(following[0])


EVEN = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]


def test_a_cascade_needs_its_first_links():
    assert follow(0.005, EVEN) == pytest.approx(0.01)
    assert follow(0.1, EVEN) == pytest.approx(1.0)
    assert follow(0.1, [0.05, *[0.9] * 9]) == pytest.approx(0.1)
    assert follow(0.005, EVEN, real_size=50.0) > follow(0.005, EVEN), "a circle is a large part of a small assembly"
    assert follow(0.005, EVEN, card=0) > follow(0.005, EVEN), "a party cell lowers thresholds"


def rise(days: int, spark: float, catch: float, copies: float = 200.0, luck: float = 0.5):
    """Two assemblies of one town, strikes alone; returns persons out by day."""
    out, crowd, begun = (np.zeros((2, action.F)) for _ in range(3))
    spent, starts = np.zeros(2), np.zeros(2)
    persons = np.array([2.0 * copies * 100.0])
    sparks, catches = np.zeros((1, action.F)), np.zeros((1, action.F))
    sparks[0, HALT], catches[0, HALT] = spark, catch
    told = []
    for _ in range(days):
        action.rise(
            np.zeros(2, np.int32), np.zeros(2, np.int64), np.zeros(2, np.int64), np.full(2, 100.0), np.full(2, copies),
            np.full(2, action.USUAL_READINESS), np.full(2, 0.8), sparks, catches, np.full(2, luck),
            action.LASTING, action.TIRING, 25.0, 3, persons, persons, out, crowd, spent, begun, starts,
        )  # fmt: skip
        told.append(float(crowd.sum()))
        assert crowd.sum() <= persons[0] and out.sum() + spent.sum() <= 2 * copies + 1e-6
    return told


def test_nothing_moves_of_nothing():
    assert not any(rise(10, 0.0, 5.0))


def test_strikes_spread_where_others_are_seen_and_end():
    alone, seen = rise(60, 0.01, 0.0), rise(60, 0.01, 2.0)
    assert max(seen) > 5.0 * max(alone)
    assert seen[-1] < 0.5 * max(seen)


def test_the_answer_does_not_hang_on_how_many_copies_a_row_stands_for():
    """Rule 5: many rows of few copies and few rows of many give the same share, but for whole assemblies."""
    many, few = np.array(rise(20, 0.02, 1.0, copies=4000.0)), np.array(rise(20, 0.02, 1.0, copies=400.0))
    np.testing.assert_allclose(few / 400.0, many / 4000.0, rtol=0.05, atol=0.5)


def test_the_red_guard_grows_with_rifles_and_threat_and_never_past_its_limit():
    def after(pressed: float, rifles: float, patience: float = 0.0, weeks: int = 10) -> float:
        guard, at_work = cells(0.0), np.array([1e4])
        for _ in range(weeks):
            action.enrol(guard, np.array([pressed]), np.array([rifles]), at_work, cells(patience), 0.14, 7, 0.03)
        return float(guard[0])

    assert after(0.0, 1000.0) == 0.0
    assert after(0.5, 1000.0) > after(0.5, 0.0) > 0.0
    assert after(0.8, 1000.0) > after(0.4, 1000.0)
    assert after(0.8, 1000.0, patience=1.0) < after(0.8, 1000.0)
    assert after(1.0, 1e6, weeks=500) <= 0.25


# --- in a year ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def year():
    return made(agents=3000, until="1917-10-31").run()


def test_persons_never_exceed_those_at_work(year):
    table, society = year.recorder.tables()["actions"], year.society
    at_work = np.bincount(society.group_of_cell, year.cells.at_work)
    most = {group: float(n) for group, n in zip(society.groups, at_work, strict=True)}
    assembled = year._day.movement.group_at_work
    for g, group in enumerate(society.groups):
        assert assembled[g] <= most[group] * 1.001 + 1.0
    for place, stratum, name, persons in zip(
        table["place"], table["stratum"], table["action"], table["persons"], strict=True
    ):
        # A week's rows: a march can be joined again next day, whatever else once.
        times = 7.0 if name == "demonstration" else 1.5
        assert 0.0 < persons <= times * most[place, stratum] + 1.0, (place, stratum, name)


def test_the_strike_waves_of_1917_have_their_shape(year):
    """Patterns 1 and 10: a general strike in February, little in spring, a peak in early autumn."""
    month = months(year, "month/strike")
    assert month["1917-04"] < 0.2 * month["1917-09"]
    assert month["1917-06"] < 0.5 * month["1917-09"]
    table = year.recorder.tables()["macro"]
    out = table["value"][table["series"] == "on_strike"]
    assert 50_000.0 < out[0] < out[1] and 150_000.0 < out[2] < 600_000.0
    assert out[40] < 0.1 * out[2]


def test_petrograds_workers_are_no_monolith_and_metal_is_ahead_of_print(year):
    """60 to 80 per cent follow the Bolsheviks in October, metalworkers before printers; nothing says so of a trade."""
    people, cells = year.people, year.cells
    in_petrograd = np.char.startswith(np.array(cells.place), "petrograd/") & (cells.stratum == STRATUM["worker"])

    def follow(*trades: str) -> float:
        these = in_petrograd[people.cell] & np.isin(people.trade, [TRADES.index(trade) for trade in trades])
        return float(np.average(year.shares[these, PARTY["bolshevik"]], weights=people.weight[these]))

    workers = [trade for trade in TRADES if trade.startswith("worker_")]
    assert 0.6 < follow(*workers) < 0.8
    assert follow("worker_metal") > follow("worker_printing") + 0.02
    assert follow("worker_metal") > follow("worker_other") + 0.05


def test_employees_do_not_strike_more_than_workers(year):
    """All who live by pay turn to politics where prices outrun it, not workers alone (D-005)."""
    table = year.recorder.tables()["actions"]
    strike = table["action"] == "strike"
    workers, employees = (table["persons"][strike & (table["stratum"] == s)].sum() for s in ("worker", "middle"))
    assert 0.0 < employees < 0.5 * workers


def test_land_is_taken_by_the_farming_year(year):
    """Pattern 9, as far as it is met: little in March, a summer wave, a second in September and October."""
    month = months(year, "month/villages_seizing")
    summer = month["1917-06"] + month["1917-07"]
    assert month["1917-03"] < 0.2 * month["1917-07"]
    assert month["1917-08"] < 1.1 * month["1917-07"]
    assert month["1917-09"] + month["1917-10"] > summer > month["1917-03"] + month["1917-04"]


def test_land_is_taken_most_where_serfs_worked_good_soil(year):
    table = year.recorder.tables()["actions"]

    def share(region: str) -> float:
        rows = (table["action"] == "land_seizure") & (table["place"] == f"{region}/villages")
        there = [i for i, p in enumerate(year.cells.place) if p == f"{region}/villages"]
        return float(table["persons"][rows].sum() / year.cells.at_work[there].sum())

    assert share("black_earth") > share("northern") and share("black_earth") > share("siberia")


def test_initiative_is_measured_as_a_share(year):
    month = months(year, "initiative_rank_and_file")
    assert all(0.0 <= value <= 1.0 for value in month.values())
    assert 0.0 < year._day.movement.initiative() <= 1.0


def test_first_movers_are_counted_by_their_card():
    party, n, ready = np.zeros(1), 4, cells(0.1, 0.2, 0.3, 0.4)
    action.muster(
        np.array([0, n]), np.ones(n), ready, np.ones(n, F), np.zeros(n, F), np.array([0, 2, -1, -1], np.int8),
        np.array([100.0]), 0.4, 0.1, 0.3, np.zeros(1), party, np.zeros(1), np.zeros(n, np.bool_),
    )  # fmt: skip
    assert party[0] == pytest.approx(0.3)


def test_without_action_nobody_acts():
    model = made(changed(off=["action"]), until="1917-04-30").run()
    table = model.recorder.tables()["actions"]
    assert set(table["action"]) <= {"desertion"}
    assert not model.people.acting.any()


def test_a_shock_brings_people_out_and_a_quiet_country_stays_at_work():
    where = {"strata": ["worker"], "places": ["petrograd"]}
    blow = {"hardship": {"demand": "bread", **where, "size": "large", "half_life": 10}}
    struck = made(without_events(own_event("blow", "1917-03-20", blow)), until="1917-03-30").run()
    quiet = made(without_events(), until="1917-03-30").run()
    workers = STRATUM["worker"]
    here = np.array([p.startswith("petrograd") for p in quiet.cells.place]) & (quiet.cells.stratum == workers)
    assert struck._day.movement.struck[here].mean() > quiet._day.movement.struck[here].mean()


def test_memory_is_a_trait_of_older_trades():
    assert any(c.name == "memory" and c.kind == "trait" for c in People.COLUMNS)
    model = made()
    trade, memory = model.people.trade, model.people.memory
    assert memory[trade == TRADES.index("worker_metal")].mean() > memory[trade == TRADES.index("worker_other")].mean()


def test_a_checkpoint_keeps_those_who_are_out():
    model = made(until="1917-04-10")
    model.run("1917-02-26")
    again = Revolution.restore(model.checkpoint())
    model.run(), again.run()
    np.testing.assert_array_equal(model._day.movement.crowd, again._day.movement.crowd)
    np.testing.assert_array_equal(model.cells.control, again.cells.control)


# --- the garrison ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def february():
    return made(agents=2000, until="1917-02-28", every=1).run()


def garrison_out(model: Revolution, day: int) -> float:
    """Share of the garrison that refused orders or took to the street on a day of February."""
    table = model.recorder.tables()["actions"]
    there = (table["place"] == "petrograd/garrison") & (table["stratum"] == "soldier")
    there &= np.isin(table["action"], ("refusal", "demonstration")) & (table["date"] == np.datetime64(f"1917-02-{day}"))
    at = [i for i, g in enumerate(model.society.groups) if g == ("petrograd/garrison", "soldier")]
    return float(table["persons"][there].sum() / model.recorder.persons[at].sum())


def test_units_that_orders_bind_stay_in_and_go_over_at_once_when_orders_bind_no_more(february):
    """D-031; S065: 66,000 men by the night of the 27th."""
    assert max(garrison_out(february, day) for day in (23, 24, 25, 26)) < 0.08
    assert garrison_out(february, 27) > 0.4


def test_without_a_blow_to_discipline_the_garrison_stays_in():
    calm = changed({"remove": ["troops_fire_26_feb", "garrison_mutiny"]})
    calm = made(calm, agents=2000, until="1917-02-28", every=1).run()
    assert garrison_out(calm, 27) < 0.08


def test_a_march_that_is_called_brings_out_many_and_no_strike_or_refusal():
    called = own_event(
        "call", "1917-06-18",
        {"information": {"channel": "workplace", "places": ["petrograd"], "factor": 3.0, "half_life": 3}},
    )  # fmt: skip
    days = {}
    for name, scenario in (("called", changed({"remove": ["june_demonstration_18"], "add": [called]})),
                           ("not", changed({"remove": ["june_demonstration_18"]}))):  # fmt: skip
        model = made(scenario, agents=2000, until="1917-06-18").run()
        crowd, there = model._day.movement.crowd, model._day.movement.there
        days[name] = crowd[there].sum(axis=0)
    assert days["called"][STREET] > 10.0 * days["not"][STREET] + 50_000.0
    assert days["called"][STREET] > 3.0 * days["called"][HALT]
