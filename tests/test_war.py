"""The war: obedience, desertion and the way home, losses, by hand and in whole runs."""

import numpy as np
import pytest
from year_kit import changed, made

from sim.mechanisms import war
from sim.words.identifiers import STRATUM

F = np.float32
NOTHING = np.zeros(1)
USUAL = (1.0, 1.2, 0.7, 3.3, 1.5)


def cells(*values: float) -> np.ndarray:
    return np.array(values, dtype=F)


def level(peace: float = 0.5, distrust: float = 0.0, pull: float = 0.0) -> float:
    return float(war.level(cells(peace), cells(distrust), np.array([pull]), 3.0, 4.0, 1.5)[0])


def test_obedience_by_hand_and_by_sign():
    assert level() == pytest.approx(1.0 / (1.0 + np.exp(-1.0)))
    assert level(peace=0.9) < level() and level(distrust=0.5) < level() and level(pull=1.0) < level()


def test_a_blow_to_discipline_shows_the_same_day_and_leaves_the_rest_as_it_was():
    steady = np.array([0.5, 0.9, 1.0])
    np.testing.assert_allclose(war.struck(steady, np.zeros(3)), steady)
    down, up = war.struck(steady, np.full(3, -0.4)), war.struck(steady, np.full(3, 0.4))
    assert down[0] == pytest.approx(1.0 / (1.0 + np.exp(1.6)))
    assert np.all(down[:2] < steady[:2]) and np.all(steady[:2] < up[:2]) and np.all(up <= 1.0)


def test_garrisons_dread_the_front_and_the_front_does_not():
    """D-033."""
    rear = np.array([True, False])
    felt = war.dread(0.8, rear, cells(0.0, 0.0), 0.6, 2.0)
    np.testing.assert_allclose(felt, [0.48, 0.0])
    assert np.all(war.dread(0.8, rear, cells(0.2, 0.2), 0.6, 2.0) > felt)
    assert not war.dread(0.8, rear, cells(0.2, 0.2), 0.0, 0.0).any()


def leaving(obedience=0.7, land=0.0, peace=0.0, fields=0.0, settled=0.0, fear=0.0) -> float:
    share = war.leave(
        cells(obedience), np.array([0.7]), np.array([land]), np.array([peace]),
        fields, settled, np.array([fear]), 0.003, USUAL,
    )  # fmt: skip
    return float(share[0])


def test_desertion_starts_at_the_registered_rate_and_follows_its_causes():
    """Pattern 14: what carries it after February, and what makes it mass going home."""
    assert leaving() == pytest.approx(0.0001, rel=1e-4)
    for cause in ({"obedience": 0.3}, {"land": 0.1}, {"peace": 0.1}, {"fields": 0.5}, {"settled": 1.0}):
        assert leaving(**cause) > leaving()
    assert leaving(fear=0.5) < leaving()
    assert leaving(settled=1.5) > 50.0 * leaving()
    assert leaving(obedience=0.0, land=1.0, peace=1.0, fields=1.0, settled=2.0) <= 0.2


def test_those_who_leave_all_arrive_in_the_villages_of_their_unit():
    ties = np.array([[3.0, 0.0, 0.0], [1.0, 2.0, 0.0]])
    home = war.homeward(np.arange(2), np.arange(3), ties)
    np.testing.assert_allclose(home, [[0.75, 0.0, 0.0], [0.25, 1.0, 0.0]])
    with pytest.raises(ValueError, match="expected"):
        war.homeward(np.arange(2), np.arange(2), ties)


def test_losses_are_a_range_that_rises_with_the_fighting_and_stills_with_peace():
    men = np.array([1e6, 1e6])
    quiet = war.losses(men, cells(0.4, 0.4), 0.0)
    assert quiet == pytest.approx((120.0, 360.0))
    assert war.losses(men, cells(0.4, 0.9), 0.0)[0] > 2.0 * quiet[0]
    assert war.losses(men, cells(0.4, 0.9), 1.0) == (0.0, 0.0)
    low, high = war.losses(men, cells(0.7, 0.9), 0.3)
    assert 0.0 < low < high


def test_an_advance_alarms_up_to_its_weight():
    assert war.alarm(0.0, 0.15) == 0.0
    assert war.alarm(50.0, 0.15) == pytest.approx(0.075)
    assert war.alarm(400.0, 0.15) == 0.15


# --- in a year ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def year():
    return made(until="1918-01-06").run()


def months(model, series: str) -> dict[str, float]:
    """Month ('1917-07') -> value of a monthly row."""
    table = model.recorder.tables()["macro"]
    rows = table["series"] == series
    return {str(d)[:7]: float(v) for d, v in zip(table["date"][rows], table["value"][rows], strict=True)}


def test_desertion_rises_after_february_and_going_home_comes_only_after_october(year):
    month = months(year, "month/desertion")
    spring_to_summer = np.mean([month[f"1917-0{m}"] for m in range(3, 9)])
    assert 3.0 * 6300.0 < spring_to_summer < 12.0 * 6300.0
    assert month["1917-11"] + month["1917-12"] > 5.0 * spring_to_summer


def test_nobody_is_lost_on_the_way_home(year):
    cells = year.cells
    gone = (cells.deserted * cells.persons)[year._day.livelihood.uniform].sum()
    peasants = cells.stratum == STRATUM["peasant"]
    assert (cells.returned * cells.persons)[peasants].sum() == pytest.approx(gone, rel=1e-3)
    table = year.recorder.tables()["actions"]
    assert table["persons"][table["action"] == "desertion"].sum() == pytest.approx(gone, rel=0.01)


def test_the_offensive_costs_between_the_two_counts(year):
    """S155 and S156 are of three weeks on one front; the model's month holds all fronts."""
    low, high = months(year, "month/losses_low")["1917-07"], months(year, "month/losses_high")["1917-07"]
    assert 30_000.0 < low < high < 400_000.0


def test_with_the_war_switched_off_nobody_deserts():
    model = made(changed(off=["war"]), until="1917-05-30").run()
    assert not model.cells.deserted.any() and not model.cells.returned.any()


def test_comrades_who_leave_take_obedience_with_them():
    strong = made(changed(parameters={"comrades_gone": 8.0, "desertion_obedience": 8.0}), until="1917-09-30").run()
    none = made(changed(parameters={"comrades_gone": 0.0, "desertion_obedience": 8.0}), until="1917-09-30").run()
    uniform = strong._day.livelihood.uniform
    assert strong.cells.obedience[uniform].mean() < none.cells.obedience[uniform].mean()
    assert strong.cells.deserted[uniform].mean() > none.cells.deserted[uniform].mean()
