"""A statistical battery for the keyed random numbers: ``make draws`` or ``python -m benchmarks.draws_battery``.

A draw is a hash of (seed, stream, day, person), so what must look random is not one long sequence but what comes out
when any of the four words moves while the others stand still. Each test is therefore run along each word. The keys are
fixed, so the answer is the same on every run. Prints a table of p-values and exits with 1 when one of them is less
likely than one battery in a thousand would give by chance (Bonferroni).

Tests: chi-square of the highest and lowest used bits, Kolmogorov-Smirnov, correlation and pairs of neighbours, gaps,
birthday spacings (Marsaglia and Tsang, Some difficult-to-pass tests of randomness, 2002), avalanche, collisions.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy import stats

from sim.words.draws import key64
from sim.words.kernels import kernel

Words = NDArray[np.uint64]
#: Hashes one array of each word of the key (all of one length).
Hash = Callable[[Words, Words, Words, Words], Words]

WORDS = ("seed", "stream", "day", "person")
#: The key that stands still while one word moves: an ordinary draw of an ordinary run.
STANDING = (1917, 12, 100, 5000)
#: A battery fails when its least likely result would come by chance less often than this.
LEVEL = 1e-3


class Result(NamedTuple):
    """One line of the table. ``p`` is two-sided: too even is as bad as too uneven."""

    test: str
    along: str
    statistic: float
    p: float


@kernel
def _hash(seed: Words, stream: Words, day: Words, person: Words, out: Words) -> None:
    for i in range(out.size):
        out[i] = key64(seed[i], stream[i], day[i], person[i])


def shipped(seed: Words, stream: Words, day: Words, person: Words) -> Words:
    """The hash of the model, for arrays of keys."""
    out = np.empty(seed.size, dtype=np.uint64)
    _hash(seed, stream, day, person, out)
    return out


def along(hash_: Hash, word: int, n: int, **moved: int) -> Words:
    """Hashes of ``n`` keys whose ``word`` counts up from 0, the others standing (or ``moved`` by name)."""
    key = [np.full(n, moved.get(name, at), dtype=np.uint64) for name, at in zip(WORDS, STANDING, strict=True)]
    key[word] = np.arange(n, dtype=np.uint64)
    return hash_(*key)


def unit(hashes: Words) -> NDArray[np.float64]:
    """What :func:`sim.words.draws.uniform` makes of a hash."""
    return (hashes >> np.uint64(11)) * 2.0**-53


def _two_sided(upper: float) -> float:
    return min(1.0, 2.0 * min(upper, 1.0 - upper))


def _even(cells: NDArray[np.int64], bins: int) -> tuple[float, float]:
    seen = np.bincount(cells, minlength=bins)
    statistic, p = stats.chisquare(seen)
    return float(statistic), _two_sided(float(p))


def bits(hash_: Hash, n: int) -> Iterator[Result]:
    """Chi-square of 256 bins made of the highest bits, and of the lowest that a draw uses."""
    for w, word in enumerate(WORDS):
        hashes = along(hash_, w, n)
        yield Result("high bits", word, *_even((hashes >> np.uint64(56)).astype(np.int64), 256))
        yield Result("low bits", word, *_even(((hashes >> np.uint64(11)) & np.uint64(255)).astype(np.int64), 256))


def evenness(hash_: Hash, n: int) -> Iterator[Result]:
    """Kolmogorov-Smirnov distance from even draws."""
    for w, word in enumerate(WORDS):
        found = stats.kstest(unit(along(hash_, w, n)), "uniform", method="asymp")
        yield Result("Kolmogorov-Smirnov", word, float(found.statistic), _two_sided(float(found.pvalue)))


def neighbours(hash_: Hash, n: int) -> Iterator[Result]:
    """People's draws against those of the next person, day, stream, seed: correlation, and pairs on a 64 x 64 grid."""
    here = unit(along(hash_, 3, n + 7))
    for word, at in zip(WORDS, STANDING, strict=True):
        for step in (1, 2, 7):
            there = here[step : n + step] if word == "person" else unit(along(hash_, 3, n, **{word: at + step}))
            r = float(np.corrcoef(here[:n], there)[0, 1])
            yield Result(f"correlation, {step} apart", word, r, float(2.0 * stats.norm.sf(abs(r) * np.sqrt(n))))
            if step == 1:
                pairs = (here[:n] * 64).astype(np.int64) * 64 + (there * 64).astype(np.int64)
                yield Result("pairs", word, *_even(pairs, 64 * 64))


def gaps(hash_: Hash, n: int) -> Iterator[Result]:
    """Lengths of the gaps between draws below one tenth, against the geometric law."""
    chance, longest = 0.1, 40
    for w, word in enumerate(WORDS):
        hits = np.flatnonzero(unit(along(hash_, w, n)) < chance)
        lengths = np.minimum(np.diff(hits) - 1, longest)
        law = chance * (1.0 - chance) ** np.arange(longest + 1)
        law[longest] = (1.0 - chance) ** longest
        statistic, p = stats.chisquare(np.bincount(lengths, minlength=longest + 1), law * lengths.size)
        yield Result("gaps", word, float(statistic), _two_sided(float(p)))


def birthdays(hash_: Hash, n: int) -> Iterator[Result]:
    """Equal spacings between 4,096 sorted birthdays in a year of 2**32 days; four are expected in each sample."""
    births, expected = 4096, 4.0
    samples = max(1, n // births)
    for w, word in enumerate(WORDS):
        hashes = along(hash_, w, samples * births).reshape(samples, births)
        for name, shift in (("high", 32), ("low used", 11)):
            days = np.sort((hashes >> np.uint64(shift)) & np.uint64(2**32 - 1), axis=1)
            spacings = np.sort(np.diff(days, axis=1), axis=1)
            equal = int((np.diff(spacings, axis=1) == 0).sum())
            mean = expected * samples
            p = min(1.0, 2.0 * float(min(stats.poisson.cdf(equal, mean), stats.poisson.sf(equal - 1, mean))))
            yield Result(f"birthday spacings, {name} bits", word, float(equal), p)


def avalanche(hash_: Hash, n: int) -> Iterator[Result]:
    """Flip each of the 64 bits of each word: each of the 64 bits of the hash should change half of the time."""
    n = max(256, n // 64)
    key = [np.arange(n, dtype=np.uint64) + np.uint64(at) for at in STANDING]
    before = hash_(*key)
    columns = np.arange(64, dtype=np.uint64)
    for w, word in enumerate(WORDS):
        z = np.empty((64, 64))
        for bit in range(64):
            flipped = list(key)
            flipped[w] = key[w] ^ np.uint64(1 << bit)
            changed = before ^ hash_(*flipped)
            z[bit] = [((changed >> c) & np.uint64(1)).sum() for c in columns]
        z = (z - 0.5 * n) / np.sqrt(0.25 * n)
        worst = float(np.abs(z).max())
        chance = float(-np.expm1(z.size * np.log1p(-2.0 * stats.norm.sf(worst))))
        total = float((z**2).sum())
        yield Result("avalanche, all pairs of bits", word, total, _two_sided(float(stats.chi2.sf(total, z.size))))
        yield Result("avalanche, worst pair of bits", word, worst, chance)


def collisions(hash_: Hash, n: int) -> Iterator[Result]:
    """Different keys of a small grid of all four words: no two hashes are equal (chance of one: below 1e-6)."""
    side = max(2, int(n**0.25))
    grid = np.meshgrid(*(np.arange(side, dtype=np.uint64),) * 4, indexing="ij")
    hashes = hash_(*(g.ravel() for g in grid))
    equal = hashes.size - np.unique(hashes).size
    yield Result("equal hashes on a grid", "all", float(equal), 1.0 if equal == 0 else 0.0)


TESTS = (bits, evenness, neighbours, gaps, birthdays, avalanche, collisions)


def battery(hash_: Hash = shipped, n: int = 2**20) -> list[Result]:
    """Run every test on ``n`` draws along each word."""
    with np.errstate(over="ignore"):
        return [result for test in TESTS for result in test(hash_, n)]


def failures(results: list[Result]) -> list[Result]:
    """The results that chance would give in less than one battery in a thousand (not-a-number counts as one)."""
    return [r for r in results if not r.p >= LEVEL / len(results)]


def show(results: list[Result], n: int) -> None:
    bad = failures(results)
    table = Table(title=f"Keyed draws: {len(results)} tests on {n:,} draws each")
    for name in ("test", "along"):
        table.add_column(name)
    for name in ("statistic", "p", ""):
        table.add_column(name, justify="right")
    for r in results:
        table.add_row(r.test, r.along, f"{r.statistic:,.5g}", f"{r.p:.4f}", "FAILS" if r in bad else "")
    Console(width=100).print(table)
    least = min(r.p for r in results)
    print(f"least p {least:.2g}; a battery fails below {LEVEL / len(results):.1e}: {len(bad)} failed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=2**22, help="draws for each test (default: about four million)")
    n = parser.parse_args().draws
    results = battery(n=n)
    show(results, n)
    return 1 if failures(results) else 0


if __name__ == "__main__":
    sys.exit(main())
