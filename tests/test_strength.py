"""Armed strength by hand: surveys, sides, passage, odds, each on numbers small enough to check with a pencil."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.mechanisms import strength
from sim.mechanisms.strength import (
    COLUMNS,
    FEAR,
    FREE,
    HIGH,
    HOSTILE,
    LOYAL,
    OBEY,
    PROP,
    READY,
    WANT,
    Units,
    leanings,
    link_up,
    muster,
    odds,
    passage,
    shifted,
    sides_with,
    survey,
    war_risk,
    worn_down,
)  # fmt: skip

#: Three parties: one that leads the soviet and wants power for it, one in office, one of the high command.
TRUST = np.array([[1.0, 0.5, 0.0], [0.0, 0.0, 0.0]], dtype=np.float32)
STANCE = np.array([1.0, -0.5, -1.0], dtype=np.float32)
IN_OFFICE, HIGH_COMMAND = np.array([0, 1, 0], dtype=np.float32), np.array([0, 0, 1], dtype=np.float32)


def surveyed(
    share: list[list[float]], support: list[float], body: int = 0, line: float = 1.0, props: float = 0.0, **at: float
) -> np.ndarray:
    """One assembly of people with weights 1, 3, ...; ``authority`` one half, ``call`` two unless given."""
    n = len(share)
    out = np.zeros((1, COLUMNS))
    survey(
        np.array([0, n]), np.array([1.0, 3.0])[:n], np.zeros(n, dtype=np.int32), np.array([body], dtype=np.int32),
        np.array(share, dtype=np.float32), np.array(support, dtype=np.float32),
        np.full(n, at.get("ready", 0.1), dtype=np.float32),
        np.full(n, at.get("fear", 0.0), dtype=np.float32), leanings(TRUST, IN_OFFICE, HIGH_COMMAND, STANCE),
        np.array([line, 0.0], dtype=np.float32), np.array([props, 0.0], dtype=np.float32),
        at.get("authority", 0.5), at.get("call", 2.0), out,
    )  # fmt: skip
    return out[0]


def test_a_survey_counted_by_hand() -> None:
    # One person for the first party with S = 0.2; three persons of the second with S = 0.
    found = surveyed([[1, 0, 0], [0, 1, 0]], [0.2, 0.0], line=0.25, props=1.0)
    first, second = (1 - 0.2) * 0.5 * 1.0, 1.0 * 0.5 * 0.5  # who obey as followers of those who lead
    assert found[OBEY] == pytest.approx(((0.2 + first) + 3 * second) / 4)
    assert found[WANT] == pytest.approx(((0.2 + 0.25 * first) + 3 * 0.25 * second) / 4)
    assert found[PROP] == pytest.approx((0.75 * first + 3 * 0.75 * second) / 4)
    assert found[FREE] == pytest.approx(1 - found[OBEY])
    assert found[LOYAL] == pytest.approx(3 * (1 - second) / 4) and found[HIGH] == 0.0
    assert found[READY] == pytest.approx(0.2)
    assert found[HOSTILE] == pytest.approx(3 * 0.5 / 4)


def test_without_a_soviet_only_conviction_counts() -> None:
    found = surveyed([[1, 0, 0]], [0.3], body=1)
    assert found[OBEY] == pytest.approx(0.3) == found[WANT]
    assert found[PROP] == 0.0


def test_the_compiled_survey_is_the_written_one() -> None:
    rng = np.random.default_rng(7)
    n, bodies = 40, 2
    arguments = [
        np.array([0, 11, 19, n]), rng.uniform(1, 9, n), rng.integers(0, 5, n).astype(np.int32),
        rng.integers(0, bodies, 5).astype(np.int32), rng.dirichlet(np.ones(3), n).astype(np.float32),
        *(rng.uniform(0, 1, n).astype(np.float32) for _ in range(3)), leanings(TRUST, IN_OFFICE, HIGH_COMMAND, STANCE),
        rng.uniform(0, 1, bodies).astype(np.float32), np.array([1, 0], dtype=np.float32), 0.6, 2.0,
    ]  # fmt: skip
    compiled, written = np.zeros((3, COLUMNS)), np.zeros((3, COLUMNS))
    survey(*arguments, compiled)
    survey.py_func(*arguments, written)
    np.testing.assert_allclose(compiled, written, atol=1e-5)


def unit(**means: float) -> Units:
    """A thousand men in one unit; half under orders unless ``command`` says otherwise."""
    columns = {
        "obey": OBEY,
        "want": WANT,
        "prop": PROP,
        "free": FREE,
        "loyal": LOYAL,
        "high": HIGH,
        "ready": READY,
        "fear": FEAR,
    }
    extra = {"command": 0.5, "linked": 0.0, "drill": 0.0} | {k: v for k, v in means.items() if k not in columns}
    mean = np.zeros((1, COLUMNS))
    for name, column in columns.items():
        mean[0, column] = means.get(name, 0.0)
    return Units(mean=mean, persons=np.array([1000.0]), **{k: np.array([v]) for k, v in extra.items()})


def test_a_unit_without_a_majority_stays_out() -> None:
    torn = muster(unit(obey=0.3, want=0.3, free=0.7, loyal=0.7, ready=0.2, command=0.3), steepness=8.0, rift=1.0)
    assert torn.neutral[0] > 990.0
    for_power = muster(unit(obey=0.8, want=0.8, free=0.2, ready=0.2), steepness=8.0, rift=1.0)
    assert for_power.soviets[0] > 990.0
    assert for_power.rise[0] == pytest.approx(0.2 * for_power.soviets[0]), "most of those who obey do not come out"


def test_counted_by_hand_at_one_half() -> None:
    # Half under orders, of whom all follow those in office; nobody obeys a soviet: a coin decides.
    found = muster(unit(free=1.0, loyal=1.0, command=0.5, fear=0.2), steepness=4.0, rift=1.0)
    assert found.government[0] == pytest.approx(500.0) and found.high_command[0] == 0.0
    assert found.defend[0] == pytest.approx(500.0 * 0.5 * 0.8)
    assert found.march[0] == 0.0


def test_who_follows_neither_stays_out_when_cabinet_and_high_command_part() -> None:
    men = unit(free=1.0, loyal=0.1, high=0.2, command=1.0)
    assert muster(men, 4.0, rift=1.0).march[0] < 10.0
    assert muster(men, 4.0, rift=0.0).march[0] == pytest.approx(1000.0), (
        "D-116: as long as they are one, orders are orders"
    )


def test_a_linked_unit_no_longer_takes_the_cabinets_orders() -> None:
    alone = muster(unit(obey=0.6, want=0.2, free=0.4, loyal=0.4, command=1.0, ready=0.2), 4.0, 1.0)
    linked = muster(unit(obey=0.6, want=0.2, free=0.4, loyal=0.4, command=1.0, ready=0.2, linked=1.0), 4.0, 1.0)
    assert linked.defend[0] == 0.0 < alone.defend[0]
    assert linked.soviets[0] > alone.soviets[0]


share = st.floats(0.0, 1.0)


@given(share, share, share, share, share, share)
def test_camps_add_up_and_nobody_is_lost(
    obey: float, line: float, loyal: float, high: float, command: float, linked: float
) -> None:
    free = 1.0 - obey
    loyal, high = free * loyal, free * (1.0 - loyal) * high
    men = unit(
        obey=obey,
        want=obey * line,
        prop=obey * (1 - line),
        free=free,
        loyal=loyal,
        high=high,
        command=command,
        linked=linked,
        ready=0.3,
    )
    found = muster(men, 4.0, 1.0)
    camps = np.array([found.government[0], found.high_command[0], found.soviets[0], found.neutral[0]])
    assert camps.sum() == pytest.approx(1000.0) and (camps >= -1e-6).all()
    for out in (found.defend, found.rise, found.march, found.resist):
        assert -1e-9 <= out[0] <= 1000.0 + 1e-6


@given(share, share, st.floats(0.0, 1.0))
def test_more_obedience_is_never_less_strength(obey: float, command: float, more: float) -> None:
    men = unit(
        obey=obey, want=obey, free=1 - obey, loyal=(1 - obey) * 0.6, high=(1 - obey) * 0.2, command=command, ready=0.3
    )
    firmer = replace(men, command=men.command + more * (1.0 - men.command))
    before, after = muster(men, 4.0, 1.0), muster(firmer, 4.0, 1.0)
    assert after.defend[0] >= before.defend[0] - 1e-9 and after.march[0] >= before.march[0] - 1e-9
    assert after.rise[0] == pytest.approx(before.rise[0])


def test_discipline_in_logits() -> None:
    assert shifted(np.array([0.5]), np.array([0.0]))[0] == pytest.approx(0.5)
    assert shifted(np.array([0.5]), np.array([np.log(3.0)]))[0] == pytest.approx(0.75)
    assert 0.0 <= shifted(np.array([0.0]), np.array([2.0]))[0] < 1e-6


def test_civilians_obey_less_what_they_want_more() -> None:
    calm, pressed = strength.civil_obedience(np.array([0.0, 0.75]), np.array([0.0, 0.0]), 3.0, 4.0, 1.5)
    assert calm == pytest.approx(1 / (1 + np.exp(-3.0))) and pressed == pytest.approx(0.5)
    assert strength.civil_obedience(np.array([0.0]), np.array([2.0]), 3.0, 4.0, 1.5)[0] == pytest.approx(0.5)


def test_sides_turn_at_one_half() -> None:
    assert sides_with(np.array([0.0, 0.5, 1.0]), 4.0).tolist() == [0.0, 0.5, 1.0]
    assert sides_with(np.array([0.4]), 8.0)[0] < sides_with(np.array([0.4]), 2.0)[0] < 0.4


def test_passage_and_contact() -> None:
    weights = np.array([1.0, 0.5])
    assert passage(np.zeros(2), weights, 2.0) == 1.0
    assert passage(np.array([0.5, 0.0]), weights, 2.0) == pytest.approx(0.25)
    assert passage(np.array([0.0, 0.5]), weights, 2.0) == pytest.approx(0.5)
    # Two days' travel and one face to face, among people of whom all are of the other side; twice as long half open.
    assert worn_down(np.array([2.0]), np.array([1.0]), 0.5, 1.0)[0] == pytest.approx(np.exp(-1.5))
    assert worn_down(np.array([2.0]), np.array([0.5]), 0.5, 1.0)[0] == pytest.approx(np.exp(-2.5))
    assert worn_down(np.array([2.0]), np.array([0.5]), 0.5, 0.0)[0] == 1.0, "without the other side they march on"


def test_odds() -> None:
    assert odds(5000.0, 5000.0, 2.0) == 0.5
    assert odds(4500.0, 2000.0, 2.0) == pytest.approx(4 / 5)
    assert odds(0.0, 0.0, 2.0) == 0.0, "nobody attacks"
    assert odds(20_000.0, 3_000.0, 4.0) > odds(20_000.0, 3_000.0, 1.0) > 0.5


def test_a_war_takes_two() -> None:
    assert war_risk(1e6, 0.0, 1.0, 5e4) == 0.0 == war_risk(1e6, 1e6, 0.0, 5e4)
    assert war_risk(1e6, 5e4, 1.0, 5e4) == pytest.approx(1 - np.exp(-1)) == war_risk(5e4, 1e6, 1.0, 5e4)
    one, other = np.array([1.0, 0.0]), np.array([0.0, 3.0])
    assert strength.apart(one, other) == 1.0 and strength.apart(one, one) == 0.0 == strength.apart(one, 0 * one)
    held = strength.hostility(np.array([[2.0, 0.0], [0.0, 9.0]]), np.array([1.0, 0.0]), np.array([1.0, 3.0]))
    assert held == pytest.approx((1 - np.exp(-2)) / 4)


def test_units_link_up_one_by_one_and_let_go() -> None:
    linked = np.array([0.0, 0.0, 1.0])
    willing = np.array([1.0, 0.0, 0.0])
    link_up(linked, willing, rate=0.1, days=7)
    assert linked == pytest.approx([1 - np.exp(-0.7), 0.0, np.exp(-0.7)])
    two, once = np.zeros(1), np.zeros(1)
    link_up(two, willing[:1], 0.1, 3), link_up(two, willing[:1], 0.1, 4), link_up(once, willing[:1], 0.1, 7)
    assert two == pytest.approx(once), "weeks or days of asking give the same links"


def test_who_wants_peace_above_all_fights_for_nobody() -> None:
    peace = np.array([0.0, 0.5, 1.0], np.float32)
    np.testing.assert_allclose(strength.will_to_fight(peace, 1.0), [1.0, 0.5, 0.0])
    np.testing.assert_allclose(strength.will_to_fight(peace, 0.0), [1.0, 1.0, 1.0])
