"""The one-file page: a lesson that opens from the disk, offline, in any browser. See :mod:`analysis.page.export`.

Numbers: ``groups``, ``pack``, ``cube``, ``openness``, ``reasons``, ``positions``. Words: ``words``, ``told``,
``observed``, ``houses``. The whole: ``data``, ``build``, ``export``. What runs in the browser: ``front/``, ``vendor/``.
"""
