"""What every command of ``october`` shares: options, exit codes, messages, and how a listing is printed."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from sim.cli.listings import Listing
from sim.words.calendar import parse_date
from sim.words.errors import InputError, nearest

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario

F = TypeVar("F", bound=Callable[..., None])


class Calendar(StrEnum):
    """Old Style or New Style dates."""

    os = "os"
    ns = "ns"


class FigureSize(StrEnum):
    """Where a figure is seen."""

    slide = "slide"
    page = "page"
    poster = "poster"


class TableFormat(StrEnum):
    """Formats of tables."""

    parquet = "parquet"
    csv = "csv"


CalendarOption = Annotated[
    Calendar, typer.Option(help="Dates shown and read: os Old Style, ns New Style. Tables are always Old Style.")
]
AgentsOption = Annotated[int, typer.Option(min=1, help="Simulated people in each run.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of all chance; the same seed gives the same tables.")]
JobsOption = Annotated[int | None, typer.Option(min=1, help="Processes. Default: one for each core.")]
UntilOption = Annotated[str | None, typer.Option(metavar="DATE", help="Last day, to 1918-04-30 (Old Style).")]
LensOption = Annotated[str | None, typer.Option(metavar="NAME", help="Reading of 1917: see `october list lenses`.")]
ParametersOption = Annotated[
    str,
    typer.Option(
        metavar="posterior|default|FILE",
        help="Parameters of the runs: the posterior's sets, one a run; the declared values; or a CSV file of sets.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")]
FormatOption = Annotated[TableFormat, typer.Option(help="Format of the tables.")]


class Debugging:
    """Whether an internal error shows its trace (``october --debug``)."""

    on = False


def guarded(command: F) -> F:
    """Turn what goes wrong in a command into one clear message and the right exit code."""

    @functools.wraps(command)
    def run_guarded(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except InputError as error:
            say(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt as stopped:
            say(str(stopped) or "interrupted")
            raise typer.Exit(130) from None
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if Debugging.on or (isinstance(error, OSError) and error.errno == errno.EPIPE):
                raise
            say(f"internal error, our fault: {type(error).__name__}: {error}")
            say("`october --debug ...` shows where it happened.")
            raise typer.Exit(1) from None

    return run_guarded  # type: ignore[return-value]


def say(text: str) -> None:
    """A message of the program, on standard error."""
    typer.echo(f"october: {text}", err=True)


def scenario_of(name_or_path: str, lens: str | None = None) -> Scenario:
    """The scenario that a user named, through a lens if one is named."""
    from sim.running.vocabulary import load, under

    return under(load(name_or_path), lens)


def date_in(text: str | None, calendar: Calendar) -> date | None:
    """A date that a user wrote in that style, in Old Style."""
    return None if text is None else parse_date(text, calendar.value)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def known_suffix(path: Path) -> None:
    """Refuse a figure's name that does not end in a format that can be drawn."""
    known = (".png", ".svg", ".pdf")
    if path.suffix.lower() not in known:
        raise InputError(f"'{path}' must end in {', '.join(known)}.{nearest(path.suffix, known)}")


def make_parent(path: Path) -> None:
    """Make the folder that a file is to stand in."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path.parent} can't be made: {error.strerror}.") from None


def show(listing: Listing) -> None:
    """Print a listing: fitted to a terminal, one line a row elsewhere."""
    if not sys.stdout.isatty():
        _show_plain(listing)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in listing.headings:
        table.add_column(heading, justify="right" if heading in listing.right else "left", overflow="fold")
    for row in listing.rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    console.print(table)
    if listing.note:
        console.print(Text(listing.note))


def _show_plain(listing: Listing) -> None:
    lines = [listing.headings, *listing.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [heading in listing.right for heading in listing.headings]
    for line in lines:
        cells = (c.rjust(w) if r else c.ljust(w) for c, w, r in zip(line, widths, right, strict=True))
        typer.echo("  ".join(cells).rstrip())
    if listing.note:
        typer.echo(f"\n{listing.note}")
