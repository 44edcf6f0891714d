"""Inference: which parameters the evidence on the calibrate side leaves standing, from thousands of runs kept once.

The quick fit: ``calibrate``. The table and its emulator: ``lens_axes``, ``reference``, ``emulator``. The posterior:
``sampler``, ``posterior``, ``matching``, ``accept``. What it is worth and how it is told: ``recovery``,
``rejection``, ``report``, ``page``.
"""
