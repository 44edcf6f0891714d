"""What a pattern is, and how its rule is applied to the numbers of several runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from ruamel.yaml import YAML

from analysis.contests import TARGETS
from analysis.year import Numbers, Year

Status = Literal["met", "not met", "met in part", "not measured"]


@lru_cache(maxsize=1)
def marks() -> Mapping[str, Any]:
    """The tolerances of analysis/targets/passmarks.yaml."""
    data: Mapping[str, Any] = YAML(typ="safe", pure=True).load((TARGETS / "passmarks.yaml").read_text(encoding="utf-8"))
    found: Mapping[str, Any] = data["patterns"]
    return found


@dataclass(frozen=True)
class Pattern:
    """One pattern. ``unmeasured`` names a part that no table shows: with it the pattern can be met in part at best."""

    id: str
    title: str
    source: str
    rule: str
    measure: Callable[[Year], Numbers | None]
    met: Callable[[Numbers], bool]
    unmeasured: str = ""


@dataclass(frozen=True)
class Verdict:
    """A pattern's status over the runs, with the means of its numbers."""

    pattern: Pattern
    status: Status
    numbers: Numbers


def judge(pattern: Pattern, runs: Sequence[Numbers | None]) -> Verdict:
    """Apply the rule to the means over runs; a pattern that any run can't show is not measured."""
    known = [numbers for numbers in runs if numbers is not None]
    if not known or len(known) < len(runs):
        return Verdict(pattern, "not measured", {})
    mean = {name: float(np.mean([numbers[name] for numbers in known])) for name in known[0]}
    if not all(np.isfinite(value) for value in mean.values()):
        return Verdict(pattern, "not measured", mean)
    if not pattern.met(mean):
        return Verdict(pattern, "not met", mean)
    return Verdict(pattern, "met in part" if pattern.unmeasured else "met", mean)
