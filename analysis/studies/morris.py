"""Which parameters matter at all: Morris's screening on the model itself, with the noise floor beside each effect.

A trajectory starts at a point of a grid over the declared ranges and moves one parameter a step; what the step changes
is an elementary effect. mu* is the mean of their sizes over trajectories, sigma their spread (much of it: the effect
depends on where the others stand). Steps are scaled so that an effect is what the whole range would do. All points of a
trajectory share their chance, so that a parameter that nothing reads has an effect of exactly zero. The noise floor is
the mu* that other seeds alone would give: an effect above it is more than chance, one below it may be.

After Morris (1991) and Campolongo, Cariboni and Saltelli (2007), through SALib.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.inference.calibrate import Axis
from analysis.studies.probe import EFFECT, Probe, measure

Floats = NDArray[np.float64]
LEVELS = 4
#: Runs of a trajectory's first point with other seeds, for the noise floor.
REPEATS = 3


@dataclass(frozen=True)
class Setting:
    """What makes a screening the one it is. ``within``: the part of each range, round the default, that is covered."""

    parameters: tuple[str, ...]
    trajectories: int = 4
    replicates: int = 1
    agents: int = 2_000
    seed: int = 1917
    what_if: str | None = None
    within: float = 1.0


def axes_of(names: Sequence[str], within: float = 1.0) -> tuple[Axis, ...]:
    """Parameters over their declared ranges, or over a part of them round the default."""
    found = []
    for name in names:
        d = sim.DECLARATIONS[name]
        whole = Axis(name, d.low, d.high, d.default, d.scale == "log")
        middle = whole.unit(d.default)
        low = min(max(middle - within / 2.0, 0.0), 1.0 - within)
        found.append(Axis(name, whole.value(low), whole.value(low + within), d.default, whole.log))
    return tuple(found)


def chosen(names: Sequence[str] = (), mechanisms: Sequence[str] = ()) -> tuple[str, ...]:
    """Parameters by name or mechanism, in the order of the day; all that have a range, without either.

    Raises :class:`sim.InputError` for what does not exist.
    """
    declared = sim.DECLARATIONS
    rooms = sorted({d.mechanism for d in declared.values()})
    for name in names:
        sim.Parameters().having(**{name: declared[name].default if name in declared else 0.0})
    for mechanism in mechanisms:
        if mechanism not in rooms:
            raise sim.InputError(f"no parameter belongs to '{mechanism}'. Expected one of {', '.join(rooms)}.")
    wanted = [d for d in declared.values() if d.name in names or d.mechanism in mechanisms]
    return tuple(d.name for d in (wanted if names or mechanisms else declared.values()) if d.low < d.high)


# --- the design -------------------------------------------------------------------------------------------------------


def design(count: int, trajectories: int, seed: int) -> Floats:
    """Points [trajectories x (count + 1), count] of the unit cube. A pure function of the seed, 0 as any other."""
    from SALib.sample import morris

    generator = np.random.default_rng([seed, 1])
    points = morris.sample(problem([f"x{i}" for i in range(count)]), trajectories, num_levels=LEVELS, seed=generator)
    return np.asarray(points, dtype=np.float64)


def problem(names: Sequence[str]) -> dict[str, Any]:
    """The unit cube in SALib's words."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def probes(setting: Setting) -> dict[str, Probe]:
    """Every run of a screening, by name: ``point/replicate``, and ``again/trajectory/number`` for the noise floor.

    All points of a trajectory have the seeds of the trajectory; the repeats of its first point have others.
    """
    over = axes_of(setting.parameters, setting.within)
    points = design(len(over), setting.trajectories, setting.seed)
    length = len(over) + 1
    found = {}
    for index, point in enumerate(points):
        for replicate in range(setting.replicates):
            seed = seed_of(setting, index // length, replicate)
            found[f"{index}/{replicate}"] = _probe(setting, over, point, seed)
    for trajectory in range(setting.trajectories):
        for number in range(REPEATS):
            seed = seed_of(setting, trajectory, setting.replicates + number)
            found[f"again/{trajectory}/{number}"] = _probe(setting, over, points[trajectory * length], seed)
    return found


def seed_of(setting: Setting, trajectory: int, number: int) -> int:
    """The seed of a run: no two trajectories or replicates share one."""
    return setting.seed + 1_000 * (trajectory + 1) + number


def _probe(setting: Setting, over: Sequence[Axis], point: Floats, seed: int) -> Probe:
    values = tuple((a.name, a.value(float(u))) for a, u in zip(over, point, strict=True))
    return Probe(seed, setting.agents, values, what_if=setting.what_if)


def numbers(probe: Probe) -> dict[str, float]:
    """What a run of a screening keeps."""
    found: dict[str, float] = measure(probe)["numbers"]
    return found


# --- what comes of it -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Screened:
    """Elementary effects on one output, an entry a parameter, in the output's unit over the whole range.

    ``floor``: the mu* that chance alone gives; ``spread``: standard deviation of the output over the design.
    """

    output: str
    mu: Floats
    mu_star: Floats
    sigma: Floats
    confidence: Floats
    floor: float
    spread: float


@dataclass(frozen=True)
class Screening:
    """A screening: outputs with effects, and those that can't have any: name -> (missing, of) runs."""

    setting: Setting
    screened: tuple[Screened, ...]
    refused: Mapping[str, tuple[int, int]]

    def of(self, output: str) -> Screened:
        """One output. Raises :class:`sim.InputError` for one that was refused, with the count, or does not exist."""
        if output in self.refused:
            raise sim.InputError(told_missing(output, *self.refused[output]))
        found = {s.output: s for s in self.screened}
        if output not in found:
            raise sim.InputError(f"no output '{output}'.")
        return found[output]

    def ranking(self, kind: str) -> dict[str, float]:
        """Parameter -> mean over outputs of a kind of mu* in standard deviations of the output, most first."""
        some = [s for s in self.screened if kind_of(s.output) == kind and s.spread > 0.0]
        if not some:
            return {}
        mean = np.mean([s.mu_star / s.spread for s in some], axis=0)
        order = np.argsort(-mean, kind="stable")
        return {self.setting.parameters[i]: float(mean[i]) for i in order}


def told_missing(output: str, missing: int, of: int) -> str:
    """Why an output has no indices."""
    return f"'{output}' is missing in {missing} of {of} runs: it has no effects (none is made up for what never came)."


def kind_of(output: str) -> str:
    """``effect`` of the what-if, ``curve`` of a group's share or support, or ``outcome``."""
    if output.startswith(EFFECT):
        return "effect"
    return "curve" if output.count("/") == 3 and output.split("/")[0] in ("bolshevik", "soviet_power") else "outcome"


def screen(setting: Setting, runs: Mapping[str, Mapping[str, float]]) -> Screening:
    """Effects of every output that all runs hold. ``runs`` as :func:`probes` names them."""
    over = axes_of(setting.parameters, setting.within)
    points = design(len(over), setting.trajectories, setting.seed)
    outputs = sorted({name for run in runs.values() for name in run})
    screened, refused = [], {}
    for output in outputs:
        values = {name: float(run.get(output, math.nan)) for name, run in runs.items()}
        missing = sum(not math.isfinite(value) for value in values.values())
        if missing:
            refused[output] = (missing, len(values))
            continue
        rows = [[values[f"{i}/{k}"] for k in range(setting.replicates)] for i in range(len(points))]
        screened.append(_screened(output, setting, points, np.array(rows).mean(axis=1), values))
    return Screening(setting, tuple(screened), refused)


def _screened(output: str, setting: Setting, points: Floats, values: Floats, runs: Mapping[str, float]) -> Screened:
    found = elementary(points, values, setting.seed)
    again = [
        [runs[f"{t * (points.shape[1] + 1)}/0"], *(runs[f"again/{t}/{k}"] for k in range(REPEATS))]
        for t in range(setting.trajectories)
    ]
    return Screened(output, *found, noise_floor(again, setting.replicates), float(values.std()))


def elementary(points: Floats, values: Floats, seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """mu, mu*, sigma and the half-width of mu*'s 95 per cent interval, an entry a column of ``points`` [N, D].

    Raises :class:`sim.InputError` when values [N] are missing, with their count.
    """
    from SALib.analyze import morris

    missing = int((~np.isfinite(values)).sum())
    if missing:
        raise sim.InputError(told_missing("the output", missing, len(values)))
    names = [f"x{i}" for i in range(points.shape[1])]
    if not np.ptp(values):
        return tuple(np.zeros(len(names)) for _ in range(4))  # type: ignore[return-value]
    generator = np.random.default_rng([seed, 2])
    found = morris.analyze(problem(names), points, values, num_levels=LEVELS, seed=generator)
    return tuple(  # type: ignore[return-value]
        np.nan_to_num(np.asarray(found[key], dtype=np.float64)) for key in ("mu", "mu_star", "sigma", "mu_star_conf")
    )


def noise_floor(again: Sequence[Sequence[float]], replicates: int) -> float:
    """mu* of a parameter without effect if the ends of each step had seeds of their own.

    The mean size of the difference between two runs of one point (``again``: runs by point), over the step's length;
    means of several replicates differ less.
    """
    gaps = [abs(a - b) for runs in again for a, b in combinations(runs, 2)]
    step = LEVELS / (2.0 * (LEVELS - 1))
    return float(np.mean(gaps)) / step / math.sqrt(replicates)
