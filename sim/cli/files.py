"""The commands that list what there is, and check, explain and begin scenario files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.kit import Calendar, CalendarOption, LensOption, ParametersOption, scenario_of, show
from sim.cli.listings import LISTINGS, Listing
from sim.words.errors import InputError
from sim.words.identifiers import POSTERIOR

What = StrEnum("What", {name: name for name in LISTINGS})  # type: ignore[misc]


def list_(
    what: Annotated[What, typer.Argument(metavar="WHAT", help=f"One of {', '.join(LISTINGS)}.")],
    calendar: CalendarOption = Calendar.os,
) -> None:
    """List scenarios, places, events, parameters, or the order of a day."""
    show(LISTINGS[what.value](calendar.value))


def check(
    file: Annotated[Path | None, typer.Argument(help="A scenario file.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of scenario files instead.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Check a scenario file: every error with file, line, column and what was expected."""
    from sim.running.vocabulary import problems, schema_text

    if schema:
        typer.echo(schema_text(), nl=False)
        return
    if file is None:
        raise InputError("no file to check. Expected `october check FILE` or `october check --schema`.")
    found = problems(file)
    for problem in found:
        typer.echo(str(problem), err=True)
    if found:
        raise typer.Exit(2)
    if not quiet:
        typer.echo(f"{file}: no errors")


def explain(
    scenario: Annotated[str, typer.Argument(help="A shipped name or a YAML file; NAME@DATE: left open from that day.")],
    lens: LensOption = None,
    parameters: ParametersOption = POSTERIOR,
) -> None:
    """Show the effective scenario: each value with the file and line that set it, each parameter that runs draw."""
    from sim.inputs.parameter_sets import chosen
    from sim.inputs.parameter_sets import origins as drawn
    from sim.inputs.scenario_file import explain as origins

    asked = scenario_of(scenario, lens)
    drawn_rows = drawn(chosen(parameters), asked)
    found = [*origins(asked), *drawn_rows]
    rows = [(key, str(value), f"{file}:{line}" if line else file) for key, value, file, line in found]
    note = "A set goes over the lens, the scenario over both: rows of it replace those of 'lens.parameters'."
    show(Listing(("key", "value", "set in"), rows, note=note if drawn_rows else ""))


def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario; the file is NAME.yaml.")],
    source: Annotated[str, typer.Option("--from", metavar="SCENARIO", help="What it builds on.")] = "historical",
) -> None:
    """Start a commented scenario file in the current folder."""
    from sim.inputs.starter import starter

    path = Path(f"{name.removesuffix('.yaml')}.yaml")
    scenario_of(source)
    text = starter(name.removesuffix(".yaml"), source)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path} exists already. Choose another name.") from None
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror}.") from None
    typer.echo(f"{path}: edit it, then `october check {path}` and `october run {path}`")
