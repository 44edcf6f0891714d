"""Columns declared once: the base of the tables of people and of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Column:
    """One column: what it means, its unit and the bounds that a test holds it to.

    ``place`` columns say where a row belongs, ``trait`` columns never change during a run, ``state`` columns do.
    """

    name: str
    kind: Literal["place", "trait", "state"]
    dtype: type
    shape: tuple[int, ...]
    low: float
    high: float
    unit: str
    meaning: str


class ColumnTable:
    """``n`` rows; each declared column is an attribute, an array of shape [n, *column.shape]."""

    COLUMNS: ClassVar[tuple[Column, ...]] = ()

    def __init__(self, n: int):
        self.n = n
        for column in self.COLUMNS:
            setattr(self, column.name, np.zeros((n, *column.shape), dtype=column.dtype))

    def state(self) -> dict[str, NDArray[Any]]:
        """Copies of the columns that change, for a checkpoint."""
        return {c.name: getattr(self, c.name).copy() for c in self.COLUMNS if c.kind == "state"}

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Put back what :meth:`state` gave. Raises KeyError when a column is missing."""
        for column in self.COLUMNS:
            if column.kind == "state":
                getattr(self, column.name)[...] = state[column.name]

    def out_of_bounds(self) -> list[str]:
        """Names of columns with a value outside the bounds they declare (NaN counts). Empty when all is well."""
        bad = []
        for column in self.COLUMNS:
            values = getattr(self, column.name)
            if values.dtype != np.bool_ and not bool(np.all((values >= column.low) & (values <= column.high))):
                bad.append(column.name)
        return bad
