"""One browser for all tests of a process: starting one costs more than most tests."""

from __future__ import annotations

import page_kit
import pytest
from browser_kit import Browser


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    found = Browser(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("downloads"))
    yield found
    found.close()


@pytest.fixture
def lesson(browser):
    """The page, freshly opened at the size of a small laptop, standing still."""
    browser.size(1366, 768)
    browser.errors()
    browser.open(page_kit.page().as_uri())
    browser.js("O.set({ playing: false }); document.documentElement.style.scrollBehavior = 'auto'")
    yield browser
    assert browser.errors() == []
