"""The regions side by side: a party's share, or support for soviet power, in towns, garrisons and villages."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.curves import Curve, Panel, figure
from analysis.plots.sheet import Words
from analysis.plots.style import Calendar, Line, SizeName
from analysis.words.naming import one_of, short_title, the

#: Kind of place within a region -> its line; three hues that part for every kind of sight, and three dashes.
KINDS: dict[str, Line] = {
    "towns": Line("Towns", "#0072B2"),
    "garrisons": Line("Garrisons", "#009E73", (0, (4.5, 1.5))),
    "villages": Line("Villages", "#D98200", (0, (1, 1))),
}
SOVIET_POWER = "soviet_power"


def draw(
    results: Sequence[sim.Results], *, parties: Sequence[str] | None = None, stratum: str | None = None,
    size: SizeName = "slide", calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """A panel a region, with lines for its towns, garrisons and villages; 'soviet_power' may stand for a party."""
    if len(results) > 1:
        raise sim.InputError("the figure 'regions' draws one result.")
    measure = one_of("party", parties[0], (*sim.PARTIES, SOVIET_POWER)) if parties else "bolshevik"
    if parties and len(parties) > 1:
        raise sim.InputError("the figure 'regions' draws one party: name one.")
    (result,) = results
    known = set(result.allegiance["place"].cat.categories)
    regions = dict.fromkeys(place.region for place in sim.PLACES if place.kind == "villages")
    panels = [_panel(result, region, measure, stratum, known) for region in regions]
    panels = [panel for panel in panels if panel.curves]
    if not panels:
        raise sim.InputError("the result holds no region's towns, garrisons or villages.")
    of = "support for soviet power" if measure == SOVIET_POWER else f"share of {the(style.PARTY_LINES[measure].label)}"
    words = Words(
        f"Region by region: {of} in towns, garrisons and villages",
        f"{bands.told(results)} {bands.calendar_told(calendar)} One scale for all.",
        ["Petrograd, Moscow, the Donets basin and Baku stand apart from their regions and are not drawn."],
    )
    return figure(results, panels, words, size, calendar)


def _panel(result: sim.Results, region: str, measure: str, stratum: str | None, known: set[str]) -> Panel:
    curves = {}
    homes = {place.id for place in sim.PLACES if stratum is None or stratum in place.strata}
    for kind, look in KINDS.items():
        place = f"{region}/{kind}"
        if place in known & homes:
            shares = (
                result.soviet_share(place, stratum)
                if measure == SOVIET_POWER
                else result.share(measure, place, stratum)
            )
            asked = "motions" if measure == SOVIET_POWER else "space"
            curves[kind] = Curve(look, result.widen(bands.bands(shares, []), asked).sort_values("date"))
    return Panel(_short(region), curves)


def _short(region: str) -> str:
    return short_title(f"{region}/towns").removesuffix(", towns")
