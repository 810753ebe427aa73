"""What every number of the description is: 64 bits hold it."""

from collections.abc import Iterator
from typing import cast

from api.openapi.parts import Part

AMOUNT: Part = {"pattern": "^[1-9][0-9]{0,5}(\\.[0-9]{1,7})?$", "maxLength": 14}
LARGEST_AMOUNT = 9_000_000
NUMBER = {"number", "string"}


def add_bounds(description: Part) -> None:
    """Say of every integer how many bits it has."""
    for schema in _objects(description):
        if schema.get("type") == "integer":
            schema.setdefault("format", "int64")
        choices = schema.get("anyOf", [])
        if {choice.get("type") for choice in choices} >= NUMBER:
            schema["anyOf"] = [_amount(choice) for choice in choices]


def _amount(choice: Part) -> Part:
    """Let an amount in a body be text: exact, and no longer than a price."""
    if choice.get("type") == "string" and "pattern" not in choice:
        return choice | AMOUNT
    if choice.get("maximum", 0) > LARGEST_AMOUNT:
        return choice | {"maximum": LARGEST_AMOUNT}
    return choice


def _objects(part: object) -> Iterator[Part]:
    """Give every object that is anywhere in a part."""
    if isinstance(part, dict):
        yield cast("Part", part)
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _objects(one)
