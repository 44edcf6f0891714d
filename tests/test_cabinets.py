"""Responsibility is office and support for office, and is seen with a lag."""

from __future__ import annotations

from datetime import date

import mesa
import numpy as np
import pytest

from sim.inputs.cabinet_data import CabinetData, Cabinets, cabinets, in_office
from sim.inputs.data_file import parse
from sim.politics.cabinets import Cabinet, majority_behind, office, responsibility
from sim.words.errors import InputError
from sim.words.identifiers import DEMAND, PARTY, P

TEXT = """
- {id: first, title: First, composition: {kadet: 3, sr: 1}, policy: {peace: 0.1, order: 0.6}, props: [petrograd_soviet]}
- {id: coalition, composition: {kadet: 1, sr: 1, menshevik: 1}, policy: {land: 0.2}, props: [petrograd_soviet]}
"""
KADET, SR, M, B = (PARTY[p] for p in ("kadet", "sr", "menshevik", "bolshevik"))
ON_SOVIETS = np.zeros(P)
ON_SOVIETS[[KADET, SR, M]] = -0.6
ON_SOVIETS[B] = 1.0


def known() -> dict[str, CabinetData]:
    return {c.id: c for c in parse(TEXT, "cabinets.yaml", Cabinets)}


def soviet(**seats: float) -> np.ndarray:
    counted = np.zeros(P)
    for party, number in seats.items():
        counted[PARTY[party]] = number
    return counted


def test_those_who_prop_a_cabinet_up_answer_for_it() -> None:
    """D-090: support without office costs something, office more, opposition nothing."""
    held = office({"kadet": 3, "sr": 1})
    behind = majority_behind(soviet(sr=50, menshevik=30, bolshevik=20, unaligned=40), ON_SOVIETS, held)
    blame = responsibility(held, [behind], 0.6)
    assert behind.sum() == pytest.approx(1) and behind[B] == 0
    assert blame[M] == pytest.approx(0.6 * 30 / 80)
    assert blame[SR] == pytest.approx(0.25 + 0.6 * 50 / 80)
    assert blame[B] == 0 and blame[KADET] == 0.75


def test_ministers_of_no_party_burden_no_party() -> None:
    held = office({"kadet": 3, "unaligned": 1})
    assert held[KADET] == 0.75 and held.sum() == 0.75


def test_every_declared_cabinet_can_take_office() -> None:
    cabinet = Cabinet(mesa.Model(), cabinets(), "tsarist_government")
    for name in cabinets():
        cabinet.take_office(name)
        assert 0 < cabinet.held.sum() <= 1 + 1e-9
        assert cabinet.policy.min() >= 0 and cabinet.policy.max() <= 1
    assert in_office(cabinets(), date(1917, 5, 20)) is cabinets()["first_coalition"]


def test_nobody_behind_a_cabinet_leaves_it_its_own_blame() -> None:
    held = office({"kadet": 1})
    behind = majority_behind(soviet(bolshevik=100), ON_SOVIETS, held)
    assert np.array_equal(responsibility(held, [behind], 0.6), held)


def test_half_of_a_change_is_seen_in_the_lag() -> None:
    cabinet = Cabinet(mesa.Model(), known(), "first")
    cabinet.props = ()
    cabinet.take_office("coalition")
    cabinet.props = ()
    seen = cabinet.answer({}, ON_SOVIETS, days=14, lag=14, support_share=0.6)
    assert seen[M] == pytest.approx(1 / 6)
    assert cabinet.answer({}, ON_SOVIETS, days=1e6, lag=14, support_share=0.6)[M] == pytest.approx(1 / 3)


def test_policy_and_support_can_change_in_office() -> None:
    cabinet = Cabinet(mesa.Model(), known(), "first")
    cabinet.set_policy("land", 0.4)
    assert cabinet.policy[DEMAND["land"]] == 0.4 and cabinet.policy[DEMAND["order"]] == 0.6
    cabinet.support("petrograd_soviet", False)
    assert cabinet.props == ()
    cabinet.support("tsik", True)
    again = Cabinet(mesa.Model(), known(), "coalition")
    again.restore(cabinet.state())
    assert again.props == ("tsik",) and again.id == "first" and np.array_equal(again.policy, cabinet.policy)


def test_mistakes_are_named_with_their_line() -> None:
    with pytest.raises(InputError, match="menshevick") as caught:
        parse(TEXT.replace("menshevik:", "menshevick:"), "cabinets.yaml", Cabinets)
    assert caught.value.problems[0].line == 3
    with pytest.raises(InputError, match="third"):
        Cabinet(mesa.Model(), known(), "third")
