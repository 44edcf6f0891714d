"""Seats: a standing body's parties as stacked areas through the year, a congress as a half-circle of dots."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import sim
from analysis.plots import bands, style
from analysis.plots.curves import fitting, label_ends
from analysis.plots.sheet import Cell, Plan, Sheet, Words, sheet
from analysis.plots.style import LABEL, OTHERS, TICK, Calendar, Line, SizeName, both_dates, ink, per_cent
from analysis.plots.text import width
from analysis.words.naming import BODIES, body_title, one_of

#: Drawn where no body is named.
DEFAULT = ("petrograd_soviet", "moscow_soviet", "tsik", "first_congress", "second_congress", "constituent_assembly")
#: The same on a slide, where four have room for their numbers.
_ON_A_SLIDE = ("petrograd_soviet", "tsik", "second_congress", "constituent_assembly")
#: The order of seating, from one wing to the other; of no other meaning.
SEATING = (
    "bolshevik", "left_sr", "anarchist", "menshevik_internationalist", "unaligned", "sr", "menshevik",
    "national_socialist", "national", "kadet", "right", OTHERS,
)  # fmt: skip
#: A party with less than this part of the seats throughout, or after the largest, is counted among the others.
_FAINTEST, _MOST_NAMED = 0.02, 7
#: A party with a smaller part on the last day is not named beside its area.
_UNNAMED = 0.005
_DOTS = 180


@dataclass(frozen=True)
class _House:
    """A body: parts of the seats by (run, date, party), the size of the house by date, and the parties told apart.

    ``ends``: low and high of the last day by party, the model's own error in them where it is known.
    """

    body: str
    parts: pd.DataFrame
    sizes: pd.Series[float]
    parties: tuple[str, ...]
    ends: Mapping[str, tuple[float, float]]

    @property
    def meets_once(self) -> bool:
        return len(self.sizes) == 1


def draw(
    results: Sequence[sim.Results], *, body: str | Sequence[str] | None = None, size: SizeName = "slide",
    calendar: Calendar = "os",
) -> Figure:  # fmt: skip
    """One panel a body; the chosen ones, or the two great soviets, the executive committee and three congresses."""
    if len(results) > 1:
        raise sim.InputError("the figure 'seats' draws one result.")
    (result,) = results
    houses = [_house(result, name) for name in _bodies(result, body, size)]
    chosen = style.size_of(size)
    gutter = max(width(look.label, chosen.points(LABEL)) for house in houses for look in _ends(house)[0])
    margin = width("100 %", chosen.points(TICK)) + 0.8 * chosen.text / 72.0
    since, faded = bands.extrapolates(results)
    once = [house for house in houses if house.meets_once]
    notes = ["Numbers: mean part of the seats, in brackets its range" + _on_the_last(houses, calendar) + "."]
    if once:
        notes.append("Dots: the mean house, seated by party; the order of the parties has no meaning.")
    notes.append(
        f"Others together: parties under {per_cent(_FAINTEST)} of the seats throughout, or after the {_MOST_NAMED} "
        "largest of a body."
    )
    notes += [faded] if faded else []
    words = Words("Seats by party", f"{_told(results)} {bands.calendar_told(calendar)}", notes)
    plan = Plan(len(houses), gutter + 2.0 * chosen.text / 72.0, margin, head=2, own_scales=True, own_dates=True)
    made = sheet(results, words, plan, size, calendar)
    for cell, house in zip(made.cells, houses, strict=True):
        if house.meets_once:
            _half_circle(made, cell, house)
        else:
            _areas(made, cell, house)
            made.dates(cell, *bands.span(results), since if faded else None)
        cell.highest = not house.meets_once
        made.title(cell, body_title(house.body), _size_told(house, calendar))
    return made.figure


def _told(results: Sequence[sim.Results]) -> str:
    return bands.told(results, "Areas and dots", "in brackets", "in brackets").replace("median of", "mean of")


def _on_the_last(houses: Sequence[_House], calendar: Calendar) -> str:
    """On which day standing bodies are told in numbers."""
    days = [str(house.sizes.index[-1]) for house in houses if not house.meets_once]
    return f"; of standing bodies on {both_dates(date.fromisoformat(max(days)), calendar)}" if days else ""


def _bodies(result: sim.Results, body: str | Sequence[str] | None, size: str) -> list[str]:
    held = set(result.soviets["body"].astype(str).unique())
    known = [name for name in BODIES if name in held] + sorted(held - set(BODIES))
    if not known:
        raise sim.InputError("the result holds no body's seats.")
    if body is None:
        return [name for name in (_ON_A_SLIDE if size == "slide" else DEFAULT) if name in known] or known[:1]
    return [one_of("body", name, known) for name in ([body] if isinstance(body, str) else body)]


def _house(result: sim.Results, body: str) -> _House:
    seats = result.soviets
    seats = seats[seats["body"] == body].assign(party=lambda rows: rows["party"].astype(str))
    table = seats.pivot_table(index=["run", "date"], columns="party", values="seats", aggfunc="sum", fill_value=0)
    whole = table.sum(axis=1)
    parts = table.div(whole.where(whole > 0), axis=0).fillna(0.0)
    peaks = parts.groupby("date").mean().max().sort_values(ascending=False)
    small = [party for n, (party, peak) in enumerate(peaks.items()) if peak < _FAINTEST or n >= _MOST_NAMED]
    if len(small) > 1:
        parts = parts.drop(columns=small).assign(**{OTHERS: parts[small].sum(axis=1)})
    parties = tuple(party for party in SEATING if party in parts and parts[party].max() > 0.0)
    sizes = whole.groupby("date").mean()
    last = parts.xs(sizes.index[-1], level="date")
    spread = pd.DataFrame([bands.spread(list(last[p])) for p in parties], list(parties), ["low", "middle", "high"])
    wide = result.widen(spread, _kind(body, len(sizes) == 1))
    low, high = (wide[f"wide_{end}" if f"wide_{end}" in wide else end].tolist() for end in ("low", "high"))
    ends = dict(zip(parties, zip(low, high, strict=True), strict=True))
    return _House(body, parts[list(parties)], sizes, parties, ends)


def _kind(body: str, meets_once: bool) -> str:
    """The kind of question that a house's composition is, of those that the model's own error is known for."""
    if body == "constituent_assembly":
        return "space"
    return "congresses" if meets_once or body == "pre_parliament" else "soviets"


def _look(party: str) -> Line:
    return style.OTHERS_LINE if party == OTHERS else style.PARTY_LINES[party]


def _ends(house: _House) -> tuple[list[Line], list[float]]:
    """Labels with the last day's numbers, and the middles of the stacked areas on that day."""
    last = house.parts.xs(house.sizes.index[-1], level="date")
    looks, middles, below = [], [], 0.0
    for party in house.parties:
        low, high = house.ends[party]
        mean = float(last[party].mean())
        look = _look(party)
        if mean < _UNNAMED:
            continue
        ranged = "" if len(last) == 1 else f" ({100 * low:.0f}-{100 * high:.0f})"
        looks.append(Line(f"{look.label} {per_cent(mean)}{ranged}", look.colour, look.dashes))
        middles.append(below + mean / 2.0)
        below += mean
    return looks, middles


def _areas(made: Sheet, cell: Cell, house: _House) -> None:
    axes, size = cell.axes, made.size
    mean = house.parts.groupby("date").mean()
    days = pd.to_datetime(mean.index).to_numpy()
    below = np.zeros(len(mean))
    for party in house.parties:
        above = below + mean[party].to_numpy()
        look = _look(party)
        # Dashed lines have no dashes as areas: those parties are hatched.
        axes.fill_between(
            days, below, above, step="post", facecolor=look.colour, edgecolor="white", linewidth=size.text / 22,
            hatch="" if look.dashes == "-" else "////" if look.dashes[1][0] > 2 else "....",  # type: ignore[operator]
        )  # fmt: skip
        below = above
    axes.axhline(0.5, color="#111111", linewidth=size.text / 12, linestyle=(0, (3, 2)))
    axes.grid(False)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1])
    axes.set_yticklabels(["0 %", "50 %", "100 %"], fontsize=size.points(TICK))
    axes.tick_params(axis="y", length=size.text / 4, pad=size.text / 5)
    day = date.fromisoformat(str(house.sizes.index[-1]))
    label_ends(made, axes, [(look, middle, day) for look, middle in zip(*_ends(house), strict=True)], (0.0, 1.0))


def _half_circle(made: Sheet, cell: Cell, house: _House) -> None:
    """Dots in half-rings, parties from left to right in the order of seating."""
    axes, size = cell.axes, made.size
    _, counts = dots(dict(house.parts.mean()), float(house.sizes.iloc[0]))
    places = seating(sum(counts.values()))
    inches = min(made.panel_width / 2.0, made.panel_height)
    diameter = 72.0 * inches * _ring_step(len(places)) * 0.8
    start = 0
    for party in house.parties:
        look = _look(party)
        chosen = places[start : start + counts[party]]
        start += counts[party]
        axes.plot(
            [x for x, _ in chosen], [y for _, y in chosen], "o", markersize=diameter, color=look.colour,
            markeredgecolor=ink(look.colour), markeredgewidth=size.text / 30,
        )  # fmt: skip
    reach = made.panel_width / inches
    axes.set_xlim(-reach / 2, reach / 2)
    axes.set_ylim(0, made.panel_height / inches)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.axis("off")
    looks, _ = _ends(house)
    factor = fitting(made, len(looks))
    # A list from the top down, each name with its dot: the seats of a half-circle have no heights to stand beside.
    for i, look in enumerate(looks):
        height = 1.0 - (i + 0.4) * made.label_gap(factor)
        x = 1.0 + 1.25 * size.text / 72.0 / made.panel_width
        axes.plot([x - 0.55 * size.text / 72.0 / made.panel_width], [height], "o", color=look.colour,
                  markersize=size.text * 0.55, transform=axes.transAxes, clip_on=False)  # fmt: skip
        axes.text(x, height, look.label, transform=axes.transAxes, va="center", fontsize=size.points(factor),
                  color=ink(look.colour), gid="label")  # fmt: skip


def dots(parts: Mapping[str, float], house: float) -> tuple[int, dict[str, int]]:
    """Seats that one dot stands for, and dots by party (largest remainders), about :data:`_DOTS` in all."""
    each = next(n for n in (1, 2, 5, 10, 20, 50, 100) if house / n <= _DOTS or n == 100)
    whole = max(1, round(house / each))
    exact = {party: whole * float(part) for party, part in parts.items()}
    counts = {party: math.floor(x) for party, x in exact.items()}
    rest = sorted(exact, key=lambda party: counts[party] - exact[party])
    for party in rest[: whole - sum(counts.values())]:
        counts[party] += 1
    return each, counts


def _rings(count: int) -> int:
    """Half-rings, from radius 0.4 to 1, on which so many dots stand about evenly."""
    return next(n for n in range(1, 60) if sum(_on_ring(r, n) for r in _radii(n)) >= count)


def _radii(rings: int) -> list[float]:
    return [1.0] if rings == 1 else [0.4 + 0.6 * i / (rings - 1) for i in range(rings)]


def _on_ring(radius: float, rings: int) -> int:
    step = 0.6 / max(rings - 1, 1)
    return int(math.pi * radius / step) + 1


def _ring_step(count: int) -> float:
    """Distance of two neighbouring dots."""
    rings = _rings(count)
    return math.pi / max(count, 5) if rings == 1 else 0.6 / (rings - 1)


def seating(count: int) -> list[tuple[float, float]]:
    """Places (x, y) in a half-circle of radius 1 lifted over its label, from the left wing to the right."""
    radii = _radii(_rings(count))
    room = [_on_ring(r, len(radii)) for r in radii]
    share = [count * n / sum(room) for n in room]
    taken = [math.floor(s) for s in share]
    for i in sorted(range(len(room)), key=lambda i: taken[i] - share[i])[: count - sum(taken)]:
        taken[i] += 1
    found = []
    for radius, many in zip(radii, taken, strict=True):
        for k in range(many):
            angle = math.pi * (1.0 - (k + 0.5) / many)
            found.append((angle, radius))
    found.sort(key=lambda spot: (-spot[0], spot[1]))
    return [(0.94 * radius * math.cos(angle), 0.94 * radius * math.sin(angle)) for angle, radius in found]


def _size_told(house: _House, calendar: Calendar) -> str:
    """How many seats, and when."""
    day = both_dates(date.fromisoformat(str(house.sizes.index[0])), calendar)
    if house.meets_once:
        each, _ = dots(dict(house.parts.mean()), float(house.sizes.iloc[0]))
        dot = "" if each == 1 else f"; a dot is {each}"
        return f"{house.sizes.iloc[0]:,.0f} seats, {day}{dot}"
    sizes = (round(float(house.sizes.iloc[0])), round(float(house.sizes.iloc[-1])))
    return f"{sizes[0]:,} seats" + (f", {sizes[1]:,} at the end" if sizes[0] != sizes[1] else "") + f"; since {day}"
