"""What a scenario may change besides events, each over a window of days: the types of those parts of its file.

None has a field for a party's share or an attitude (rule 1): they act on what comes from outside, on what a cabinet
does, on who is heard where, on how people are represented, and on how many they were and what they wanted at the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Strict, model_validator

from sim.inputs.fields import (
    Body,
    Channel,
    Demand,
    HalfLife,
    Level,
    Model,
    OldStyle,
    Pattern,
    Places,
    Strata,
    Stratum,
    malformed,
    unknown_name,
)
from sim.words.identifiers import CHANNELS, STRATA

#: Most windows of one thing, and most entries of one list.
MOST = 40
#: Every series that is meant.
ALL = "all"


def _several(value: Any) -> Any:
    """One change or a list of them; always held as a tuple."""
    if isinstance(value, (list, tuple)) and len(value) > MOST:
        raise malformed(f"a list of {len(value)} changes", f"at most {MOST}")
    return value if isinstance(value, (list, tuple)) else [value]


class Window(Model):
    """The days on which a change holds. Without ``from`` it begins at the divergence, or with the scenario."""

    since: OldStyle | None = Field(default=None, alias="from")
    until: OldStyle | None = None

    def active(self, when: date, divergence: date | None = None) -> bool:
        """Whether the change holds on a day (Old Style)."""
        first = self.since or divergence
        return (first is None or when >= first) and (self.until is None or when <= self.until)


class Forcing(Window):
    """A series from outside the model multiplied by ``scale``."""

    scale: Annotated[float, Strict(), Field(ge=0, le=10)]


class PolicyLevel(Window):
    """What any cabinet does about a demand, from nothing (0) to all (1), in place of its own policy."""

    level: Level


def _every_channel(value: Any) -> Any:
    if value == "all":
        return list(CHANNELS)
    return [value] if isinstance(value, str) else value


class ChannelWindow(Window):
    """How well channels reach some people, multiplied by ``scale``: news that travels better, or a wire that is cut."""

    channels: Annotated[
        tuple[Channel, ...],
        BeforeValidator(_every_channel, json_schema_input_type=Literal["all"] | Channel | list[Channel]),
        Field(min_length=1, max_length=len(CHANNELS)),
    ]
    places: Places
    strata: Strata = STRATA
    scale: Annotated[float, Strict(), Field(ge=0, le=5)]


class StartingWant(Model):
    """What people want when nothing presses them, multiplied: land hunger, war-weariness as people brought it along."""

    demand: Demand
    places: Places = ("all",)
    strata: Strata = STRATA
    scale: Annotated[float, Strict(), Field(ge=0, le=3)]


class StartingFear(Model):
    """Fear of force that people start with, on top of history's, and how soon half of it is gone (days)."""

    places: Places = ("all",)
    strata: Strata = STRATA
    level: Level
    half_life: HalfLife


class Initial(Model):
    """Conditions of 23 February 1917: numbers of people, what they wanted and feared; never whom they followed."""

    #: Place or whole -> stratum -> persons, spread over its parts as the people there were.
    persons: dict[Pattern, dict[Stratum, Annotated[int, Strict(), Field(ge=100, le=60_000_000)]]] = {}
    wants: Annotated[tuple[StartingWant, ...], Field(max_length=MOST)] = ()
    fear: Annotated[tuple[StartingFear, ...], Field(max_length=MOST)] = ()


class Representation(Model):
    """Rules by which people are represented, from the divergence on. What is left out stays as it was."""

    #: Whether Socialist Revolutionaries of both wings stand on one list for the Constituent Assembly (ledger E-056).
    sr_lists: Literal["joint", "split"] | None = None
    #: Body -> stratum -> persons per deputy (ledger G-22).
    seats: dict[Body, dict[Stratum, Annotated[int, Strict(), Field(ge=1, le=10_000_000)]]] = {}
    #: ``open``: deputies are recalled with a delay, as in 1917; ``none``: they stay; ``binding``: a lost majority binds
    #: at once, executives and national committees included (ledger E-065).
    recall: Literal["open", "binding", "none"] | None = None


def _from_memory(value: Any) -> Any:
    """``all``, one series or several, each with a figure that rests on memory."""
    from sim.inputs.forcing import forcing

    if value == ALL:
        return value
    names = _several(value)
    known = tuple(name for name, quantity in forcing().quantities.items() if quantity.memory)
    for name in names:
        if name not in known:
            raise unknown_name("series that rests on memory", str(name), known)
    return names


FromMemory = Annotated[
    Literal["all"] | tuple[str, ...],
    BeforeValidator(_from_memory, json_schema_input_type=Literal["all"] | str | list[str]),
]


class Doubt(Model):
    """Numbers set by hand or from memory that each run draws anew, or does without: a probe, not a history.

    What is drawn is a pure function of the run's seed. No field names a party: a factor belongs to an effect of an
    event, or to a series from outside.
    """

    #: Each magnitude of each effect of an event times a factor between one over this and this, even in the logarithm.
    event_sizes: Annotated[float, Strict(), Field(ge=1, le=3)] = 1.0
    #: Series whose figures from memory are multiplied, all of a series alike, within the series' error factor.
    memory_drawn: FromMemory = ()
    #: Series that do without their figures from memory (docs/forcing.md says what stands in for them).
    memory_left_out: FromMemory = ()

    @property
    def of_outside(self) -> bool:
        """Whether anything from outside is doubted."""
        return bool(self.memory_drawn or self.memory_left_out)

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Doubt:
        drawn, out = self.memory_drawn, self.memory_left_out
        if drawn and out and (ALL in (drawn, out) or set(drawn) & set(out)):
            raise malformed("a series is both drawn and left out", "one or the other")
        return self


Forcings = Annotated[
    tuple[Forcing, ...],
    BeforeValidator(_several, json_schema_input_type=Forcing | list[Forcing]),
    Field(min_length=1),
]
Policies = Annotated[
    tuple[PolicyLevel, ...],
    BeforeValidator(_several, json_schema_input_type=PolicyLevel | list[PolicyLevel]),
    Field(min_length=1),
]
Informations = Annotated[tuple[ChannelWindow, ...], Field(max_length=MOST)]


def level_on(
    policies: Mapping[str, tuple[PolicyLevel, ...]], when: date, divergence: date | None
) -> dict[str, float]:
    """Demand -> level that a scenario sets on a day; where windows overlap, the last of the list goes."""
    return {
        demand: window.level
        for demand, windows in policies.items()
        for window in windows
        if window.active(when, divergence)
    }
