"""Rows: an item's columns as JSON, dotted names as objects."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Generic, cast

from pydantic import BaseModel
from pydantic_core import to_json

from api.listing.columns import Column, Item, Json, Kind, Value
from catalog.moments import print_moment
from catalog.money import plain

Part = Callable[[Item], Json]


class Rows(Generic[Item]):
    """Some of a list's columns, ready to be taken from its items."""

    def __init__(self, columns: Sequence[Column[Item]]) -> None:
        """Take columns of which those of one object stand together."""
        self.columns = tuple(columns)
        self._parts = _parts(self.columns, 0)

    def nested(self, item: Item) -> dict[str, Json]:
        """Give an item as its JSON object."""
        return {name: part(item) for name, part in self._parts}


def as_json(kind: Kind, value: Value) -> Json:
    """Give a value as JSON has it."""
    return None if value is None else _ENCODED[kind](value)


def json_text(value: object) -> str:
    """Print JSON without white space."""
    return to_json(value).decode()


def _same(value: Value) -> Json:
    return cast("str | int", value)


def _items(value: Value) -> Json:
    return [one.model_dump(mode="json") for one in cast("Sequence[BaseModel]", value)]


_ENCODED: dict[Kind, Callable[[Value], Json]] = {
    Kind.TEXT: _same,
    Kind.INTEGER: _same,
    Kind.BOOLEAN: _same,
    Kind.DECIMAL: lambda value: plain(cast("Decimal", value)),
    Kind.MOMENT: lambda value: print_moment(cast("datetime", value)),
    Kind.DAY: lambda value: cast("date", value).isoformat(),
    Kind.TEXTS: lambda value: list(cast("Sequence[str]", value)),
    Kind.ITEMS: _items,
}


def _parts(columns: Iterable[Column[Item]], depth: int) -> tuple[tuple[str, Part[Item]], ...]:
    """Make one part for each name at a depth: a value, or an object of the names below it."""
    grouped = groupby(columns, key=lambda column: column.path[depth])
    return tuple((name, _part(list(some), depth)) for name, some in grouped)


def _part(columns: list[Column[Item]], depth: int) -> Part[Item]:
    first = columns[0]
    if len(first.path) == depth + 1:
        return _leaf(first)
    return _object(_parts(columns, depth + 1))


def _leaf(column: Column[Item]) -> Part[Item]:
    take, encode = column.take, _ENCODED[column.kind]

    def part(item: Item) -> Json:
        value = take(item)
        return None if value is None else encode(value)

    return part


def _object(parts: Sequence[tuple[str, Part[Item]]]) -> Part[Item]:
    """Make an object, or null where nothing in it is known."""

    def part(item: Item) -> Json:
        made = {name: inner(item) for name, inner in parts}
        return made if any(value is not None for value in made.values()) else None

    return part
