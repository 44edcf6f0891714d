"""Running: how a study is run. Tasks over processes, taken up where they were stopped, one bar, one plain ending.

``folders``, ``simulate``, ``progress``, ``kept``, ``plainly``.
"""
