"""Policy and party: support for soviet power beside support for a party, and which of the two runs ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import pandas as pd
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.allegiance import places_asked, under
from analysis.plots.curves import Curve, Panel, figure
from analysis.plots.sheet import Words
from analysis.plots.style import SOVIET_POWER_LINE, Calendar, SizeName, both_dates
from analysis.words.naming import one_of, place_title, short_title, strata_in, the, who

#: A lead smaller than this, in the middle of the runs, is called none.
_LEVEL = 0.02
_STYLES = {"os": "Old Style", "ns": "New Style"}


def draw(
    results: Sequence[sim.Results], *, by: Literal["stratum", "place"] = "stratum",
    place: str | Sequence[str] | None = None, stratum: str | None = None, parties: Sequence[str] | None = None,
    size: SizeName = "slide", calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """One panel a stratum or place: support for soviet power and for a party (the Bolsheviks unless one is named)."""
    party = one_of("party", parties[0], sim.PARTIES) if parties else "bolshevik"
    if parties and len(parties) > 1:
        raise sim.InputError("the figure 'policy' sets one party beside soviet power: name one.")
    panels = []
    for result in results:
        for title, where, whom in _groups(result, by, place, stratum):
            panels.append(under(results, result, _panel(title, result, party, where, whom, calendar), calendar))
    label = style.PARTY_LINES[party].label
    whom = f" among {who(stratum)}" if stratum else ""
    whom += "" if by == "place" or place is None else f" in {place_title(str(place))}"
    words = Words(
        f"Support for soviet power and for {the(label)}{whom}: which runs ahead",
        f"{bands.told(results)} {bands.calendar_told(calendar)}",
        [f"Under the titles: the widest lead, in points, median of the runs, and its date ({_STYLES[calendar]})."],
    )
    return figure(results, panels, words, size, calendar)


def _groups(
    result: sim.Results, by: str, place: str | Sequence[str] | None, stratum: str | None
) -> list[tuple[str, str, str | None]]:
    """(title, place, stratum) of each panel."""
    if by == "place":
        return [(short_title(where), where, stratum) for where in places_asked(result, place, stratum)]
    one_of("grouping", by, ("stratum", "place"))
    who(stratum)
    where = "empire" if place is None else place
    if not isinstance(where, str):
        raise sim.InputError("panels by stratum take one place or whole; name one, or ask for panels by place.")
    strata = strata_in(where, result.soviet_power["stratum"].unique())
    return [(style.STRATUM_LINES[s].label, where, s) for s in strata if stratum in (None, s)]


def _panel(
    title: str, result: sim.Results, party: str, place: str, stratum: str | None, calendar: Calendar
) -> Panel:
    policy, follows = result.soviet_share(place, stratum), result.share(party, place, stratum)
    curves = {
        "soviet_power": Curve(SOVIET_POWER_LINE, result.widen(bands.bands(policy, []), "motions").sort_values("date")),
        party: Curve(style.PARTY_LINES[party], result.widen(bands.bands(follows, [])).sort_values("date")),
    }
    return Panel(title, curves, _lead(policy, follows, party, calendar))


def _lead(policy: pd.DataFrame, follows: pd.DataFrame, party: str, calendar: Calendar) -> str:
    """Which runs ahead, by how much at most, and when."""
    both = policy.merge(follows, on=["run", "date"], suffixes=("", "_party"))
    gap = both.assign(gap=both["share"] - both["share_party"]).groupby("date")["gap"].median()
    parts = []
    for name, signed in (("soviet power", gap), (style.PARTY_LINES[party].label, -gap)):
        if signed.max() >= _LEVEL:
            when = both_dates(date.fromisoformat(str(signed.idxmax())), calendar).split(" (")[0]
            parts.append(f"{name} +{100 * signed.max():.0f} on {when}")
    return ", ".join(parts) if parts else "neither ahead by two points"
