"""A small file of parameter sets, for tests of what draws from them."""

from __future__ import annotations

from datetime import date

from sim.inputs.parameter_sets import About, ParameterSets, read_sets

HEAD = "set,lens,mode,fit,blame_rate,split_fear\n"
ROWS = [f"{i},neutral,{i % 2},-{i}.5,{0.1 + i / 100:.2f},{1.5 + i / 10:.1f}" for i in range(6)]
OWN = [f"{i},mandel,0,-9,{0.3 + i / 100:.2f},{2.0 + i / 10:.1f}" for i in range(3)]
TEXT = HEAD + "\n".join(ROWS + OWN) + "\n"
ABOUT = About(
    made_by="python -m a.test", made_on=date(2026, 1, 2), model="abc", runs=10,
    fits={"neutral": -1.5, "mandel": -0.25},
    discrepancy={"space": 8.0, "soviets": 10.0, "congresses": 12.0, "motions": 9.0},
)  # fmt: skip


def sets(text: str = TEXT, about: About | None = None) -> ParameterSets:
    """Six sets of the neutral lens and three of Mandel's, unless another text is given."""
    return ParameterSets("0123", "a_test", "a_test.csv", read_sets(text), about)
