"""The live page in a real browser: `october classroom` itself, a file picked and edited, refused, cancelled, run."""

from __future__ import annotations

import os
import subprocess
import sys

import page_kit
import pytest
from browser_kit import CHROMIUM, DRIVER, MISSING
from typer.testing import CliRunner

from sim.cli import app

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=MISSING)

BAD = "extends: historical\ntitle: A spring\nevents:\n  remove: [april_dais]\nsurprise: 1\n"
GOOD = "extends: historical\ntitle: A spring without the April Days\nevents:\n  remove: [april_days]\n"
SAID = "return document.querySelector('.live [role=status]:not(.problems)').textContent"


@pytest.fixture(scope="module")
def address():
    """Where the command serves the base of the test page."""
    command = [sys.executable, "-m", "sim.cli", "classroom", str(page_kit.folder() / "results" / "historical"), "--no-why"]
    served = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    line = served.stdout.readline()
    assert line.startswith("Classroom: http://127.0.0.1:"), line + served.stdout.read()
    yield line.split()[1]
    served.terminate()
    served.wait(timeout=20)


def written(page, text: str) -> None:
    """Put a text into the editor, as one who types does."""
    page.js("const b = document.querySelector('.live textarea'); b.value = arguments[0]; b.dispatchEvent(new Event('input'))", text)


@pytest.fixture
def still(browser):
    """The browser with reduced motion asked for: a page that plays takes time from the runs."""
    browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    yield browser
    browser.cdp("Emulation.setEmulatedMedia", features=[])


def test_a_file_is_picked_refused_mended_cancelled_and_run(still, address, tmp_path):
    browser = still
    browser.size(1366, 768)
    browser.errors()
    browser.open(address)
    browser.js("document.querySelector('.live').open = true")
    assert browser.js("return [O.scenarios.length, document.querySelectorAll('#whatif .absent').length]") == [1, 1]

    # A file is picked; what `october check` says of it is said here, to the letter, and nothing is run.
    file = tmp_path / "a_spring.yaml"
    file.write_text(BAD)
    checked = CliRunner().invoke(app, ["check", str(file)])
    said = checked.output.replace(f"{tmp_path}/", "").strip()
    assert checked.exit_code == 2 and "a_spring.yaml:4:" in said and "april_days" in said
    browser.driver.find_element("css selector", ".live input[type=file]").send_keys(str(file))
    browser.until(lambda: browser.js("return document.querySelector('.live .name').value") == "a_spring", "the file is not read")
    for key in ("check", "run"):
        browser.js("document.querySelector('.live .problems').textContent = ''")
        browser.click(f"[data-live={key}]")
        browser.until(lambda: browser.text(".live .problems"), "no problem is shown")
        assert browser.text(".live .problems") == said
    assert browser.js("return document.querySelector('.live progress').hidden") is True

    # Mended in the browser it is run, with progress, and can be cancelled: nothing of it is kept.
    written(browser, GOOD)
    browser.click("[data-live=check]")
    browser.until(lambda: browser.js(SAID) == "No errors.", "the mended file is refused")
    assert browser.text(".live .problems") == ""
    browser.click("[data-live=run]")
    browser.until(lambda: browser.js(SAID) == f"0 of {page_kit.RUNS} runs", "no progress is shown")
    assert browser.js("return document.querySelector('[data-live=run]').disabled") is True
    browser.click("[data-live=cancel]")
    browser.until(lambda: browser.js(SAID) == "Cancelled.", "it can't be cancelled")
    assert browser.js("return [O.scenarios.length, document.querySelector('[data-live=run]').disabled]") == [1, False]

    # Run to its end it stands on the page; the file stays in the editor.
    browser.js("O.bets.odds = { kept: [5] }")
    browser.click("[data-live=run]")
    browser.until(lambda: browser.js("return document.documentElement.dataset.ready && O.scenarios.length") == 2, "it is not run", 240)
    browser.until(lambda: browser.text("#whatif .question"), "the question is not shown")
    assert browser.js("return O.scenarios[O.state.other].title") == "A spring without the April Days"
    assert browser.js("return [document.querySelector('.live textarea').value, location.hash]") == [GOOD, "#whatif"]
    assert browser.js("return O.bets.odds") == {"kept": [5]}
    assert browser.errors() == []
