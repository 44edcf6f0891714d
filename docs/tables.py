"""Tables of the pages, from what the model declares: columns, phases, parameters, effects, strata, bodies, streams."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from analysis.evidence.patterns import PATTERNS
from analysis.words.markdown import table
from sim.engine.day_table import PHASES
from sim.engine.recorder import TABLES
from sim.history.catalogue import alternatives, decision_points, events, warnings
from sim.inputs.body_data import bodies
from sim.inputs.effects import EFFECTS, BearsOut, Refutes
from sim.inputs.forcing import forcing
from sim.inputs.lens import load_lens
from sim.inputs.measures import MEASURES
from sim.inputs.parameters import DECLARATIONS, Declaration
from sim.inputs.party_data import parties
from sim.inputs.scenario_file import shipped_lenses
from sim.inputs.strata import strata_traits
from sim.society import cells, people
from sim.society.columns import Column
from sim.society.places import PLACES
from sim.society.ties import TIES
from sim.words.draws import Stream
from sim.words.identifiers import DEMANDS, STRATA, TRADES, C, K, P

_AXES = {(): "1", (K,): f"{K} demands", (P,): f"{P} parties", (C,): f"{C} channels", (P, K): "parties x demands"}


def columns_of(table_of: Sequence[Column]) -> str:
    """What a row of people or of cells holds."""
    bounds = {"index": "", "persons": ""}
    rows = [
        (
            f"`{c.name}`",
            c.kind,
            _AXES.get(c.shape, str(c.shape)),
            c.unit,
            bounds.get(c.unit, f"{c.low:g} to {c.high:g}"),
            c.meaning,
        )
        for c in table_of
    ]
    return table(("variable", "kind", "values", "unit", "bounds", "meaning"), rows)


def people_columns() -> str:
    """State variables and traits of a person."""
    return columns_of(people.COLUMNS)


def cell_columns() -> str:
    """Covariates and state of a cell."""
    return columns_of(cells.COLUMNS)


def phases() -> str:
    """The order of the day."""
    rows = [(str(n), f"`{p.name}`", p.reads, p.writes, p.does) for n, p in enumerate(PHASES, start=1)]
    return table(("", "phase", "reads", "writes", "what happens"), rows)


def parameters_of(mechanism: str) -> list[Declaration]:
    """What is declared for a mechanism, in order."""
    return [d for d in DECLARATIONS.values() if d.mechanism == mechanism]


def short_parameters(mechanism: str) -> str:
    """Parameters of a mechanism for its section; empty when it has none."""
    found = parameters_of(mechanism)
    rows = [(f"`{d.name}`", f"{d.default:g}", f"{d.low:g} to {d.high:g}", d.unit, d.role, d.meaning) for d in found]
    return table(("parameter", "default", "range", "unit", "role", "meaning"), rows, ("default",)) if rows else ""


def long_parameters(mechanism: str) -> str:
    """The same with scale and source, for the page of parameters."""
    rows = [
        (f"`{d.name}`", f"{d.default:g}", f"{d.low:g} to {d.high:g}", d.unit, d.scale, d.role, d.meaning, d.source)
        for d in parameters_of(mechanism)
    ]
    return table(("name", "default", "range", "unit", "scale", "role", "meaning", "source"), rows, ("default",))


def mechanisms_declared() -> list[str]:
    """Mechanisms that parameters name, in the order of declaration."""
    return list(dict.fromkeys(d.mechanism for d in DECLARATIONS.values()))


def roles() -> str:
    """How many parameters are calibrated, assumed and observed."""
    counts = Counter(d.role for d in DECLARATIONS.values())
    return ", ".join(f"{n} {role}" for role, n in counts.most_common())


def effects() -> str:
    """The closed vocabulary of what an event can do, and how often the catalogue uses each kind."""
    used = Counter(effect.kind for event in events().values() for effect in event.effects)
    rows = [
        (f"`{kind}`", _first(cls.__doc__), ", ".join(cls.model_fields), str(used[kind]))
        for kind, cls in EFFECTS.items()
    ]
    return table(("effect", "what it does", "said with", "used"), rows, ("used",))


def catalogue() -> str:
    """Events by kind, with their effects."""
    kinds = Counter(event.kind for event in events().values())
    effects_of = Counter(event.kind for event in events().values() for _ in event.effects)
    rows = [(kind, str(n), str(effects_of[kind])) for kind, n in kinds.most_common()]
    whole = ("**all**", str(sum(kinds.values())), str(sum(effects_of.values())))
    return table(("kind of event", "events", "effects"), [*rows, whole], ("events", "effects"))


def warnings_by_party() -> str:
    """Who gave the standing warnings, and what events have borne out or refuted."""
    given = Counter(v.party for w in warnings().values() for v in w.by)
    struck: Counter[tuple[str, str]] = Counter()
    for effect in (effect for event in events().values() for effect in event.effects):
        if isinstance(effect, BearsOut | Refutes):
            struck.update((voice.party, effect.kind) for voice in warnings()[effect.warning].by)
    rows = [
        (p.title, str(given[p.id]), str(struck[p.id, "bears_out"]), str(struck[p.id, "refutes"]))
        for p in parties()
        if given[p.id]
    ]
    head = ("party", "warnings", "borne out", "refuted")
    return table(head, rows, head[1:])


def decisions() -> str:
    """The decision points: who, when, by what reasons, and the options in the order in which they are looked at."""
    rows = []
    for d in decision_points().values():
        options = "; ".join(f"**{o.title}**" if o.history else o.title for o in d.options)
        concerns = dict.fromkeys(reason.reason for option in d.options for reason in option.appeal)
        rows.append((str(d.number), f"{d.date:%d %b %Y}", d.title, d.who, ", ".join(concerns), options))
    return table(("", "date", "question", "who decides", "weighs", "options"), rows, ("",))


def lenses() -> str:
    """Titles of the lenses that are shipped."""
    return "; ".join(load_lens(name).title for name in shipped_lenses())


def strata() -> str:
    """What strata want when nothing presses, and how hard hardship pushes each demand."""
    traits = strata_traits()
    rows = []
    for i, stratum in enumerate(STRATA):
        pairs = (f"{w:.2g} / {p:.2g}" for w, p in zip(traits.want[i], traits.push[i], strict=True))
        rows.append((stratum, *pairs, f"{traits.soviet_start[i]:.2g}"))
    return table(("stratum", *DEMANDS, "soviet power (logit)"), rows)


def trades() -> str:
    """What marks each trade."""
    traits = strata_traits()
    names = ("consciousness", "village_tie", "engagement", "literacy", "memory", "women")
    rows = [(f"`{trade}`", *(f"{getattr(traits, name)[i]:.2g}" for name in names)) for i, trade in enumerate(TRADES)]
    return table(("trade", *(name.replace("_", " ") for name in names)), rows)


def party_starts() -> str:
    """Identity by stratum, and who sits in soviets."""
    rows = [
        (p.title, *(f"{p.identity[s]:g}" for s in STRATA), f"{p.soviet_power[0].value:g}", f"{p.coalition[0].value:g}")
        for p in parties()
    ]
    return table(("party or current", *STRATA, "soviet power", "coalition"), rows)


def ties() -> str:
    """Who hears from whom."""
    rows = [(t.stratum, t.source, t.relation.replace("_", " "), f"{t.weight:g}", t.meaning) for t in TIES]
    return table(("listener", "source", "relation", "weight", "meaning"), rows, ("weight",))


def standing_bodies() -> str:
    """Standing bodies with their keys."""
    rows = []
    for rule in bodies().bodies:
        for section in rule.sections:
            keys = "; ".join(
                f"from {k.since:%d %b %Y}: {_key(k.rule, k.per, k.unit_size, k.house)}" for k in section.keys
            )
            rows.append((rule.title, section.id.replace("_", " "), f"{section.distance:g}", section.renewal, keys))
    return table(("body", "section", "distance", "renewal", "key"), rows, ("distance",))


def _key(rule: str, per: float, unit: float | None, house: int | None) -> str:
    said = f"1 for {per:g} persons" if rule == "persons" else f"{per:g} a unit" + (f" of {unit:g}" if unit else "")
    return f"{said}, house of {house}" if house else said


def congresses() -> str:
    """Congresses and conferences by curiae."""
    rows = [
        (
            c.title,
            f"{c.on.strftime('%d %b %Y')}",
            "; ".join(f"{q.id.replace('_', ' ')} {_size(q.delegates, q.per)}" for q in c.curiae),
        )
        for c in bodies().congresses
    ]
    return table(("congress", "opens", "curiae and delegates"), rows)


def _size(delegates: int | None, per: float | None) -> str:
    return str(delegates) if delegates is not None else f"(1 for {per:,.0f} persons)"


def streams() -> str:
    """The streams of random draws."""
    return ", ".join(f"`{s.name}` {s.value}" for s in Stream)


def tables_out() -> str:
    """Tables of a run."""
    return table(("table", "columns"), [(f"`{name}`", ", ".join(columns)) for name, columns in TABLES.items()])


def patterns() -> str:
    """The patterns that a run is held to."""
    return table(("", "pattern", "pass rule", "source"), [(p.id, p.title, p.rule, p.source) for p in PATTERNS])


def series() -> str:
    """Hardships from outside, by demand."""
    rows = [
        (f"`{s.id}`", s.demand or "", s.where, s.meaning, s.confidence)
        for s in forcing().series.values()
        if s.kind == "hardship"
    ]
    return table(("hardship", "demand", "who", "made of", "confidence"), rows)


def numbers() -> dict[str, str]:
    """Counts that the prose names."""
    from sim.society.population import population, totals

    found, known = population().cells, forcing().series.values()
    kinds = Counter(s.kind for s in known)
    return {
        "places": str(len(PLACES)),
        "cells": str(len(found)),
        "groups": str(len({c.group for c in found})),
        "persons": f"{totals()['persons']:,}",
        "electorate": f"{totals()['electorate']:,}",
        "strata": str(len(STRATA)),
        "trades": str(len(TRADES)),
        "parties": str(P - 1),
        "demands": str(K),
        "channels": str(C),
        "phases": str(len(PHASES)),
        "parameters": str(len(DECLARATIONS)),
        "roles": roles(),
        "calibrated": str(sum(d.role == "calibrated" for d in DECLARATIONS.values())),
        "events": str(len(events())),
        "warnings": str(len(warnings())),
        "alternatives": str(len(alternatives())),
        "decisions": str(len(decision_points())),
        "measures": str(len(MEASURES)),
        "kinds of effects": str(len(EFFECTS)),
        "quantities": str(kinds["quantity"]),
        "hardships": str(kinds["hardship"]),
        "standing bodies": str(len(bodies().bodies)),
        "congresses": str(len(bodies().congresses)),
        "elections": str(len(bodies().elections)),
    }


def _first(text: str | None) -> str:
    return " ".join((text or "").split("\n\n")[0].split())
