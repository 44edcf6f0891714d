"""Single histories: the first runs of each scenario one by one over the band of all, the same luck in each panel."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.curves import draw_scale, top_of_shares
from analysis.plots.ribbons import BASE_COLOUR, SCENARIO_LOOKS
from analysis.plots.sheet import Cell, Plan, Sheet, Words, sheet
from analysis.plots.style import TICK, Calendar, SizeName
from analysis.plots.text import width
from analysis.words.naming import one_of, place_title, the, who

#: Histories drawn one by one.
SINGLE = 7


def draw(
    comparison: sim.Comparison, *, place: str = "empire", stratum: str | None = None,
    parties: list[str] | None = None, size: SizeName = "slide", calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """A panel a scenario: a party's share in single runs (the Bolsheviks' unless one is named)."""
    party = one_of("party", parties[0], sim.PARTIES) if parties else "bolshevik"
    results, chosen = comparison.results, style.size_of(size)
    shares = [result.share(party, place, stratum) for result in results]
    top = top_of_shares(max(float(rows["share"].max()) for rows in shares))
    whom = who(stratum) + (f" in {place_title(place)}" if place != "empire" else "")
    since = [bands.extrapolates([result]) for result in results]
    faded = next((note for _, note in since if note), "")
    count = min(SINGLE, *(len(result.runs) for result in results))
    words = Words(
        f"Single histories: {whom} with {the(style.PARTY_LINES[party].label)}",
        f"Lines: the first {count} runs, the same luck in each panel, one of them darker; bands: eight runs in ten of "
        f"{' / '.join(dict.fromkeys(str(len(result.runs)) for result in results))}. {bands.calendar_told(calendar)}",
        [faded] if faded else [],
    )
    margin = width("100 %", chosen.points(TICK)) + 0.8 * chosen.text / 72.0
    gutter = 0.6 * width("(14 Mar)", chosen.points(TICK)) + 0.5 * chosen.text / 72.0
    made = sheet(results, words, Plan(len(results), gutter, margin), size, calendar)
    first, last = bands.span(results)
    for number, (cell, rows, result) in enumerate(zip(made.cells, shares, results, strict=True)):
        colour = SCENARIO_LOOKS[(number - 1) % len(SCENARIO_LOOKS)][0] if number else BASE_COLOUR
        made.dates(cell, first, last, since[number][0] if since[number][1] else None)
        _lines(made, cell, rows, colour)
        draw_scale(made, cell, (0.0, top), "share")
        made.title(cell, result.title)
    return made.figure


def _lines(made: Sheet, cell: Cell, rows: pd.DataFrame, colour: str) -> None:
    axes, size = cell.axes, made.size
    band = bands.bands(rows, [])
    axes.fill_between(band["when"].to_numpy(), band["low"], band["high"], color=colour, alpha=0.14, linewidth=0)
    for number, run in reversed(list(enumerate(sorted(rows["run"].unique())[:SINGLE]))):
        one = rows[rows["run"] == run].sort_values("date")
        wide, strength = (1.0, 1.0) if number == 0 else (0.5, 0.6)
        days = pd.to_datetime(one["date"]).to_numpy()
        axes.plot(days, one["share"], color=colour, linewidth=size.stroke * wide, alpha=strength)
