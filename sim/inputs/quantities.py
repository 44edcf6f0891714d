"""The quantities that a condition may ask for: one declaration each, from which everything else is read.

The checks of a condition, the list that ``october list quantities`` shows, the suggestions for a wrong name and the
gauges of a running model (:mod:`sim.engine.gauges`) all go by :data:`QUANTITIES`. Every one is an aggregate that
somebody could have known or reckoned at the time; none can be set, only read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic_core import PydanticCustomError

from sim.inputs.fields import check_id, read_date
from sim.inputs.known import BODIES, NOTHING, Known
from sim.words.identifiers import ACTIONS, DEMANDS, ELECTIONS, PARTIES, STRATA

Kind = Literal["number", "truth", "date", "text"]
#: What ``days_since`` gives for what has not happened: more days than any run has.
NEVER = 9999.0


@dataclass(frozen=True)
class Slot:
    """One argument of a quantity. ``kind`` names the vocabulary that it is taken from; see :data:`KINDS`."""

    name: str
    kind: str
    #: What it is when left out; ``...`` when it may not be left out.
    default: Any = ...

    @property
    def needed(self) -> bool:
        """Whether it must be given."""
        return self.default is ...


@dataclass(frozen=True)
class Quantity:
    """Something that can be read off the day. ``low`` to ``high`` is the range of a number."""

    name: str
    slots: tuple[Slot, ...]
    gives: Kind
    unit: str
    meaning: str
    low: float = 0.0
    high: float = 1.0
    #: Written without brackets, such as ``date``.
    bare: bool = False

    @property
    def form(self) -> str:
        """How it is written: ``share(party, place='empire', stratum=None)``."""
        if self.bare:
            return self.name
        parts = [slot.name if slot.needed else f"{slot.name}={slot.default!r}" for slot in self.slots]
        return f"{self.name}({', '.join(parts)})"


_PLACE, _STRATUM = Slot("place", "place", "empire"), Slot("stratum", "stratum", None)
_THERE = (_PLACE, _STRATUM)
_HUGE = 2e8


def _share(name: str, slots: tuple[Slot, ...], meaning: str, unit: str = "share") -> Quantity:
    return Quantity(name, slots, "number", unit, meaning)


def _persons(name: str, slots: tuple[Slot, ...], meaning: str) -> Quantity:
    return Quantity(name, slots, "number", "persons", meaning, high=_HUGE)


def _truth(name: str, slots: tuple[Slot, ...], meaning: str) -> Quantity:
    return Quantity(name, slots, "truth", "true or false", meaning)


_ALL = (
    Quantity("date", (), "date", "Old Style date", "today", bare=True),
    Quantity("day", (), "number", "days", "days since 23 February 1917", high=431.0, bare=True),
    Quantity("month", (), "number", "month", "month of the year, Old Style, 1 to 12", low=1.0, high=12.0, bare=True),
    _share("share", (Slot("party", "party"), *_THERE), "people who follow a party"),
    _share("soviet_power", _THERE, "mean support for power to the soviets", "0..1"),
    _share("demand", (Slot("demand", "demand"), *_THERE), "how strongly people press a demand", "0..1"),
    _share("hardship", (Slot("demand", "demand"), *_THERE), "what people suffer, by the demand that it feeds", "0..1"),
    Quantity(
        "blame", (Slot("whom", "party or cabinet"), *_THERE), "number", "utility",
        "blame remembered against a party, or against those in office by their responsibility", high=60.0,
    ),
    _share(
        "credibility", (Slot("party", "party"), Slot("demand", "demand"), *_THERE),
        "belief that a party will do what it says on a demand", "0..1",
    ),
    _share("reach", (Slot("party", "party"), *_THERE), "how far a party is heard", "0..1"),
    _share("fear", _THERE, "fear of force used against people like oneself", "0..1"),
    _share("insecurity", _THERE, "fear of losing work", "0..1"),
    _share("readiness", _THERE, "readiness to take the initiative", "0..1"),
    _persons("acting", (Slot("action", "action"), *_THERE), "persons who came out in an action over the last 7 days"),
    _share("obedience", (_PLACE,), "how far soldiers and sailors obey orders", "0..1"),
    _share(
        "obeys", (Slot("whom", "authority"), _PLACE),
        "people who would obey the cabinet, the soviet or nobody if the two parted",
    ),
    _share("deserted", (_PLACE,), "soldiers and sailors who have left since February"),
    _share("closed", (_PLACE,), "workers whose plant has closed and who have found no other work"),
    _share("seized", (_PLACE,), "villages that have taken landlords' land"),
    _persons("red_guards", (_PLACE,), "workers enrolled in the Red Guard"),
    _persons("members", (Slot("party", "party"),), "members of a party"),
    _share(
        "seats", (Slot("body", "body"), Slot("party", "party")),
        "seats of a body that a party holds; 0 if it doesn't sit",
    ),
    _share("for_soviet_power", (Slot("body", "body"),), "seats of a body whose parties' line is power to the soviets"),
    Quantity(
        "line", (Slot("party", "party"),), "number", "-1..1",
        "a party's line on power to the soviets, from against to for", low=-1.0,
    ),
    _share(
        "votes", (Slot("election", "election"), Slot("party", "party")),
        "votes of a party in an election; 0 before it",
    ),
    _truth("sits", (Slot("body", "body"),), "whether a body has met and is not closed"),
    _truth("fired", (Slot("event", "event"),), "whether an event has happened in this history"),
    _share("happened", (Slot("event", "event"),), "1 if an event has happened in this history, 0 if not", "0 or 1"),
    Quantity(
        "days_since", (Slot("event", "event"),), "number", "days",
        f"days since an event happened; {NEVER:g} if it has not", high=NEVER,
    ),
    _truth(
        "decided", (Slot("decision", "decision"), Slot("option", "option")),
        "whether a decision was taken this way",
    ),
    _truth("cabinet", (Slot("cabinet", "cabinet"),), "whether a cabinet is in office"),
    _truth("in_office", (Slot("party", "party"),), "whether a party sits in the cabinet"),
    _share("office", (Slot("party", "party"),), "a party's weight in the cabinet"),
    _truth("soviets_govern", (), "whether the cabinet is made of parties of the soviets alone, with soviets behind it"),
    _share("policy", (Slot("demand", "demand"),), "what the cabinet does about a demand, from nothing to all", "0..1"),
    _share("odds_coup", (), "odds that a march of the high command on the capital would succeed, today"),
    _share(
        "odds_insurrection", (),
        "odds that a rising for the soviets in the capital would succeed, today; 0 while soviets govern",
    ),
    _share("passage_command", (), "how far railwaymen and telegraphists let troops of the command pass", "0..1"),
    _share("passage_soviets", (), "how far railwaymen and telegraphists let troops of the soviets pass", "0..1"),
    _share("risk_across", (), "risk of civil war across classes", "0..1"),
    _share("risk_within", (), "risk of civil war within the popular classes", "0..1"),
    Quantity(
        "forcing", (Slot("series", "outside"),), "number", "as the series",
        "a series from outside the model (docs/forcing.md), today, as the scenario changes it", low=-1e9, high=1e9,
    ),
)  # fmt: skip
#: Name -> declaration, in the order in which they are listed.
QUANTITIES: dict[str, Quantity] = {quantity.name: quantity for quantity in _ALL}
#: Not a quantity but a way to hold a truth for some days: ``sustained(share('sr') > 0.4, days=14)``.
SUSTAINED = "sustained"
SUSTAINED_FORM = "sustained(condition, days=7)"
SUSTAINED_MEANING = "whether a condition has held on each of the last days, today among them (hysteresis)"


class WrongName(Exception):
    """A name that is not in its vocabulary; ``known`` is empty when only its form is wrong."""

    def __init__(self, kind: str, word: str, known: tuple[str, ...]):
        super().__init__(kind, word, known)
        self.kind, self.word, self.known = kind, word, known


def _outside(known: Known) -> tuple[str, ...]:
    """Single series from outside; their file is read only when a condition asks."""
    from sim.inputs.forcing import forcing

    return tuple(forcing().series)


def _fixed(names: tuple[str, ...]) -> Callable[[Known], tuple[str, ...]]:
    return lambda known: names


_WHOM = ("cabinet", *PARTIES)
#: Kind of argument -> the names that are known of it; ``None``: only the form is checked.
KINDS: dict[str, Callable[[Known], Iterable[str] | None]] = {
    "party": _fixed(PARTIES),
    "party or cabinet": _fixed(_WHOM),
    "stratum": _fixed(STRATA),
    "demand": _fixed(DEMANDS),
    "action": _fixed(ACTIONS),
    "election": _fixed(ELECTIONS),
    "authority": _fixed(("cabinet", "soviet", "nobody")),
    "event": lambda known: known.events,
    "cabinet": lambda known: known.cabinets,
    "decision": lambda known: None if known is NOTHING else known.decisions,
    "option": lambda known: None,
    "outside": _outside,
    "place": lambda known: None,
    "body": lambda known: None,
}


def check_argument(kind: str, word: str, known: Known) -> None:
    """Raise :class:`WrongName` for a word that its vocabulary does not hold."""
    if kind == "place":
        _check_place(word, known)
    elif kind == "body":
        _check_body(word, known)
    else:
        names = KINDS[kind](known)
        if names is not None and word not in (listed := tuple(names)):
            raise WrongName(kind, word, listed)
        if names is None:
            _check_form(kind, word)


def _check_place(word: str, known: Known) -> None:
    if known.matching is not None and not known.matching(word):
        raise WrongName("place", word, known.places)
    if known.matching is None:
        _check_form("place", word.replace("*", "any"))


def _check_body(word: str, known: Known) -> None:
    names = BODIES + (known.bodies or ())
    place, _, last = word.rpartition("/")
    if word in names:
        return
    if last != "soviet" or not place:
        raise WrongName("body", word, (*names, "<place>/soviet"))
    _check_place(place, known)


def _check_form(kind: str, word: str) -> None:
    try:
        check_id(word.replace(".", "_"))
    except PydanticCustomError:
        raise WrongName(kind, word, ()) from None


def nobody_there(place: str | None, stratum: str | None, known: Known) -> tuple[str, ...] | None:
    """The strata of a place, if the one named does not live there; ``None`` if it does or nobody can say."""
    if known.strata_of is None or place is None or stratum is None:
        return None
    there = known.strata_of(place)
    return None if stratum in there else there


def as_date(text: str) -> date | None:
    """The Old Style date that a text gives, or ``None``."""
    try:
        return read_date(text)
    except PydanticCustomError:
        return None
