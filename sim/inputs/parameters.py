"""Every parameter of the model, declared once.

A parameter is a field of :class:`Parameters`, made by :func:`declare` with its meaning, unit, range and source. All
else reads the declaration: validation of scenario files, ``october list parameters``, the docs, calibration priors,
sensitivity bounds. ``role`` says how the value was set: ``calibrated`` (fitted to rows marked calibrate),
``assumed`` (chosen with a reason; the sensitivity study covers it) or ``observed`` (read off a source).

The order of fields is the order of the day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from sim.words.errors import InputError, nearest

Role = Literal["calibrated", "assumed", "observed"]


@dataclass(frozen=True)
class Declaration:
    """What is known about a parameter besides its value."""

    name: str
    default: float
    low: float
    high: float
    unit: str
    mechanism: str
    meaning: str
    source: str
    role: Role
    scale: Literal["linear", "log"] = "linear"


def declare(
    default: float,
    low: float,
    high: float,
    unit: str,
    mechanism: str,
    meaning: str,
    source: str,
    role: Role = "assumed",
    scale: Literal["linear", "log"] = "linear",
) -> Any:
    """A dataclass field that carries its own :class:`Declaration`."""
    if not low <= default <= high:
        raise ValueError(f"default {default} outside {low}..{high}: {meaning}")
    metadata = dict(low=low, high=high, unit=unit, mechanism=mechanism, meaning=meaning, source=source, role=role, scale=scale)
    return field(default=default, metadata=metadata)


_FIT = "fitted by `october calibrate`"
_BASE = "base rate: set so that history's date lies inside the distribution of `open` (docs/free_history.md)"
_SLOPE = "three-step prior, moved by lenses: one date each can't fit a slope (model.md)"
_STEP = "three-step scale of event sizes; randomised in the sensitivity study"


@dataclass(frozen=True)
class Parameters:
    """One complete set of values. Immutable: make another with :meth:`having`."""

    # --- demands: hardship pushes them up, policy down -------------------------------------------------------------
    demand_rate: float = declare(
        0.06, 0.02, 0.2, "1/day", "demands", "speed at which a demand follows hardship", "assumption: a fortnight to a month (D-014)"
    )
    policy_relief: float = declare(
        0.6, 0.2, 0.9, "share", "demands", "how much of a demand a full measure takes away", "assumption; D-053, history.md decree credit"
    )
    urgency_spread: float = declare(
        0.3, 0.1, 0.6, "sd of log", "demands", "how unequally people of one group feel the same hardship", "assumption"
    )
    # --- economy and war -------------------------------------------------------------------------------------------
    grain_feedback: float = declare(
        0.5, 0.0, 1.5, "1", "economy", "hunger in towns per unit of grain that villages withhold", "D-050; history.md correction 4"
    )
    obedience_base: float = declare(3.0, 0.0, 6.0, "logit", "war", "obedience where nobody wants peace or blames the cabinet", "assumption; B-070")
    obedience_peace: float = declare(4.0, 0.0, 8.0, "logit", "war", "obedience lost to the demand for peace", "D-030, D-040")
    obedience_distrust: float = declare(1.5, 0.0, 5.0, "logit", "war", "obedience lost to blame on those in office", "D-034, D-081")
    obedience_rate: float = declare(0.03, 0.005, 0.2, "1/day", "war", "speed at which obedience follows", "assumption: about a month")
    disorder_weight: float = declare(
        0.5, 0.0, 1.5, "1", "war", "disorder felt in towns per unit of soldiers whom orders do not bind", "history.md correction 12"
    )
    goods_feedback: float = declare(
        0.5, 0.0, 2.0, "1", "economy", "goods that villages miss per unit of workers who strike or are locked out", "D-050: the loop of grain and goods"
    )
    seizure_relief: float = declare(
        0.25, 0.0, 0.8, "share", "economy", "land hardship that villages lose by taking land themselves", "B-013; assumption"
    )
    seizure_alarm: float = declare(
        0.4, 0.0, 1.0, "1", "economy", "fear for order among the propertied of a region per unit of villages that took land", "B-014; assumption"
    )
    wage_concession: float = declare(
        0.5, 0.0, 1.0, "share", "economy", "part of a strike's claim that owners grant while real wages are high", "D-058, D-059; assumption"
    )
    wage_half_life: float = declare(
        45.0, 10.0, 150.0, "days", "economy", "time in which prices eat half of what a strike won", "D-005; prices doubled from March to August (S241, S230)"
    )
    wage_relief: float = declare(
        0.4, 0.0, 1.0, "share", "economy", "hunger that a wage gain takes away", "assumption: the part of wages in the hardship of towns"
    )
    lockout_rate: float = declare(
        0.002, 0.0, 0.02, "1/day", "economy", "workers locked out where committees control or strike, if the propertied feel strong", "D-061, D-129; Smith, Red Petrograd (1983)"
    )
    closure_politics: float = declare(
        0.3, 0.0, 1.0, "1", "economy", "threat to the soviets felt in closures that workers take for politics", "D-004, D-003"
    )
    suspicion_base: float = declare(
        0.25, 0.0, 0.8, "share", "economy", "closures taken for politics by workers who remember none", "history.md correction 5: a lens setting; S196"
    )
    suspicion_memory: float = declare(
        0.6, 0.0, 1.5, "1", "economy", "suspicion added by the memory of earlier lockouts", "D-004; S203"
    )
    control_rate: float = declare(
        0.22, 0.0, 0.5, "1/day", "economy", "spread of workers' control from plant to plant under full threat of closure", "D-061; compared with S259"
    )
    garrison_dread: float = declare(
        0.6, 0.0, 3.0, "logit", "war", "obedience lost in garrisons to the threat of being sent to the front", "D-033"
    )
    comrades_gone: float = declare(
        2.0, 0.0, 8.0, "logit", "war", "obedience lost per unit of comrades who have left", "D-030, D-040; assumption"
    )
    desertion_obedience: float = declare(
        0.6, 0.0, 10.0, "log ratio", "war", "rise of desertion per unit of obedience lost", "history.md pattern 14; S148 to S150"
    )
    desertion_demand: float = declare(
        1.2, 0.0, 6.0, "log ratio", "war", "rise of desertion per unit of the demands for peace and land", "D-030, D-035; S150"
    )
    desertion_fields: float = declare(
        0.3, 0.0, 2.0, "log ratio", "war", "rise of desertion with the hands that are wanted at home", "Gill, Peasants and Government (1979); assumption"
    )
    desertion_settled: float = declare(
        3.3, 0.0, 5.0, "log ratio", "war", "rise of going home once land is given and peace is made", "D-037; history.md pattern 14"
    )
    desertion_fear: float = declare(
        1.5, 0.0, 5.0, "log ratio", "war", "fall of desertion with the fear of punishment", "assumption; the death penalty of July"
    )
    advance_alarm: float = declare(
        0.15, 0.0, 0.5, "0..1", "war", "fear for order that a German advance brings to the strata it alarms", "D-042; history.md correction 12"
    )
    # --- events ----------------------------------------------------------------------------------------------------
    event_small: float = declare(0.08, 0.03, 0.15, "0..1", "events", "size of a small shock", _STEP)
    event_medium: float = declare(0.2, 0.1, 0.35, "0..1", "events", "size of a medium shock", _STEP)
    event_large: float = declare(0.4, 0.25, 0.7, "0..1", "events", "size of a large shock", _STEP)
    # --- blame and credit ------------------------------------------------------------------------------------------
    blame_rate: float = declare(
        0.201, 0.005, 0.8, "utility/day", "blame", "blame that a day of unmet demand puts on those held responsible", _FIT, "calibrated", "log"
    )
    blame_half_life: float = declare(
        200.0, 20.0, 400.0, "days", "blame", "how long blame is remembered", "weeks to seasons (D-026); the fit asks for as long as it may", "assumed", "log"
    )
    blame_floor: float = declare(
        0.25, 0.0, 0.6, "share", "blame", "share of suffering laid on nobody in politics: speculators, neighbours, fate", "history.md correction 6"
    )
    blame_floor_peasant: float = declare(
        0.767, 0.0, 0.8, "share", "blame", "the same share for peasants, who also charge landlords, neighbours and towns", "D-052; history.md correction 6", "calibrated"
    )
    clarity_floor: float = declare(
        0.194, 0.02, 0.5, "share", "blame", "how clearly responsibility is seen where no opposition is heard", _FIT, "calibrated"
    )
    support_share: float = declare(
        0.6, 0.1, 1.0, "share of office", "blame", "responsibility of a party whose soviet majority props a cabinet up, next to one in it", "D-026, C-030"
    )
    charge_left_middle: float = declare(
        0.6, 0.1, 1.0, "share", "blame", "share of the middle strata's charge that falls on the soviet side rather than on the cabinet", "findings.md: attribution by class"
    )
    charge_left_propertied: float = declare(
        0.85, 0.3, 1.0, "share", "blame", "the same for the propertied", "findings.md: attribution by class"
    )
    responsibility_lag: float = declare(
        14.0, 1.0, 60.0, "days", "blame", "how long a new cabinet takes to be held responsible", "assumption; D-026"
    )
    # --- credibility -----------------------------------------------------------------------------------------------
    vindication_rate: float = declare(
        12.0, 0.05, 20.0, "1", "credibility", "share of the gap to full belief closed when a warning is borne out, per unit of size and reach", _FIT, "calibrated", "log"
    )
    delivery_rate: float = declare(
        0.012, 0.001, 0.05, "1/day", "credibility", "credit a day to those who meet a demand", "assumption; findings.md: unidentified by the evidence", "assumed", "log"
    )
    failure_rate: float = declare(
        0.102, 0.005, 0.4, "1/day", "credibility", "loss of belief a day in those who hold office and leave a demand unmet", _FIT, "calibrated", "log"
    )
    accusation_force: float = declare(
        0.5, 0.0, 1.5, "1", "credibility", "loss of belief from a charge that is read and not yet exposed, per unit of size", "D-160: the sources disagree; lens"
    )
    exposure_rebound: float = declare(
        0.3, 0.0, 1.0, "1", "credibility", "share of a charge that turns into credit once an event exposes it", "D-092, D-093; lens"
    )
    belief_spread: float = declare(
        0.03, 0.005, 0.6, "1/week", "credibility", "speed at which belief passes along ties of kin, front and workplace", "D-015, D-036, D-097; the evidence does not fix it", "assumed", "log"
    )
    # --- reach -----------------------------------------------------------------------------------------------------
    rail_distance: float = declare(
        2000.0, 800.0, 6000.0, "km", "reach", "distance by rail at which the capitals' press is half as strong, for towns", "findings.md (2,000 km or more)", "assumed", "log"
    )
    front_distance: float = declare(
        562.0, 300.0, 2000.0, "km", "reach", "decay of the capitals' word along the fronts", "findings.md (about 850 km)", "calibrated", "log"
    )
    foreign_tongue: float = declare(
        0.04, 0.01, 0.3, "share", "reach", "how far a party that speaks to one people is heard by another", "history.md correction 3: nationality is more than a list", "assumed", "log"
    )
    tongue_barrier: float = declare(
        0.5, 0.0, 1.0, "share", "reach", "how much of what strangers tell and Russian papers print is lost on people of another mother tongue", "history.md correction 3; assumption"
    )
    moscow_press: float = declare(
        0.761, 0.2, 1.2, "ratio", "reach", "Moscow's press and speakers next to Petrograd's", "assumption: the second capital of every party", "calibrated"
    )
    village_access: float = declare(
        0.723, 0.05, 1.0, "share", "reach", "how far the capitals' word gets from a town to its villages", "D-054, A-003", "calibrated"
    )
    industry_pull: float = declare(
        6.93, 0.2, 12.0, "1", "reach", "reach into a garrison or village for each unit of industry around it", "findings.md: garrisons follow the industry around", "calibrated", "log"
    )
    kin_tie: float = declare(
        1.13, 0.0, 2.0, "1", "reach", "reach a party gains where kin, front or neighbours already follow it", "D-036, D-097, D-158", "calibrated"
    )
    # --- attitudes -------------------------------------------------------------------------------------------------
    attitude_rate: float = declare(
        0.00372, 0.002, 0.15, "1/day", "attitudes", "speed at which attitudes follow what is concluded", _FIT, "calibrated", "log"
    )
    programme_weight: float = declare(
        7.37, 1.5, 15.0, "utility", "attitudes", "weight of a credible programme that meets a demand", _FIT, "calibrated", "log"
    )
    identity_weight: float = declare(
        0.947, 0.2, 6.0, "utility", "attitudes", "weight of what a person brought from 1905 to 1916", _FIT, "calibrated"
    )
    identity_half_life: float = declare(
        600.0, 60.0, 900.0, "days", "attitudes", "half-life of that inheritance", "findings.md; D-052", "assumed", "log"
    )
    independence_weight: float = declare(
        0.478, 0.0, 3.0, "utility", "attitudes", "how much class-conscious people discount parties that ally with the propertied", "D-012, D-013, D-108; lens D-153"
    )
    taste_spread: float = declare(
        0.9, 0.9, 2.5, "sd, utility", "attitudes", "personal liking that no mechanism explains", "findings.md: at least 1 on the logit scale", "calibrated"
    )
    soviet_issue_weight: float = declare(
        0.4, 0.0, 2.0, "utility", "attitudes", "weight of agreement on soviet power in party choice", "findings.md: not seen by aggregates; D-154 lens"
    )
    # --- assemblies ------------------------------------------------------------------------------------------------
    assembly_pull: float = declare(
        0.02, 0.0, 0.15, "1/day", "assemblies", "pull of an assembly's mean on its members", "findings.md: not identified; D-015 lens"
    )
    # --- soviet power ----------------------------------------------------------------------------------------------
    soviet_rate: float = declare(
        0.04, 0.01, 0.2, "1/day", "soviet_power", "speed at which support for soviet power follows what is concluded", "D-001"
    )
    soviet_distrust: float = declare(
        1.9, 0.0, 4.0, "logit", "soviet_power", "support gained per unit of blame on the cabinet", "D-001, D-014", "calibrated"
    )
    soviet_coalition: float = declare(
        4.2, 0.0, 6.0, "logit", "soviet_power", "support gained, by full class consciousness, per unit of what is held against parties outside the soviets while they share in power", "D-001, D-004, D-014; history.md pattern 2; Mandel (1984)", "calibrated"
    )
    soviet_threat: float = declare(
        1.5, 0.0, 4.0, "logit", "soviet_power", "support gained per unit of felt threat to the soviets", "D-025, D-042"
    )
    soviet_following: float = declare(
        2.0, 0.0, 5.0, "logit", "soviet_power", "support taken over from the parties a person follows", "D-101, D-154"
    )
    split_fear: float = declare(
        1.71, 0.0, 3.0, "logit", "soviet_power", "support held back where the local majority is isolated in the country", "D-110; history.md 1: a lens setting"
    )
    # --- fear, insecurity, readiness, action -----------------------------------------------------------------------
    grievance_weight: float = declare(4.0, 1.0, 8.0, "logit", "readiness", "readiness from unmet demands", "D-005, D-030")
    efficacy_weight: float = declare(1.0, 0.0, 4.0, "logit", "readiness", "readiness from seeing others act and believing it can work", "D-019, D-029")
    fear_weight: float = declare(3.0, 0.5, 6.0, "logit", "readiness", "readiness lost to fear", "D-020, D-021")
    insecurity_weight: float = declare(3.0, 0.0, 6.0, "logit", "readiness", "readiness lost to insecurity of work", "D-003")
    member_weight: float = declare(1.0, 0.0, 3.0, "logit", "readiness", "readiness that a party card adds", "D-028")
    readiness_base: float = declare(-4.2, -8.0, -1.0, "logit", "readiness", "readiness of a contented, unafraid person", "assumption; strikers of February (S164)")
    patience_weight: float = declare(
        0.8, 0.0, 1.0, "share", "readiness", "grievance that full patience with those who took office holds back", "D-014, D-026"
    )
    patience_half_life: float = declare(
        70.0, 15.0, 250.0, "days", "readiness", "time that people give those who took office, at usual demands", "D-014: half-life by unmet planks; assumption"
    )
    outrage_weight: float = declare(
        1.5, 0.0, 6.0, "1", "readiness", "weight of what has newly struck next to what people are used to", "D-030; strikers of 23 to 25 February (S164 to S166)"
    )
    honour_weight: float = declare(
        0.5, 0.0, 1.0, "share", "readiness", "fear that class feeling overcomes", "D-012, D-028"
    )
    claim_weight: float = declare(
        14.0, 2.0, 20.0, "log ratio", "action", "rise of action per unit of how hard its claim presses", "history.md patterns 9 and 10; S169 to S175"
    )
    strike_spark: float = declare(
        0.015, 0.0001, 0.05, "1/day", "action", "assemblies that strike of themselves where claims press as they always do", "S169 to S175", "assumed", "log"
    )
    street_spark: float = declare(
        0.0005, 0.0001, 0.05, "1/day", "action", "assemblies that demonstrate of themselves where claims press as they always do", "S273 to S276, S281", "assumed", "log"
    )
    hold_spark: float = declare(
        0.0005, 0.00001, 0.02, "1/day", "action", "plants that are occupied of themselves where claims press as they always do", "D-061; assumption", "assumed", "log"
    )
    refusal_spark: float = declare(
        0.00001, 0.000001, 0.1, "1/day", "action", "units that refuse orders of themselves where claims press as they always do and nobody need obey", "D-031; assumption", "assumed", "log"
    )
    seizure_spark: float = declare(
        0.00005, 0.000005, 0.02, "1/day", "action", "villages that take land of themselves where land presses as it always does and nobody could stop them", "S114 to S120, S139", "assumed", "log"
    )
    contagion: float = declare(
        0.2, 0.0, 5.0, "1/day", "action", "rate of coming out when all around are out and claims press as they always do", "D-019, D-031; S164 to S166"
    )
    assurance_weight: float = declare(
        2.0, 0.0, 6.0, "1", "action", "rise of action where word of it runs, per unit of the log of how much more is heard", "D-019; S164 to S166, S274"
    )
    call_weight: float = declare(
        1.1, 0.0, 4.0, "1/day", "action", "assemblies that come out on the day when word of an action goes round, per unit of the log of how much more is heard", "D-019; S274, S275"
    )
    season_weight: float = declare(
        8.0, 0.0, 12.0, "exponent", "action", "how sharply land seizure follows the days on which the use of land must be settled", "history.md pattern 9; Gill (1979)"
    )
    follow_weight: float = declare(
        0.4, 0.0, 1.5, "share", "action", "how far readiness lowers the share of others at which a person joins", "Granovetter (1978); assumption"
    )
    memory_weight: float = declare(
        0.1, 0.0, 0.5, "share", "action", "how far the memory of earlier struggles lowers it", "H-18; assumption"
    )
    cell_weight: float = declare(
        0.3, 0.0, 2.0, "1", "action", "how far members of parties in an assembly lower it, per unit of their share", "D-028, D-096; assumption"
    )
    rest_days: float = declare(
        25.0, 3.0, 90.0, "days", "action", "time in which half of those who came out could do so again", "assumption: strike funds and wages lost"
    )
    futility_weight: float = declare(
        0.9, 0.0, 1.0, "share", "action", "strike claims that organised people turn to politics when pay runs behind prices", "D-005"
    )
    hands_weight: float = declare(
        0.3, 0.0, 1.0, "share", "action", "land seizure held back when field work binds all hands", "history.md correction 7 and pattern 9"
    )
    deserter_pull: float = declare(
        1.0, 0.0, 4.0, "1", "action", "rise of land seizure per deserter in a village", "D-035; history.md correction 7"
    )
    guard_rate: float = declare(
        0.01, 0.0, 0.1, "1/day", "action", "free places in the Red Guard taken in a day where power presses in full", "S261 to S264"
    )
    guard_elsewhere: float = declare(
        0.03, 0.0, 0.1, "share", "action", "workers with some arm where none were handed out", "S264; assumption"
    )
    # --- parties, members, knowledge -------------------------------------------------------------------------------
    pressure_days: float = declare(
        21.0, 3.0, 120.0, "days", "party_levels", "time in which a party settles half of a difference between centre, middle ranks and base", "D-101; assumption: a party's conferences met every few weeks", "assumed", "log"
    )
    card_share_worker: float = declare(
        0.1, 0.02, 0.4, "share", "membership", "followers among workers who take a card in the long run", "A-203: 6.7 per cent of Petrograd's workers, with two thirds following"
    )
    card_share_uniform: float = declare(
        0.0375, 0.005, 0.2, "share", "membership", "followers among soldiers and sailors who do", "A-081: 6,000 of a garrison of about 200,000, with four in five following"
    )
    card_share_other: float = declare(
        0.02, 0.002, 0.1, "share", "membership", "followers among peasants, the middle strata and the propertied who do", "SRs: 700,000 of some 20 million votes (Smith, 2006)"
    )
    cards_at_start: float = declare(
        0.07, 0.0, 0.5, "share", "membership", "cards on the first day as a share of those possible under freedom, for every party alike", "assumption: parties were banned or dormant; between the growth of all parties by June and the 24,000 Bolsheviks of February (memory)"
    )
    card_half_life: float = declare(
        45.0, 15.0, 250.0, "days", "membership", "time in which half of a change in allegiance shows in members", "assumption; D-096", "assumed", "log"
    )
    agitator_voice: float = declare(
        0.0, 0.0, 5.0, "voice", "membership", "voice on local channels that members add, per member among the electors", "D-096; findings.md: not seen by aggregates; lens"
    )
    knowledge_rate: float = declare(
        0.01, 0.001, 0.05, "1/day", "knowledge", "speed at which a reader who hears the party followed in full comes to know it", "D-130; assumption: some months", "assumed", "log"
    )
    knowledge_unread: float = declare(
        0.4, 0.05, 1.0, "ratio", "knowledge", "speed at which those who don't read come to know, next to those who do", "assumption; D-130"
    )
    knowledge_half_life: float = declare(
        120.0, 20.0, 500.0, "days", "knowledge", "time in which half of what is known of a programme is forgotten or out of date", "assumption; D-131", "assumed", "log"
    )
    party_aim: float = declare(
        0.3, 0.0, 1.0, "share", "knowledge", "how far whoever knows a party for soviet power expects it to rule alone", "D-132: the sources disagree; lens"
    )
    disappointment_rate: float = declare(
        0.003, 0.0, 0.05, "1/day", "knowledge", "belief on power lost a day by those in office, per unit of disappointed expectation of plural soviets", "D-132, D-133; small by default; lens"
    )
    # --- armed strength and odds -----------------------------------------------------------------------------------
    soviet_authority: float = declare(
        0.6, 0.3, 0.9, "share", "strength", "followers of the parties that lead a soviet who obey it rather than the cabinet", "Order No. 1; D-081; Guchkov's letter of 9 March 1917 (memory)"
    )
    unit_steepness: float = declare(
        4.0, 2.0, 8.0, "exponent", "strength", "how sharply a unit turns when half of its people would obey a side", "D-031; assumption"
    )
    unit_discipline: float = declare(
        1.0, 0.5, 1.5, "factor", "strength", "discipline of picked units next to the table of forces", "D-040; assumption"
    )
    call_response: float = declare(
        2.0, 1.0, 4.0, "factor", "strength", "people who come out when called, per unit of readiness", "assumption: as in the cascade; A-212: some 8 per cent of those under the committee came out"
    )
    peace_reluctance: float = declare(
        1.0, 0.0, 2.0, "exponent", "strength", "how far the wish for peace keeps people from fighting for any side", "history.md pattern 12; Rabinowitch (1976): most of the garrison stayed in barracks; A-212"
    )
    link_rate: float = declare(
        0.15, 0.05, 0.4, "1/day", "strength", "willing companies that link up with the soviet's committee", "D-039; assumption: most within the fortnight of October"
    )
    rail_veto: float = declare(
        2.0, 1.0, 4.0, "exponent", "strength", "how strongly refusals on the lines and wires hold a movement up", "D-136, B-091; assumption"
    )
    agitator_contact: float = declare(
        0.5, 0.1, 1.0, "1/day", "strength", "will to fight that a day among people of the other side wears away", "D-032; assumption"
    )
    deciding_days: float = declare(
        3.0, 1.0, 7.0, "days", "strength", "time in which a struggle for the capital is decided", "assumption: 27 to 31 August, 24 to 26 October"
    )
    force_slope: float = declare(
        2.0, 1.0, 4.0, "exponent", "strength", "how sharply odds follow the ratio of strength", "Lanchester's two laws: 1 to 2; assumption"
    )
    war_scale: float = declare(
        50_000.0, 15_000.0, 150_000.0, "persons", "strength", "fighters of the weaker side that make a lasting war likely", "D-111; assumption: the fronts of summer 1918", "assumed", "log"
    )
    shooting_blame: float = declare(
        1.0, 0.3, 3.0, "utility", "events", "blame on the side that shoots, per unit of the shooting's size", "D-120: the same for every shooter; assumption"
    )
    # --- bodies ----------------------------------------------------------------------------------------------------
    recall_days: float = declare(
        40.0, 3.0, 120.0, "days", "elections", "time in which half of a soviet's seats follow its electors", "A-031, A-034; D-072; lens D-155", "assumed", "log"
    )
    recall_gap: float = declare(
        0.1, 0.03, 0.4, "share", "elections", "gap between deputies and electors at which recall is twice as fast", "A-034, A-035; D-073: an outrage turns out deputies overnight"
    )
    mandate_discipline: float = declare(
        0.3, 0.0, 1.0, "share", "elections", "how far delegates vote on soviet power as their party says rather than as their electors think", "A-061; V075: 505 of 670"
    )
    abstention: float = declare(0.2, 0.0, 0.6, "share", "elections", "deputies who abstain when a body is evenly split", "V061, V121")
    renewal_gap: float = declare(
        0.4, 0.02, 0.8, "share", "elections", "share of their companies that an army's committee no longer speaks for when a new election is forced", "B-084; Wildman (1987): committees months behind; value assumed"
    )
    walkout_resolve: float = declare(
        1.0, 0.2, 2.0, "-1..1", "elections", "how firm a line against soviet power takes all whom discipline holds out of a congress that votes for it", "A-200: the house of 25 October lost 45 of 670; D-114"
    )
    national_floor: float = declare(
        0.08, 0.02, 0.3, "share", "elections", "least share of other mother tongues at which a national list stands", "evidence notes: mother tongue, never the result"
    )
    commune_pressure: float = declare(
        0.15, 0.0, 0.6, "exponent", "elections", "pull of a village's majority on its voters", "history.md correction 7"
    )
    left_to_list: float = declare(
        0.6, 0.3, 0.9, "share", "elections", "Left SR people who vote the SR list drawn before the split", "D-083; findings.md: frozen lists carry the fit"
    )
    left_elsewhere: float = declare(0.25, 0.0, 0.5, "share", "elections", "Left SR people who vote Bolshevik instead", "D-083")
    unaligned_turnout: float = declare(0.5, 0.2, 1.0, "ratio", "elections", "turnout of people of no party next to others", "assumption")
    unaligned_follow: float = declare(0.75, 0.3, 1.0, "share", "elections", "people of no party who vote as their neighbours", "assumption")
    executive_capture: float = declare(
        0.1, 0.0, 0.5, "share", "elections", "weight of the educated in choosing executives", "D-072, D-074; lens D-155"
    )
    open_pressure: float = declare(
        0.2, 0.0, 1.0, "exponent", "elections", "pressure of an open vote toward the meeting's own majority", "history.md correction 10"
    )
    executive_lag: float = declare(
        60.0, 7.0, 200.0, "days", "elections", "the same for an executive against its soviet", "C-066; D-072, D-074"
    )
    hazard_rare: float = declare(0.01, 0.002, 0.05, "1/day", "events", "daily rate of a rare event while its conditions hold", _BASE, scale="log")
    hazard_occasional: float = declare(0.05, 0.01, 0.15, "1/day", "events", "daily rate of an occasional event while its conditions hold", _BASE, scale="log")
    hazard_likely: float = declare(0.2, 0.05, 0.6, "1/day", "events", "daily rate of a likely event while its conditions hold", _BASE, scale="log")
    hazard_slope_weak: float = declare(0.7, 0.0, 1.5, "log", "events", "rise of a rate from the middle to the top of what it rises with, weak step", _SLOPE)
    hazard_slope_medium: float = declare(1.5, 0.5, 3.0, "log", "events", "the same, medium step", _SLOPE)
    hazard_slope_strong: float = declare(3.0, 1.5, 6.0, "log", "events", "the same, strong step", _SLOPE)
    reason_weak: float = declare(0.5, 0.1, 1.0, "weight", "decisions", "weight of a weak reason next to a medium one", "three-step scale of reasons; prior, moved by lenses")
    reason_medium: float = declare(1.0, 0.5, 2.0, "weight", "decisions", "weight of a medium reason", "unit of the scale")
    reason_strong: float = declare(2.0, 1.0, 4.0, "weight", "decisions", "weight of a strong reason next to a medium one", "three-step scale of reasons; prior, moved by lenses")
    aspiration: float = declare(0.45, 0.0, 0.9, "-1..1", "decisions", "appeal at which an option is good enough", "Simon, A Behavioral Model of Rational Choice (1955); value assumed")
    decision_noise: float = declare(0.12, 0.0, 0.5, "-1..1", "decisions", "spread of an option's appeal by persons and hours", "assumption: votes of 23 to 22 and 19 to 20 in the evidence went either way")

    def having(self, **changes: float) -> Parameters:
        """A copy with other values. Raises :class:`InputError` for unknown names and values out of range."""
        for name, value in changes.items():
            if name not in DECLARATIONS:
                raise InputError(f"unknown parameter '{name}'.{nearest(name, DECLARATIONS)}")
            known = DECLARATIONS[name]
            if not (math.isfinite(value) and known.low <= value <= known.high):
                raise InputError(f"parameter {name} = {value} is outside its range {known.low} to {known.high} {known.unit}.")
        return replace(self, **changes)

    def as_dict(self) -> dict[str, float]:
        """Name and value of each parameter, in the order of the day."""
        return {f.name: float(getattr(self, f.name)) for f in fields(self)}


DECLARATIONS: Mapping[str, Declaration] = {
    f.name: Declaration(name=f.name, default=float(f.default), **f.metadata)  # type: ignore[arg-type]
    for f in fields(Parameters)
}


def calibrated() -> list[Declaration]:
    """The parameters that `october calibrate` fits."""
    return [d for d in DECLARATIONS.values() if d.role == "calibrated"]
