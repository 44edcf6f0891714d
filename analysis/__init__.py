"""What reads results: the evidence, inference, validation, studies, answers, figures and pages.

Uses only the public names of :mod:`sim`. The rooms; each says in which order to read its files:

- ``words``: names for parties, strata and places; tables of a page.
- ``running``: how a study is run: tasks over processes, taken up where they were stopped.
- ``evidence``: what was counted in 1917, as questions to the tables of a run, and errors (data: ``targets/``).
- ``inference``: the fit, the table of runs, the posterior, the shipped sets (data: ``reference/``).
- ``validation``: what the model foresees of contests it was not fitted to, beside rivals (data: ``reference/``).
- ``studies``: what the answers depend on, and how free history goes (data beside the code).
- ``answers``: why a group moved, one person's year, the worksheet of a debate.
- ``plots``: figures; ``page``: the one-file page; ``classroom``: the live page.

words, running <- evidence <- inference <- validation <- studies <- plots <- page <- classroom, and words, running <-
answers <- plots: a room imports from those before it, never back (``tests/test_layers.py``). One door leads back,
inside functions: a split (:mod:`analysis.answers.why`) draws itself. ``python -m analysis`` lists the commands.
"""
