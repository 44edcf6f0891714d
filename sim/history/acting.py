"""How an event acts on the world: one small function for each kind of effect, and no other way in.

Nothing here touches an attitude or a share (rule 1). What people suffer strikes at once; what they hear of (fear,
warnings borne out, charges and their exposure) arrives with the news, by wire or in print, after each cell's delay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.history.shocks import Shocks
from sim.inputs import effects as fx
from sim.inputs.cabinet_data import cabinets
from sim.inputs.events import Event, Warning
from sim.inputs.force_data import forces
from sim.inputs.parameters import Parameters
from sim.mechanisms import credibility
from sim.politics.command import shooters
from sim.society.cells import Cells
from sim.society.places import matching
from sim.words.calendar import day_of
from sim.words.errors import InputError, unknown
from sim.words.identifiers import CHANNEL, DEMAND, PARTY, STRATUM, P

#: Kinds of effect that arrive with the news rather than at once, and the column of cells that says when: that a thing
#: happened goes by wire; a case for or against somebody is made in print and by speakers.
NEWS = {
    "fear": "wire_delay",
    "bears_out": "wire_delay",
    "refutes": "wire_delay",
    "accusation": "print_delay",
    "exposure": "print_delay",
}
#: Which hardship a shortage feeds, and how much of it.
SUPPLY = {"bread": ("bread", 1.0), "goods": ("bread", 0.5), "wages": ("bread", 0.7), "fuel": ("work", 0.7)}
#: A pledge: whom it was given to and which demand its breach presses.
PLEDGES = {"garrison_stays": ("peace", "soldier", "petrograd/garrison")}
#: Half-lives of what the rules below cause themselves, in days.
SHOOTING_FEAR_DAYS, SHOOTING_THREAT_DAYS, CLOSURE_DAYS, PLEDGE_DAYS = 30.0, 60.0, 60.0, 30.0
#: How soon the outrage at a shooting, which has deputies recalled, is half spent: all but gone in three weeks (A-036).
OUTRAGE_DAYS = 7.0


class Government(Protocol):
    """What an event can do to those in office."""

    perceived: NDArray[np.float64]

    def take_office(self, name: str) -> None:
        """A cabinet of the table takes office."""

    def support(self, body: str, supports: bool) -> None:
        """A body props the cabinet up, or stops."""

    def set_policy(self, demand: str, level: float) -> None:
        """What the cabinet does about a demand from now on."""


class Chamber(Protocol):
    """What an event can do to bodies and elections."""

    def convene(self, body: str) -> None:
        """A body meets today."""

    def dissolve(self, body: str) -> None:
        """A body is closed today."""

    def hold(self, election: str) -> None:
        """People vote today."""

    def leaders(self) -> NDArray[np.float64]:
        """Who holds the leading soviets [P]: parties' mean shares of their seats."""


@dataclass
class Charges:
    """What is believed of each charge: the party it is against and the loss of belief [cells] that it caused."""

    against: dict[str, int] = field(default_factory=dict)
    loss: dict[str, NDArray[np.float64]] = field(default_factory=dict)


@dataclass
class Stage:
    """The part of the world that effects may touch."""

    cells: Cells
    shocks: Shocks
    government: Government
    chamber: Chamber
    parameters: Parameters
    warnings: Mapping[str, Warning]
    charges: Charges = field(default_factory=Charges)
    day: int = 0
    deaths_low: float = 0.0
    deaths_high: float = 0.0
    seasons: list[tuple[str, float, float, int]] = field(default_factory=list)
    armed: dict[str, float] = field(default_factory=dict)
    #: Whose side answers for a shooter [P], adding up to at most 1.
    charged: Callable[[str], NDArray[np.float64]] = lambda shooter: np.zeros(P)
    #: Deaths [low, high] of today's shootings, by event and place.
    toll: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    #: Cells fired on today and whose side did it [P], by size: the mechanism of blame takes it up the same day.
    shot_at: list[tuple[NDArray[np.intp], NDArray[np.float64]]] = field(default_factory=list)
    #: The event that is striking, or whose news arrives.
    striking: str = ""
    #: By what the magnitude of the effect at work is multiplied, and what says so for an event and its effect.
    strength: float = 1.0
    doubts: Callable[[str, int], float] = lambda event, effect: 1.0
    #: Called after each effect; only a traced run has one.
    witness: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        #: By kind of news: delay in days -> the cells [cells] that it reaches after so many days, in ascending order.
        self.news = {kind: _by_delay(getattr(self.cells, column)) for kind, column in NEWS.items()}
        self.everybody = np.ones(self.cells.n, dtype=np.bool_)
        self._found: dict[tuple[tuple[str, ...], tuple[str, ...]], NDArray[np.intp]] = {}

    def size(self, size: Any) -> float:
        """The magnitude of small, medium or large. Raises :class:`InputError` for a measured row."""
        if isinstance(size, str):
            return float(getattr(self.parameters, f"event_{size}")) * self.strength
        raise InputError(f"this version has no magnitude for the size {size!r}. Expected small, medium or large.")

    def at(self, places: tuple[str, ...], strata: tuple[str, ...]) -> NDArray[np.intp]:
        """Indices of the cells that place patterns and strata name."""
        if (places, strata) not in self._found:
            wanted = frozenset(p for pattern in places for p in matching(pattern))
            self._found[places, strata] = self.cells.where(wanted, frozenset(STRATUM[s] for s in strata))
        return self._found[places, strata]


def _by_delay(delay: NDArray[np.float64]) -> dict[int, NDArray[np.bool_]]:
    return {int(days): delay == days for days in np.unique(delay)}


ALL_STRATA = tuple(STRATUM)


def refuse_unmodelled(happening: Iterable[Event]) -> None:
    """Rule 8: what the vocabulary can say and this version can't do is refused by name, before the first day.

    Measured sizes (rows are in persons, deaths or roubles, and no rule turns them into a magnitude), seasons (nothing
    scales the forcing series during a run) and pledges outside :data:`PLEDGES`. The catalogue asks for none of them.
    Raises :class:`InputError`.
    """
    for event in happening:
        for effect in event.effects:
            size = getattr(effect, "size", None)
            if size is not None and not isinstance(size, str):
                told = f"the measured size {size.measured}, which this version does not model"
                raise InputError(f"event '{event.id}': {effect.kind} has {told}. Expected small, medium or large.")
            if isinstance(effect, fx.Season):
                told = "'season', which this version does not model"
                raise InputError(f"event '{event.id}' has {told}. Expected a change under the scenario's 'forcing'.")
            if isinstance(effect, fx.Pledge) and effect.pledge not in PLEDGES:
                raise unknown(f"pledge of event '{event.id}'", effect.pledge, PLEDGES)
            if isinstance(effect, fx.Shooting) and effect.shooter not in (known := shooters(forces(), cabinets())):
                raise unknown(f"shooter of event '{event.id}'", effect.shooter, known)


def act(stage: Stage, effect: Any, news_for: int | None = None) -> None:
    """Apply one effect at the stage's strength. For news, only to the cells whose delay in days is ``news_for``."""
    listeners = stage.everybody if news_for is None else stage.news[effect.kind][news_for]
    _ACTS[effect.kind](stage, effect, listeners)
    if stage.witness is not None:
        stage.witness()


def arrive(stage: Stage, event: Event, index: int, news_for: int | None = None) -> None:
    """Apply one of an event's effects, to the cells whose delay of news in days is ``news_for`` (``None``: all)."""
    stage.striking, stage.strength = event.id, stage.doubts(event.id, index)
    act(stage, event.effects[index], news_for)


def delays(stage: Stage, kind: str) -> tuple[int, ...]:
    """The different delays, in days, of a kind of news."""
    return tuple(stage.news[kind])


def strike(stage: Stage, event: Event) -> list[tuple[int, int]]:
    """Apply what strikes at once; return (index of effect, delay) for each piece of news still on its way."""
    later = []
    for i, effect in enumerate(event.effects):
        if effect.kind in NEWS:
            for delay in delays(stage, effect.kind):
                if delay == 0:
                    arrive(stage, event, i, 0)
                else:
                    later.append((i, delay))
        else:
            arrive(stage, event, i)
    return later


def _some(cells: NDArray[np.intp], listeners: NDArray[np.bool_]) -> NDArray[np.intp]:
    return cells[listeners[cells]]


def _hardship(stage: Stage, e: fx.Hardship, listeners: NDArray[np.bool_]) -> None:
    stage.shocks.add("hardship", stage.at(e.places, e.strata), stage.size(e.size), e.half_life, (DEMAND[e.demand],))


def _relief(stage: Stage, e: fx.Relief, listeners: NDArray[np.bool_]) -> None:
    stage.shocks.add("hardship", stage.at(e.places, e.strata), -stage.size(e.size), e.half_life, (DEMAND[e.demand],))


def _fear(stage: Stage, e: fx.Fear, listeners: NDArray[np.bool_]) -> None:
    stage.shocks.add("fear", _some(stage.at(e.places, e.strata), listeners), stage.size(e.size), e.half_life)


def _insecurity(stage: Stage, e: fx.Insecurity, listeners: NDArray[np.bool_]) -> None:
    stage.shocks.add("insecurity", stage.at(e.places, e.strata), stage.size(e.size), e.half_life)


def _bears_out(stage: Stage, e: fx.BearsOut | fx.Refutes, listeners: NDArray[np.bool_]) -> None:
    warning = stage.warnings[e.warning]
    parties = np.array([PARTY[v.party] for v in warning.by if day_of(v.date) <= stage.day], dtype=np.intp)
    sign = 1.0 if isinstance(e, fx.BearsOut) else -1.0
    step = sign * stage.parameters.vindication_rate * stage.size(e.size)
    cells = stage.cells
    credibility.bear_out(
        cells.credibility, cells.reach, np.flatnonzero(listeners), parties, DEMAND[warning.demand], step
    )


def _office(stage: Stage, e: fx.Office, listeners: NDArray[np.bool_]) -> None:
    stage.government.take_office(e.cabinet)


def _office_support(stage: Stage, e: fx.OfficeSupport, listeners: NDArray[np.bool_]) -> None:
    stage.government.support(e.body, e.supports)


def _policy(stage: Stage, e: fx.Policy, listeners: NDArray[np.bool_]) -> None:
    stage.government.set_policy(e.demand, min(e.level * stage.strength, 1.0))


def _repression(stage: Stage, e: fx.Repression, listeners: NDArray[np.bool_]) -> None:
    stage.shocks.add("silenced", stage.at(e.places, ALL_STRATA), stage.size(e.size), e.half_life, (PARTY[e.party],))


def _press(stage: Stage, e: fx.Press, listeners: NDArray[np.bool_]) -> None:
    at = (PARTY[e.party], CHANNEL[e.channel])
    stage.shocks.add("opened", stage.at(e.places, ALL_STRATA), stage.size(e.size), e.half_life, at)


def _accusation(stage: Stage, e: fx.Accusation, listeners: NDArray[np.bool_]) -> None:
    accusers = np.array(stage.government.perceived if e.by == "office" else stage.chamber.leaders(), dtype=np.float64)
    accusers[PARTY[e.against]] = 0.0
    heard = stage.cells.reach @ accusers / max(float(accusers.sum()), 1e-9)
    loss = stage.parameters.accusation_force * stage.size(e.size) * heard * listeners
    credibility.accuse(stage.cells.credibility, loss, np.arange(stage.cells.n), PARTY[e.against], 1.0)
    stage.charges.against[e.charge] = PARTY[e.against]
    stage.charges.loss[e.charge] = stage.charges.loss.get(e.charge, np.zeros(stage.cells.n)) + loss


def _exposure(stage: Stage, e: fx.Exposure, listeners: NDArray[np.bool_]) -> None:
    if e.charge not in stage.charges.loss:
        return  # the charge was never made in this history
    loss = stage.charges.loss[e.charge] * listeners
    back = -(1.0 + stage.parameters.exposure_rebound)
    credibility.accuse(stage.cells.credibility, loss, np.arange(stage.cells.n), stage.charges.against[e.charge], back)
    stage.charges.loss[e.charge] = stage.charges.loss[e.charge] - loss


def _shooting(stage: Stage, e: fx.Shooting, listeners: NDArray[np.bool_]) -> None:
    """One rule for any shooter (D-120): those like the crowd take fright, feel a threat, charge the shooter's side."""
    low, high = e.deaths
    stage.deaths_low += low
    stage.deaths_high += high
    told = stage.toll.get((stage.striking, e.places[0]), (0.0, 0.0))
    stage.toll[stage.striking, e.places[0]] = (told[0] + low, told[1] + high)
    size = min(0.2 + 0.15 * math.log10(1.0 + 0.5 * (low + high)), 0.7) * stage.strength
    crowd = stage.at(e.places, e.crowd)
    stage.shocks.add("fear", crowd, size, SHOOTING_FEAR_DAYS)
    stage.shocks.add("hardship", crowd, size, SHOOTING_THREAT_DAYS, (DEMAND["power"],))
    side = size * stage.charged(e.shooter)
    stage.shot_at.append((crowd, side))
    for party in np.flatnonzero(side):
        felt = stage.parameters.shooting_blame * float(side[party])
        stage.shocks.add("outrage", crowd, felt, OUTRAGE_DAYS, (int(party),))


def _discipline(stage: Stage, e: fx.Discipline, listeners: NDArray[np.bool_]) -> None:
    sign = 1.0 if e.direction == "up" else -1.0
    stage.shocks.add("discipline", stage.at(e.places, ("soldier", "sailor")), sign * stage.size(e.size), e.half_life)


def _supply(stage: Stage, e: fx.Supply, listeners: NDArray[np.bool_]) -> None:
    demand, weight = SUPPLY[e.series]
    sign = -1.0 if e.direction == "up" else 1.0
    size = sign * weight * stage.size(e.size)
    stage.shocks.add("hardship", stage.at(e.places, ALL_STRATA), size, e.half_life, (DEMAND[demand],))


def _closures(stage: Stage, e: fx.Closures, listeners: NDArray[np.bool_]) -> None:
    at = stage.at(e.places, ("worker",))
    workers = float(stage.cells.persons[at].sum())
    if workers == 0.0:
        return
    # One worker in five out of work is felt by all as the full hardship.
    size = min(5.0 * 0.5 * sum(e.persons) / workers * stage.strength, 1.0)
    stage.shocks.add("hardship", at, size, CLOSURE_DAYS, (DEMAND["work"],))
    stage.shocks.add("insecurity", at, size, CLOSURE_DAYS)


def _arms(stage: Stage, e: fx.Arms, listeners: NDArray[np.bool_]) -> None:
    for pattern in e.places:
        for place in matching(pattern):
            part = 0.5 * sum(e.persons) / len(matching(pattern)) / len(e.places)
            stage.armed[place] = stage.armed.get(place, 0.0) + part * stage.strength


def _pledge(stage: Stage, e: fx.Pledge, listeners: NDArray[np.bool_]) -> None:
    demand, stratum, place = PLEDGES[e.pledge]
    size = stage.size("medium") * (-1.0 if e.kept else 1.0)
    stage.shocks.add("hardship", stage.at((place,), (stratum,)), size, PLEDGE_DAYS, (DEMAND[demand],))


def _information(stage: Stage, e: fx.Information, listeners: NDArray[np.bool_]) -> None:
    size = math.log(e.factor) * stage.strength
    stage.shocks.add("channel", stage.at(e.places, ALL_STRATA), size, e.half_life, (CHANNEL[e.channel],))


def _season(stage: Stage, e: fx.Season, listeners: NDArray[np.bool_]) -> None:
    stage.seasons.append((e.series, e.factor, e.half_life, stage.day))


_ACTS: Mapping[str, Callable[[Stage, Any, NDArray[np.bool_]], None]] = {
    "hardship": _hardship,
    "relief": _relief,
    "fear": _fear,
    "insecurity": _insecurity,
    "bears_out": _bears_out,
    "refutes": _bears_out,
    "office": _office,
    "office_support": _office_support,
    "policy": _policy,
    "repression": _repression,
    "press": _press,
    "accusation": _accusation,
    "exposure": _exposure,
    "shooting": _shooting,
    "discipline": _discipline,
    "supply": _supply,
    "closures": _closures,
    "arms": _arms,
    "pledge": _pledge,
    "information": _information,
    "convene": lambda stage, e, listeners: stage.chamber.convene(e.body),
    "dissolve": lambda stage, e, listeners: stage.chamber.dissolve(e.body),
    "elect": lambda stage, e, listeners: stage.chamber.hold(e.election),
    "season": _season,
}
assert set(_ACTS) == set(fx.EFFECTS)
