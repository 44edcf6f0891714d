"""The economy: grain, wages, closures and control, by hand and in whole runs."""

import numpy as np
import pytest
from year_kit import changed, made

from sim.mechanisms import economy
from sim.words.identifiers import DEMAND

F = np.float32


def cells(*values: float) -> np.ndarray:
    return np.array(values, dtype=F)


# --- bread ----------------------------------------------------------------------------------------------------------


def test_villages_withhold_more_where_land_presses_and_goods_are_short():
    def after(land: float, goods: float) -> float:
        withheld = cells(0.3)
        for _ in range(300):
            economy.withhold(withheld, cells(land), goods)
        return float(withheld[0])

    assert after(0.7, 0.5) == pytest.approx(0.35, abs=1e-3)
    assert after(0.9, 0.5) > after(0.7, 0.5) > after(0.7, 0.2)
    assert 0.0 <= after(0.0, 1.0) < 1e-3 and after(1.0, 3.0) <= 1.0


def test_missing_grain_is_what_history_would_not_have_withheld():
    usual, sale = np.array([0.3, 0.3]), np.array([0.25, 0.75])
    assert economy.missing_grain(cells(0.3, 0.3), usual, sale) == pytest.approx(0.0, abs=1e-6)
    assert economy.missing_grain(cells(0.5, 0.3), usual, sale) == pytest.approx(0.05, abs=1e-6)
    assert economy.missing_grain(cells(0.1, 0.1), usual, sale) < 0.0


def test_towns_that_buy_their_grain_lose_more_and_railway_strikes_add():
    deficit = np.array([1.0, 0.5])
    lost = economy.bread_lost(0.2, 0.0, deficit, 0.5)
    np.testing.assert_allclose(lost, [0.1, 0.05])
    assert np.all(economy.bread_lost(0.2, 0.1, deficit, 0.5) > lost)
    assert not economy.bread_lost(0.2, 0.1, deficit, 0.0).any()


# --- wages ----------------------------------------------------------------------------------------------------------


def test_strikes_win_less_as_real_wages_fall_and_prices_eat_what_they_won():
    assert economy.concession(0.1, 0.5) > economy.concession(0.8, 0.5) > economy.concession(1.5, 0.5) == 0.0
    gain = cells(0.0, 0.0)
    economy.settle(gain, np.array([0.4, 0.0]), 0.5, 10.0)
    np.testing.assert_allclose(gain, [0.2, 0.0], atol=1e-6)
    for _ in range(10):
        economy.settle(gain, np.zeros(2), 0.5, 10.0)
    assert gain[0] == pytest.approx(0.1, abs=1e-4)


# --- closures -------------------------------------------------------------------------------------------------------


def test_owners_feel_strong_with_order_in_office_and_fear_below():
    stance = cells(0.0, 1.0, -1.0)
    assert economy.ascendancy(cells(0.0, 1.0, 0.0), stance, 0.0) == pytest.approx(0.5)
    assert economy.ascendancy(cells(1.0, 0.0, 0.0), stance, 0.4) == pytest.approx(0.2)
    assert economy.ascendancy(cells(0.0, 0.0, 1.0), stance, 0.0) == 0.0
    assert economy.ascendancy(cells(0.0, 0.0, 0.0), stance, 1.0) <= 1.0


def test_lockouts_follow_control_and_strikes_if_owners_feel_strong():
    control = cells(0.0, 0.5)
    quiet = economy.lock_out(control, np.zeros(2), 0.5, 0.01)
    np.testing.assert_allclose(quiet, [0.0, 0.0025])
    assert np.all(economy.lock_out(control, np.full(2, 0.3), 0.5, 0.01) > quiet)
    assert not economy.lock_out(control, np.ones(2), 0.0, 0.01).any()
    assert not economy.lock_out(control, np.ones(2), 1.0, 0.0).any()


def test_closures_stay_in_bounds_committees_avert_some_and_people_find_other_work():
    closed, locked = cells(0.0, 0.0, 0.9), cells(0.0, 0.0, 0.5)
    economy.close(closed, locked, np.full(3, 0.01), np.zeros(3), cells(0.0, 1.0, 0.0))
    assert closed[0] == pytest.approx(0.01) and closed[1] == pytest.approx(0.007)
    for _ in range(200):
        economy.close(closed, locked, np.full(3, 0.2), np.full(3, 0.5), cells(0.0, 0.0, 0.0))
        assert np.all((closed >= 0.0) & (closed <= 1.0)) and np.all(locked <= closed)
    before = closed.copy()
    for _ in range(int(economy.AWAY_HALF_LIFE)):
        economy.close(closed, locked, np.zeros(3), np.zeros(3), np.zeros(3, F))
    np.testing.assert_allclose(closed, 0.5 * before, rtol=1e-4)


def test_those_who_remember_see_politics_in_equal_closures():
    """D-004."""

    def after(memory: float, refusal: float, locked: float) -> float:
        suspicion = cells(0.0)
        for _ in range(300):
            economy.suspect(suspicion, cells(memory), refusal, cells(0.1), cells(locked), 0.25, 0.6)
        return float(suspicion[0])

    assert after(0.0, 0.0, 0.0) == pytest.approx(0.25, abs=1e-3)
    assert after(0.6, 0.0, 0.0) > after(0.1, 0.0, 0.0)
    assert after(0.1, 1.0, 0.0) > after(0.1, 0.0, 0.0) < after(0.1, 0.0, 0.1)
    assert after(1.0, 1.0, 0.1) <= 1.0


def test_control_spreads_where_closure_threatens_and_nowhere_else():
    """D-061."""

    def after(felt: float, insecurity: float, suspicion: float = 0.5) -> float:
        control = cells(0.0)
        for _ in range(240):
            economy.take_control(control, np.array([felt]), cells(suspicion), np.array([insecurity]), 0.22)
        return float(control[0])

    assert after(0.0, 0.0) == 0.0
    assert 0.0 < after(0.1, 0.1) < after(0.2, 0.2) < after(1.0, 1.0) <= 1.0
    assert after(0.2, 0.2, 0.9) > after(0.2, 0.2, 0.1)


def test_insecurity_is_of_workers_and_lockouts_add_to_it():
    work, workers = cells(0.0, 0.5, 1.0), np.array([True, True, False])
    shocks = np.array([0.0, 0.9, -0.2])
    felt = cells(0, 0, 0)
    economy.insecurity_of_work(work, shocks, cells(0, 0, 0), workers, felt)
    np.testing.assert_allclose(felt, [0.0, 1.0, 0.0])
    economy.insecurity_of_work(work, np.zeros(3), cells(0.1, 0, 0), workers, felt)
    np.testing.assert_allclose(felt, [0.5, 0.25, 0.0])


# --- in a year ------------------------------------------------------------------------------------------------------


def lived(until: str, **parameters: float):
    return made(changed(parameters=parameters) if parameters else "historical", until=until).run()


def test_a_switched_off_economy_leaves_forcing_alone():
    model = made(changed(off=["economy"]), until="1917-04-30").run()
    for name in ("closed", "locked", "control", "wage_gain", "suspicion"):
        assert not getattr(model.cells, name).any()


def test_without_lockouts_nobody_is_locked_out_and_work_is_safer():
    with_, without = lived("1917-08-30", lockout_rate=0.02), lived("1917-08-30", lockout_rate=0.0)
    workers = with_.cells.stratum == 0
    assert with_.cells.locked[workers].mean() > 0.0 and not without.cells.locked.any()
    at = DEMAND["work"]
    assert with_.cells.hardship[workers, at].mean() > without.cells.hardship[workers, at].mean()


def test_seizures_ease_land_where_they_happen_and_alarm_the_propertied():
    eased = lived("1917-08-30", seizure_relief=0.8, seizure_spark=0.01, seizure_alarm=1.0)
    plain = lived("1917-08-30", seizure_relief=0.0, seizure_spark=0.01, seizure_alarm=0.0)
    peasants, propertied = plain.cells.stratum == 3, plain.cells.stratum == 5
    assert plain.cells.seized[peasants].mean() > 0.05
    land, order = DEMAND["land"], DEMAND["order"]
    assert eased.cells.hardship[peasants, land].mean() < plain.cells.hardship[peasants, land].mean()
    assert eased.cells.hardship[propertied, order].mean() > plain.cells.hardship[propertied, order].mean()


def test_grain_held_back_makes_hunger_in_towns_only_through_its_weight():
    calm = {"contagion": 0.0, "call_weight": 0.0, "strike_spark": 0.0001}
    hungry = lived("1917-04-15", grain_feedback=1.5, **calm)
    plain = lived("1917-04-15", grain_feedback=0.0, **calm)
    towns = np.isin(np.array(plain.cells.kind), ("towns", "district", "city"))
    bread = DEMAND["bread"]
    gap = hungry.cells.hardship[towns, bread].mean() - plain.cells.hardship[towns, bread].mean()
    assert hungry._day.livelihood.missing > 0.0, "in spring land presses more than in February"
    assert gap > 0.0
