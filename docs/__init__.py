"""The generated pages of the documentation: ``python -m docs`` writes them, ``make docs`` too.

It stands outside :mod:`sim` because no run needs it: a word changed here must not change the hash of the model's code,
on which the results of old runs depend.
"""
