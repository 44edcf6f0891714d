"""How events act: each kind of effect touches what it may and nothing else, news travels, charges rebound."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from year_kit import changed, changed_parts, day, made, own_event

from sim.engine.model import Revolution
from sim.history import acting
from sim.history.catalogue import events, warnings
from sim.inputs.effects import EFFECTS, Effect, parse_effects
from sim.inputs.parameters import Parameters
from sim.society.places import matching
from sim.words.errors import InputError
from sim.words.identifiers import CHANNEL, DEMAND, PARTY, STRATUM

#: One warning of the catalogue that was given before June.
WARNING = min(warnings().values(), key=lambda w: min(v.date for v in w.by)).id
WHERE = {"strata": ["worker"], "places": ["petrograd"], "size": "medium", "half_life": 20}


def _where(**details: Any) -> dict[str, Any]:
    return {k: v for k, v in (WHERE | details).items() if v is not None}


#: Kind -> (an example, the parts of the state that it may touch, as they stand in a checkpoint).
MAY_TOUCH: dict[str, tuple[dict[str, Any], set[str]]] = {
    "hardship": (_where(demand="bread"), {"/shocks/hardship@20.0"}),
    "relief": (_where(demand="bread"), {"/shocks/hardship@20.0"}),
    "fear": (WHERE, {"/shocks/fear@20.0"}),
    "insecurity": (WHERE, {"/shocks/insecurity@20.0"}),
    "bears_out": ({"warning": WARNING, "size": "large"}, {"/cells/credibility"}),
    "refutes": ({"warning": WARNING, "size": "large"}, {"/cells/credibility"}),
    "office": ({"cabinet": "directory"}, {"/government/id", "/government/policy", "/government/props"}),
    "office_support": ({"body": "moscow_soviet", "supports": True}, {"/government/props"}),
    "policy": ({"demand": "land", "level": 0.77}, {"/government/policy"}),
    "repression": (_where(strata=None, party="bolshevik"), {"/shocks/silenced@20.0"}),
    "press": (_where(strata=None, party="kadet", channel="office"), {"/shocks/opened@20.0"}),
    "accusation": (
        {"charge": "of_the_test", "against": "menshevik", "size": "medium"},
        {"/cells/credibility", "/stage/against/of_the_test", "/stage/loss/of_the_test"},
    ),
    "exposure": ({"charge": "made_before"}, {"/cells/credibility", "/stage/loss/made_before"}),
    "shooting": (
        {"shooter": "rump_july", "crowd": ["worker"], "places": ["petrograd"], "deaths": [40, 200]},
        {"/shocks/fear@30.0", "/shocks/hardship@60.0", "/shocks/outrage@7.0", "/stage/deaths"},
    ),
    "discipline": (_where(strata=None, places=["fronts"], direction="down"), {"/shocks/discipline@20.0"}),
    "supply": (_where(strata=None, series="goods", direction="down"), {"/shocks/hardship@20.0"}),
    "closures": (
        {"places": ["petrograd"], "persons": 30000, "cause": "fuel"},
        {"/shocks/hardship@60.0", "/shocks/insecurity@60.0"},
    ),
    "arms": (
        {"strata": ["worker"], "places": ["petrograd/vyborg"], "persons": [1000, 2000]},
        {"/stage/armed/petrograd/vyborg"},
    ),
    "pledge": ({"pledge": "garrison_stays", "kept": False}, {"/shocks/hardship@30.0"}),
    "information": (
        {"channel": "village", "places": ["*/villages"], "factor": 0.5, "half_life": 20},
        {"/shocks/channel@20.0"},
    ),
    "convene": ({"body": "second_congress"}, {"/called"}),
    "dissolve": ({"body": "pre_parliament"}, {"/chamber/closed"}),
    "elect": ({"election": "moscow_duma"}, {"/called"}),
    "season": ({"name": "frost", "series": "bread", "factor": 0.8, "half_life": 20}, {"/stage/seasons"}),
}
#: What people conclude. No effect may reach any of it (rule 1).
CONCLUSIONS = ("/people/", "/cells/share", "/cells/soviet_power", "/cells/blame", "/cells/reach", "/cells/demand")


def effect(kind: str, **details: Any) -> Effect:
    return parse_effects([{kind: details}])[0]


@pytest.fixture(scope="module")
def june() -> bytes:
    """A day on which voices are heard, on which no shock of the test's half-lives has struck yet."""
    model = made(changed({"add": [CHARGE]})).run("1917-06-01")
    return model.checkpoint()


CHARGE = own_event(
    "a_charge", "1917-05-20", {"accusation": {"charge": "made_before", "against": "sr", "size": "small"}}
)


@pytest.fixture
def model(june: bytes) -> Revolution:
    restored = Revolution.restore(june)
    restored.stage.day = restored.day
    return restored


def state(model: Revolution) -> dict[str, Any]:
    return {**model.state(), "called": list(model.chamber.called)}


def touched(model: Revolution, what: Effect) -> set[str]:
    """Parts of the state that an effect changes."""
    before = state(model)
    acting.act(model.stage, what)
    return changed_parts(before, state(model))


def test_the_table_has_every_kind() -> None:
    assert set(MAY_TOUCH) == set(EFFECTS)


@pytest.mark.parametrize("kind", MAY_TOUCH)
def test_an_effect_touches_what_it_may_and_nothing_else(kind: str, model: Revolution) -> None:
    example, may = MAY_TOUCH[kind]
    found = touched(model, effect(kind, **example))
    assert found == may
    assert not any(part.startswith(CONCLUSIONS) for part in found)


def test_an_effect_that_reached_a_conclusion_would_be_seen(model: Revolution, monkeypatch: pytest.MonkeyPatch) -> None:
    def adds_to_a_share(stage: acting.Stage, e: Effect, listeners: np.ndarray) -> None:
        stage.cells.share[:, PARTY["bolshevik"]] += 0.01

    monkeypatch.setitem(acting._ACTS, "fear", adds_to_a_share)  # type: ignore[arg-type]
    assert touched(model, effect("fear", **WHERE)) == {"/cells/share"}


def test_the_part_of_the_world_that_effects_are_handed_has_no_people_in_it(model: Revolution) -> None:
    held = set(vars(model.stage))
    assert "people" not in held and "society" not in held and "model" not in held
    assert not [name for name in vars(model.stage.cells) if name in ("attitude", "taste")]


# --- where and how much ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["small", "medium", "large"])
def test_each_size_is_a_parameter(size: str, june: bytes) -> None:
    model = Revolution.restore(june)
    values = {"event_small": 0.04, "event_medium": 0.11, "event_large": 0.66}
    model.stage.parameters = Parameters().having(**values)
    assert model.stage.size(size) == values[f"event_{size}"]
    acting.act(model.stage, effect("fear", **_where(size=size, half_life=19)))
    assert model.shocks.state()["fear@19.0"].max() == values[f"event_{size}"]


def test_a_measured_size_is_an_error_message_not_a_crash(model: Revolution) -> None:
    measured = effect("fear", **_where(size={"measured": "S158"}))
    with pytest.raises(InputError, match=r"no magnitude for the size.*S158.*Expected small, medium or large"):
        acting.act(model.stage, measured)
    used = [e.id for e in events().values() for x in e.effects if not isinstance(getattr(x, "size", ""), str)]
    assert used == [], "an event of the catalogue now needs measured sizes: give them a documented conversion"


def cells_of(model: Revolution, places: list[str], strata: list[str]) -> np.ndarray:
    wanted = {place for pattern in places for place in matching(pattern)}
    codes = {STRATUM[s] for s in strata}
    return np.array(
        [p in wanted and int(s) in codes for p, s in zip(model.cells.place, model.cells.stratum, strict=True)]
    )


@pytest.mark.parametrize(
    ("places", "strata"),
    [(["petrograd/vyborg"], ["worker"]), (["*/garrisons", "fronts"], ["soldier"]), (["volga"], ["peasant", "middle"])],
)
def test_a_shock_strikes_the_cells_it_names(places: list[str], strata: list[str], model: Revolution) -> None:
    acting.act(model.stage, effect("insecurity", **_where(places=places, strata=strata, half_life=19)))
    struck = model.shocks.state()["insecurity@19.0"] > 0
    assert struck.any() and (struck == cells_of(model, places, strata)).all()


def test_directions_and_series_have_their_signs(model: Revolution) -> None:
    before = model.shocks.total("hardship").copy()
    down = _where(strata=None, series="fuel", direction="down")
    acting.act(model.stage, effect("supply", **down))
    change = model.shocks.total("hardship") - before
    here = cells_of(model, ["petrograd"], ["worker"])
    assert (change[here, DEMAND["work"]] > 0).all() and np.count_nonzero(change.sum(axis=0)) == 1
    acting.act(model.stage, effect("supply", **(down | {"direction": "up"})))
    assert model.shocks.total("hardship") == pytest.approx(before)
    for kept, sign in ((False, 1), (True, -1)):
        before = model.shocks.total("hardship").copy()
        acting.act(model.stage, effect("pledge", pledge="garrison_stays", kept=kept))
        change = (model.shocks.total("hardship") - before)[cells_of(model, ["petrograd/garrison"], ["soldier"])]
        assert (sign * change[:, DEMAND["peace"]] > 0).all()


def test_news_held_up_and_news_let_through_cancel(model: Revolution) -> None:
    before = model.shocks.total("channel").copy()
    details = {"channel": "village", "places": ["all"], "half_life": 19}
    acting.act(model.stage, effect("information", factor=0.5, **details))
    change = model.shocks.total("channel") - before
    assert change[:, CHANNEL["village"]] == pytest.approx(math.log(0.5))
    assert np.count_nonzero(change.sum(axis=0)) == 1
    acting.act(model.stage, effect("information", factor=2.0, **details))
    assert model.shocks.total("channel") == pytest.approx(before)


def test_one_rule_for_whoever_shoots_and_more_deaths_weigh_more(june: bytes) -> None:
    fear = []
    for shooter, deaths in (("rump_july", [4, 6]), ("red_guards", [4, 6]), ("rump_july", [400, 600])):
        model = Revolution.restore(june)
        before = model.shocks.total("fear").copy()
        shot = effect("shooting", shooter=shooter, crowd=["worker"], places=["petrograd"], deaths=deaths)
        acting.act(model.stage, shot)
        fear.append((model.shocks.total("fear") - before).max())
        assert model.stage.deaths_high - model.stage.deaths_low >= deaths[1] - deaths[0]
    assert fear[0] == fear[1] < fear[2] <= 0.7


def test_closures_where_nobody_works_in_plants_close_nothing(model: Revolution) -> None:
    assert touched(model, effect("closures", places=["northern_front"], persons=5000, cause="fuel")) == set()


def test_office_falls_to_who_takes_it_at_once_and_to_blame_only_with_time(model: Revolution) -> None:
    perceived = model.government.perceived.copy()
    acting.act(model.stage, effect("office", cabinet="directory"))
    assert model.government.id == "directory"
    assert (model.government.perceived == perceived).all()
    model.run("1917-06-30")
    assert np.abs(model.government.perceived - perceived).max() > 0.01


def test_a_body_that_was_closed_answers_for_nothing_until_it_is_called_again(model: Revolution) -> None:
    model.run("1917-06-09")
    assert "petrograd_soviet" in model.chamber.seats()
    acting.act(model.stage, effect("dissolve", body="petrograd_soviet"))
    assert "petrograd_soviet" not in model.chamber.seats()
    acting.act(model.stage, effect("convene", body="petrograd_soviet"))
    assert "petrograd_soviet" in model.chamber.seats()


# --- news -----------------------------------------------------------------------------------------------------------

ALARM = own_event(
    "alarm", "1917-03-20", {"fear": {"strata": "all", "places": ["all"], "size": "large", "half_life": 211}}
)


def test_news_arrives_after_the_delay_of_each_cell() -> None:
    model = made(changed({"add": [ALARM]})).run("1917-03-19")
    delay = model.cells.wire_delay
    assert len(np.unique(delay)) >= 3
    for days in range(25):
        model.step()
        heard = model.shocks.state().get("fear@211.0", np.zeros(model.cells.n)) > 0
        assert (heard == (delay <= days)).all(), f"day {days}"
    assert heard.all() and not [n for n in model.news if n[1] == "alarm"]


def test_news_that_arrives_later_is_as_strong_where_it_arrives() -> None:
    model = made(changed({"add": [ALARM]})).run("1917-03-20")
    for when in np.unique(model.cells.wire_delay):
        model.run(_date(day("1917-03-20") + int(when)))
        here = model.cells.wire_delay == when
        assert model.shocks.state()["fear@211.0"][here] == pytest.approx(Parameters().event_large)


def _date(number: int) -> Any:
    from sim.words.calendar import date_of

    return date_of(number)


SLANDER = {"charge": "german_money", "against": "bolshevik", "by": "office", "size": "large"}
LIBEL = own_event("charge", "1917-03-20", {"accusation": SLANDER})


def test_the_wire_says_that_a_thing_happened_and_print_makes_the_case() -> None:
    """An alarm is known in every town next day; a charge against a party comes with the papers, and not before them."""
    model = made(changed({"add": [LIBEL]})).run("1917-03-19")
    by_print, by_wire = model.cells.print_delay, model.cells.wire_delay
    waiting = 0
    for days in range(12):
        model.step()
        lost = model.stage.charges.loss["german_money"] > 0
        assert lost.any() and (by_print[lost] <= days).all()
        waiting += np.count_nonzero(~lost & (by_wire <= days) & (by_print <= 11))
    assert waiting and (by_print[lost] > by_wire[lost]).any()


def test_what_people_suffer_strikes_at_once() -> None:
    hunger = own_event(
        "hunger",
        "1917-03-20",
        {"hardship": {"demand": "bread", "strata": "all", "places": ["all"], "size": "large", "half_life": 211}},
    )
    model = made(changed({"add": [hunger]})).run("1917-03-20")
    assert (model.shocks.state()["hardship@211.0"][:, DEMAND["bread"]] > 0).all()
    assert not [n for n in model.news if n[1] == "hunger"]


def test_news_under_way_survives_a_checkpoint() -> None:
    whole = made(changed({"add": [ALARM]})).run("1917-03-22")
    again = Revolution.restore(whole.checkpoint())
    assert again.news == whole.news and again.news
    assert changed_parts(whole.run("1917-04-12").state(), again.run("1917-04-12").state()) == set()


# --- warnings and charges -------------------------------------------------------------------------------------------


def test_only_those_who_had_given_the_warning_gain_and_only_where_they_are_heard(model: Revolution) -> None:
    warning = model.stage.warnings[WARNING]
    gave = {PARTY[v.party] for v in warning.by if day(v.date.isoformat()) <= model.day}
    k = DEMAND[warning.demand]
    deaf = 7
    model.cells.reach[deaf] = 0.0
    before = model.cells.credibility.copy()
    acting.act(model.stage, effect("bears_out", warning=WARNING, size="large"))
    gain = model.cells.credibility - before
    assert {int(p) for p in np.flatnonzero(np.abs(gain).sum(axis=(0, 2)))} == gave
    assert set(np.flatnonzero(np.abs(gain).sum(axis=(0, 1)))) == {k}
    assert (gain >= 0).all() and (gain[deaf] == 0).all()
    party = next(iter(gave))
    loud, quiet = model.cells.reach[:, party].argmax(), deaf
    gap = 1.0 - before[:, party, k]
    assert gain[loud, party, k] / gap[loud] > gain[quiet, party, k] / gap[quiet]
    acting.act(model.stage, effect("refutes", warning=WARNING, size="large"))
    assert (model.cells.credibility[:, party, k] <= before[:, party, k] + gain[:, party, k] + 1e-7).all()


def test_a_warning_not_yet_given_earns_nothing(june: bytes) -> None:
    late = [w for w in warnings().values() if min(day(v.date.isoformat()) for v in w.by) > day("1917-06-01")]
    assert late
    model = Revolution.restore(june)
    model.stage.day = model.day
    assert touched(model, effect("bears_out", warning=late[0].id, size="large")) == set()


def test_a_charge_costs_belief_and_its_exposure_gives_more_back(model: Revolution) -> None:
    party, rebound = PARTY["menshevik"], model.parameters.exposure_rebound
    believed = [model.cells.credibility[:, party].copy()]
    for kind, details in (
        ("accusation", {"charge": "of_the_test", "against": "menshevik", "size": "large"}),
        ("exposure", {"charge": "of_the_test"}),
        ("exposure", {"charge": "of_the_test"}),
    ):
        acting.act(model.stage, effect(kind, **details))
        believed.append(model.cells.credibility[:, party].copy())
    before, charged, exposed, again = believed
    loss = -np.log(charged / before)[:, 0]
    assert (loss >= 0).all() and loss.max() > 0.01
    expected = np.minimum(before * np.exp(rebound * loss)[:, None], 1.0)
    assert exposed == pytest.approx(expected, rel=1e-5)
    assert (exposed[loss > 0.01] > before[loss > 0.01]).all()
    assert (again == exposed).all(), "a charge is exposed once"


def test_a_charge_that_was_never_made_can_not_be_exposed(model: Revolution) -> None:
    assert touched(model, effect("exposure", charge="unheard_of")) == set()


def test_without_the_july_days_the_charge_and_its_exposure_leave_no_trace() -> None:
    model = made(changed({"remove": ["july_days"]})).run("1917-10-10")
    assert "german_money" not in model.stage.charges.loss
    history = made().run("1917-08-01")
    assert history.stage.charges.loss["german_money"].max() > 0.01
    history.run("1917-10-10")
    assert history.stage.charges.loss["german_money"].max() == pytest.approx(0.0), "exposed in September"
