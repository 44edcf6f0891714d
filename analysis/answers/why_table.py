"""A split as tables in plain words: channels, then the single events within them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.answers.why import Why
from analysis.answers.why_words import WAYS, points, shown_date

#: Headings, which of them stand at the right, rows.
Printed = tuple[tuple[str, ...], tuple[str, ...], list[tuple[str, ...]]]
#: Single events that are listed.
_MOST = 10
_EMPTY = 5e-7


def listings(split: Why, calendar: str = "os") -> list[Printed]:
    """The tables of ``october why``: the channels that moved anything, with their sum; the events that did most."""
    several = len(split.runs) > 1
    over_runs = ("lowest", "highest") if several else ()
    numbers = ("points", *over_runs, "through the party itself", "through other parties")
    rows = [_channel(row, several) for row in split.table.itertuples() if _shown(row)]
    own, others = split.table["own"].sum(), split.table["others"].sum()
    spread = ("", "") if several else ()
    rows.append(("Altogether", points(split.change), *spread, points(own), points(others)))
    tables: list[Printed] = [(("what moved people", *numbers), numbers, rows)]
    if not split.events.empty:
        heading = ("single events, within the channels", "date", "through", "points", *over_runs)
        tables.append((heading, ("points", *over_runs), _events(split, calendar, several)))
    return tables


def _shown(row: Any) -> bool:
    return row.channel in ("moved", "rounding") or max(abs(row.change), abs(row.own)) > _EMPTY


def _channel(row: Any, several: bool) -> tuple[str, ...]:
    spread = (points(row.low), points(row.high)) if several else ()
    told = f"{100.0 * row.change:+.5f}".replace("-", "\u2212") if row.channel == "rounding" else points(row.change)
    words = row.words
    if abs(row.since) > _EMPTY:
        words += f" (of it, wanted more or less than in February: {points(row.since)})"
    return (words, told, *spread, points(row.own), points(row.others))


def _events(split: Why, calendar: str, several: bool) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    listed: Iterable[Any] = split.events.head(_MOST).itertuples()
    for row in listed:
        when = shown_date(row.date, calendar) if row.date is not None else ""
        spread = (points(row.low), points(row.high)) if several else ()
        rows.append((str(row.title), when, WAYS[str(row.way)], points(row.change), *spread))
    return rows
