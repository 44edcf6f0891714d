"""Shocks fade by half in their half-life, exactly, and stay where they struck."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.history.shocks import QUANTITIES, Shocks, gather, wane

CELLS = 5
SOME = np.array([1, 3])


@settings(deadline=None)  # the first example compiles a kernel
@given(
    size=st.floats(-1.0, 1.0).filter(lambda x: abs(x) > 1e-6),
    half_life=st.floats(1.0, 400.0),
    days=st.integers(0, 300),
)
def test_a_shock_is_halved_in_each_half_life(size: float, half_life: float, days: int) -> None:
    shocks = Shocks(CELLS)
    shocks.add("fear", SOME, size, half_life)
    for _ in range(days):
        shocks.fade()
    left = shocks.total("fear")
    assert left[SOME] == pytest.approx(size * 0.5 ** (days / half_life), rel=1e-9)
    assert (left[[0, 2, 4]] == 0.0).all()


def test_half_is_left_after_one_half_life_to_the_last_digit_but_rounding() -> None:
    shocks = Shocks(CELLS)
    shocks.add("hardship", SOME, 0.4, 30.0, (2,))
    for _ in range(30):
        shocks.fade()
    assert shocks.total("hardship")[1, 2] == pytest.approx(0.2, rel=1e-13)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_shock_strikes_its_quantity_alone(quantity: str) -> None:
    shocks = Shocks(CELLS)
    at = tuple(0 for _ in QUANTITIES[quantity])
    shocks.add(quantity, SOME, 0.3, 10.0, at)
    for name, shape in QUANTITIES.items():
        total = shocks.total(name)
        assert total.shape == (CELLS, *shape)
        assert np.count_nonzero(total) == (2 if name == quantity else 0)
    assert shocks.total(quantity)[(SOME, *at)] == pytest.approx([0.3, 0.3])


@settings(deadline=None)  # the first example compiles a kernel
@given(
    st.lists(
        st.tuples(
            st.integers(0, CELLS - 1), st.floats(-0.5, 0.5), st.sampled_from([3.0, 10.0, 60.0]), st.integers(0, 20)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_shocks_of_all_half_lives_add_up_whatever_the_day_they_struck(
    blows: list[tuple[int, float, float, int]],
) -> None:
    shocks = Shocks(CELLS)
    for day in range(25):
        shocks.fade()
        for cell, size, half_life, when in blows:
            if when == day:
                shocks.add("insecurity", np.array([cell]), size, half_life)
    expected = np.zeros(CELLS)
    for cell, size, half_life, when in blows:
        expected[cell] += size * 0.5 ** ((24 - when) / half_life)
    assert shocks.total("insecurity") == pytest.approx(expected, abs=1e-12)


def test_relief_undoes_a_hardship_of_the_same_size_and_half_life() -> None:
    shocks = Shocks(CELLS)
    shocks.add("hardship", SOME, 0.2, 30.0, (1,))
    shocks.fade()
    shocks.add("hardship", SOME, -0.2 * 0.5 ** (1 / 30.0), 30.0, (1,))
    assert shocks.total("hardship") == pytest.approx(0.0, abs=1e-15)


def test_the_total_is_not_the_shock_itself_but_may_be_read_again() -> None:
    shocks = Shocks(CELLS)
    assert (shocks.total("fear") == 0).all()
    shocks.add("fear", SOME, 0.1, 5.0)
    assert (shocks.total("fear") == shocks.total("fear")).all()
    shocks.add("fear", SOME, 0.1, 5.0)
    assert shocks.total("fear")[1] == pytest.approx(0.2)


def test_the_work_of_a_day_does_not_grow_with_the_number_of_blows() -> None:
    shocks = Shocks(CELLS)
    for _ in range(50):
        shocks.add("fear", SOME, 0.01, 20.0)
        shocks.add("fear", SOME, 0.01, 40.0)
    assert set(shocks.state()) == {"fear@20.0", "fear@40.0"}


def test_a_state_goes_out_and_comes_back_whole() -> None:
    shocks, again = Shocks(CELLS), Shocks(CELLS)
    shocks.add("opened", SOME, 0.3, 7.0, (2, 1))
    shocks.add("fear", SOME, 0.1, 1 / 3 + 1.0)
    again.add("channel", SOME, 9.0, 9.0, (0,))
    again.load(shocks.state())
    assert {k: v.tobytes() for k, v in again.state().items()} == {k: v.tobytes() for k, v in shocks.state().items()}
    again.fade()
    assert shocks.total("fear")[1] == 0.1, "a copy, not the same array"
    assert (again.total("channel") == 0).all()


def test_the_kernels_equal_their_uncompiled_form() -> None:
    draw = np.random.default_rng(17)
    shaken = draw.random((6, CELLS)) < 0.6
    levels, rows, columns = draw.normal(size=shaken.shape) * shaken, np.array([4, 0, 5, 1]), np.array([2, 0, 2, 1])
    start, cell = np.r_[0, np.cumsum(shaken.sum(axis=1))], np.nonzero(shaken)[1]
    compiled, plain = np.zeros((CELLS, 3)), np.zeros((CELLS, 3))
    gather(levels, start, cell, rows, columns, compiled)
    gather.py_func(levels, start, cell, rows, columns, plain)
    np.testing.assert_array_equal(compiled, plain)
    np.testing.assert_array_equal(plain[:, 2], levels[4] + levels[5])

    left, faded, slowly = draw.random(6), levels.copy(), levels.copy()
    wane(faded, start, cell, left)
    wane.py_func(slowly, start, cell, left)
    np.testing.assert_array_equal(faded, slowly)
    np.testing.assert_array_equal(faded, levels * left[:, None])
