"""How late it could still have gone otherwise: curves of odds for the page."""

from __future__ import annotations

from typing import Any

import sim
from analysis.page.words import Words

#: Outcomes that are shown where the contingency holds them, in this order.
_ASKED = ("soviet_power", "insurrection", "petrograd_soviet_majority")


def curves(contingency: sim.Contingency | None, words: Words) -> list[dict[str, Any]]:
    """Each outcome's name in words and its odds (0..1) from every date, with Wilson's interval."""
    if contingency is None:
        return []
    return [
        {
            "measure": words.name(contingency.title(outcome), "outcomes", outcome),
            "runs": len(contingency.runs),
            "points": [
                {"date": row["date"], "odds": round(float(row["odds"]), 4), "low": round(float(row["low"]), 4),
                 "high": round(float(row["high"]), 4)}
                for row in contingency.odds(outcome).to_dict("records")
            ],
        }
        for outcome in _ASKED
        if outcome in contingency.outcomes
    ]  # fmt: skip
