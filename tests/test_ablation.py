"""Ablations and doubts: a refit that finds what is there, contributions that chance does not make, all mechanisms."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from analysis.evidence.contests import Contest, Question, contests
from analysis.evidence.patterns import PATTERNS
from analysis.inference.calibrate import Objective, axes, prior
from analysis.studies import ablation, doubts
from analysis.studies.ablation import FULL, VARIANTS, Setting, axes_left, by_contest, compare, contribution, moved
from analysis.studies.refit import Targets, refit, trial_steps
from sim.engine.day_table import MECHANISMS

#: A model of which the truth is known: each prediction is a line in three axes, but for a bend.
TRUTH = np.array([0.7, 0.3, 0.55])
SLOPES = np.random.default_rng(4).normal(0.0, 25.0, (12, 3))


def fitted() -> list[Contest]:
    found = []
    for i in range(12):
        question = Question("election", "constituent_assembly", date(1917, 11, 12))
        observed = {"bolshevik": float(predicted(TRUTH)[i])}
        found.append(Contest(f"c{i}", f"c{i}", "city", "calibrate", "", question, observed, {"bolshevik": ("V000",)}))
    return found


def predicted(point: np.ndarray) -> np.ndarray:
    return 45.0 + SLOPES @ (point - 0.5) + 8.0 * (point[0] - 0.5) ** 2


def figures(point: np.ndarray, seed: int, chance: float = 0.0) -> dict[str, dict[str, float]]:
    noise = np.random.default_rng(seed).normal(0.0, chance, 12)
    return {f"c{i}": {"bolshevik": float(v)} for i, v in enumerate(predicted(point) + noise)}


# --- refit ------------------------------------------------------------------------------------------------------------


def test_a_refit_comes_close_to_the_truth_in_few_evaluations() -> None:
    asked: list[np.ndarray] = []

    def run(point: np.ndarray) -> list[dict[str, dict[str, float]]]:
        asked.append(point)
        return [figures(point, seed, chance=1.0) for seed in (0, 1)]

    objective, start = Objective(fitted()), np.array([0.2, 0.8, 0.5])
    found = refit(run, objective, start, 14)
    assert found.evaluations == len(asked) == 14
    one_axis = [np.count_nonzero(point != start) == 1 for point in asked[1:4]]
    assert all(one_axis) and trial_steps(14, 3) == len(asked[4:]), "a start, a slope an axis, and the rest are tried"
    assert all(((point >= 0.0) & (point <= 1.0)).all() for point in asked)
    assert found.loss < 0.2 * found.began and np.abs(found.point - TRUTH).max() < 0.12
    assert found.loss == pytest.approx(objective.error(run(found.point)) + prior(found.point))
    again = refit(run, objective, start, 14)
    assert np.array_equal(again.point, found.point)


def test_a_refit_never_ends_worse_than_it_began_and_needs_a_run_for_each_axis() -> None:
    run = lambda point: [figures(TRUTH, 3, chance=9.0)]  # noqa: E731  (nothing that it moves matters)
    found = refit(run, Objective(fitted()), np.full(3, 0.5), 8)
    assert found.loss <= found.began
    with pytest.raises(ValueError, match="5 are needed"):
        refit(run, Objective(fitted()), np.full(3, 0.5), 4)


def test_targets_weigh_as_the_fit_has_it() -> None:
    targets = Targets(Objective(contests("calibrate")))
    assert targets.weight.sum() == pytest.approx(1.0) and len(targets.weight) == len(targets.observed)
    assert math.isnan(targets.row([{}])[0]), "what is not answered stays missing"


# --- ablation ---------------------------------------------------------------------------------------------------------


def test_every_mechanism_of_the_day_is_ablated_by_name_and_terms_are_within_their_ranges() -> None:
    off = [variant.changes["off"] for variant in VARIANTS if "off" in variant.changes]
    assert off == [[name] for name in MECHANISMS]
    for variant in VARIANTS:
        sim.Parameters().having(**variant.parameters)
        sim.Scenario.model_validate(sim.load("historical").substance() | dict(variant.changes))
        assert {axis.name for axis in axes_left(variant)}.isdisjoint(variant.parameters)
        assert variant.other or variant.name == FULL, f"{variant.name} must say what else speaks for it"
    assert VARIANTS[0].name == FULL and len({v.name for v in VARIANTS}) == len(VARIANTS)


def made_up(shift: float, runs: int = 5, chance: float = 1.0, seed: int = 0) -> dict[str, Any]:
    """A result whose predictions lie off the evidence by so much, the same way at every contest."""
    rng = np.random.default_rng(seed)
    told = [
        {c.id: {t: v + shift + rng.normal(0.0, chance) for t, v in c.observed.items()} for c in contests()}
        for _ in range(runs)
    ]
    outputs = [{"land_taken": 0.3 + 0.01 * rng.normal(), "ebb_date": math.nan, "x/y": 1.0} for _ in range(runs)]
    return {"loss": 5.0, "began": 9.0, "figures": told, "patterns": [{} for _ in range(runs)], "outputs": outputs}


def test_what_raises_the_error_contributes_and_what_chance_does_is_no_contribution() -> None:
    full, worse, like = made_up(5.0), made_up(9.0, seed=1), made_up(5.0, seed=2)
    some = [VARIANTS[0], *VARIANTS[1:3]]
    rows = compare({FULL: full, some[1].name: worse, some[2].name: like}, some, seed=0)
    assert [row.contributes for row in rows] == [False, True, False]
    gain = rows[1].errors["calibrate"]
    assert gain.more == pytest.approx(4.0, abs=0.5) and gain.low < gain.more < gain.high and gain.error > 8.0
    assert 0.05 < gain.chance < 0.5 and not gain.falls and gain.n == len(by_contest(full["figures"], "calibrate"))
    assert rows[0].errors["validate"].more == 0.0


def test_the_spread_of_seeds_shows_in_the_chance_of_a_contribution() -> None:
    def off(chance: float, seed: int) -> Any:
        return made_up(5.0, chance=chance, seed=seed)["figures"]

    quiet = contribution(off(0.1, 0), off(0.1, 1), "validate", 0)
    loud = contribution(off(8.0, 0), off(8.0, 1), "validate", 0)
    assert quiet.chance < 0.1 < loud.chance
    none = contribution([{}], [{}], "validate", 0)
    assert none.n == 0 and math.isnan(none.more)


def test_the_other_way_a_fall_is_certain_and_told_but_no_contribution() -> None:
    full, better, slightly = (made_up(5.0 - d, chance=0.2, seed=s) for s, d in enumerate((0.0, 3.0, 0.5)))
    some = [VARIANTS[0], *VARIANTS[1:3]]
    rows = compare({FULL: full, some[1].name: better, some[2].name: slightly}, some, seed=0)
    fall, slight = (row.errors["validate, in time"] for row in rows[1:])
    assert fall.falls and fall.certain and fall.more == pytest.approx(-3.0, abs=0.8)
    assert -1.0 < slight.more < 0.0 and not slight.falls
    assert not any(row.contributes for row in rows)
    told = ablation.as_dict(rows, Setting())["variants"]
    assert [v["errors"]["validate, in time"]["falls"] for v in told] == [False, True, False]
    assert [v["axes"] for v in told] == [len(axes())] * 3


def test_chance_from_few_seeds_must_be_passed_by_more() -> None:
    assert ablation.sure(6) == pytest.approx(5.507, abs=0.01), "Student's t of 5 degrees, where the normal has 3"
    assert ablation.sure(10_000) == pytest.approx(ablation.CERTAIN, abs=0.01)
    four_times = {"error": 9.0, "more": 4.0, "low": 3.0, "high": 5.0, "chance": 1.0, "n": 30}
    assert not ablation.Contribution(**four_times, seeds=6).certain
    assert ablation.Contribution(**four_times, seeds=60).certain
    assert not ablation.Contribution(**four_times | {"chance": math.nan}, seeds=1).certain


def test_seeds_that_both_models_share_are_no_chance_of_their_difference() -> None:
    full, same, moved_alike = (made_up(20.0 + d, runs=6, chance=4.0)["figures"] for d in (0.0, 0.0, 3.0))
    identical, alike = (contribution(own, full, "calibrate", 0) for own in (same, moved_alike))
    assert identical.more == identical.chance == 0.0 and not identical.certain
    assert alike.more == pytest.approx(3.0) and alike.chance < 1e-9


def test_seeds_that_no_model_shares_are_chance_as_it_is_known() -> None:
    runs, chance = 60, 4.0
    full, other = (made_up(40.0, runs=runs, chance=chance, seed=seed)["figures"] for seed in (0, 1))
    found = contribution(other, full, "calibrate", 0)
    # All errors have one sign, so that each is a mean of normal draws: one a contest and run, in either model.
    assert found.chance == pytest.approx(chance * math.sqrt(2.0 / (runs * found.n)), rel=0.25)
    with pytest.raises(ValueError, match="60 runs and 59"):
        contribution(other, full[:-1], "calibrate", 0)


def test_errors_are_of_one_side_and_motions_stand_apart() -> None:
    runs = made_up(3.0, chance=0.0)["figures"]
    for measure, (side, target, _) in ablation.MEASURES.items():
        found = by_contest(runs, measure)
        chosen = {c.id: c for c in contests()}
        assert found and all(chosen[c].split == side and not chosen[c].is_motion for c in found)
        assert all(error == pytest.approx(3.0) for error in found.values())
        assert target == "families" or all("bolshevik" in chosen[c].observed for c in found)


def test_outcomes_that_move_are_told_in_spreads_of_the_full_model() -> None:
    full, other = made_up(0.0)["outputs"], made_up(0.0, seed=3)["outputs"]
    halved = [run | {"land_taken": 0.15} for run in other]
    assert dict(moved(other, full)) == {}
    (name, change), *rest = moved(halved, full)
    assert name == "land_taken" and change < -5.0 and not rest, "families and dates that never came are left out"


def test_patterns_lost_and_won_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = {"insurgents": 1.0}
    some = [replace(PATTERNS[0], met=lambda n: n["insurgents"] > 0.5), replace(PATTERNS[1], met=lambda n: True)]
    monkeypatch.setattr(ablation, "PATTERNS", some)
    full, other = made_up(0.0), made_up(0.0)
    full["patterns"] = [{some[0].id: numbers, some[1].id: numbers}] * 2
    other["patterns"] = [{some[0].id: {"insurgents": 0.0}, some[1].id: math.nan}] * 2
    row = compare({FULL: full, "economy": other}, VARIANTS[1:2], 0)[0]
    assert row.lost == tuple(sorted((some[0].id, some[1].id))) and row.won == () and row.met == ()
    whole = compare({FULL: full}, VARIANTS[:1], 0)[0]
    assert whole.met == tuple(sorted((some[0].id, some[1].id)))
    assert ablation.as_dict([whole], Setting())["variants"][0]["patterns_met"] == list(whole.met)


def test_lenses_that_set_a_mechanism_are_counted() -> None:
    by_name = {v.name: v for v in VARIANTS}
    assert len(ablation.lenses_that_set(by_name["soviet_power"])) >= 3
    assert ablation.lenses_that_set(by_name[FULL]) == ()
    assert "national" in ablation.lenses_that_set(by_name["foreign tongue"])


def test_a_variant_is_refitted_and_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def tables(task: Any) -> Any:
        asked.append(task)
        return task

    monkeypatch.setattr(ablation, "warm", lambda: None)
    monkeypatch.setattr(ablation, "answers", lambda task: asked.append(task) or {})
    monkeypatch.setattr(ablation, "tables", tables)
    monkeypatch.setattr(ablation, "outputs", lambda tables: {"land_taken": 0.1, "pattern/1/x": 1.0})
    monkeypatch.setattr(ablation, "predict", lambda tables, wanted: {})
    monkeypatch.setattr(ablation.patterns, "measure", lambda tables: {"1": None})
    variant = next(v for v in VARIANTS if v.name == "kin, front, neighbours")
    size = len(axes_left(variant))
    found = ablation.do(ablation.Piece(variant, Setting(evaluations=size + 3, looks=2)))
    assert found["evaluations"] == size + 3 and len(asked) == 2 * (size + 3) + 2
    assert all(dict(task.parameters)["kin_tie"] == 0.0 for task in asked)
    assert {task.seed for task in asked[-2:]}.isdisjoint({task.seed for task in asked[:-2]})
    assert found["outputs"] == [{"land_taken": 0.1}] * 2
    start = dict(asked[0].parameters)
    best = max(sim.parameter_sets().of(), key=lambda one: one.fit).values
    assert all(start[name] == pytest.approx(value) for name, value in best.items() if name != "kin_tie")


# --- doubts -----------------------------------------------------------------------------------------------------------


def test_too_few_evaluations_are_told_before_any_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        ablation.main(["--evaluations", "4", "--out", str(tmp_path / "never")])
    assert stopped.value.code == 2
    assert f"Expected {len(axes()) + 2} or more" in capsys.readouterr().err
    assert not (tmp_path / "never").exists()


def test_doubts_share_their_seeds_and_each_seed_its_set() -> None:
    setting = doubts.Setting(runs=3, alone=2, seed=0)
    probes = doubts.probes(setting)
    series = doubts.from_memory()
    assert len(series) > 20 and "queues_petrograd" in series and "army_field" not in series
    assert len(probes) == 3 * len(doubts.DOUBTS) + 2 * len(series)
    for k in range(3):
        same = [probes[f"{doubt}/{k}"] for doubt in doubts.DOUBTS]
        assert {p.seed for p in same} == {k} and len({p.parameters for p in same}) == 1
    assert probes["events/0"].changes == {"doubt": {"event_sizes": 1.5}}
    assert probes["without queues_petrograd/1"].changes == {"doubt": {"memory_left_out": ["queues_petrograd"]}}
    assert probes["as it stands/0"].parameters != probes["as it stands/1"].parameters


def test_what_sampling_makes_of_no_doubt_is_told_with_its_sign() -> None:
    values = np.random.default_rng(1).normal(0.0, 3.0, 20)
    runs = {
        f"{doubt}/{k}": {"figures": {}, "numbers": {"land_taken": part * v}}
        for doubt, part in (("as it stands", 1.0), ("events", 0.8), ("memory drawn", 1.25), ("memory left out", 1.0))
        for k, v in enumerate(values)
    }
    less, more, same = (doubts.told(runs, d)["land_taken"] for d in list(doubts.DOUBTS)[1:])
    assert less.added == pytest.approx(-0.6 * less.sd) and more.added == pytest.approx(0.75 * more.sd)
    assert same.added == 0.0


def test_what_other_sets_and_seeds_do_holds_the_sets() -> None:
    """Runs without chance whose sets lie far apart: what is told beside a change is the spread of sets."""
    contest = contests()[0]
    target, observed = next(iter(contest.observed.items()))
    runs = {
        f"{doubt}/{k}": {"figures": {contest.id: {target: observed + 4.0 * (-1) ** k}}, "numbers": {}}
        for doubt in ("as it stands", "events") for k in range(32)
    }  # fmt: skip
    found = doubts.shift(runs, "events")
    wanted = 4.0 * math.sqrt(32 / 31) * math.sqrt(2.0 / 32) * math.sqrt(2.0 / math.pi)
    assert found.mean == 0.0 and found.redrawn == pytest.approx(wanted)


def made_up_runs(n: int = 40) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    found: dict[str, Any] = {}
    for k in range(n):
        chance, doubt = rng.normal(0.0, 3.0), rng.normal(0.0, 4.0)
        observed = {c.id: dict(c.observed) for c in contests()}
        off = {c: {t: v + 2.0 for t, v in f.items()} for c, f in observed.items()}
        found[f"as it stands/{k}"] = {"figures": observed, "numbers": {"land_taken": chance, "effect/x": 1.0}}
        found[f"events/{k}"] = {"figures": off, "numbers": {"land_taken": chance + doubt, "effect/x": math.nan}}
    return found


def test_what_a_doubt_adds_to_chance_is_told_apart_from_it() -> None:
    runs = made_up_runs()
    found = doubts.told(runs, "events")
    assert set(found) == {"land_taken"}, "a number that no pair holds is not told"
    land = found["land_taken"]
    assert land.sd == pytest.approx(3.0, rel=0.25) and land.added == pytest.approx(4.0, rel=0.4) and land.n == 40
    assert land.paired == pytest.approx(4.0 * math.sqrt(2.0 / math.pi), rel=0.3)
    shift = doubts.shift(runs, "events")
    assert shift.mean == pytest.approx(2.0) and shift.most == pytest.approx(2.0) and shift.redrawn < 1e-9
    assert doubts.errors(runs, "events")["validate, bolshevik"] == pytest.approx(2.0)
    assert doubts.errors(runs, "as it stands")["calibrate, families"] == pytest.approx(0.0, abs=1e-9)
