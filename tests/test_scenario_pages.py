"""The pages of the catalogue: current with the cards, complete over the ledger, results with their stamp."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from docs import scenario_results, scenarios
from sim.inputs.scenario_file import load_scenario, shipped

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
    """As much of a comparison as a page reads: one measure of each kind, events that come less often."""

    tables = {
        "outcome_differences": [
            {"measure": "soviet_power_date", "base": 246.0, "other": 131.0, "difference": -115.0, "low": -115.0,
             "high": -115.0, "odds_above_zero": 0.0},
            {"measure": "deaths_high", "base": 1763.0, "other": 474.0, "difference": -1289.0, "low": -1300.0,
             "high": -1200.0, "odds_above_zero": 0.0},
            {"measure": "deaths_low", "base": 423.0, "other": 423.0, "difference": 0.0, "low": 0.0, "high": 0.0,
             "odds_above_zero": 0.0},
        ],
        "event_odds": [
            {"event": "june_offensive", "base_odds": 1.0, "other_odds": 0.75},
            {"event": "july_days", "base_odds": 1.0, "other_odds": 0.0},
            {"event": "july_arrests", "base_odds": 1.0, "other_odds": 0.0},
        ],
    }  # fmt: skip

    def of_other(self, table: str) -> pd.DataFrame:
        return pd.DataFrame(self.tables[table])

    def extrapolates_from(self, name: str) -> date:
        return date(1917, 8, 15)


def test_results_are_told_in_rows_that_stand_alone() -> None:
    base, here = {"soviet_power_date": [246.0] * 4, "deaths_low": [423.0] * 4}, {"soviet_power_date": [131.0] * 2}
    answer = scenario_results.Answer("soviet_power_july", Compared(), base, here, 4, "A stamp.")
    told = scenario_results.results(answer)
    assert (
        "| Power passes to soviets | 4 of 4 runs, mean 27 October (9 November) 1917 | 2 of 4 runs, mean 4 July" in told
    )
    assert "| Power is taken by force | 0 of 4 runs | 0 of 4 runs |" in told
    assert "| Deaths in shootings, highest count | 1,763 | 474 | -1,289 (-1,300 to -1,200) | 0.00 |" in told
    assert "| Deaths in shootings, least count | 423 | 423 | 0.000 (0.000 to 0.000) | no difference |" in told
    # What hangs on an event that is named is counted, not named.
    assert "Less often: July Days (0.00 beside 1.00). And 1 more, which hang on these or come later." in told
    assert "0.75 beside" not in told and "nan" not in told
    assert "From 15 August (28 August) 1917 on, six weeks after the change, the model extrapolates." in told


def test_what_leaves_history_open_is_set_beside_history_left_open() -> None:
    assert scenario_results.base_of(load_scenario("soviet_power_july")) == "historical@1917-07-04"
    assert scenario_results.base_of(load_scenario("split_lists")) == "historical", "every event keeps its date"
    base, here = {"deaths_high": [1000.0]}, {"deaths_high": [474.0]}
    pinned = {"deaths_high": [1763.0], "soviet_power_date": [246.0]}
    told = scenario_results.results(
        scenario_results.Answer("soviet_power_july", Compared(), base, here, 1, "A stamp.", pinned)
    )
    assert "| day on which | in history | left open | here |" in told
    assert "| Power passes to soviets | 1 of 1 runs, mean 27 October" in told
    assert "| Deaths in shootings, highest count | 1,763 | 1,763 | 474 |" in told
    assert "`historical@1917-07-04`: nothing is changed" in " ".join(told.split())
    assert "october compare historical@1917-07-04 soviet_power_july" in scenarios.page("soviet_power_july")


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
