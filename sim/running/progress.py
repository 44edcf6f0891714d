"""A progress bar with the time left: on a terminal only, on standard error, never in a file or a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.running.single import RunRecord

Report = Callable[[RunRecord], None]


@contextmanager
def progress(total: int, title: str, quiet: bool = False) -> Iterator[Report | None]:
    """Yields what is to be called with each run's record, or None where no bar is wanted."""
    if quiet or total == 0 or not sys.stderr.isatty():
        yield None
        return
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TextColumn("runs"),
        rich.TimeElapsedColumn(),
        rich.TextColumn("left"),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda _record: bar.advance(task)
