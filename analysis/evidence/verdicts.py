"""What a pattern is, and how its rule is applied to the numbers of several runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from ruamel.yaml import YAML

from analysis.evidence.year import Numbers, Year
from analysis.running.folders import TARGETS

Status = Literal["met", "not met", "met in part", "not measured"]


@lru_cache(maxsize=1)
def all_marks() -> Mapping[str, Any]:
    """analysis/targets/passmarks.yaml."""
    found: Mapping[str, Any] = YAML(typ="safe", pure=True).load(
        (TARGETS / "passmarks.yaml").read_text(encoding="utf-8")
    )
    return found


def marks() -> Mapping[str, Any]:
    """The tolerances of the patterns."""
    found: Mapping[str, Any] = all_marks()["patterns"]
    return found


@dataclass(frozen=True)
class Pattern:
    """One pattern. ``unmeasured`` names a part that no table shows: with it the pattern can be met in part at best.

    ``beyond`` says why it lies outside what the model was made for, where it does: it is an extrapolation.

    What keeps it from being an independent test is declared with it: ``seen`` says which rules or coefficients were
    set with the pattern in view, ``pinned`` what of it the scenario gives, ``fitted`` names contests that it reads and
    that the posterior is fitted to.
    """

    id: str
    title: str
    source: str
    rule: str
    measure: Callable[[Year], Numbers | None]
    met: Callable[[Numbers], bool]
    unmeasured: str = ""
    beyond: str = ""
    seen: str = ""
    pinned: str = ""
    fitted: tuple[str, ...] = ()

    @property
    def ties(self) -> dict[str, str]:
        """Short mark -> reason, for each thing that keeps it from being an independent test."""
        fitted = f"contests {', '.join(self.fitted)} are fitted" if self.fitted else ""
        known = {"set with it in view": self.seen, "partly pinned": self.pinned, "partly fitted": fitted}
        return {mark: reason for mark, reason in known.items() if reason}


@dataclass(frozen=True)
class Verdict:
    """A pattern's status over the runs, the means of its numbers, and in how many of the runs it holds by itself."""

    pattern: Pattern
    status: Status
    numbers: Numbers
    held: int = 0
    runs: int = 0
    spread: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Share of the runs, each on its own numbers, in which it holds."""
        return self.held / self.runs if self.runs else 0.0


def judge(pattern: Pattern, runs: Sequence[Numbers | None], least: float | None = None) -> Verdict:
    """Apply the rule; a pattern that any run can't show is not measured.

    With ``least``, runs are sets of the posterior, and the pattern is met if at least this share of them shows it each
    by itself. Without, runs differ by chance alone, and the rule is applied to the means of their numbers.
    """
    known = [numbers for numbers in runs if numbers is not None]
    if not known or len(known) < len(runs):
        return Verdict(pattern, "not measured", {}, runs=len(runs))
    names = known[0]
    mean = {name: float(np.mean([numbers[name] for numbers in known])) for name in names}
    if not all(np.isfinite(value) for value in mean.values()):
        return Verdict(pattern, "not measured", mean, runs=len(runs))
    held = sum(bool(pattern.met(numbers)) for numbers in known)
    spread = {n: _inner(np.array([numbers[n] for numbers in known])) for n in names}
    met = pattern.met(mean) if least is None else held >= least * len(known)
    status: Status = "not met" if not met else "met in part" if pattern.unmeasured else "met"
    return Verdict(pattern, status, mean, held, len(runs), spread)


def _inner(values: np.ndarray) -> tuple[float, float]:
    """The inner nine tenths."""
    low, high = np.quantile(values, [0.05, 0.95])
    return float(low), float(high)
