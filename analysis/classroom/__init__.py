"""The live page, served to this machine alone. See :mod:`analysis.classroom.server`.

``lesson``, ``server``.
"""
