"""Words that are data: events with sources, what a scenario changes, parties, strata, places, bodies."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML

import sim
from analysis import scorecard
from analysis.plots import style
from analysis.plots.naming import body_title, place_title

#: Parts of a scenario that someone of the time could have chosen; all other parts are assumptions of the model.
_CHOSEN = ("events", "decisions", "representation")
_ASSUMED = ("parameters", "off", "forcing", "lens")


def parties() -> list[dict[str, Any]]:
    """Id, label, colour, dashes and readable ink of every party, then of support for soviet power."""
    lines = {**style.PARTY_LINES, "soviet_power": style.SOVIET_POWER_LINE}
    return [_line(name, line) for name, line in lines.items()]


def strata() -> list[dict[str, Any]]:
    """The same of every stratum."""
    return [_line(name, line) for name, line in style.STRATUM_LINES.items()]


def _line(name: str, line: style.Line) -> dict[str, Any]:
    dashes = "" if isinstance(line.dashes, str) else " ".join(f"{2.2 * length:g}" for length in line.dashes[1])
    return {"id": name, "label": line.label, "colour": line.colour, "ink": style.ink(line.colour), "dashes": dashes}


def debate() -> list[dict[str, Any]]:
    """The lines of the worksheet: question, what is measured, both readings, where the question comes from."""
    return [
        {"question": line.question, "measures": [m.told for m in line.measures], "few": line.few, "many": line.many,
         "source": line.source}
        for line in scorecard.LINES
    ]  # fmt: skip


def sheet(results: sim.Results) -> list[list[str | None]]:
    """What each measure of each line came to, in words; None where the tables do not hold it."""
    known = set(results.outcomes["measure"].astype(str))
    return [
        [value if measure.name in known else None for measure, (_, value) in zip(line.measures, found, strict=True)]
        for line, found in scorecard.entries(results)
    ]


def place(name: str) -> str:
    """A place or whole in words."""
    return place_title(name)


def body(name: str) -> str:
    """A soviet, congress or assembly in words."""
    return body_title(name)


def events(results: Sequence[sim.Results]) -> list[dict[str, Any]]:
    """The catalogue and what scenarios add: id, title, Old Style dates, text, sources as text, what each hangs on."""
    added = [entry for result in results for entry in _added(result)]
    known = set(_known())
    return _catalogue() + [entry for i, entry in enumerate(added) if entry["id"] not in known | _ids(added[:i])]


def _ids(entries: Sequence[dict[str, Any]]) -> set[str]:
    return {entry["id"] for entry in entries}


def _added(results: sim.Results) -> list[dict[str, Any]]:
    """Events that a scenario brings with it."""
    entries = (_text(results).get("events") or {}).get("add") or ()
    return [
        {
            "id": entry["id"], "title": entry["title"], "date": str(entry["date"]),
            "until": str(entry["until"]) if entry.get("until") else None,
            "precision": entry.get("precision", "day"), "text": entry["text"], "kind": entry["kind"],
            "strata": list(entry.get("strata") or ()), "requires": list(entry.get("requires") or ()),
            "sources": _works(entry), "weight": 9, "alternative": True,
        }
        for entry in entries
    ]  # fmt: skip


def _catalogue() -> list[dict[str, Any]]:
    return [
        {
            "id": event.id, "title": event.title, "date": event.date.isoformat(),
            "until": event.until.isoformat() if event.until else None, "precision": event.precision,
            "text": event.text, "kind": event.kind, "strata": list(event.strata),
            "requires": list(event.requires), "sources": [source.work for source in event.sources],
            "weight": _weight(event), "alternative": event.alternative,
        }
        for event in _known().values()
    ]  # fmt: skip


def _known() -> dict[str, Any]:
    """Recorded events, and those that did not come about but could have."""
    return {**sim.events(), **sim.alternatives()}


def _weight(event: Any) -> int:
    """How many effects of the largest size it has: which of several events of a week is shown first."""
    sizes = {"small": 1, "medium": 3, "large": 9}
    return sum(sizes.get(str(getattr(effect, "size", "")), 2) for effect in event.effects)


def scenario(results: sim.Results) -> dict[str, Any]:
    """Title, card and changes of the scenario as it was run: read from the manifest, not from today's file."""
    found = _text(results)
    card = found.get("card") or {}
    return {
        "name": results.scenario,
        "title": found.get("title") or results.scenario,
        "question": found.get("question"),
        "kind": found.get("kind"),
        "divergence": found.get("divergence"),
        "lens": found.get("lens"),
        "card": {key: card.get(key) for key in ("changed", "held_fixed", "why_possible", "settle_by", "cannot_say")},
        "voices": {who: words for who, words in (card.get("voices") or {}).items() if words},
        "sources": _works(found),
        "decided": _listed(_CHOSEN, found),
        "assumed": _freed(found) + _listed(_ASSUMED, found),
        "runs": results.runs,
        "agents": results.manifest["identity"]["options"]["agents"],
        "seed": results.manifest["identity"]["options"]["seed"],
    }


def _text(results: sim.Results) -> dict[str, Any]:
    """The scenario as it was run, from the manifest."""
    return YAML(typ="safe", pure=True).load(io.StringIO(results.manifest["scenario"]["text"])) or {}


def _works(entry: dict[str, Any]) -> list[str]:
    """The works that an entry cites, as text."""
    return [source["work"] if isinstance(source, dict) else source for source in entry.get("sources") or ()]


def _freed(found: dict[str, Any]) -> list[list[str]]:
    """Since when the model brings events about by itself; nothing where all are pinned or the free ones are named."""
    events = found.get("events") or {}
    if events.get("pin") == "all" or events.get("free") or not found.get("divergence"):
        return []
    return [["freed", str(found["divergence"])]]


def _listed(keys: Sequence[str], found: dict[str, Any]) -> list[list[str]]:
    added = {entry["id"]: entry["title"] for entry in (found.get("events") or {}).get("add") or ()}
    return [line for key in keys for line in _changes(key, found.get(key), added)]


def _changes(key: str, value: Any, added: dict[str, str]) -> list[list[str]]:
    """What one part of a scenario changes, as pairs of a verb (a key of the page's strings) and a subject."""
    if not value:
        return []
    if key == "events":
        return [pair for verb, what in value.items() for pair in _event_changes(verb, what, added)]
    if key == "off":
        return [["off", str(name).replace("_", " ")] for name in value]
    if key == "lens":
        return [["lens", str(value).replace("_", " ")]]
    if key == "decisions":
        return [[key, _decided(name, what)] for name, what in value.items()]
    if isinstance(value, dict):
        return [[key, f"{str(name).replace('_', ' ')}: {_plain(what)}"] for name, what in value.items()]
    return [[key, _plain(value)]]


def _decided(name: str, chosen: Any) -> str:
    """A decision and the option taken, by their titles."""
    point = sim.decision_points()[name]
    option = next((one.title for one in point.options if one.id == chosen), _plain(chosen))
    return f"{point.title}: {option}"


def _event_changes(verb: str, what: Any, added: dict[str, str]) -> list[list[str]]:
    if verb == "pin" and what == "all":
        return []
    if what == "all":
        return [[f"{verb}_all", ""]]
    if verb == "shift":
        return [_shift(_event(name, added), value) for name, value in what.items()]
    if isinstance(what, dict):
        return [[verb, f"{_event(name, added)}: {_plain(value)}"] for name, value in what.items()]
    return [[verb, entry["title"] if isinstance(entry, dict) else _event(entry, added)] for entry in what]


def _shift(title: str, value: Any) -> list[str]:
    """An event moved by days (a third part of the line) or to a date."""
    if isinstance(value, int):
        return ["later" if value > 0 else "earlier", title, str(abs(value))]
    return ["shift", f"{title}: {value}"]


def _event(name: str, added: dict[str, str]) -> str:
    known = _known()
    return known[name].title if name in known else added.get(name, str(name))


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(inner) for inner in value)
    return str(value).replace("_", " ")
