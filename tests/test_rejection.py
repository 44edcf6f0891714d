"""The inference without the emulator, on a toy whose answer is known; and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from test_posterior import FLAT, Linear, contest, exact

from analysis.inference.calibrate import Axis
from analysis.inference.reference import Reference
from analysis.inference.rejection import reject

OVER = tuple(Axis(f"p{i}", 0.0, 1.0, 0.5, log=False) for i in range(4))


def toy(rows=4_000, seed=0):
    """Runs of a linear model with chance of one point, the last parameter idle, repeats besides; and its evidence."""
    rng = np.random.default_rng(seed)
    # Mild slopes: shares stay where the discrepancy hardly changes.
    slopes = np.hstack([rng.normal(0, 12.0, (10, 3)), np.zeros((10, 1))])
    model = Linear(slopes)
    points = rng.random((rows, 4))
    points[1::20] = points[0::20]
    shares = model.predict(points)[0] + rng.standard_normal((rows, 10))
    truth = np.array([0.4, 0.6, 0.5, 0.5])
    seen = model.predict(truth[None])[0][0] + np.sqrt(10.0) * rng.standard_normal(10)
    fitted = [contest(i, float(y)) for i, y in enumerate(seen)]
    waves = np.ones(rows, dtype=np.int64)
    table = Reference(
        OVER, points, np.arange(rows), waves, model.targets, shares, (), np.empty((rows, 0)), "abc", 2_000
    )
    return table, model, fitted


def test_it_finds_the_posterior_of_a_linear_model():
    table, model, fitted = toy()
    found = reject(table, fitted, FLAT)
    informed = Linear(model.slopes[:, :3])
    mean, covariance = exact(informed, fitted)
    sd = np.sqrt(np.diag(covariance))
    for i, name in enumerate(("p0", "p1", "p2")):
        assert found.quantiles[name][1] == pytest.approx(mean[i], abs=0.35 * sd[i])
        assert found.left[name] == pytest.approx(sd[i] * np.sqrt(12.0), rel=0.2)
    assert found.left["p3"] == pytest.approx(1.0, abs=0.1) and not found.outside
    assert (found.rows, found.drawn) == (4_000, 32_000)


def test_only_runs_of_the_prior_speak():
    table, _, fitted = toy(600)
    later = table.keep(np.arange(600))
    later.waves[300:] = 2
    later.predictions[300:] = 99.0
    assert reject(later, fitted, FLAT) == reject(later.keep(np.arange(300)), fitted, FLAT)
    with pytest.raises(ValueError, match="no row of the prior"):
        reject(later.keep(np.arange(300, 600)), fitted, FLAT)


def test_what_no_run_comes_near_is_told():
    table, _, fitted = toy(600)
    far = [contest(i, 99.0 if i % 2 else 1.0) for i in range(10)]
    assert reject(table, far, FLAT).outside
    assert not reject(table, fitted, FLAT).outside


def test_contests_of_the_other_side_are_refused():
    table, _, fitted = toy(100)
    with pytest.raises(ValueError, match="not to be fitted: c3"):
        reject(table, [*fitted[:3], contest(3, 50.0, split="validate")], FLAT)
