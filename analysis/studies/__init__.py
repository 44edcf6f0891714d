"""Studies: what the answers depend on. Their reports lie beside them as JSON, for the pages.

One probe of the model: ``probe``. Parameters: ``morris``, ``sobol``, ``sensitivity`` (``october sensitivity``). Numbers
set by hand: ``doubts``. Mechanisms: ``refit``, ``ablation``. Their pages: ``page``. How free history goes: ``free``.
"""
