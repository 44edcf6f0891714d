"""The commands that show saved results: figures, and the worksheet of the debate over October."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.kit import Calendar, CalendarOption, FigureSize, known_suffix, make_parent


class FigureKind(StrEnum):
    """Kinds of figures."""

    strata = "strata"
    places = "places"
    parties = "parties"
    policy = "policy"
    seats = "seats"
    regions = "regions"
    actions = "actions"
    elections = "elections"
    power = "power"
    scorecard = "scorecard"
    differences = "differences"
    odds = "odds"
    histories = "histories"
    contingency = "contingency"
    timeline = "timeline"


class PanelOf(StrEnum):
    """What a panel of the figure 'policy' shows."""

    stratum = "stratum"
    place = "place"


def plot(
    directories: Annotated[
        list[Path], typer.Argument(metavar="RESULT_DIR...", help="Written by `run`, `compare` or `contingency`.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The figure: PNG, SVG or PDF by its suffix.")] = Path(
        "figure.png"
    ),
    kind: Annotated[
        FigureKind | None,
        typer.Option(
            help="strata, places, parties: whom people follow; policy: support for soviet power beside a party; "
            "seats: soviets and congresses; regions; actions: month by month; elections: model and evidence; "
            "power: whose orders are obeyed; scorecard: a worksheet; timeline: when each event came. Of a comparison: "
            "differences, odds in dots, single histories. Of a contingency: contingency. Default: what the directory "
            "holds."
        ),
    ] = None,
    size: Annotated[
        FigureSize, typer.Option(help="slide 16:9, page (17.8 cm wide) or poster (A1).")
    ] = FigureSize.slide,
    place: Annotated[
        list[str] | None,
        typer.Option(
            help="A place, a whole (petrograd, volga, fronts) or a pattern (*/villages); may be given again for places."
        ),
    ] = None,
    stratum: Annotated[str | None, typer.Option(help="Only the people of one stratum.")] = None,
    party: Annotated[list[str] | None, typer.Option(help="Only this party; may be given again.")] = None,
    by: Annotated[PanelOf | None, typer.Option(help="policy: what a panel is. Default: stratum.")] = None,
    body: Annotated[list[str] | None, typer.Option(help="seats: this body; may be given again.")] = None,
    action: Annotated[list[str] | None, typer.Option(help="actions: only this one; may be given again.")] = None,
    target: Annotated[
        str | None, typer.Option(help="elections: bolshevik, sr, menshevik, right, kadet, or 'for' (soviet power).")
    ] = None,
    other: Annotated[str | None, typer.Option(help="differences: this scenario of several.")] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(help="odds, contingency: this outcome; may be given again.")
    ] = None,
    event: Annotated[list[str] | None, typer.Option(help="timeline: this event; may be given again.")] = None,
    calendar: CalendarOption = Calendar.os,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Draw a figure from saved results: curves with the spread of runs, events marked, both calendars.

    For example: october plot results/historical --kind policy --size page -o policy.svg
    """
    from analysis.plots.kinds import draw, save
    from sim.running.opening import opened

    known_suffix(out)
    asked: dict[str, Any] = {
        "place": place[0] if place and len(place) == 1 else place, "stratum": stratum, "parties": party,
        "by": by and by.value, "body": body, "action": action, "target": target, "other": other, "outcome": outcome,
        "event": event,
    }  # fmt: skip
    options = {name: value for name, value in asked.items() if value}
    results = [opened(directory) for directory in directories]
    figure = draw(*results, kind=kind and kind.value, size=size.value, calendar=calendar.value, **options)
    make_parent(out)
    save(figure, out)
    if not quiet:
        typer.echo(f"Figure: {out}")


def scorecard(
    directory: Annotated[Path, typer.Argument(metavar="RESULT_DIR", help="A directory written by `run`.")],
    calendar: CalendarOption = Calendar.os,
) -> None:
    """Print the worksheet of the debate over October: questions, measured quantities, both readings, no total."""
    from rich.console import Console

    from analysis.answers.scorecard import tell
    from sim.running.results import Results

    tell(Results(directory), Console() if sys.stdout.isatty() else Console(width=150), calendar.value)
