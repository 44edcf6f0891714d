"""Validation: what the model foresees of contests that it was not fitted to, beside rivals that know less.

Forecasts and rivals: ``forecasts``, ``electorates``, ``baselines``. Foreseen through the emulator: ``foresight``,
``leave_out``, ``hindcast``. With runs: ``comparison`` (``october validate``), ``looks``, ``told``, ``kept``. What the
pages say of it: ``trust``, with ``rivalry``, ``partisans`` and ``cells``.
"""
