"""Cells of the tables that tell a validation: numbers, intervals, statuses, the names of parts and targets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

#: Fewer contests than this get no bootstrap interval: it would only repeat the contests' own errors.
FEW = 5
TOO_FEW = "too few"
OF = {"all": "all", "space": "in space", "elections": "elections in time", "time": "along time"}
TARGETS = {
    "bolshevik": "Bolshevik share",
    "families": "four families",
    "motions": "motions",
    "members": "members",
    "national": "national lists",
}


def number(value: float | None, digits: int = 1) -> str:
    """A number, or a dash."""
    return "-" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def span(row: Mapping[str, Any], digits: int = 1) -> str:
    """The bootstrap interval of a row's error; of few contests none."""
    if row.get("low") is None:
        return ""
    return f"{number(row['low'], digits)} to {number(row['high'], digits)}" if row["n"] >= FEW else TOO_FEW


def status(met: bool) -> str:
    """Whether a mark is met."""
    return "met" if met else "not met"
