"""The inference on toys whose answer is known: moments, evidence, coverage, modes, discrepancy; and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analysis.evidence.contests import Contest, Question, contests
from analysis.inference.calibrate import Axis
from analysis.inference.lens_axes import Lens
from analysis.inference.posterior import (
    GUESS,
    KINDS,
    Discrepancy,
    Likelihood,
    Posterior,
    beyond,
    box_of,
    estimate,
    infer,
    kind_of,
    modes,
    scale,
    without,
)  # fmt: skip
from analysis.inference.sampler import Box, sample


class Linear:
    """An emulator without error: targets are linear in the cube."""

    def __init__(self, slopes, middle=50.0, noise=1.0, targets=None):
        self.slopes, self.middle = np.asarray(slopes, float), np.broadcast_to(middle, len(slopes)).astype(float)
        self.targets = targets or tuple((f"c{i}", "bolshevik") for i in range(len(slopes)))
        self.noise = np.full(len(slopes), noise)
        self.names = tuple(f"p{i}" for i in range(self.slopes.shape[1]))

    def only(self, columns):
        targets = tuple(self.targets[c] for c in columns)
        found = Linear(self.slopes[columns], self.middle[columns], 1.0, targets)
        found.noise = self.noise[columns]
        return found

    def predict(self, points):
        mean = self.middle + (points - 0.5) @ self.slopes.T
        return mean, np.zeros_like(mean)


def contest(number, observed, split="calibrate", target="bolshevik"):
    question = Question("election", "constituent_assembly", date(1917, 11, 12))
    return Contest(f"c{number}", "toy", "city", split, "toy", question, {target: observed}, {target: ("V001",)})


def toy(rng, targets=12, dimensions=3, size=40.0):
    """A linear model, its truth and what was seen of it, at a discrepancy of 3 points and chance of 1."""
    slopes = rng.normal(0, size, (targets, dimensions))
    truth = rng.uniform(0.35, 0.65, dimensions)
    errors = rng.normal(0, 1, targets) * np.sqrt(10.0)
    seen = 50 + slopes @ (truth - 0.5) + errors
    return Linear(slopes), truth, [contest(i, float(y)) for i, y in enumerate(seen)]


FLAT = Discrepancy({kind: 3.0 for kind in KINDS})


def exact(emulator, fitted, discrepancy=FLAT):
    """Mean and covariance of the Gaussian posterior, walls apart."""
    observed = np.array([c.observed["bolshevik"] for c in fitted])
    variance = np.array([float(discrepancy.sd(c, c.observed["bolshevik"])) ** 2 for c in fitted]) + emulator.noise**2
    precision = emulator.slopes.T @ (emulator.slopes / variance[:, None])
    covariance = np.linalg.inv(precision)
    mean = 0.5 + covariance @ emulator.slopes.T @ ((observed - emulator.middle) / variance)
    return mean, covariance


def test_moments_of_a_linear_model_are_recovered():
    emulator, _, fitted = toy(np.random.default_rng(3))
    found = infer(emulator, fitted, FLAT, count=2000)
    mean, covariance = exact(emulator, fitted)
    sd = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose(found.points.mean(axis=0), mean, atol=0.08 * sd.max())
    whole = np.outer(sd, sd)
    np.testing.assert_allclose(np.cov(found.points, rowvar=False) / whole, covariance / whole, atol=0.1)


def test_the_evidence_is_the_mean_of_the_likelihood_over_the_prior():
    emulator, _, fitted = toy(np.random.default_rng(4), targets=4, dimensions=2, size=20.0)
    likelihood = Likelihood(emulator, fitted, FLAT)
    grid = (np.arange(200) + 0.5) / 200
    value = likelihood(np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2))
    by_hand = np.log(np.mean(np.exp(value - value.max()))) + value.max()
    assert infer(emulator, fitted, FLAT, count=2000).evidence == pytest.approx(by_hand, abs=0.1)


def test_intervals_of_ninety_per_cent_hold_about_ninety():
    held, by_theory = [], []
    for trial in range(40):
        emulator, truth, fitted = toy(np.random.default_rng([5, 100 + trial]), targets=8)
        low, high = infer(emulator, fitted, FLAT, count=300, seed=trial).quantiles((0.05, 0.95)).T
        held += list((truth >= low) & (truth <= high))
        mean, covariance = exact(emulator, fitted)
        by_theory += list(np.abs(truth - mean) < 1.645 * np.sqrt(np.diag(covariance)))
    assert 0.82 <= np.mean(held) <= 0.97
    assert np.mean(held) == pytest.approx(np.mean(by_theory), abs=0.04)


def test_an_axis_that_nothing_asks_about_keeps_its_prior():
    emulator, _, fitted = toy(np.random.default_rng(6), dimensions=3)
    emulator.slopes[:, 2] = 0.0
    found = infer(emulator, fitted, FLAT, count=2000)
    np.testing.assert_allclose(np.quantile(found.points[:, 2], [0.1, 0.5, 0.9]), [0.1, 0.5, 0.9], atol=0.04)
    assert found.informed() == 2
    ratios, vectors = found.directions()
    assert ratios[-1] == pytest.approx(1.0, abs=0.1) and abs(vectors[-1][2]) == pytest.approx(1.0, abs=0.05)


def test_a_trade_off_is_one_informed_direction_of_two():
    slopes = np.outer(np.linspace(20, 60, 10), [1.0, 1.0])
    found = infer(Linear(slopes), [contest(i, 50.0) for i in range(10)], FLAT, count=2000)
    assert found.informed() == 1
    assert np.corrcoef(found.points, rowvar=False)[0, 1] < -0.8


def test_the_posterior_is_a_pure_function_of_its_seed():
    emulator, _, fitted = toy(np.random.default_rng(7))
    one, same, other = (infer(emulator, fitted, FLAT, count=300, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.points, same.points)
    assert one.evidence == same.evidence and not np.array_equal(one.points, other.points)


def test_a_prior_box_holds_and_its_evidence_compares():
    emulator, truth, fitted = toy(np.random.default_rng(8))
    around = Box(np.clip(truth - 0.2, 0, 1), np.clip(truth + 0.2, 0, 1))
    away = Box(np.array([0.9, 0.9, 0.9]), np.ones(3))
    found = infer(emulator, fitted, FLAT, count=1000, prior=around)
    assert around.inside(found.points).all()
    whole = infer(emulator, fitted, FLAT, count=1000).evidence
    assert found.evidence > whole > infer(emulator, fitted, FLAT, count=1000, prior=away).evidence


def test_two_hills_are_two_modes_and_one_is_one():
    def hills(points):
        near = [-0.5 * ((points - centre) ** 2).sum(axis=1) / 0.06**2 for centre in (0.25, 0.75)]
        return np.logaddexp(near[0] + np.log(0.7), near[1] + np.log(0.3))

    found = sample(hills, Box.whole(4), 3000, seed=1)
    two = Posterior(("a",) * 4, found.points, found.likelihood, found.evidence, Box.whole(4))
    labels = modes(two)
    assert np.bincount(labels) / 3000 == pytest.approx([0.7, 0.3], abs=0.08)
    assert np.abs(found.points[labels == 0].mean(axis=0) - 0.25).max() < 0.03
    one = sample(lambda p: -0.5 * ((p - 0.5) ** 2).sum(axis=1) / 0.1**2, Box.whole(4), 1000, seed=1)
    assert modes(Posterior(("a",) * 4, one.points, one.likelihood, one.evidence, Box.whole(4))).max() == 0


def test_the_discrepancy_put_in_is_found():
    rng = np.random.default_rng(9)
    slopes, truth = rng.normal(0, 30, (90, 3)), np.array([0.4, 0.5, 0.6])
    observed = 50 + slopes @ (truth - 0.5) + rng.normal(0, np.hypot(6.0, 1.0), 90)
    discrepancy, posterior = estimate(Linear(slopes), [contest(i, float(y)) for i, y in enumerate(observed)], count=200)
    assert discrepancy.points["space"] == pytest.approx(6.0, abs=1.0)
    assert discrepancy.points["congresses"] == KINDS["congresses"]
    assert np.abs(posterior.points.mean(axis=0) - truth).max() < 0.06


def test_leaving_out_is_dividing_by_the_contest():
    emulator, _, fitted = toy(np.random.default_rng(10), targets=10, dimensions=2)
    likelihood = Likelihood(emulator, fitted, FLAT)
    found = infer(emulator, fitted, FLAT, count=3000)
    weight = without(likelihood.by_contest(found.points)[:, 0])
    mean, _ = exact(emulator.only(np.arange(1, 10)), fitted[1:])
    assert weight.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(weight @ found.points, mean, atol=0.02)
    assert beyond(likelihood, found).points["space"] > 2.0


def test_contests_weigh_alike_whatever_their_targets():
    one = contest(0, 40.0)
    many = replace(contest(1, 40.0), observed={"bolshevik": 40.0, "sr": 40.0, "menshevik": 40.0})
    targets = (("c0", "bolshevik"), ("c1", "bolshevik"), ("c1", "sr"), ("c1", "menshevik"))
    likelihood = Likelihood(Linear(np.zeros((4, 1)), targets=targets), [one, many], FLAT)
    by_contest = likelihood.by_contest(np.array([[0.5]]))[0]
    assert by_contest[0] == pytest.approx(by_contest[1])
    assert likelihood.weights[0] == 1.0 and likelihood.weights[1:].sum() == pytest.approx(1.0)


def test_nothing_held_out_enters_the_discrepancy():
    with pytest.raises(ValueError, match="not to be fitted: c1"):
        estimate(Linear(np.ones((2, 1))), [contest(0, 50.0), contest(1, 50.0, split="validate")])


def test_every_contest_has_a_kind_and_errors_shrink_toward_the_edges():
    assert {kind_of(c) for c in contests()} == set(KINDS)
    assert scale(50.0) == 1.0
    assert scale(5.0) == pytest.approx(0.436, abs=0.001) and scale(5.0) == pytest.approx(scale(95.0))
    assert scale(0.0) == scale(5.0)
    assert GUESS.sd(contest(0, 50.0), np.array([50.0, 5.0])) == pytest.approx([7.0, 3.05], abs=0.01)


def test_a_lens_is_a_box():
    over = (Axis("a", 1.0, 100.0, 10.0, log=True), Axis("b", 0.0, 2.0, 1.0, log=False))
    box = box_of(Lens("x", {"a": (10.0, 100.0), "elsewhere": (0.0, 1.0)}), over)
    np.testing.assert_allclose(box.low, [0.5, 0.0])
    np.testing.assert_allclose(box.high, [1.0, 1.0])
