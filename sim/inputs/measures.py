"""What a run is measured by: every outcome and derived series, declared once (ledger section F).

``october list outcomes``, the docs, comparison and the page read this table. A measure whose id ends in ``/`` is a family:
one number for each name after it. ``where`` says in which table it stands: a number of the table ``outcomes``, a series
of ``macro``, or another table as it is. Dates are days from 23 February 1917 (Old Style); what never came is empty.
Nothing here names an event or a date of history: 'the day power passes' is the first on which the cabinet is made of
parties of the soviets alone with soviets behind it, and 'the eve' the last survey of forces before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Where = Literal["outcomes", "macro", "allegiance", "soviets", "actions"]


@dataclass(frozen=True)
class Measure:
    """One measure; see the columns of :data:`MEASURES`."""

    id: str
    ledger: str
    title: str
    unit: str
    low: float
    high: float
    where: Where
    meaning: str
    computed: str
    cannot_say: str

    @property
    def family(self) -> bool:
        """Whether it stands for one number for each name after the slash."""
        return self.id.endswith("/")


_DAYS, _SHARE, _PERSONS, _MANY = "days from 23 February", "share", "persons", float("inf")
_LAST = 431.0


def _date(id: str, ledger: str, title: str, meaning: str, computed: str, cannot_say: str) -> Measure:
    return Measure(id, ledger, title, _DAYS, 0.0, _LAST, "outcomes", meaning, computed, cannot_say)


def _share(id: str, ledger: str, title: str, meaning: str, computed: str, cannot_say: str, where: Where = "outcomes", low: float = 0.0) -> Measure:  # fmt: skip
    return Measure(id, ledger, title, _SHARE, low, 1.0, where, meaning, computed, cannot_say)


def _persons(id: str, ledger: str, title: str, meaning: str, computed: str, cannot_say: str, where: Where = "outcomes") -> Measure:  # fmt: skip
    return Measure(id, ledger, title, _PERSONS, 0.0, _MANY, where, meaning, computed, cannot_say)


_WEEKLY = "weekly, from cells' means weighted by persons"
_SURVEY = "from the last survey of armed forces before the day power passes"

_ALL: tuple[Measure, ...] = (
    # --- power and when ------------------------------------------------------------------------------------------------
    _date("soviet_power_date", "F-05", "Power passes to soviets", "first day of a cabinet of soviet parties alone with soviets behind it", "each day, from the cabinet's composition and the bodies that prop it up", "whether its orders are obeyed outside the capital"),
    _date("insurrection_date", "F-05", "Power is taken by force", "day on which a rising removes the cabinet, in the soviets' name or a party's", "from the events of the run", "power that passes without force leaves it empty"),
    _date("petrograd_soviet_majority_date", "F-05", "Bolshevik majority in the Petrograd Soviet", "first day with more than half of all seats", "each day, from seats", "presidium votes, which came at other dates"),
    _date("majority_date/", "F-05", "Bolshevik majority in a body", "first week with more than half of all seats", "weekly, from seats of each body", "a majority that lasted less than a week"),
    _date("left_majority_date/", "F-05", "Bolsheviks and Left SRs have a majority in a body", "first week with more than half of all seats", "weekly, from seats of each body", "a majority that lasted less than a week"),
    Measure("government_6_jan", "F-40", "Cabinet of 6 January", "place in the table of cabinets, from 1", 0.0, 20.0, "outcomes", "who governs on 6 January 1918; 0 when the run ends before", "the cabinet in office that day; government_6_jan/<cabinet> is 1", "how firmly it governs"),
    Measure("government_6_jan/", "F-40", "The cabinet of 6 January by name", "1", 1.0, 1.0, "outcomes", "1 for the cabinet in office", "as above", "as above"),
    # --- support, policy and party --------------------------------------------------------------------------------------
    _share("allegiance", "F-01", "Allegiance by stratum and place", "who follows which party", "each recorded day, every person", "why: see `october why`", "allegiance"),
    _share("policy_party_gap", "F-02", "Soviet power ahead of the party", "support for soviet power less Bolshevik share, workers of the capital", _WEEKLY, "what people meant by either", "macro", -1.0),
    _share("policy_party_gap_peak", "F-02", "Soviet power ahead of the party, at most", "largest gap among the capital's workers before power passes", _WEEKLY, "what people meant by either", low=-1.0),
    _date("policy_party_gap_date", "F-02", "Policy stands furthest ahead of party", "week of the largest gap", _WEEKLY, "within the week"),
    _share("readiness_gap/", "F-03", "Soviet power ahead of readiness", "support for soviet power less readiness to move first, by stratum", _WEEKLY, "readiness is a tendency, not a count of people", "macro", -1.0),
    _share("readiness_gap_on_eve", "F-03", "Soviet power ahead of readiness, workers of the capital, on the eve", "support for soviet power less readiness in the last week before power passes", _WEEKLY, "readiness is a tendency, not a count of people", low=-1.0),
    _share("trust/", "F-04", "Trust of the popular strata", "exp(-blame) on the cabinet, on soviet parties against soviet power, on parties outside the soviets", _WEEKLY, "trust is read off blame: who never had hopes counts as trusting", "macro"),
    _date("trust_in_cabinet_lost_date", "F-04", "Half of the trust in cabinets is gone", "first week in which the popular strata's trust is below half of its highest so far", _WEEKLY, "trust of single cabinets"),
    _share("obeyed_by_capital/", "F-06", "Whose orders the capital would obey, on the eve", "cabinet, soviet, nobody", _SURVEY, "orders actually given"),
    _share("obeys/", "F-06", "Whose orders people would obey, by place", "cabinet, soviet, nobody", "each survey: soldiers by unit, civilians by what presses and whom they blame", "orders actually given", "macro"),
    _share("rural_support", "F-07", "Villages behind those in office", "peasants who follow a party in office", _WEEKLY, "indifference counts as no support", "macro"),
    _share("rural_support_change", "F-07", "Change of rural support after power passes", "four weeks after, less the week before", _WEEKLY, "how much of it is the decree on land: remove the event", low=-1.0),
    _share("congress_bolshevik/", "F-08", "Bolsheviks at a congress, at opening", "share of all delegates", "seats when it meets", "advisory delegates"),
    _share("congress_left_after/", "F-08", "Bolsheviks and Left SRs in it after the walk-out", "share of those who stay", "seats after the vote", "who came back later"),
    _share("congress_for_soviet_power/", "F-09", "Votes for soviet power at a congress", "share of votes for and against", "show of hands by mandate and party discipline", "how the motion was worded"),
    _share("bolshevik_share_ca", "F-10", "Bolshevik share of the Constituent Assembly's votes", "share of all votes cast", "votes by district, with turnout and lists", "lists that the evidence never counted"),
    _share("ca_share/", "F-10", "A party's share of the Constituent Assembly's votes", "share of all votes cast", "votes by district, with turnout and lists", "Left SRs on the SR list count for the SRs"),
    _share("largest_share/", "F-11", "Largest party of a soviet, on the day power passes", "its share of seats", "seats of that week", "votes inside factions"),
    Measure("confidence", "F-12", "Confidence to rule", "0 to 1.5", 0.0, 1.5, "macro", "support for soviet power times one half plus class consciousness, workers of the capital", _WEEKLY, "skills and habits of rule"),
    Measure("confidence_on_eve", "F-12", "Confidence to rule on the eve", "0 to 1.5", 0.0, 1.5, "outcomes", "the same in the last week before power passes", _WEEKLY, "skills and habits of rule"),
    # --- initiative and taking part -------------------------------------------------------------------------------------
    _share("initiative_rank_and_file", "F-20", "Initiative of the rank and file", "plants, companies and ships that came out whose first mover had no party card, over the run", "each day, first movers by card", "who drew up the call; what cardless members of a circle were"),
    _share("initiative_to_july", "F-20", "Initiative of the rank and file in the first five months", "to the 150th day", "each day, first movers by card", "as above"),
    _share("initiative_on_eve", "F-20", "Initiative of the rank and file in the last month before power passes", "the thirty days before", "each day, first movers by card", "as above"),
    _persons("participants/", "F-21", "Who came out for the soviets on the eve, by stratum", "persons who would rise and be there in time", _SURVEY, "how many were in fact called: a committee sends out what it needs"),
    _share("stance_in_capital/", "F-21", "Stance of the capital's people on the eve", "active, supporting, neutral, opposed", "survey of forces; support above two thirds, opposition below one third of soviet power, the rest neutral", "private thoughts; the thresholds are ours"),
    _persons("strikers_on_eve", "F-22", "Strikers of the capital in the last week before power passes", "most on strike on a day of that week", "each day", "work stopped for other causes"),
    _persons("defenders_on_eve", "F-23", "Defenders of the cabinet", "persons who would come out for it and be there in time", _SURVEY, "courage on the night"),
    _persons("defenders_on_eve/", "F-23", "Defenders of the cabinet, by kind of force", "persons by kind of force", _SURVEY, "courage on the night"),
    _persons("insurgents_on_eve", "F-22", "Insurgents", "persons who would come out for the soviets and be there in time", _SURVEY, "how many were in fact called"),
    _date("garrison_linked_date", "F-24", "Half of the garrison linked to the soviet's committee", "first survey with a share of at least one half", "each survey", "which regiment first"),
    _persons("largest_demonstration", "F-25", "Largest day in the capital's streets", "persons out that day", "each day", "onlookers"),
    _date("largest_demonstration_date", "F-25", "The day of it", "day of the largest crowd", "each day", "a run may have several of like size"),
    _share("readiness_after_it", "F-25", "What it did to readiness", "mean readiness of the capital's workers a week after less a week before", _WEEKLY, "other causes in the same fortnight", low=-1.0),
    _share("trough_depth", "F-26", "Deepest setback of the Bolsheviks", "largest fall of their share among the capital's workers below an earlier height, before power passes", _WEEKLY, "members who went underground"),
    Measure("trough_weeks", "F-26", "Length of that setback", "weeks", 0.0, 60.0, "outcomes", "weeks below the earlier height", _WEEKLY, "as above"),
    _date("trough_recovered_date", "F-26", "Recovered", "first week back at the earlier height", _WEEKLY, "as above"),
    Measure("belief_lost_to_charges", "F-27", "Belief lost to charges not yet exposed", "credibility", -1.0, 5.0, "macro", "mean over the popular strata of what open charges took", _WEEKLY, "who was convinced", ),
    Measure("slander_peak", "F-27", "Belief lost to charges, at most", "credibility", -1.0, 5.0, "outcomes", "highest week of the series", _WEEKLY, "who was convinced"),
    # --- force and blood ------------------------------------------------------------------------------------------------
    _share("civil_war_risk_across", "F-30", "Risk of war across classes at the end", "0 to 1", "weaker side's fighters and how far apart the sides stand", "foreign arms; a war's length; what a war would do"),
    _share("civil_war_risk_within", "F-31", "Risk of war within the popular classes at the end", "0 to 1", "ready people on both sides of soviet power and mutual blame", "as above"),
    _share("civil_war_risk_across_peak", "F-30", "Risk of war across classes, at its highest", "highest survey", "each survey", "as above"),
    _share("civil_war_risk_within_peak", "F-31", "Risk of war within the popular classes, at its highest", "highest survey", "each survey", "as above"),
    _persons("deaths_low", "F-32", "Deaths in shootings, least count", "sum of the lower counts of all shootings that happened", "events' ranges", "executions, the front, hunger, later terror"),
    _persons("deaths_high", "F-32", "Deaths in shootings, highest count", "sum of the higher counts", "events' ranges", "as above"),
    _persons("deaths_low/", "F-32", "Least count, by event and place", "of one shooting", "events' ranges", "who they were", "macro"),
    _persons("deaths_high/", "F-32", "Highest count, by event and place", "of one shooting", "events' ranges", "who they were", "macro"),
    _persons("deaths_taking_power_high", "F-32", "Deaths in the fortnight around the day power passes", "higher counts, a week before to a week after", "events' ranges", "as above"),
    _share("odds_coup_peak", "F-33", "Best odds of a march on the capital by the high command", "highest survey after the first month and before power passes", "obedience, passage by rail, time and agitators", "whether anyone tries"),
    Measure("repression", "F-34", "Parties silenced", "share of their voice", 0.0, 20.0, "macro", "voice lost by soviet parties and by others, mean over everyone", _WEEKLY, "arrests and beatings as such"),
    Measure("repression_weeks/", "F-34", "Voice silenced over the run, by the cabinet's side and the side silenced", "weeks", 0.0, 600.0, "outcomes", "sum over weeks of the share of voice lost: soviet parties or others, before and after power passes", _WEEKLY, "arrests and beatings as such"),
    _share("desertion_seizure_correlation", "F-35", "Desertion and land seizure go together", "correlation of the two by month", "months of the run", "which caused which: switch deserter_pull off", low=-1.0),
    _share("front_obedience", "F-36", "Fronts that obey, on the eve", "mean obedience of front soldiers in the last week before power passes", _WEEKLY, "attack and defence apart"),
    _share("order_after", "F-37", "Rise of the fear for order after power passes", "demand for order among the capital's middle strata, four weeks after less the week before", _WEEKLY, "incidents counted one by one", low=-1.0),
    # --- institutions ---------------------------------------------------------------------------------------------------
    Measure("cabinet_parties", "F-40", "Parties in the cabinet", "effective number", 0.0, 11.0, "macro", "inverse of the sum of squared weights in office", "each recorded day", "who counts inside a party"),
    Measure("cabinet_parties_after", "F-40", "Breadth of the cabinet after power passes", "effective number", 0.0, 11.0, "outcomes", "mean of the weeks from then to the end", _WEEKLY, "who counts inside a party"),
    _share("approval_soviet_name", "F-41", "Approval of power in the soviets' name", "support for soviet power among the popular strata, on the eve", _WEEKLY, "what they would do about it"),
    _share("approval_party_name", "F-41", "Approval of power in the party's name", "Bolshevik share among the popular strata, on the eve", _WEEKLY, "what they would do about it"),
    _share("turnover", "F-42", "Seats of the Petrograd Soviet that changed hands in the week", "half of the summed changes of parties' shares", "weekly", "deputies replaced by others of their party", "macro"),
    _share("turnover_peak", "F-42", "The highest such week", "share of seats", "weekly, after the first four weeks", "which deputies"),
    Measure("turnover_a_year", "F-42", "Turnover by the year", "houses", 0.0, 52.0, "outcomes", "mean week times 52: may pass the whole house", "weekly, after the first four weeks", "which deputies"),
    _share("representation_error/", "F-43", "Deputies apart from electors", "half of the summed differences between seats and what would be elected today, mean of weeks", "weekly, for the soviets whose votes are recorded", "electors who stay away"),
    Measure("executive_lag/", "F-44", "Executive behind its soviet", "days", -_LAST, _LAST, "outcomes", "days between the left's majority in the plenary and in its executive", "weekly, for the soviets whose votes are recorded", "empty while either has none"),
    _share("executive_distance/", "F-45", "Executive apart from its soviet", "half of the summed differences of their shares, mean of weeks", "weekly", "class of committee members: the model chooses them by party, with the educated weighing more"),
    Measure("soviet_parties", "F-46", "Parties of the Petrograd Soviet", "effective number", 0.0, 11.0, "macro", "inverse of the sum of squared shares of seats", "weekly", "factions inside parties"),
    Measure("soviet_parties_end", "F-46", "Parties of the Petrograd Soviet at the end", "effective number", 0.0, 11.0, "outcomes", "last week of the run", "weekly", "factions inside parties"),
    _date("ebb_date", "F-47", "Ebb", "first week after power passes in which Bolsheviks hold less than half of half of the regions' town soviets", "weekly, from seats", "soviets dissolved or ignored"),
    Measure("government_changed_after_ebb", "F-47", "The cabinet changes after the ebb", "0 or 1", 0.0, 1.0, "outcomes", "1 if another cabinet is in office at the end", "cabinet of the week of the ebb and of the last day", "empty without an ebb"),
    _share("dual_power", "F-48", "Two powers in the capital", "mean over surveys of the weaker of cabinet and soviet, over the stronger, while they part", "each survey before power passes", "orders actually given"),
    # --- economy --------------------------------------------------------------------------------------------------------
    _share("closed_out_peak", "F-50", "Workers out of closed plants", "highest week", _WEEKLY, "short time; those who found work"),
    _share("closures_seen_as_politics", "F-50", "Closures taken for politics, on the eve", "share of workers, last week before power passes", _WEEKLY, "true causes"),
    _share("insecurity_on_eve", "F-50", "Fear of losing work, workers of the capital, on the eve", "0 to 1", _WEEKLY, "who would be dismissed"),
    _share("real_wage_lost", "F-51", "Pay behind prices on the eve", "0: as in February; 1: halved", "forcing less what strikes won", "family budgets"),
    _share("grain_missing_peak", "F-52", "Grain missing on the market", "highest week, next to February", _WEEKLY, "days of bread in a town"),
    _share("workers_control_on_eve", "F-53", "Workers in plants under some control", "share of workers, last week before power passes", _WEEKLY, "what control meant in a plant"),
    _share("grain_withheld_peak", "F-54", "Grain that villages withhold", "highest week, share of what is for sale", _WEEKLY, "grain hidden, eaten, distilled"),
    # --- what Tabor's questions need besides ----------------------------------------------------------------------------
    _share("supporters_by_reason/", "F-65", "Why supporters of soviet power in the capital support it, on the eve", "shares of supporters for whom a reason holds; several may: follow a party for it, refuse to share power with parties outside the soviets, feel the soviets threatened, none of these", "people above two thirds of support, by what they hold", "private reasons"),
    _share("bolshevik_followers_who_know", "F-70", "Followers who know the programme", "Bolshevik followers, when power passes", "knowledge of the party followed", "what the leaders intended"),
    _share("bolshevik_followers_who_expect_soviets", "F-71", "Followers who expect soviets of several parties to rule", "Bolshevik followers, when power passes", "expectation of who will rule", "what they would have done had they known"),
    _share("disappointed_end", "F-72", "Disappointed supporters of soviet power", "popular strata at the end: support times how much more was expected", "weekly", "who says so"),
    _share("land_taken", "F-67", "Villages that took land", "share, at the end", "at the end", "who got it"),
    _share("men_gone_home", "F-67", "Men in uniform who went home", "share, at the end", "at the end", "who was demobilised by order"),
    _share("programme_kept/", "F-63", "What the cabinet does about each demand, eight weeks after power passes", "0 to 1 by demand", "policy in force", "how it is carried out"),
    _share("programme_promised/", "F-64", "What the leading party of the cabinet stands for, when power passes", "stance on each demand, -1 to 1", "stances in force", "intentions kept back", low=-1.0),
)  # fmt: skip

#: Every measure by id.
MEASURES: Mapping[str, Measure] = {m.id: m for m in _ALL}


def measure_of(name: str) -> Measure | None:
    """The declaration of a number or series by its full name; None for what is not declared here."""
    if name in MEASURES:
        return MEASURES[name]
    families = [m for m in _ALL if m.family and name.startswith(m.id)]
    return max(families, key=lambda m: len(m.id)) if families else None
