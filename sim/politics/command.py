"""Armed actors who may refuse: garrisons, fronts, cadets, Cossacks, sailors, workers' guards, and who runs the lines.

A :class:`Force` is a Mesa agent: it knows whose people it is made of, and each time it is asked it decides, company by
company, whose order it would obey. No force has a side of its own: sides follow from obedience, support for soviet
power and allegiance of its people (history.md correction 9; H-36 to H-42, H-49; D-031 to D-040, D-119).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from mesa import Agent, Model
from numpy.typing import NDArray

from sim.inputs.cabinet_data import CabinetData
from sim.inputs.force_data import ForceData, ForcesData, People
from sim.politics.cabinets import office
from sim.politics.view import Floats, Ints
from sim.words.errors import unknown
from sim.words.identifiers import PARTY, STRATUM, TRADE, P

CAMPS = ("government", "high_command", "soviets", "neutral")
#: What people who come out may do: defend the cabinet, rise for the soviets, march for the high command, resist it.
COMING_OUT = ("defend", "rise", "march", "resist")
#: Kinds beside which a force that does not fight alone is ready to fight.
INFANTRY = ("rear_infantry", "front_infantry")
#: A force whose people are fewer simulated assemblies than this is read off all assemblies of its places and strata.
LEAST_ASSEMBLIES = 2


@dataclass(frozen=True)
class Roll:
    """What command knows of assemblies, one row each: place, stratum, trade and people."""

    place: tuple[str, ...]
    stratum: Ints
    trade: Ints
    persons: Floats
    #: Of those persons, the part at work, in the unit or in the commune.
    present: Floats
    #: Shares [assemblies, trades] of the cell that an assembly belongs to.
    trades: Floats


@dataclass(frozen=True)
class Stand:
    """Where a force stands: persons by camp that they obey, and who would come out for what."""

    government: float = 0.0
    high_command: float = 0.0
    soviets: float = 0.0
    neutral: float = 0.0
    defend: float = 0.0
    rise: float = 0.0
    march: float = 0.0
    resist: float = 0.0

    @property
    def persons(self) -> float:
        """Everyone under arms and free to go."""
        return self.government + self.high_command + self.soviets + self.neutral

    def beside(self, infantry: Stand) -> Stand:
        """The same force when it fights only beside infantry: of each part, at most as many as infantry brings."""
        part = {name: min(getattr(self, name), getattr(infantry, name)) for name in COMING_OUT}
        return Stand(self.government, self.high_command, self.soviets, self.neutral, **part)


class Force(Agent):
    """One armed actor."""

    def __init__(self, model: Model, data: ForceData, units: Ints, weight: Floats):
        """``units``: assemblies its people meet in; ``weight`` [units]: persons under arms and free to go."""
        super().__init__(model)
        self.data = data
        self.id, self.title, self.kind = data.id, data.title, data.kind
        self.units, self.weight = units, weight
        self.stand = Stand()

    def exists(self, when: date) -> bool:
        """Whether the force is there on a day."""
        begun = self.data.start is None or self.data.start <= when
        return begun and (self.data.until is None or when <= self.data.until)

    @property
    def obeys(self) -> str:
        """The camp that most of its persons obey."""
        return max(CAMPS, key=lambda camp: getattr(self.stand, camp))

    @property
    def persons(self) -> float:
        """Persons under arms and free to go today."""
        return self.stand.persons

    def __repr__(self) -> str:
        return f"<Force {self.id}: {self.persons:,.0f} persons, mostly {self.obeys}>"


class Veto(Agent):
    """People without whom nothing moves and no order arrives: railwaymen, telegraphists (B-091, D-136)."""

    def __init__(self, model: Model, name: str, title: str, weight: float, units: Ints, persons: Floats):
        super().__init__(model)
        self.id, self.title, self.weight = name, title, weight
        self.units, self.persons = units, persons
        self._everybody = persons.sum()
        #: Share who would refuse a movement of the cabinet or the high command, and one of the soviets.
        self.refuses_command = self.refuses_soviets = 0.0

    def decide(self, obey_soviet: Floats, obey_cabinet: Floats) -> None:
        """Refuse for those whom they would obey; both shares [assemblies]."""
        self.refuses_command = float((obey_soviet[self.units] * self.persons).sum() / self._everybody)
        self.refuses_soviets = float((obey_cabinet[self.units] * self.persons).sum() / self._everybody)


class Command:
    """All forces laid out in one table of units, so that one rule goes over all of them at once."""

    def __init__(self, model: Model, data: ForcesData, roll: Roll, places: Mapping[str, tuple[str, ...]]):
        """``places``: place pattern -> place ids."""
        self.forces = [_force(model, f, roll, places) for f in data.forces]
        self.vetoes = [
            Veto(model, v.id, v.title, v.weight, at := _units(v.of, roll, places)[0], roll.persons[at])
            for v in data.vetoes
        ]
        self.unit = np.concatenate([f.units for f in self.forces])
        self.force = np.repeat(np.arange(len(self.forces)), [f.units.size for f in self.forces])
        self.weight = np.concatenate([f.weight for f in self.forces])
        self.discipline = np.array([f.data.discipline[1] for f in self.forces])[self.force]
        #: Part of each unit that is linked to the soviet's own committee, 0..1: the only state that lasts.
        self.linked = np.zeros(self.unit.size)

    def of_force(self, values: Floats) -> Floats:
        """Sums by force [forces] of values by unit."""
        return np.asarray(np.bincount(self.force, weights=values, minlength=len(self.forces)), dtype=np.float64)

    def take(self, columns: Mapping[str, Floats]) -> None:
        """Every force learns what its units would do: ``columns`` are fields of :class:`Stand` by unit."""
        summed = [self.of_force(values).tolist() for values in columns.values()]
        for force, told in zip(self.forces, zip(*summed, strict=True), strict=True):
            force.stand = Stand(**dict(zip(columns, told, strict=True)))
        for force in self.forces:
            if force.data.with_infantry:
                force.stand = force.stand.beside(self._infantry(force))

    def _infantry(self, force: Force) -> Stand:
        beside = [f.stand for f in self.forces if f.kind in INFANTRY and f.data.zone == force.data.zone]
        return Stand(**{name: sum(getattr(s, name) for s in beside) for name in COMING_OUT})

    def units_of(self, test: Sequence[bool]) -> NDArray[np.bool_]:
        """Units of the forces for which ``test`` [forces] is true."""
        return np.asarray(np.array(test, dtype=bool)[self.force])


def _units(of: People, roll: Roll, places: Mapping[str, tuple[str, ...]]) -> tuple[Ints, float]:
    """Assemblies of some people, and how many of those people are present.

    Where too few assemblies of their trades are simulated, all of their places and strata stand for them; their number
    comes from the shares of trades, so that it does not depend on how many people are simulated.
    """
    wanted = {place for pattern in of.places for place in places[pattern]}
    there = np.array([place in wanted for place in roll.place]) & np.isin(roll.stratum, [STRATUM[s] for s in of.strata])
    if not of.trades:
        return np.flatnonzero(there), float(roll.present[there].sum())
    trades = [TRADE[t] for t in of.trades]
    at = there & np.isin(roll.trade, trades)
    number = float((roll.present[there, None] * roll.trades[there][:, trades]).sum())
    return np.flatnonzero(at if at.sum() >= LEAST_ASSEMBLIES else there), number


def _force(model: Model, data: ForceData, roll: Roll, places: Mapping[str, tuple[str, ...]]) -> Force:
    units, number = _units(data.of, roll, places)
    strong = (number if data.persons is None else data.persons[1]) * data.share[1]
    return Force(model, data, units, roll.present[units] * (strong / roll.present[units].sum()))


# --- who answers for a shooting -------------------------------------------------------------------------------------


def shooters(data: ForcesData, known: Mapping[str, CabinetData]) -> tuple[str, ...]:
    """Names that an event may give as the shooter: armed bodies of the table, and cabinets, whose forces shoot."""
    return (*data.shooters, *known)


def charged(shooter: str, data: ForcesData, known: Mapping[str, CabinetData], soviet_side: Floats) -> Floats:
    """Whose side is charged with a shooting [P], adding up to at most 1: one rule for every shooter (D-120, H-42).

    A cabinet's forces: the parties in it, by their weight in office. Other armed bodies: the side that the table of
    forces names, ``soviet_side`` [P] for those that act in the name of soviets. Raises :class:`InputError` for others.
    """
    if shooter in known:
        return office(known[shooter].composition)
    if shooter not in data.shooters:
        raise unknown("shooter", shooter, shooters(data, known))
    side = data.shooters[shooter]
    if side == "soviets":
        return np.asarray(soviet_side, dtype=np.float64)
    weights = np.zeros(P)
    for party, weight in side.items():
        weights[PARTY[party]] = weight
    return np.asarray(weights / weights.sum())
