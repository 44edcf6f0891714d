"""The pages of the catalogue: current with the cards, complete over the ledger, results with their stamp."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from docs import scenarios
from sim.inputs.scenario_file import shipped

ROOT = Path(__file__).resolve().parents[1]
INDEX = scenarios.FOLDER.parent / "catalogue.md"
#: Section E of the ledger has no E-017.
ASKED = [f"E-{n:03}" for n in range(1, 69) if n != 17]


@pytest.fixture(scope="module")
def pages() -> dict[Path, str]:
    return scenarios.all_pages()


def test_pages_are_current_with_the_cards(pages: dict[Path, str]) -> None:
    stale = [path.name for path, text in pages.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run python -m docs.scenarios"
    assert {path.stem for path in scenarios.FOLDER.glob("*.md")} == set(shipped())


def test_a_page_follows_its_card_and_keeps_its_results() -> None:
    results = "## Results\n\nby the model of version `0123456789ab`"
    text = scenarios.page("no_offensive", results)
    assert (
        results in text and "A villager: Sons and horses at home" in text and "summer_offensive: defence_only" in text
    )
    assert text.index("What it can't say") < text.index("Results")


class Compared:
    """As much of a comparison as a page reads: one measure of each kind, one event that comes less often."""

    tables = {
        "outcome_differences": [
            {"measure": "soviet_power_date", "base": 246.0, "other": 131.0, "difference": -115.0, "low": -115.0,
             "high": -115.0, "odds_above_zero": 0.0},
            {"measure": "deaths_high", "base": 1763.0, "other": 474.0, "difference": -1289.0, "low": -1300.0,
             "high": -1200.0, "odds_above_zero": 0.0},
            {"measure": "ca_share/sr", "base": float("nan"), "other": float("nan"), "difference": float("nan"),
             "low": float("nan"), "high": float("nan"), "odds_above_zero": float("nan")},
        ],
        "outcome_odds": [{"measure": "soviet_power_date", "pairs": 4, "base_has": 1.0, "other_has": 0.5}],
        "event_odds": [
            {"event": "july_arrests", "base_odds": 1.0, "other_odds": 0.0},
            {"event": "june_offensive", "base_odds": 1.0, "other_odds": 0.75},
        ],
    }  # fmt: skip

    def of_other(self, table: str, name: str) -> pd.DataFrame:
        return pd.DataFrame(self.tables[table])

    def extrapolates_from(self, name: str) -> date:
        return date(1917, 8, 15)


def test_results_are_told_in_rows_that_stand_alone() -> None:
    told = scenarios.results(Compared(), "soviet_power_july", "A stamp.")
    assert (
        "| Power passes to soviets | 4 of 4 runs, mean 27 October (9 November) 1917 | 2 of 4 runs, mean 4 July" in told
    )
    assert "| Deaths in shootings, highest count | 1,763 | 474 | -1,289 (-1,300 to -1,200) | 0.00 |" in told
    assert "Less often: " in told and told.count("beside 1.00)") == 1
    assert "0.75 beside" not in told and "nan" not in told
    assert "From 15 August (28 August) 1917 on, six weeks after the change, the model extrapolates." in told


def test_results_bear_the_stamp_of_the_model_that_made_them(pages: dict[Path, str]) -> None:
    results = [scenarios.kept(path) for path in pages if path.parent == scenarios.FOLDER]
    given = [part for part in results if part]
    for part in given:
        assert re.search(r"\d+ pairs of runs of [\d,]+ simulated people", " ".join(part.split()))
        assert re.search(r"model of version `[0-9a-f]{12}`", " ".join(part.split()))
        assert "nan" not in part


def test_every_question_of_the_ledger_has_a_card_or_a_reason() -> None:
    text = INDEX.read_text(encoding="utf-8")
    assert [entry for entry in ASKED if entry not in text] == []
    for name in shipped():
        assert f"(scenarios/{name}.md)" in text, name


def test_links_of_the_catalogue_lead_somewhere(pages: dict[Path, str]) -> None:
    for path, text in pages.items():
        for target in re.findall(r"\]\(([^)#]+\.md)\)", text):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
