"""The declared rules of bodies: keys of soviets and committees, of congresses, and of elections.

Reads ``sim/evidence/bodies.yaml``. Every rule carries its source and how sure it is. Imports no Mesa and no numpy.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.inputs.data_file import read
from sim.inputs.fields import (
    Election,
    Id,
    LedgerId,
    Level,
    Line,
    Model,
    Number,
    OldStyle,
    Party,
    Places,
    Row,
    Strata,
    Text,
)
from sim.words.calendar import FIRST_DAY

Confidence = Literal["high", "medium", "low"]
Positive = Annotated[float, Field(gt=0)]
Whole = Annotated[int, Field(ge=0)]


class Sourced(Model):
    """What every declared rule carries: where it comes from and how sure it is."""

    source: Text
    confidence: Confidence = "medium"
    ledger: tuple[LedgerId, ...] = ()
    rows: tuple[Row, ...] = ()


#: Kind of section -> the stratum that elects to it.
ELECTORS = {
    "workers": "worker",
    "factory_committee": "worker",
    "soldiers": "soldier",
    "army_committee": "soldier",
    "sailors": "sailor",
    "peasants": "peasant",
}


class Key(Sourced):
    """How electors become deputies from a date on.

    ``persons``: one deputy for each ``per`` persons of an assembly; assemblies smaller than ``per`` send ``least``
    each, or pool their people when ``least`` is 0. ``unit``: ``per`` deputies from each assembly whatever its size,
    and one more for each further ``unit_size`` persons when a row is larger than one unit. ``house`` fixes the size
    of the section and leaves the key to say only who gets how much of it.
    """

    since: OldStyle = FIRST_DAY
    rule: Literal["persons", "unit"]
    per: Positive
    least: Annotated[float, Field(ge=0)] = 0.0
    unit_size: Positive | None = None
    house: Whole | None = None


class Section(Model):
    """A part of a body with electors of its own. ``distance`` from the shop floor multiplies the recall time.

    ``renewal``: deputies are recalled one by one at any time, or all stay until a new election is called (B-084).
    """

    id: Line
    kind: Literal["workers", "soldiers", "sailors", "peasants", "factory_committee", "army_committee"]
    places: Annotated[tuple[Line, ...], Field(min_length=1)]
    strata: Strata
    trades: tuple[Line, ...] = ()
    distance: Positive = 1.0
    renewal: Literal["recall", "called"] = "recall"
    keys: Annotated[tuple[Key, ...], Field(min_length=1)]

    def key_on(self, when: date) -> Key:
        """The key in force on a day."""
        return max((k for k in self.keys if k.since <= when), key=lambda k: k.since, default=self.keys[0])


class Executive(Sourced):
    """A committee that a body elects in proportion and enlarges by invitation. ``distance`` multiplies its lag."""

    members: Whole
    invited_per_party: Whole = 0
    distance: Positive = 1.0


class Founders(Sourced):
    """Who called the body together, and how far they fixed its first composition (D-075)."""

    parties: dict[Party, Number]
    weight: Level


class BodyRule(Model):
    """A standing body. A ``{place}`` in ``id`` makes one body for each place that ``each`` names.

    ``{region}`` in a section's places is the part of the place before the slash.
    """

    id: Line
    title: Line
    each: Places | None = None
    opened: OldStyle = FIRST_DAY
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    executive: Executive | None = None
    founders: Founders | None = None


class Curia(Model):
    """A part of a congress: how many delegates, sent by whom, shared out how.

    ``sent_by``: sections of standing bodies of these kinds, or ``people`` for assemblies asked directly, or
    ``voters`` for the last town election. ``places`` match place ids, or for standing bodies their ids without
    '/soviet'. ``shared``: by persons represented, or each sender alike. ``capture``: share of the delegation that
    leans to the middle strata of the same places, as indirect elections in tiers did (D-074).
    """

    id: Id
    delegates: Whole | None = None
    per: Positive | None = None
    sent_by: tuple[
        Literal[
            "workers", "soldiers", "sailors", "peasants", "factory_committee", "army_committee", "people", "voters"
        ],
        ...,
    ]
    places: Places
    strata: Strata | tuple[()] = ()
    shared: Literal["persons", "alike"] = "persons"
    capture: Level = 0.0

    @model_validator(mode="after")
    def _one_size(self) -> Curia:
        if (self.delegates is None) == (self.per is None):
            raise ValueError(f"curia {self.id} needs either delegates or per")
        return self


class CongressRule(Sourced):
    """A congress or conference: its key by curiae, and the executive that it elects."""

    id: Id
    title: Line
    on: OldStyle
    curiae: Annotated[tuple[Curia, ...], Field(min_length=1)]
    elects: Line | None = None
    executive: Whole = 0


class ElectionRule(Sourced):
    """A vote by paper. ``turnout`` is the share of electors of the strata given who vote in a usual place."""

    id: Election
    title: Line
    on: Annotated[tuple[OldStyle, ...], Field(min_length=1)]
    places: Places
    turnout: Annotated[dict[Line, Level], Field(min_length=1)]
    counted_in: dict[Line, Line] = {}
    seats: Whole = 0
    absent: tuple[Party, ...] = ()
    joint: dict[Party, Party] = {}


def _distinct(rules: tuple[BodyRule, ...]) -> tuple[BodyRule, ...]:
    seen = [(r.id, place) for r in rules for place in (r.each or ("",))]
    if len(set(seen)) != len(seen):
        raise ValueError("two bodies have the same id")
    return rules


class Bodies(Model):
    """The whole file."""

    bodies: Annotated[tuple[BodyRule, ...], AfterValidator(_distinct)]
    congresses: tuple[CongressRule, ...]
    elections: tuple[ElectionRule, ...]

    def congress(self, name: str) -> CongressRule:
        """The rule of a congress by its id. Raises KeyError."""
        return {c.id: c for c in self.congresses}[name]

    def election(self, name: str) -> ElectionRule:
        """The rule of an election by its id. Raises KeyError."""
        return {e.id: e for e in self.elections}[name]


def strata_of_body(body: str, matching: Callable[[str], tuple[str, ...]]) -> frozenset[str]:
    """The strata whose number per deputy a scenario may change in a body or congress; empty for one without any.

    ``matching`` gives the places of a pattern. The Assembly and national committees are not elected by such a key.
    """
    found: set[str] = set()
    for rule in bodies().bodies:
        places = [place for pattern in rule.each or () for place in matching(pattern)]
        ids = [rule.id.format(place=p, region=p.split("/")[0]) for p in places] if rule.each else [rule.id]
        if any(fnmatchcase(name, body) for name in ids):
            found |= {stratum for section in rule.sections for stratum in section.strata}
    for congress in bodies().congresses:
        if fnmatchcase(congress.id, body):
            found |= {ELECTORS[kind] for curia in congress.curiae for kind in curia.sent_by if kind in ELECTORS}
    return frozenset(found)


@cache
def bodies() -> Bodies:
    """The declared rules, read once."""
    return read(resources.files("sim") / "evidence" / "bodies.yaml", Bodies)
