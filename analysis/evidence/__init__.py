"""The evidence as questions: what sources counted (``analysis/targets``), what a run's tables answer, how far off.

First contests and their errors: ``contests``, ``observe``, ``scores``. Then patterns of the year: ``year``,
``verdicts``, ``patterns``, ``force_patterns``. What a run of a study keeps of all this: ``outputs``.
"""
