"""The Mesa-object twin in benchmarks/ and the kernels of the model are the same rule."""

import numpy as np

from benchmarks.mesa_twin import Twin
from benchmarks.workload import live, workload


def test_the_twin_and_the_kernels_give_the_same_attitudes():
    days = 10
    columns, twin = workload(200), Twin(workload(200))
    before = columns.attitude.copy()
    live(columns, days)
    for _ in range(days):
        twin.step()
    np.testing.assert_allclose(columns.attitude, twin.attitudes(), rtol=0, atol=1e-5)
    # Nearly everyone has moved by much more than the tolerance, and not alike.
    moved = np.abs(columns.attitude - before)
    assert np.median(moved) > 0.1 and moved.std() > 0.1
