"""What each party stood for and where it stood in March 1917: reads ``sim/evidence/parties.yaml``.

Imports no Mesa and no numpy; :mod:`sim.politics.parties` turns it into arrays. Every block carries its source.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from sim.inputs.data_file import read
from sim.inputs.fields import Channel, Demand, LedgerId, Level, Line, Model, OldStyle, Party, Row, Stratum, Text
from sim.words.calendar import FIRST_DAY
from sim.words.identifiers import CHANNELS, DEMANDS, PARTIES, STRATA

Confidence = Literal["high", "medium", "low"]
Signed = Annotated[float, Field(ge=-1, le=1)]
Belief = Literal["none", "low", "medium", "high"]

#: Belief at the start that a party will do what it says, by step. Three steps and a floor, as the event sizes have:
#: no source measures it, so only the order is claimed.
BELIEF: dict[str, float] = {"none": 0.05, "low": 0.2, "medium": 0.45, "high": 0.7}


class Since(Model):
    """A value from a date on. Without the event of row ``hangs_on`` the party would not have moved."""

    since: OldStyle = FIRST_DAY
    value: Signed
    hangs_on: Row | None = None


def _as_steps(value: Any) -> Any:
    return value if isinstance(value, list) else [{"value": value}]


def _in_order(steps: tuple[Since, ...]) -> tuple[Since, ...]:
    dates = [s.since for s in steps]
    if dates != sorted(set(dates)) or dates[0] != FIRST_DAY:
        raise ValueError("dated values start on 23 February 1917 and rise by date")
    return steps


#: A value that may change on given dates; written as a number or as a list of ``{since, value}``.
Dated = Annotated[tuple[Since, ...], BeforeValidator(_as_steps), AfterValidator(_in_order)]


def value_on(steps: tuple[Since, ...], when: date, happened: frozenset[str] | None = None) -> float:
    """The value in force on a day.

    ``happened`` holds the chronology rows of events that have taken place; a step that hangs on another event is
    passed over. None means recorded history: everything that has its date has happened.
    """
    current = steps[0].value
    for step in steps:
        if step.since <= when and (step.hangs_on is None or happened is None or step.hangs_on in happened):
            current = step.value
    return current


class ByDemand(Model):
    """Belief in a party among a stratum, where it differs between demands."""

    usual: Belief
    peace: Belief | None = None
    bread: Belief | None = None
    work: Belief | None = None
    land: Belief | None = None
    power: Belief | None = None
    order: Belief | None = None
    nation: Belief | None = None


def _as_usual(value: Any) -> Any:
    return {"usual": value} if isinstance(value, str) else value


class Wing(Model):
    """A current inside a party: its weight among the party's people and its own line on soviet power."""

    title: Line
    weight: Level
    soviet_power: Signed


class Levels(Model):
    """How much centre, middle ranks and base count when the party takes a line (D-101); they sum to 1."""

    centre: Level
    middle: Level
    base: Level


class Leader(Model):
    """A leader as a weight on what the centre wants (ledger B4), from the day of arrival."""

    name: Line
    weight: Level
    since: OldStyle = FIRST_DAY
    soviet_power: Signed
    ledger: tuple[LedgerId, ...] = ()


class PartyData(Model):
    """One party or current."""

    id: Party
    title: Line
    stance: dict[Demand, Dated]
    credibility: dict[Stratum, Annotated[ByDemand, BeforeValidator(_as_usual)]]
    channels: dict[Channel, Level]
    soviet_power: Dated
    coalition: Dated
    cohesion: Level
    daring: Level
    levels: Levels
    wings: tuple[Wing, ...] = ()
    leaders: tuple[Leader, ...] = ()
    identity: dict[Stratum, Level]
    #: Mother tongues of those it speaks to; others hardly hear it. Empty: everybody.
    speaks_to: tuple[Literal["russian", "ukrainian", "belorussian", "other"], ...] = ()
    sits_in_soviets: bool
    second: dict[Party, Level]
    abstain: Level
    sources: Annotated[dict[Line, Text], Field(min_length=1)]
    confidence: Confidence
    ledger: tuple[LedgerId, ...] = ()

    def belief(self, stratum: str, demand: str) -> float:
        """Belief at the start, 0..1, that the party will do what it says about a demand."""
        among = self.credibility[stratum]
        return BELIEF[getattr(among, demand) or among.usual]


class _Spot(NamedTuple):
    party: str
    problem: str


def _complete(parties: tuple[PartyData, ...]) -> tuple[PartyData, ...]:
    wrong: list[_Spot] = []
    if tuple(p.id for p in parties) != PARTIES:
        wrong.append(_Spot("file", f"parties must be {', '.join(PARTIES)}, in this order"))
    for party in parties:
        for what, given, needed in (
            ("stance", party.stance, DEMANDS),
            ("credibility", party.credibility, STRATA),
            ("channels", party.channels, CHANNELS),
            ("identity", party.identity, STRATA),
        ):
            missing = [name for name in needed if name not in given]
            if missing:
                wrong.append(_Spot(party.id, f"{what} lacks {', '.join(missing)}"))
        if abs(sum(party.levels.model_dump().values()) - 1) > 1e-9:
            wrong.append(_Spot(party.id, "levels must sum to 1"))
        if party.wings and abs(sum(w.weight for w in party.wings) - 1) > 1e-9:
            wrong.append(_Spot(party.id, "weights of wings must sum to 1"))
        if party.id in party.second:
            wrong.append(_Spot(party.id, "a party is not its own second choice"))
    if wrong:
        raise ValueError("; ".join(f"{spot.party}: {spot.problem}" for spot in wrong))
    return parties


Parties = Annotated[tuple[PartyData, ...], AfterValidator(_complete)]


@cache
def parties() -> tuple[PartyData, ...]:
    """All parties, in the order of PARTIES, read once."""
    return read(resources.files("sim") / "evidence" / "parties.yaml", Parties)
