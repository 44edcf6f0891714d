"""Sensitivity: indices of functions whose indices are known, chance told apart from effects, nothing made up."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

import sim
from analysis.inference.reference import Reference
from analysis.plots import sensitivity as figures
from analysis.running.kept import Kept, failures, work_through
from analysis.studies import morris, sensitivity, sobol
from analysis.studies.probe import Probe, measure
from sim.cli import app

#: Analytic indices of the Ishigami function with a = 7, b = 0.1 (Ishigami and Homma, 1990).
FIRST, TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)


def ishigami(points: np.ndarray) -> np.ndarray:
    x, y, z = points.T
    return np.sin(x) + 7.0 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


# --- Sobol ------------------------------------------------------------------------------------------------------------

CIRCLE = sobol.Box("circle", np.full(3, -np.pi), np.full(3, np.pi))


def test_indices_of_ishigami_are_the_analytic_ones() -> None:
    found = sobol.indices("ishigami", ishigami(sobol.design(CIRCLE, 1024, 0)), 3, seed=0)
    for got, conf, known in ((found.first, found.first_conf, FIRST), (found.total, found.total_conf, TOTAL)):
        assert np.all(np.abs(got - known) <= np.maximum(conf, 0.02)), (got, conf)
        assert np.all(conf < 0.12) and np.all(conf > 0.0)
    assert found.mean == pytest.approx(3.5, abs=0.05) and found.sd == pytest.approx(3.72, abs=0.05)


def test_a_sample_and_its_intervals_are_a_function_of_the_seed_zero_too() -> None:
    designs = [sobol.design(CIRCLE, 64, seed) for seed in (0, 0, 1)]
    assert np.array_equal(designs[0], designs[1]) and not np.array_equal(designs[0], designs[2])
    values = ishigami(designs[0])
    confs = [sobol.indices("x", values, 3, seed).total_conf for seed in (0, 0, 1)]
    assert np.array_equal(confs[0], confs[1]) and not np.array_equal(confs[0], confs[2])


def test_missing_values_are_refused_with_their_count_and_a_constant_has_no_indices() -> None:
    values = ishigami(sobol.design(CIRCLE, 16, 1))
    values[[3, 7]] = math.nan
    with pytest.raises(sim.InputError, match="missing in 2 of 80 runs"):
        sobol.indices("soviet_power_date", values, 3, 1)
    assert not sobol.indices("flat", np.full(80, 4.2), 3, 1).total.any()


def toy_table(rows: int = 300) -> Reference:
    """Two axes of which one counts; the second output is often missing, the third takes two values."""
    from analysis.inference.calibrate import Axis

    points = np.random.default_rng(2).uniform(size=(rows, 2))
    curve = 30.0 + 40.0 * points[:, 0] + np.random.default_rng(3).normal(0.0, 0.5, rows)
    outputs = np.column_stack([curve, np.where(points[:, 1] < 0.1, np.nan, 1.0), points[:, 0] > 0.5])
    over = tuple(Axis(name, 0.0, 1.0, 0.5, False) for name in ("kin_tie", "independence_weight"))
    names = ("bolshevik/empire/worker/1917-07-04", "ebb_date", "came")
    return Reference(over, points, np.arange(rows), np.ones(rows, dtype=np.int64), (), np.empty((rows, 0)), names,
                     outputs, "toy", 2_000)  # fmt: skip


def test_through_the_emulator_the_axis_that_counts_has_the_variance() -> None:
    table = toy_table()
    narrow = sobol.Box("posterior", np.array([0.4, 0.0]), np.array([0.6, 1.0]))
    found, left = sobol.study(table, (sobol.whole(2), narrow), 64, 0, table.measures)
    prior, posterior = found["prior"][0], found["posterior"][0]
    assert prior.first[0] > 0.95 and prior.total[1] < 0.05
    assert prior.sd == pytest.approx(40.0 / math.sqrt(12.0), rel=0.1) and posterior.sd < 0.3 * prior.sd
    assert 0.0 < prior.error < 1.5, "in the output's own unit"
    assert 0.95 < prior.foretold <= 1.0
    missing = int(np.isnan(table.output("ebb_date")).sum())
    assert f"missing in {missing} of 300 runs" in left["ebb_date"] and "2 values" in left["came"]
    figure = figures.draw_sobol(table.names, found)
    assert len(figure.axes) == 2


def with_a_failed_row(table: Reference, row: int = 4) -> Reference:
    outputs = table.outputs.copy()
    outputs[row] = np.nan
    return replace(table, outputs=outputs)


def test_a_run_that_failed_is_left_out_and_counted() -> None:
    whole, said = with_a_failed_row(toy_table()), []
    found, left = sobol.study(whole, (sobol.whole(2),), 64, 0, whole.measures, said.append)
    assert "1 of 300 runs failed and are left out" in said
    missing = int(np.isnan(whole.output("ebb_date")).sum()) - 1
    assert set(left) == {"ebb_date", "came"} and f"missing in {missing} of 299 runs" in left["ebb_date"]
    without, _ = sobol.study(whole.keep(np.arange(300) != 4), (sobol.whole(2),), 64, 0, whole.measures)
    assert found["prior"][0].foretold == without["prior"][0].foretold > 0.95
    assert np.array_equal(found["prior"][0].total, without["prior"][0].total)
    assert sobol.study(whole, (sobol.whole(2),), 64, 0, ["came"])[0] == {"prior": ()}, "nothing is left to emulate"
    told = sensitivity.sobol_dict(whole, found, left, 64, 0)
    assert (told["runs"], told["failed"]) == (299, 1)


def foreseen(values: np.ndarray, unseen: np.ndarray, points: np.ndarray, waves: np.ndarray) -> float:
    """What is foretold over the prior, from a table of one output and an emulator that tells rows as given."""
    table = replace(toy_table(len(values)), points=points, waves=waves, targets=(("output", "x"),),
                    predictions=values[:, None])  # fmt: skip
    emulator = SimpleNamespace(unseen=unseen[:, None])
    return float(sobol.foretold(table, emulator, sobol.whole(2))[0])


def test_points_run_twice_are_not_unseen_and_rows_without_an_answer_are_passed_over() -> None:
    rng = np.random.default_rng(7)
    points, values = rng.uniform(size=(100, 2)), rng.normal(size=100)
    waves = np.ones(100, dtype=np.int64)
    points[19::20] = points[18::20]
    twice = np.zeros(100, dtype=bool)
    twice[18::20] = twice[19::20] = True
    # The emulator tells repeated points without error and the others by their mean, which tells nothing.
    unseen = np.where(twice, values, values[~twice].mean())
    assert foreseen(values, unseen, points, waves) == pytest.approx(0.0, abs=1e-12)
    holes = values.copy()
    holes[[3, 50]] = np.nan
    known = np.isfinite(holes)
    assert foreseen(holes, holes[known], points, waves) == 1.0
    assert math.isnan(foreseen(values[18:20], unseen[18:20], points[18:20], waves[18:20])), "no point was run once"


def test_a_box_holds_nine_in_ten_of_the_sets_along_each_axis() -> None:
    points = np.random.default_rng(0).uniform(size=(4000, 2)) * [1.0, 0.1]
    box = sobol.around(points)
    assert box.low == pytest.approx([0.05, 0.005], abs=0.02) and box.high == pytest.approx([0.95, 0.095], abs=0.02)
    flat = sobol.around(np.full((10, 1), 0.3))
    assert flat.high[0] > flat.low[0], "an axis without width has an index of nil, not an error"


# --- Morris -----------------------------------------------------------------------------------------------------------


def test_effects_of_a_line_are_its_slopes_and_of_a_product_depend_on_the_others() -> None:
    points = morris.design(3, 40, 0)
    mu, star, sigma, _ = morris.elementary(points, points @ np.array([3.0, -1.0, 0.0]), 0)
    assert mu == pytest.approx([3.0, -1.0, 0.0]) and star == pytest.approx([3.0, 1.0, 0.0]) and sigma.max() < 1e-9
    _, star, sigma, _ = morris.elementary(points, points[:, 0] * points[:, 1], 0)
    assert star[:2].min() > 0.3 and sigma[:2].min() > 0.2 and star[2] == 0.0


def test_effects_on_ishigami_rank_as_they_should() -> None:
    points = morris.design(3, 200, 1)
    _, star, sigma, conf = morris.elementary(points, ishigami(-np.pi + 2.0 * np.pi * points), 1)
    assert star[0] > star[2] and star[1] > star[2] and sigma.min() > 1.0 and conf[0] < star[0]


def test_a_design_is_a_function_of_the_seed_zero_too() -> None:
    designs = [morris.design(4, 3, seed) for seed in (0, 0, 1)]
    assert np.array_equal(designs[0], designs[1]) and not np.array_equal(designs[0], designs[2])
    steps = np.abs(np.diff(designs[0].reshape(3, 5, 4), axis=1))
    assert np.count_nonzero(steps > 1e-9, axis=2).tolist() == [[1] * 4] * 3, "one parameter moves at a time"


SETTING = morris.Setting(("blame_rate", "kin_tie", "decision_noise"), trajectories=6, seed=0)


def toy_runs(setting: morris.Setting) -> dict[str, dict[str, float]]:
    """A model of which one parameter counts, with chance of a known size, and an outcome that does not always come."""
    found = {}
    for name, probe in morris.probes(setting).items():
        values = dict(probe.parameters)
        chance = np.random.default_rng(probe.seed).normal(0.0, 2.0)
        found[name] = {
            "bolshevik/empire/worker/1917-07-04": 20.0 * values["kin_tie"] + chance,
            "effect/land_taken": values["decision_noise"],
            "ebb_date": math.nan if probe.seed % 2 else 300.0,
            "land_taken": 0.25,
        }
    return found


def test_a_screening_tells_effects_from_chance_and_refuses_what_is_missing() -> None:
    runs = toy_runs(SETTING)
    found = morris.screen(SETTING, runs)
    curve, effect = found.of("bolshevik/empire/worker/1917-07-04"), found.of("effect/land_taken")
    assert curve.mu_star == pytest.approx([0.0, 40.0, 0.0]), "trajectories share their chance: no effect is no effect"
    # Two normal draws with standard deviation 2 differ by 2.26 in the mean; a step is two thirds of a range.
    assert curve.floor == pytest.approx(2.26 * 1.5, rel=0.4) and curve.floor < curve.mu_star[1]
    assert effect.mu_star == pytest.approx([0.0, 0.0, 0.5]) and effect.floor == 0.0
    missing = sum(math.isnan(run["ebb_date"]) for run in runs.values())
    assert found.refused == {"ebb_date": (missing, len(runs))}
    with pytest.raises(sim.InputError, match=f"missing in {missing} of {len(runs)} runs"):
        found.of("ebb_date")
    assert list(found.ranking("curve"))[0] == "kin_tie" and list(found.ranking("effect"))[0] == "decision_noise"
    assert sensitivity.inert(found, "curve") == ["blame_rate", "decision_noise"]
    assert sensitivity.above_floor(found, "curve") == {"blame_rate": 0.0, "kin_tie": 1.0, "decision_noise": 0.0}


def test_the_floor_falls_with_replicates() -> None:
    again = [[0.0, 3.0, 6.0]]
    assert morris.noise_floor(again, 1) == pytest.approx(4.0 * 1.5)
    assert morris.noise_floor(again, 4) == pytest.approx(4.0 * 1.5 / 2.0)


def test_points_of_a_trajectory_share_seeds_and_no_others_do() -> None:
    setting = morris.Setting(("kin_tie", "blame_rate"), trajectories=2, replicates=2, seed=0)
    probes = morris.probes(setting)
    assert len(probes) == 2 * 3 * 2 + 2 * morris.REPEATS
    seeds = [[probes[f"{i}/{k}"].seed for i in range(6)] for k in (0, 1)]
    assert [len(set(row[:3])) for row in seeds] == [1, 1] and len({*seeds[0], *seeds[1]}) == 4
    assert {p.seed for n, p in probes.items() if n.startswith("again")}.isdisjoint({*seeds[0], *seeds[1]})
    values = dict(probes["0/0"].parameters)
    assert set(values) == {"kin_tie", "blame_rate"} and 0.0 <= values["kin_tie"] <= 2.0


def test_parameters_are_chosen_by_name_or_mechanism_and_within_their_ranges() -> None:
    assert len(morris.chosen()) == sum(d.low < d.high for d in sim.DECLARATIONS.values())
    assert morris.chosen(("kin_tie",), ("assemblies",)) == ("kin_tie", "assembly_pull")
    with pytest.raises(sim.InputError, match="Did you mean 'kin_tie'"):
        morris.chosen(("kin_ti",))
    with pytest.raises(sim.InputError, match="Expected one of action"):
        morris.chosen((), ("attitude",))
    near = morris.axes_of(("blame_rate", "taste_spread"), within=0.2)
    for axis in near:
        declared = sim.DECLARATIONS[axis.name]
        assert declared.low <= axis.low <= declared.default <= axis.high <= declared.high
        assert axis.high - axis.low < 0.8 * (declared.high - declared.low)


# --- the model and the command ----------------------------------------------------------------------------------------


def test_a_probe_gives_history_and_the_effect_of_the_what_if_with_the_same_luck() -> None:
    found = measure(Probe(0, 1_400, what_if="soviet_power_september"))
    alone = measure(Probe(0, 1_400))
    assert all(found["numbers"][name] == value or math.isnan(value) for name, value in alone["numbers"].items())
    assert found["figures"] == alone["figures"]
    effect = {name: value for name, value in found["numbers"].items() if name.startswith("effect/")}
    assert effect["effect/insurrection_came"] == -1.0, "the Bolsheviks do not rise against a soviet government"
    assert effect["effect/soviet_power_date"] < 0.0
    assert effect["effect/bolshevik/empire/worker/1917-10-24"] != 0.0


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command with a toy in the place of the model; the list says what was run."""
    ran: list[str] = []

    def numbers(probe: Probe) -> dict[str, float]:
        ran.append(str(probe.seed))
        values = dict(probe.parameters)
        curve = 10.0 * values["kin_tie"] + values["blame_rate"] + 0.1 * (probe.seed % 7)
        return {"bolshevik/petrograd/worker/1917-07-04": curve, "ebb_date": math.nan}

    monkeypatch.setattr(morris, "numbers", numbers)
    return ran


def test_the_command_screens_writes_and_goes_on(toy: list[str], tmp_path: Path) -> None:
    asked = ["sensitivity", "--parameter", "kin_tie", "--parameter", "blame_rate", "--trajectories", "2", "--seed", "0",
             "--jobs", "1", "--what-if", "none", "--out", str(tmp_path / "s")]  # fmt: skip
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    assert "kin_tie" in done.output and "ebb_date (12 of 12)" in done.output and len(toy) == 12
    rows = list(csv.DictReader((tmp_path / "s" / "morris.csv").open()))
    assert [row["parameter"] for row in rows] == ["blame_rate", "kin_tie"]
    assert float(rows[1]["mu_star"]) == pytest.approx(20.0) and float(rows[1]["noise_floor"]) < 1.5
    whole = json.loads((tmp_path / "s" / "morris.json").read_text())
    assert whole["refused"] == {"ebb_date": [12, 12]} and whole["runs"] == 12
    assert (tmp_path / "s" / "morris.png").stat().st_size > 10_000
    again = CliRunner().invoke(app, asked)
    assert again.exit_code == 0 and len(toy) == 12, "nothing is run twice"
    other = CliRunner().invoke(app, [*asked, "--agents", "3000"])
    assert other.exit_code == 2 and "with other options" in other.output


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--parameter", "kin_ti"], "Did you mean 'kin_tie'"),
        (["--mechanism", "blam"], "no parameter belongs to 'blam'"),
        (["--figure", "x.jpeg"], "must end in .png, .svg, .pdf"),
        (["--method", "sobol", "--table", "none.parquet"], "no reference table at none.parquet"),
    ],
)
def test_what_is_wrong_is_told(asked: list[str], said: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["sensitivity", *asked, "--out", str(tmp_path / "s"), "--jobs", "1"])
    assert done.exit_code == 2 and said in done.output.replace("\n", " "), done.output


# --- work that goes on ------------------------------------------------------------------------------------------------


def double(task: float) -> dict[str, float]:
    if task < 0:
        raise ValueError("below nought")
    return {"twice": 2.0 * task if task else math.nan}


def test_pieces_are_kept_whole_and_a_torn_line_is_done_again(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "work.jsonl", {"seed": 0})
    first = work_through({"a": 1.0, "b": 0.0, "c": -1.0}, double, kept, 1, "test", quiet=True)
    assert first["a"] == {"twice": 2.0} and math.isnan(first["b"]["twice"])
    assert failures(first) == {"c": "ValueError: below nought"}
    text = kept.path.read_text()
    kept.path.write_text(text[:-5])
    assert set(kept.read()) == {"a", "b"}
    again = work_through({"a": 5.0, "c": 3.0}, double, kept, 1, "test", quiet=True)
    assert again["a"] == {"twice": 2.0} and again["c"] == {"twice": 6.0}
    with pytest.raises(sim.InputError, match="with other options"):
        Kept(kept.path, {"seed": 1}).read()


def test_titles_are_words() -> None:
    assert sensitivity.title_of("bolshevik/fronts/soldier/1917-10-24") == "Bolsheviks: soldiers at the fronts, 24 Oct"
    assert sensitivity.title_of("effect/land_taken") == "Effect on: Villages that took land"
    assert sensitivity.title_of("approval_party_name") == "Approval party name"
