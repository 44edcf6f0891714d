"""The command of ``october`` that says which parameters matter, and how much."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.kit import FigureSize, JobsOption, QuietOption, SeedOption, cores, known_suffix, make_parent, say, show
from sim.cli.listings import Listing


class Method(StrEnum):
    """How sensitivity is measured."""

    morris = "morris"
    sobol = "sobol"


def sensitivity(
    method: Annotated[
        Method, typer.Option(help="morris: screening by runs of the model; sobol: shares of variance by its emulator.")
    ] = Method.morris,
    parameter: Annotated[
        list[str] | None, typer.Option(help="morris: only this parameter; may be given again.")
    ] = None,
    mechanism: Annotated[
        list[str] | None, typer.Option(help="morris: only the parameters of this mechanism; may be given again.")
    ] = None,
    trajectories: Annotated[int, typer.Option(min=2, help="morris: trajectories; each is a run a parameter.")] = 4,
    replicates: Annotated[int, typer.Option(min=1, help="morris: runs of each point.")] = 1,
    within: Annotated[
        float, typer.Option(min=0.05, max=1.0, help="morris: part of each range, round the default, that is covered.")
    ] = 1.0,
    what_if: Annotated[str, typer.Option(help="morris: the what-if whose effect is studied; 'none' for none.")] = "",
    agents: Annotated[int, typer.Option(min=1, help="morris: simulated people in each run.")] = 2_000,
    base: Annotated[int, typer.Option(min=2, help="sobol: base of the sample, a power of 2.")] = 1_024,
    output: Annotated[list[str] | None, typer.Option(help="sobol: only this output; may be given again.")] = None,
    table: Annotated[Path | None, typer.Option(help="sobol: another reference table than the shipped one.")] = None,
    seed: SeedOption = 1917,
    jobs: JobsOption = None,
    out: Annotated[Path | None, typer.Option(help="Directory. Default: results/sensitivity-METHOD.")] = None,
    figure: Annotated[Path | None, typer.Option(help="The figure. Default: METHOD.png in the directory.")] = None,
    size: Annotated[FigureSize, typer.Option(help="Size of the figure.")] = FigureSize.page,
    quiet: QuietOption = False,
) -> None:
    """Which parameters matter, for curves, outcomes and the effect of a what-if, and how much each.

    Writes a table of indices, the whole as JSON, and a figure. A screening can be stopped: the same command goes on.
    For example: october sensitivity --mechanism blame --trajectories 6
    """
    folder = out or Path("results") / f"sensitivity-{method.value}"
    drawn = figure or folder / f"{method.value}.png"
    known_suffix(drawn)
    if method is Method.morris:
        listing = _morris(
            folder, drawn, tuple(parameter or ()), tuple(mechanism or ()), trajectories, replicates, agents, seed,
            what_if, within, jobs or cores(), size.value, quiet,
        )  # fmt: skip
    else:
        listing = _sobol(folder, drawn, base, seed, output, table, size.value, quiet)
    if not quiet:
        show(listing)
        typer.echo(f"\nTables: {folder}\nFigure: {drawn}")


def _morris(
    folder: Path, drawn: Path, names: tuple[str, ...], mechanisms: tuple[str, ...], trajectories: int, replicates: int,
    agents: int, seed: int, what_if: str, within: float, jobs: int, size: str, quiet: bool,
) -> Listing:  # fmt: skip
    from analysis.plots import kinds
    from analysis.plots import sensitivity as figures
    from analysis.studies import morris, sensitivity
    from analysis.studies.probe import FLAGSHIP

    other = None if what_if == "none" else what_if or FLAGSHIP
    chosen = morris.chosen(names, mechanisms)
    setting = morris.Setting(chosen, trajectories, replicates, agents, seed, other, within)
    found = sensitivity.screening(setting, jobs, folder, quiet)
    sensitivity.write(folder, "morris", sensitivity.morris_rows(found), sensitivity.morris_dict(found))
    make_parent(drawn)
    kinds.save(figures.draw_morris(found, size=size), drawn)
    if found.refused and not quiet:
        worst = ", ".join(f"{name} ({missing} of {of})" for name, (missing, of) in list(found.refused.items())[:6])
        say(f"{len(found.refused)} outputs have no indices, since runs lack them: {worst} ...")
    return _listing(*sensitivity.morris_listing(found))


def _sobol(
    folder: Path, drawn: Path, base: int, seed: int, wanted: list[str] | None, table: Path | None, size: str,
    quiet: bool,
) -> Listing:
    from analysis.plots import kinds
    from analysis.plots import sensitivity as figures
    from analysis.studies import sensitivity

    runs, found, left = sensitivity.contributions(base, seed, wanted, table, say if not quiet else lambda line: None)
    whole = sensitivity.sobol_dict(runs, found, left, base, seed)
    sensitivity.write(folder, "sobol", sensitivity.sobol_rows(runs.names, found), whole)
    make_parent(drawn)
    kinds.save(figures.draw_sobol(runs.names, found, size=size), drawn)
    if left and not quiet:
        say(f"{len(left)} outputs have no indices. {next(iter(left.values()))}")
    return _listing(*sensitivity.sobol_listing(runs.names, found))


def _listing(headings: tuple[str, ...], rows: list[tuple[str, ...]], note: str) -> Listing:
    return Listing(headings, rows, right=headings[2:], note=note)
