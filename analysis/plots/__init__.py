"""Figures, made with matplotlib from the tables of a run.

How they look: ``style``, ``text``, ``marks``, ``sheet``, ``bands``, ``curves``. One history: ``allegiance``,
``policy``, ``seats``, ``regions``, ``actions``, ``elections``, ``power``. Several: ``ribbons``, ``odds``, ``single``,
``chronicle``, ``openness``. Of answers, validation and studies: ``why``, ``scorecard``, ``validation``,
``sensitivity``. All by name: ``kinds``, ``gallery``.
"""
