"""Candidates are kept by what their runs say, and designs go where the evidence leaves room."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from ruamel.yaml import YAML
from test_posterior import FLAT, Linear, contest, exact, toy

import sim
from analysis.inference import accept as accepting
from analysis.inference import matching, recovery
from analysis.inference.accept import Fit, accept, counts_for, select
from analysis.inference.calibrate import Axis
from analysis.inference.posterior import Discrepancy, Likelihood, infer
from analysis.inference.reference import Reference, on_steps, sobol

OVER = (Axis("failure_rate", 0.005, 0.4, 0.1, log=True), Axis("identity_weight", 0.2, 6.0, 1.0, log=False))


class Wrong(Linear):
    """A linear emulator that is off by a fixed amount and says so."""

    off, error = 0.0, 0.0

    def only(self, columns):
        found = Wrong(self.slopes[columns], self.middle[columns], 1.0, tuple(self.targets[c] for c in columns))
        found.noise, found.off, found.error = self.noise[columns], self.off, self.error
        return found

    def predict(self, points):
        mean, sd = super().predict(points)
        return mean + self.off, sd + self.error


def rows(emulator, points, waves, seed=0):
    rng = np.random.default_rng(seed)
    figures = Linear(emulator.slopes, emulator.middle).predict(points)[0]
    figures = figures + rng.normal(0, 1, figures.shape)
    none = np.empty((len(points), 0))
    return Reference(OVER, points, np.arange(len(points)), waves, emulator.targets, figures, (), none, "a", 2_000)


def test_candidates_are_kept_in_proportion_to_what_their_runs_gained():
    gain = np.repeat(np.log([1.0, 0.5, 0.25]), 4000)
    kept = accept(gain, 6000, [1])
    shares = np.bincount(kept // 4000) / 4000
    np.testing.assert_allclose(shares / shares[0], [1.0, 0.5, 0.25], atol=0.04)
    np.testing.assert_array_equal(kept, accept(gain, 6000, [1]))
    assert len(accept(np.log([1e-9] * 50 + [1.0] * 5), 30, [2])) >= 30
    assert counts_for(np.zeros(20)) == pytest.approx(20.0)


def made(monkeypatch, emulator, fitted, table):
    monkeypatch.setattr(accepting, "contests", lambda split=None: tuple(fitted))
    monkeypatch.setattr(accepting, "CANDIDATES", 400)
    monkeypatch.setattr(accepting, "EACH", 60)
    posteriors = {lens: infer(emulator, fitted, FLAT, count=500, seed=len(lens)) for lens in ("neutral", "mandel")}
    return Fit(table, emulator, FLAT, posteriors, dict.fromkeys(posteriors, 0.0))


def planned(fit):
    """The rows of the candidates' runs."""
    plans = [
        accepting.plan_of(OVER, n, p.points[accepting.candidates(p, (400, 60)[n], accepting.SEED)])
        for n, p in enumerate(fit.posteriors.values())
    ]
    return np.concatenate([plan.points for plan in plans]), np.repeat([10, 11], [400, 60])


def test_sets_follow_the_fit_that_has_seen_the_runs(monkeypatch, tmp_path):
    right, _, fitted = toy(np.random.default_rng(21), targets=16, dimensions=2)
    off = Wrong(right.slopes)
    off.off, off.error = 2.0, 4.0
    table = rows(right, on_steps(sobol(2, 50)), np.ones(50, int))
    first = made(monkeypatch, off, fitted, table)
    again = made(monkeypatch, right, fitted, rows(right, *planned(first)))
    sets = select(first, again)
    assert [(a.lens, a.candidates) for a in sets] == [("neutral", 400), ("mandel", 60)]
    assert len(sets[0].points) >= 200 and len(sets[1].points) >= 40
    mean, _ = exact(right, fitted)
    before, after = (np.abs(p.mean(axis=0) - mean).max() for p in (first.posteriors["neutral"].points, sets[0].points))
    assert after < 0.7 * before
    accepting.write_sets(tmp_path, again, sets, "a note", provisional=False)
    with (tmp_path / "parameter_sets.csv").open() as file:
        written = list(csv.DictReader(file))
    assert len(written) == sum(len(a.points) for a in sets)
    for row in written:
        sim.Parameters().having(**{axis.name: float(row[axis.name]) for axis in OVER})
    assert max(float(row["fit"]) for row in written) == 0.0
    about = YAML(typ="safe").load((tmp_path / "parameter_sets.yaml").read_text())
    assert about["runs"] == 460 and max(about["fits"].values()) == 0.0 and about["discrepancy"]["space"] == 3.0


def test_runs_of_other_candidates_are_refused(monkeypatch):
    right, _, fitted = toy(np.random.default_rng(22), dimensions=2)
    first = made(monkeypatch, right, fitted, rows(right, on_steps(sobol(2, 50)), np.ones(50, int)))
    others = made(monkeypatch, right, fitted, rows(right, on_steps(sobol(2, 460)), np.repeat([10, 11], [400, 60])))
    with pytest.raises(sim.InputError, match="not those that were run"):
        select(first, others)


def test_what_the_evidence_rules_out_is_left_out_of_the_next_wave():
    slopes = np.array([[90.0, 0.0], [90.0, 10.0], [80.0, -10.0], [85.0, 0.0]])
    likelihood = Likelihood(Linear(slopes), [contest(i, 50.0) for i in range(4)], FLAT)
    assert matching.left_standing(likelihood, 2) == pytest.approx(2 * 9.49 / 85, abs=0.03)
    points = matching.not_ruled_out(likelihood, 2, 400)
    assert points.shape == (400, 2)
    assert (matching.implausibility(likelihood, points) < matching.CUT + 0.6).all()
    assert np.std(points[:, 1]) == pytest.approx(np.sqrt(1 / 12), abs=0.04)


def test_a_truth_is_left_out_with_its_repeats():
    emulator, _, _ = toy(np.random.default_rng(23), dimensions=2)
    points = on_steps(sobol(2, 40))
    points[39] = points[3]
    table = rows(emulator, points, np.ones(40, int))
    left = recovery.without_truths(table, np.array([3, 7]))
    assert len(left.points) == 37 and not {3, 7, 39} & set(left.seeds.tolist())


def test_recovery_of_a_linear_model_is_what_theory_says(monkeypatch):
    emulator, _, fitted = toy(np.random.default_rng(24), targets=16, dimensions=2)
    table = rows(emulator, on_steps(0.2 + 0.6 * sobol(2, 60)), np.ones(60, int))
    split = {"calibrate": tuple(fitted[:10]), "validate": tuple(fitted[10:])}
    monkeypatch.setattr(recovery, "contests", split.__getitem__)
    monkeypatch.setattr(recovery, "DRAWS", 150)
    chosen = recovery.truths(table, 1, 16)
    found = recovery.recover(table, emulator, chosen, Discrepancy({"space": 3.0}))
    assert found.truths == 16 and found.informed == 2.0
    assert all(value > 0.85 for value in found.correlation.values())
    assert 0.75 <= found.parameters["0.9"] <= 1.0 and 0.8 <= found.contests["0.9"] <= 0.98
    assert found.width["0.9"] == pytest.approx(2 * 1.645 * np.sqrt(10 + 1), rel=0.2)
