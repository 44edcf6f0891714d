"""The kernels of sim/mechanisms against their uncompiled form, hand-written twins and the rules of the model."""

import importlib
import pkgutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_world import CALLS, NUMBERS, PARTY_AXIS, PARTY_VALUED, call, copy, live, world

from sim import mechanisms
from sim.mechanisms import action, credibility, soviet_power, war
from sim.society.cells import COLUMNS as CELL_COLUMNS
from sim.society.people import COLUMNS as PEOPLE_COLUMNS
from sim.words import kernels
from sim.words.curves import exp32, logistic32
from sim.words.identifiers import DEMAND, P

worlds = st.builds(world, st.integers(0, 2**32), st.integers(20, 60), st.integers(2, 8), st.booleans())
few = settings(max_examples=12, deadline=None)


def same(found, expected, rounding=2e-6):
    np.testing.assert_allclose(found, expected, rtol=rounding, atol=rounding)


# --- compiled, uncompiled, by hand ------------------------------------------------------------------------------------


def test_every_kernel_is_in_the_table():
    """A new kernel without a line in kernel_world.CALLS fails here."""
    found = set()
    for module in pkgutil.iter_modules(mechanisms.__path__):
        loaded = importlib.import_module(f"sim.mechanisms.{module.name}")
        for name, value in vars(loaded).items():
            if hasattr(value, "py_func") and value.py_func.__module__ == loaded.__name__:
                found.add(f"{module.name}.{name}")
    assert found == set(CALLS)


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=8, deadline=None)
@given(worlds)
def test_equals_its_uncompiled_form(name, w):
    compiled, uncompiled = call(name, copy(w)), call(name, copy(w), compiled=False)
    for column, before in vars(w).items():
        after = getattr(compiled, column)
        if column in CALLS[name][2]:
            same(after, getattr(uncompiled, column))
        else:
            np.testing.assert_array_equal(after, before, err_msg=f"{name} writes {column}")


@few
@given(worlds)
def test_attitudes_by_hand(w):
    """The utility of the module's docstring, in whole-array arithmetic of double precision."""
    programme = np.einsum("nk,nkp->np", w.demand.astype(float), w.appealing[w.cell].astype(float))
    independence = NUMBERS.independence * np.outer(w.consciousness, w.allied)
    agreement = NUMBERS.agreement * np.outer(2.0 * w.soviet_power - 1.0, w.soviet_stance)
    utility = w.standing[w.cell] + programme - independence + agreement + w.taste
    expected = w.attitude + NUMBERS.attitude_rate * (utility - w.attitude)
    same(call("attitudes.relax_attitudes", w).attitude, expected)


@few
@given(worlds)
def test_charge_by_hand(w):
    """What is unmet, seen and not laid on fate is split between office and the side of the soviets; the rest fades."""
    unmet = (w.cell_demand * (1.0 - w.policy)).mean(axis=1)
    charged = NUMBERS.blame_rate * (1.0 - w.blame_floor) * w.seen * unmet
    left = w.charge_left[:, None]
    split = (1.0 - left) * w.responsibility + left * w.soviet_side
    expected = w.blame * 2.0 ** (-1.0 / NUMBERS.blame_half_life) + charged[:, None] * split
    same(call("blame.charge", w).blame, expected)


def follow_by_hand(w, a):
    """Granovetter's cascade in one assembly, with a set of people: all of a round look at the same share."""
    follow, of_memory, of_cell = NUMBERS.muster
    members = range(w.assembly_start[a], w.assembly_start[a + 1])
    persons = sum(w.weight[i] for i in members)
    eased = of_cell * sum(w.weight[i] for i in members if w.member[i] >= 0) / persons
    out, share = set(), min(action.CIRCLE / w.real_size[a], 0.25)
    while True:
        lowered = {i: w.threshold[i] - follow * np.sqrt(w.readiness[i]) - of_memory * w.memory[i] for i in members}
        joined = {i for i in members if i not in out and lowered[i] < share + eased}
        if not joined:
            return out, share
        out |= joined
        share = max(share, sum(w.weight[i] for i in out) / persons)


@few
@given(worlds)
def test_who_would_follow_by_hand(w):
    call("action.muster", w)
    for a, (first, last) in enumerate(zip(w.assembly_start[:-1], w.assembly_start[1:], strict=True)):
        out, share = follow_by_hand(w, a)
        assert set(first + np.flatnonzero(w.acting[first:last])) == out
        weight, ready = w.weight[first:last], w.readiness[first:last]
        same(w.following[a], share)
        same(w.boldness[a], np.average(ready, weights=weight))
        card = (w.member[first:last] >= 0) * weight * ready
        same(w.led_by_party[a], card.sum() / (weight * ready).sum() if (weight * ready).sum() > 0.0 else 0.0)


def logistic(x):
    return 1.0 / (1.0 + np.exp(-np.asarray(x, dtype=float)))


@few
@given(worlds)
def test_demands_by_hand(w):
    pressed = np.minimum((w.push * w.hardship)[w.cell] * w.urgency[:, None].astype(float), 1.0)
    aim = (w.want + (1.0 - w.want) * pressed) * (1.0 - NUMBERS.relief * w.policy)
    expected = w.demand + NUMBERS.demand_rate * (aim - w.demand)
    same(call("demands.relax_demands", w).demand, expected)


@few
@given(worlds)
def test_reach_by_hand(w):
    spoken = np.einsum("cph,ch->cp", w.voice.astype(float) + w.opened, w.access) * (1.0 - w.silenced)
    told = np.zeros_like(spoken)
    for c, (first, last) in enumerate(zip(w.kin_start[:-1], w.kin_start[1:], strict=True)):
        told[c] = w.kin_weight[first:last] @ w.share[w.kin_cell[first:last]]
    same(call("reach.hear", w).reach, 1.0 - np.exp(-spoken - NUMBERS.kin_tie * told))


@few
@given(worlds)
def test_support_for_soviet_power_by_hand(w):
    distrust, refused, threat, following, split = NUMBERS.soviet
    lean = w.soviet_start + distrust * w.distrust - split * w.isolation
    followed = w.soviet_stance[w.followed]
    lean = lean[w.cell] + refused * w.refused[w.cell] * w.consciousness
    aim = logistic(lean + threat * w.demand[:, DEMAND["power"]] + following * followed)
    expected = w.soviet_power + NUMBERS.soviet_rate * (aim - w.soviet_power)
    same(call("soviet_power.relax_support", w).soviet_power, expected)


@few
@given(worlds)
def test_readiness_by_hand(w):
    base, grievance, efficacy, fear, insecurity, member, patience, honour = NUMBERS.steel
    afraid = w.fear + (w.fear_here[w.cell] - w.fear) / 3.0
    insecure = w.insecurity + (w.insecurity_here[w.cell] - w.insecurity) / 3.0
    felt = (w.demand.max(axis=1) + w.demand.mean(axis=1)) / 2.0 + w.outrage_here[w.cell]
    drive = base + grievance * felt * (1.0 - patience * w.patience_here[w.cell])
    drive -= fear * afraid * (1.0 - honour * w.consciousness)
    drive += efficacy * w.soviet_power * (0.5 + w.consciousness) - insecurity * insecure + member * (w.member >= 0)
    call("readiness.steel", w)
    same(w.fear, afraid)
    same(w.insecurity, insecure)
    same(w.readiness, logistic(drive))


@few
@given(worlds)
def test_credibility_in_office_by_hand(w):
    met = NUMBERS.delivery * w.policy * (1.0 - w.credibility)
    unmet = NUMBERS.failure * w.seen[:, None, None] * (1.0 - w.policy) * w.credibility
    expected = w.credibility + w.responsibility[:, None] * w.cell_demand[:, None, :] * (met - unmet)
    same(call("credibility.keep_or_break", w).credibility, expected)


def test_the_exponential_is_the_exponential():
    x = np.linspace(-87.0, 88.0, 20_001).astype(np.float32)
    same(np.array([exp32(v) for v in x]) / np.exp(x.astype(float)), 1.0, rounding=2e-7)
    same([exp32.py_func(v) / exp32(v) for v in x[::400]], 1.0, rounding=1e-7)
    assert exp32(np.float32(-1e30)) > 0.0 and np.isfinite(exp32(np.float32(1e30)))
    assert exp32(np.float32(0.0)) == 1.0
    same([logistic32(v) + logistic32(-v) for v in x[::100]], 1.0)


# --- bounds and conservation ------------------------------------------------------------------------------------------


@few
@given(worlds)
def test_days_of_kernels_keep_every_bound(w):
    live(w, days=5)
    for column in (*PEOPLE_COLUMNS, *CELL_COLUMNS):
        if column.kind == "state" and column.name in vars(w) and column.name != "acting":
            values = getattr(w, column.name)
            assert column.low <= values.min() and values.max() <= column.high, column.name
    assert w.seen.min() >= NUMBERS.clarity_floor - 1e-6 and w.seen.max() <= 1.0


@few
@given(worlds)
def test_shares_sum_to_one(w):
    w.attitude *= 20.0
    shares = call("attitudes.follow", w).shares
    assert shares.min() >= 0.0
    same(shares.sum(axis=1), 1.0)


@few
@given(worlds)
def test_a_mean_lies_among_its_people_and_keeps_their_sum(w):
    before = w.cell_demand.copy()
    means = call("demands.mean_by_cell", w).cell_demand
    for c, (first, last) in enumerate(zip(w.cell_start[:-1], w.cell_start[1:], strict=True)):
        if first == last:
            np.testing.assert_array_equal(means[c], before[c])
        else:
            same(means[c], np.average(w.demand[first:last], axis=0, weights=w.weight[first:last]))


@few
@given(worlds)
def test_no_more_come_out_than_there_are_and_whole_assemblies_do(w):
    for _ in range(5):
        call("action.rise", w)
        assert np.all(w.out.sum(axis=1) + w.spent <= w.copies + 1e-6)
        assert np.all(w.crowd.sum(axis=1) <= w.real_size * w.copies + 1e-6)
        assert np.all(w.out >= 0.0) and np.all(w.begun >= 0.0)
        same(w.starts, np.round(w.starts))


@few
@given(worlds)
def test_an_assembly_keeps_its_mean_and_never_drifts_apart(w):
    """With equal stubbornness the pull moves people, not their assembly's mean; spread inside shrinks."""
    w.stubbornness[:] = 0.25
    before = w.attitude.copy()
    after = call("assemblies.pull_together", w).attitude
    for first, last in zip(w.assembly_start[:-1], w.assembly_start[1:], strict=True):
        weights = w.weight[first:last]
        mean = np.average(before[first:last], axis=0, weights=weights)
        same(np.average(after[first:last], axis=0, weights=weights), mean, rounding=1e-5)
        assert np.all(np.ptp(after[first:last], axis=0) <= np.ptp(before[first:last], axis=0) + 1e-6)


# --- what must not matter ---------------------------------------------------------------------------------------------

PEOPLE = (
    "cell",
    "weight",
    "member",
    "luck",
    "acting",
    "urgency",
    "consciousness",
    "stubbornness",
    "memory",
    "threshold",
)
PEOPLE += ("soviet_power", "fear", "insecurity", "readiness", "want", "demand", "taste", "attitude", "shares")
PEOPLE += ("literate", "knows", "expects", "followed", "would")
PEOPLE += ("demand_before", "before_attitude", "counted", "term_level", "term_part", "term_move")


def within(starts, draw):
    """A permutation that moves rows only inside their slices."""
    return np.concatenate(
        [first + draw.permutation(last - first) for first, last in zip(starts[:-1], starts[1:], strict=True)]
    )


@few
@given(worlds, st.integers(0, 2**32))
def test_order_of_people_inside_cells_and_assemblies_is_irrelevant(w, seed):
    cuts = np.union1d(w.cell_start, w.assembly_start)
    order = within(cuts, np.random.default_rng(seed))
    moved = copy(w)
    for name in PEOPLE:
        setattr(moved, name, getattr(w, name)[order])
    live(w), live(moved)
    for name, value in vars(w).items():
        same(getattr(moved, name), value[order] if name in PEOPLE else value, rounding=1e-5)


@few
@given(worlds, st.permutations(range(P)))
def test_relabelled_parties_give_relabelled_results(w, order):
    """Rule 1: no kernel knows a party by its place on the axis."""
    order = np.array(order)
    renamed = copy(w)
    for name, axis in PARTY_AXIS.items():
        setattr(renamed, name, np.ascontiguousarray(np.take(getattr(w, name), order, axis=axis)))
    for name in PARTY_VALUED:
        setattr(renamed, name, np.append(np.argsort(order), -1)[getattr(w, name)].astype(np.int8))
    live(w), live(renamed)
    for name, value in vars(w).items():
        expected = np.take(value, order, axis=PARTY_AXIS[name]) if name in PARTY_AXIS else value
        if name in PARTY_VALUED:
            expected = np.append(np.argsort(order), -1)[value]
        same(getattr(renamed, name), expected, rounding=1e-5)


@few
@given(worlds, st.permutations(range(8)))
def test_cells_have_no_name(w, order):
    """Rule 1: people moved to a cell like their own, under another number, come to the same conclusions."""
    cells = w.cell_start.size - 1
    order = np.array([c for c in order if c < cells])
    number = np.argsort(order)
    renamed = copy(w)
    renamed.cell = number[w.cell].astype(np.int32)
    columns = ("hardship", "push", "standing", "appealing", "distrust", "refused", "isolation", "soviet_start")
    for name in (*columns, "fear_here"):
        setattr(renamed, name, np.ascontiguousarray(getattr(w, name)[order]))
    for name in ("insecurity_here", "outrage_here", "patience_here"):
        setattr(renamed, name, getattr(w, name)[order])
    for name in ("demands.relax_demands", "attitudes.relax_attitudes", "soviet_power.relax_support", "readiness.steel"):
        call(name, w), call(name, renamed)
        for column in CALLS[name][2]:
            np.testing.assert_array_equal(getattr(renamed, column), getattr(w, column))


@few
@given(worlds)
def test_how_many_real_people_a_row_stands_for_does_not_matter(w):
    """Rule 5: the same people at another weight decide the same."""
    heavier = copy(w)
    heavier.weight, heavier.cards = 8.0 * w.weight, 8.0 * w.cards
    live(w), live(heavier)
    for name in ("attitude", "soviet_power", "acting", "blame", "reach", "credibility"):
        np.testing.assert_array_equal(getattr(heavier, name), getattr(w, name))
    same(heavier.begun, w.begun)


# --- what the mechanisms claim ----------------------------------------------------------------------------------------


@few
@given(worlds)
def test_without_demand_nobody_is_blamed(w):
    w.cell_demand[:] = 0.0
    w.blame[:] = 0.0
    assert not call("blame.charge", w).blame.any()


@few
@given(worlds)
def test_blame_fades_by_half_in_its_half_life_and_falls_only_on_those_charged(w):
    before = w.blame.copy()
    clear = (w.responsibility == 0.0) & (w.soviet_side == 0.0)
    for _ in range(int(NUMBERS.blame_half_life)):
        call("blame.charge", w)
    same(w.blame[:, clear], 0.5 * before[:, clear], rounding=1e-4)
    assert np.all(w.blame >= 0.499 * before)


@few
@given(worlds)
def test_a_full_policy_leaves_nothing_to_charge(w):
    w.policy[:] = 1.0
    w.blame[:] = 0.0
    assert not call("blame.charge", w).blame.any()


@few
@given(worlds, st.integers(0, P - 1))
def test_a_louder_party_is_heard_more_and_nobody_else_less(w, party):
    quiet = call("reach.hear", copy(w)).reach
    w.voice[party] += np.float32(0.5)
    loud = call("reach.hear", w).reach
    others = np.arange(P) != party
    np.testing.assert_array_equal(loud[:, others], quiet[:, others])
    assert np.all(loud[:, party] >= quiet[:, party])
    if w.access.max() > 0 and w.silenced[:, party].max() < 1:
        hears = (w.access.max(axis=1) > 0) & (w.silenced[:, party] < 1) & (quiet[:, party] < 0.9)
        assert np.all(loud[hears, party] > quiet[hears, party])


@few
@given(worlds)
def test_repression_cuts_reach_but_not_what_kin_tell(w):
    w.silenced[:] = 0.0
    open_ = call("reach.hear", copy(w)).reach
    w.silenced[:] = 1.0
    w.access[:] *= np.float32(3.0)
    shut = call("reach.hear", w).reach
    assert np.all(shut <= open_)
    alone = np.diff(w.kin_start) == 0
    assert not shut[alone].any()


@few
@given(worlds)
def test_opposition_makes_responsibility_clearer_where_it_speaks_to_what_is_wanted(w):
    outside = np.flatnonzero(w.responsibility == 0.0)[:1]
    before = call("blame.clarity", copy(w)).seen
    w.reach[:, outside] = 1.0
    assert np.all(call("blame.clarity", copy(w)).seen >= before - 1e-6)
    w.stance[outside] = 1.0
    w.cell_demand += np.float32(0.1)
    if outside.size:
        same(call("blame.clarity", copy(w)).seen, 1.0)
    w.stance[:] = -1.0
    same(call("blame.clarity", w).seen, NUMBERS.clarity_floor)


@few
@given(worlds)
def test_a_promise_counts_as_far_as_it_is_believed_and_opposition_in_full(w):
    against = w.stance.T <= 0.0
    believed = call("attitudes.appeal", copy(w)).appealing
    w.credibility[:] = 0.0
    doubted = call("attitudes.appeal", w).appealing
    assert np.all(doubted <= believed)
    np.testing.assert_array_equal(doubted[:, against], believed[:, against])
    assert not doubted[:, ~against].any()
    same(doubted[:, against], np.broadcast_to(NUMBERS.programme * w.stance.T[against], doubted[:, against].shape))


@few
@given(worlds, st.floats(0.0, 0.6))
def test_more_readiness_never_fewer_followers(w, more):
    before = call("action.muster", copy(w)).acting
    w.readiness = np.minimum(w.readiness + np.float32(more), np.float32(1.0))
    assert np.all(call("action.muster", w).acting >= before)


@few
@given(worlds)
def test_lower_thresholds_memory_and_members_never_fewer_followers(w):
    before = call("action.muster", copy(w)).acting
    eager, remembering, organised = copy(w), copy(w), copy(w)
    eager.threshold *= np.float32(0.5)
    remembering.memory[:] = 1.0
    organised.member[:] = 0
    for other in (eager, remembering, organised):
        assert np.all(call("action.muster", other).acting >= before)


@few
@given(worlds)
def test_fear_and_insecurity_hold_back_what_grievance_drives(w):
    base = call("readiness.steel", copy(w)).readiness
    afraid, aggrieved = copy(w), copy(w)
    afraid.fear_here[:], afraid.insecurity_here[:] = 1.0, 1.0
    aggrieved.demand[:] = 1.0
    assert np.all(call("readiness.steel", afraid).readiness <= base)
    assert np.all(call("readiness.steel", aggrieved).readiness >= base)


@few
@given(worlds)
def test_hardship_raises_demands_and_policy_lowers_them(w):
    base = call("demands.relax_demands", copy(w)).demand
    harder, eased = copy(w), copy(w)
    harder.hardship[:], eased.policy[:] = 1.0, 1.0
    assert np.all(call("demands.relax_demands", harder).demand >= base)
    assert np.all(call("demands.relax_demands", eased).demand <= base)


@few
@given(worlds)
def test_only_those_in_office_are_judged_by_what_they_deliver(w):
    before = w.credibility.copy()
    out = w.responsibility == 0.0
    met, unmet = copy(w), copy(w)
    met.policy[:], unmet.policy[:] = 1.0, 0.0
    for judged in (call("credibility.keep_or_break", met), call("credibility.keep_or_break", unmet)):
        np.testing.assert_array_equal(judged.credibility[:, out], before[:, out])
    assert np.all(met.credibility >= before) and np.all(unmet.credibility <= before)


@few
@given(worlds)
def test_support_for_soviet_power_answers_to_its_causes(w):
    base = call("soviet_power.relax_support", copy(w)).soviet_power
    distrustful, isolated, threatened = copy(w), copy(w), copy(w)
    distrustful.distrust += np.float32(1.0)
    isolated.isolation[:] = 1.0
    refusing = copy(w)
    refusing.refused += np.float32(1.0)
    assert np.all(call("soviet_power.relax_support", refusing).soviet_power >= base)
    threatened.demand[:, DEMAND["power"]] = 1.0
    assert np.all(call("soviet_power.relax_support", distrustful).soviet_power >= base)
    assert np.all(call("soviet_power.relax_support", isolated).soviet_power <= base)
    assert np.all(call("soviet_power.relax_support", threatened).soviet_power >= base)


def test_attitudes_come_to_rest_at_the_utility():
    w = world(7)
    for _ in range(1500):
        call("attitudes.relax_attitudes", w)
    rest = w.attitude.copy()
    same(call("attitudes.relax_attitudes", w).attitude, rest, rounding=1e-5)
    w.attitude = np.zeros_like(rest)
    for _ in range(1500):
        call("attitudes.relax_attitudes", w)
    same(w.attitude, rest, rounding=1e-4)


# --- the rules that are plain functions -------------------------------------------------------------------------------


@few
@given(worlds, st.floats(-3.0, 3.0))
def test_warnings_move_belief_where_they_were_heard_and_keep_its_bounds(w, step):
    cells, parties = np.arange(w.reach.shape[0]), np.array([1, 4])
    before, reach_ = w.credibility.copy(), w.reach
    reach_[0] = 0.0
    credibility.bear_out(w.credibility, reach_, cells, parties, 2, step)
    assert w.credibility.min() >= 0.0 and w.credibility.max() <= 1.0
    same(w.credibility[0], before[0])
    change = w.credibility - before
    assert np.all(change[:, parties, 2] * np.sign(step) >= -1e-6)
    change[:, parties, 2] = 0.0
    assert not change.any()


@few
@given(worlds, st.floats(-3.0, 3.0))
def test_charges_touch_one_party_where_they_are_read_and_keep_bounds(w, step):
    cells = np.arange(w.reach.shape[0])
    before, heard = w.credibility.copy(), w.reach[:, 0].copy()
    heard[0] = 0.0
    credibility.accuse(w.credibility, heard, cells, 3, step)
    assert w.credibility.min() >= 0.0 and w.credibility.max() <= 1.0
    same(w.credibility[0], before[0])
    assert np.all((before - w.credibility)[:, 3] * np.sign(step) >= -1e-6)
    np.testing.assert_array_equal(np.delete(w.credibility, 3, axis=1), np.delete(before, 3, axis=1))


@few
@given(worlds)
def test_obedience_stays_in_bounds_and_falls_with_the_wish_for_peace(w):
    def after(peace):
        obedience = w.isolation.astype(float)
        for _ in range(30):
            war.relax_obedience(obedience, peace, w.distrust, np.zeros(peace.size), 3.0, 4.0, 1.5, 0.03)
        return obedience

    calm, tired = after(w.seen), after(np.ones_like(w.seen))
    assert 0.0 <= tired.min() and calm.max() <= 1.0
    assert np.all(tired <= calm + 1e-6)
    persons = np.ones(calm.size)
    assert 0.0 <= war.disorder(calm, persons) <= war.disorder(tired, persons) <= 1.0


# --- the cache ------------------------------------------------------------------------------------------------------


def test_kernels_are_compiled_anew_after_an_edit_in_a_file_that_they_call(tmp_path, monkeypatch):
    root = tmp_path / "sim"
    (root / "words").mkdir(parents=True)
    (root / "mechanisms").mkdir()
    caller, called = root / "mechanisms" / "a.py", root / "words" / "b.py"
    caller.write_text("from sim.words.b import f\nfrom sim.words.kernels import kernel\n")
    called.write_text("from sim.words.kernels import kernel\nfrom sim.words.c import K\n")
    (root / "words" / "c.py").write_text("K = 1\n")
    monkeypatch.setattr(kernels, "_ROOT", root)

    def now() -> str:
        kernels.fingerprint.cache_clear()
        return kernels.fingerprint(caller)

    first = now()
    assert now() == first
    called.write_text(called.read_text() + "# edited\n")
    second = now()
    assert second != first
    (root / "words" / "c.py").write_text("K = 2\n")
    assert now() not in (first, second)
    kernels.fingerprint.cache_clear()


def test_the_coalition_is_refused_while_others_share_in_power_and_time_has_run_out():
    """Pattern 2: what people hold against parties outside the soviets, as one side."""
    blame, outside = np.array([[0.2, 0.6, 0.4]], np.float32), np.array([0.0, 1.0, 1.0])

    def refused(office: list[float], patience: float = 0.0) -> float:
        return float(soviet_power.coalition(blame, outside, np.array(office), np.array([patience], np.float32))[0])

    assert refused([1.0, 0.0, 0.0]) == 0.0
    assert refused([0.0, 1.0, 0.0]) == pytest.approx(1.0, rel=1e-3)
    assert refused([0.8, 0.2, 0.0]) > 0.8 * refused([0.0, 1.0, 0.0]), "a few ministers are enough"
    assert refused([0.8, 0.2, 0.0], patience=0.5) == pytest.approx(0.5 * refused([0.8, 0.2, 0.0]))
