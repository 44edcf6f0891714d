"""Why groups changed, for the page: one run of each scenario lived again, traced, and split by channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.answers.why import channels
from analysis.answers.why_words import CHANNELS
from analysis.page.groups import EVERYBODY
from analysis.page.pack import Packer
from analysis.page.words import Words

#: Groups whose change is split: few enough for the page, and those that lessons ask for.
GROUPS: tuple[tuple[str, str | None], ...] = (
    *(("empire", stratum) for stratum in sim.STRATA), ("petrograd", "worker"), ("petrograd", "soldier"),
    ("petrograd", None), ("moscow", None), ("fronts", "soldier"), ("garrisons", None), ("villages", None),
)  # fmt: skip
#: A hundredth of a point.
_STEP = 1e-4


@dataclass(frozen=True)
class Split:
    """One run's changes since the eve of the first day, parts of 1: [group, party, channel, date]."""

    run: int
    dates: tuple[str, ...]
    channels: tuple[str, ...]
    values: NDArray[np.float64]


def split(results: sim.Results, run: int | None = None, quiet: bool = True) -> Split:
    """Live a run again (the first, unless said) and split what moved every group of the page.

    Raises :class:`sim.InputError` where it can't be lived again (the program has changed since).
    """
    chosen = results.runs[0] if run is None else run
    frame = channels(results, GROUPS, chosen, quiet=quiet)
    dates, names = (tuple(dict.fromkeys(frame[column])) for column in ("date", "channel"))
    values = frame["cumulative_change"].to_numpy().reshape(len(dates), len(GROUPS), len(sim.PARTIES), len(names))
    return Split(chosen, dates, names, np.moveaxis(values, 0, -1))


def reasons(packer: Packer, splits: Sequence[Split | None], words: Words) -> dict[str, Any] | None:
    """Adds a block ``n/why`` [group, party, channel, date] for each split that there is.

    Returns what the page must know to read them, None where there is none. Splits of other dates or of another run
    than the first one's are left out: they could not be compared with it.
    """
    first = next((one for one in splits if one is not None), None)
    if first is None:
        return None
    for index, one in enumerate(splits):
        if one is not None and (one.run, one.dates, one.channels) == (first.run, first.dates, first.channels):
            packer.add(f"{index}/why", one.values, _STEP)
    return {
        "run": first.run, "dates": list(first.dates), "channels": [_channel(name, words) for name in first.channels],
        "groups": [f"{place}|{stratum or EVERYBODY}" for place, stratum in GROUPS], "series": list(sim.PARTIES),
    }  # fmt: skip


def _channel(name: str, words: Words) -> dict[str, str]:
    english = CHANNELS[name].words if name in CHANNELS else name.replace("_", " ")
    return {"id": name, "label": words.name(english, "channels", name)}
