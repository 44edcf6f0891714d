"""Armed actors on the whole model: who they are, that nothing is scripted, and what the year of 1917 makes of them."""

from __future__ import annotations

import numpy as np
import pytest
from year_kit import changed, differences, made, own_event, without_events

from sim.engine.armed import Armed
from sim.engine.model import Revolution
from sim.inputs.cabinet_data import cabinets
from sim.inputs.force_data import forces
from sim.politics.cabinets import office
from sim.politics.command import Force, Stand, Veto, charged, shooters
from sim.society.places import PLACES, matching
from sim.words.errors import InputError
from sim.words.identifiers import PARTY, STRATUM, P

DATA = forces()


# --- the table ---------------------------------------------------------------------------------------------------


def test_every_force_has_a_source_and_memory_is_marked() -> None:
    for force in DATA.forces:
        assert force.source.strip()
        assert force.memory == ("memory" in force.source), force.id
        assert force.of.places and force.of.strata
    assert len({f.id for f in DATA.forces}) == len(DATA.forces)


def test_counts_to_compare_are_never_fed() -> None:
    guards = [f for f in DATA.forces if f.kind == "red_guards"]
    assert guards and all(f.persons is None and f.arms == "issued" for f in guards)


def test_villages_have_no_armed_force_of_their_own() -> None:
    villages = set(matching("*/villages"))
    named = {
        f.id for f in DATA.forces if f.persons is None for pattern in f.of.places if villages & set(matching(pattern))
    }
    assert named == set()


# --- the model ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def august() -> Revolution:
    """Live to the night of the march, 28 August 1917."""
    model = made().run("1917-08-28")
    model.armed.ask()
    return model


@pytest.fixture(scope="module")
def year() -> Revolution:
    return made(until="1918-01-06").run()


def force(model: Revolution, name: str) -> Force:
    return next(f for f in model.armed.command.forces if f.id == name)


def test_forces_are_agents_of_the_model(august: Revolution) -> None:
    kinds = august.agents_by_type
    assert len(kinds[Force]) == len(DATA.forces) and len(kinds[Veto]) == len(DATA.vetoes)
    assert "persons" in repr(force(august, "petrograd_cadets"))


def test_persons_are_those_of_the_society_or_of_the_source(august: Revolution) -> None:
    cells = august.cells
    at = [i for i in range(cells.n) if cells.place[i] == "petrograd/garrison"]
    present = sum(cells.at_work[i] * (1 - cells.deserted[i]) for i in at)
    assert force(august, "petrograd_garrison").persons == pytest.approx(present, rel=1e-5)
    assert force(august, "third_cavalry_corps").persons == pytest.approx(9000, rel=0.1)


def test_strength_does_not_depend_on_how_many_are_simulated() -> None:
    few, many = made(until="1917-02-24").run(), made(agents=6000, until="1917-02-24").run()
    for one, other in zip(few.armed.command.forces, many.armed.command.forces, strict=True):
        assert one.weight.sum() == pytest.approx(other.weight.sum(), rel=1e-6), one.id


def test_strength_adds_up_by_zone(august: Revolution) -> None:
    found = august.armed.strength()
    total = sum(sum(camps.values()) for camps in found.values())
    assert total == pytest.approx(sum(f.persons for f in august.armed.command.forces))
    assert not any("villages" in zone for zone in found)


def test_obedience_by_place_adds_up(august: Revolution) -> None:
    obeys = august.armed.obeys()
    assert sum(obeys.values()) == pytest.approx(np.ones(len(PLACES)))
    assert all((shares > -1e-9).all() for shares in obeys.values())


def test_the_march_of_august_has_low_odds_and_few_take_part(august: Revolution) -> None:
    now = august.armed.now
    assert now.odds_coup < 0.1
    corps = force(august, "third_cavalry_corps")
    assert corps.stand.march < 0.1 * corps.persons, "nine units in ten never engage"


def asked(model: Revolution) -> Armed:
    """Ask again, on the same day, after a test has changed something."""
    model.armed.ask()
    return model.armed


def test_more_obedience_more_strength(august: Revolution) -> None:
    model = Revolution.restore(august.checkpoint())
    before = asked(model).now.defenders
    uniform = np.isin(model.cells.stratum, (STRATUM["soldier"], STRATUM["sailor"]))
    model.cells.obedience[uniform] = 0.95
    assert asked(model).now.defenders > before
    model.cells.obedience[uniform] = 0.0
    assert asked(model).now.defenders < before


def test_support_for_soviet_power_raises_the_soviets_strength_and_closes_the_lines(august: Revolution) -> None:
    model = Revolution.restore(august.checkpoint())
    before = asked(model)
    insurgents, open_way = before.now.insurgents, before.now.passage_command
    model.people.soviet_power[:] = 0.9
    after = asked(model)
    assert after.now.insurgents > insurgents and after.now.passage_command < open_way
    assert force(model, "petrograd_garrison").obeys == "soviets"


def test_red_guards_are_those_who_enrolled(august: Revolution) -> None:
    model = Revolution.restore(august.checkpoint())
    workers = np.array([p.startswith("petrograd/") for p in model.cells.place]) & (
        model.cells.stratum == STRATUM["worker"]
    )
    model.cells.red_guard[workers] = 0.1
    guards = asked(model) and force(model, "petrograd_red_guards")
    assert guards.persons == pytest.approx(0.1 * model.cells.at_work[workers].sum(), rel=0.02)
    assert guards.stand.soviets == pytest.approx(guards.persons) and guards.obeys == "soviets"
    assert 0.0 < guards.stand.rise < 0.9 * guards.persons, "A-212: few of those enrolled come out on a day"
    ready = guards.stand.rise
    model.people.readiness[:] = 1.0
    asked(model)
    assert guards.stand.rise == pytest.approx(guards.persons), "all do when all are ready"
    model.people.readiness[:] = 0.0
    asked(model)
    assert guards.stand.rise == 0.0 < ready


def test_cossacks_do_not_fight_alone() -> None:
    regiment = Stand(government=900.0, neutral=100.0, defend=800.0)
    assert regiment.beside(Stand()).defend == 0.0
    assert regiment.beside(Stand(defend=300.0)).defend == 300.0
    assert regiment.beside(Stand(defend=9000.0)) == regiment
    assert regiment.beside(Stand()).persons == regiment.persons


def test_companies_link_up_only_once_there_is_a_committee(year: Revolution) -> None:
    macro = year.recorder.tables()["macro"]
    linked = macro["series"] == "linked"
    dates, values = macro["date"][linked], macro["value"][linked]
    assert (values[dates < np.datetime64("1917-10-12")] == 0.0).all()
    gone = made(changed({"remove": ["mrc_formed"]}), until="1917-10-30").run()
    assert gone.armed.now.linked == 0.0


def test_nobody_comes_out_who_does_not_obey(year: Revolution) -> None:
    """How many do is a pattern that validation judges; here only what must hold in every history."""
    for f in year.armed.command.forces:
        stand = f.stand
        assert stand.rise <= stand.soviets + 1e-6, f.id
        assert stand.defend <= stand.government + stand.high_command + 1e-6, f.id
    eve = year.tally.eve
    near = sum(f.weight.sum() for f in year.armed.command.forces if f.data.goes_to == DATA.capital)
    assert 0.0 < eve["defenders"] < near and 0.0 < eve["insurgents"] < near


def test_outcomes(year: Revolution) -> None:
    found = dict(zip(*(year.recorder.tables()["outcomes"][c] for c in ("measure", "value")), strict=True))
    assert found["soviet_power_date"] == 245.0 and found["insurrection_date"] == 244.0
    assert list(cabinets())[int(found["government_6_jan"]) - 1] == "sovnarkom_left_sr"
    assert found["government_6_jan/sovnarkom_left_sr"] == 1.0
    for name in ("civil_war_risk_across", "civil_war_risk_within"):
        assert 0.0 <= found[name] <= 1.0
    assert found["defenders_on_eve"] == year.tally.eve["defenders"]
    short = made(until="1917-03-01").run().armed.outcomes()
    assert np.isnan(short["soviet_power_date"]) and short["government_6_jan"] == 0.0


def test_a_checkpoint_goes_on_to_the_same_tables(august: Revolution) -> None:
    one, other = made(until="1917-09-20").run("1917-08-28"), made(until="1917-09-20")
    again = Revolution.restore(one.checkpoint()).run()
    assert not differences(other.run().recorder.tables(), again.recorder.tables())


def test_switched_off_it_writes_nothing_and_moves_nobody() -> None:
    on, off = made(until="1917-03-20").run(), made(changed(off=["strength"]), until="1917-03-20").run()
    assert not differences({"a": on.recorder.tables()["allegiance"]}, {"a": off.recorder.tables()["allegiance"]})
    assert not {s for s in off.recorder.tables()["macro"]["series"] if s.startswith(("obeys/", "strength/", "odds_"))}


# --- shootings ---------------------------------------------------------------------------------------------------


SHOOTERS = ("tsarist_government", "rump_july", "red_guards", "military_revolutionary_committee", "sovnarkom")


def blame_of_a_shooting(shooter: str) -> np.ndarray:
    """Blame [P] of Petrograd's workers for a shooting of 24 February, less that of the same history without it."""
    fired = own_event(
        "shots", "1917-02-24",
        {"shooting": {"shooter": shooter, "crowd": ["worker"], "places": ["petrograd"], "deaths": [10, 30]}},
    )  # fmt: skip
    shot, calm = (made(s, until="1917-02-24").run() for s in (without_events(fired), without_events()))
    at = [
        i
        for i in range(shot.cells.n)
        if shot.cells.place[i] == "petrograd/vyborg" and shot.cells.stratum[i] == STRATUM["worker"]
    ]
    return np.asarray(shot.cells.blame[at[0]] - calm.cells.blame[at[0]], dtype=np.float64)


def test_one_rule_for_every_shooter() -> None:
    felt = {shooter: blame_of_a_shooting(shooter) for shooter in SHOOTERS}
    sizes = [
        blame.sum() / max(office(cabinets()[s].composition).sum() if s in cabinets() else 1.0, 1e-9)
        for s, blame in felt.items()
    ]
    assert min(sizes) > 0.1 and max(sizes) == pytest.approx(min(sizes), rel=0.05), "the same deaths, the same blame"
    assert felt["tsarist_government"].argmax() == PARTY["right"] and felt["sovnarkom"].argmax() == PARTY["bolshevik"]
    assert felt["red_guards"] == pytest.approx(felt["military_revolutionary_committee"])
    for shooter in ("tsarist_government", "sovnarkom"):
        charged_to = felt[shooter] > 0.05
        assert (charged_to == (office(cabinets()[shooter].composition) > 0)).all()


def test_sides_of_shooters_add_up() -> None:
    side = np.full(P, 1.0 / P)
    for name in shooters(DATA, cabinets()):
        weights = charged(name, DATA, cabinets(), side)
        assert 0.0 < weights.sum() <= 1.0 + 1e-9 and (weights >= 0).all()
    with pytest.raises(InputError, match="red_guards"):
        charged("red_gards", DATA, cabinets(), side)


def test_an_unknown_shooter_is_refused_before_the_first_day() -> None:
    shots = own_event(
        "shots",
        "1917-02-24",
        {"shooting": {"shooter": "martians", "crowd": ["worker"], "places": ["petrograd"], "deaths": [1, 2]}},
    )
    with pytest.raises(InputError, match="martians"):
        made(without_events(shots))


def test_deaths_are_told_by_event_as_ranges(year: Revolution) -> None:
    macro, outcome = year.recorder.tables()["macro"], year.armed.model.stage
    for bound, total in (("low", outcome.deaths_low), ("high", outcome.deaths_high)):
        told = np.char.startswith(macro["series"], f"deaths_{bound}/")
        assert macro["value"][told].sum() == pytest.approx(total)
    moscow = macro["value"][(macro["series"] == "deaths_low/moscow_fighting") & (macro["place"] == "moscow")]
    assert moscow.tolist() == [240.0]
