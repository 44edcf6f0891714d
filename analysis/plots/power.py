"""Dual power: whose orders are obeyed, by place, from the series ``obeys/...`` of a run."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

import sim
from analysis.plots import bands
from analysis.plots.allegiance import CHOSEN
from analysis.plots.curves import Curve, Panel, figure
from analysis.plots.sheet import Words
from analysis.plots.style import Calendar, Line, SizeName
from analysis.words.naming import short_title

PREFIX = "obeys/"
_LONG, _SHORT = (0, (4.5, 1.5)), (0, (1, 1))
#: Institutions by the name of their series. The colours are no party's.
INSTITUTIONS: dict[str, Line] = {
    "government": Line("The cabinet", "#0072B2"),
    "cabinet": Line("The cabinet", "#0072B2"),
    "soviet": Line("The soviet", "#D55E00"),
    "soviets": Line("The soviets", "#D55E00"),
    "stavka": Line("The high command", "#3B3B3B", _LONG),
    "right": Line("The high command", "#3B3B3B", _LONG),
    "committee": Line("Committees", "#CC79A7", _LONG),
    "committees": Line("Committees", "#CC79A7", _LONG),
    "mrc": Line("Military Revolutionary Committee", "#882255", _LONG),
    "rada": Line("National councils", "#E69F00", _LONG),
    "national": Line("National councils", "#E69F00", _LONG),
    "duma": Line("The duma", "#009E73"),
    "neutral": Line("Neither", "#8A8A8A", _SHORT),
    "nobody": Line("Nobody", "#8A8A8A", _SHORT),
}
_SPARE = ("#56B4E9", "#117733", "#AA4499", "#999933")


def draw(
    results: Sequence[sim.Results], *, place: str | Sequence[str] | None = None, size: SizeName = "slide",
    calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """A panel a place, a line an institution: the part of the people there who would carry out its order."""
    if len(results) > 1:
        raise sim.InputError("the figure 'power' draws one result.")
    (result,) = results
    rows = result.macro
    rows = rows[rows["series"].astype(str).str.startswith(PREFIX)]
    if rows.empty:
        raise sim.InputError("the result holds no series 'obeys/...': whose orders are obeyed was not measured.")
    rows = rows.assign(place=rows["place"].astype(str), who=rows["series"].astype(str).str.removeprefix(PREFIX))
    places = _places(sorted(rows["place"].unique()), place)
    looks = _looks(sorted(rows["who"].unique()))
    spread = bands.bands(rows, ["place", "who"], "value")
    panels = [_panel(where, spread[spread["place"] == where], looks) for where in places]
    words = Words(
        "Whose orders are obeyed",
        f"{bands.told(results, pale='')} {bands.calendar_told(calendar)}",
        ["Part of the people who would obey if soviet and cabinet, whichever is in office, gave opposite orders."],
    )
    return figure(results, panels, words, size, calendar)


def _places(known: list[str], place: str | Sequence[str] | None) -> list[str]:
    order = [where.id for where in sim.PLACES]
    known = sorted(known, key=lambda where: (order.index(where) if where in order else -1, where))
    if place is None:
        return [where for where in CHOSEN[None] if where in known] or known[:9]
    patterns = [place] if isinstance(place, str) else list(place)
    wanted = {where for pattern in patterns for where in ({pattern} if pattern in known else sim.matching(pattern))}
    found = [where for where in known if where in wanted]
    if not found:
        raise sim.InputError(f"obedience was not measured there. Measured: {', '.join(known)}.")
    return found


def _looks(names: Sequence[str]) -> dict[str, Line]:
    spare = iter(_SPARE * (len(names) // len(_SPARE) + 1))
    return {
        name: INSTITUTIONS.get(name) or Line(name.replace("_", " ").capitalize(), next(spare), _LONG) for name in names
    }


def _panel(where: str, spread: pd.DataFrame, looks: dict[str, Line]) -> Panel:
    title = short_title(where)
    title = title[0].upper() + title[1:]
    present = [name for name in looks if (spread["who"] == name).any()]
    return Panel(title, {n: Curve(looks[n], spread[spread["who"] == n].sort_values("date")) for n in present})
