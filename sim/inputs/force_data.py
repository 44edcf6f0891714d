"""Armed actors as data: how many they are, whose views they have, how they move, and who answers for a shooting.

Reads ``sim/evidence/forces.yaml``. Imports no Mesa and no numpy.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from sim.inputs.data_file import read
from sim.inputs.fields import Id, Line, Model, OldStyle, Party, Places, Stratum, malformed, one_of
from sim.words.identifiers import TRADES

Trade = Annotated[str, one_of("trade", TRADES)]
#: Where a force is counted in the tables.
Zone = Literal["petrograd", "moscow", "fronts", "fleets", "garrisons", "towns", "south"]
ForceKind = Literal[
    "rear_infantry", "front_infantry", "cavalry", "cossacks", "technical", "cadets", "shock", "national", "police",
    "red_guards", "sailors",
]  # fmt: skip


def _listed(value: tuple[float, float, float]) -> tuple[float, float, float]:
    if not value[0] <= value[1] <= value[2]:
        raise malformed(f"the range {list(value)} is out of order", "[low, usual, high]")
    return value


Range = Annotated[tuple[float, float, float], AfterValidator(_listed)]


class People(Model):
    """People of the society: those of some strata (and trades, if named) in some places."""

    places: Places
    strata: tuple[Stratum, ...]
    trades: tuple[Trade, ...] = ()


class ForceData(Model):
    """One armed actor; the head of the file says what each field means."""

    id: Id
    title: Line
    kind: ForceKind
    zone: Zone
    goes_to: Literal["petrograd", "moscow"] | None = None
    of: People
    persons: Range | None = None
    share: Range = (1.0, 1.0, 1.0)
    discipline: Range = (0.0, 0.0, 0.0)
    arms: Literal["born", "issued"] = "born"
    by: Literal["here", "sea", "rail"] = "here"
    days: Annotated[float, Field(ge=0, le=30)] = 0.0
    with_infantry: bool = False
    command: Literal["cabinet", "stavka"] = "cabinet"
    #: Event after which its companies may link up with the soviet's own committee.
    links: Id | None = None
    start: Annotated[OldStyle | None, Field(alias="from")] = None
    until: OldStyle | None = None
    source: Line
    memory: bool = False


class VetoData(Model):
    """People without whom nothing moves. ``weight``: the exponent with which their refusal counts."""

    id: Id
    title: Line
    of: People
    weight: Annotated[float, Field(ge=0, le=5)]
    source: Line


class ForcesData(Model):
    """The whole file."""

    capital: Literal["petrograd", "moscow"]
    soviets_from: Id
    high_command: dict[Party, float]
    forces: tuple[ForceData, ...]
    vetoes: tuple[VetoData, ...]
    shooters: dict[Id, Literal["soviets"] | dict[Party, float]]


@cache
def forces() -> ForcesData:
    """The file, read once."""
    return read(resources.files("sim") / "evidence" / "forces.yaml", ForcesData)
