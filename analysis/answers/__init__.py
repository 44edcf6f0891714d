"""Answers about one history: why a group moved, what a person lived through, how two readings of 1917 fare.

The split by channel: ``traced``, ``why_words``, ``why``, ``why_table``. One person's year: ``story_words``, ``story``.
The worksheet of a debate: ``scorecard``.
"""
