"""Shocks: what events have done to cells, each fading with its own half-life.

Shocks of one quantity and one half-life are summed, so the cost of a day does not grow with the number of events. Most
of them shake few cells, and a day goes over those alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.words.identifiers import C, K, P
from sim.words.kernels import kernel

#: What an event can shake, with the shape of it in one cell.
QUANTITIES: Mapping[str, tuple[int, ...]] = {
    "hardship": (K,),
    "fear": (),
    "insecurity": (),
    "discipline": (),
    "silenced": (P,),
    "opened": (P, C),
    "channel": (C,),
    "outrage": (P,),
}


@kernel
def gather(
    levels: NDArray[np.float64],
    start: NDArray[np.int64],
    cell: NDArray[np.int64],
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    out: NDArray[np.float64],
) -> None:
    """Add ``rows`` of ``levels`` [rows, cells] to the ``columns`` of ``out`` [cells, width] they belong to, in place.

    Row r has shaken ``cell[start[r]:start[r + 1]]`` and is zero elsewhere.
    """
    for j in range(rows.size):
        row, column = rows[j], columns[j]
        for i in range(start[row], start[row + 1]):
            out[cell[i], column] += levels[row, cell[i]]


@kernel
def wane(
    levels: NDArray[np.float64], start: NDArray[np.int64], cell: NDArray[np.int64], left: NDArray[np.float64]
) -> None:
    """A day passes for ``levels`` [rows, cells], in place: ``left`` [rows] of them is left. See :func:`gather`."""
    for row in range(left.size):
        for i in range(start[row], start[row + 1]):
            levels[row, cell[i]] *= left[row]


class Shocks:
    """Sums of fading shocks: a row of cells for each quantity, half-life and index of the quantity's shape."""

    def __init__(self, cells: int):
        self.cells = cells
        self._rows: dict[tuple[str, float, tuple[int, ...]], int] = {}
        self._levels = np.zeros((0, cells))
        self._left = np.zeros(0)
        #: Which cells a row has shaken, [rows, cells], and the same in compressed rows until another one is shaken.
        self._shaken = np.zeros((0, cells), dtype=np.bool_)
        self._compressed: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
        #: Quantities that an event shook today.
        self.struck: set[str] = set()
        self._orders: dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
        self._sums = {name: np.zeros((cells, math.prod(shape))) for name, shape in QUANTITIES.items()}
        self._totals: dict[str, NDArray[np.float64]] = {}
        self._levelled: dict[str, NDArray[np.float64]] = {}

    def add(
        self, quantity: str, cells: NDArray[np.intp], size: float, half_life: float, at: tuple[int, ...] = ()
    ) -> None:
        """Shake ``quantity`` (at an index of its shape) in some cells by ``size``."""
        self.struck.add(quantity)
        row = self._row(quantity, half_life, at)
        self._levels[row, cells] += size
        if not self._shaken[row, cells].all():
            self._shaken[row, cells] = True
            self._compressed = None
        self._totals.pop(quantity, None)
        self._levelled.pop(quantity, None)

    def _row(self, quantity: str, half_life: float, at: tuple[int, ...]) -> int:
        key = (quantity, float(half_life), at)
        if key not in self._rows:
            self._rows[key] = len(self._rows)
            self._levels = np.vstack([self._levels, np.zeros((1, self.cells))])
            self._left = np.append(self._left, 0.5 ** (1.0 / half_life))
            self._shaken = np.vstack([self._shaken, np.zeros((1, self.cells), dtype=np.bool_)])
            self._compressed = None
            self._orders.pop(quantity, None)
        return self._rows[key]

    def fade(self) -> None:
        """A day passes."""
        self.struck.clear()
        self._totals.clear()
        self._levelled.clear()
        wane(self._levels, *self._where(), self._left)

    def total(self, quantity: str) -> NDArray[np.float64]:
        """What is left today of all shocks to a quantity, [cells, *QUANTITIES[quantity]].

        Not to be written to, and to be copied by whoever needs it longer than the day: the next total takes its place.
        """
        if quantity not in self._totals:
            out = self._sums[quantity]
            out[:] = 0.0
            gather(self._levels, *self._where(), *self._order(quantity), out)
            self._totals[quantity] = out.reshape(self.cells, *QUANTITIES[quantity])
        return self._totals[quantity]

    def level(self, quantity: str) -> NDArray[np.float64]:
        """The same, at least 0 and at most 1."""
        if quantity not in self._levelled:
            self._levelled[quantity] = np.clip(self.total(quantity), 0.0, 1.0)
        return self._levelled[quantity]

    def _where(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The cells that each row has shaken, in compressed rows: see :func:`gather`."""
        if self._compressed is None:
            start = np.concatenate([[0], np.cumsum(self._shaken.sum(axis=1))])
            self._compressed = start.astype(np.int64), np.nonzero(self._shaken)[1].astype(np.int64)
        return self._compressed

    def _order(self, quantity: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows of a quantity and the columns of its shape that they add to.

        By half-life, in the order in which the half-lives first struck: the order of a sum decides its last bits.
        """
        if quantity not in self._orders:
            mine = [(half_life, at, row) for (name, half_life, at), row in self._rows.items() if name == quantity]
            half_lives = list(dict.fromkeys(half_life for half_life, _, _ in mine))
            mine.sort(key=lambda of: half_lives.index(of[0]))
            shape = QUANTITIES[quantity]
            columns = [int(np.ravel_multi_index(at, shape)) if shape else 0 for _, at, _ in mine]
            self._orders[quantity] = np.array([row for _, _, row in mine], np.int64), np.array(columns, np.int64)
        return self._orders[quantity]

    def layers(self, quantity: str) -> dict[float, NDArray[np.float64]]:
        """The shocks to a quantity that are left today, [cells, *shape], by half-life."""
        found: dict[float, NDArray[np.float64]] = {}
        for (name, half_life, at), row in self._rows.items():
            if name == quantity:
                where: Any = (slice(None), *at)
                layer = found.setdefault(half_life, np.zeros((self.cells, *QUANTITIES[quantity])))
                layer[where] = self._levels[row]
        return found

    def state(self) -> dict[str, NDArray[np.float64]]:
        """Levels by 'quantity@half_life', [cells, *shape], for a checkpoint."""
        return {
            f"{name}@{half_life!r}": layer
            for name in dict.fromkeys(name for name, _, _ in self._rows)
            for half_life, layer in self.layers(name).items()
        }

    def load(self, state: Mapping[str, NDArray[np.float64]]) -> None:
        """Put back what :meth:`state` gave."""
        self._rows, self._orders, self._totals, self._levelled = {}, {}, {}, {}
        self._levels, self._left, self._compressed = np.zeros((0, self.cells)), np.zeros(0), None
        self._shaken = np.zeros((0, self.cells), dtype=np.bool_)
        for key, layer in state.items():
            name, half_life = key.split("@")
            for at in np.ndindex(QUANTITIES[name]):
                where: Any = (slice(None), *at)
                if layer[where].any() or not any(at):
                    row = self._row(name, float(half_life), at)
                    self._levels[row] = layer[where]
                    self._shaken[row] = layer[where] != 0.0
