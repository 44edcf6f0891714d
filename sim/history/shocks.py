"""Shocks: what events have done to cells, each fading with its own half-life.

Shocks of one quantity and one half-life are summed, so the cost of a day does not grow with the number of events.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.words.identifiers import C, K, P

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


class Shocks:
    """Sums of fading shocks, by quantity and half-life."""

    def __init__(self, cells: int):
        self.cells = cells
        self._layers: dict[tuple[str, float], NDArray[np.float64]] = {}
        #: Quantities that an event shook today.
        self.struck: set[str] = set()
        self._totals: dict[str, NDArray[np.float64]] = {}
        self._nothing = {name: np.zeros((cells, *shape)) for name, shape in QUANTITIES.items()}

    def add(
        self, quantity: str, cells: NDArray[np.intp], size: float, half_life: float, at: tuple[int, ...] = ()
    ) -> None:
        """Shake ``quantity`` (at an index of its shape) in some cells by ``size``."""
        key = (quantity, float(half_life))
        if key not in self._layers:
            self._layers[key] = np.zeros((self.cells, *QUANTITIES[quantity]))
        self.struck.add(quantity)
        where: Any = (cells, *at)
        self._layers[key][where] += size
        self._totals.pop(quantity, None)

    def fade(self) -> None:
        """A day passes."""
        self.struck.clear()
        self._totals.clear()
        for (_, half_life), layer in self._layers.items():
            layer *= 0.5 ** (1.0 / half_life)

    def total(self, quantity: str) -> NDArray[np.float64]:
        """What is left today of all shocks to a quantity, [cells, *QUANTITIES[quantity]]; not to be written to."""
        if quantity not in self._totals:
            layers = [layer for (name, _), layer in self._layers.items() if name == quantity]
            self._totals[quantity] = functools.reduce(np.add, layers) if layers else self._nothing[quantity]
        return self._totals[quantity]

    def layers(self, quantity: str) -> dict[float, NDArray[np.float64]]:
        """The shocks to a quantity that are left today, by half-life; not to be written to."""
        return {half_life: layer for (name, half_life), layer in self._layers.items() if name == quantity}

    def state(self) -> dict[str, NDArray[np.float64]]:
        """Layers by 'quantity@half_life', for a checkpoint."""
        return {f"{name}@{half_life!r}": layer.copy() for (name, half_life), layer in self._layers.items()}

    def load(self, state: Mapping[str, NDArray[np.float64]]) -> None:
        """Put back what :meth:`state` gave."""
        self._layers = {}
        self._totals.clear()
        for key, layer in state.items():
            name, half_life = key.split("@")
            self._layers[name, float(half_life)] = np.array(layer)
