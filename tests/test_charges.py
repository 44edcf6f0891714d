"""Who makes a charge decides where it is read: those in office or those who hold the soviets (D-092)."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from year_kit import made

from sim.engine.model import Revolution
from sim.history import acting
from sim.history.catalogue import events
from sim.inputs.effects import parse_effects
from sim.words.identifiers import DEMAND, PARTY, STRATUM


@pytest.fixture(scope="module")
def august() -> bytes:
    return made().run("1917-08-20").checkpoint()


def fall(packed: bytes, against: str, by: str) -> tuple[Revolution, np.ndarray]:
    """Share of belief lost in each cell when a charge is made."""
    model = Revolution.restore(packed)
    party, power = PARTY[against], DEMAND["power"]
    before = model.cells.credibility[:, party, power].copy()
    charge = {"accusation": {"charge": "a_charge", "against": against, "size": "large", "by": by}}
    acting.act(model.stage, parse_effects([charge])[0])
    return model, 1.0 - model.cells.credibility[:, party, power] / before


def test_a_charge_by_the_soviets_is_read_where_they_are_and_by_the_office_where_it_is(august: bytes) -> None:
    model, by_soviets = fall(august, "kadet", "soviets")
    _, by_office = fall(august, "kadet", "office")
    stratum = model.cells.stratum
    popular, propertied = stratum == STRATUM["worker"], stratum == STRATUM["propertied"]
    assert by_soviets.min() >= 0.0 and by_office.min() >= 0.0
    assert by_soviets[popular].mean() > by_soviets[propertied].mean() > 0.0
    tilt = by_soviets[popular].mean() / by_soviets[propertied].mean()
    assert tilt > by_office[popular].mean() / by_office[propertied].mean()


def test_a_party_does_not_accuse_itself(august: bytes) -> None:
    """A charge against the only party of the soviets is made by nobody."""
    model = Revolution.restore(august)
    seats = model.chamber.seats()
    for body in ("petrograd_soviet", "tsik"):
        seats[body][:] = 0.0
        seats[body][PARTY["bolshevik"]] = 10.0
    before = model.cells.credibility.copy()
    charge = {"accusation": {"charge": "a_charge", "against": "bolshevik", "size": "large", "by": "soviets"}}
    acting.act(model.stage, parse_effects([charge])[0])
    np.testing.assert_array_equal(model.cells.credibility, before)


def test_the_accuser_is_office_unless_said_and_nobody_else() -> None:
    body = {"charge": "a_charge", "against": "kadet", "size": "small"}
    assert parse_effects([{"accusation": body}])[0].by == "office"
    with pytest.raises(ValidationError):
        parse_effects([{"accusation": body | {"by": "right"}}])


def test_history_says_who_accused_whom() -> None:
    made = {e.charge: e.by for event in events().values() for e in event.effects if e.kind == "accusation"}
    assert made == {"german_money": "office", "kornilov_complicity": "soviets"}
