"""Whole seats: they add up to the house, follow the weights, and know no party by name."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.politics.seats import apportion, highest_average, largest_remainder
from sim.words.identifiers import P

weights = arrays(np.float64, 11, elements=st.floats(0.0, 1e6)).filter(lambda w: w.sum() > 1e-3)


@settings(deadline=None)  # the first example compiles a kernel
@given(weights, st.integers(0, 3000))
def test_seats_sum_to_the_house(weight: np.ndarray, house: int) -> None:
    assert apportion(weight, house).sum() == house
    assert highest_average(weight, min(house, 200)).sum() == min(house, 200)


@settings(deadline=None)  # the first example compiles a kernel
@given(weights, st.integers(1, 500))
def test_no_party_is_more_than_one_seat_from_its_quota(weight: np.ndarray, house: int) -> None:
    quota = weight / weight.sum() * house
    assert np.all(np.abs(apportion(weight, house) - quota) < 1 + 1e-6)


@settings(deadline=None)  # the first example compiles a kernel
@given(st.permutations(range(11)), st.integers(1, 1200), st.integers(0, 10_000))
def test_permuting_the_parties_permutes_the_seats(order: list[int], house: int, key: int) -> None:
    weight = np.random.default_rng(key).dirichlet(np.ones(11))
    assert np.array_equal(apportion(weight[order], house), apportion(weight, house)[order])
    assert np.array_equal(highest_average(weight[order], 40), highest_average(weight, 40)[order])


def test_hand_counted_largest_remainder() -> None:
    # 10 seats, votes 47, 16, 15.8, 12, 6.1, 3.1: the textbook case gives 5, 2, 1, 1, 1, 0.
    assert apportion(np.array([47, 16, 15.8, 12, 6.1, 3.1]), 10).tolist() == [5, 2, 1, 1, 1, 0]


def test_hand_counted_highest_average() -> None:
    # 8 seats, votes 100, 80, 30, 20: 4, 3, 1, 0 (the 30 gets the eighth: 30 against 26.7, 25 and 20).
    assert highest_average([100, 80, 30, 20], 8).tolist() == [4, 3, 1, 0]


def test_rows_are_independent_and_an_empty_row_stays_empty() -> None:
    rows = apportion(np.array([[3.0, 1.0], [0.0, 0.0], [1.0, 1.0]]), np.array([4, 7, 2]))
    assert rows.tolist() == [[3, 1], [0, 0], [1, 1]]


def test_the_kernel_equals_its_uncompiled_form():
    draw = np.random.default_rng(17)
    weight = np.round(draw.random((40, P)) * draw.integers(0, 5, (40, 1)), 1)
    house, total = draw.integers(0, 3 * P, 40), weight.sum(axis=1)
    dealt, plain = np.zeros((40, P), dtype=np.int64), np.zeros((40, P), dtype=np.int64)
    largest_remainder(weight, total, house, dealt)
    largest_remainder.py_func(weight, total, house, plain)
    np.testing.assert_array_equal(dealt, plain)
    np.testing.assert_array_equal(dealt.sum(axis=1), np.where(total > 0.0, house, 0))
