"""The recorded events, warnings and cabinets as data: complete, sourced, neutral in wording, fair to all camps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from sim.history import catalogue
from sim.inputs.cabinet_data import cabinets
from sim.inputs.effects import (
    BearsOut,
    Convene,
    Elect,
    Fear,
    Hardship,
    Insecurity,
    Office,
    OfficeSupport,
    Policy,
    Refutes,
    Relief,
    Shooting,
)
from sim.inputs.events import Event
from sim.words.calendar import FIRST_DAY, FURTHEST_DAY, LAST_DAY
from sim.words.identifiers import DEMANDS, ELECTIONS, PARTIES

EVENTS = catalogue.events()
WARNINGS = catalogue.warnings()
CABINETS = cabinets()

#: Words that take a side. Names of bodies, of events as a name, and quoted words are let through.
LOADED = re.compile(
    r"\b(coups?|putsch|revolution\w*|counter-?revolution\w*|mass(es)?|vanguard|traitors?|conciliators?|bourgeois\w*"
    r"|fascis\w*|slander\w*|repress\w*|clash\w*|regime|mobs?|rabble|reactionar\w*|heroic\w*|glorious)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"Military Revolutionary Committee|February Revolution|Soci\w+[ -]Revolutionar\w+|'[^']*'")

#: What a session or an election may do: call bodies and ballots, and say whom a body supports. A conference, too, is
#: felt by those who read of it.
SESSION_KINDS = {"convene", "dissolve", "elect", "office_support", "information", "hardship", "relief"}
#: Sessions whose news pressed on people. All others leave what people want alone: votes and allegiances are outcomes.
FELT_SESSIONS = {"moscow_state_conference"}


def shown() -> Iterator[tuple[str, str]]:
    """Every text of the data that a reader sees, with where it stands."""
    for event in EVENTS.values():
        yield event.id, " ".join((event.title, event.text, *event.actors))
    for warning in WARNINGS.values():
        yield warning.id, warning.claim
    for cabinet in CABINETS.values():
        yield cabinet.id, f"{cabinet.title} {cabinet.text or ''}"


def effects_of(event: Event, kind: type) -> list:
    return [effect for effect in event.effects if isinstance(effect, kind)]


def tally() -> dict[str, Counter[str]]:
    """By party: how many times an event bore out, or spoke against, a warning that the party had given by then."""
    counts = {name: Counter[str]() for name in PARTIES}
    for event in EVENTS.values():
        for effect in event.effects:
            if isinstance(effect, BearsOut | Refutes):
                for voice in WARNINGS[effect.warning].by:
                    if voice.date <= event.last_day:
                        counts[voice.party][effect.kind] += 1
    return counts


def test_there_are_enough_events_inside_the_span() -> None:
    assert len(EVENTS) >= 95
    assert all(FIRST_DAY <= event.date <= event.last_day <= FURTHEST_DAY for event in EVENTS.values())
    assert sum(event.date <= LAST_DAY for event in EVENTS.values()) >= 95


def test_each_event_has_a_title_a_text_actors_strata_and_sources() -> None:
    for event in EVENTS.values():
        assert event.title and event.text and event.actors and event.strata and event.sources, event.id
        assert all(source.work.strip() for source in event.sources), event.id
        assert not any("http" in source.work or "/" in source.work.replace("RFE/RL", "") for source in event.sources), (
            event.id
        )


def test_rows_stand_under_one_work_only_once() -> None:
    for event in EVENTS.values():
        works = [source.work for source in event.sources]
        assert len(set(works)) == len(works), event.id


@pytest.mark.parametrize("event", [e for e in EVENTS.values() if e.date > LAST_DAY], ids=lambda e: e.id)
def test_events_after_the_calibrated_year_say_so(event: Event) -> None:
    assert event.text.startswith("Extrapolation")


def test_minor_and_outside_shocks_are_there() -> None:
    """H-68: church, alcohol, strike of employees; H-69: strikes abroad and landings, which come from outside."""
    minor = {"church_message": "D-060", "wine_cellar_riots": "B-024", "officials_strike": "B-007"}
    outside = {"strikes_abroad": "E-066", "allies_at_murmansk": "E-068", "landing_at_vladivostok": "E-068"}
    for name, row in (minor | outside).items():
        assert row in EVENTS[name].ledger and EVENTS[name].effects, name
    assert all(EVENTS[name].kind == "outside" for name in outside)


def test_wording_takes_no_side() -> None:
    found = {where: LOADED.findall(NAMES.sub("", text)) for where, text in shown()}
    assert {where: words for where, words in found.items() if words} == {}


def test_wording_test_can_fail() -> None:
    assert LOADED.search(NAMES.sub("", "The masses made a revolution."))
    assert not LOADED.search(NAMES.sub("", "The Military Revolutionary Committee met."))


def test_what_people_suffer_names_no_party() -> None:
    for kind in (Hardship, Relief, Fear, Insecurity):
        assert "party" not in kind.model_fields
    for event in EVENTS.values():
        for effect in event.effects:
            if isinstance(effect, Hardship | Relief | Fear | Insecurity):
                assert not set(PARTIES) & set(effect.strata + effect.places), event.id


def test_sessions_and_elections_leave_what_people_want_alone() -> None:
    for event in EVENTS.values():
        if event.kind in ("session", "election"):
            kinds = {effect.kind for effect in event.effects}
            assert kinds <= SESSION_KINDS, event.id
            if event.id not in FELT_SESSIONS:
                assert not kinds & {"hardship", "relief"}, event.id


def test_causes_come_first_on_the_timeline() -> None:
    """A month or a span strikes on its first day, so that day must not come before the cause's."""
    late = [(e.id, c) for e in EVENTS.values() for c in e.requires if EVENTS[c].date > e.date]
    assert late == []


def test_measures_follow_the_cabinet_that_takes_them() -> None:
    """A cabinet that takes office sets all its policies, so a measure of the same day must hang on that event."""
    offices = {event.date: event for event in EVENTS.values() if effects_of(event, Office)}
    same_day = [
        event
        for event in EVENTS.values()
        if event.date in offices and offices[event.date].id != event.id and effects_of(event, Policy)
    ]
    assert {"decree_peace", "decree_land"} <= {event.id for event in same_day}
    for event in same_day:
        office = offices[event.date]
        assert office.id in event.requires or event.id in office.requires, event.id


@pytest.mark.parametrize(
    ("effect", "cause"),
    [
        ("tarnopol_rout", "june_offensive"),
        ("death_penalty_front", "june_offensive"),
        ("garrison_drafts_ordered", "june_offensive"),
        ("german_money_charge", "july_days"),
        ("july_arrests", "july_days"),
        ("july_prisoners_released", "july_days"),
        ("kornilov_stopped", "kornilov_march"),
        ("directory", "kornilov_march"),
        ("decree_peace", "insurrection_25_oct"),
        ("decree_land", "insurrection_25_oct"),
        ("armistice", "decree_peace"),
        ("moscow_fighting", "insurrection_25_oct"),
        ("assembly_closed", "insurrection_25_oct"),
    ],
)
def test_consequences_hang_on_their_causes(effect: str, cause: str) -> None:
    seen, todo = set(), [effect]
    while todo:
        for name in EVENTS[todo.pop()].requires:
            if name not in seen:
                seen.add(name)
                todo.append(name)
    assert cause in seen


@pytest.mark.parametrize(
    ("cause", "effect"),
    [
        ("april_note", "first_coalition"),
        ("june_offensive", "july_days"),
        ("june_offensive", "kornilov_march"),
        ("july_days", "kornilov_march"),
        ("kornilov_march", "insurrection_25_oct"),
        ("garrison_transfer_order", "insurrection_25_oct"),
        ("insurrection_25_oct", "constituent_assembly_election"),
    ],
)
def test_no_conclusion_is_written_into_the_causes(cause: str, effect: str) -> None:
    """Whether these would have come without each other is what the model is asked."""
    todo = [effect]
    while todo:
        for name in EVENTS[todo.pop()].requires:
            assert name != cause
            todo.append(name)


def test_known_traps_of_the_evidence_are_heeded() -> None:
    assert EVENTS["june_offensive"].date == date(1917, 6, 18)
    assert {"CH040", "CH042"} <= {row for source in EVENTS["june_offensive"].sources for row in source.rows}
    assert EVENTS["german_counter_attack"].date == date(1917, 7, 6)
    assert EVENTS["tarnopol_rout"].date == date(1917, 7, 12)
    assert EVENTS["guchkov_miliukov_resign"].date == date(1917, 4, 30)
    assert (EVENTS["fleet_red_flags"].date, EVENTS["fleet_refuses_cabinet"].date) == (
        date(1917, 9, 8),
        date(1917, 9, 19),
    )
    for name, day in {
        "assembly_date_set": date(1917, 6, 14),
        "finnish_sejm_dissolved": date(1917, 7, 18),
        "grain_price_doubled": date(1917, 8, 26),
        "pre_parliament_vote": date(1917, 10, 24),
        "third_universal": date(1917, 11, 7),
        "rada_ultimatum": date(1917, 12, 4),
        "shingarev_kokoshkin_killed": date(1918, 1, 7),
    }.items():
        assert EVENTS[name].date == day
    months = (
        "press_on_workers_egoism",
        "pravda_line_march",
        "speeches_against_soviets",
        "evacuation_talk",
        "december_parade_shooting",
    )
    assert all(EVENTS[name].precision == "month" for name in months)


def test_every_election_and_congress_is_called() -> None:
    held = Counter(effect.election for event in EVENTS.values() for effect in effects_of(event, Elect))
    assert held == {name: (2 if name == "town_dumas" else 1) for name in ELECTIONS}
    met = {effect.body for event in EVENTS.values() for effect in effects_of(event, Convene)}
    assert {
        "petrograd_soviet",
        "moscow_soviet",
        "kronstadt_soviet",
        "tsik",
        "first_congress",
        "second_congress",
        "third_congress",
        "first_peasant_congress",
        "extraordinary_peasant_congress",
        "second_peasant_congress",
        "northern_region_congress",
        "factory_committees_petrograd",
        "democratic_conference",
        "pre_parliament",
        "constituent_assembly",
    } <= met


def test_cabinets_of_events_are_the_cabinets_of_the_file() -> None:
    taken = [effect.cabinet for event in EVENTS.values() for effect in effects_of(event, Office)]
    assert len(set(taken)) == len(taken)
    dated = [cabinet for cabinet in CABINETS.values() if cabinet.start is not None]
    assert {"tsarist_government", *taken} == {cabinet.id for cabinet in dated}
    for event in EVENTS.values():
        for effect in effects_of(event, Office):
            assert CABINETS[effect.cabinet].start == event.date, event.id


def test_cabinets_are_whole() -> None:
    assert len(CABINETS) == 23
    for cabinet in CABINETS.values():
        assert sum(cabinet.composition.values()) == pytest.approx(1.0), cabinet.id
        assert set(cabinet.policy) == set(DEMANDS), cabinet.id
        assert set(cabinet.policy.values()) <= {0.0, 0.25, 0.5, 0.75, 1.0}, cabinet.id
        assert cabinet.sources, cabinet.id


def test_bodies_that_support_a_cabinet_have_met() -> None:
    met: dict[str, date] = {}
    for event in EVENTS.values():
        for effect in effects_of(event, Convene):
            met[effect.body] = min(event.date, met.get(effect.body, event.date))
    for event in EVENTS.values():
        props = [effect.body for effect in effects_of(event, OfficeSupport)]
        props += [body for effect in effects_of(event, Office) for body in CABINETS[effect.cabinet].props]
        assert all(met[body] <= event.date for body in props), event.id


def test_one_rule_for_all_who_shoot() -> None:
    shooters = {effect.shooter for event in EVENTS.values() for effect in effects_of(event, Shooting)}
    assert {
        "tsarist_government",
        "rump_july",
        "military_revolutionary_committee",
        "committee_of_public_safety",
        "red_guards",
    } <= shooters
    crowds = {
        stratum for event in EVENTS.values() for effect in effects_of(event, Shooting) for stratum in effect.crowd
    }
    assert {"worker", "soldier", "sailor", "middle", "propertied"} <= crowds


def test_each_warning_meets_an_event() -> None:
    met = {
        effect.warning
        for event in EVENTS.values()
        for effect in event.effects
        if isinstance(effect, BearsOut | Refutes)
    }
    assert met == set(WARNINGS)


def test_warnings_of_every_camp_are_borne_out() -> None:
    counts = tally()
    print("\nwarnings borne out / spoken against, by party")
    for name, count in sorted(counts.items(), key=lambda item: -item[1]["bears_out"]):
        print(f"  {name:28s} {count['bears_out']:3d} / {count['refutes']}")
    for name in PARTIES:
        if name != "unaligned":
            assert counts[name]["bears_out"] >= 3, name
    camps = {
        "left": ("bolshevik", "anarchist", "left_sr"),
        "moderates": ("menshevik", "sr", "menshevik_internationalist"),
        "right": ("kadet", "right"),
    }
    means = {camp: sum(counts[p]["bears_out"] for p in parties) / len(parties) for camp, parties in camps.items()}
    assert max(means.values()) < 2 * min(means.values()), means
    refuted = {name for name, count in counts.items() if count["refutes"]}
    assert {"bolshevik", "menshevik", "sr", "kadet", "right"} <= refuted
