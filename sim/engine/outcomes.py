"""Outcome measures of one run, for the table ``outcomes``. Dates are days from 23 February; a missing date is NaN.

Only what this version measures stands here; measures that need free history are added with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.words.identifiers import PARTY

if TYPE_CHECKING:
    from sim.engine.model import Revolution


def outcomes(model: Revolution) -> dict[str, float]:
    """Measure -> value, at the end of a run."""
    votes = model.chamber.votes.get("constituent_assembly")
    share = float(votes[PARTY["bolshevik"]] / votes.sum()) if votes is not None else np.nan
    knows, expects = model.party_life.before_october()
    return {
        "bolshevik_share_ca": share,
        "petrograd_soviet_majority_date": model.first_majority if model.first_majority is not None else np.nan,
        "bolshevik_followers_who_know": float(knows[PARTY["bolshevik"]]),
        "bolshevik_followers_who_expect_soviets": float(expects[PARTY["bolshevik"]]),
        "deaths_low": model.stage.deaths_low,
        "deaths_high": model.stage.deaths_high,
        **model.armed.outcomes(),
        "initiative_rank_and_file": model._day.movement.initiative(),
    }
