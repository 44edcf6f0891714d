"""The JSON Schema of scenario files, generated from their types: editors complete and check by it while one types.

Types give the shape; :class:`sim.inputs.known.Known` gives the names of what other layers own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sim.inputs.known import Known
from sim.inputs.scenario import Scenario
from sim.words.identifiers import DEMANDS

HEADING = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A scenario of October 1917"}


def json_schema(known: Known | None = None) -> dict[str, Any]:
    """The schema; with ``known``, complete names of events, decisions, parameters, series, mechanisms and lenses."""
    schema = {**Scenario.model_json_schema(by_alias=True, mode="validation"), **HEADING}
    if known is not None:
        _name(schema, known)
    return schema


def _name(schema: dict[str, Any], known: Known) -> None:
    from sim.inputs.forcing import forcing

    properties, changes = schema["properties"], schema["$defs"]["EventChanges"]["properties"]
    events = _suggested(known.events or ())
    for key in ("pin", "free"):
        changes[key]["anyOf"] = [{"const": "all"}, {"type": "array", "items": events}]
    changes["remove"]["items"] = events
    for key in ("shift", "force"):
        changes[key] = {
            "type": "object",
            "propertyNames": events,
            "additionalProperties": _below(changes[key]),
            "default": {},
        }
    properties["decisions"] = _object({name: _enum(options) for name, options in known.decisions.items()})
    properties["parameters"] = _object({name: _parameter(d) for name, d in (known.parameters or {}).items()})
    properties["forcing"]["propertyNames"] = _enum((*known.series, *forcing().names))
    properties["policy"]["propertyNames"] = _enum(DEMANDS)
    properties["off"]["items"] = _enum(known.mechanisms or ())
    properties["lens"] = _enum(known.lenses)


def _below(schema: dict[str, Any]) -> Any:
    """What the values of a mapping are."""
    patterns = schema.get("patternProperties")
    return next(iter(patterns.values())) if patterns else schema.get("additionalProperties", {})


def _enum(names: Iterable[str]) -> dict[str, Any]:
    return {"enum": list(dict.fromkeys(names))}


def _suggested(names: Iterable[str]) -> dict[str, Any]:
    """A text for which an editor offers these; a scenario may add others."""
    return {"anyOf": [_enum(names), {"type": "string"}]}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False, "default": {}}


def _parameter(declared: Any) -> dict[str, Any]:
    number = {"type": "number", "minimum": declared.low, "maximum": declared.high}
    return {"anyOf": [number, {"type": "string"}], "description": f"{declared.meaning} ({declared.unit})"}


def as_text(schema: dict[str, Any]) -> str:
    """The schema as a file: a line for each property and each definition, so that a change shows as one."""
    parts = []
    for key, value in schema.items():
        if key in ("$defs", "properties"):
            lines = ",\n  ".join(f"{json.dumps(name)}: {_line(below)}" for name, below in value.items())
            parts.append(f"{json.dumps(key)}: {{\n  {lines}\n }}")
        else:
            parts.append(f"{json.dumps(key)}: {_line(value)}")
    return "{\n " + ",\n ".join(parts) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
