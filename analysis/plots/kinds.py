"""The kinds of figure, by name: the one door for Python and the command line."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from matplotlib.figure import Figure

import sim
from analysis.plots import (
    actions,
    allegiance,
    chronicle,
    elections,
    odds,
    openness,
    policy,
    power,
    regions,
    ribbons,
    scorecard,
    seats,
    single,
    style,
)
from analysis.words.naming import one_of


@dataclass(frozen=True)
class Kind:
    """One kind of figure: what it shows, and the function that draws it."""

    does: str
    draw: Callable[..., Figure]

    @property
    def options(self) -> tuple[str, ...]:
        """Names of what may be asked of it."""
        return tuple(inspect.signature(self.draw).parameters)[1:]


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
    "scorecard": Kind("the worksheet of a debate: questions, quantities, both readings", scorecard.draw),
}

#: Kinds that answer a question. The last takes results, one a contingency, the others a comparison.
ANSWERS: Mapping[str, Kind] = {
    "differences": Kind("whose following differs from the base's, by stratum", ribbons.draw),
    "odds": Kind("when and how often each outcome came, in dots", odds.draw),
    "histories": Kind("single runs one by one, the same luck in each scenario", single.draw),
    "contingency": Kind("the odds of an outcome by the date from which history is open", openness.draw),
    "timeline": Kind("when each event came, how widely, how often", chronicle.draw),
}
_OF_COMPARISONS = ("differences", "odds", "histories")

#: Kinds that take several places at once.
_SEVERAL_PLACES = ("places", "policy", "power", "differences")


#: What a figure can be drawn of.
Drawable: TypeAlias = "sim.Results | sim.Comparison | sim.Contingency"


def draw(*results: Drawable, kind: str | None = None, **options: Any) -> Figure:
    """A figure of one or more results, of one comparison or of one contingency. ``options`` are those of the kind.

    See :data:`KINDS` and :data:`ANSWERS`; a comparison can be drawn as its results, too. Without a kind it is strata,
    differences or contingency. All take ``size`` (slide, page, poster) and ``calendar`` (os, ns). Raises
    :class:`sim.InputError` for an option that the kind does not take, or that holds a wrong name.
    """
    if not results:
        raise TypeError("draw needs at least one sim.Results, sim.Comparison or sim.Contingency")
    usual = {sim.Comparison: "differences", sim.Contingency: "contingency"}.get(type(results[0]), "strata")
    kind = kind or usual
    chosen = {**KINDS, **ANSWERS}[one_of("kind of figure", kind, (*KINDS, *ANSWERS))]
    what = _taken(results, kind)
    for name in options:
        if name not in chosen.options:
            raise sim.InputError(f"the figure '{kind}' takes no '{name}'. It takes: {', '.join(chosen.options)}.")
    place = options.get("place")
    if place is not None and not isinstance(place, str) and kind not in _SEVERAL_PLACES:
        raise sim.InputError(f"the figure '{kind}' takes one place; name a whole, such as petrograd or volga.")
    one_of("calendar", options.get("calendar", "os"), ("os", "ns"))
    with style.house_style(options.get("size", "slide")):
        return chosen.draw(what, **options)


def _taken(results: Sequence[Drawable], kind: str) -> Any:
    """What the function of a kind is given: a comparison, a contingency or results."""
    for of, kinds, command in (
        (sim.Comparison, _OF_COMPARISONS, "compare"), (sim.Contingency, ("contingency",), "contingency"),
    ):  # fmt: skip
        if kind in kinds:
            if len(results) != 1 or not isinstance(results[0], of):
                raise sim.InputError(f"the figure '{kind}' takes one directory that `october {command}` wrote.")
            return results[0]
    plain: list[sim.Results] = []
    for result in results:
        if isinstance(result, sim.Contingency) or isinstance(result, sim.Comparison) and len(results) > 1:
            raise sim.InputError(f"the figure '{kind}' takes directories that `october run` wrote, or one comparison.")
        plain += result.results if isinstance(result, sim.Comparison) else [result]
    return plain


def save(figure: Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, by the suffix of ``path``; undated, so that equal figures are equal files."""
    suffix = Path(path).suffix.lower().removeprefix(".")
    if suffix not in ("png", "svg", "pdf"):
        raise sim.InputError(f"'{path}' must end in .png, .svg or .pdf.")
    nameless = {"png": {"Software": None}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}[suffix]
    with style.house_style():
        figure.savefig(path, metadata=nameless)
