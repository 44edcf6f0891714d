"""Files made to harm: refused by one clear error, within a second and in little memory."""

from __future__ import annotations

import json
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scenario_kit import KNOWN, problems, written

from sim.inputs.scenario import Scenario
from sim.inputs.scenario_file import MAX_CHAIN, check_file, load_scenario
from sim.inputs.tree import MAX_BYTES, MAX_DEPTH, MAX_PROBLEMS, plain, read_tree
from sim.words.errors import InputError

pytestmark = pytest.mark.usefixtures("heap_of_its_own")

HEAD = "extends: historical\n"
FEAR = "{fear: {strata: all, places: ['*/tow'], size: small, half_life: 1}}"
ADD = HEAD + "events: {add: [{id: a, title: x, date: 1917-07-01, text: x, kind: action, effects: [%s]}]}"

CHAIN = ",".join(f"{{id: a{i}, requires: [a{i + 1}]}}" for i in range(1_000))

LARGE = {
    "too large": "# " + "x" * MAX_BYTES,
    "deep lists": "[" * 250_000,
    "deep mappings": "{a: " * 60_000,
    "deep blocks": "\n".join(" " * i + "a:" for i in range(700)),
    "dashes": "- " * 120_000,
    "question marks": "? " * 120_000,
    "many values": "[" + "a," * 125_000 + "a]",
    "many keys": "{" + ",".join(f'"a{i}": 1' for i in range(20_000)) + "}",
    "many anchors": "".join(f"a{i}: &x{i} 1\n" for i in range(15_000)),
    "a billion laughs": "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(8_000)),
    "many tags": "a: !x 1\n" * 30_000,
    "many documents": "---\n" * 60_000,
    "many directives": "%A\n" * 80_000,
    "a long key": "a" * 250_000 + ": 1",
    "a long text": "title: " + "a" * 250_000,
    "a long text of many lines": "a\n " * 85_000,
    "escapes": 'a: "' + "\\x41" * 60_000 + '"',
    "a block of lines": "a: |\n" + " b\n" * 80_000,
    "words": "a " * 120_000,
    "spaces": " " * 250_000,
    "empty lines": "\n" * 250_000,
    "carriage returns": "\r" * 250_000,
    "comments": "#\n" * 120_000,
    "colons": "a:" * 120_000,
    "one repeated key": HEAD + "a: 1\n" * 4_900,
    "unknown keys": HEAD + "".join(f"titl{i}: 1\n" for i in range(4_900)),
    "unknown events": HEAD + "events:\n  remove: [" + ",".join(f"june_offens{i}" for i in range(9_000)) + "]\n",
    "unknown parameters": HEAD + "parameters:\n" + "".join(f"  news_dela{i}: 1\n" for i in range(4_900)),
    "unknown decisions": HEAD + "decisions:\n" + "".join(f"  offensiv{i}: x\n" for i in range(4_900)),
    "unknown places": ADD % FEAR.replace("'*/tow'", ",".join(f"petrogra{i}" for i in range(9_000))),
    "unknown patterns": ADD % ",".join([FEAR] * 700),
    "a long chain of causes": HEAD + f"events: {{add: [{CHAIN}]}}",
}


@pytest.mark.parametrize("name", LARGE)
def test_large_files_are_refused_within_a_second_and_a_little_memory(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, "title: x")
    check_file(path, KNOWN)  # imports are not counted
    path.write_text(LARGE[name])
    started = time.process_time()
    found = check_file(path, KNOWN)
    assert time.process_time() - started < 1.0
    assert 0 < len(found) <= MAX_PROBLEMS
    assert all(len(str(problem)) < 1_500 for problem in found)


def test_memory_stays_small(tmp_path: Path) -> None:
    path = written(tmp_path, LARGE["many values"])
    tracemalloc.start()
    check_file(path, KNOWN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 2**20


def test_a_file_of_the_largest_size_is_still_read(tmp_path: Path) -> None:
    text = "title: x\n" + "# a comment of a certain length\n" * 8_000
    text += "#" * (MAX_BYTES - len(text))
    assert len(text) == MAX_BYTES
    assert problems(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "spot", "message"),
    [
        ("a: &x 1", (1, 4), "the anchor '&x' is not allowed."),
        ("a: *x", (1, 4), "the alias '*x' is not allowed."),
        ("a: 1\n&x b: 1", (2, 1), "the anchor '&x' is not allowed."),
        (
            "a: !!python/object/apply:os.system [ls]",
            (1, 4),
            "the tag 'tag:yaml.org,2002:python/object/apply:os' is not",
        ),
        ("a: !x 1", (1, 4), "the tag '!x' is not allowed."),
        ("a: ! 1", (1, 4), "the tag '!' is not allowed."),
        ("<<: {title: x}", (1, 1), "merge keys ('<<') are not allowed."),
        ("a: 1\n---\nb: 1", (2, 1), "the file holds more than one document."),
        ("%YAML 1.1\n---\na: 1", (1, 1), "YAML directives"),
        ("# x\n%TAG ! !foo\n---\na: 1", (2, 1), "YAML directives"),
        ("? [a]\n: b", (1, 3), "a key must be a plain name."),
        ("{[a]: b}", (1, 2), "a key must be a plain name."),
        ("", (1, 1), "the file is empty."),
        ("# nothing\n", (1, 1), "the file is empty."),
        ("---\n---\n", (2, 1), "the file holds more than one document."),
        ("title: 'x", (1, 10), "the file is not valid YAML: found unexpected end of stream."),
        ("a: b: c", (1, 5), "the file is not valid YAML: mapping values are not allowed here."),
        ("a:\n\t- b", (2, 1), "the file is not valid YAML: found character '\\t' that cannot start any token."),
        ('title: "\\x1b[31mred"', (1, 8), "the character U+001B is not allowed."),
        ('title: "\\ud800"', (1, 8), "the character U+D800 is not allowed."),
        ('title: "\\0"', (1, 8), "the character U+0000 is not allowed."),
        ("title: x\n# \u202egnitirw", (2, 3), "the character U+202E is not allowed."),
        ("title: a\ufeffb", (1, 9), "the character U+FEFF is not allowed."),
        ("title: a\u2028b", (1, 9), "the character U+2028 is not allowed."),
        ("title: a\x85b", (1, 9), "the character U+0085 is not allowed."),
        ("title: a\x00b", (1, 9), "the character U+0000 is not allowed."),
        ("[" * (MAX_DEPTH + 1), (1, MAX_DEPTH + 1), "the file is nested too deeply."),
    ],
)
def test_what_no_scenario_needs_is_refused_at_its_spot(
    tmp_path: Path, text: str, spot: tuple[int, int], message: str
) -> None:
    line, column, found = problems(tmp_path, text)[0]
    assert (line, column) == spot
    assert found.startswith(message)


def test_several_refusals_come_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "a: &x 1\nb: *x\nc: !t 1\n")
    assert [line for line, _, _ in found] == [1, 2, 3]


@pytest.mark.parametrize(
    ("data", "spot", "message"),
    [
        ("title: x".encode("utf-16"), (1, 1), "the file is written in UTF-16 or UTF-32."),
        ("title: x".encode("utf-32"), (1, 1), "the file is written in UTF-16 or UTF-32."),
        ("title: x".encode("utf-16-le"), (1, 2), "the character U+0000 is not allowed."),
        ("title: x\nquestion: мир".encode("cp1251"), (2, 11), "a byte that is not UTF-8."),
        (b"title: \xc0\xaf", (1, 8), "a byte that is not UTF-8."),
        (b"title: \xed\xa0\x80", (1, 8), "a byte that is not UTF-8."),
        (b"\x00" * 1000, (1, 1), "the character U+0000 is not allowed."),
        (b"\x7fELF\x02\x01", (1, 1), "the character U+007F is not allowed."),
    ],
)
def test_other_encodings_are_refused(tmp_path: Path, data: bytes, spot: tuple[int, int], message: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(data)
    found = check_file(path, KNOWN)
    assert [(p.line, p.column, p.message) for p in found] == [(*spot, message)]


def test_the_mark_that_windows_editors_write_is_not_held_against_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbftitle: x\r\nquestion: y\r\nkind: guess\r\n")
    assert [(p.line, p.column) for p in check_file(path, KNOWN)] == [(3, 7)]


def test_plain_words_are_words() -> None:
    text = b"a: no\nb: off\nc: 1917-06-18\nd: 0x1F\ne: 1_000\nf: 007\ng: '5'\nh: 12345678901234567890\n1: one\n~: x"
    tree, found = read_tree(text, "x")
    assert found == []
    assert plain(tree) == {
        **{"a": "no", "b": "off", "c": "1917-06-18", "d": "0x1F", "e": "1_000", "f": "007", "g": "5"},
        **{"h": "12345678901234567890", "1": "one", "~": "x"},
    }


# --- extends ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "/etc/passwd",
        "/etc/passwd.yaml",
        "../secret.yaml",
        "a/../../secret.yaml",
        "sub/other.yaml",
        "..\\secret.yaml",
        "C:\\secret.yaml",
        "C:secret.yaml",
        "file:///etc/passwd",
        "https://example.org/x.yaml",
        ".hidden.yaml",
        "~/x.yaml",
        "x" * 300 + ".yaml",
        "мир",
    ],
)
def test_extends_can_not_leave_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.yaml").write_text("title: secret\n")
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "sub" / "other.yaml").write_text("title: other\n")
    (line, column, message), *_ = problems(tmp_path / "in", f"title: x\nextends: '{name}'\n")
    assert (line, column) == (2, 10)
    assert "can't be extended" in message


def test_a_link_can_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.yaml").write_text("title: secret\n")
    (tmp_path / "in" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (tmp_path / "in" / "loop.yaml").symlink_to("loop.yaml")
    assert problems(tmp_path / "in", "extends: link.yaml") == [
        (1, 10, "'link.yaml' lies outside the folder of this file.")
    ]
    assert len(problems(tmp_path / "in", "extends: loop.yaml")) == 1
    assert problems(tmp_path / "in", "extends: gone.yaml") == [(1, 10, "'gone.yaml' does not exist.")]


def test_circles_and_long_chains_are_refused(tmp_path: Path) -> None:
    assert "extends itself" in problems(tmp_path, "extends: mine.yaml")[0][2]
    written(tmp_path, "extends: mine.yaml", "b.yaml")
    (line, column, message), *_ = problems(tmp_path, "extends: b.yaml")
    assert (line, column) == (1, 10) and message == "'mine.yaml' extends itself, through 2 file(s)."
    for i in range(MAX_CHAIN + 1):
        parent = f"extends: c{i + 1}.yaml" if i < MAX_CHAIN else "title: x"
        written(tmp_path, parent, f"c{i}.yaml")
    assert check_file(tmp_path / "c1.yaml", KNOWN) == []
    found = check_file(tmp_path / "c0.yaml", KNOWN)
    assert [p.message for p in found] == ["too many files extend one another."]


@pytest.mark.parametrize("value", ["3", "[historical]", "{a: b}", "true"])
def test_extends_of_the_wrong_type(tmp_path: Path, value: str) -> None:
    (line, column, message), *_ = problems(tmp_path, f"extends: {value}")
    assert (line, column) == (1, 10) and message.startswith("'extends' is ")


# --- not files --------------------------------------------------------------------------------------------------


def refused(make: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        make()
    return str(caught.value)


def test_what_is_not_an_ordinary_file_is_refused(tmp_path: Path) -> None:
    assert "is not a file" in refused(lambda: load_scenario(tmp_path, KNOWN))
    assert "there is no file" in refused(lambda: load_scenario(tmp_path / "none.yaml", KNOWN))
    assert "can't be read" in refused(lambda: load_scenario("a\x00b.yaml", KNOWN))
    assert "can't be read" in refused(lambda: load_scenario("x" * 5_000 + ".yaml", KNOWN))
    assert "unknown scenario" in refused(lambda: load_scenario("x" * 5_000, KNOWN))
    assert "unknown scenario" in refused(lambda: load_scenario("a\x00b", KNOWN))
    assert "unknown scenario" in refused(lambda: load_scenario("", KNOWN))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_does_not_hang_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "is not a file" in refused(lambda: load_scenario(tmp_path / "pipe.yaml", KNOWN))
    assert "is not a file" in refused(lambda: load_scenario(Path("/dev/zero"), KNOWN))


# --- anything at all --------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "extends: historical\n",
        "title: x\n",
        "events:\n",
        "  remove: ",
        "  add:\n",
        "  - ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ": ",
    ]
    + [
        "? ",
        "- ",
        "&a ",
        "*a",
        "!t ",
        "<<: ",
        "|\n",
        ">-\n",
        "'",
        '"',
        "#",
        "%",
        "---\n",
        "...\n",
        "\n",
        " ",
        "\t",
        "\r",
    ]
    + ["june_offensive", "1917-06-16", "all", ".nan", "1e999", "-", "~", "null", "true", "{fear: {size: small}}", "\\"]
    + [
        "forcing: {bread: {scale: ",
        "parameters: {news_delay: ",
        "divergence: ",
        "card: ",
        "\\x00",
        "\\ud800",
        "é",
        "\ufeff",
    ]
    + ["events: {shift: {june_offensive: ", "events: {add: [", "}}", "]}", "representation: {seats: {tsik: {worker: "]
)


def scenario_or_input_error(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    started = time.process_time()
    try:
        assert isinstance(load_scenario(path, KNOWN), Scenario)
    except InputError as error:
        assert error.problems and str(error).encode("utf-8")
    assert time.process_time() - started < 1.0


RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RELAXED
@given(data=st.binary(max_size=400))
@example(data=b"\xff\xfe")
@example(data=b'a: "\\UFFFFFFFF"')
@example(data=b"- &")
@example(data=b"!<")
def test_any_bytes_give_a_scenario_or_an_input_error(tmp_path: Path, data: bytes) -> None:
    scenario_or_input_error(tmp_path / "any.yaml", data)


@RELAXED
@given(pieces=st.lists(PIECES, max_size=25))
def test_any_mixture_of_yaml_gives_a_scenario_or_an_input_error(tmp_path: Path, pieces: list[str]) -> None:
    scenario_or_input_error(tmp_path / "any.yaml", "".join(pieces).encode("utf-8", "surrogatepass"))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["all", "historical"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "from", "fear"]), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from([*Scenario.model_fields, "nonsense"])


@RELAXED
@given(
    data=st.dictionaries(KEYS, JSON, max_size=6), events=st.dictionaries(st.sampled_from(["pin", "add", "shift"]), JSON)
)
def test_any_values_under_the_right_keys_give_a_scenario_or_an_input_error(
    tmp_path: Path, data: dict[str, object], events: dict[str, object]
) -> None:
    # JSON is YAML, save for NaN and the infinities, which are written as words and refused as such.
    scenario_or_input_error(tmp_path / "any.yaml", json.dumps({**data, "events": events}).encode())
