"""The closed vocabulary of effects: what it reads, what it refuses, and that it can't move a share (rule 1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from sim.inputs.effects import EFFECTS, Hardship, dump_effects, effects_schema, kind_of, parse_effects
from sim.inputs.known import Known
from sim.inputs.scenario import Scenario
from sim.words.identifiers import STRATA

EXAMPLES: list[dict[str, Any]] = [
    {"hardship": {"demand": "peace", "strata": ["soldier"], "places": ["fronts"], "size": "large", "half_life": 40}},
    {"relief": {"demand": "bread", "strata": "all", "places": "all", "size": "small", "half_life": 7.5}},
    {"fear": {"strata": ["worker"], "places": ["petrograd"], "size": {"measured": "S158"}, "half_life": 20}},
    {"insecurity": {"strata": ["worker"], "places": ["*/towns"], "size": "medium", "half_life": 30}},
    {"bears_out": {"warning": "coup_from_the_right", "size": "large"}},
    {"refutes": {"warning": "army_collapse", "size": "small"}},
    {"office": {"cabinet": "first_coalition"}},
    {"office_support": {"body": "petrograd_soviet", "supports": True}},
    {"policy": {"demand": "land", "level": 0.2}},
    {"repression": {"party": "bolshevik", "places": ["petrograd"], "size": "medium", "half_life": 25}},
    {
        "press": {
            "party": "kadet",
            "channel": "office",
            "places": ["*/towns"],
            "size": "small",
            "half_life": 90,
        }
    },
    {"accusation": {"charge": "german_money", "against": "bolshevik", "size": "medium"}},
    {"exposure": {"charge": "german_money"}},
    {"shooting": {"shooter": "garrison", "crowd": ["worker"], "places": "petrograd/centre", "deaths": [40, 200]}},
    {"discipline": {"places": ["fronts"], "size": "large", "half_life": 60, "direction": "down"}},
    {"supply": {"series": "bread", "places": "petrograd", "size": "small", "half_life": 14, "direction": "down"}},
    {"closures": {"places": ["petrograd"], "persons": 30000, "cause": "fuel"}},
    {"arms": {"strata": ["worker"], "places": ["petrograd"], "persons": [20000, 25000]}},
    {"pledge": {"pledge": "garrison_stays", "kept": False}},
    {"information": {"channel": "village", "places": ["*/villages"], "factor": 0.5, "half_life": 30}},
    {"convene": {"body": "second_congress"}},
    {"dissolve": {"body": "constituent_assembly"}},
    {"elect": {"election": "constituent_assembly"}},
    {"season": {"name": "cold", "series": "bread", "factor": 0.8, "half_life": 20}},
]


def only_error(value: Any, known: Known | None = None) -> dict[str, Any]:
    with pytest.raises(ValidationError) as caught:
        parse_effects([value], known)
    errors = caught.value.errors()
    assert len(errors) == 1, errors
    return dict(errors[0])


def test_every_kind_has_an_example_and_survives_a_round_trip_through_json() -> None:
    assert [kind_of(example) for example in EXAMPLES] == list(EFFECTS)
    effects = parse_effects(EXAMPLES)
    written = json.loads(json.dumps(dump_effects(effects)))
    assert parse_effects(written) == effects
    assert [next(iter(item)) for item in written] == list(EFFECTS)


def test_strata_places_and_counts_have_one_form_whatever_was_written() -> None:
    relief, closures = parse_effects([EXAMPLES[1], EXAMPLES[16]])
    assert relief.strata == STRATA and relief.places == ("all",)  # type: ignore[attr-defined]
    assert closures.persons == (30000, 30000)  # type: ignore[attr-defined]
    assert parse_effects([EXAMPLES[13]])[0].places == ("petrograd/centre",)  # type: ignore[attr-defined]


def test_effects_do_not_change_after_reading() -> None:
    effect = parse_effects([EXAMPLES[0]])[0]
    with pytest.raises(ValidationError):
        effect.half_life = 1.0  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "change", "place", "type_"),
    [
        ("hardship", {"demand": "vodka"}, "demand", "unknown_name"),
        ("hardship", {"strata": ["wrker"]}, "strata", "unknown_name"),
        ("hardship", {"strata": ["worker", "worker"]}, "strata", "malformed"),
        ("hardship", {"strata": []}, "strata", "malformed"),
        ("hardship", {"places": "Petrograd!"}, "places", "malformed"),
        ("hardship", {"places": [f"place_{i}" for i in range(81)]}, "places", "malformed"),
        ("hardship", {"size": "huge"}, "size", "unknown_name"),
        ("hardship", {"size": {"measured": "page 5"}}, "size", "malformed"),
        ("hardship", {"half_life": 0}, "half_life", "greater_than"),
        ("hardship", {"half_life": float("nan")}, "half_life", "finite_number"),
        ("hardship", {"half_life": "10"}, "half_life", "float_type"),
        ("hardship", {"half_life": True}, "half_life", "float_type"),
        ("policy", {"level": 1.5}, "level", "less_than_equal"),
        ("press", {"channel": "radio"}, "channel", "unknown_name"),
        ("repression", {"party": "bolsheviks"}, "party", "unknown_name"),
        ("convene", {"body": "parliament"}, "body", "unknown_name"),
        ("elect", {"election": "tsar"}, "election", "unknown_name"),
        ("shooting", {"deaths": [10, 2]}, "deaths", "malformed"),
        ("closures", {"persons": [-1, 5]}, "persons", "greater_than_equal"),
        ("information", {"factor": 5}, "factor", "less_than_equal"),
        ("pledge", {"kept": "no"}, "kept", "bool_type"),
        ("exposure", {"charge": "German Money"}, "charge", "malformed"),
    ],
)
def test_a_wrong_value_is_refused_where_it_stands(kind: str, change: dict[str, Any], place: str, type_: str) -> None:
    example = next(item for item in EXAMPLES if kind in item)
    error = only_error({kind: {**example[kind], **change}})
    assert error["type"] == type_
    assert error["loc"][:3] == (0, kind, place)


def test_unknown_kinds_and_forms_are_refused() -> None:
    assert only_error({"hardshp": {}})["type"] == "union_tag_invalid"
    assert only_error({"fear": {}, "relief": {}})["type"] == "union_tag_not_found"
    assert only_error("fear")["type"] == "union_tag_not_found"
    assert only_error({"office": None})["type"] == "malformed"


def test_names_of_other_layers_are_checked_against_what_they_offer() -> None:
    known = Known(
        matching=lambda pattern: ("petrograd/vyborg",) if pattern == "petrograd" else (),
        places=("petrograd",),
        cabinets=("first_coalition",),
        warnings=("army_collapse",),
        bodies=("moscow_mrc",),
    )
    fear = {"strata": "all", "places": ["petrograd"], "size": "small", "half_life": 1}
    assert parse_effects([{"fear": fear}, {"convene": {"body": "moscow_mrc"}}], known)
    assert parse_effects([{"convene": {"body": "petrograd/soviet"}}], known)
    assert only_error({"fear": {**fear, "places": ["petrogrod"]}}, known)["ctx"]["kind"] == "place"
    assert only_error({"convene": {"body": "petrogrod/soviet"}}, known)["ctx"]["kind"] == "place"
    assert only_error({"office": {"cabinet": "third"}}, known)["ctx"]["known"] == ("first_coalition",)
    assert only_error({"bears_out": {"warning": "x", "size": "small"}}, known)["ctx"]["kind"] == "warning"


# --- rule 1: nothing sets or adds to a party's share or attitude -------------------------------------------------

#: Everything that may be said about a party, with what it acts on. A new pair here is a decision about rule 1.
PARTY_FIELDS = {
    ("repression", "party"): "reach",
    ("press", "party"): "reach",
    ("accusation", "against"): "credibility, among those who hear it",
}
#: What people conclude; no field may be named after it.
CONCLUSIONS = ("share", "attitude", "allegiance", "vote", "popularity", "utility", "identity", "taste", "soviet_power")


def models_in(model: type[BaseModel], seen: set[type[BaseModel]] | None = None) -> set[type[BaseModel]]:
    """A model and all that its fields can hold."""
    seen = set() if seen is None else seen
    seen.add(model)
    for field in model.model_fields.values():
        for inner in classes_in(field.annotation):
            if inner not in seen:
                models_in(inner, seen)
    return seen


def classes_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from classes_in(argument)


def test_the_scenario_reaches_every_effect() -> None:
    assert set(EFFECTS.values()) <= models_in(Scenario)


def test_no_field_is_named_after_what_people_conclude() -> None:
    for model in models_in(Scenario):
        for name in model.model_fields:
            assert not any(word in name for word in CONCLUSIONS), f"{model.__name__}.{name}"


def test_only_declared_fields_name_a_party_and_none_carries_a_number_for_it() -> None:
    definitions = effects_schema()["$defs"]
    found = set()
    for effect in EFFECTS.values():
        body = definitions[effect.__name__]["properties"][effect.kind]
        for name, field in body["properties"].items():
            if "bolshevik" in json.dumps(field):
                found.add((effect.kind, name))
                assert field["enum"], "a party stands alone, never as the key of a number"
    assert found == set(PARTY_FIELDS)


def test_elsewhere_in_a_scenario_a_party_is_only_named_as_the_author_of_a_warning() -> None:
    effects = set(EFFECTS.values())
    naming = {
        f"{model.__name__}.{name}"
        for model in models_in(Scenario) - effects
        for name, field in model.model_json_schema(by_alias=False)["properties"].items()
        if '"kadet"' in json.dumps(field)
    }
    assert naming == set()


@pytest.mark.parametrize("smuggled", ["share", "attitude", "party", "bolshevik", "add"])
def test_a_smuggled_field_is_refused_in_every_effect(smuggled: str) -> None:
    for example in EXAMPLES:
        kind, body = next(iter(example.items()))
        if smuggled in body:
            continue
        error = only_error({kind: {**body, smuggled: 0.5}})
        assert error["type"] == "extra_forbidden" and error["loc"] == (0, kind, smuggled)


def test_the_schema_shows_the_written_form() -> None:
    schema = effects_schema()["$defs"][Hardship.__name__]
    assert schema["required"] == ["hardship"] and schema["additionalProperties"] is False
    assert schema["properties"]["hardship"]["required"] == ["demand", "strata", "places", "size", "half_life"]
