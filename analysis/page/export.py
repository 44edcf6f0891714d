"""From results to a page on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sim
from analysis.page.build import build
from analysis.page.data import MOST as MOST
from analysis.page.data import payload
from analysis.page.reasons import Split
from analysis.page.reasons import split as split
from analysis.page.words import Words as Words


def write(
    results: Sequence[sim.Results],
    path: str | Path,
    *,
    why: bool | Sequence[Split | None] = False,
    contingency: sim.Contingency | None = None,
    words: Words | None = None,
    quiet: bool = True,
) -> int:
    """Write the page of these results (the first is the base) and return its size in bytes.

    With ``why`` one run of each is lived again to split changes by cause; ``words`` is a translation, and holds
    afterwards every name that the page shows. Raises :class:`sim.InputError` for too many scenarios, a page too large,
    or a path that can't be written.
    """
    page = build(payload(results, why=why, contingency=contingency, words=words, quiet=quiet))
    try:
        Path(path).write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise sim.InputError(f"{path} can't be written: {error.strerror}.") from None
    return len(page.encode())
