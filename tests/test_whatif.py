"""The catalogue of what-ifs: each card is whole and does what it says, seen on its timeline and in a few lived days.

The shared past is lived once; each scenario is branched off on its eve and lived to the day of its claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pytest
from year_kit import differences, made

from sim.engine.model import Revolution
from sim.history.catalogue import alternatives, decision_points, events
from sim.history.parting import own_past, parting
from sim.inputs.scenario import load_scenario
from sim.inputs.scenario_file import shipped
from sim.mechanisms.knowledge import plurality
from sim.words.calendar import day_of
from sim.words.identifiers import DEMAND, PARTY, STRATUM

HISTORY = load_scenario("historical")
NAMES = tuple(name for name in shipped() if name not in ("historical", "open"))
SCENARIOS = {name: load_scenario(name) for name in NAMES}
#: The twelve for class: some hold two cards to be read side by side.
FOR_CLASS = (
    ("coalition_refused",), ("no_offensive",), ("land_early", "moderates_deliver"), ("assembly_in_september",),
    ("soviet_power_july",), ("kornilov_with_kerensky", "no_kornilov"), ("soviet_power_september",), ("congress_first",),
    ("land_and_peace_24_october",), ("no_walkout", "soviet_power_november"), ("split_lists",), ("assembly_sits",),
)  # fmt: skip
#: Labels that history.md gives; every other card is a choice that someone proposed.
STRETCHES = {"E-001", "E-010", "E-013", "E-021", "E-027", "E-031", "E-044", "E-055", "E-062", "E-065"}
PROBES = {"E-009", "E-024", "E-041", "E-046", "E-060"}


SOLDIERS = frozenset({STRATUM["soldier"]})
BOLSHEVIK = PARTY["bolshevik"]


@dataclass(frozen=True)
class Claim:
    """What a scenario says, on a day: events that came and that did not, who governs, what is done, what else holds."""

    on: str
    came: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    cabinet: str | None = None
    policy: dict[str, float] = field(default_factory=dict)
    holds: Callable[[Revolution, Revolution], bool] | None = None


def seats(model: Revolution, body: str) -> np.ndarray:
    return model.chamber.seats()[body]


def votes(model: Revolution, party: str) -> float:
    """Votes for a party at the Assembly's election."""
    return float(model.chamber.assembly[PARTY[party]])


def soldiers(model: Revolution, column: str, place: str) -> float:
    """Mean of a column of cells over the soldiers of a front."""
    return float(getattr(model.cells, column)[model.cells.where(frozenset({place}), SOLDIERS)].mean())


def heard(model: Revolution) -> float:
    """How far Bolsheviks are heard by the workers of the capital."""
    places = frozenset(place for place in model.cells.place if place.startswith("petrograd/"))
    return float(model.cells.reach[model.cells.where(places, frozenset({STRATUM["worker"]})), BOLSHEVIK].mean())


CLAIMS: dict[str, Claim] = {
    "coalition_refused": Claim(
        "1917-05-12", came=("soviet_stays_out_of_cabinet",), never=("first_coalition", "soldiers_rights_declared"),
        cabinet="liberal_may"),
    "no_offensive": Claim(
        "1917-07-13", came=("defence_only",),
        never=("june_offensive", "garrison_drafts_ordered", "german_counter_attack", "tarnopol_rout",
               "death_penalty_front")),
    "land_early": Claim(
        "1917-07-14", came=("land_to_committees_by_decree",), never=("land_deals_restricted",), policy={"land": 0.75}),
    "moderates_deliver": Claim(
        "1917-06-20", came=("coalition_on_conditions", "land_to_committees_by_decree", "defence_only"),
        never=("first_coalition", "june_offensive"), policy={"land": 0.75, "peace": 0.5}),
    "assembly_in_september": Claim(
        "1917-10-01", came=("assembly_election_17_september", "assembly_opens_30_september"),
        never=("assembly_postponed",), holds=lambda m, _: m.chamber.assembly.sum() > 500),
    "soviet_power_july": Claim(
        "1917-07-10", came=("tsik_takes_power_july",), cabinet="all_socialist_july",
        never=("tsik_refuses_power", "july_arrests", "pravda_closed", "german_money_charge", "kerensky_premier"),
        holds=lambda m, history: heard(m) > heard(history)),
    "kornilov_with_kerensky": Claim(
        "1917-08-28", came=("joint_martial_law",), never=("kornilov_march",), cabinet="martial_directory"),
    "no_kornilov": Claim(
        "1917-09-02", came=("kornilov_obeys",), never=("kornilov_march", "kornilov_stopped", "directory")),
    "soviet_power_september": Claim(
        "1917-09-10", came=("compromise_offer", "compromise_accepted"), never=("directory", "tsik_backs_directory"),
        cabinet="all_socialist_september"),
    "congress_first": Claim(
        "1917-10-26", came=("second_congress_opens",),
        never=("central_committee_10_oct", "rising_begins", "insurrection_25_oct", "insurrection_in_partys_name")),
    "land_and_peace_24_october": Claim(
        "1917-10-24", came=("pre_parliament_vote", "land_and_peace_proclaimed"), policy={"land": 0.75, "peace": 0.5}),
    "no_walkout": Claim(
        "1917-10-30", came=("moderates_stay_in_congress",),
        never=("congress_walkout", "sovnarkom_formed", "vikzhel_talks"), cabinet="all_socialist_november"),
    "soviet_power_november": Claim(
        "1917-12-09", came=("all_socialist_cabinet_november",),
        never=("commissars_resign", "rada_ultimatum", "left_sr_enter"), cabinet="all_socialist_november"),
    "split_lists": Claim(
        "1917-11-13", came=("constituent_assembly_election",),
        holds=lambda m, history: votes(m, "left_sr") > votes(history, "left_sr")
        and votes(m, "sr") < votes(history, "sr")),
    "assembly_sits": Claim(
        "1918-01-07", came=("assembly_meets", "assembly_forms_government"), never=("assembly_closed",),
        cabinet="assembly_government"),
    "soviet_government_march": Claim("1917-03-05", came=("soviet_cabinet_march",), cabinet="soviet_government_march"),
    "soviet_conditions_enforced": Claim(
        "1917-05-08", came=("coalition_on_conditions",), never=("first_coalition",), cabinet="coalition_conditions_may",
        policy={"land": 0.5, "peace": 0.5}),
    "offensive_succeeds": Claim(
        "1917-07-14", came=("offensive_holds", "july_arrests", "kerensky_premier"),
        never=("german_counter_attack", "tarnopol_rout", "death_penalty_front"),
        holds=lambda m, history: soldiers(m, "obedience", "southwestern_front")
        > soldiers(history, "obedience", "southwestern_front")),
    "early_peace": Claim(
        "1917-06-20", never=("june_offensive",), policy={"peace": 0.75},
        holds=lambda m, history: soldiers(m, "hardship", "western_front")
        < soldiers(history, "hardship", "western_front")),
    "industry_regulated": Claim(
        "1917-07-02", never=("summer_closures",), policy={"work": 0.75},
        holds=lambda m, history: m.cells.locked.sum() < history.cells.locked.sum()),
    "kadets_stay": Claim(
        "1917-07-03", came=("kadets_stay_july",), never=("kadets_resign", "kerensky_premier"),
        cabinet="first_coalition"),
    "garrison_promise_kept": Claim(
        "1917-06-21", came=("garrison_promise_upheld", "june_offensive"),
        never=("garrison_drafts_ordered", "durnovo_raid")),
    "july_rising": Claim("1917-07-04", came=("july_rising",), never=("tsik_refuses_power", "july_arrests")),
    "july_without_arrests": Claim(
        "1917-07-08", came=("july_demonstration_unfired", "leniency_july"),
        never=("july_days", "july_arrests", "pravda_closed", "german_money_charge"),
        holds=lambda m, history: m.stage.deaths_high < history.stage.deaths_high),
    "no_german_money_charge": Claim(
        "1917-07-12", came=("july_arrests", "pravda_closed"), never=("german_money_charge",),
        holds=lambda m, history: "german_money" in set(history.stage.charges.loss) - set(m.stage.charges.loss)),
    "kornilov_wins": Claim(
        "1917-08-29", came=("kornilov_march", "kornilov_takes_petrograd"), never=("kornilov_stopped",),
        cabinet="military_dictatorship", holds=lambda m, _: "petrograd_soviet" not in m.chamber.seats()),
    "dans_path": Claim(
        "1917-09-23", came=("cabinet_with_bolsheviks_september",),
        never=("third_coalition", "all_democratic_cabinet_september"),
        holds=lambda m, _: m.government.held[BOLSHEVIK] > 0.0 and m.government.held[PARTY["menshevik"]] > 0.0),
    "kadets_excluded": Claim(
        "1917-09-26", came=("democratic_conference", "all_democratic_cabinet_september"), never=("third_coalition",),
        cabinet="all_democratic_september", holds=lambda m, _: m.government.held[PARTY["kadet"]] == 0.0),
    "congress_cancelled": Claim(
        "1917-10-27", came=("second_congress_cancelled",), never=("second_congress_opens", "congress_postponed")),
    "wait_for_assembly": Claim(
        "1917-10-27",
        never=("central_committee_10_oct", "rising_begins", "insurrection_25_oct", "congress_takes_power")),
    "no_rising_resolution": Claim(
        "1917-10-27",
        never=("central_committee_10_oct", "rising_begins", "insurrection_25_oct", "congress_takes_power")),
    "rising_in_partys_name": Claim(
        "1917-10-18", came=("insurrection_in_partys_name",), never=("insurrection_25_oct", "rising_begins")),
    "rising_delayed": Claim(
        "1917-11-21", came=("central_committee_10_oct", "rising_begins"), never=("insurrection_in_partys_name",),
        holds=lambda m, _: m.course.happened["rising_begins"] == day_of(date(1917, 11, 21))),
    "no_lenin_no_trotsky": Claim(
        "1917-05-05", never=("lenin_returns", "april_theses", "bolshevik_april_conference", "trotsky_returns"),
        holds=lambda m, history: m.parties.soviet_stance[BOLSHEVIK] < history.parties.soviet_stance[BOLSHEVIK]),
    "no_press_raid": Claim("1917-10-24", came=("garrison_transfer_order",), never=("press_raid_24_oct",)),
    "petrograd_given_up": Claim(
        "1917-10-21", came=("cabinet_leaves_petrograd", "germans_in_petrograd"), never=("mrc_formed", "rising_begins"),
        holds=lambda m, _: "petrograd_soviet" not in m.chamber.seats() and "moscow_soviet" in m.chamber.seats()),
    "rising_defeated": Claim(
        "1917-10-27", came=("rising_begins", "insurrection_fails"), never=("insurrection_25_oct", "sovnarkom_formed"),
        cabinet="third_coalition", holds=lambda m, history: m.stage.deaths_high > history.stage.deaths_high),
    "villages_and_army_quiet": Claim(
        "1917-05-20", came=("first_coalition",),
        holds=lambda m, history: m.cells.deserted.sum() < history.cells.deserted.sum()),
    "internationalists_join": Claim(
        "1917-10-27", came=("congress_walkout", "council_with_internationalists", "decree_land"),
        never=("sovnarkom_formed",), cabinet="congress_government",
        holds=lambda m, history: plurality(m.government.held) > plurality(history.government.held)),
    "stankevichs_path": Claim("1918-01-16", came=("assembly_closed", "moderates_cooperate")),
    "full_information": Claim(
        "1917-03-25", holds=lambda m, history: m.people.knows.mean() > 1.5 * history.people.knows.mean()),
    "no_land_decree": Claim(
        "1917-12-12", came=("decree_peace", "left_sr_enter"), never=("decree_land",), policy={"land": 0.25}),
    "red_guards_hold_fire": Claim(
        "1917-12-03", never=("december_parade_shooting",),
        holds=lambda m, history: m.stage.deaths_high < history.stage.deaths_high),
    "binding_recall": Claim(
        "1918-02-15", came=("assembly_closed",),
        holds=lambda m, history: not np.array_equal(seats(m, "tsik"), seats(history, "tsik"))),
    "equal_seats": Claim(
        "1917-05-01", came=("soviet_invited_to_cabinet",),
        holds=lambda m, history: seats(m, "petrograd_soviet").sum() < 0.5 * seats(history, "petrograd_soviet").sum()),
}  # fmt: skip


# --- what they do -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def eves() -> dict[str, bytes]:
    """Scenario -> the eve of its parting from history, of one history that was lived once."""
    shared = {name: parting(HISTORY, s) for name, s in SCENARIOS.items() if not own_past(HISTORY, s)}
    history = made(every=60, until=date(1918, 4, 30))
    found = {}
    for name in sorted(shared, key=lambda name: shared[name] or date.max):
        found[name] = history.run((shared[name] or date.max) - timedelta(days=1)).checkpoint()
    return found


def lived(name: str, eves: dict[str, bytes]) -> tuple[Revolution, Callable[[], Revolution]]:
    """The scenario on the day of its claim, and how to have history on that day."""
    on = CLAIMS[name].on
    if name in eves:
        model = Revolution.branch(eves[name], SCENARIOS[name], until=date(1918, 4, 30)).run(on)
        return model, lambda: Revolution.restore(eves[name]).run(on)
    return made(SCENARIOS[name], every=60).run(on), lambda: made(every=60).run(on)


def test_there_is_a_claim_for_each() -> None:
    assert set(CLAIMS) == set(NAMES)


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_it_does_what_it_says(name: str, eves: dict[str, bytes]) -> None:
    claim = CLAIMS[name]
    model, history = lived(name, eves)
    assert model.today == date.fromisoformat(claim.on)
    came = {entry.event.id for entry in model.timeline if entry.happens and entry.day <= model.day}
    assert set(claim.came) <= came
    assert came & set(claim.never) == set()
    for entry in model.timeline:
        assert entry.event.id not in claim.never or entry.status in ("removed", "did_not_happen"), entry
    if claim.cabinet is not None:
        assert model.government.id == claim.cabinet
    done = {demand: float(model.government.policy[DEMAND[demand]]) for demand in claim.policy}
    assert done == claim.policy
    if claim.holds is not None:
        assert claim.holds(model, history())


@pytest.mark.parametrize("name", ["soviet_government_march", "equal_seats"])
def test_before_its_divergence_it_is_history_to_the_byte(name: str) -> None:
    since = SCENARIOS[name].divergence
    assert since is not None
    until = since + timedelta(days=10)
    one, other = (made(s, every=1, until=until).run().recorder.tables() for s in (HISTORY, SCENARIOS[name]))
    assert differences(one, other, since.isoformat()) == [] and differences(one, other) != []


# --- what is written on them --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_each_card_is_whole(name: str) -> None:
    scenario = SCENARIOS[name]
    card = scenario.card
    assert card is not None and scenario.title and (scenario.question or "").endswith("?")
    for part in ("changed", "held_fixed", "why_possible", "settle_by", "cannot_say"):
        assert len(getattr(card, part) or "") > 30, part
    voices = card.voices.model_dump()
    assert len(voices) == 6 and all(voices.values()) and len(set(voices.values())) == 6
    assert "After about six weeks the model extrapolates." in (card.cannot_say or "")
    assert scenario.sources and all(re.search(r"\((\d{4}|undated)\)$", source.work) for source in scenario.sources)
    assert scenario.ledger
    assert scenario.divergence is not None or scenario.kind == "mechanism_probe"


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_those_agreed_on(name: str) -> None:
    kind, first = SCENARIOS[name].kind, SCENARIOS[name].ledger[0]
    expected = "stretch" if first in STRETCHES else "mechanism_probe" if first in PROBES else "minimal_rewrite"
    assert kind == expected


def test_the_twelve_for_class_and_the_flagship_are_there() -> None:
    assert len(FOR_CLASS) == 12 and {name for group in FOR_CLASS for name in group} <= set(NAMES)
    flagship = [SCENARIOS[f"soviet_power_{month}"] for month in ("july", "september", "november")]
    assert [s.ledger[0] for s in flagship] == ["E-020", "E-030", "E-051"]
    assert all(str(s.title).startswith("The moderates accept soviet power") for s in flagship)


def test_alternatives_are_asked_by_decision_where_there_is_one() -> None:
    """A scenario that forces what an option of a decision brings says why it does not set the decision."""
    brought = {event for d in decision_points().values() for o in d.options for event in o.causes} & set(alternatives())
    forced = {name: set(s.events.force) & brought for name, s in SCENARIOS.items() if set(s.events.force) & brought}
    assert forced == {
        "assembly_sits": {"assembly_forms_government"},  # the decision lies in November and settles more than this
        "rising_defeated": {"rising_begins"},  # that it begins, and how it ends, are the question
    }


def test_nothing_added_tells_people_whom_to_follow() -> None:
    added = [event for s in SCENARIOS.values() for event in s.events.add]
    assert added and not {event.id for event in added} & {*events(), *alternatives()}
    assert all("supposition of this" in event.text for event in added)
    assert all(effect.kind not in ("share", "attitude") for event in added for effect in event.effects)
