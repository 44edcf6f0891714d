"""What ``october list`` shows: one function a listing, each giving headings and rows of text.

Nothing here may import numba, mesa, pandas or matplotlib: a list answers at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.words.calendar import Style, show_date

if TYPE_CHECKING:
    from sim.inputs.events import Event


@dataclass(frozen=True)
class Listing:
    """A table of text. ``right`` are the headings of columns of numbers; ``note`` stands below."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    right: tuple[str, ...] = ()
    note: str = ""


def scenarios(_style: Style) -> Listing:
    """Shipped scenarios with kind and title."""
    from sim.inputs.scenario_file import shipped
    from sim.running.vocabulary import load

    found = [load(name) for name in shipped()]
    rows = [(s.name, (s.kind or "").replace("_", " "), s.title or s.name) for s in found]
    return Listing(("scenario", "kind", "title"), rows)


def places(_style: Style) -> Listing:
    """Each place with its real population by stratum, the range of the estimate, and how it was reckoned."""
    from sim.society.population import places_table, totals

    rows = [
        (
            row["place"],
            row["title"],
            row["stratum"],
            f"{row['persons']:,}",
            f"{row['low']:,}",
            f"{row['high']:,}",
            f"{row['electorate']:,}",
            row["reckoning"],
        )
        for row in places_table()
    ]
    whole = totals()
    note = (
        f"The Empire (unoccupied territory, 1917): {whole['persons']:,} persons, of whom {whole['electorate']:,} may "
        f"vote for the Constituent Assembly and {whole['in_uniform']:,} are in uniform."
    )
    headings = ("place", "title", "stratum", "persons", "low", "high", "electorate", "how it was reckoned")
    return Listing(headings, rows, ("persons", "low", "high", "electorate"), note)


def events(style: Style) -> Listing:
    """The catalogue, in order of date."""
    from sim.history.catalogue import events as catalogue

    rows = [
        (_when(e, style), e.id, e.kind, e.title, "; ".join(s.work for s in e.sources))
        for e in catalogue().values()
    ]
    return Listing(("date", "event", "kind", "title", "sources"), rows, note=_style_note(style))


def decisions(style: Style) -> Listing:
    """The decision points: who decided what, history's choice and the alternatives."""
    from sim.history.catalogue import decision_points

    rows = []
    for d in decision_points().values():
        others = "; ".join(f"{option.id} ({option.title})" for option in d.options if not option.history)
        works = "; ".join(source.work for source in d.sources)
        taken = f"{d.taken.id} ({d.taken.title})"
        when = show_date(d.date, style)
        rows.append((str(d.number), when, d.id, d.title, d.who, taken, others, d.cared_about, works))
    headings = ("", "date", "decision", "title", "who", "history", "alternatives", "what they cared about", "sources")
    note = f"A scenario sets a choice with 'decisions: {{decision: choice}}'. {_style_note(style)}"
    return Listing(headings, rows, note=note)


def _when(event: Event, style: Style) -> str:
    """The date as well as it is known: a day, a span, or a month (of the Old Style, as the evidence has it)."""
    if event.precision == "month":
        return f"{event.date:%B %Y}" + (" (Old Style)" if style == "ns" else "")
    if event.last_day != event.date:
        return f"{show_date(event.date, style)} to {show_date(event.last_day, style)}"
    return show_date(event.date, style)


def _style_note(style: Style) -> str:
    return "Dates are Old Style (13 days behind ours)." if style == "os" else "Dates are New Style."


def parameters(_style: Style) -> Listing:
    """Every parameter with value, range, unit, meaning and source."""
    from sim.inputs.parameters import DECLARATIONS

    rows = [
        (d.name, f"{d.default:g}", f"{d.low:g} to {d.high:g}", d.unit, d.mechanism, d.role, d.meaning, d.source)
        for d in DECLARATIONS.values()
    ]
    return Listing(("parameter", "value", "range", "unit", "mechanism", "role", "meaning", "source"), rows, ("value",))


def sets(_style: Style) -> Listing:
    """The shipped sets of parameters by lens: how many, over how many modes, how well the lens fits the evidence."""
    from sim.inputs.parameter_sets import parameter_sets

    found = parameter_sets()
    about, rows = found.about, []
    for lens in found.lenses:
        own = found.of(lens)
        fit = f"{about.fits[lens]:+.1f}" if about is not None and lens in about.fits else ""
        rows.append((lens, str(len(own)), str(len({one.mode for one in own})), fit))
    told = f"Made by `{about.made_by}` on {about.made_on}, from {about.runs:,} runs." if about is not None else ""
    note = f" Provisional: {about.note}" if about is not None and about.provisional else ""
    return Listing(("lens", "sets", "modes", "fit"), rows, ("sets", "modes", "fit"), told + note)


def lenses(_style: Style) -> Listing:
    """Lenses: whose reading of 1917 each is, how much it sets, and what it says."""
    from sim.inputs.scenario_file import shipped_lenses
    from sim.running.vocabulary import lens

    found = [lens(name) for name in shipped_lenses()]
    rows = [(x.id, x.camp, str(len(x.parameters)), ", ".join(x.off), x.title, x.text) for x in found]
    return Listing(("lens", "camp", "parameters", "off", "title", "what it holds"), rows, ("parameters",))


def quantities(_style: Style) -> Listing:
    """What a condition may ask for: how it is written, what it gives, its unit and range, its meaning."""
    from sim.inputs.quantities import QUANTITIES, SUSTAINED_FORM, SUSTAINED_MEANING

    rows = [
        (q.form, q.gives, f"{q.low:g} to {q.high:g}" if q.gives == "number" else "", q.unit, q.meaning)
        for q in QUANTITIES.values()
    ]
    rows.append((SUSTAINED_FORM, "truth", "", "true or false", SUSTAINED_MEANING))
    return Listing(("quantity", "gives", "range", "unit", "meaning"), rows)


def outcomes(_style: Style) -> Listing:
    """What a run is measured by: every declared number and series, where it stands, and what it can't say."""
    from sim.inputs.measures import MEASURES

    rows = [
        (m.id + "<name>" * m.family, m.ledger, m.where, m.unit, m.title, m.meaning, m.computed, m.cannot_say)
        for m in MEASURES.values()
    ]
    headings = ("measure", "ledger", "table", "unit", "title", "meaning", "how it is computed", "what it can't say")
    return Listing(headings, rows, note="Dates are days from 23 February 1917 (Old Style), or empty.")


def day(_style: Style) -> Listing:
    """The order of a day."""
    from sim.engine.day_table import MECHANISMS, PHASES

    rows = [(str(n), p.name, p.reads, p.writes, p.does) for n, p in enumerate(PHASES, start=1)]
    note = f"A scenario may switch off by name (off: [{MECHANISMS[0]}]): {', '.join(MECHANISMS)}."
    return Listing(("", "phase", "reads", "writes", "what happens"), rows, note=note)


LISTINGS: dict[str, Callable[[Style], Listing]] = {
    "scenarios": scenarios,
    "places": places,
    "events": events,
    "decisions": decisions,
    "parameters": parameters,
    "lenses": lenses,
    "sets": sets,
    "quantities": quantities,
    "outcomes": outcomes,
    "day": day,
}
