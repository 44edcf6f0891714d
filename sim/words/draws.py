"""Random numbers as a pure function of (seed, stream, day, person).

There is no generator with a state. Each decision has its own :class:`Stream`; a draw hashes the four numbers, so a
counterfactual and its baseline see the same luck wherever they do the same thing (common random numbers), and the
result can't depend on the order of people, threads or processes.

Example of the trap this avoids: with a shared generator, one extra draw in June (a demonstration that the
counterfactual cancelled) would shift every draw after it, and October would differ for no reason of history.

The hash is the finaliser of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators,
OOPSLA 2014) applied once for each word of the key.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.words.kernels import kernel


class Stream(IntEnum):
    """One stream a decision. Never reuse a number: add a new line at the end."""

    TRAIT_CONSCIOUSNESS = 1
    TRAIT_VILLAGE_TIE = 2
    TRAIT_STUBBORNNESS = 3
    TRAIT_LITERACY = 4
    TRAIT_SEX = 5
    TRAIT_TONGUE = 6
    TRAIT_TRADE = 7
    TRAIT_THRESHOLD = 8
    ASSEMBLY_SIZE = 9
    TIES = 10
    MEMBERSHIP = 11
    ACTION = 12
    HAZARD = 13
    SHARED_SHOCK = 14
    DECISION = 15
    DEATHS = 16
    PARAMETERS = 17
    START_DEMAND = 18
    TRAIT_MEMORY = 19
    EVENT_SIZE = 20
    OUTSIDE = 21
    TASTE = 100  # one stream a party: TASTE + party index
    SAMPLE = 200


_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT = 2.0**-53


@kernel
def mix64(z: np.uint64) -> np.uint64:
    """The finaliser of SplitMix64: a bijection of 64-bit words."""
    z = (z ^ (z >> _S30)) * _MIX1
    z = (z ^ (z >> _S27)) * _MIX2
    return z ^ (z >> _S31)


@kernel
def key64(seed: int, stream: int, day: int, person: int) -> np.uint64:
    """Hash the four words of a draw's key."""
    z = mix64(np.uint64(seed) + _GAMMA)
    z = mix64((z ^ np.uint64(stream)) + _GAMMA)
    z = mix64((z ^ np.uint64(day)) + _GAMMA)
    return mix64((z ^ np.uint64(person)) + _GAMMA)


@kernel
def uniform(seed: int, stream: int, day: int, person: int) -> float:
    """One number in [0, 1), of 53 bits."""
    return np.float64(key64(seed, stream, day, person) >> _S11) * _TO_UNIT


@kernel
def _fill_uniform(seed: int, stream: int, day: int, persons: NDArray[np.int64], out: NDArray[np.float64]) -> None:
    for i in range(persons.size):
        out[i] = uniform(seed, stream, day, persons[i])


def uniforms(seed: int, stream: int, day: int, persons: NDArray[np.int64]) -> NDArray[np.float64]:
    """Uniform draws for an array of person ids; same shape as ``persons`` (one axis)."""
    out = np.empty(persons.size, dtype=np.float64)
    _fill_uniform(int(seed), int(stream), int(day), np.ascontiguousarray(persons, dtype=np.int64), out)
    return out


def stratified_uniforms(
    seed: int, stream: int, persons: NDArray[np.int64], strata: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Uniform draws spread evenly inside each stratum (a Latin hypercube column a stream).

    Within a stratum of n people each of the n equal intervals of [0, 1) is hit once, in an order drawn from the
    stream. The variance of a stratum's mean falls with n squared instead of n, and it is still a function of the key.
    """
    order_key = uniforms(seed, stream, 0, persons)
    jitter = uniforms(seed, stream, 1, persons)
    order = np.lexsort((order_key, strata))
    rank = np.empty(persons.size, dtype=np.int64)
    sorted_strata = strata[order]
    starts = np.flatnonzero(np.r_[True, sorted_strata[1:] != sorted_strata[:-1]])
    sizes = np.diff(np.r_[starts, persons.size])
    rank[order] = np.arange(persons.size) - np.repeat(starts, sizes)
    size = np.empty(persons.size, dtype=np.int64)
    size[order] = np.repeat(sizes, sizes)
    return (rank + jitter) / size


def stratified_normals(
    seed: int, stream: int, persons: NDArray[np.int64], strata: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Standard normal draws, spread evenly inside each stratum."""
    u = stratified_uniforms(seed, stream, persons, strata)
    return np.asarray(ndtri(np.clip(u, 1e-12, 1 - 1e-12)))
