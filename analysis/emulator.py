"""The emulator: what a run predicts at any point of the prior box, from the reference table, in a millisecond.

An ensemble of small neural networks (two hidden layers, written here in numpy) maps a point of the unit cube to every
target at once; each network leaves out one fold of the table, so that the errors on rows not seen are known for all
rows. The standard deviation handed out is that error less the chance of a run, made local by how far the networks
differ. Pure function of table and seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.reference import Reference

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True)
class Shape:
    """How the networks are made and trained."""

    hidden: tuple[int, ...] = (64, 64)
    members: int = 5
    epochs: int = 150
    batch: int = 64
    rate: float = 3e-3
    decay: float = 1e-4


@dataclass
class Network:
    """One network: weights and biases of each layer; tanh between, the logistic curve times 100 at the end."""

    weights: list[Singles]
    biases: list[Singles]

    def predict(self, points: NDArray[np.floating]) -> Singles:
        """Per cent [M, T] at points [M, D] of the unit cube."""
        return self._forward(_centred(points))[-1]

    def _forward(self, inputs: Singles) -> list[Singles]:
        layers = [inputs]
        for w, b in zip(self.weights[:-1], self.biases[:-1], strict=True):
            layers.append(np.tanh(layers[-1] @ w + b))
        last = layers[-1] @ self.weights[-1] + self.biases[-1]
        layers.append(np.float32(100.0) / (np.float32(1.0) + np.exp(-np.clip(last, -30, 30))))
        return layers

    def gradient(self, points: Singles, wanted: Singles, worth: Singles) -> tuple[list[Singles], list[Singles]]:
        """Of the mean squared error, weighted by ``worth`` [M, T], to weights and biases."""
        layers = self._forward(points)
        out = layers[-1]
        slope = out * (np.float32(1.0) - out / np.float32(100.0))
        back: Singles = (worth * (out - wanted) * slope / np.float32(len(points))).astype(np.float32)
        to_weights: list[Singles] = []
        to_biases: list[Singles] = []
        for depth in range(len(self.weights) - 1, -1, -1):
            to_weights.insert(0, layers[depth].T @ back)
            to_biases.insert(0, back.sum(axis=0))
            if depth:
                back = (back @ self.weights[depth].T) * (np.float32(1.0) - layers[depth] ** 2)
        return to_weights, to_biases


def _centred(points: NDArray[np.floating]) -> Singles:
    return np.asarray((points - 0.5) * np.sqrt(12.0), dtype=np.float32)


def train(points: Floats, wanted: Floats, worth: Floats, shape: Shape, seed: Sequence[int]) -> Network:
    """A network fitted by Adam with a falling rate. ``wanted`` [N, T] per cent, ``worth`` [N, T] (0 where unknown)."""
    rng = np.random.default_rng(list(seed))
    inputs, aims, counts = _centred(points), wanted.astype(np.float32), worth.astype(np.float32)
    sizes = [inputs.shape[1], *shape.hidden, aims.shape[1]]
    network = Network(
        [rng.normal(0, 1 / np.sqrt(a), (a, b)).astype(np.float32) for a, b in zip(sizes, sizes[1:], strict=False)],
        [np.zeros(size, dtype=np.float32) for size in sizes[1:]],
    )
    mean = np.clip(np.average(aims, axis=0, weights=np.maximum(counts, 1e-9)), 0.5, 99.5)
    network.biases[-1] = np.log(mean / (100.0 - mean)).astype(np.float32)
    _adam(network, inputs, aims, counts, shape, rng)
    return network


def _adam(
    network: Network, inputs: Singles, aims: Singles, counts: Singles, shape: Shape, rng: np.random.Generator
) -> None:
    own = [*network.weights, *network.biases]
    first, second = [np.zeros_like(p) for p in own], [np.zeros_like(p) for p in own]
    steps = shape.epochs * max(1, len(inputs) // shape.batch)
    step = 0
    for _ in range(shape.epochs):
        order = rng.permutation(len(inputs))
        for start in range(0, max(1, len(inputs) // shape.batch) * shape.batch, shape.batch):
            rows = order[start : start + shape.batch]
            to_weights, to_biases = network.gradient(inputs[rows], aims[rows], counts[rows])
            step += 1
            rate = shape.rate * 0.5 * (1.0 + np.cos(np.pi * step / (steps + 1)))
            for p, g, m, v in zip(own, [*to_weights, *to_biases], first, second, strict=True):
                m += np.float32(0.1) * (g - m)
                v += np.float32(0.001) * (g * g - v)
                full = np.sqrt(v / np.float32(1.0 - 0.999**step)) + np.float32(1e-8)
                p -= np.float32(rate) * (m / np.float32(1.0 - 0.9**step) / full + np.float32(shape.decay) * p)


@dataclass(frozen=True)
class Emulator:
    """Predictions at any point of the cube, with their error.

    ``targets`` and ``names`` as in the table. ``error`` [T]: standard deviation of the emulator's own error in points,
    where the last wave lies; ``noise`` [T]: what chance does in one run; ``unseen`` [N, T]: predictions for the table's
    rows by a network that did not see them; ``spread`` [T]: how far the networks usually differ there.
    """

    names: tuple[str, ...]
    targets: tuple[tuple[str, str], ...]
    networks: tuple[Network, ...]
    error: Floats
    noise: Floats
    unseen: Floats = field(repr=False)
    spread: Floats = field(repr=False)

    @classmethod
    def fit(cls, reference: Reference, seed: int = 1917, shape: Shape | None = None) -> Emulator:
        """Train it on a table: every target, whatever side it stands on; observed figures play no part."""
        shape = shape or Shape()
        known = np.isfinite(reference.predictions)
        wanted = np.where(known, reference.predictions, 50.0)
        reach = np.nanstd(reference.predictions, axis=0)
        worth = known / (np.where(np.isfinite(reach), reach, 0.0) + 3.0)[None, :] ** 2
        folds = fold_of(reference.points, shape.members, seed)
        networks, unseen = [], np.empty_like(wanted)
        for member in range(shape.members):
            left = folds == member
            network = train(reference.points[~left], wanted[~left], worth[~left], shape, [seed, member])
            unseen[left] = network.predict(reference.points[left])
            networks.append(network)
        noise = _noise(reference)
        near = reference.waves == reference.waves.max()
        spread = np.std([n.predict(reference.points[near]) for n in networks], axis=0, dtype=np.float64)
        missed = np.nanmean(np.where(known, reference.predictions - unseen, np.nan)[near] ** 2, axis=0)
        # An ensemble's mean errs less than its members, which is what is measured: this errs on the safe side.
        error = np.sqrt(np.maximum(missed - noise**2, (0.1 * noise) ** 2))
        typical = np.sqrt(np.mean(spread**2, axis=0)) + 1e-6
        return cls(reference.names, reference.targets, tuple(networks), error, noise, unseen, typical)

    def mean(self, points: Floats) -> Floats:
        """Per cent [M, T] at points [M, D]."""
        return np.asarray(np.mean(self._each(points), axis=0, dtype=np.float64))

    def predict(self, points: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation [M, T] of what a run's expectation is at points [M, D]."""
        each = self._each(points)
        local = np.std(each, axis=0, dtype=np.float64) / self.spread
        return np.mean(each, axis=0, dtype=np.float64), self.error * np.sqrt(0.5 + 0.5 * local**2)

    def _each(self, points: Floats) -> Singles:
        return np.stack([network.predict(points) for network in self.networks])

    def only(self, columns: NDArray[np.int64]) -> Emulator:
        """The emulator of some targets."""
        return Emulator(
            self.names, tuple(self.targets[c] for c in columns), tuple(_only(n, columns) for n in self.networks),
            self.error[columns], self.noise[columns], self.unseen[:, columns], self.spread[columns],
        )  # fmt: skip


def _only(network: Network, columns: NDArray[np.int64]) -> Network:
    return Network(
        [*network.weights[:-1], network.weights[-1][:, columns]], [*network.biases[:-1], network.biases[-1][columns]]
    )


def fold_of(points: Floats, folds: int, seed: int) -> NDArray[np.int64]:
    """The fold of each row; rows of one point share theirs, so that no network is tested on a point it has seen."""
    _, which = np.unique(points, axis=0, return_inverse=True)
    which = which.reshape(-1)
    drawn = np.random.default_rng([seed, 99]).permutation(which.max() + 1) % folds
    return np.asarray(drawn[which], dtype=np.int64)


def _noise(reference: Reference) -> Floats:
    """Chance by target; where no point was repeated, the usual chance of this size of run (2 points)."""
    if not len(reference.repeats()):
        return np.full(len(reference.targets), 2.0)
    noise = reference.noise()
    return np.asarray(np.where(np.isfinite(noise), noise, np.nanmedian(noise)))
