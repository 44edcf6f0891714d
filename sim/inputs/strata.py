"""What strata want and what marks trades: reads ``sim/evidence/strata.yaml`` into arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from sim.words.identifiers import CHANNELS, DEMANDS, STRATA, TONGUES, TRADES

#: Soldiers of garrisons and bases, beside the strata, in the table of access.
REAR = "soldier_rear"


@dataclass(frozen=True)
class StrataTraits:
    """Arrays in the order of :mod:`sim.words.identifiers`: ``want``, ``push`` [strata, K]; ``access``
    [strata + 1, C], the last row for soldiers in the rear; ``soviet_start`` [strata]; ``nation_want`` [tongues]; the
    rest [trades]."""

    want: NDArray[np.float32]
    push: NDArray[np.float32]
    nation_want: NDArray[np.float32]
    consciousness: NDArray[np.float32]
    village_tie: NDArray[np.float32]
    engagement: NDArray[np.float32]
    literacy: NDArray[np.float32]
    memory: NDArray[np.float32]
    women: NDArray[np.float32]
    women_literacy: float
    access: NDArray[np.float32]
    soviet_start: NDArray[np.float32]


@cache
def strata_traits() -> StrataTraits:
    """Read the table once. Raises KeyError when a stratum, trade or demand is missing from it."""
    text = (resources.files("sim") / "evidence" / "strata.yaml").read_text(encoding="utf-8")
    data = YAML(typ="safe").load(text)

    def by_stratum(key: str) -> NDArray[np.float32]:
        return np.array([[data["strata"][s][key][k] for k in DEMANDS] for s in STRATA], dtype=np.float32)

    def by_trade(key: str) -> NDArray[np.float32]:
        return np.array([data["trades"][t][key] for t in TRADES], dtype=np.float32)

    return StrataTraits(
        want=by_stratum("want"),
        push=by_stratum("push"),
        nation_want=np.array([data["nation_want"][t] for t in TONGUES], dtype=np.float32),
        consciousness=by_trade("consciousness"),
        village_tie=by_trade("village_tie"),
        engagement=by_trade("engagement"),
        literacy=by_trade("literacy"),
        memory=by_trade("memory"),
        women=by_trade("women"),
        women_literacy=float(data["women_literacy"]),
        access=np.array([[data["access"][s][c] for c in CHANNELS] for s in (*STRATA, REAR)], dtype=np.float32),
        soviet_start=np.array([data["soviet_start"][s] for s in STRATA], dtype=np.float32),
    )
