"""The command of ``october`` that says why: what moved a group, by channel, or one simulated person's year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.kit import Calendar, CalendarOption, FigureSize, date_in, known_suffix, make_parent, show
from sim.cli.listings import Listing
from sim.words.errors import InputError

if TYPE_CHECKING:
    from sim.running.results import Results


def why(
    directories: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT_DIR [OTHER_DIR]",
            help="Written by `run`. Two, or one written by `compare`: why the histories differ.",
        ),
    ],
    party: Annotated[str, typer.Option(help="The party whose share is split.")] = "bolshevik",
    place: Annotated[str, typer.Option(help="A place, a whole (petrograd, fronts) or a pattern.")] = "empire",
    stratum: Annotated[str | None, typer.Option(help="Only the people of one stratum.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The span begins.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="The span ends.")] = None,
    run: Annotated[int | None, typer.Option(min=0, help="The number of one run. Default: the first.")] = None,
    runs: Annotated[int | None, typer.Option(min=1, help="The mean of so many runs, with their spread.")] = None,
    other: Annotated[str | None, typer.Option(help="Of a comparison: this scenario of several.")] = None,
    person: Annotated[
        int | None, typer.Option(min=0, help="One simulated person's year: a number among --place and --stratum.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="A figure: PNG, SVG or PDF by its suffix.")] = None,
    size: Annotated[FigureSize, typer.Option(help="Size of the figure.")] = FigureSize.page,
    calendar: CalendarOption = Calendar.os,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No table and no bar of progress.")] = False,
) -> None:
    """What moved a group toward a party or away from it, by channel; or one simulated person's year in sentences.

    The run is lived again from what the directory holds, with every attitude kept apart; the parts add up. For example:
    october why results/historical --place petrograd --stratum soldier --from 1917-06-01 --until 1917-09-01
    """
    from analysis.answers import why_table
    from analysis.answers.why import result_pair

    if out is not None:
        known_suffix(out)
    results = _opened(directories, other)
    if person is not None:
        from analysis.answers.story import tell

        if out is not None:
            raise InputError("--person tells in words: no figure is drawn, and --out is not for it.")
        if len(results) > 1:
            folders = " or ".join(str(result.directory) for result in results)
            raise InputError(f"--person tells of one scenario's run. Expected one directory: {folders}.")
        typer.echo(tell(results[0], person, place, stratum, run=run, calendar=calendar.value))
        return
    since, end = date_in(first, calendar), date_in(until, calendar)
    split = result_pair(
        results, party, place, stratum, since=since, until=end, run=run, runs=runs, quiet=quiet
    )  # fmt: skip
    if not quiet:
        for heading, right, rows in why_table.listings(split, calendar.value):
            show(Listing(heading, rows, right=right))
            typer.echo("")
    typer.echo(split.sentence(calendar.value))
    if out is not None:
        make_parent(out)
        split.save(out, size=size.value, calendar=calendar.value)
        typer.echo(f"Figure: {out}")


def _opened(directories: list[Path], other: str | None) -> list[Results]:
    """One result, or the two to tell apart; of a comparison, its base and the other scenario."""
    from sim.running.opening import results_in

    return [result for directory in directories for result in results_in(directory, other)]
