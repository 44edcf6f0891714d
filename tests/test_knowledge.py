"""What people know of their party and whom they expect to rule; what disappointment costs (H-17, D-130 to D-133)."""

from __future__ import annotations

import numpy as np
import pytest
from year_kit import changed, made, own_event, without_events

from sim.engine.model import Revolution
from sim.mechanisms.knowledge import count_beliefs, disappoint, learn, plurality
from sim.words.identifiers import DEMAND, PARTY, P

B, LEFT = PARTY["bolshevik"], PARTY["left_sr"]
F = np.float32


def lesson(
    *,
    reach: float = 0.8,
    literate: bool = True,
    acting: bool = False,
    card: int = -1,
    told: float = 0.9,
    knows: float = 0.2,
    expects: float = 0.5,
    rate: float = 0.01,
    forgetting: float = 0.005,
    aim: float = 0.0,
    days: float = 30.0,
    times: int = 1,
) -> tuple[float, float]:
    """What one Bolshevik follower knows and expects after a month of nothing else."""
    heard, said = np.zeros((1, P), F), np.zeros(P, F)
    heard[0, B], said[B] = reach, told
    known, hoped = np.array([knows], F), np.array([expects], F)
    for _ in range(times):
        learn(
            np.zeros(1, np.int32), np.array([B], np.int8), np.array([literate]), np.array([acting]),
            np.array([card], np.int8), heard, said, rate, 0.4, forgetting, aim, days, known, hoped,
        )  # fmt: skip
    return float(known[0]), float(hoped[0])


def test_hearing_reading_and_taking_part_teach() -> None:
    known = lesson()[0]
    assert lesson(reach=0.4)[0] < known
    assert lesson(literate=False)[0] < known
    assert lesson(acting=True)[0] > known and lesson(card=B)[0] == lesson(acting=True)[0]


def test_what_is_not_heard_again_is_forgotten_by_half_in_the_half_life() -> None:
    assert lesson(reach=0.0, knows=0.8, forgetting=np.log(2) / 30)[0] == pytest.approx(0.4, abs=1e-6)


def test_one_long_lesson_is_many_short_ones() -> None:
    assert lesson(days=70.0)[0] == pytest.approx(lesson(days=7.0, times=10)[0], abs=1e-5)
    assert lesson(days=70.0)[1] == pytest.approx(lesson(days=7.0, times=10)[1], abs=1e-5)


def test_one_expects_what_ones_party_says_and_less_for_knowing_it() -> None:
    """D-132: both readings are there; the lens `party_aim` moves between them."""
    said = dict(days=3_000.0, told=0.9)
    assert lesson(**said)[1] == pytest.approx(0.9, abs=1e-4)
    known, expected = lesson(aim=0.5, **said)
    assert expected == pytest.approx(0.9 * (1 - 0.5 * known), abs=1e-4)
    assert lesson(reach=0.0, expects=0.5)[1] == 0.5


def test_disappointment_is_what_supporters_expected_beyond_the_fact() -> None:
    start, weight = np.array([0, 2, 2, 3]), np.array([1.0, 3.0, 5.0])
    power, expects, found = np.array([1.0, 0.5, 0.8], F), np.array([0.9, 0.5, 0.1], F), np.full(3, np.nan)
    disappoint(start, weight, power, expects, 0.3, found)
    np.testing.assert_allclose(found, [(0.6 + 3 * 0.5 * 0.2) / 4, 0.0, 0.0], rtol=1e-6)


def test_beliefs_are_counted_by_the_party_followed_most() -> None:
    followed, counted = np.array([B, B, LEFT], np.int8), np.full((3, P), np.nan)
    knows, expects = np.array([0.5, 1.0, 0.3], F), np.array([0.0, 1.0, 0.6], F)
    count_beliefs(followed, np.array([3.0, 1.0, 2.0]), knows, expects, counted)
    np.testing.assert_allclose(counted[:, B], [4.0, 2.5, 1.0])
    np.testing.assert_allclose(counted[:, LEFT], [2.0, 0.6, 1.2], rtol=1e-6)
    assert counted.sum() == pytest.approx(11.3)


def test_plurality_counts_parties_by_their_weight() -> None:
    held = np.zeros(P)
    assert plurality(held) == 0.0
    held[B] = 1.0
    assert plurality(held) == 0.0
    held[LEFT] = 1.0
    assert plurality(held) == 1.0
    held[LEFT] = 3.0 / 7.0
    assert 0.5 < plurality(held) < 1.0


# --- in the model -----------------------------------------------------------------------------------------------------


def governed_by(composition: str, off: tuple[str, ...] = (), **parameters: float) -> Revolution:
    """A month in which everyone wants and expects soviets, then a cabinet in their name."""
    scenario = without_events(own_event("a_cabinet", "1917-03-03", {"office": {"cabinet": composition}}))
    model = made(changed_with(scenario, off, parameters), until="1917-04-10")
    model.run("1917-03-02")
    model.people.soviet_power[:] = 0.9
    model.people.expects_soviets[:] = 0.9
    model.parties.soviet_stance[[B, LEFT]] = 0.9
    for party in model.parties.agents:
        if party.index in (B, LEFT):
            party.line = 0.9
    return model.run()


def changed_with(scenario: object, off: tuple[str, ...], parameters: dict[str, float]) -> object:
    part = scenario.substance()  # type: ignore[attr-defined]
    return changed(part["events"], off=["party_levels", "soviet_power", *off], parameters=parameters)


def belief_on_power(model: Revolution) -> float:
    return float(np.average(model.cells.credibility[:, B, DEMAND["power"]], weights=model.cells.persons))


@pytest.fixture(scope="module")
def alone() -> Revolution:
    return governed_by("sovnarkom", disappointment_rate=0.05)


def test_a_cabinet_of_one_party_disappoints_those_who_expected_more(alone: Revolution) -> None:
    kept = governed_by("sovnarkom", disappointment_rate=0.0)
    assert alone.party_life.disappointed.max() > 0.0
    assert belief_on_power(alone) < belief_on_power(kept) - 0.005
    others = [d for name, d in DEMAND.items() if name != "power"]
    assert np.abs(alone.cells.credibility[:, B][:, others] - kept.cells.credibility[:, B][:, others]).max() < 0.02


def test_two_parties_disappoint_less_than_one(alone: Revolution) -> None:
    together = governed_by("sovnarkom_left_sr", disappointment_rate=0.05)
    weights = alone.cells.persons
    assert np.average(together.party_life.disappointed, weights=weights) < np.average(
        alone.party_life.disappointed, weights=weights
    )


def test_a_cabinet_in_nobodys_name_disappoints_nobody() -> None:
    model = governed_by("first_coalition", disappointment_rate=0.05)
    assert not model.party_life.disappointed.any()
    assert np.isnan(model.party_life.before).all()


def test_expectation_comes_to_terms_with_the_fact(alone: Revolution) -> None:
    assert alone.people.expects_soviets.mean() < 0.9
    knows, expects = alone.party_life.before_october()
    assert expects[B] > alone.party_life.followers_know()[1, B]
    assert 0.0 < knows[B] < 1.0


def test_the_outcome_is_the_share_of_followers_who_knew() -> None:
    model = made(until="1917-04-10").run()
    knows, expects = model.party_life.followers_know()
    table = model.recorder.tables()["outcomes"]
    told = dict(zip(table["measure"].tolist(), table["value"].tolist(), strict=True))
    assert told["bolshevik_followers_who_know"] == pytest.approx(knows[B])
    assert told["bolshevik_followers_who_expect_soviets"] == pytest.approx(expects[B])
    theirs = model.people.attitude.argmax(axis=1) == B
    assert knows[B] == pytest.approx(np.average(model.people.knows[theirs], weights=model.people.weight[theirs]))


def test_knowledge_touches_no_allegiance_before_a_cabinet_stands_in_the_soviets_name() -> None:
    on, off = made(until="1917-05-01").run(), made(changed(off=["knowledge"]), until="1917-05-01").run()
    np.testing.assert_array_equal(on.people.attitude, off.people.attitude)
    assert on.people.knows.mean() > 0.05 and not off.people.knows.any()


def test_a_run_taken_up_again_keeps_members_lines_and_beliefs() -> None:
    whole = made(until="1917-04-20").run()
    half = Revolution.restore(made(until="1917-04-20").run("1917-04-02").checkpoint()).run()
    for name in ("knows", "expects_soviets", "member"):
        np.testing.assert_array_equal(getattr(whole.people, name), getattr(half.people, name))
    np.testing.assert_array_equal(whole.party_life.members, half.party_life.members)
    np.testing.assert_array_equal(whole.parties.soviet_stance, half.parties.soviet_stance)
