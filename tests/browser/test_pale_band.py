"""The model's own error on the page: reckoned in the browser as in Python, and left out where it is not known."""

from __future__ import annotations

import numpy as np
import pytest
from browser_kit import CHROMIUM, DRIVER, MISSING

from sim.running.doubt import widened

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason=MISSING)

BAND = """
    const asked = [0, "petrograd|worker", arguments[0]], level = (q) => Array.from(O.quantile(...asked, q));
    const none = O.pale(...asked, "#000").length;
    O.scenarios[0].doubt = { space: 8, motions: 9 };
    const band = O.pale(...asked, "#000")[0], says = O.ownError(0);
    O.scenarios[0].doubt = null;
    return [none, says, level(0.1), level(0.5), level(0.9), band.low, band.high];
"""


def test_a_band_is_widened_as_in_python(lesson):
    for series, points in (("soviet_power", 9.0), ("bolshevik", 8.0)):
        none, says, low, middle, high, *wide = lesson.js(BAND, series)
        assert none == 0 and "paler band" in says
        assert np.allclose(wide, widened(low, middle, high, points, 0.8), atol=1e-6)
