"""Parties and bodies: who speaks for whom, and what a body shows of the people it watches.

Bodies never see people. They see an :class:`~sim.politics.view.AssemblyView` (meetings that vote by show of hands)
or a :class:`~sim.politics.view.CellView` (voters with a ballot paper), and turn it into seats, resolutions and votes.
The arithmetic stands in plain functions that are tested on known populations; the Mesa agents are thin.
"""
