"""The emulator on curves that are known: how near it comes, and that its own error is what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.inference.calibrate import Axis
from analysis.inference.emulator import Emulator, Shape, _apart, _cost, _project
from analysis.inference.reference import Reference, on_steps

OVER = tuple(Axis(f"p{i}", 0.0, 1.0, 0.5, log=False) for i in range(6))
TARGETS = (("c0", "bolshevik"), ("c1", "bolshevik"), ("c1", "sr"))
SHAPE = Shape(components=3, kernels=(1, 1), rows=150, steps=25)
NOISE = np.array([1.0, 2.0, 0.5])


def curve(points):
    """Three curves of six axes, of which the last does nothing."""
    a = 3 * (points[:, 0] - 0.5) - 2 * points[:, 1] * points[:, 2]
    b = 2 * np.sin(2 * points[:, 3]) - points[:, 0]
    c = -a + 0.5 * points[:, 4]
    return 100 / (1 + np.exp(-np.stack([a, b, c], axis=1)))


def table(rows=900, seed=0):
    rng = np.random.default_rng(seed)
    points = on_steps(rng.random((rows, 6)))
    points[1::9] = points[0::9][: len(points[1::9])]
    predictions = curve(points) + rng.normal(0, 1, (rows, 3)) * NOISE
    return Reference(
        OVER, points, np.arange(rows), np.ones(rows, int), TARGETS, predictions, (), np.empty((rows, 0)), "abc", 2_000
    )


@pytest.fixture(scope="module")
def emulator():
    return Emulator.fit(table(), shape=SHAPE)


def test_it_comes_near_to_what_it_has_not_seen(emulator):
    points = np.random.default_rng(1).random((500, 6))
    mean, sd = emulator.predict(points)
    off = np.sqrt(((mean - curve(points)) ** 2).mean(axis=0))
    assert (off < 1.6).all()
    assert (off < 1.5 * emulator.error).all() and (emulator.error < 2.5).all()
    assert np.mean(np.abs(mean - curve(points)) < 2 * sd) > 0.85
    np.testing.assert_array_equal(emulator.mean(points), mean)


def test_chance_is_told_from_its_own_error(emulator):
    np.testing.assert_allclose(emulator.noise, NOISE, rtol=0.2)
    alone = np.setdiff1d(np.arange(900), table().repeats())
    seen = np.sqrt(((emulator.unseen - table().predictions)[alone] ** 2).mean(axis=0))
    np.testing.assert_allclose(np.hypot(emulator.error, emulator.noise), seen, rtol=0.1)


def test_through_every_row_it_is_the_process_itself():
    rng = np.random.default_rng(6)
    scaled, wanted, chance = rng.normal(size=(60, 2)), rng.normal(size=(60, 3)), 0.3
    inverse = np.linalg.inv(np.exp(-0.5 * _apart(scaled, scaled)) + chance * np.eye(60))
    weights, left_out = _project(scaled, scaled, wanted, chance)
    elsewhere = np.exp(-0.5 * _apart(rng.normal(size=(20, 2)), scaled))
    np.testing.assert_allclose(elsewhere @ weights, elsewhere @ inverse @ wanted, atol=1e-3)
    np.testing.assert_allclose(left_out, inverse @ wanted / np.diag(inverse)[:, None], atol=1e-3)


def test_a_third_of_the_rows_as_centres_tells_nearly_as_much(emulator):
    few = Emulator.fit(table(), shape=replace(SHAPE, centres=300))
    assert all(len(kernel.centres) == 300 for kernel in few.kernels)
    assert (few.error < 1.1 * emulator.error).all()


def test_an_axis_that_does_nothing_moves_little(emulator):
    points = np.full((2, 6), 0.5)
    points[:, 5] = 0.0, 1.0
    assert np.abs(np.diff(emulator.mean(points), axis=0)).max() < 2.0


def test_the_same_table_and_seed_give_the_same_emulator():
    points = np.random.default_rng(2).random((20, 6))
    one, same = (Emulator.fit(table(200), shape=SHAPE).mean(points) for _ in range(2))
    np.testing.assert_array_equal(one, same)


def test_rows_without_an_answer_are_passed_over():
    holes = table(300)
    holes.predictions[::7, 1] = np.nan
    holes.predictions[5] = np.nan
    points = np.random.default_rng(3).random((50, 6))
    assert np.isfinite(Emulator.fit(holes, shape=SHAPE).mean(points)).all()


def test_some_targets_alone_are_predicted_the_same(emulator):
    points = np.random.default_rng(4).random((10, 6))
    part = emulator.only(np.array([2, 0]))
    assert part.targets == (TARGETS[2], TARGETS[0])
    for one, whole in zip(part.predict(points), emulator.predict(points), strict=True):
        np.testing.assert_allclose(one, whole[:, [2, 0]], rtol=1e-5)


def test_the_slope_of_what_is_sought_is_right():
    rng = np.random.default_rng(5)
    points, wanted = rng.random((40, 3)), rng.normal(size=(40, 2))
    squares = np.array([(axis[:, None] - axis[None]) ** 2 for axis in points.T])
    at = np.array([0.3, -0.5, 0.1, -1.0])
    slope = _cost(at, squares, wanted)[1]
    for i in range(4):
        step = np.eye(4)[i] * 1e-5
        by_hand = (_cost(at + step, squares, wanted)[0] - _cost(at - step, squares, wanted)[0]) / 2e-5
        assert slope[i] == pytest.approx(by_hand, rel=1e-4, abs=1e-4)


def test_errors_are_those_where_the_last_wave_lies():
    known = table(300)
    # The last rows are of another curve, which no row before them tells of.
    known.predictions[200:] += 20.0 * (known.points[200:, 5:] > 0.5)
    near = replace(known, waves=np.where(np.arange(300) < 200, 1, 2))
    whole, last = (Emulator.fit(t, shape=SHAPE) for t in (known, near))
    assert (last.error > 1.2 * whole.error).all()
