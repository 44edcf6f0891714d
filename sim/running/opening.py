"""Opening a directory of results, whatever work wrote it."""

from __future__ import annotations

from pathlib import Path

from sim.running import manifest
from sim.running.comparison import Comparison
from sim.running.results import Results


def opened(directory: Path) -> Results | Comparison:
    """What stands in a directory, by its manifest. Raises :class:`InputError` when it holds no results."""
    return Comparison(directory) if manifest.read(directory).get("kind") == "comparison" else Results(directory)
