"""Words that are data: events with sources, what a scenario changes, parties, strata, places, bodies."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML

import sim
from analysis.answers import scorecard
from analysis.page.pack import rounded
from analysis.page.words import Words
from analysis.plots import style
from analysis.words.naming import body_title, cited, place_title

#: Parts of a scenario that someone of the time could have chosen; all other parts are assumptions of the model.
_CHOSEN = ("events", "decisions", "representation")
_ASSUMED = ("parameters", "off", "forcing", "lens")
_CARD = ("changed", "held_fixed", "why_possible", "settle_by", "cannot_say")
#: The lens of runs that name none.
NEUTRAL = "neutral"


def parties(words: Words) -> list[dict[str, Any]]:
    """Id, label, colour, dashes and readable ink of every party, then of support for soviet power."""
    lines = {**style.PARTY_LINES, "soviet_power": style.SOVIET_POWER_LINE}
    return [_line(name, words.name(line.label, "parties", name), line) for name, line in lines.items()]


def strata(words: Words) -> list[dict[str, Any]]:
    """The same of every stratum."""
    lines = style.STRATUM_LINES.items()
    return [_line(name, words.name(line.label, "strata", name), line) for name, line in lines]


def _line(name: str, label: str, line: style.Line) -> dict[str, Any]:
    dashes = "" if isinstance(line.dashes, str) else " ".join(f"{2.2 * length:g}" for length in line.dashes[1])
    return {"id": name, "label": label, "colour": line.colour, "ink": style.ink(line.colour), "dashes": dashes}


def debate(words: Words) -> list[dict[str, Any]]:
    """The lines of the worksheet: question, what is measured in which form, both readings, source of the question."""
    return [
        {
            "question": words.name(line.question, "debate", line.ledger, "question"),
            "measures": [[words.name(m.told, "debate", line.ledger, m.name), m.form] for m in line.measures],
            "few": words.name(line.few, "debate", line.ledger, "few"),
            "many": words.name(line.many, "debate", line.ledger, "many"), "source": cited(line.source),
        }
        for line in scorecard.LINES
    ]  # fmt: skip


def sheet(results: sim.Results) -> list[list[dict[str, Any] | None]]:
    """What each measure of each line came to: middle, low, high, in how many runs; None where the tables lack it."""
    known = set(results.outcomes["measure"].astype(str))
    rows = iter(scorecard.table(results).to_dict("records"))
    return [[_measured(next(rows), measure.name in known) for measure in line.measures] for line in scorecard.LINES]


def _measured(row: dict[Any, Any], known: bool) -> dict[str, Any] | None:
    spread = rounded([row[column] for column in ("low", "median", "high")])
    return {"runs": int(row["runs"]), "spread": spread} if known else None


def rose(results: sim.Results) -> int:
    """In how many runs power was taken by force: elsewhere the worksheet's force was ready, but did not act."""
    outcomes = results.outcomes
    return int(outcomes.loc[outcomes["measure"].astype(str) == "insurrection_date", "value"].notna().sum())


def place(name: str, words: Words) -> str:
    """A place or whole in words."""
    return words.name(place_title(name), "places", name)


def body(name: str, words: Words) -> str:
    """A soviet, congress or assembly in words."""
    return words.name(body_title(name), "bodies", name)


def lens_of(results: sim.Results) -> str:
    """The lens that the runs were made under."""
    return str(_text(results).get("lens") or NEUTRAL)


def open_since(results: sim.Results) -> str | None:
    """Since when events are left to the model, Old Style; None where every event keeps its date."""
    found = _text(results)
    events = found.get("events") or {}
    if not events.get("free") and (events.get("pin") == "all" or not found.get("divergence")):
        return None
    return str(found.get("divergence") or results.asked.start)


def lens(name: str, words: Words) -> dict[str, Any]:
    """A lens: a short label, its title, what it holds, whose reading it is, sources as text."""
    found = sim.load_lens(name)
    title = words.name(found.title, "lenses", name, "title")
    return {
        "id": name, "label": title.partition(":")[0], "title": title, "camp": found.camp,
        "text": words.name(found.text, "lenses", name, "text"),
        "sources": [cited(source.work) for source in found.sources],
    }  # fmt: skip


def events(results: Sequence[sim.Results], words: Words) -> list[dict[str, Any]]:
    """The catalogue and what scenarios add: id, title, Old Style dates, text, sources as text, what each hangs on."""
    added = [entry for result in results for entry in _added(result)]
    known = set(_known())
    found = _catalogue() + [entry for i, entry in enumerate(added) if entry["id"] not in known | _ids(added[:i])]
    for entry in found:
        entry |= {key: words.name(entry[key], "events", entry["id"], key) for key in ("title", "text")}
    return found


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
            "requires": list(event.requires), "sources": [cited(source.work) for source in event.sources],
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


def scenario(results: sim.Results, words: Words) -> dict[str, Any]:
    """Title, card and changes of the scenario as it was run: read from the manifest, not from today's file."""
    found = _text(results)
    card = found.get("card") or {}
    voices = card.get("voices") or {}

    def said(text: str | None, *path: str) -> str | None:
        return words.name(text, "scenarios", results.scenario, *path) if text else None

    return {
        "name": results.scenario,
        "title": said(found.get("title") or results.scenario, "title"),
        "question": said(found.get("question"), "question"),
        "kind": "open" if found.get("kind") == "historical" and open_since(results) else found.get("kind"),
        "open_since": open_since(results),
        "divergence": found.get("divergence"),
        "lens": lens_of(results),
        "card": {key: said(card.get(key), key) for key in _CARD},
        "voices": {who: said(text, "voices", who) for who, text in voices.items() if text},
        "sources": _works(found),
        "decided": _listed(_CHOSEN, found, words),
        "assumed": _freed(found) + _listed(_ASSUMED, found, words),
        "drawn": len(results.manifest.get("parameter_sets", ())) > 1,
        "doubt": (results.manifest.get("sets") or {}).get("discrepancy") or None,
        "provisional": bool((results.manifest.get("sets") or {}).get("provisional")),
        "runs": results.runs,
        "agents": results.manifest["identity"]["options"]["agents"],
        "seed": results.manifest["identity"]["options"]["seed"],
    }


def _text(results: sim.Results) -> dict[str, Any]:
    """The scenario as it was run, from the manifest."""
    return YAML(typ="safe", pure=True).load(io.StringIO(results.manifest["scenario"]["text"])) or {}


def _works(entry: dict[str, Any]) -> list[str]:
    """The works that an entry cites, as text."""
    return [cited(source["work"] if isinstance(source, dict) else source) for source in entry.get("sources") or ()]


def _freed(found: dict[str, Any]) -> list[list[str]]:
    """Since when the model brings events about by itself; nothing where all are pinned or the free ones are named."""
    events = found.get("events") or {}
    if events.get("pin") == "all" or events.get("free") or not found.get("divergence"):
        return []
    return [["freed", str(found["divergence"])]]


def _listed(keys: Sequence[str], found: dict[str, Any], words: Words) -> list[list[str]]:
    added = {entry["id"]: entry["title"] for entry in (found.get("events") or {}).get("add") or ()}
    return [line for key in keys for line in _changes(key, found.get(key), added, words)]


def _changes(key: str, value: Any, added: dict[str, str], words: Words) -> list[list[str]]:
    """What one part of a scenario changes, as pairs of a verb (a key of the page's strings) and a subject."""
    if not value:
        return []
    if key == "events":
        return [pair for verb, what in value.items() for pair in _event_changes(verb, what, added, words)]
    if key == "off":
        return [["off", _named(name, "mechanisms", words)] for name in value]
    if key == "lens":
        return [] if value == NEUTRAL else [["lens", lens(str(value), words)["title"]]]
    if key == "decisions":
        return [[key, _decided(name, what, words)] for name, what in value.items()]
    if isinstance(value, dict):
        return [[key, f"{_named(name, key, words)}: {_plain(what)}"] for name, what in value.items()]
    return [[key, _plain(value)]]


def _named(name: Any, kind: str, words: Words) -> str:
    return words.name(str(name).replace("_", " "), kind, str(name))


def _decided(name: str, chosen: Any, words: Words) -> str:
    """A decision and the option taken, by their titles."""
    point = sim.decision_points()[name]
    option = next((one.title for one in point.options if one.id == chosen), _plain(chosen))
    title = words.name(point.title, "decisions", name, "title")
    return f"{title}: {words.name(option, 'decisions', name, str(chosen))}"


def _event_changes(verb: str, what: Any, added: dict[str, str], words: Words) -> list[list[str]]:
    if verb == "pin" and what == "all":
        return []
    if what == "all":
        return [[f"{verb}_all", ""]]
    if verb == "shift":
        return [_shift(_event(name, added, words), value) for name, value in what.items()]
    if isinstance(what, dict):
        return [[verb, f"{_event(name, added, words)}: {_plain(value)}"] for name, value in what.items()]
    return [[verb, _event(entry["id"] if isinstance(entry, dict) else entry, added, words)] for entry in what]


def _shift(title: str, value: Any) -> list[str]:
    """An event moved by days (a third part of the line) or to a date."""
    if isinstance(value, int):
        return ["later" if value > 0 else "earlier", title, str(abs(value))]
    return ["shift", f"{title}: {value}"]


def _event(name: str, added: dict[str, str], words: Words) -> str:
    known = _known()
    return words.name(known[name].title if name in known else added.get(name, str(name)), "events", name, "title")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(inner)}" for key, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(inner) for inner in value)
    return str(value).replace("_", " ")
