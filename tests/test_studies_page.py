"""The pages of the studies say what the reports say, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.studies import page as studies_page
from analysis.studies.ablation import FULL
from analysis.studies.doubts import DOUBTS, PLAIN
from analysis.studies.sensitivity import EFFECT_HEADLINES, HEADLINES

CURVE, EFFECT = HEADLINES[0], EFFECT_HEADLINES[0]
KINDS = ("curve", "outcome", "effect")


def error(more: float, certain: bool = False) -> dict[str, Any]:
    ends = {"low": more - 1, "high": more + 1}
    told = {"n": 33, "certain": certain, "falls": False}
    return {"error": 7.0 + more, "more": more, **ends, "chance": 0.3} | told


def variant(name: str, kind: str, more: float, certain: bool, **told: Any) -> dict[str, Any]:
    names = ("calibrate", "validate", "validate, in space", "validate, in time", "validate, families")
    usual = {"without": "a thing", "other": "D-001", "loss": 5.0, "began": 6.0, "axes": 16,
             "patterns_met": ["1", "2", "6"], "patterns_lost": [],
             "patterns_won": [], "outcomes_moved": {}, "lenses": ["mandel"], "contributes": certain}  # fmt: skip
    return usual | {"name": name, "kind": kind, "errors": {n: error(more, certain) for n in names}} | told


REPORTS: dict[str, Any] = {
    "morris": {
        "trajectories": 4, "seed": 0, "runs": 36, "agents": 2000, "within": 1.0, "what_if": "soviet_power_september",
        "parameters": ["kin_tie", "decision_noise", "hazard_rare"],
        "ranking": {k: {"kin_tie": 1.5, "decision_noise": 0.0, "hazard_rare": 0.0} for k in KINDS},
        "above_floor": {k: {"kin_tie": 1.0, "decision_noise": 0.0, "hazard_rare": 0.0} for k in KINDS},
        "inert": {"curve": ["decision_noise", "hazard_rare"], "outcome": ["decision_noise", "hazard_rare"],
                  "effect": ["hazard_rare"]},
        "headlines": {CURVE: {"floor": 3.25, "spread": 20.0, "effects": {"kin_tie": [1.0, 41.5, 2.0]}}},
        "refused": {"ebb_date": [7, 36]},
    },
    "sobol": {
        "base": 64, "seed": 0, "runs": 900, "agents": 2000, "failed": 3, "model": "abc", "points": 320,
        "parameters": ["kin_tie"],
        "over": {
            box: {"mean_total": {"kin_tie": 0.62}, "outputs": {CURVE: {
                "mean": 30.0, "sd": 12.0, "error": 2.0, "chance": 1.0, "foretold": 0.91,
                "indices": {"kin_tie": [0.5, 0.1, 0.6, 0.2]}}}} for box in ("prior", "posterior")
        },
        "left_out": {"ebb_date": "'ebb_date' is missing in 7 of 900 runs: it has no effects."},
    },
    "doubts": {
        "runs": 60, "agents": 2000, "what_if": "soviet_power_september", "factor": 1.5, "alone_runs": 6,
        "errors": {d: {"calibrate, bolshevik": 7.0, "validate, bolshevik": 8.3} for d in DOUBTS},
        "shift": {d: {"mean": 0.32, "most": -3.7, "where": "western_front, bolshevik", "redrawn": 0.5}
                  for d in DOUBTS if d != PLAIN},
        "numbers": {d: {EFFECT: {"mean": -4.0, "sd": 2.0, "doubted": -4.5, "doubted_sd": 2.5, "paired": 0.8, "n": 60,
                                 "added": 1.5}} for d in DOUBTS if d != PLAIN},
        "alone": {"queues_petrograd": {"mean": 0.0, "most": 0.0, "where": "x, sr", "redrawn": 0.1},
                  "war_weariness": {"mean": 0.15, "most": 0.5, "where": "x, sr", "redrawn": 0.1}},
    },
    "ablation": {
        "evaluations": 26, "runs": 2, "looks": 6, "agents": 2000,
        "variants": [
            variant(FULL, "all", 0.0, False), variant("blame", "mechanism", 4.2, True, patterns_lost=["2", "6"]),
            variant("membership", "mechanism", -0.1, False, outcomes_moved={"land_taken": -5.0}),
            variant("fear of a split", "term", 0.2, False, axes=15),
        ],
    },
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(studies_page, "STUDIES", tmp_path)
    monkeypatch.setattr(studies_page, "DOCS", tmp_path)
    for name, report in REPORTS.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(report))
    return tmp_path


def test_every_study_is_told(made: Path) -> None:
    page = studies_page.sensitivity_page()
    assert "`kin_tie` 1.50 (100 %)" in page and "| 20.0 | 3.2 | `kin_tie` 41.5 |" in page
    assert "2 parameters move neither" in page and "in the what-if: `decision_noise`. The others" in page
    assert "`ebb_date` in 7 of" in page and "| `kin_tie` | 0.62 | 0.62 |" in page
    assert "0.50 ± 0.10, 0.60 ± 0.20" in page and "91 %" in page and "missing in 7 of 900 runs" in page
    assert "3 more failed and are left out" in page and "| mean change | other sets and seeds | most |" in page
    assert "-4.0 ± 2.0 | -4.5; +1.5; 0.8" in page and "No prediction changes at all without `queues_petrograd`" in page
    ablated = studies_page.ablation_page()
    assert "+4.2\\* ± 0.3 (+3.2 to +5.2)" in ablated and "lost: 2, 6" in ablated and "`land_taken` -5" in ablated
    assert ablated.index("**blame**") < ablated.index("## Terms inside them") < ablated.index("**fear of a split**")
    assert "+4.2\\*" in studies_page.short_table() and "fear of a split" not in studies_page.short_table()


def changed_ablation(made: Path, **changes: Any) -> None:
    (made / "ablation.json").write_text(json.dumps(REPORTS["ablation"] | changes))


def test_every_scored_column_is_shown_with_its_contests_and_chance(made: Path) -> None:
    odd = variant("blame", "mechanism", 4.2, True)
    odd["errors"]["validate, in time"] = error(-2.125, True) | {"n": 3, "chance": 0.25}
    full = variant(FULL, "all", 0.0, False)
    full["errors"]["validate, in time"]["n"] = 3
    changed_ablation(made, variants=[full, odd])
    told = studies_page.ablation_page()
    assert "| calibrate (33) | validate (33) | validate, in space (33) | validate, in time (3) |" in told
    row = next(line for line in told.splitlines() if line.startswith("| **blame**"))
    assert row.count("±") == 5 and "-2.1\\* ± 0.2 (-3.1 to -1.1)" in row


def test_errors_that_fall_are_named_or_it_is_said_that_none_does(made: Path) -> None:
    rule = "by more than one point and by more than 3 times its chance"
    none = f"Without none of them does the error fall in any scored column {rule}."
    assert none in studies_page.ablation_page() and none in studies_page.short()
    falling = variant("soviet_power", "mechanism", 0.2, False)
    falling["errors"]["validate, in time"] |= {"more": -2.125, "falls": True, "n": 3}
    changed_ablation(made, variants=[*REPORTS["ablation"]["variants"], falling])
    told = f"The error falls in a scored column, {rule}, without 1 of them: soviet power "
    assert f"{told}(validate, in time -2.1 ± 0.3 over 3 contests)." in studies_page.ablation_page()
    assert f"{told}(not fitted, along time -2.1 ± 0.3 over 3 contests)." in studies_page.short()


def test_how_patterns_are_judged_and_how_little_a_refit_is(made: Path) -> None:
    told = studies_page.ablation_page()
    for text in (told, studies_page.short()):
        assert "the mean of its numbers over 6 runs of one refitted point" in text
        assert "the full model meets 3 of the patterns and controls: 1, 2, 6." in text and "set by set" in text
    assert "has 26 evaluations of 2 runs" in told and "each of 16 axes, and so 9 trial steps (10 where the line" in told
    changed_ablation(made, evaluations=18, variants=REPORTS["ablation"]["variants"][:2])
    assert "each of 16 axes, and so 1 trial step; the best" in studies_page.ablation_page()


def test_what_has_not_been_made_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies_page, "STUDIES", tmp_path)
    monkeypatch.setattr(studies_page, "DOCS", tmp_path)
    assert "Morris" not in studies_page.sensitivity_page() and studies_page.short_table() == studies_page.short() == ""
    told = studies_page.sensitivity_page() + studies_page.ablation_page()
    begun = "Not made yet:** no report of the model as it stands is kept; "
    assert all(f"{begun}`{command}`" in told for command in studies_page.COMMANDS.values())


def test_the_command_takes_reports_and_writes_pages(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    folder = tmp_path / "sobol"
    folder.mkdir()
    (folder / "sobol.json").write_text(json.dumps(REPORTS["sobol"] | {"base": 128}))
    (folder / "sobol.png").write_bytes(b"a figure")
    (made / "source").mkdir()
    (made / "source" / "ablation.md").write_text("## What it means\n")
    studies_page.main(["--take", str(folder)])
    assert "written: docs/sensitivity.md" in capsys.readouterr().out
    assert "--base 128" in (made / "sensitivity.md").read_text() and (made / "sobol.png").read_bytes() == b"a figure"
    assert (made / "ablation.md").read_text().endswith("## What it means\n")
    studies_page.main(["--short"])
    headings = "| without | fitted | not fitted | not fitted, families | patterns lost |"
    assert capsys.readouterr().out.startswith(headings)


def test_the_pages_of_the_repository_are_current() -> None:
    for name, text in studies_page.pages().items():
        written = (studies_page.DOCS / name).read_text(encoding="utf-8")
        assert written == text, f"docs/{name}: run python -m analysis studies_page"
