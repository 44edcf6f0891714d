"""The tables of an ensemble as one array: run x group x series x date, where a series is a party or soviet power."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from analysis.page.groups import Group, groups_of

Floats = NDArray[np.float64]
#: Support for soviet power stands behind the parties.
SERIES: tuple[str, ...] = (*sim.PARTIES, "soviet_power")


@dataclass(frozen=True)
class Cube:
    """Shares (0..1) of each group; ``persons`` real people of each group on each date, mean over runs.

    ``shares`` is [run, group, series, date], ``persons`` [group, date].
    """

    runs: tuple[int, ...]
    dates: tuple[str, ...]
    groups: tuple[Group, ...]
    shares: NDArray[np.float32]
    persons: Floats


def cube_of(results: sim.Results, dates: tuple[str, ...]) -> Cube:
    """The cube of an ensemble on chosen dates. Raises :class:`sim.InputError` if the tables lack one of them."""
    people = results.soviet_power
    missing = sorted(set(dates) - set(people["date"].unique()))
    if missing:
        raise sim.InputError(f"the tables of '{results.scenario}' have nothing on {', '.join(missing[:5])}.")
    runs = tuple(results.runs)
    first = people[(people["run"] == runs[0]) & (people["date"] == dates[0])]
    cells = tuple(zip(first["place"].astype(str), first["stratum"].astype(str), strict=True))
    shares = np.empty((len(runs), len(dates), len(cells), len(SERIES)), dtype=np.float64)
    shares[..., -1] = _block(people, "share", runs, dates, len(cells))
    persons = _block(people, "persons", runs, dates, len(cells))
    follow = results.allegiance
    for index, party in enumerate(sim.PARTIES):
        shares[..., index] = _block(follow[follow["party"] == party], "share", runs, dates, len(cells))
    groups = groups_of(cells)
    whole = np.empty((len(runs), len(groups), len(SERIES), len(dates)), dtype=np.float32)
    count = np.empty((len(groups), len(dates)))
    for index, group in enumerate(groups):
        weight = persons[:, :, group.cells]
        total = weight.sum(axis=2)
        mean = np.einsum("rdc,rdcs->rsd", weight, shares[:, :, group.cells, :])
        whole[:, index] = mean / np.maximum(total, 1e-9)[:, None, :]
        count[index] = total.mean(axis=0)
    return Cube(runs, dates, groups, whole, count)


def _block(frame: pd.DataFrame, column: str, runs: tuple[int, ...], dates: tuple[str, ...], cells: int) -> Floats:
    """A column as [run, date, cell]: the tables stand in this order."""
    frame = frame[frame["date"].isin(dates)]
    if "run" in frame:
        frame = frame[frame["run"].isin(runs)]
    values = np.asarray(frame[column], dtype=np.float64)
    if values.size != len(runs) * len(dates) * cells:
        raise sim.InputError("the tables are not complete: a run, date or group is missing.")
    return values.reshape(len(runs), len(dates), cells)
