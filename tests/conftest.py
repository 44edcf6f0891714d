"""Fixtures for any test."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def heap_of_its_own() -> Iterator[None]:
    """For tests that count seconds: what earlier tests left in memory is not looked through while they run."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
