"""Outcome measures of one run, for the table ``outcomes``: what :mod:`sim.inputs.measures` declares, and nothing else.

Dates are days from 23 February; what never came is NaN. All is read off the tally and the state at the end of the run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.tally import COLUMNS, ROWS, SINGLE, WEEK
from sim.words.identifiers import PARTIES, PARTY, STRATUM

if TYPE_CHECKING:
    from sim.engine.model import Revolution
    from sim.engine.tally import Tally

Floats = NDArray[np.float64]
Found = dict[str, float]

NEVER = float("nan")
#: Weeks before power passes that stand for the days before it, and weeks after it that stand for what came of it.
MONTH = 4
#: Weeks of a soviet's life in which everything is new.
FOUNDING = 4
#: The last day of the first five months.
FIVE_MONTHS = 150


def outcomes(model: Revolution) -> Found:
    """Measure -> value, at the end of a run."""
    year = Weeks(model.tally)
    return {
        **_votes(model), **_majorities(model), **_belief(year), **_knowledge(model), **_initiative(model, year),
        **_coming_out(model, year), **_setback(year), **_force(model, year), **_institutions(model, year),
        **_economy(model, year), **model.tally.kept,
    }  # fmt: skip


class Weeks:
    """The tally's weeks as columns, with the day on which power passed."""

    def __init__(self, tally: Tally):
        self.tally = tally
        self.days = np.array(tally.weeks, dtype=np.int64)
        self._means = np.array(tally.means).reshape(-1, len(ROWS), len(COLUMNS))
        self._single = np.array(tally.single).reshape(-1, len(SINGLE))
        passed = tally.power_day
        self.passed = int(self.days[-1]) + 1 if passed is None and self.days.size else passed or 0
        self.before = self.days < self.passed

    def mean(self, row: str, column: str) -> Floats:
        """A mean by week [weeks]."""
        return np.asarray(self._means[:, ROWS.index(row), COLUMNS.index(column)])

    def single(self, name: str) -> Floats:
        """A number by week [weeks]."""
        return np.asarray(self._single[:, SINGLE.index(name)])

    def on_eve(self, values: Floats) -> float:
        """The last week before power passes; of a run in which it never does, the last week."""
        known = values[self.before]
        return float(known[-1]) if known.size else NEVER

    def after_less_before(self, values: Floats) -> float:
        """A month after power passed, less the last week before; NaN if it never did or the run ends sooner."""
        later = values[self.days >= self.passed + MONTH * WEEK]
        return float(later[0]) - self.on_eve(values) if later.size and self.before.any() else NEVER

    def first(self, when: NDArray[np.bool_]) -> float:
        """The first week for which something holds."""
        return float(self.days[when][0]) if when.any() else NEVER


def _highest(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.max()) if known.size else NEVER


# --- votes and seats --------------------------------------------------------------------------------------------------


def _votes(model: Revolution) -> Found:
    votes = model.chamber.votes.get("constituent_assembly")
    share = votes / votes.sum() if votes is not None else np.full(len(PARTIES), NEVER)
    found = {f"ca_share/{party}": float(share[PARTY[party]]) for party in PARTIES}
    for name, (opened, after, carried) in model.chamber.sessions.items():
        found[f"congress_bolshevik/{name}"] = opened
        found[f"congress_left_after/{name}"] = after
        found[f"congress_for_soviet_power/{name}"] = carried
    return {"bolshevik_share_ca": found["ca_share/bolshevik"]} | found


def _majorities(model: Revolution) -> Found:
    first = model.first_majority
    found = {"petrograd_soviet_majority_date": NEVER if first is None else float(first)}
    found |= {f"majority_date/{body}": float(day) for body, day in model.tally.majority.items()}
    return found | {f"left_majority_date/{body}": float(day) for body, day in model.tally.left_majority.items()}


# --- support and belief -----------------------------------------------------------------------------------------------


def _belief(year: Weeks) -> Found:
    power, lead = year.mean("capital_workers", "power"), year.mean("capital_workers", "lead")
    gap = np.where(year.before, power - lead, -np.inf)
    trust = year.mean("popular", "trust_cabinet")
    lost = trust < 0.5 * np.maximum.accumulate(trust) if trust.size else np.zeros(0, dtype=bool)
    known = bool(year.before.any())
    return {
        "policy_party_gap_peak": float(gap.max()) if known else NEVER,
        "policy_party_gap_date": float(year.days[gap.argmax()]) if known else NEVER,
        "readiness_gap_on_eve": year.on_eve(power - year.mean("capital_workers", "readiness")),
        "trust_in_cabinet_lost_date": year.first(lost),
        "rural_support_change": year.after_less_before(year.mean("peasant", "office")),
        "confidence_on_eve": year.on_eve(year.mean("capital_workers", "confidence")),
        "approval_soviet_name": year.on_eve(year.mean("popular", "power")),
        "approval_party_name": year.on_eve(year.mean("popular", "lead")),
        "slander_peak": _highest(year.mean("popular", "lost_to_charges")),
    }


def _knowledge(model: Revolution) -> Found:
    knows, expects = model.party_life.before_october()
    life, cells = model.party_life, model.cells
    popular = cells.stratum <= STRATUM["peasant"]
    return {
        "bolshevik_followers_who_know": float(knows[PARTY["bolshevik"]]),
        "bolshevik_followers_who_expect_soviets": float(expects[PARTY["bolshevik"]]),
        "disappointed_end": float(np.average(life.disappointed[popular], weights=cells.persons[popular])),
    }


def _setback(year: Weeks) -> Found:
    """The deepest fall below an earlier height before power passes, how long it lasted, and when it was made good."""
    lead = year.mean("capital_workers", "lead")[year.before]
    if not lead.size:
        return {"trough_depth": NEVER, "trough_weeks": NEVER, "trough_recovered_date": NEVER}
    height = np.maximum.accumulate(lead)
    deepest = int((height - lead).argmax())
    depth = float(height[deepest] - lead[deepest])
    if depth <= 0.0:
        return {"trough_depth": 0.0, "trough_weeks": 0.0, "trough_recovered_date": NEVER}
    start = int(np.flatnonzero(lead[: deepest + 1] >= height[deepest])[-1])
    back = np.flatnonzero(lead[deepest:] >= height[deepest])
    end = deepest + int(back[0]) if back.size else lead.size - 1
    return {
        "trough_depth": depth,
        "trough_weeks": float(end - start),
        "trough_recovered_date": float(year.days[end]) if back.size else NEVER,
    }


# --- initiative and taking part ---------------------------------------------------------------------------------------


def _initiative(model: Revolution, year: Weeks) -> Found:
    firsts = np.array(year.tally.firsts).reshape(-1, 2)
    return {
        "initiative_rank_and_file": model._day.movement.initiative(),
        "initiative_to_july": _rank_and_file(firsts, year.days <= FIVE_MONTHS),
        "initiative_on_eve": _rank_and_file(firsts, year.before & (year.days >= year.passed - MONTH * WEEK - WEEK)),
    }


def _rank_and_file(firsts: Floats, when: NDArray[np.bool_]) -> float:
    """Share of first movers without a card between the first and the last of some weeks."""
    if when.sum() < 2:
        return NEVER
    moved = firsts[when][-1] - firsts[when][0]
    return float(moved[0] / moved.sum()) if moved.sum() > 0.0 else NEVER


def _coming_out(model: Revolution, year: Weeks) -> Found:
    tally, eve = year.tally, dict(year.tally.eve)
    ready = year.mean("capital_workers", "readiness")
    around = [ready[year.days <= tally.largest_day - WEEK], ready[year.days >= tally.largest_day + WEEK]]
    known = all(part.size for part in around)
    named = {k: v for k, v in eve.items() if "/" in k}
    return named | {
        "defenders_on_eve": eve.get("defenders", NEVER),
        "insurgents_on_eve": eve.get("insurgents", NEVER),
        "strikers_on_eve": year.on_eve(year.single("strikers")),
        "garrison_linked_date": year.first(year.single("linked") >= 0.5),
        "largest_demonstration": tally.largest,
        "largest_demonstration_date": float(tally.largest_day) if tally.largest > 0.0 else NEVER,
        "readiness_after_it": float(around[1][0] - around[0][-1]) if known else NEVER,
    }


# --- force ------------------------------------------------------------------------------------------------------------


def _force(model: Revolution, year: Weeks) -> Found:
    deaths = year.single("deaths_high")
    near = (year.days >= year.passed - 2 * WEEK) & (year.days <= year.passed + 2 * WEEK)
    around = deaths[near] if year.tally.power_day is not None else np.zeros(0)
    found = {
        "deaths_low": model.stage.deaths_low,
        "deaths_high": model.stage.deaths_high,
        "deaths_taking_power_high": float(around[-1] - around[0]) if around.size > 1 else NEVER,
        "odds_coup_peak": _highest(year.single("odds_coup")[year.before][FOUNDING:]),
        "civil_war_risk_across_peak": _highest(year.single("risk_across")),
        "civil_war_risk_within_peak": _highest(year.single("risk_within")),
        "front_obedience": year.on_eve(year.single("front_obedience")),
        "desertion_seizure_correlation": _together(year.single("gone"), year.single("seized")),
        "men_gone_home": float(year.single("gone")[-1]) if year.days.size else NEVER,
        "order_after": year.after_less_before(year.mean("capital_middle", "order")),
        **model.armed.outcomes(),
    }
    for when, weeks in (("before", year.before), ("after", ~year.before)):
        for whom in ("soviet", "other"):
            found[f"repression_weeks/{when}_{whom}"] = float(year.mean("everyone", f"silenced_{whom}")[weeks].sum())
    return found


def _together(one: Floats, other: Floats) -> float:
    """Correlation of what two growing sums gain from month to month; NaN for less than four months."""
    gains = [np.maximum(np.diff(v[::MONTH]), 0.0) for v in (one, other)]
    if gains[0].size < 4 or min(g.std() for g in gains) == 0.0:
        return NEVER
    return float(np.corrcoef(gains[0], gains[1])[0, 1])


# --- institutions -----------------------------------------------------------------------------------------------------


def _institutions(model: Revolution, year: Weeks) -> Found:
    after = ~year.before
    broad = year.single("cabinet_parties")[after]
    turnover = year.single("turnover")[FOUNDING:]
    turnover = turnover[np.isfinite(turnover)]
    parties = year.single("parties")
    cabinet, soviet = year.single("obey_cabinet"), year.single("obey_soviet")
    weaker, stronger = np.minimum(cabinet, soviet), np.maximum(cabinet, soviet)
    parted = year.before & (soviet > 0.0)
    found = {
        "cabinet_parties_after": float(broad.mean()) if broad.size else NEVER,
        "turnover_peak": _highest(turnover),
        "turnover_a_year": float(turnover.mean() * 52.0) if turnover.size else NEVER,
        "soviet_parties_end": float(parties[-1]) if parties.size else NEVER,
        "dual_power": float((weaker[parted] / np.maximum(stronger[parted], 1e-9)).mean()) if parted.any() else NEVER,
        **_ebb(model, year),
    }
    for body, (weeks, error, apart, led) in year.tally.apart.items():
        found[f"representation_error/{body}"] = error / weeks
        found[f"executive_distance/{body}"] = apart / weeks
        plenary = year.tally.left_majority.get(body)
        found[f"executive_lag/{body}"] = NEVER if plenary is None or led < 0.0 else led - plenary
    return found | {f"largest_share/{body}": share for body, share in year.tally.largest_share.items()}


def _ebb(model: Revolution, year: Weeks) -> Found:
    strong, office = year.single("strong_towns"), year.single("in_soviets_name") > 0.0
    ever = np.maximum.accumulate(np.where(np.isfinite(strong), strong, 0.0)) >= 0.5 if strong.size else office
    date = year.first(~year.before & ever & (strong < 0.5))
    if np.isnan(date):
        return {"ebb_date": NEVER, "government_changed_after_ebb": NEVER}
    then = year.single("cabinet")[year.days == date][0]
    now = float(year.tally.cabinets.index(model.government.id))
    return {"ebb_date": date, "government_changed_after_ebb": float(then != now)}


# --- economy ----------------------------------------------------------------------------------------------------------


def _economy(model: Revolution, year: Weeks) -> Found:
    seized = year.single("seized")
    return {
        "closed_out_peak": _highest(year.single("closed_out")),
        "closures_seen_as_politics": year.on_eve(year.single("suspicion")),
        "insecurity_on_eve": year.on_eve(year.mean("capital_workers", "work")),
        "real_wage_lost": year.on_eve(year.single("wage_lost")),
        "grain_missing_peak": _highest(year.single("grain_missing")),
        "workers_control_on_eve": year.on_eve(year.single("control")),
        "grain_withheld_peak": _highest(year.single("grain_withheld")),
        "land_taken": float(seized[-1]) if seized.size else NEVER,
    }
