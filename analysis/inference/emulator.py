"""The emulator: what a run predicts at any point of the prior box, from the reference table, in a millisecond.

Shares are put on the angular scale, on which chance is about alike everywhere, and told by their principal components;
a Gaussian process predicts each. Components share a few kernels, in which every axis has a relevance of its own, found
by the likelihood of rows of the latest waves. All rows inform it, through at most so many of them as centres (the
projected process of Rasmussen and Williams 2006, 8.3.4), so that a table of any size is fitted in seconds and predicts
as fast. The standard deviation handed out is the error on rows left out one at a time, less the chance of a run: one
figure a target, of rows where the posterior lies. Networks and polynomial regressions were tried on an earlier table
and erred by more. Pure function of table and seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.inference.reference import FIRST_OF_CANDIDATES, Reference

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """How many components are told, how they are parted among kernels (sizes; a last one takes the rest), on how many
    rows relevances are sought (of the latest waves first), for how many steps, and how many rows are centres."""

    components: int = 20
    kernels: tuple[int, ...] = (1, 1, 2)
    rows: int = 640
    steps: int = 40
    centres: int = 3_000


#: Points predicted at a time.
BLOCK = 128
#: Added to a centre's likeness to itself, so that centres near each other can be told apart in the arithmetic.
JITTER = 1e-6
#: Prior of a relevance (per standard deviation of the prior range): middle, and standard deviation in the logarithm.
RELEVANCE, RELEVANCE_SPREAD = 0.15, 1.0


@dataclass(frozen=True)
class Kernel:
    """Some components as a Gaussian process: ``relevance`` [D], ``centres`` [K, D] in units of relevance, what each of
    them weighs [K, C], and what the components miss of rows left out one at a time [N, C]."""

    relevance: Floats
    centres: Singles
    weights: Singles
    left_out: Floats = field(repr=False)

    def predict(self, points: Floats) -> Singles:
        """The components [M, C] at points [M, D], some points at a time so that they stay in the cache."""
        scaled = (_centred(points) * self.relevance).astype(np.float32)
        own, others = np.float32(0.5) * (scaled**2).sum(axis=1), np.float32(0.5) * (self.centres**2).sum(axis=1)
        found = np.empty((len(points), self.weights.shape[1]), dtype=np.float32)
        for start in range(0, len(points), BLOCK):
            part = slice(start, start + BLOCK)
            alike = scaled[part] @ self.centres.T
            alike -= own[part, None]
            alike -= others
            np.exp(alike, out=alike)
            found[part] = alike @ self.weights
        return found


def _centred(points: Floats) -> Floats:
    return np.asarray((points - 0.5) * np.sqrt(12.0))


def _apart(one: NDArray[np.floating], other: NDArray[np.floating]) -> NDArray[np.floating]:
    """Squared distances [M, N]."""
    found = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1)[None] - 2.0 * one @ other.T
    return np.asarray(np.maximum(found, 0.0))


def _fit_kernel(
    points: Floats, wanted: Floats, rows: NDArray[np.int64], centres: NDArray[np.int64], shape: Shape
) -> Kernel:
    """A Gaussian process of components [N, C], all of one variance, that share a kernel; relevances from some ``rows``,
    the process through others as ``centres``."""
    from scipy.optimize import minimize

    inputs = _centred(points)
    squares = np.array([(axis[:, None] - axis[None]) ** 2 for axis in inputs[rows].T])
    start = np.append(np.full(inputs.shape[1], np.log(0.2)), np.log(0.2))
    bounds = [(-4.6, 1.0)] * inputs.shape[1] + [(-5.0, 1.5)]
    found = minimize(
        _cost, start, args=(squares, wanted[rows]), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": shape.steps},
    ).x  # fmt: skip
    relevance, chance = np.exp(found[:-1]), float(np.exp(found[-1]))
    scaled = inputs * relevance
    weights, left_out = _project(scaled, scaled[centres], wanted, chance)
    return Kernel(relevance, scaled[centres].astype(np.float32), weights.astype(np.float32), left_out)


def _project(scaled: Floats, centres: Floats, wanted: Floats, chance: float) -> tuple[Floats, Floats]:
    """The weights of centres [K, C], and what the process misses of each row left out [N, C], from its leverage."""
    from scipy.linalg import cholesky, solve_triangular

    own = np.exp(-0.5 * _apart(centres, centres)) + JITTER * np.eye(len(centres))
    root = cholesky(own, lower=True, overwrite_a=True)
    seen = solve_triangular(root, np.exp(-0.5 * _apart(centres, scaled)), lower=True, overwrite_b=True)
    spread = cholesky(chance * np.eye(len(centres)) + seen @ seen.T, lower=True, overwrite_a=True)
    seen = solve_triangular(spread, seen, lower=True, overwrite_b=True)
    told = seen @ wanted
    weights = solve_triangular(root, solve_triangular(spread, told, lower=True, trans="T"), lower=True, trans="T")
    leverage = (seen**2).sum(axis=0)
    return np.asarray(weights), np.asarray((wanted - seen.T @ told) / (1.0 - leverage)[:, None])


def _cost(at: Floats, squares: Floats, wanted: Floats) -> tuple[float, Floats]:
    """Minus the log of likelihood times prior, and its slope, at log relevances [D] and log chance."""
    from scipy.linalg import cho_factor, cho_solve

    relevance, chance = np.exp(2.0 * at[:-1]), np.exp(at[-1])
    rows, components = wanted.shape
    alike = np.exp(-0.5 * np.einsum("d,dij->ij", relevance, squares))
    factor = cho_factor(alike + chance * np.eye(rows), lower=True)
    weights, inverse = cho_solve(factor, wanted), cho_solve(factor, np.eye(rows))
    variance = np.einsum("ij,ij->j", wanted, weights) / rows
    cost = 0.5 * rows * np.log(variance).sum() + components * np.log(np.diag(factor[0])).sum()
    pull = (weights / variance) @ weights.T - components * inverse
    slope = 0.5 * relevance * np.einsum("ij,dij->d", pull * alike, squares)
    off = (at[:-1] - np.log(RELEVANCE)) / RELEVANCE_SPREAD
    return (
        float(cost + 0.5 * components * (off**2).sum()),
        np.append(slope + components * off / RELEVANCE_SPREAD, -0.5 * chance * np.trace(pull)),
    )


def _angle(share: Floats) -> Floats:
    return np.asarray(np.arcsin(np.sqrt(np.clip(share, 0.0, 100.0) / 100.0)))


def _share(angle: NDArray[np.floating]) -> Floats:
    return np.asarray(100.0 * np.sin(np.clip(angle, 0.0, 0.5 * np.pi)) ** 2, dtype=np.float64)


@dataclass(frozen=True)
class Emulator:
    """Predictions at any point of the cube, with their error.

    ``targets`` and ``names`` as in the table. ``error`` [T]: standard deviation of the emulator's own error in points,
    where the last wave (or the candidates) lies; ``noise`` [T]: what chance does in one run; ``unseen`` [N, T]:
    predictions for the table's rows that have any (:func:`answered`), without the row itself.
    """

    names: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]
    kernels: tuple[Kernel, ...]
    basis: Singles
    middle: Singles
    error: Floats
    noise: Floats
    unseen: Floats = field(repr=False)

    @classmethod
    def fit(cls, reference: Reference, seed: int = 1917, shape: Shape | None = None) -> Emulator:
        """Fit it to a table: every target, whatever side it stands on; observed figures play no part."""
        shape = shape or Shape()
        reference = reference.keep(answered(reference))
        known = np.isfinite(reference.predictions)
        angles = _angle(np.where(known, reference.predictions, np.nanmean(reference.predictions, axis=0)))
        middle = angles.mean(axis=0)
        left, sizes, basis = np.linalg.svd(angles - middle, full_matrices=False)
        count = min(shape.components, len(sizes))
        spread = sizes[:count] / np.sqrt(len(angles))
        components = left[:, :count] * np.sqrt(len(angles))
        waves = np.minimum(reference.waves, FIRST_OF_CANDIDATES)
        rows = np.lexsort((np.random.default_rng([seed, 5]).random(len(angles)), -waves))[: shape.rows]
        centres = np.sort(np.random.default_rng([seed, 6]).permutation(len(angles))[: shape.centres])
        edges = sorted({0, *(min(e, count) for e in np.cumsum(shape.kernels).tolist()), count})
        kernels = tuple(
            _fit_kernel(reference.points, components[:, a:b], rows, centres, shape) for a, b in pairwise(edges)
        )
        basis = basis[:count] * spread[:, None]
        missed = np.concatenate([kernel.left_out for kernel in kernels], axis=1)
        unseen = _share((components - missed) @ basis + middle)
        noise = _noise(reference)
        error = _error(reference, unseen, noise)
        return cls(
            reference.names, reference.targets, kernels, basis.astype(np.float32), middle.astype(np.float32), error,
            noise, unseen,
        )  # fmt: skip

    def mean(self, points: Floats) -> Floats:
        """Per cent [M, T] at points [M, D]."""
        components = np.concatenate([kernel.predict(points) for kernel in self.kernels], axis=1)
        return _share(components @ self.basis + self.middle)

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation [M, T] of what a run's expectation is at points [M, D]."""
        mean = self.mean(points)
        return mean, np.broadcast_to(self.error, mean.shape)

    def only(self, columns: NDArray[np.int64]) -> Emulator:
        """The emulator of some targets."""
        return Emulator(
            self.names, tuple(self.targets[c] for c in columns), self.kernels, self.basis[:, columns],
            self.middle[columns], self.error[columns], self.noise[columns], self.unseen[:, columns],
        )  # fmt: skip


def answered(reference: Reference) -> NDArray[np.bool_]:
    """Which rows [N] predict anything at all: an emulator is fitted to these, and tells them unseen."""
    return np.asarray(np.isfinite(reference.predictions).any(axis=1))


def run_once(reference: Reference) -> NDArray[np.bool_]:
    """Which rows [N] ran a point that no other row ran: a point run twice is not unseen when one row is left out."""
    alone = np.ones(len(reference.points), dtype=bool)
    alone[reference.repeats().reshape(-1)] = False
    return alone


def _error(reference: Reference, unseen: Floats, noise: Floats) -> Floats:
    """The emulator's own error [T] where the last wave lies, from points run once."""
    waves = np.minimum(reference.waves, FIRST_OF_CANDIDATES)
    near = run_once(reference) & (waves == waves.max())
    missed = np.nanmean((reference.predictions - unseen)[near] ** 2, axis=0)
    missed = np.where(np.isfinite(missed), missed, np.nanmean(missed))
    return np.asarray(np.sqrt(np.maximum(missed - noise**2, (0.2 * noise) ** 2)))


def _noise(reference: Reference) -> Floats:
    """Chance by target, from points repeated after the first wave if there are enough of them; where none was repeated,
    the usual chance of this size of run (2 points)."""
    near = reference.keep(reference.waves > 1)
    enough = near if len(near.repeats()) >= 30 else reference
    if not len(enough.repeats()):
        return np.full(len(enough.targets), 2.0)
    noise = enough.noise()
    return np.asarray(np.where(np.isfinite(noise), noise, np.nanmedian(noise)))
