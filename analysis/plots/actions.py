"""What people did, month by month, beside what was counted.

The tables give people who came out, since the table's date before. A month's figure here is the mean of a day, so that
months cut short at the ends compare with whole ones. Strikers were counted in the same unit and stand beside the model
as they are; offences on the land were not, and only the shape over the months is compared, each as a part of its sum.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.curves import Curve, Panel, figure
from analysis.plots.sheet import Words
from analysis.plots.style import PLAIN_LINE, Calendar, Line, SizeName
from analysis.words.naming import cited, one_of, place_title, who

EVIDENCE = Path(__file__).resolve().parent.parent / "targets" / "actions.csv"
#: Actions in words. Deaths are no action, and are never drawn.
TITLES: dict[str, str] = {
    "strike": "Strikes",
    "demonstration": "Demonstrations",
    "occupation": "Factory occupations",
    "land_seizure": "Land seizures",
    "desertion": "Desertions",
    "red_guard": "Red Guard",
    "refusal": "Orders refused",
    "insurrection": "Insurrection",
}
#: Strata whose part of an action stays under this are counted together.
_FAINTEST = 0.04
#: Scales of a panel.
_UNITS = ((1e6, "millions of people"), (1e3, "thousands of people"), (1.0, "people"))
_ALL = "all"
_MODEL = Line("Model", PLAIN_LINE.colour)


@dataclass(frozen=True)
class Counted:
    """A row of the evidence: what was counted from ``start`` to ``end``, and whether its source was seen."""

    id: str
    action: str
    start: date
    end: date
    value: float
    unit: str
    source: str

    @property
    def days(self) -> int:
        """Days from start to end, both included."""
        return (self.end - self.start).days + 1

    @property
    def middle(self) -> date:
        """The day in the middle."""
        return self.start + (self.end - self.start) / 2

    @property
    def seen(self) -> bool:
        """Whether the figure was read in the source, not remembered."""
        return not self.source.startswith("memory")


@lru_cache(maxsize=1)
def evidence() -> tuple[Counted, ...]:
    """The rows of actions.csv: copies of rows of the social evidence, under the same ids."""
    with EVIDENCE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Counted(r["id"], r["action"], date.fromisoformat(r["start"]), date.fromisoformat(r["end"]),
                    float(r["value"]), r["unit"], r["source"])
            for r in csv.DictReader(file)
        )  # fmt: skip


def draw(
    results: Sequence[sim.Results], *, place: str = "empire", stratum: str | None = None,
    action: str | Sequence[str] | None = None, size: SizeName = "slide", calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """A panel an action, people on a mean day of each month; then the shape of the year beside the evidence."""
    if len(results) > 1:
        raise sim.InputError("the figure 'actions' draws one result.")
    (result,) = results
    people = who(stratum)
    rows = result.actions
    rows = rows[rows["place"].isin(sim.matching(place))]
    rows = rows if stratum is None else rows[rows["stratum"] == stratum]
    present = [name for name in TITLES if (rows["action"] == name).any()]
    wanted = present if action is None else [one_of("action", a, tuple(TITLES)) for a in _list(action)]
    wanted = [name for name in wanted if name in present]
    if not wanted:
        raise sim.InputError(f"no such action is recorded among {people} in {place_title(place)}.")
    months = _Months(result)
    compared = place in ("empire", "all") and stratum is None
    panels = []
    for name in wanted:
        of = rows[rows["action"] == name]
        counted = [row for row in evidence() if compared and row.action == name and row.start in months.months]
        alike = [row for row in counted if row.unit == "persons"]
        panels.append(_counts(of, name, months, alike))
        if len(counted) > len(alike):
            panels.append(_shape(of, name, months, counted))
    sources = [_source(name) for name in wanted if compared and any(row.action == name for row in evidence())]
    words = Words(
        f"What {people} did in {place_title(place)}, month by month",
        f"{bands.told(results, pale='')} {bands.calendar_told(calendar)}",
        [
            "Who comes out twice counts twice. Scales differ. Months are those of the Old Style.",
            *sources,
        ],
    )
    return figure(results, panels, words, size, calendar, own_scales=True)


def _list(names: str | Sequence[str]) -> Sequence[str]:
    return [names] if isinstance(names, str) else names


# --- months --------------------------------------------------------------------------------------------------------


class _Months:
    """Shares the days of each table's date out among months: a row holds the days since the date before it."""

    def __init__(self, result: sim.Results):
        self.runs = result.runs
        self.dates = [date.fromisoformat(day) for day in result.dates]
        self.first = self.dates[0]
        spans: dict[tuple[date, str], int] = {}
        before = self.first - timedelta(days=1)
        for when in self.dates:
            for n in range((when - before).days):
                day = when - timedelta(days=n)
                spans[day.replace(day=1), when.isoformat()] = spans.get((day.replace(day=1), when.isoformat()), 0) + 1
            before = when
        self.months = sorted({month for month, _ in spans})
        self.weights = pd.DataFrame(0.0, index=result.dates, columns=self.months)
        for (month, iso), days in spans.items():
            self.weights.loc[iso, month] = days
        self.days = self.weights.sum()
        self.weights = self.weights.div(self.weights.sum(axis=1), axis=0)

    def sums(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Persons by run (rows) and month (columns), zero where nobody acted."""
        table = rows.pivot_table(index="run", columns="date", values="persons", aggfunc="sum", fill_value=0.0)
        table = table.reindex(index=self.runs, columns=self.weights.index, fill_value=0.0)
        return pd.DataFrame(table.to_numpy() @ self.weights.to_numpy(), index=self.runs, columns=self.months)

    def curve(self, by_run: pd.DataFrame) -> pd.DataFrame:
        """Steps over the months from runs (rows) and months (columns): when, low, middle, high."""
        shown = [month for month in self.months if month in by_run]
        spread = [bands.spread(list(by_run[month])) for month in shown]
        days = [max(month, self.first) for month in shown]
        after = min((shown[-1] + timedelta(days=32)).replace(day=1), self.dates[-1])
        days, spread = [*days, max(after, days[-1])], [*spread, spread[-1]]
        low, middle, high = np.array(spread).T
        return pd.DataFrame({"when": pd.to_datetime(days), "low": low, "middle": middle, "high": high})


def _counts(rows: pd.DataFrame, action: str, months: _Months, counted: Sequence[Counted]) -> Panel:
    """People a day, by stratum where several act, all together where all were counted."""
    present = [stratum for stratum in sim.STRATA if (rows["stratum"] == stratum).any()]
    tables = {s: months.sums(rows[rows["stratum"] == s]) / months.days for s in present}
    whole = sum(float(table.to_numpy().sum()) for table in tables.values())
    tables = {s: t for s, t in tables.items() if float(t.to_numpy().sum()) >= _FAINTEST * whole}
    looks = dict(style.STRATUM_LINES)
    if counted and len(tables) > 1:
        looks[_ALL] = Line("All", PLAIN_LINE.colour)
        tables[_ALL] = months.sums(rows) / months.days
    dots = [(row.middle, row.value / row.days, row.seen) for row in counted]
    highest = max(float(months.curve(table)["high"].max()) for table in tables.values())
    unit, told = next((u, t) for u, t in _UNITS if max([highest, *(value for _, value, _ in dots)]) >= u or u == 1.0)
    curves = {s: Curve(looks[s], months.curve(table / unit), step=True) for s, table in tables.items()}
    return Panel(TITLES[action], curves, f"{told} a day", "number", [(d, v / unit, seen) for d, v, seen in dots])


def _shape(rows: pd.DataFrame, action: str, months: _Months, counted: Sequence[Counted]) -> Panel:
    """Each month's part of the sum over the months that were counted, model and evidence."""
    sums = months.sums(rows)[[row.start for row in counted]]
    whole = sums.sum(axis=1)
    parts = sums.div(whole.where(whole > 0), axis=0).fillna(0.0)
    every = sum(row.value for row in counted)
    dots = [(row.middle, row.value / every, row.seen) for row in counted]
    curves = {"model": Curve(_MODEL, months.curve(parts), step=True)}
    return Panel(f"{TITLES[action]}: shape", curves, "part of the months counted", dots=dots)


def _source(action: str) -> str:
    rows = [row for row in evidence() if row.action == action]
    works: Mapping[str, None] = dict.fromkeys(cited(row.source) for row in rows)
    units = " / ".join(dict.fromkeys(row.unit for row in rows))
    return (
        f"{TITLES[action]}, dots: {units}, by month; {'; '.join(works)}. Filled: read in the source; open: from "
        "memory. Not used to fit."
    )
