"""The command line, ``october``. Thin: each command reads its options, calls the layer that does it, tells the result.

What a command needs is imported inside it, so that help, lists and checks answer at once. Exit codes: 0 done, 1 our
fault (or a failed run), 2 the user's input is wrong, 130 interrupted with what was finished kept. A file holds commands
that belong together; ``kit`` is what they share, ``listings`` what `october list` shows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from sim import __version__
from sim.cli import comparisons, figures, files, pages, reasons, runs, sensitivity, studies
from sim.cli.kit import Debugging, guarded

app = typer.Typer(
    help="October 1917: a model of the Russian Revolution, for asking what would have followed had it gone otherwise.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"october {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the trace of an internal error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Options of every command."""
    Debugging.on = debug


COMMANDS: tuple[Callable[..., None], ...] = (
    runs.run,
    comparisons.compare,
    comparisons.contingency,
    pages.export,
    pages.classroom,
    reasons.why,
    sensitivity.sensitivity,
    figures.plot,
    figures.scorecard,
    files.list_,
    files.check,
    files.explain,
    files.new,
    studies.calibrate,
    studies.validate,
)
for command in COMMANDS:
    app.command(name=command.__name__.rstrip("_"))(guarded(command))


def main() -> None:
    """The entry point of ``october``."""
    app()
