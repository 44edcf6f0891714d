"""What a body can know of the people: a table of assemblies, a table of cells.

An assembly is where people talk and vote by show of hands: a plant, a company, a ship, a village, an office. A row
may stand for several real assemblies of the same kind (``copies``). A cell is the finest homogeneous unit of the
electorate: place, province, stratum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.words.errors import unknown
from sim.words.identifiers import STRATUM, TONGUES, TRADE, P

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Names for groups of places that no common prefix holds together.
_GROUPS = {"all": ("*",), "fronts": ("*_front",), "fleets": ("*_fleet",), "capitals": ("petrograd/*", "moscow/*")}


def matching(patterns: Sequence[str], names: Sequence[str]) -> Ints:
    """Positions in ``names`` of the places that any of ``patterns`` names, in the order of ``names``.

    A pattern is an exact id, a whole ('petrograd' holds 'petrograd/vyborg'), a kind ('*/towns', '*/garrisons') or a
    group ('fronts', 'fleets', 'capitals', 'all').
    """
    return _matching(tuple(patterns), tuple(names))


@cache
def _matching(patterns: tuple[str, ...], names: tuple[str, ...]) -> Ints:
    globs: list[str] = []
    for pattern in patterns:
        globs.extend(_GROUPS.get(pattern, (pattern, f"{pattern}/*")))
    found = np.array(
        [i for i, name in enumerate(names) if any(fnmatchcase(name, glob) for glob in globs)], dtype=np.int64
    )
    found.flags.writeable = False
    return found


def _codes(kind: str, words: Sequence[str], index: dict[str, int]) -> list[int]:
    for word in words:
        if word not in index:
            raise unknown(kind, word, index)
    return [index[word] for word in words]


def _among(codes: Ints, wanted: Sequence[int] | Ints, options: int) -> NDArray[np.bool_]:
    """Which ``codes`` (0 to ``options`` - 1) are wanted: what np.isin gives, by a table instead of sorting."""
    table = np.zeros(options, dtype=np.bool_)
    table[wanted] = True
    return table[codes]


@dataclass(frozen=True, eq=False)
class AssemblyView:
    """One row an assembly; A rows, P parties.

    ``place`` indexes ``place_names``; ``group`` is the society's own number of the group or cell; ``real_size`` is
    persons in one real assembly; ``copies`` how many real assemblies the row stands for; ``share`` the mean
    allegiance of its people, rows summing to 1; ``soviet_power`` their mean support for soviet power, 0..1.
    """

    place_names: tuple[str, ...]
    place: Ints
    group: Ints
    stratum: Ints
    trade: Ints
    real_size: Floats
    copies: Floats
    share: Floats
    soviet_power: Floats

    def __post_init__(self) -> None:
        rows = self.place.shape[0]
        if self.share.shape != (rows, P):
            raise ValueError(f"share has shape {self.share.shape}; {rows} assemblies and {P} parties were expected")
        for name in ("group", "stratum", "trade", "real_size", "copies", "soviet_power"):
            if getattr(self, name).shape != (rows,):
                raise ValueError(f"{name} must have one value for each of the {rows} assemblies")

    @property
    def persons(self) -> Floats:
        """Real persons behind each row."""
        return self.real_size * self.copies

    def rows(self, places: Sequence[str], strata: Sequence[str], trades: Sequence[str] = ()) -> Ints:
        """Rows in the places that ``places`` names, of the strata (and trades) given, in row order."""
        chosen = _among(self.place, matching(places, self.place_names), len(self.place_names))
        chosen &= _among(self.stratum, _codes("stratum", strata, STRATUM), len(STRATUM))
        if trades:
            chosen &= np.isin(self.trade, _codes("trade", trades, TRADE))
        return np.flatnonzero(chosen)


@dataclass(frozen=True, eq=False)
class CellView:
    """One row a cell; N rows. ``persons`` are electors: men and women of voting age, soldiers of any age over 18.

    ``province`` indexes ``province_names`` and is -1 where there is none (fronts and fleets are districts of their
    own). ``turnout`` is the cell's own readiness to vote relative to its stratum (1 = as its stratum); ``tongue`` the
    shares of mother tongues in the order of TONGUES; ``women`` the share of women among electors.
    """

    place_names: tuple[str, ...]
    province_names: tuple[str, ...]
    place: Ints
    province: Ints
    stratum: Ints
    persons: Floats
    share: Floats
    turnout: Floats
    tongue: Floats
    women: Floats

    def __post_init__(self) -> None:
        rows = self.place.shape[0]
        if self.share.shape != (rows, P) or self.tongue.shape != (rows, len(TONGUES)):
            raise ValueError(f"share and tongue must have {rows} rows, {P} parties and {len(TONGUES)} tongues")
        for name in ("province", "stratum", "persons", "turnout", "women"):
            if getattr(self, name).shape != (rows,):
                raise ValueError(f"{name} must have one value for each of the {rows} cells")

    def rows(self, places: Sequence[str], strata: Sequence[str] = ()) -> Ints:
        """Rows in the places that ``places`` names (and of the strata given), in row order."""
        chosen = _among(self.place, matching(places, self.place_names), len(self.place_names))
        if strata:
            chosen &= _among(self.stratum, _codes("stratum", strata, STRATUM), len(STRATUM))
        return np.flatnonzero(chosen)


def weighted_share(share: Floats, weight: Floats) -> Floats:
    """Mean of the rows of ``share`` [N, P] by ``weight`` [N]; zeros when nobody is there."""
    total = float(weight.sum())
    if total <= 0:
        return np.zeros(share.shape[1])
    return np.asarray(weight @ share / total)
