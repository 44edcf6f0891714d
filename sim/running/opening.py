"""Opening a directory of results, whatever work wrote it."""

from __future__ import annotations

from pathlib import Path

from sim.running import manifest
from sim.running.comparison import Comparison
from sim.running.contingency import Contingency
from sim.running.results import Results
from sim.words.errors import InputError


def results_in(directory: Path, other: str | None = None) -> list[Results]:
    """The result of a directory; of a comparison, its base's and the other's. Raises :class:`InputError`."""
    one = opened(directory)
    if isinstance(one, Contingency):
        raise InputError(f"{directory} holds odds by date, not the curves of runs. Name a directory that `run` wrote.")
    return [one.base, one.other(other)[1]] if isinstance(one, Comparison) else [one]


def opened(directory: Path) -> Results | Comparison | Contingency:
    """What stands in a directory, by its manifest. Raises :class:`InputError` when it holds no results."""
    kind = manifest.read(directory).get("kind")
    if kind == "contingency":
        return Contingency(directory)
    return Comparison(directory) if kind == "comparison" else Results(directory)
