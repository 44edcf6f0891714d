"""Everything an event can do: a closed vocabulary.

An effect is written in a file as a mapping with one key, its kind: ``{hardship: {demand: bread, ...}}``, and is dumped
in the same form. Kinds act on what people suffer, hear, fear and can do, and on institutions. None has a field that
could set or add to a party's share or to an attitude (rule 1 of the model: allegiance is only ever what people
conclude); ``tests/test_effects.py`` proves it over the schema.

Sizes come from a three-step scale or from a measured row, because hand-set magnitudes were found to be the real free
knobs of such a model. Half-lives are in days.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, TypeAdapter, model_serializer, model_validator
from pydantic.annotated_handlers import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from sim.inputs.fields import (
    Body,
    Cabinet,
    Channel,
    Demand,
    Direction,
    Election,
    Factor,
    HalfLife,
    Id,
    Level,
    Model,
    Party,
    Persons,
    Places,
    Series,
    Size,
    Strata,
    WarningId,
    malformed,
)


class Effect(Model):
    """Base of the vocabulary. ``kind`` is the one key under which the effect stands in a file."""

    kind: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, value: Any) -> Any:
        """Take the body out of ``{kind: body}``; a body given bare (from Python) passes as it is."""
        if isinstance(value, dict) and set(value) == {cls.kind}:
            body = value[cls.kind]
            if not isinstance(body, dict):
                raise malformed(f"'{cls.kind}' needs its details", f"a mapping with {', '.join(cls.model_fields)}")
            return body
        return value

    @model_serializer(mode="wrap")
    def _wrap(self, handler: Any) -> dict[str, Any]:
        return {self.kind: handler(self)}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        body = handler.resolve_ref_schema(handler(schema))
        own = {key: body.pop(key) for key in ("type", "properties", "required", "additionalProperties") if key in body}
        own["type"] = "object"
        body.update(
            {"type": "object", "properties": {cls.kind: own}, "required": [cls.kind], "additionalProperties": False}
        )
        return body


class Hardship(Effect):
    """A shock to what people suffer about one demand; it decays."""

    kind = "hardship"
    demand: Demand
    strata: Strata
    places: Places
    size: Size
    half_life: HalfLife


class Relief(Effect):
    """What people suffer about one demand is eased; the easing decays."""

    kind = "relief"
    demand: Demand
    strata: Strata
    places: Places
    size: Size
    half_life: HalfLife


class Fear(Effect):
    """Fear of what may be done to those who act."""

    kind = "fear"
    strata: Strata
    places: Places
    size: Size
    half_life: HalfLife


class Insecurity(Effect):
    """Fear for one's work or livelihood."""

    kind = "insecurity"
    strata: Strata
    places: Places
    size: Size
    half_life: HalfLife


class BearsOut(Effect):
    """The event bears out a standing, dated warning: whoever gave it gains credibility where it was heard."""

    kind = "bears_out"
    warning: WarningId
    size: Size


class Refutes(Effect):
    """The event speaks against a standing warning: whoever gave it loses credibility where it was heard."""

    kind = "refutes"
    warning: WarningId
    size: Size


class Office(Effect):
    """A cabinet takes office; its parties carry responsibility from this day."""

    kind = "office"
    cabinet: Cabinet


class OfficeSupport(Effect):
    """A body begins to prop up the government in office, or stops."""

    kind = "office_support"
    body: Body
    supports: Annotated[bool, Field(strict=True)]


class Policy(Effect):
    """What the government in office now does about a demand: 0 nothing, 1 all that was asked."""

    kind = "policy"
    demand: Demand
    level: Level


class Repression(Effect):
    """Arrests, bans and closed presses: the party's reach is cut."""

    kind = "repression"
    party: Party
    places: Places
    size: Size
    half_life: HalfLife


class Press(Effect):
    """A newspaper, a tour of speakers, a new union or school: the party's reach on a channel rises."""

    kind = "press"
    party: Party
    channel: Channel
    places: Places
    size: Size
    half_life: HalfLife


class Accusation(Effect):
    """A charge lowers a party's credibility where the accusers are read, until it is exposed.

    ``by`` says who makes it: those in office, or the parties that hold the soviets. A party does not accuse itself.
    """

    kind = "accusation"
    charge: Id
    against: Party
    size: Size
    by: Literal["office", "soviets"] = "office"


class Exposure(Effect):
    """A charge loses belief, and rebounds on those who made it."""

    kind = "exposure"
    charge: Id


class Shooting(Effect):
    """An armed body fires on a crowd. One rule for any shooter (ledger D-120)."""

    kind = "shooting"
    shooter: Id
    crowd: Strata
    places: Places
    deaths: Persons


class Discipline(Effect):
    """Obedience in the armed forces rises or falls."""

    kind = "discipline"
    places: Places
    size: Size
    half_life: HalfLife
    direction: Direction


class Supply(Effect):
    """Deliveries of a good, or the buying power of wages, rise or fall."""

    kind = "supply"
    series: Literal["bread", "fuel", "goods", "wages"]
    places: Places
    size: Size
    half_life: HalfLife
    direction: Direction


class Closures(Effect):
    """Plants close; ``cause`` is the true cause, which need not be the one that people see."""

    kind = "closures"
    places: Places
    persons: Persons
    cause: Literal["fuel", "materials", "orders", "politics"]


class Arms(Effect):
    """Weapons come into hands."""

    kind = "arms"
    strata: Strata
    places: Places
    persons: Persons


class Pledge(Effect):
    """A public promise is kept or broken."""

    kind = "pledge"
    pledge: Id
    kept: Annotated[bool, Field(strict=True)]


class Information(Effect):
    """News on a channel runs faster or fuller (factor above 1), or is held up (below 1)."""

    kind = "information"
    channel: Channel
    places: Places
    factor: Factor
    half_life: HalfLife


class Convene(Effect):
    """A body meets for the first time, or again."""

    kind = "convene"
    body: Body


class Dissolve(Effect):
    """A body is closed."""

    kind = "dissolve"
    body: Body


class Elect(Effect):
    """An election is held."""

    kind = "elect"
    election: Election


class Season(Effect):
    """A shock from outside the model: weather, harvest, a turn of the war. It only scales a forcing series."""

    kind = "season"
    name: Id
    series: Series
    factor: Factor
    half_life: HalfLife


_CLASSES: tuple[type[Effect], ...] = (
    Hardship,
    Relief,
    Fear,
    Insecurity,
    BearsOut,
    Refutes,
    Office,
    OfficeSupport,
    Policy,
    Repression,
    Press,
    Accusation,
    Exposure,
    Shooting,
    Discipline,
    Supply,
    Closures,
    Arms,
    Pledge,
    Information,
    Convene,
    Dissolve,
    Elect,
    Season,
)

#: Kind -> class, in the order of the contract.
EFFECTS: dict[str, type[Effect]] = {effect.kind: effect for effect in _CLASSES}


def kind_of(value: Any) -> str | None:
    """The one key of an effect as written, or the kind of one already read; ``None`` if there is not exactly one."""
    if isinstance(value, Effect):
        return value.kind
    if isinstance(value, dict) and len(value) == 1:
        return str(next(iter(value)))
    return None


AnyEffect = Annotated[
    Annotated[Hardship, Tag("hardship")]
    | Annotated[Relief, Tag("relief")]
    | Annotated[Fear, Tag("fear")]
    | Annotated[Insecurity, Tag("insecurity")]
    | Annotated[BearsOut, Tag("bears_out")]
    | Annotated[Refutes, Tag("refutes")]
    | Annotated[Office, Tag("office")]
    | Annotated[OfficeSupport, Tag("office_support")]
    | Annotated[Policy, Tag("policy")]
    | Annotated[Repression, Tag("repression")]
    | Annotated[Press, Tag("press")]
    | Annotated[Accusation, Tag("accusation")]
    | Annotated[Exposure, Tag("exposure")]
    | Annotated[Shooting, Tag("shooting")]
    | Annotated[Discipline, Tag("discipline")]
    | Annotated[Supply, Tag("supply")]
    | Annotated[Closures, Tag("closures")]
    | Annotated[Arms, Tag("arms")]
    | Annotated[Pledge, Tag("pledge")]
    | Annotated[Information, Tag("information")]
    | Annotated[Convene, Tag("convene")]
    | Annotated[Dissolve, Tag("dissolve")]
    | Annotated[Elect, Tag("elect")]
    | Annotated[Season, Tag("season")],
    Discriminator(kind_of),
]

_ADAPTER: TypeAdapter[tuple[AnyEffect, ...]] = TypeAdapter(tuple[AnyEffect, ...])


def parse_effects(values: list[dict[str, Any]], known: object = None) -> tuple[Effect, ...]:
    """Effects from their written form. Raises pydantic's ``ValidationError``, whose places are paths in ``values``."""
    return tuple(_ADAPTER.validate_python(values, context={"known": known}))


def dump_effects(effects: tuple[Effect, ...]) -> list[dict[str, Any]]:
    """The written form of effects, of plain JSON types."""
    return [effect.model_dump(mode="json") for effect in effects]


def effects_schema() -> dict[str, Any]:
    """JSON Schema of a list of effects."""
    return _ADAPTER.json_schema()
