"""The reference table: points that are a pure function of seed and row, chunks that resume, a table that comes back."""

from __future__ import annotations

import math
from contextlib import contextmanager

import numpy as np
import pytest

import sim
from analysis.evidence.contests import contests
from analysis.inference import lens_axes, reference
from analysis.inference.calibrate import Axis, axes
from analysis.inference.reference import (
    Plan,
    Reference,
    Row,
    Work,
    all_axes,
    load,
    on_steps,
    plan,
    run,
    sobol,
    values,
    write,
)

OVER = (Axis("failure_rate", 0.005, 0.4, 0.1, log=True), Axis("identity_weight", 0.2, 6.0, 1.0, log=False))
FITTED = contests("calibrate")[:3]
TARGETS = tuple((c.id, t) for c in FITTED for t in c.observed)


class Inline:
    """Runs what is submitted at once."""

    def submit(self, work, *arguments):
        class Done:
            def result(self):
                return work(*arguments)

        return Done()


@contextmanager
def no_processes(jobs):
    yield Inline()


def fake_row(task):
    """Predictions that are curves of the parameters and the seed; the run of one seed fails."""
    if task.seed == reference.run_seed(reference.SEED, 1, 5):
        return Row({}, {}, "ValueError: it broke")
    rate = dict(task.parameters)["failure_rate"]
    figure = 50 + 10 * math.log(rate) / 6 + (task.seed % 7) / 10
    return Row({c.id: {t: figure + k for k, t in enumerate(c.observed)} for c in FITTED}, {"deaths": 1e5 * rate})


@pytest.fixture
def inline(monkeypatch):
    monkeypatch.setattr(reference, "workers", no_processes)
    monkeypatch.setattr(reference, "row", fake_row)


def table(rows=45, folder=None, seed=reference.SEED):
    work = Work(folder, OVER, "abc")
    run(work, plan(1, rows, OVER, seed=seed), 1, lambda line: None)
    return work.gather()


def test_points_are_a_pure_function_of_seed_and_row():
    few, many = plan(1, 30, OVER), plan(1, 90, OVER)
    np.testing.assert_array_equal(few.points, many.points[:30])
    assert few.seeds == many.seeds[:30]
    assert not np.array_equal(plan(1, 30, OVER, seed=8).points, few.points)
    assert len(set(many.seeds) | set(plan(2, 90, OVER, sobol(2, 90)).seeds)) == 180


def test_points_cover_the_cube_evenly():
    points = sobol(40, 512)
    assert abs(points.mean(axis=0) - 0.5).max() < 0.01
    assert points.min() >= 0.0 and points.max() <= 1.0
    for column in points.T:
        assert np.histogram(column, 8, (0, 1))[0].tolist() == [64] * 8


def test_every_twentieth_row_repeats_the_point_before_it_with_another_seed():
    chosen = plan(1, 60, OVER)
    same = [i for i in range(1, 60) if np.array_equal(chosen.points[i], chosen.points[i - 1])]
    assert same == [19, 39, 59]
    assert len({chosen.seeds[i] for i in (18, 19)}) == 2
    assert len(np.unique(chosen.points, axis=0)) == 57


def test_values_are_inside_the_declared_ranges():
    over = all_axes()
    for point in (np.zeros(len(over)), np.ones(len(over)), *sobol(len(over), 4)):
        sim.Parameters().having(**values(over, point))


def test_the_axes_are_the_calibrated_ones_and_those_of_lenses_that_move_what_is_asked():
    names = [axis.name for axis in all_axes()]
    assert names[: len(axes())] == [axis.name for axis in axes()]
    assert len(set(names)) == len(names)
    ranges = {axis.name: axis for axis in all_axes()}
    for lens in lens_axes.lenses():
        for name, (low, high) in lens.ranges.items():
            if name in ranges:
                assert ranges[name].low <= low <= high <= ranges[name].high


def test_what_moves_nothing_is_no_axis(tmp_path, monkeypatch):
    path = tmp_path / "axes.csv"
    lens_axes.write({a.name: (0.01, 0.2) for a in lens_axes.candidates()} | {"split_fear": (0.2, 9.0)}, path)
    monkeypatch.setattr(lens_axes, "FILE", path)
    assert [axis.name for axis in lens_axes.chosen()] == ["split_fear"]
    path.write_text("parameter,moves,most\nsplit_fear,2,9\n")
    with pytest.raises(sim.InputError, match="knows nothing of"):
        lens_axes.chosen()


def test_difference_of_two_predictions_is_taken_where_both_answer():
    assert lens_axes.moved({"a": {"x": 1.0, "y": 5.0}, "b": {"x": 0.0}}, {"a": {"x": 4.0, "y": 4.0}}) == (2.0, 3.0)


def test_a_table_comes_back_as_it_was_kept(tmp_path, inline):
    made = table(folder=tmp_path)
    assert made.points.shape == (45, 2) and made.predictions.shape == (45, len(TARGETS))
    assert made.targets == TARGETS and made.names == ("failure_rate", "identity_weight")
    write(made, tmp_path / "t.parquet")
    again = load(tmp_path / "t.parquet")
    np.testing.assert_array_equal(again.points, made.points)
    np.testing.assert_allclose(again.predictions, made.predictions, atol=0.05)
    np.testing.assert_allclose(again.outputs, made.outputs, rtol=2e-3)
    assert (again.axes, again.behaviour, again.agents) == (OVER, "abc", 2_000)
    np.testing.assert_array_equal(on_steps(again.points), again.points)


def test_a_run_that_failed_is_a_row_without_answers(tmp_path, inline):
    made = table(folder=tmp_path)
    broken = np.flatnonzero(made.seeds == reference.run_seed(reference.SEED, 1, 5))
    assert np.isnan(made.predictions[broken]).all() and np.isnan(made.output("deaths")[broken]).all()
    assert np.isfinite(np.delete(made.predictions, broken, axis=0)).all()


def test_an_interrupted_table_goes_on_to_the_same_result(tmp_path, inline, monkeypatch):
    whole = table(rows=100, folder=tmp_path / "whole")
    told = []

    def stops(line):
        told.append(line)
        raise KeyboardInterrupt

    work = Work(tmp_path / "parts", OVER, "abc")
    with pytest.raises(KeyboardInterrupt):
        run(work, plan(1, 100, OVER), 1, stops)
    assert work.done(1) == set(range(32))
    ran = []
    monkeypatch.setattr(reference, "row", lambda task: ran.append(task.seed) or fake_row(task))
    run(work, plan(1, 100, OVER), 1, lambda line: None)
    assert len(ran) == 68
    again = work.gather()
    for name in ("points", "seeds", "waves", "predictions", "outputs"):
        np.testing.assert_array_equal(getattr(again, name), getattr(whole, name))


def test_rows_of_another_behaviour_are_refused(tmp_path, inline):
    table(rows=4, folder=tmp_path)
    with pytest.raises(sim.InputError, match="behaves otherwise"):
        run(Work(tmp_path, OVER, "other"), plan(1, 8, OVER), 1, lambda line: None)


def test_a_later_wave_needs_its_design(tmp_path):
    work = Work(tmp_path, OVER, "abc")
    with pytest.raises(sim.InputError, match="no design"):
        work.design(2)
    np.save(tmp_path / "design_2.npy", np.full((3, 2), 0.25))
    with pytest.raises(sim.InputError, match="3 points; 5 runs need 5"):
        plan(2, 5, OVER, work.design(2))
    assert isinstance(plan(2, 3, OVER, work.design(2)), Plan)


def test_noise_is_what_repeated_points_differ_by():
    rng = np.random.default_rng(0)
    points = np.repeat(on_steps(rng.random((2000, 2))), 2, axis=0)
    figures = points[:, :1] * [10.0, 90.0] + rng.normal(0, 1, (4000, 2)) * [1.0, 3.0]
    made = Reference(
        OVER, points, np.arange(4000), np.ones(4000, int), TARGETS[:2], figures, (), np.empty((4000, 0)), "abc", 2_000
    )
    assert len(made.repeats()) == 2000
    np.testing.assert_allclose(made.noise(), [1.0, 3.0], rtol=0.06)


def test_a_row_is_run_for_real_with_every_contest_and_output():
    over = all_axes()
    found = reference.row(reference.task(over, np.full(len(over), 0.5), seed=3, agents=1_400))
    assert found.error == ""
    missing = {c.id for c in reference.asked()} - set(found.predictions)
    assert missing <= {"congress_after_walkout"}  # asked only where a congress was walked out of
    spring, autumn = (found.outputs[f"bolshevik/petrograd/worker/{day}"] for day in ("1917-04-01", "1917-10-24"))
    assert spring < autumn
    assert 0 <= found.outputs["soviet_power/villages/peasant/1918-01-06"] <= 100
    assert "pattern/8/urals" in found.outputs and "deaths_low" in found.outputs


def test_a_bad_point_is_a_row_that_says_why():
    found = reference.row(reference.task(OVER, np.full(2, 0.5), seed=3, agents=10))
    assert found.predictions == {} and "too few" in found.error
