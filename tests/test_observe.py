"""Contests and predictions: every row asked or left out, the split by rule, answers exact on known tables."""

from __future__ import annotations

import csv
from datetime import date

import numpy as np
import pytest

import sim
from analysis.evidence import contests as evidence
from analysis.evidence.contests import (
    FOR,
    TARGETS,
    Contest,
    Question,
    apart,
    coin,
    contests,
    left_out,
    outcomes,
    politics,
    source,
    tally,
    used_rows,
)  # fmt: skip
from analysis.evidence.observe import days_asked, parties_of, predict


def table(columns: tuple[str, ...], rows: list[tuple]) -> dict[str, np.ndarray]:
    listed = list(zip(*rows, strict=True)) if rows else [[] for _ in columns]
    return {
        name: np.array(values, dtype="datetime64[D]") if name == "date" else np.array(values)
        for name, values in zip(columns, listed, strict=True)
    }


def tables(province_elections=(), soviets=(), soviet_power=(), macro=()) -> dict[str, dict[str, np.ndarray]]:
    return {
        "province_elections": table(
            ("date", "election", "place", "province", "party", "votes"), list(province_elections)
        ),
        "soviets": table(("date", "body", "party", "seats"), list(soviets)),
        "soviet_power": table(("date", "place", "stratum", "share", "persons"), list(soviet_power)),
        "macro": table(("date", "place", "series", "value"), list(macro)),
    }


def contest(question: Question, *targets: str) -> Contest:
    return Contest("made", "Made", "city", "context", "", question, dict.fromkeys(targets, 0.0), {})


def votes(
    place: str, province: str, election="constituent_assembly", day="1917-11-12", **by_party: float
) -> list[tuple]:
    return [(day, election, place, province, party, n) for party, n in by_party.items()]


EVERY = (*contests(), *apart())
NOVEMBER = date(1917, 11, 12)
ALL_PLACES = frozenset(place.id for place in sim.PLACES)


# --- the evidence -----------------------------------------------------------------------------------------------------


def test_every_row_is_asked_by_one_contest_or_left_out_with_a_reason():
    used, reasons = used_rows(), left_out()
    assert (set(used) | set(reasons)) - set(outcomes()) == set(politics())
    assert not set(used) & set(reasons)
    assert all(len(reason) > 10 for reason in reasons.values())
    asked = [row for c in EVERY for rows in c.rows.values() for row in rows]
    assert len(asked) == len(set(asked))
    assert all(source(row) for row in asked)


def test_every_contest_that_the_evidence_can_carry_stands_on_a_side():
    for split in ("calibrate", "validate"):
        assert len(contests(split)) + len(apart(split)) >= 40
    assert {c.id for c in contests()}.isdisjoint(c.id for c in apart())


def test_no_memory_row_is_asked():
    assert not [row for row in used_rows() if source(row).startswith("memory:")]


def test_a_row_marked_for_one_side_stands_on_that_side():
    for c in EVERY:
        for row in (politics()[r] for ids in c.rows.values() for r in ids if r in politics()):
            assert row.use in ("context", c.split), (c.id, row.id)


def test_the_split_on_file_is_what_the_rules_give():
    with (TARGETS / "splits.csv").open(encoding="utf-8", newline="") as file:
        filed = [(r["contest"], r["split"], r["why"]) for r in csv.DictReader(file)]
    assert filed == [(c.id, c.split, c.why) for c in EVERY]


def test_the_coin_is_seeded_and_falls_on_both_sides():
    names = [f"contest {i}" for i in range(400)]
    sides = [coin(name) for name in names]
    assert sides == [coin(name) for name in names]
    assert 160 < sides.count("calibrate") < 240
    assert sides != [coin(name, seed=1918) for name in names]


def test_a_contest_that_shares_voters_follows_the_other():
    by_id = {c.id: c for c in contests()}
    for town in ("vladimir", "vyatka", "vologda", "kostroma"):
        assert by_id[f"{town}_town"].split == by_id[f"{town}_garrison"].split


def test_places_provinces_elections_and_bodies_asked_for_exist():
    provinces = {cell.province for cell in sim.population().cells}
    for c in contests():
        assert c.question.places <= ALL_PLACES
        assert c.question.provinces <= provinces, c.id
        if c.question.form == "election":
            inhabited = {cell.province for cell in sim.population().cells if cell.place in c.question.places}
            assert inhabited and c.question.provinces <= inhabited, c.id


def test_figures_are_taken_as_the_rules_say():
    by_id = {c.id: c for c in contests()}
    assert by_id["moscow_june"].observed == {"bolshevik": 11, "sr": 58, "kadet": 17, "menshevik": 12}
    assert by_id["first_congress"].observed["bolshevik"] == pytest.approx(100 * 105 / 777)
    assert by_id["soviet_31_august"].observed == {FOR: pytest.approx(100 * 279 / (279 + 115))}
    assert by_id["western_front"].observed["bolshevik"] == pytest.approx(100 * 653400 / (653400 + 180600 + 16700))
    assert by_id["vologda_garrison"].observed["bolshevik+menshevik"] == pytest.approx(42.1)


def test_russian_parties_are_set_among_themselves_by_mother_tongue_alone():
    of = {c.id: c.question.of for c in contests()}
    assert {of[x] for x in ("ukraine", "east_urals", "minsk", "western_front")} == {"russian"}
    assert {of[x] for x in ("central_industrial", "penza", "petrograd_november", "vladimir_garrison")} == {"all"}


# --- answers ----------------------------------------------------------------------------------------------------------


def test_a_province_is_its_towns_garrisons_and_villages_and_nothing_else():
    made = tables(
        votes("black_earth/towns", "penza", bolshevik=30, sr=10)
        + votes("black_earth/garrisons", "penza", bolshevik=20, left_sr=5)
        + votes("black_earth/villages", "penza", sr=100, unaligned=35)
        + votes("black_earth/villages", "tambov", bolshevik=999)
        + votes("black_earth/towns", "penza", election="town_dumas", day="1917-11-05", kadet=999)
    )
    asked = [c for c in contests() if c.id == "penza"]
    found = predict(made, asked)["penza"]
    assert found["bolshevik"] == pytest.approx(25.0)
    assert found["sr"] == pytest.approx(57.5)
    assert found["kadet"] == found["menshevik"] == 0.0


def test_a_garrison_and_a_town_of_one_province_are_told_apart():
    made = tables(
        votes("central_industrial/garrisons", "vladimir", bolshevik=80, sr=20)
        + votes("central_industrial/towns", "vladimir", bolshevik=20, sr=80)
    )
    found = predict(made, [c for c in contests() if c.id in ("vladimir_garrison", "vladimir_town")])
    assert found["vladimir_garrison"]["bolshevik"] == pytest.approx(80.0)
    # The source lists this garrison's vote apart: the town is its civilians.
    assert found["vladimir_town"]["bolshevik"] == pytest.approx(20.0)


def test_a_town_counted_with_its_garrison_is_asked_with_it():
    made = tables(
        votes("volga/garrisons", "saratov", bolshevik=80, sr=20) + votes("volga/towns", "saratov", bolshevik=20, sr=80)
    )
    found = predict(made, [c for c in contests() if c.id == "tsaritsyn"])
    assert found["tsaritsyn"]["bolshevik"] == pytest.approx(50.0)


def test_denominators():
    made = tables(votes("minsk", "minsk", bolshevik=20, sr=20, national=50, unaligned=10))
    for of, expected in (("all", 20.0), ("declared", 100 * 20 / 90), ("russian", 50.0)):
        asked = contest(
            Question("election", "constituent_assembly", NOVEMBER, of, frozenset({"minsk"})), "bolshevik", "sr"
        )
        assert predict(made, [asked])["made"]["bolshevik"] == pytest.approx(expected)


def test_a_joint_list_sums_its_families():
    assert parties_of("bolshevik+menshevik") == ("bolshevik", "menshevik", "menshevik_internationalist")
    made = tables(votes("x", "x", bolshevik=10, menshevik=5, menshevik_internationalist=5, right=80))
    asked = contest(
        Question("election", "constituent_assembly", NOVEMBER, "all", frozenset({"x"})), "bolshevik+menshevik", "right"
    )
    assert predict(made, [asked])["made"] == {"bolshevik+menshevik": pytest.approx(20), "right": pytest.approx(80)}


def test_seats_of_a_congress_and_its_mandates():
    made = tables(
        soviets=[
            ("1917-10-25", "second_congress", p, n) for p, n in (("bolshevik", 300), ("sr", 190), ("unaligned", 180))
        ],
        macro=[("1917-10-25", "second_congress", "mandated_for_soviet_power", 0.754)],
    )
    found = predict(made, [c for c in contests() if c.id in ("second_congress", "second_congress_mandates")])
    assert found["second_congress"]["bolshevik"] == pytest.approx(100 * 300 / 670)
    assert found["second_congress_mandates"] == {FOR: pytest.approx(75.4)}


def test_where_nobody_walks_out_the_house_stays_whole():
    asked = [c for c in contests() if c.id == "congress_after_walkout"]
    whole = [("1917-10-25", "second_congress", p, n) for p, n in (("bolshevik", 300), ("sr", 300))]
    stayed = [("1917-10-25", "second_congress/after_walkout", p, n) for p, n in (("bolshevik", 300), ("sr", 200))]
    macro = [("1917-10-25", "second_congress", "bolsheviks_and_sympathisers", 300)]
    kept = predict(tables(soviets=whole, macro=macro), asked)
    left = predict(tables(soviets=whole + stayed, macro=macro), asked)
    assert kept["congress_after_walkout"]["bolshevik"] == pytest.approx(50.0)
    assert left["congress_after_walkout"]["bolshevik"] == pytest.approx(60.0)
    assert predict(tables(), asked) == {}


def test_the_source_that_counts_sympathisers_is_asked_with_them():
    asked = [c for c in contests() if c.id == "congress_after_walkout"]
    house = (("bolshevik", 300), ("sr", 200), ("unaligned", 100))
    seats = [("1917-10-25", "second_congress/after_walkout", p, n) for p, n in house]
    macro = [("1917-10-25", "second_congress", "bolsheviks_and_sympathisers", 390)]
    found = predict(tables(soviets=seats, macro=macro), asked)
    assert found["congress_after_walkout"]["bolshevik"] == pytest.approx(65.0)
    assert predict(tables(soviets=seats), asked) == {}


def motion(day: str, worker: float, soldier: float, worker_seats: int = 600, soldier_seats: int = 200):
    people = (
        ("petrograd/vyborg", "worker", worker, 1000),
        ("petrograd/narva", "worker", worker, 500),
        ("petrograd/garrison", "soldier", soldier, 200),
        ("moscow/city", "worker", 0.99, 1000),
    )
    power = [(day, place, stratum, share, float(n)) for place, stratum, share, n in people]
    seats = [
        (day, "petrograd_soviet/workers", "bolshevik", worker_seats),
        (day, "petrograd_soviet/soldiers", "sr", soldier_seats),
    ]
    return power, seats


def test_a_motion_weighs_the_electors_by_their_section_s_seats():
    power, seats = motion("1917-08-31", 0.8, 0.4)
    found = predict(tables(soviet_power=power, soviets=seats), [c for c in contests() if c.id == "soviet_31_august"])
    assert found["soviet_31_august"] == {FOR: pytest.approx(100 * (0.8 * 600 + 0.4 * 200) / 800)}


def test_between_two_near_days_a_motion_is_read_off_a_line_and_never_beyond():
    asked = [c for c in contests() if c.id == "soviet_31_august"]
    before, after = motion("1917-08-28", 0.5, 0.5), motion("1917-09-03", 0.7, 0.7)
    found = predict(tables(soviet_power=before[0] + after[0], soviets=before[1] + after[1]), asked)
    assert found["soviet_31_august"][FOR] == pytest.approx(60.0)
    far = motion("1917-09-24", 0.7, 0.7)
    assert predict(tables(soviet_power=before[0] + far[0], soviets=before[1] + far[1]), asked) == {}


def test_a_vote_told_in_one_cell_gives_both_counts():
    assert tally("S290") == (355.0, 254.0)
    by_id = {c.id: c for c in contests()}
    assert by_id["moscow_soviet_september"].observed == {FOR: pytest.approx(100 * 355 / (355 + 254))}
    assert by_id["kiev_soviet_september"].observed == {FOR: pytest.approx(100 * 130 / (130 + 66))}


def test_members_are_counted_in_persons_of_a_place_and_by_family():
    made = tables(
        macro=[
            ("1917-07-01", "petrograd", "members/bolshevik", 20e3),
            ("1917-10-01", "empire", "members/sr", 700e3),
            ("1917-10-01", "empire", "members/left_sr", 50e3),
            ("1917-10-01", "urals", "members/sr", 9e3),
        ]
    )
    found = predict(made)
    assert found == {
        "members_petrograd_july": {"members/bolshevik": 20e3},
        "members_sr_autumn": {"members/sr": 750e3},
    }
    assert {c.id: c.observed for c in apart()}["members_petrograd_july"] == {"members/bolshevik": 32220.0}


def test_national_lists_are_a_share_of_all_votes():
    made = tables(votes("ukraine/villages", "volhynia", national_socialist=60, national=20, bolshevik=5, sr=15))
    found = predict(made, [c for c in EVERY if c.id in ("volhynia", "volhynia_national")])
    assert found["volhynia_national"] == {"national": pytest.approx(80.0)}
    assert found["volhynia"]["bolshevik"] == pytest.approx(25.0)


def test_what_the_tables_do_not_hold_is_left_out_not_guessed():
    assert predict(tables()) == {}


def test_days_to_record_are_those_of_motions_and_standing_bodies():
    assert date(1917, 8, 31) in days_asked()
    assert set(days_asked(contests("calibrate"))) <= set(days_asked())


def test_a_contest_with_rows_on_both_sides_is_refused(monkeypatch):
    entry = {"id": "x", "rows": {"bolshevik": ["V006"], "sr": ["V022"]}}
    with pytest.raises(sim.InputError, match="both sides"):
        evidence._side(entry, {})
