"""The glossary of a person's story: every sentence that can be told, with what it is told from.

A sentence is a template and the recorded values that fill it. Nothing else is said; what the model keeps for a whole
place and not for a person is said of the people around.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Template -> when it is told.
SENTENCES: Mapping[str, str] = {
    "not_real": "A simulated person, not a real one: number {row} of run {run} of \u2018{title}\u2019. "
    "The row stands for about {stands_for} real people.",
    "who": "{She} is {trade} in {place}{province}. {Her} mother tongue is {tongue}, and {she} {reads}.{village}",
    "assembly": "{She} meets {fellows} of about {assembly} people{delay}.",
    "start": "On {date} {she} follows {party} before all others ({share} per cent of {her} leaning).",
    "no_party": "On {date} {she} follows no party before all others ({share} per cent of {her} leaning goes to none).",
    "turn": "By {date} {she} leans most to {party}, no longer to {before}. What did most to it since {since}: "
    "{channel}.",
    "turn_from_none": "By {date} {she} leans most to {party}, after following none. What did most to it since {since}: "
    "{channel}.",
    "soviets": "From {date} {she} is for soviet power rather than against it.",
    "no_soviets": "From {date} {she} is against soviet power rather than for it.",
    "act": "On {date} {she} {act} for the first time; in all {she} does so on {days} days, last on {last}.",
    "act_once": "On {date} {she} {act}, on that day alone.",
    "card": "On {date} {she} first carries the card of {party}.",
    "card_gone": "By {date} {she} carries no party card any more.",
    "news": "Word of \u2018{event}\u2019 ({date}) reaches {him} {when}; it changes whom {she} believes.",
    "ballot": "{election} {are} elected on {date}. In {her} {assembly} {first_share} per cent stand with {first} and "
    "{second_share} with {second}; {she} stands nearest to {own}.",
    "deserted": "By {date} {share} per cent of the men of {her} kind here have left for home; the model does not say "
    "who.",
    "locked": "By {date} owners have locked out {share} per cent of the workers here; the model does not say whom.",
    "red_guard": "By {date} {share} per cent of the workers at work here have joined the Red Guard; the model does not "
    "say who.",
    "seized": "By {date} {share} per cent of the villages of {her} kind here hold landlords' land that they have "
    "taken.",
    "never_acted": "On no recorded day does {she} come out with the others.",
    "end": "On {date} {she} stands nearest to {party} ({share} per cent), then to {second} ({second_share} per cent).",
    "end_soviets": "{Her} support for soviet power is {support} of 100.",
}
TRADES = {
    "worker_metal": "a metal worker", "worker_textile": "a textile worker", "worker_printing": "a printing worker",
    "worker_railway": "a railway worker", "worker_chemical_food": "a worker in chemicals or food",
    "worker_mining": "a worker in mining", "worker_other": "a worker in another trade",
    "soldier_front_infantry": "an infantry soldier at the front",
    "soldier_technical": "a soldier of the technical arms",
    "soldier_cavalry_cossack": "a soldier of the cavalry or the Cossacks", "soldier_rear_reserve": "a soldier of the "
    "reserve", "soldier_evacuee": "an evacuated soldier", "soldier_over_forty": "a soldier over forty",
    "sailor": "a sailor", "peasant_poor": "a poor peasant", "peasant_middling": "a middling peasant",
    "middle_intelligentsia": "of the intelligentsia", "middle_employee": "an employee or official",
    "propertied_census": "of census society", "propertied_officer": "an officer",
}  # fmt: skip
TONGUES = {
    "russian": "Russian", "ukrainian": "Ukrainian", "belorussian": "Belorussian",
    "other": "neither Russian nor Ukrainian nor Belorussian",
}  # fmt: skip
#: Where a stratum meets: in a sentence after 'meets', and as a noun.
MEETS = {
    "worker": ("daily in a plant", "plant"), "soldier": ("daily in a unit", "unit"),
    "sailor": ("daily in a crew or ship's company", "crew"), "peasant": ("in a village", "village"),
    "middle": ("in an office", "office"), "propertied": ("in a circle", "circle"),
}  # fmt: skip
ACTS = {
    "strike": "is on strike", "demonstration": "is in a demonstration", "occupation": "helps to occupy the plant",
    "land_seizure": "takes part as the village takes landlords' land", "refusal": "refuses orders with the unit",
}  # fmt: skip
ELECTIONS = {
    "petrograd_district_dumas": "The Petrograd district dumas", "moscow_duma": "The Moscow duma",
    "petrograd_duma": "The Petrograd duma", "moscow_district_dumas": "The Moscow district dumas",
    "town_dumas": "Town dumas", "constituent_assembly": "The Constituent Assembly",
}  # fmt: skip
#: Elections in the plural.
SEVERAL = {"petrograd_district_dumas", "moscow_district_dumas", "town_dumas"}
#: A tie to the village at or above this is told as strong, below the second as none.
STRONG_TIE, NO_TIE = 0.6, 0.2
VILLAGE = {"strong": " The village is still home.", "some": " Ties to a village are not broken off.", "": ""}
