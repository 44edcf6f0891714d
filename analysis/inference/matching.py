"""Where to run next: the points that the evidence does not rule out, and then those around the posterior.

History matching (Craig and others 1997): a point is implausible where the third worst contest is missed by more than
three standard deviations of discrepancy, chance and emulator together. ``python -m analysis matching --wave 2`` reads
the working folder of :mod:`analysis.inference.reference`, fits the emulator and writes the design of the wave: points
not ruled out, denser toward the posterior the later the wave. The discrepancy is the prior guess, wider than what is
found later.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.evidence.contests import contests
from analysis.inference.emulator import Emulator
from analysis.inference.posterior import GUESS, SEED, Likelihood
from analysis.inference.reference import Reference, load, on_steps, sobol
from analysis.inference.sampler import Box, sample
from analysis.running.plainly import plainly

Floats = NDArray[np.float64]
#: Standard deviations by which the third worst contest may be missed.
CUT, WORST = 3.0, 3
#: The power of the likelihood within which waves are run: wider than the posterior, the earlier the wider.
WIDENED = {2: 0.25}
LATER = 0.5


def implausibility(likelihood: Likelihood, points: Floats) -> Floats:
    """The third worst miss [M] over contests, in standard deviations."""
    missed = likelihood.implausibility(points)
    return np.asarray(np.sort(missed, axis=1)[:, -min(WORST, missed.shape[1])])


def left_standing(likelihood: Likelihood, dimensions: int, count: int = 20_000) -> float:
    """The share of the prior box that is not implausible."""
    return float((implausibility(likelihood, sobol(dimensions, count)) <= CUT).mean())


def not_ruled_out(likelihood: Likelihood, dimensions: int, count: int, seed: int = SEED, power: float = 0.0) -> Floats:
    """Points [count, D] spread over what is not implausible, evenly or as a power of the likelihood has it."""

    def hill(points: Floats) -> Floats:
        ruled_out = -20.0 * np.maximum(0.0, implausibility(likelihood, points) - CUT) ** 2
        return ruled_out + power * likelihood(points) if power else ruled_out

    found = sample(hill, Box.whole(dimensions), max(count, 1000), seed).points
    return np.asarray(found[np.random.default_rng([seed, 3]).permutation(len(found))[:count]])


def design(table: Reference, wave: int, count: int, seed: int = SEED) -> tuple[Floats, str]:
    """The points of a wave [count, D], and a line on how they were chosen."""
    emulator, fitted = Emulator.fit(table), contests("calibrate")
    likelihood = Likelihood(emulator, fitted, GUESS)
    share = left_standing(likelihood, len(table.names))
    points = not_ruled_out(likelihood, len(table.names), count, seed + wave, WIDENED.get(wave, LATER))
    error = emulator.error.mean()
    told = f"{100 * share:.2f} per cent of the prior box is not implausible, the emulator's error {error:.1f} points"
    return on_steps(points), told


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m analysis matching", description=__doc__.split("\n")[0])
    parser.add_argument("--wave", type=int, required=True, help="the wave to plan, 2 or later")
    parser.add_argument("--count", type=int, default=2_000, help="points of the design")
    parser.add_argument("--out", type=Path, default=Path("results") / "reference", help="working folder")
    given = parser.parse_args(arguments)
    if given.wave < 2:
        parser.error("wave 1 needs no design")
    with plainly():
        table = load(given.out / "table.parquet")
        earlier = table.keep(table.waves < given.wave)
        points, how = design(earlier, given.wave, given.count)
    path = given.out / f"design_{given.wave}.npy"
    np.save(path, points)
    print(f"wave {given.wave}: {len(points)} points, {how}: {path}")
