"""The page in another language and under two lenses: nothing stays in English, plurals go by the language's rules."""

from __future__ import annotations

import json
import re

import page_kit
import pytest
from browser_kit import CHROMIUM, DRIVER, MISSING, look
from words_kit import translated

from analysis.page import told
from analysis.page.export import write
from analysis.page.words import Words

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=MISSING)

#: A stub: three messages in Russian, whose numbers have the forms one, few, many and other.
RUSSIAN = {
    "chart.points": "{n, plural, one {# пункт} few {# пункта} many {# пунктов} other {# пункта}}",
    "whatif.runs_of": "в {n} из {runs, plural, one {# запуска} few {# запусков} many {# запусков} other {# запуска}}",
    "year.house_note": "{per, plural, one {Точка: # место.} few {Точка: # места.} many {Точка: # мест.} other {Точка: # места.}}",
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of the tests in a made-up language with Russian plurals, as under two lenses."""
    folder = tmp_path_factory.mktemp("words")
    base, other = page_kit.results()
    words = Words()
    told.lens("mandel", words)
    words.write(folder / "lens.json")
    known = json.loads((page_kit.folder() / "words.json").read_text(encoding="utf-8"))
    known["names"]["lenses"] |= json.loads((folder / "lens.json").read_text(encoding="utf-8"))["names"]["lenses"]
    known["names"]["scenarios"]["historical@1917-06-16"] = known["names"]["scenarios"]["historical"]
    strange = translated(known) | {"lang": "ru"}
    for key, message in RUSSIAN.items():
        part, name = key.split(".")
        strange[part][name] = message
    (folder / "words.json").write_text(json.dumps(strange), encoding="utf-8")
    results = [base, other, page_kit.under(base, "mandel"), page_kit.under(other, "mandel")]
    results.append(page_kit.left_open(base, "1917-06-16"))
    write(results, folder / "page.html", words=Words.read(folder / "words.json"), why=[*page_kit.splits(), None, None, page_kit.splits()[0]])
    return folder / "page.html"


def opened(browser, address):
    browser.size(1366, 768)
    browser.errors()
    browser.open(address.as_uri())
    browser.js("O.set({ playing: false }); document.documentElement.style.scrollBehavior = 'auto'")
    return browser


def test_nothing_that_is_shown_stands_outside_the_file_of_words(browser, page):
    lesson = opened(browser, page)
    look(lesson)
    lesson.js("document.querySelectorAll('[data-bet=show], [data-debate=all], [data-tool=table]').forEach((b) => b.click());"
              "O.makePrint(); O.go(200); O.assumed(O.scenarios[1])")  # fmt: skip
    left = lesson.js(r"""
        const works = [...O.told.history.flatMap((e) => e.sources), ...O.scenarios.flatMap((s) => s.sources), ...O.told.observed.flatMap((o) => o.sources),
          ...O.told.debate.map((d) => d.source), ...Object.values(O.told.lenses).flatMap((l) => l.sources)].sort((a, b) => b.length - a.length);
        const english = (text) => /[A-Za-z]{2,}/.test(works.reduce((rest, work) => rest.split(work).join(""), text)), found = new Set();
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) if (!walk.currentNode.parentElement.closest("script, noscript") && english(walk.currentNode.data)) found.add(walk.currentNode.data);
        for (const node of document.querySelectorAll("*")) for (const name of ["aria-label", "aria-valuetext", "title", "label", "placeholder"]) {
          if (english(node.getAttribute(name) || "")) found.add(`${name}: ${node.getAttribute(name)}`);
        }
        return [...found, ...(english(document.title) ? [document.title] : [])]""")
    assert left == [] and lesson.errors() == []


def test_plurals_and_numbers_follow_the_language(browser, page):
    lesson = opened(browser, page)
    ask = "return [1, 2, 5, 11, 21, 22, 1.5].map((n) => O.t(arguments[0], { n, runs: n, per: n }))"
    assert lesson.js(ask, "chart.points") == [
        "1 пункт", "2 пункта", "5 пунктов", "11 пунктов", "21 пункт", "22 пункта", "1.5 пункта",
    ]  # fmt: skip
    assert lesson.js(ask, "whatif.runs_of")[:5] == [
        "в 1 из 1 запуска", "в 2 из 2 запусков", "в 5 из 5 запусков", "в 11 из 11 запусков", "в 21 из 21 запуска",
    ]  # fmt: skip
    assert lesson.js(ask, "year.house_note")[4] == "Точка: 21 место."
    assert lesson.js("return [0.01, -0.015, 0.31].map((v) => O.t('chart.points', { n: O.points(v) }))") == [
        "+1 пункт", "−1,5 пункта", "+31 пункт",
    ]  # fmt: skip
    assert lesson.js("return document.documentElement.lang") == "ru"
    assert re.fullmatch(r"1\s500", lesson.js("return String(O.many(1500))")) and lesson.errors() == []


def test_lenses_stand_side_by_side_each_with_its_own_history(browser, page):
    lesson = opened(browser, page)
    panels = "return [...document.querySelectorAll('#lenses figure')].map((f) => [f.dataset.lens, (f.querySelector('.odds') || {}).textContent])"
    odds = lesson.js("return [1, 3].map((i) => O.oddsTold(i, 'empire|soldier', 'bolshevik').join(' '))")
    assert lesson.js(panels) == [["neutral", odds[0]], ["mandel", odds[1]]] and all(odds)
    agreed = lesson.js("const o = O.oddsAt(1, 'empire|soldier', 'bolshevik'); return [o.less, o.more].map((n) => (n > 1.5 ? 2 : 0))")
    said = [int(n) for n in re.findall(r"\d+", lesson.text("#lenses .sentence"))]
    assert said[0] == 2 and said[-3:] == [*agreed, 2 - sum(agreed)]
    lesson.js("document.querySelector('#lenses').scrollIntoView()")
    lesson.until(lambda: lesson.js("return document.querySelectorAll('#lenses svg [data-line=other]').length") == 2, "no curves")
    lesson.js("const s = document.querySelector('#lenses select'); s.value = 'historical'; s.dispatchEvent(new Event('change'))")
    assert lesson.js(panels) == [["neutral", None], ["mandel", None]]
    # What ifs are those that have a history of their lens beside them; each is compared with that one.
    tabs = lesson.js("return [...document.querySelectorAll('#whatif .tabs button')].map((b) => b.dataset.scenario)")
    assert tabs == ["no_offensive:neutral", "no_offensive:mandel"]
    lesson.click("[data-scenario='no_offensive:mandel']")
    look(lesson)
    lines = lesson.js("return [...document.querySelectorAll('#whatif [data-line]')].map((l) => l.dataset.line)")
    assert {"2-0", "3-0", "history", "other", "change"} <= set(lines) and not {"0-0", "1-0"} & set(lines)
    assert not lesson.js("return document.querySelector('#whatif .why4 .bars')") and lesson.errors() == []
    lesson.click("[data-scenario='no_offensive:neutral']")
    look(lesson)
    assert lesson.js("return document.querySelectorAll('#whatif .why4 .bars li').length") == 4
    # Under the neutral lens history left open stands beside it; under the other one it does not, and the page says so.
    lines = lesson.js("return [...document.querySelectorAll('#whatif [data-line]')].map((l) => l.dataset.line)")
    assert {"4-0", "1-0"} <= set(lines) and not lesson.js("return document.querySelector('#whatif .uneven')")
    lesson.click("[data-scenario='no_offensive:mandel']")
    assert lesson.text("#whatif .uneven") == lesson.js("return O.t('whatif.uneven', { date: O.both(O.dayOf('1917-06-16')) })")
