"""What breaks the contract is found; what only adds to it is let through."""

import importlib
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Part = dict[str, Any]  # a description has OpenAPI's own form
CONTRACT = Path(__file__).resolve().parents[3] / "docs" / "contract"
TODAY = date(2026, 11, 22)
ROW: Part = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "price": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "tier": {"type": "string", "enum": ["standard", "batch"]},
        "kin": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
    },
}
LIMIT: Part = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": 1000},
}
SORT: Part = {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["a", "b"]}}
FIELDS: Part = {
    "name": "fields",
    "in": "query",
    "schema": {"type": "string", "pattern": "^(id|price)(,(id|price))*$"},
}
GET: Part = {
    "operationId": "list_rows",
    "parameters": [LIMIT, SORT, FIELDS],
    "responses": {
        "200": {
            "content": {
                "application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}
                },
                "text/csv": {"schema": {"type": "string"}},
            }
        },
        "404": {"content": {"application/problem+json": {}}},
    },
}
USAGE: Part = {
    "type": "object",
    "required": ["model"],
    "properties": {"model": {"type": "string", "maxLength": 300}, "at": {"type": "string"}},
}
POST: Part = {
    "operationId": "cost",
    "requestBody": {"required": True, "content": {"application/json": {"schema": USAGE}}},
    "responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}},
}
MESSAGE: Part = {"post": {"requestBody": {"content": {"application/json": {"schema": ROW}}}}}
OLD: Part = {
    "paths": {"/rows": {"get": GET}, "/cost": {"post": POST}},
    "webhooks": {"row.changed": MESSAGE},
    "components": {"schemas": {"Row": ROW}},
}


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(CONTRACT))
    return importlib.import_module("breaking")


def get(new: Part) -> Part:
    found: Part = new["paths"]["/rows"]["get"]
    return found


def row(new: Part) -> Part:
    found: Part = new["components"]["schemas"]["Row"]
    return found


def usage(new: Part) -> Part:
    body: Part = new["paths"]["/cost"]["post"]["requestBody"]
    found: Part = body["content"]["application/json"]["schema"]
    return found


def limit(new: Part) -> Part:
    found: Part = get(new)["parameters"][0]["schema"]
    return found


def fields(new: Part) -> Part:
    found: Part = get(new)["parameters"][2]["schema"]
    return found


Change = Callable[[Part], object]
BREAKS: dict[str, tuple[Change, str]] = {
    "a path": (lambda new: new["paths"].pop("/rows"), "GET /rows: removed"),
    "a parameter": (lambda new: get(new)["parameters"].pop(0), "GET /rows limit: removed"),
    "a field": (lambda new: row(new)["properties"].pop("price"), ".price: removed"),
    "a nested field": (lambda new: row(new)["properties"].pop("tier"), ".tier: removed"),
    "a format": (
        lambda new: get(new)["responses"]["200"]["content"].pop("text/csv"),
        "text/csv is gone",
    ),
    "an answer": (lambda new: get(new)["responses"].pop("200"), "does not answer 200"),
    "a value that is taken": (
        lambda new: get(new)["parameters"][1]["schema"]["enum"].pop(),
        "values are gone: b",
    ),
    "a value that is given": (
        lambda new: row(new)["properties"]["tier"]["enum"].pop(),
        "values are gone: batch",
    ),
    "its name": (lambda new: get(new).update(operationId="rows"), "operationId list_rows is rows"),
    "its openness": (lambda new: get(new).update(security=[{"key": []}]), "asks for a key now"),
    "a message": (lambda new: new["webhooks"].pop("row.changed"), "webhook row.changed: removed"),
    "a new required parameter": (
        lambda new: get(new)["parameters"].append(LIMIT | {"name": "of", "required": True}),
        "of is required now",
    ),
    "a parameter required": (
        lambda new: get(new)["parameters"][0].update(required=True),
        "limit is required now",
    ),
    "a field of a body required": (
        lambda new: usage(new)["required"].append("at"),
        ".at is required now",
    ),
    "a field optional": (lambda new: row(new)["required"].clear(), ".id is optional now"),
    "a lower maximum": (lambda new: limit(new).update(maximum=100), "maximum 1000 is 100"),
    "a higher minimum": (lambda new: limit(new).update(minimum=2), "minimum 1 is 2"),
    "a shorter text": (
        lambda new: usage(new)["properties"]["model"].update(maxLength=30),
        "maxLength 300 is 30",
    ),
    "another type taken": (lambda new: limit(new).update(type="string"), "type 'integer' is"),
    "another type given": (
        lambda new: row(new)["properties"]["id"].update(type="integer"),
        "type 'string' is 'integer'",
    ),
    "a pattern": (
        lambda new: usage(new)["properties"]["at"].update(pattern="^x"),
        "pattern None is '^x'",
    ),
    "a word of a list": (
        lambda new: fields(new).update(pattern="^(id|tier)(,(id|tier))*$"),
        "'^(id|price)(,(id|price))*$' is '^(id|tier)(,(id|tier))*$'",
    ),
    "null where none was": (
        lambda new: row(new)["properties"].update(
            id={"anyOf": [{"type": "string"}, {"type": "null"}]}
        ),
        "may be null now",
    ),
}
ADDS: dict[str, Change] = {
    "nothing": lambda _: None,
    "a path": lambda new: new["paths"].update({"/more": {"get": GET}}),
    "a parameter": lambda new: get(new)["parameters"].append(LIMIT | {"name": "more"}),
    "a field": lambda new: row(new)["properties"].update(more={"type": "string"}),
    "a field of a body": lambda new: usage(new)["properties"].update(more={"type": "string"}),
    "a format": lambda new: get(new)["responses"]["200"]["content"].update({"text/tsv": {}}),
    "an error": lambda new: get(new)["responses"].update({"429": {}}),
    "a value": lambda new: row(new)["properties"]["tier"]["enum"].append("flex"),
    "a word of a list": lambda new: fields(new).update(
        pattern=r"^(id|kin\.id|price)(,(id|kin\.id|price))*$"
    ),
    "a higher maximum": lambda new: limit(new).update(maximum=2000),
    "no null any more": lambda new: row(new)["properties"].update(price={"type": "string"}),
    "a field of a body optional": lambda new: usage(new)["required"].clear(),
    "words": lambda new: get(new).update(description="Other words."),
    "a message": lambda new: new["webhooks"].update({"row.added": MESSAGE}),
}


def found(breaking: ModuleType, change: Change, old: Part = OLD) -> list[str]:
    new = deepcopy(old)
    change(new)
    return [str(one) for one in breaking.breaks(old, new, today=TODAY)]


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_taken_away_or_narrowed_breaks(breaking: ModuleType, name: str) -> None:
    change, said = BREAKS[name]
    assert any(said in one for one in found(breaking, change)), found(breaking, change)


@pytest.mark.parametrize("name", ADDS)
def test_what_is_added_or_widened_breaks_nothing(breaking: ModuleType, name: str) -> None:
    assert found(breaking, ADDS[name]) == []


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({}, "removed; first declare it deprecated, with x-sunset"),
        ({"deprecated": True}, "removed; first declare it deprecated, with x-sunset"),
        ({"deprecated": True, "x-sunset": "2027-06-01"}, "removed before its sunset on 2027-06-01"),
        ({"deprecated": True, "x-sunset": "2026-11-22"}, None),
    ],
)
def test_what_was_deprecated_may_go_when_its_day_has_come(
    breaking: ModuleType, declared: Part, said: str | None
) -> None:
    old = deepcopy(OLD)
    get(old).update(declared)
    breaks = found(breaking, lambda new: new["paths"].pop("/rows"), old)
    assert breaks == ([] if said is None else [f"GET /rows: {said}"])
