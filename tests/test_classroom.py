"""The live page: who may ask, what is refused in which words, runs with progress and cancel."""

from __future__ import annotations

import http.client
import json
import threading
import time

import classroom_kit
import page_kit
import pytest
from typer.testing import CliRunner

import sim
from analysis.classroom.lesson import LARGEST_FILE, Lesson
from analysis.classroom.server import HEADER, Classroom
from sim.cli import app
from sim.cli.pages import run_file

GOOD = "extends: historical\nuntil: 1917-03-08\nevents:\n  remove: [moscow_goes_over]\n"
BAD = "extends: historical\nevents:\n  remove: [june_ofensive]\nsurprise: 1\n"


def base() -> list[sim.Results]:
    return page_kit.results()[:1]


@pytest.fixture
def room(request):
    lesson = Lesson(base(), getattr(request, "param", classroom_kit.at_once), classroom_kit.split_before)
    server = Classroom(lesson)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    lesson.close()
    server.server_close()
    thread.join(timeout=5)


def ask(server, path: str, body: object = None, method: str | None = None, **headers: str) -> tuple[int, str]:
    """Status and text of a request; ``path`` is below the secret unless it begins with /."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    where = path if path.startswith("/") else f"/{server.token}/{path}"
    content = None if body is None else body if isinstance(body, str) else json.dumps(body)
    usual = {} if body is None else {"Content-Type": "application/json", HEADER: "1"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    link.request(method or ("GET" if body is None else "POST"), where, content, {**usual, **named})
    answer = link.getresponse()
    found = answer.status, answer.read().decode()
    link.close()
    return found


def state(server) -> dict:
    return json.loads(ask(server, "api/state")[1])


def settled(server) -> dict:
    end = time.monotonic() + 240
    while time.monotonic() < end:
        found = state(server)
        if found["status"] != "running":
            return found
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def test_it_listens_on_this_machine_only_and_at_another_address_each_time(room):
    assert room.server_address[0] == "127.0.0.1"
    other = Classroom(room.lesson)
    assert other.token != room.token and len(room.token) >= 32
    with pytest.raises(sim.InputError, match=r"can't be used.*Choose another --port"):
        Classroom(room.lesson, other.port)
    other.server_close()


def test_the_page_is_the_same_page_and_may_talk_to_this_server_alone(room):
    status, text = ask(room, "")
    assert status == 200 and "connect-src 'self'" in text and "default-src 'none'" in text
    assert "Run a question of your own" in text and "O.classroom = " in text


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"Host": "evil.example"}, "", 403),
        ({"Host": "127.0.0.1:1"}, "", 403),
        ({"Origin": "http://evil.example"}, "api/state", 403),
        ({"Origin": "null"}, "api/state", 403),
        ({"Sec_Fetch_Site": "cross-site"}, "", 403),
        ({"Sec_Fetch_Site": "same-site"}, "", 403),
        ({}, "/", 404),
        ({}, "/wrong/api/state", 404),
        ({}, "api/other", 404),
        ({}, "../../etc/passwd", 404),
    ],
)
def test_what_comes_from_elsewhere_is_refused(room, headers, path, status):
    assert ask(room, path, **headers)[0] == status


def test_only_the_pages_own_scripts_can_change_anything(room):
    wanted = {"name": "mine", "text": GOOD}
    assert ask(room, "api/run", wanted, X_October="0")[0] == 403
    assert ask(room, "api/run", wanted, Content_Type="text/plain")[0] == 403
    assert ask(room, "api/run", wanted, Origin="http://evil.example")[0] == 403
    assert ask(room, "api/run", method="OPTIONS")[0] == 501
    assert ask(room, "api/run")[0] == 404
    assert ask(room, "api/run", "[1, 2]")[0] == ask(room, "api/run", "{")[0] == 400
    assert ask(room, "api/run", {"name": "mine"})[0] == 400
    assert ask(room, "api/check", r'{"name": "mine", "text": "\ud800"}')[0] == 400
    assert ask(room, "api/run", "x", Content_Length="99999999")[0] == 413
    assert state(room)["status"] == "idle"


def test_a_wrong_file_is_refused_in_the_words_of_check(room, tmp_path):
    (tmp_path / "mine.yaml").write_text(BAD)
    checked = CliRunner().invoke(app, ["check", str(tmp_path / "mine.yaml")])
    said = checked.output.replace(f"{tmp_path}/", "").strip().splitlines()
    assert checked.exit_code == 2 and len(said) == 2
    for path in ("api/check", "api/run"):
        assert json.loads(ask(room, path, {"name": "mine", "text": BAD})[1])["problems"] == said
    assert state(room)["status"] == "idle"
    assert json.loads(ask(room, "api/check", {"name": "mine", "text": GOOD})[1])["problems"] == []


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("../mine", GOOD, "small letters"),
        ("mine", "#" * (LARGEST_FILE + 1), "at most 100,000 bytes"),
        ("historical", GOOD, "the base of this page"),
        ("mine", "extends: ../secret.yaml\n", "secret"),
    ],
)
def test_names_and_sizes_have_bounds(room, name, text, message):
    (problem,) = json.loads(ask(room, "api/run", {"name": name, "text": text})[1])["problems"]
    assert message in problem


def test_a_run_goes_on_the_page(room):
    assert json.loads(ask(room, "api/run", {"name": "mine", "text": GOOD})[1]) == {"problems": []}
    done = settled(room)
    assert (done["status"], done["done"], done["asked"]) == ("done", page_kit.RUNS, page_kit.RUNS)
    assert [result.scenario for result in room.lesson.results] == ["historical", "no_offensive"]
    page = ask(room, "")[1]
    assert '"name":"no_offensive"' in page and '"0/why"' in page and '"1/why"' in page


@pytest.mark.parametrize("room", [classroom_kit.for_ever], indirect=True)
def test_a_run_can_be_cancelled_and_only_one_goes_at_a_time(room):
    ask(room, "api/run", {"name": "mine", "text": GOOD})
    process = room.lesson._job.process
    end = time.monotonic() + 240
    while state(room)["done"] < 1 and time.monotonic() < end:
        time.sleep(0.05)
    status, text = ask(room, "api/run", {"name": "other", "text": GOOD})
    assert status == 409 and "a scenario is running" in text
    assert json.loads(ask(room, "api/cancel", {})[1])["status"] == "cancelled"
    assert not process.is_alive() and len(room.lesson.results) == 1


@pytest.mark.parametrize("room", [classroom_kit.into_the_ground], indirect=True)
def test_a_failed_run_says_why(room):
    ask(room, "api/run", {"name": "mine", "text": GOOD})
    failed = settled(room)
    assert failed["status"] == "failed" and "our fault: ZeroDivisionError: by a test" in failed["message"]


def test_large_bases_are_refused():
    (result,) = base()
    result.manifest["identity"]["options"]["agents"] = 2_000_000
    with pytest.raises(sim.InputError, match="at most 30 runs of 5,000"):
        Lesson([result], classroom_kit.at_once)


def test_the_commands_own_way_to_run_a_file(tmp_path):
    file, seen = tmp_path / "mine.yaml", []
    file.write_text(GOOD)
    history = sim.load("historical")
    run_file(file, tmp_path / "out", 2, 1_400, 7, seen.append, history)
    found = sim.Results(tmp_path / "out")
    assert seen == [2, 2] and len(found.runs) == 2 and found.scenario == "mine"
    assert found.manifest["identity"]["options"]["seed"] == 7
    # What leaves events to the model is set beside history left open from the same day, the past lived once.
    file.write_text(GOOD + 'divergence: "1917-03-01"\n')
    seen.clear()
    run_file(file, tmp_path / "both", 2, 1_400, 7, seen.append, history)
    assert seen == [4] * 4
    assert [one.scenario for one in sim.Comparison(tmp_path / "both").results] == ["historical@1917-03-01", "mine"]
