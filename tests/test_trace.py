"""A traced run: the terms add up to attitudes and shares, follow what is switched off, and change nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_world import call, copy, world
from year_kit import changed, differences, made, own_event, without_events

from sim.engine import day as days
from sim.engine.trace import CHANNELS, DISAPPOINTED, OFFICE, PartsDoNotAddUp, Tracer
from sim.mechanisms import attitude_terms as terms
from sim.words.errors import InputError
from sim.words.identifiers import PARTY

AT = {name: i for i, name in enumerate(CHANNELS)}
worlds = st.builds(world, st.integers(0, 2**32), st.integers(20, 60), st.integers(2, 8), st.booleans())


@pytest.fixture(scope="module")
def petrograd() -> Tracer:
    """People of Petrograd to the middle of June, with single causes."""
    model = made(until="1917-06-15")
    tracer = model.trace([("petrograd", None)], causes=True, person=int(model.society.group_start[2]))
    model.run()
    return tracer


def short(scenario="historical", until="1917-03-12", **options) -> Tracer:
    model = made(scenario, until=until)
    tracer = model.trace([("petrograd", "worker"), ("western_front", None)], **options)
    model.run()
    return tracer


# --- the parts add up ------------------------------------------------------------------------------------------------


def test_the_channels_add_up_to_the_change_of_every_share(petrograd):
    change = petrograd.share - petrograd.share[0]
    np.testing.assert_allclose(petrograd.total.sum(axis=2), change, atol=1e-12)
    assert np.abs(petrograd.total[:, :, AT["rounding"]]).max() < 1e-6
    assert np.abs(change).max() > 0.05
    assert petrograd.rounding < terms.MOST_ROUNDING / 3


def test_each_channel_only_moves_people_from_party_to_party(petrograd):
    np.testing.assert_allclose(petrograd.total.sum(axis=3), 0.0, atol=1e-12)


def test_the_shares_are_those_of_the_tables(petrograd):
    table = petrograd.m.group_shares()[list(petrograd.groups)]
    np.testing.assert_allclose(petrograd.share[-1], table, atol=1e-6)


def test_the_parts_of_every_attitude_add_up(petrograd):
    np.testing.assert_allclose(petrograd.part.sum(axis=1), petrograd.before, atol=terms.MOST_ROUNDING)


def test_one_persons_split_adds_up_to_that_persons_change(petrograd):
    i = petrograd.person
    e = np.exp(petrograd.before[i].astype(float))
    model = made(until="1917-02-23")
    first = np.exp(model.people.attitude[petrograd.rows[i]].astype(float))
    change = e / e.sum() - first / first.sum()
    np.testing.assert_allclose(np.sum(petrograd.told_of_person, axis=0).sum(axis=0), change, atol=1e-6)


@settings(max_examples=15, deadline=None)
@given(worlds)
def test_a_random_path_splits_exactly(w):
    """The difference of shares is the sum over terms, whatever the terms are."""
    w.attitude = (w.before_attitude + w.term_move.sum(axis=1)).astype(np.float32)
    w.term_move[:, 0] += w.attitude - (w.before_attitude + w.term_move.sum(axis=1))
    call("attitude_terms.split_shares", w)
    for c in range(w.cell_start.size - 1):
        rows = slice(w.cell_start[c], w.cell_start[c + 1])
        change = softmax(w.attitude[rows]) - softmax(w.before_attitude[rows])
        np.testing.assert_allclose(w.split[c].sum(axis=0), w.counted[rows] @ change, atol=2e-4)


@settings(max_examples=15, deadline=None)
@given(worlds)
def test_a_path_of_a_days_length_splits_to_one_in_a_million(w):
    w.term_move *= 0.1
    w.before_attitude = w.attitude.copy()
    w.attitude = (w.before_attitude + w.term_move.sum(axis=1)).astype(np.float32)
    w.term_move[:, 0] += w.attitude - (w.before_attitude + w.term_move.sum(axis=1))
    call("attitude_terms.split_shares", w)
    change = softmax(w.attitude) - softmax(w.before_attitude)
    by_cell = [w.counted[a:b] @ change[a:b] for a, b in zip(w.cell_start, w.cell_start[1:], strict=False)]
    np.testing.assert_allclose(w.split.sum(axis=1), by_cell, atol=1e-6)


@settings(max_examples=15, deadline=None)
@given(worlds)
def test_the_terms_are_the_twin_of_the_mechanisms(w):
    """A day of attitudes and assemblies moves every attitude as far as its terms say, on a random world."""
    w.standing = w.cell_terms.sum(axis=1).astype(np.float32)
    w.cell_terms[:, 0] += w.standing - w.cell_terms.sum(axis=1)
    w.shift = np.zeros_like(w.shift)
    w.demand_before, w.appealing_before = w.demand.copy(), w.appealing.copy()
    programme = np.einsum("nk,nkp->nkp", w.demand.astype(float), w.appealing[w.cell].astype(float))
    w.term_level[:] = 0.0
    w.term_level[:, : programme.shape[1]] = programme
    w.term_part[:, 0] += w.attitude - w.term_part.sum(axis=1)
    before, moving = copy(w), copy(w)
    call("attitudes.relax_attitudes", moving)
    call("attitude_terms.relax_terms", w)
    w.attitude = moving.attitude.copy()
    call("assemblies.pull_together", moving)
    call("attitude_terms.pull_terms", w)
    expected = moving.attitude.astype(float) - before.attitude
    np.testing.assert_allclose(w.term_move.sum(axis=1), expected, atol=2e-5)


def softmax(attitude):
    e = np.exp(attitude.astype(float) - attitude.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# --- a formula that has changed ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "name", "instead"),
    [
        ("assemblies", "pull_together", lambda start, weight, stubbornness, pull, attitude: None),
        ("attitudes", "relax_attitudes", lambda *columns: columns[-1].__iadd__(np.float32(0.01))),
    ],
)
def test_a_changed_formula_stops_the_run(monkeypatch, module, name, instead):
    monkeypatch.setattr(getattr(days, module), name, instead)
    with pytest.raises(PartsDoNotAddUp, match=r"attitude_terms\.py must say the same"):
        short(until="1917-03-30")


# --- what is switched off has no part ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "silent"),
    [
        ({"off": ["assemblies"]}, ["peers", "stubbornness"]),
        ({"off": ["blame"]}, ["blame"]),
        ({"off": ["credibility"], "events": "none"}, ["won", "lost"]),
        ({"off": ["demands"]}, [n for n in CHANNELS if n.startswith("grew/")]),
        ({"parameters": {"independence_weight": 0.0}}, ["independence"]),
        ({"parameters": {"soviet_issue_weight": 0.0}}, ["soviet_power"]),
        ({"parameters": {"assembly_pull": 0.0}}, ["peers", "stubbornness"]),
    ],
)
def test_a_channel_that_is_switched_off_moves_nobody(change, silent):
    nothing_happens = without_events().substance()["events"]
    scenario = changed(**change) if "events" not in change else changed(**change | {"events": nothing_happens})
    total = short(scenario, until="1917-03-08").total[-1]
    for name, i in AT.items():
        quiet = bool(np.all(total[:, i] == 0.0))
        assert quiet or name not in silent, name
    assert np.abs(total).max() > 1e-3


def test_nobody_moves_between_groups_and_taste_never_changes(petrograd):
    assert not petrograd.total[:, :, [AT["moved"], AT["taste"]]].any()


def test_who_moves_in_or_out_is_counted():
    """The term is reckoned: give one person of a group the weight of many, and the change of shares is in it."""
    model = made(until="1917-02-26")
    tracer = model.trace([("petrograd/vyborg", "worker")])
    model.run(until="1917-02-25")
    model.people.weight[tracer.rows[0]] *= 50.0
    model.step()
    total = tracer.total
    np.testing.assert_allclose(total[-1].sum(axis=1), tracer.share[-1] - tracer.share[0], atol=1e-12)
    assert np.abs(total[-1, :, AT["moved"]]).max() > 1e-4
    assert not total[-2, :, AT["moved"]].any()


# --- single causes ----------------------------------------------------------------------------------------------------


def test_causes_of_belief_add_up_to_belief_won_and_lost(petrograd):
    causes, now = petrograd.causes, petrograd.total[-1]
    of_belief = [e for (_, way), e in causes.keys.items() if way == "belief"]
    found = causes.sum[:, of_belief].sum(axis=1)
    np.testing.assert_allclose(found, now[:, AT["won"]] + now[:, AT["lost"]], atol=1e-9)
    named = {event for event, _ in causes.keys}
    assert OFFICE in named
    assert named - {OFFICE, DISAPPOINTED} <= set(petrograd.m.course.events)
    assert len(named) > 5


def test_a_shock_is_charged_with_the_demand_that_it_pressed():
    """One event strikes at bread; the difference to the run without it is what the split says it did."""
    strike = own_event(
        "bread_fails", "1917-02-26",
        {"hardship": {"demand": "bread", "size": "medium", "half_life": 30, "places": ["petrograd/*"],
                      "strata": ["worker"]}},
    )  # fmt: skip
    plain = short(without_events(), "1917-03-20")
    struck = short(without_events(strike), "1917-03-20", causes=True)
    p, of = PARTY["bolshevik"], struck.causes.keys["bread_fails", "demand"]
    told, real = struck.causes.sum[:, of, p], (struck.total - plain.total)[-1, :, AT["grew/bread"], p]
    there = np.abs(real) > 1e-5
    assert there.any()
    np.testing.assert_allclose(told[there], real[there], rtol=0.25)
    np.testing.assert_allclose(told.sum(), real.sum(), rtol=0.05)
    assert not told[~there].any()


# --- looking on changes nothing ---------------------------------------------------------------------------------------


def test_a_traced_run_is_the_same_run():
    plain = made(until="1917-03-15").run()
    model = made(until="1917-03-15")
    model.trace(causes=True, every=7)
    assert differences(plain.recorder.tables(), model.run().recorder.tables()) == []


def test_a_group_is_split_alike_alone_and_among_all():
    alone = short(until="1917-03-06")
    model = made(until="1917-03-06")
    everybody = model.trace()
    model.run()
    rows = [everybody.groups.index(g) for g in alone.groups]
    np.testing.assert_allclose(alone.total, everybody.total[:, rows], atol=1e-12)
    assert len(everybody.groups) == len(model.groups)


def test_a_run_that_has_begun_is_not_traced():
    model = made(until="1917-02-26")
    model.step()
    with pytest.raises(InputError, match="before its first day"):
        model.trace()


def test_kept_days_are_the_eve_every_so_many_days_and_the_last():
    tracer = short(until="1917-03-06", every=5)
    first = tracer.m.first
    assert tracer.days == [first - 1, first + 4, first + 9, tracer.m.last]
