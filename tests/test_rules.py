"""Rules 1 to 4 of the model on whole runs, each with a proof that its test would fail if the rule were broken.

Kernels are tested alone in test_kernels.py; here the chain from data to shares is.
"""

from __future__ import annotations

import pickle
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from year_kit import Tables, as_bytes, changed, changed_parts, day, differences, made, own_event, without_events

from sim.engine import chamber
from sim.engine import model as engine
from sim.engine.model import Revolution
from sim.history.catalogue import events
from sim.inputs.parameters import Parameters
from sim.inputs.scenario import load_scenario
from sim.politics import party_system
from sim.society import sampling
from sim.society.cells import Cells
from sim.society.people import People
from sim.words.calendar import date_of
from sim.words.draws import Stream
from sim.words.errors import InputError
from sim.words.identifiers import PARTIES, PARTY, P

#: A government that soviets prop up, so that blame and the seats of soviets have somebody to fall on.
CABINET = own_event(
    "a_cabinet",
    "1917-02-24",
    {"office": {"cabinet": "first_coalition"}},
    {"office_support": {"body": "petrograd_soviet", "supports": True}},
)


def a_few(examples: int) -> settings:
    """Whole runs: few examples, as long as they take, and no search for a smaller one."""
    return settings(max_examples=examples, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))


Leak = Callable[[Revolution], None]


def with_leak(model: Revolution, leak: Leak | None) -> Revolution:
    """The model, with a breach of rule 1 after the attitudes of each day."""
    if leak is not None:
        phases = model._day.phases
        phases.insert([name for name, _ in phases].index("attitudes") + 1, ("leak", lambda: leak(model)))
    return model


# --- rule 1: a party is only what it says, who hears it and what it answers for ---------------------------------------


def relabel(patch: pytest.MonkeyPatch, order: list[int]) -> None:
    """Exchange the parties' names wherever data give them: party ``i`` becomes party ``order[i]``.

    Programmes, voices, starts and second choices; cabinets; founders of soviets; the draws of taste.
    """
    name = {PARTIES[i]: PARTIES[order[i]] for i in range(P)}
    source = {order[i]: i for i in range(P)}

    def renamed(weights: dict[str, float]) -> dict[str, float]:
        return {name[party]: weight for party, weight in weights.items()}

    data = [p.model_copy(update={"id": name[p.id], "second": renamed(p.second)}) for p in party_system.parties()]
    parties = tuple(sorted(data, key=lambda p: PARTY[p.id]))
    cabinets = {c.id: c.model_copy(update={"composition": renamed(c.composition)}) for c in engine.cabinets().values()}
    rules, standing = chamber.bodies(), []
    for body in rules.bodies:
        if body.founders is not None:
            founders = body.founders.model_copy(update={"parties": renamed(body.founders.parties)})
            body = body.model_copy(update={"founders": founders})
        standing.append(body)
    rules = rules.model_copy(update={"bodies": tuple(standing)})
    normals = sampling.stratified_normals

    def draws(seed: int, stream: int, persons: np.ndarray, strata: np.ndarray) -> np.ndarray:
        party = stream - Stream.TASTE
        return normals(seed, Stream.TASTE + source[party] if 0 <= party < P else stream, persons, strata)

    patch.setattr(party_system, "parties", lambda: parties)
    patch.setattr(engine, "cabinets", lambda: cabinets)
    patch.setattr(chamber, "bodies", lambda: rules)
    patch.setattr(sampling, "stratified_normals", draws)


def shares_after_60_days(leak: Leak | None = None) -> np.ndarray:
    return with_leak(made(without_events(CABINET)), leak).run("1917-04-23").group_shares()


@pytest.fixture(scope="module")
def unlabelled_shares() -> np.ndarray:
    return shares_after_60_days()


ORDERS = {"reversed": [*range(P - 2, -1, -1), P - 1], "turned": [*range(1, P - 1), 0, P - 1]}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_relabelled_parties_give_relabelled_shares(
    order: list[int], unlabelled_shares: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PARTIES[order[PARTY["unaligned"]]] == "unaligned"
    relabel(monkeypatch, order)
    found = shares_after_60_days()
    assert np.abs(found[:, order] - unlabelled_shares).max() < 1e-5
    assert np.abs(found - unlabelled_shares).max() > 0.1, "the labels made no difference at all: nothing was permuted"


def test_relabelling_catches_a_constant_for_a_party(monkeypatch: pytest.MonkeyPatch) -> None:
    def leak(model: Revolution) -> None:
        model.people.attitude[:, PARTY["bolshevik"]] += np.float32(0.001)

    usual = shares_after_60_days(leak)
    relabel(monkeypatch, ORDERS["reversed"])
    assert np.abs(shares_after_60_days(leak)[:, ORDERS["reversed"]] - usual).max() > 1e-4


# --- rule 1: a place is only what can be measured of it ---------------------------------------------------------------


def make_alike(model: Revolution, one: str, other: str) -> None:
    """Give ``other`` the cells, people, ties and forcing of ``one``."""
    society = model.society
    at = {key: g for g, key in enumerate(society.groups)}
    source = np.arange(model.cells.n)
    for stratum in ("worker", "soldier", "sailor", "peasant", "middle", "propertied"):
        if (one, stratum) not in at:
            continue
        first, second = model.groups[at[one, stratum]], model.groups[at[other, stratum]]
        here, there = (np.flatnonzero(society.group_of_cell == g.index) for g in (first, second))
        assert here.size == there.size and first.n == second.n, "choose two places with as many cells and people"
        source[there] = here
        for column in People.COLUMNS:
            if column.kind != "place" or column.name == "weight":
                getattr(model.people, column.name)[second.rows] = getattr(model.people, column.name)[first.rows]
    for column in Cells.COLUMNS:
        values = getattr(model.cells, column.name)
        values[:] = values[source]
    start, kin = society.kin.start, society.kin
    rows = [np.arange(start[c], start[c + 1]) for c in source]
    flat = np.concatenate(rows)
    ends = np.cumsum([0, *(r.size for r in rows)]).astype(np.int64)
    columns = {name: getattr(kin, name)[flat].copy() for name in ("cell", "weight", "heard")}
    tied = replace(kin, start=ends, **columns)
    model.society = replace(society, kin=tied)
    felt = model._day.pressing
    model._day.pressing = replace(felt, index=felt.index[source].copy(), scale=felt.scale[source].copy())


def gap_between(one: str, other: str, leak: Leak | None = None) -> float:
    """Largest difference of shares between two places made alike, after 100 days without assemblies' pull."""
    scenario = without_events(CABINET)
    scenario = scenario.model_copy(update={"parameters": {"assembly_pull": 0.0}})
    model = with_leak(made(scenario), leak)
    make_alike(model, one, other)
    shares = model.run(date_of(99)).group_shares()
    at = {key: g for g, key in enumerate(model.society.groups)}
    pairs = [(at[key], at[other, key[1]]) for key in at if key[0] == one]
    assert pairs
    return max(float(np.abs(shares[a] - shares[b]).max()) for a, b in pairs)


ALIKE = [
    ("petrograd/narva", "moscow/city"),
    ("volga/villages", "south/villages"),
    ("northern_front", "western_front"),
    ("baltic_fleet", "black_sea_fleet"),
    ("volga/garrisons", "black_earth/garrisons"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_places_alike_in_what_can_be_measured_have_the_same_shares(one: str, other: str) -> None:
    assert gap_between(one, other) < 1e-5


def test_places_alike_catches_a_constant_for_a_place_and_a_party() -> None:
    def leak(model: Revolution) -> None:
        there = np.array([place == "moscow/city" for place in model.cells.place])[model.people.cell]
        model.people.attitude[there, PARTY["bolshevik"]] += np.float32(0.001)

    assert gap_between("petrograd/narva", "moscow/city", leak) > 1e-4


def test_places_alike_catches_a_constant_in_credibility() -> None:
    def leak(model: Revolution) -> None:
        there = np.array([place == "moscow/city" for place in model.cells.place])
        model.cells.credibility[there, PARTY["sr"]] = 0.9

    assert gap_between("petrograd/narva", "moscow/city", leak) > 1e-4


# --- placebo and removal: nothing before the point of divergence ------------------------------------------------------


SPRING = "1917-05-15"


@pytest.fixture(scope="module")
def history() -> Tables:
    return made().run().recorder.tables()


@pytest.fixture(scope="module")
def spring() -> Tables:
    return made(until=SPRING).run().recorder.tables()


def test_a_scenario_without_a_change_of_substance_gives_the_same_bytes(history: Tables, tmp_path: Path) -> None:
    path = tmp_path / "placebo.yaml"
    path.write_text(
        "extends: historical\ntitle: Another title\nquestion: What if nothing changed?\nkind: mechanism_probe\n"
        "sources: [nobody]\ncard: {changed: Nothing., cannot_say: Anything.}\n",
        encoding="utf-8",
    )
    assert differences(history, made(load_scenario(path)).run().recorder.tables()) == []


def test_a_small_change_of_substance_does_not(spring: Tables) -> None:
    usual = Parameters().blame_rate
    tables = made(changed(parameters={"blame_rate": usual * 1.001}), until=SPRING).run().recorder.tables()
    assert ("allegiance", "share") in differences(spring, tables)


REMOVABLE = [e.id for e in events().values() if day("1917-04-01") < day(e.date.isoformat()) < day("1917-11-01")]


@a_few(3)
@given(name=st.sampled_from(REMOVABLE))
def test_an_event_removed_changes_nothing_before_its_day(name: str) -> None:
    eve = date_of(day(events()[name].date.isoformat()) - 1)
    history, without = made().run(eve), made(changed({"remove": [name]})).run(eve)
    assert changed_parts(history.state(), without.state()) == set()
    assert differences(history.recorder.tables(), without.recorder.tables()) == []
    for model in (history, without):
        model.step()
    told = set(history.recorder.tables()["events"]["event"])
    assert name in told and name not in set(without.recorder.tables()["events"]["event"])


def test_the_check_of_days_before_sees_an_early_difference() -> None:
    scenario = changed({"remove": ["abdication_provisional_government"]})
    history, other = made().run("1917-03-20"), made(scenario).run("1917-03-20")
    assert any("people/attitude" in part for part in changed_parts(history.state(), other.state()))


# --- rule 3: same seed, same bytes ------------------------------------------------------------------------------------


def test_same_seed_same_bytes(spring: Tables) -> None:
    assert differences(spring, made(until=SPRING).run().recorder.tables()) == []


def test_other_luck_gives_other_bytes(spring: Tables) -> None:
    assert ("allegiance", "share") in differences(spring, made(seed=1918, until=SPRING).run().recorder.tables())


def test_seed_zero_is_a_seed_and_the_machines_own_generators_are_not_asked() -> None:
    tables = []
    for noise in (1, 2):
        random.seed(noise)
        np.random.seed(noise)
        tables.append(made(seed=0, until="1917-04-01").run().recorder.tables())
    assert differences(*tables) == []
    assert differences(tables[0], made(seed=1, until="1917-04-01").run().recorder.tables())


def test_a_day_read_in_between_changes_nothing(spring: Tables) -> None:
    model = made(until=SPRING)
    while model.running:
        model.step()
        if model.day % 10 == 0:
            model.share("sr"), model.groups[3].allegiance, model.checkpoint(), model.recorder.tables()
    assert differences(spring, model.recorder.tables()) == []


# --- rule 3: checkpoints ----------------------------------------------------------------------------------------------

MOVED = changed({"shift": {"july_days": 25}, "remove": ["kornilov_march"]})


@pytest.fixture(scope="module")
def moved() -> Tables:
    return made(MOVED).run().recorder.tables()


@a_few(3)
@given(when=st.integers(-1, 317))
def test_a_run_taken_up_from_a_checkpoint_ends_in_the_same_bytes(when: int, history: Tables) -> None:
    model = made()
    if when >= 0:
        model.run(date_of(when))
    again = Revolution.restore(model.checkpoint())
    assert (again.today, again.running, again.steps) == (model.today, model.running, model.steps)
    assert again.scenario.name == "historical"
    assert differences(history, again.run().recorder.tables()) == []


@pytest.mark.parametrize("when", ["1917-07-05", "1917-11-13"])
def test_so_does_a_run_whose_events_were_moved(when: str, moved: Tables) -> None:
    # A programme that hangs on the July days must wait for them, whether or not the run was interrupted.
    packed = made(MOVED).run(when).checkpoint()
    assert differences(moved, Revolution.restore(packed).run().recorder.tables()) == []


@pytest.fixture(scope="module")
def packed() -> bytes:
    return made().run("1917-03-05").checkpoint()


def test_a_checkpoint_is_not_a_pickle(packed: bytes) -> None:
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(packed)
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert {Path(name).suffix for name in archive.namelist()} == {".json", ".npy"}
        for name in archive.namelist():
            if name.endswith(".npy"):
                np.load(BytesIO(archive.read(name)), allow_pickle=False)


def damaged(packed: bytes) -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "something else", b"PK\x03\x04 is how it begins"
    yield "cut short", packed[: len(packed) // 2]
    yield "a pickle", pickle.dumps({"format": 1})
    middle = len(packed) // 3
    yield "altered", packed[:middle] + bytes(b ^ 0xFF for b in packed[middle : middle + 64]) + packed[middle + 64 :]
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("state.json", '{"format": 1, "state": {}}')
    yield "empty inside", stream.getvalue()
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("state.json", '{"format": 99, "state": {}}')
    yield "of another version", stream.getvalue()


def test_a_damaged_checkpoint_is_told_in_one_clear_message(packed: bytes) -> None:
    for what, block in damaged(packed):
        with pytest.raises(InputError, match=r"checkpoint.*Expected") as caught:
            Revolution.restore(block)
        assert "\n" not in str(caught.value), what


def test_bytes_of_tables_see_one_bit() -> None:
    share = np.array([0.25, 0.75])
    one = {"allegiance": {"date": np.array(["1917-03-01", "1917-03-08"], dtype="datetime64[D]"), "share": share}}
    other = {"allegiance": {**one["allegiance"], "share": np.nextafter(share, [0.25, 1.0])}}
    assert differences(one, other) == [("allegiance", "share")]
    assert differences(one, other, before="1917-03-08") == []
    assert as_bytes(one) == as_bytes(one)
