"""The kinds of figure, by name: the one door for Python and the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

import sim
from analysis.plots import actions, allegiance, elections, policy, power, regions, seats, style
from analysis.plots.naming import one_of


@dataclass(frozen=True)
class Kind:
    """One kind of figure: what it shows, and the function that draws it."""

    does: str
    draw: Callable[..., Figure]

    @property
    def options(self) -> tuple[str, ...]:
        """Names of what may be asked of it."""
        return tuple(name for name in inspect.signature(self.draw).parameters if name != "results")


KINDS: Mapping[str, Kind] = {
    "strata": Kind("whom each stratum follows", allegiance.draw_strata),
    "places": Kind("whom people follow in chosen places", allegiance.draw_places),
    "parties": Kind("who follows each party, by stratum", allegiance.draw_parties),
    "policy": Kind("support for soviet power beside a party's", policy.draw),
    "seats": Kind("seats of soviets over time, and of congresses", seats.draw),
    "regions": Kind("towns, garrisons and villages, region by region", regions.draw),
    "actions": Kind("who acted, month by month, beside the evidence", actions.draw),
    "elections": Kind("votes, houses and motions beside the evidence", elections.draw),
    "power": Kind("whose orders are obeyed", power.draw),
}


#: Kinds that take several places at once.
_SEVERAL_PLACES = ("places", "policy", "power")


def draw(*results: sim.Results, kind: str = "strata", **options: Any) -> Figure:
    """A figure of one or more results. ``options`` are those of the kind: see :data:`KINDS`.

    All take ``size`` (slide, page, poster) and ``calendar`` (os, ns). Raises :class:`sim.InputError` for an option that
    the kind does not take, or that holds a wrong name.
    """
    if not results:
        raise TypeError("draw needs at least one sim.Results")
    chosen = KINDS[one_of("kind of figure", kind, tuple(KINDS))]
    for name in options:
        if name not in chosen.options:
            raise sim.InputError(f"the figure '{kind}' takes no '{name}'. It takes: {', '.join(chosen.options)}.")
    place = options.get("place")
    if place is not None and not isinstance(place, str) and kind not in _SEVERAL_PLACES:
        raise sim.InputError(f"the figure '{kind}' takes one place; name a whole, such as petrograd or volga.")
    one_of("calendar", options.get("calendar", "os"), ("os", "ns"))
    with style.house_style(options.get("size", "slide")):
        return chosen.draw(results, **options)


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, by the suffix of ``path``; undated, so that equal figures are equal files."""
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in ("png", "svg", "pdf"):
        raise sim.InputError(f"'{path}' must end in .png, .svg or .pdf.")
    nameless = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[suffix]
    with style.house_style():
        figure.savefig(path, metadata=nameless)
