"""Why groups changed, for the page: one run of each scenario lived again, traced, and split by channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import sim
from analysis.page.groups import EVERYBODY
from analysis.page.pack import Packer
from analysis.why import channels
from analysis.why_words import CHANNELS

#: Groups whose change is split: few enough for the page, and those that lessons ask for.
GROUPS: tuple[tuple[str, str | None], ...] = (
    *(("empire", stratum) for stratum in sim.STRATA), ("petrograd", "worker"), ("petrograd", "soldier"),
    ("petrograd", None), ("moscow", None), ("fronts", "soldier"), ("garrisons", None), ("villages", None),
)  # fmt: skip
#: A hundredth of a point.
_STEP = 1e-4


def reasons(packer: Packer, results: Sequence[sim.Results], quiet: bool = True) -> dict[str, Any]:
    """Adds a block ``n/why`` [group, party, channel, date] for each result, changes since the eve of the first day.

    Returns what the page must know to read it. All results are split in the same run, so that two can be compared.
    Raises :class:`sim.InputError` where a run can't be lived again (the program has changed since).
    """
    run = results[0].runs[0]
    found: dict[str, Any] = {}
    for index, result in enumerate(results):
        frame = channels(result, GROUPS, run, quiet=quiet)
        dates = list(dict.fromkeys(frame["date"]))
        names = list(dict.fromkeys(frame["channel"]))
        values = frame["cumulative_change"].to_numpy().reshape(len(dates), len(GROUPS), len(sim.PARTIES), len(names))
        packer.add(f"{index}/why", np.moveaxis(values, 0, -1), _STEP)
        found = {"run": run, "dates": dates, "channels": [_channel(name) for name in names]}
    return found | {
        "groups": [f"{place}|{stratum or EVERYBODY}" for place, stratum in GROUPS],
        "series": list(sim.PARTIES),
    }


def _channel(name: str) -> dict[str, str]:
    return {"id": name, "label": CHANNELS[name].words if name in CHANNELS else name.replace("_", " ")}
