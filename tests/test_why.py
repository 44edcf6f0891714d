"""Why a group moved: the split of saved results, its words, its figure, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from typer.testing import CliRunner

import sim
from analysis.answers import story, story_words, traced, why, why_words
from sim import cli

UNTIL = "1917-04-12"


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> sim.Results:
    """Two runs of the spring, written to a directory."""
    folder = tmp_path_factory.mktemp("why") / "spring"
    return sim.run("historical", runs=2, agents=1400, until=UNTIL, out=folder, parameters="default")


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> sim.Results:
    """The same with nothing laid on anybody."""
    scenario = sim.load("historical")
    scenario = sim.Scenario.model_validate(scenario.effective() | {"off": ["blame"]})
    scenario._name = "nobody_blamed"
    folder = tmp_path_factory.mktemp("why") / "other"
    return sim.run(scenario, runs=2, agents=1400, until=UNTIL, out=folder, parameters="default")


@pytest.fixture(scope="module")
def split(saved) -> why.Why:
    return saved.why("bolshevik", "petrograd", "worker", since="1917-03-10", until="1917-04-10", runs=2)


def test_the_parts_sum_to_the_whole(split):
    assert split.table["change"].sum() == pytest.approx(split.change, abs=1e-12)
    assert (split.table["own"] + split.table["others"]).to_numpy() == pytest.approx(split.table["change"].to_numpy())
    assert abs(split.table.set_index("channel")["change"]["rounding"]) < 1e-6
    assert abs(split.change) > 1e-3


def test_the_whole_is_what_the_tables_say(saved):
    exact = saved.why("bolshevik", "petrograd", "worker", since="1917-03-02", until="1917-03-30", events=False)
    runs = saved.share("bolshevik", "petrograd", "worker").query("run == 0").set_index("date")["share"]
    assert exact.start == pytest.approx(runs["1917-03-02"], abs=1e-6)
    assert exact.end == pytest.approx(runs["1917-03-30"], abs=1e-6)


def test_spans_join(saved):
    """Two spans after each other add up to the whole span, channel by channel."""
    days = ("1917-02-25", "1917-03-06", "1917-03-15")
    parts = [
        saved.why("sr", "western_front", since=a, until=b, events=False).table["change"].to_numpy()
        for a, b in ((days[0], days[1]), (days[1], days[2]), (days[0], days[2]))
    ]
    np.testing.assert_allclose(parts[0] + parts[1], parts[2], atol=1e-12)


def test_low_and_high_are_those_of_the_runs(saved, split):
    alone = [
        saved.why("bolshevik", "petrograd", "worker", since="1917-03-10", until="1917-04-10", run=r, events=False)
        for r in (0, 1)
    ]
    both = np.array([one.table["change"] for one in alone])
    np.testing.assert_allclose(split.table["low"], both.min(axis=0), atol=1e-12)
    np.testing.assert_allclose(split.table["change"], both.mean(axis=0), atol=1e-12)
    assert split.runs == (0, 1)


def test_events_are_those_of_the_run_with_their_titles(saved, split):
    known = sim.events()
    named = split.events[split.events["date"].notna()]
    assert len(named) > 3
    assert all(row.title == known[row.event].title for row in named.itertuples())
    assert set(split.events["event"]) - set(named["event"]) <= set(why_words.EVENT_WAYS)
    assert list(split.events["change"].abs()) == sorted(split.events["change"].abs(), reverse=True)


def test_plain_data_give_any_span(saved, split):
    """Channels of weekly dates: a span is a difference of two dates, and all channels add up to the share."""
    groups = [("petrograd", "worker"), ("volga", None), ("empire", None)]
    frame = why.channels(saved, groups, run=0, parties=("bolshevik", "sr"))
    assert list(frame) == ["date", "place", "stratum", "party", "channel", "cumulative_change", "share"]
    by_date = frame[(frame["place"] == "petrograd") & (frame["party"] == "bolshevik")]
    wide = by_date.pivot_table(index="date", columns="channel", values="cumulative_change")
    share = by_date.groupby("date")["share"].first()
    np.testing.assert_allclose(wide.sum(axis=1), share - share.iloc[0], atol=1e-12)
    since, until = wide.index[3], wide.index[-1]
    asked = saved.why("bolshevik", "petrograd", "worker", since=since, until=until, run=0, events=False)
    found = (wide.loc[until] - wide.loc[since])[asked.table["channel"]]
    np.testing.assert_allclose(found, asked.table["change"], atol=1e-12)


def test_every_term_stands_in_one_channel():
    from sim.engine.trace import CHANNELS

    listed = [term for channel in why_words.CHANNELS.values() for term in channel.terms]
    assert sorted(listed) == sorted(CHANNELS)


def test_two_scenarios_differ_by_what_was_changed(saved, other):
    """With blame switched off in one of them, its term is what the other's was; the parts sum to the whole."""
    asked = ("kadet", "petrograd", "worker")
    found = why.why_other(saved, other, *asked, until="1917-04-10", runs=2)
    change = found.table.set_index("channel")["change"]
    assert change.sum() == pytest.approx(found.change, abs=1e-12)
    without = other.why(*asked, until="1917-04-10", runs=2, events=False)
    assert found.end == pytest.approx(without.end)
    assert without.table.set_index("channel")["change"]["blame"] == 0.0
    assert change["blame"] > 1e-4
    assert found.between == (saved.title, other.title)


def test_a_comparison_says_why_and_so_does_the_command(october, tmp_path):
    """Free history after a divergence too: the runs lived again are those of the comparison."""
    compared = sim.compare("historical", "no_offensive", runs=1, agents=1400, until="1917-07-05", out=tmp_path / "c")
    asked = ("bolshevik", "petrograd", "soldier")
    found = compared.why(*asked, until="1917-07-05")
    base, other = (r.share(*asked).iloc[-1]["share"] for r in compared.results)
    assert found.change == pytest.approx(other - base, abs=1e-6)
    assert found.table["change"].sum() == pytest.approx(found.change, abs=1e-12)
    assert abs(found.change) > 1e-4
    done = october(tmp_path / "c", "--place", "petrograd", "--stratum", "soldier", "--until", "1917-07-05")
    assert done.exit_code == 0, done.output
    assert found.sentence() in done.output
    assert october(tmp_path / "c", "--other", "nothing").exit_code == 2


def test_a_result_does_not_differ_from_itself(saved):
    found = why.why_other(saved, saved, "sr", "moscow", until="1917-03-10", events=False)
    assert not found.table["change"].any()


# --- words and figure -------------------------------------------------------------------------------------------------


def test_the_sentence_tells_the_ends_and_the_largest_channels(split):
    told = split.sentence()
    assert f"from {100 * split.start:.1f} to {100 * split.end:.1f} per cent" in told
    assert "Between 10 March and 10 April the share of the Bolsheviks among workers of Petrograd" in told
    assert "Mean of 2 runs" in told
    assert "23 March and 23 April" in split.sentence("ns")
    largest = split.table.sort_values("change", key=lambda c: -np.sign(split.change) * c).iloc[0]
    assert why_words.points(largest["change"]) in told


@pytest.mark.parametrize("size", ["page", "slide"])
def test_the_figure_has_a_bar_for_each_large_channel_and_all_labels_inside(split, size):
    figure = split.plot(size=size)
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    first = figure.axes[0]
    large = (split.table["change"].abs() >= 0.005).sum()
    assert len(first.patches) == large + 3
    for axes in figure.axes:
        for label in axes.get_yticklabels():
            assert label.get_window_extent(renderer).x0 >= 0


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.fixture
def october(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(cli.app, ["why", *map(str, words)])


def test_the_command_prints_the_split_and_draws_it(october, saved):
    done = october(saved.directory, "--place", "petrograd", "--stratum", "worker", "--from", "1917-03-10", "--until",
                   "1917-04-10", "-o", "figures/why.png")  # fmt: skip
    assert done.exit_code == 0, done.output
    for words in ("what moved people", "Altogether", "Rounding", "single events", "Between 10 March and 10 April"):
        assert words in done.output
    assert Path("figures/why.png").read_bytes().startswith(b"\x89PNG")


def test_the_command_tells_two_results_apart(october, saved, other):
    done = october(saved.directory, other.directory, "--party", "kadet", "--place", "moscow", "--until", "1917-03-20")
    assert done.exit_code == 0, done.output
    assert "differs between" in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--place", "petrogard"], "Did you mean 'petrograd'"),
        (["--party", "bolsheviki"], "Did you mean 'bolshevik'"),
        (["--stratum", "pleb"], "unknown stratum 'pleb'"),
        (["--place", "kronstadt", "--stratum", "peasant"], "nobody of stratum 'peasant' lives in kronstadt"),
        (["--run", "9"], "has no run 9. It has runs 0 to 1"),
        (["--runs", "9"], "the result has 2 finished runs"),
        (["--run", "0", "--runs", "2"], "give one of them"),
        (["--from", "1917-04-01", "--until", "1917-03-01"], "comes before"),
        (["--until", "1918-01-01"], "outside the runs' days, 1917-02-23 to 1917-04-12"),
        (["--from", "spring"], "is not a date"),
        (["-o", "why.gif"], "must end in .png"),
    ],
)
def test_what_does_not_exist_is_one_message_and_exit_2(october, saved, words, told):
    done = october(saved.directory, *words)
    assert done.exit_code == 2
    assert told in done.output
    assert "Traceback" not in done.output


def test_no_result_directory_is_exit_2(october):
    done = october("nowhere")
    assert (done.exit_code, "not a result directory" in done.output) == (2, True)


def test_a_result_of_another_program_is_refused(tmp_path, saved):
    """The manifest names another seed than the tables were made with: lived again, it is another run."""
    folder = saved.save(tmp_path / "changed").resolve()
    told = json.loads((folder / "manifest.json").read_text())
    told["runs"][0]["seed"] += 1
    (folder / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(sim.InputError, match="is another run"):
        sim.Results(folder).why("sr", "moscow", until="1917-03-20", events=False)


def test_unpaired_results_are_refused(saved, other):
    other = sim.Results(other.directory)
    other.manifest["identity"]["options"]["seed"] = 5
    with pytest.raises(sim.InputError, match="not paired: seed"):
        why.why_other(saved, other, "sr")


def test_single_events_are_followed_in_groups_that_are_not_too_large(saved, monkeypatch):
    monkeypatch.setattr(traced, "MOST_FOLLOWED", 10)
    found = saved.why("sr", "empire", until="1917-03-01")
    assert found.events.empty
    assert found.table["change"].sum() == pytest.approx(found.change)


# --- one person's year ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(saved):
    """The diary of a Petrograd worker, and the story told from it."""
    model = saved.model(0)
    diarist = model.keep_diary(int(model.rows_of("petrograd/vyborg", "worker")[3]))
    model.run()
    return diarist.close(), story.story(saved, 3, "petrograd/vyborg", "worker", run=0), model


def keys(told):
    return [sentence.key for sentence in told]


def test_a_story_says_first_that_the_person_is_not_real(saved, kept):
    told = kept[1]
    assert told[0].text.startswith("A simulated person, not a real one: number ")
    assert keys(told)[:3] == ["not_real", "who", "assembly"]
    assert keys(told)[3] in ("start", "no_party")
    assert story.tell(saved, 3, "petrograd/vyborg", "worker").startswith(told[0].text)


def test_who_the_person_is_stands_in_the_columns(kept):
    diary, told, model = kept
    row = diary.who["row"]
    assert diary.who["woman"] == bool(model.people.woman[row])
    assert ("She is" if diary.who["woman"] else "He is") in told[1].text
    assert story_words.TRADES[diary.who["trade"]] in told[1].text
    assert diary.who["stands_for"] == model.people.weight[row]


def test_there_is_a_sentence_for_each_turn_act_card_and_ballot_and_no_more(kept):
    diary, told, _ = kept
    found = keys(told)
    assert found.count("turn") + found.count("turn_from_none") == len(story.turns(diary.first))
    acts = {name for names in diary.acts for name in names}
    assert found.count("act") + found.count("act_once") == len(acts)
    assert ("never_acted" in found) == (not acts)
    cards = [card for before, card in zip(["", *diary.card], diary.card, strict=False) if card != before]
    assert found.count("card") == sum(1 for card in cards if card)
    assert found.count("ballot") == 0
    assert set(found) <= set(story_words.SENTENCES)


def test_days_of_the_story_are_in_order_and_end_with_the_run(kept):
    diary, told, model = kept
    dated = [sentence.day for sentence in told if sentence.day >= 0]
    assert dated == sorted(dated)
    assert dated[-1] == len(diary.days) - 1 == model.last - model.first


def test_where_the_person_stands_at_the_end_is_what_the_model_holds(kept):
    diary, told, model = kept
    attitude = model.people.attitude[diary.who["row"]].astype(float)
    share = np.exp(attitude - attitude.max())
    share /= share.sum()
    end = next(sentence for sentence in told if sentence.key == "end")
    assert f"{100 * share.max():.0f} per cent" in end.text
    np.testing.assert_allclose(diary.share[-1], share)


def test_what_a_person_does_is_done_by_the_assembly_that_day(kept):
    diary, _, model = kept
    days = [i for i, names in enumerate(diary.acts) if names]
    assert all(len(diary.acts[i]) == 1 for i in days)
    acting = bool(model.people.acting[diary.who["row"]])
    assert bool(diary.acts[-1]) == acting


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ("a" * 20, []),
        ("a" * 10 + "b" * 10, [(10, "a", "b")]),
        ("a" * 10 + "b" * 3 + "a" * 10, []),
        ("a" * 10 + "b" * 3 + "c" * 10, [(13, "a", "c")]),
        ("a" * 10 + "b" * 7 + "a" * 3, [(10, "a", "b"), (17, "b", "a")]),
    ],
)
def test_a_turn_is_a_change_that_is_held_for_a_week(states, found):
    assert story.turns(list(states)) == found


def test_every_sentence_of_the_glossary_can_be_told(kept):
    """The templates ask for no value that the story does not fill in; each is used by the code that tells it."""
    source = Path(story.__file__).read_text(encoding="utf-8")
    for key in story_words.SENTENCES:
        assert f'"{key}"' in source, key


def test_the_glossary_names_every_trade_tongue_and_act():
    from sim.mechanisms.action import NAMES
    from sim.words.identifiers import ELECTIONS, TONGUES, TRADES

    assert set(story_words.TRADES) == set(TRADES)
    assert set(story_words.TONGUES) == set(TONGUES)
    assert set(story_words.ACTS) == set(NAMES.values())
    assert set(story_words.ELECTIONS) == set(ELECTIONS)
    assert set(story_words.MEETS) == set(sim.STRATA)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--person", "0", "--place", "kronstadt", "--stratum", "sailor"], 0, "not a real one"),
        (["--person", "99999"], 2, "there is no person 99999 in empire: this run has persons 0 to 1399"),
        (["--person", "0", "--run", "7"], 2, "has no run 7"),
        (["--person", "0", "-o", "x.png"], 2, "no figure is drawn"),
    ],
)
def test_the_command_tells_one_persons_year(october, saved, words, code, told):
    done = october(saved.directory, *words)
    assert (done.exit_code, told in done.output) == (code, True), done.output


def test_the_example_of_the_page_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = (Path(__file__).resolve().parents[1] / "docs" / "why.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    found: dict[str, Any] = {}
    exec(compile(example, "docs/why.md", "exec"), found)
    assert "Between 1 March and 20 March the share of the Bolsheviks" in capsys.readouterr().out
    change = (found["one"].loc["1917-03-20"] - found["one"].loc["1917-03-01"]).sum()
    assert change == pytest.approx(found["split"].change, abs=1e-9)
    assert Path("why.png").exists()
