"""What a scenario is: a question to 1917, what it changes, and a card that says how far it may be trusted.

Files are read in :mod:`sim.inputs.scenario_file`; here are only the types. No field can set a party's share or an
attitude (rule 1): a scenario changes events, decisions, forcing, parameters, switches and rules of representation.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, PlainSerializer, PlainValidator, PrivateAttr, Tag

from sim.inputs.changes import Doubt, Forcing, Forcings, Informations, Initial, Policies, Representation
from sim.inputs.events import AnySource, Event
from sim.inputs.fields import (
    Demand,
    EventId,
    Id,
    LedgerId,
    LensId,
    Line,
    Mechanism,
    Model,
    Number,
    OldStyle,
    Series,
    Text,
    malformed,
    read_date,
    shorten,
)
from sim.words.calendar import FIRST_DAY, LAST_DAY

#: Keys that describe a scenario. They belong to one file and are not inherited through ``extends``.
DESCRIPTION = ("title", "question", "kind", "sources", "ledger", "card")

_DAYS = re.compile(r"([+-]?\d{1,3})(?: ?days?)?")
_QUANTITY = re.compile(r"([+-]?\d+(?:\.\d+)?) ([a-z][a-z /%_-]{0,40})")


def _selection_form(value: Any) -> str:
    return "all" if isinstance(value, str) else "ids"


Selection = Annotated[
    Annotated[Literal["all"], Tag("all")] | Annotated[tuple[EventId, ...], Tag("ids")], Discriminator(_selection_form)
]


def read_shift(value: Any) -> date | int:
    """A new date, or days later (earlier if negative): ``1917-07-01``, ``14``, ``-7``, ``+7 days``."""
    if isinstance(value, str) and (days := _DAYS.fullmatch(value.strip())):
        value = int(days[1])
    if isinstance(value, int) and not isinstance(value, bool):
        if value == 0 or abs(value) > 400:
            raise malformed(f"a shift of {shorten(value)} days", "1 to 400 days, earlier or later")
        return value
    if not isinstance(value, (str, date)):
        raise malformed(f"'{shorten(value)}' is not a shift", "a date such as 1917-07-01, or days such as -7")
    return read_date(value)


def _write_shift(value: date | int) -> str | int:
    return value.isoformat() if isinstance(value, date) else value


Shift = Annotated[
    date | int,
    PlainValidator(read_shift, json_schema_input_type=str | int),
    PlainSerializer(_write_shift, return_type=str | int, when_used="json"),
]


def split_quantity(value: str) -> tuple[float, str] | None:
    """Number and unit of a text such as ``21 days``; ``None`` if it is not of that form."""
    found = _QUANTITY.fullmatch(value.strip())
    return (float(found[1]), found[2]) if found else None


def _drop_unit(value: Any) -> Any:
    quantity = split_quantity(value) if isinstance(value, str) else None
    return quantity[0] if quantity else value


#: A parameter's value: a number, or a number with its unit, which must be the declared one.
Quantity = Annotated[Number, BeforeValidator(_drop_unit, json_schema_input_type=float | str)]


class Voices(Model):
    """What each would say was at stake."""

    liberal: Text | None = None
    menshevik: Text | None = None
    sr: Text | None = None
    bolshevik: Text | None = None
    national_leader: Text | None = None
    villager: Text | None = None


class Card(Model):
    """What a reader must know before believing an answer."""

    changed: Text | None = None
    held_fixed: Text | None = None
    why_possible: Text | None = None
    settle_by: Text | None = None
    cannot_say: Text | None = None
    voices: Voices = Voices()


class EventChanges(Model):
    """Which events are pinned to their dates, left to happen or not, removed, moved, forced or added."""

    pin: Selection = ()
    free: Selection = ()
    remove: tuple[EventId, ...] = ()
    shift: dict[EventId, Shift] = {}
    force: dict[EventId, OldStyle] = {}
    add: tuple[Event, ...] = ()


class Scenario(Model):
    """One scenario, complete: everything it extends is merged in."""

    extends: Annotated[str, Field(max_length=200)] | None = None
    title: Line | None = None
    question: Line | None = None
    kind: Literal["historical", "open", "minimal_rewrite", "stretch", "mechanism_probe"] | None = None
    divergence: OldStyle | None = None
    start: OldStyle = FIRST_DAY
    until: OldStyle = LAST_DAY
    sources: tuple[AnySource, ...] = ()
    ledger: tuple[LedgerId, ...] = ()
    card: Card | None = None
    events: EventChanges = EventChanges()
    decisions: dict[Id, Id] = {}
    forcing: dict[Series, Forcings] = {}
    policy: dict[Demand, Policies] = {}
    information: Informations = ()
    initial: Initial = Initial()
    parameters: dict[Id, Quantity] = {}
    off: tuple[Mechanism, ...] = ()
    representation: Representation = Representation()
    doubt: Doubt = Doubt()
    lens: LensId | None = None

    #: Filled by the loader: the name of the file, and dotted key -> (value, file, line).
    _name: str = PrivateAttr(default="unnamed")
    _origins: Mapping[str, tuple[Any, str, int]] = PrivateAttr(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of its file, without the ending."""
        return self._name

    @property
    def changes_from(self) -> date:
        """The day from which changes without a date of their own hold: the divergence, or the first day."""
        return self.divergence or self.start

    def outside(self) -> dict[str, tuple[Forcing, ...]]:
        """Changes to series from outside, each with the day on which it begins."""
        return {
            name: tuple(one.model_copy(update={"since": one.since or self.changes_from}) for one in several)
            for name, several in self.forcing.items()
        }

    def effective(self) -> dict[str, Any]:
        """What differs from the defaults, as plain JSON types, in the order of the fields."""
        found = self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"extends"})
        found["start"], found["until"] = self.start.isoformat(), self.until.isoformat()
        return {key: found[key] for key in type(self).model_fields if key in found}

    def substance(self) -> dict[str, Any]:
        """The part of :meth:`effective` that a run reads: without title, question, card and sources."""
        return {key: value for key, value in self.effective().items() if key not in DESCRIPTION}

    def text(self) -> str:
        """The effective scenario as a YAML file that stands alone (no ``extends``)."""
        from ruamel.yaml import YAML

        writer = YAML(typ="safe", pure=True)
        writer.default_flow_style = False
        writer.width = 110
        writer.allow_unicode = True
        writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
        stream = io.StringIO()
        writer.dump(self.effective(), stream)
        return stream.getvalue()

    def uses(self) -> set[str]:
        """Names of the parts of the model that the scenario changes, such as ``events.free`` or ``forcing.bread``.

        The engine refuses, by name, what it does not support: a scenario is never run with a change left out.
        """
        named = set()
        for key, value in self.substance().items():
            if key in ("start", "until", "divergence"):
                continue
            if key in ("events", "forcing", "representation", "initial"):
                named |= {f"{key}.{part}" for part in value}
            else:
                named.add(key)
        return named


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of what a run reads of the scenario: equal for two files that differ only in words.

    A lens counts by what it sets, so that a result can't be continued under another lens of the same name.
    """
    substance = scenario.substance()
    if scenario.lens is not None:
        from sim.inputs.lens import load_lens

        lens = load_lens(scenario.lens)
        substance["lens"] = {"id": lens.id, "parameters": lens.values(), "off": list(lens.off)}
    canonical = json.dumps(substance, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def load_scenario(name_or_path: str | Path) -> Scenario:
    """A shipped scenario by name, or one from a file: see :func:`sim.inputs.scenario_file.load_scenario`."""
    from sim.inputs.scenario_file import load_scenario as load

    return load(name_or_path)
