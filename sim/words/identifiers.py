"""Names that are fixed: strata, parties, demands, trades, channels, bodies, elections, actions.

The order of each tuple is the order of the axes of every array in the model. ``P``, ``K`` and ``C`` are the
lengths of the party, demand and channel axes. Place ids live in :mod:`sim.society.places`.
"""

from __future__ import annotations

#: Social strata (ledger B-001 to B-019). 'middle' is the intelligentsia, employees and officials;
#: 'propertied' is census society with officers of that standing.
STRATA = ("worker", "soldier", "sailor", "peasant", "middle", "propertied")

#: Parties and currents (ledger B-040 to B-057). 'unaligned' is a person who follows none.
PARTIES = (
    "bolshevik",
    "left_sr",
    "sr",
    "menshevik",
    "menshevik_internationalist",
    "anarchist",
    "kadet",
    "right",
    "national_socialist",
    "national",
    "unaligned",
)

#: What people want. 'power' is the defence of the revolution; 'order' is safety, property and the front;
#: 'nation' is self-government for the peoples of the Empire.
DEMANDS = ("peace", "bread", "work", "land", "power", "order", "nation")

#: How a party's word arrives. 'capital_press' goes out by rail; 'workplace' is cells and agitators in
#: plants; 'committees' are soldiers' and soviet committees; 'village' is zemstvo, co-operatives, teachers and
#: kin; 'office' is government, officers and the provincial press; 'nation' is the national press and schools.
CHANNELS = ("capital_press", "workplace", "committees", "village", "office", "nation")

#: Occupations inside a stratum. The first word of the name is the stratum that it belongs to.
TRADES = (
    "worker_metal",
    "worker_textile",
    "worker_printing",
    "worker_railway",
    "worker_chemical_food",
    "worker_mining",
    "worker_other",
    "soldier_front_infantry",
    "soldier_technical",
    "soldier_cavalry_cossack",
    "soldier_rear_reserve",
    "soldier_evacuee",
    "soldier_over_forty",
    "sailor",
    "peasant_poor",
    "peasant_middling",
    "middle_intelligentsia",
    "middle_employee",
    "propertied_census",
    "propertied_officer",
)

TONGUES = ("russian", "ukrainian", "belorussian", "other")
STATUSES = ("at_work", "locked_out", "at_front", "deserted")

ELECTIONS = (
    "petrograd_district_dumas",
    "moscow_duma",
    "petrograd_duma",
    "moscow_district_dumas",
    "town_dumas",
    "constituent_assembly",
)

ACTIONS = (
    "strike",
    "demonstration",
    "occupation",
    "land_seizure",
    "desertion",
    "red_guard",
    "refusal",
    "insurrection",
)

#: What runs may take their parameters from, besides a file: the shipped sets of the posterior, the declared values.
POSTERIOR, DEFAULT = "posterior", "default"

EVENT_STATUSES = ("pinned", "fired", "forced", "removed", "did_not_happen")

P = len(PARTIES)
K = len(DEMANDS)
C = len(CHANNELS)

STRATUM = {name: i for i, name in enumerate(STRATA)}
PARTY = {name: i for i, name in enumerate(PARTIES)}
DEMAND = {name: i for i, name in enumerate(DEMANDS)}
CHANNEL = {name: i for i, name in enumerate(CHANNELS)}
TRADE = {name: i for i, name in enumerate(TRADES)}
TONGUE = {name: i for i, name in enumerate(TONGUES)}
