"""Field types that effects, events and scenarios share: ids, dates, sizes, places, counts.

Each refuses what it does not know with a pydantic error whose context holds the offending name and the known ones
(type ``unknown_name``), from which :mod:`sim.inputs.problems` words the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Strict,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from sim.inputs.known import BODIES, Known, known_in
from sim.words.calendar import parse_date
from sim.words.errors import InputError
from sim.words.identifiers import CHANNELS, DEMANDS, ELECTIONS, PARTIES, STRATA

_ID = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)*")
_PATTERN = re.compile(r"(\*|[a-z][a-z0-9_]*)(/(\*|[a-z][a-z0-9_]*))*")
_ROW = re.compile(r"[A-Z]{1,2}[0-9]{2,4}")
_LEDGER = re.compile(r"[A-I]-[0-9]{2,3}")
#: Most strata or place patterns in one effect.
_MOST = 80


class Model(BaseModel):
    """Base of everything read from a file: nothing changes after reading, nothing unknown is let in."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)


def unknown_name(kind: str, name: str, known: Iterable[str]) -> PydanticCustomError:
    """The error for a name that is not in the vocabulary."""
    return PydanticCustomError(
        "unknown_name", "unknown {kind} '{name}'", {"kind": kind, "name": shorten(name), "known": tuple(known)}
    )


def malformed(what: str, expected: str) -> PydanticCustomError:
    """The error for a value of the right type and the wrong form."""
    return PydanticCustomError("malformed", "{what}", {"what": what, "expected": expected})


def shorten(text: object, limit: int = 60) -> str:
    """At most ``limit`` characters of a value, for a message."""
    shown = str(text)
    return shown if len(shown) <= limit else shown[: limit - 3] + "..."


def one_of(kind: str, names: tuple[str, ...]) -> Any:
    """Validator and JSON Schema of a name out of a fixed list."""

    def check(value: str) -> str:
        if value not in names:
            raise unknown_name(kind, value, names)
        return value

    return _Both(AfterValidator(check), WithJsonSchema({"enum": list(names)}))


def registered(kind: str, attribute: str) -> Any:
    """Validator of an id that another layer owns: looked up in ``Known.<attribute>``, else checked for form."""

    def check(value: str, info: ValidationInfo) -> str:
        names = getattr(known_in(info.context), attribute)
        if names is not None and value not in names:
            raise unknown_name(kind, value, names)
        return check_id(value)

    return AfterValidator(check)


class _Both:
    """Two pieces of pydantic metadata in one object, in the order given."""

    def __init__(self, *parts: Any):
        self.parts = parts

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        annotated: Any = source
        for part in self.parts:
            annotated = Annotated[annotated, part]
        return handler(annotated)


def check_id(value: str) -> str:
    """An id is lower-case words joined by underscores, with slashes between levels."""
    if len(value) > 80 or not _ID.fullmatch(value):
        expected = "lower-case words joined by underscores, such as june_offensive"
        raise malformed(f"'{shorten(value)}' is not an id", expected)
    return value


def check_pattern(value: str, info: ValidationInfo) -> str:
    """A place pattern, checked against the places if they are known and for its form otherwise."""
    known = known_in(info.context)
    if len(value) > 80 or not _PATTERN.fullmatch(value):
        raise malformed(
            f"'{shorten(value)}' is not a place pattern",
            "a place id, a whole such as petrograd, or a kind such as */garrisons",
        )
    if known.matching is not None and not known.matching(value):
        raise unknown_name("place", value, known.places)
    return value


def check_body(value: str, info: ValidationInfo) -> str:
    """A body of the fixed list, one that its owner registered, or the soviet of a known place."""
    known: Known = known_in(info.context)
    names = BODIES + (known.bodies or ())
    if value in names:
        return value
    place, _, last = value.rpartition("/")
    if last == "soviet" and place:
        check_pattern(place, info)
        return value
    raise unknown_name("body", value, (*names, "<place>/soviet"))


def check_series(value: str, info: ValidationInfo) -> str:
    """A lever; else a family of hardships or a single series, whose file is read only then."""
    known = known_in(info.context).series
    if value not in known:
        from sim.inputs.forcing import forcing

        if value not in forcing().names:
            raise unknown_name("series", value, (*known, *forcing().names))
    return value


def _as_list(value: Any) -> Any:
    """One name for a list of one; a list that no place could need is refused before its items are looked up."""
    if isinstance(value, (list, tuple)) and len(value) > _MOST:
        raise malformed(f"a list of {len(value)} names", f"at most {_MOST}")
    return [value] if isinstance(value, str) else value


def _every_stratum(value: Any) -> Any:
    if value == "all" or value == ["all"]:
        return list(STRATA)
    return _as_list(value)


def _some_and_distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise malformed("the list is empty", "at least one name, or all")
    if len(set(values)) != len(values):
        twice = next(v for v in values if values.count(v) > 1)
        raise malformed(f"'{shorten(twice)}' is listed twice", "each name once")
    return values


def read_date(value: Any) -> date:
    """An Old Style date from its ISO text; refuses times, numbers and dates with a time."""
    if isinstance(value, datetime) or not isinstance(value, (str, date)):
        raise malformed(f"'{shorten(value)}' is not a date", "an Old Style date of the form 1917-06-18")
    try:
        return parse_date(value)
    except InputError:
        raise malformed(f"'{shorten(value)}' is not a date", "an Old Style date of the form 1917-06-18") from None


def _read_count(value: Any) -> Any:
    return [value, value] if isinstance(value, int) and not isinstance(value, bool) else value


def _rising(value: tuple[int, int]) -> tuple[int, int]:
    if value[0] > value[1]:
        raise malformed(f"the range {value[0]} to {value[1]} runs backwards", "the lower number first")
    return value


def _check_row(value: str) -> str:
    if not _ROW.fullmatch(value):
        raise malformed(f"'{shorten(value)}' is not the id of a row of evidence", "an id such as S158 or CH040")
    return value


def _check_ledger(value: str) -> str:
    if not _LEDGER.fullmatch(value):
        raise malformed(f"'{shorten(value)}' is not a ledger id", "an id such as C-035")
    return value


Text = Annotated[str, Field(min_length=1, max_length=2000)]
Line = Annotated[str, Field(min_length=1, max_length=300)]
Id = Annotated[str, AfterValidator(check_id), WithJsonSchema({"type": "string", "pattern": f"^{_ID.pattern}$"})]
Row = Annotated[str, AfterValidator(_check_row), WithJsonSchema({"type": "string", "pattern": f"^{_ROW.pattern}$"})]
LedgerId = Annotated[
    str, AfterValidator(_check_ledger), WithJsonSchema({"type": "string", "pattern": f"^{_LEDGER.pattern}$"})
]

Demand = Annotated[str, one_of("demand", DEMANDS)]
Stratum = Annotated[str, one_of("stratum", STRATA)]
Party = Annotated[str, one_of("party", PARTIES)]
Channel = Annotated[str, one_of("channel", CHANNELS)]
Election = Annotated[str, one_of("election", ELECTIONS)]
Body = Annotated[str, AfterValidator(check_body)]
Cabinet = Annotated[str, registered("cabinet", "cabinets")]
WarningId = Annotated[str, registered("warning", "warnings")]
EventId = Annotated[str, registered("event", "events")]
Mechanism = Annotated[str, registered("mechanism that can be switched off", "mechanisms")]
LensId = Annotated[str, registered("lens", "lenses")]
#: What comes from outside: a lever, a family of hardships or a single series (``docs/forcing.md``).
Series = Annotated[str, Field(max_length=80), AfterValidator(check_series)]

#: Strata, written as a list, one name, or ``all``; always held as a tuple of names.
Strata = Annotated[
    tuple[Stratum, ...],
    BeforeValidator(_every_stratum, json_schema_input_type=Literal["all"] | Stratum | list[Stratum]),
    AfterValidator(_some_and_distinct),
]
Pattern = Annotated[str, AfterValidator(check_pattern)]
#: Place patterns, written as a list or one pattern; ``all`` is every place.
Places = Annotated[
    tuple[Pattern, ...],
    BeforeValidator(_as_list, json_schema_input_type=str | list[str]),
    AfterValidator(_some_and_distinct),
]

OldStyle = Annotated[date, BeforeValidator(read_date, json_schema_input_type=str)]

Number = Annotated[float, Strict()]
#: Days in which half of an effect is gone.
HalfLife = Annotated[float, Strict(), Field(gt=0, le=3650)]
#: A level between nothing and everything.
Level = Annotated[float, Strict(), Field(ge=0, le=1)]
#: What a supply, a channel or a series is multiplied by.
Factor = Annotated[float, Strict(), Field(ge=0.1, le=3)]
_Whole = Annotated[int, Strict(), Field(ge=0, le=20_000_000)]
#: Real persons: a number, or ``[low, high]``; always held as ``(low, high)``.
Persons = Annotated[
    tuple[_Whole, _Whole],
    BeforeValidator(_read_count, json_schema_input_type=_Whole | tuple[_Whole, _Whole]),
    AfterValidator(_rising),
]
Direction = Literal["up", "down"]


class Measured(Model):
    """A size that is read from a row of evidence."""

    measured: Row


def _size_form(value: Any) -> str:
    return "measured" if isinstance(value, (dict, Measured)) else "step"


#: One step of the three-step scale, whose magnitudes are three parameters, or a measured row.
Step = Annotated[str, one_of("size", ("small", "medium", "large"))]
Size = Annotated[Annotated[Step, Tag("step")] | Annotated[Measured, Tag("measured")], Discriminator(_size_form)]
