"""Words: how parties, strata, places and bodies are named to a reader, and how a table of a page is set.

``naming``, ``markdown``.
"""
