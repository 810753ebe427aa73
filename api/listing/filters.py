"""Filters: parameters that keep some items of a list, made from columns or declared by name."""

import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Generic, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, Field

from api.listing.columns import Column, Item, Json, Kind, Test
from api.listing.indexed import Index, at_least, at_most, holding_all, holding_any, one_by_one
from api.questions import Day, Moment, Text
from catalog.vocabulary import Word

LARGEST_INTEGER = 2**63 - 1
MOST_VALUES = 100
"""So many values of one parameter are taken."""
MORE = "Several may be asked for: repeat it, or put commas between."
Keeps = Callable[[Item], bool]
Asked = TypeVar("Asked")

INTEGER = Annotated[int, Field(ge=-LARGEST_INTEGER - 1, le=LARGEST_INTEGER)]
DECIMAL = Annotated[Decimal, Field(ge=0, max_digits=24, decimal_places=12)]
TYPES: dict[Kind, object] = {
    Kind.TEXT: Text,
    Kind.TEXTS: Text,
    Kind.INTEGER: INTEGER,
    Kind.DECIMAL: DECIMAL,
    Kind.BOOLEAN: bool,
    Kind.MOMENT: Moment,
    Kind.DAY: Day,
}


@dataclass(frozen=True)
class Filter(Generic[Item]):
    """One parameter: what it takes, what it means, and which items it keeps for a value."""

    name: str
    takes: object
    """The parameter's type, as Pydantic reads it."""
    meaning: str
    keep: Callable[[object], Keeps[Item]]
    by: Index[Item] | None = None
    """How items that are held are looked through once for all values; None: one by one."""

    @property
    def index(self) -> Index[Item]:
        """Looks through items that are held; it finds what ``keep`` keeps."""
        return self.by or one_by_one(self.keep)


def any_of(
    name: str,
    meaning: str,
    take: Callable[[Item], Iterable[str | None]],
    *,
    words: type[Word] | None = None,
    example: Json = None,
) -> Filter[Item]:
    """Keep items with at least one of the values asked for, repeated or with commas between."""

    def keep(asked: object) -> Keeps[Item]:
        wanted = frozenset(cast("Sequence[str]", asked))
        return lambda item: not wanted.isdisjoint(take(item))

    takes = _several(words or Text, example)
    return Filter(name, takes, f"{meaning} {MORE}", keep, by=holding_any(take))


def all_of(
    name: str,
    meaning: str,
    take: Callable[[Item], Iterable[str]],
    *,
    words: type[Word] | None = None,
    example: Json = None,
) -> Filter[Item]:
    """Keep items with every one of the values asked for, repeated or with commas between."""

    def keep(asked: object) -> Keeps[Item]:
        wanted = frozenset(cast("Sequence[str]", asked))
        return lambda item: wanted.issubset(take(item))

    takes = _several(words or Text, example)
    return Filter(name, takes, f"{meaning} {MORE}", keep, by=holding_all(take))


def one(
    name: str, takes: type[Asked] | object, meaning: str, test: Callable[[Item, Asked], bool]
) -> Filter[Item]:
    """Keep items that pass a test with the value asked for."""

    def keep(asked: object) -> Keeps[Item]:
        return lambda item: test(item, cast("Asked", asked))

    return Filter(name, takes, meaning, keep)


def keeping(filters: Iterable[Filter[Item]], question: BaseModel) -> Keeps[Item]:
    """Give the test that an item passes where every filter that a question names keeps it."""
    asked = ((one, getattr(question, one.name)) for one in filters)
    tests = [one.keep(value) for one, value in asked if value is not None]
    return lambda item: all(test(item) for test in tests)


def filters_of(column: Column[Item]) -> tuple[Filter[Item], ...]:
    """Make the filters that a column declares."""
    return tuple(_MAKERS[test](column) for test in column.tests)


def _several(takes: object, example: Json) -> object:
    split = BeforeValidator(_split_commas)
    field = Field(max_length=MOST_VALUES, examples=[[example]] if example else None)
    return Annotated[list[takes], split, field]  # type: ignore[valid-type] # a type made at run time


def _shown(column: Column[Item], takes: object) -> object:
    """Give a parameter's type with the column's example, where that is one of its values."""
    return Annotated[takes, Field(examples=[column.example])] if column.example else takes


def _split_commas(given: object) -> object:
    values = given if isinstance(given, list) else [given]
    return [part for value in values for part in str(value).split(",")]


def _any_of(column: Column[Item]) -> Filter[Item]:
    about = f"Only where `{column.name}` is one of these."
    if column.kind is Kind.TEXTS:
        about = f"Only where `{column.name}` holds one of these."
        return any_of(column.key, about, _texts(column), words=column.words, example=_one(column))
    return any_of(
        column.key,
        about,
        lambda item: (_text(column, item),),
        words=column.words,
        example=column.example,
    )


def _all_of(column: Column[Item]) -> Filter[Item]:
    about = f"Only where `{column.name}` holds all of these."
    return all_of(column.key, about, _texts(column), words=column.words, example=_one(column))


def _one(column: Column[Item]) -> Json:
    """Give one of the example's texts."""
    several = column.example
    return several[0] if isinstance(several, list) and several else None


def _texts(column: Column[Item]) -> Callable[[Item], Iterable[str]]:
    return lambda item: cast("Sequence[str]", column.take(item))


def _text(column: Column[Item], item: Item) -> str | None:
    return cast("str | None", column.take(item))


def _equals(column: Column[Item]) -> Filter[Item]:
    def test(item: Item, asked: object) -> bool:
        return column.take(item) == asked

    takes = _shown(column, column.words or TYPES[column.kind])
    return one(column.key, takes, f"Only where `{column.name}` is this.", test)


def _bound(
    column: Column[Item],
    name: str,
    words: str,
    holds: Callable[..., bool],
    by: Callable[[Callable[[Item], object]], Index[Item]],
) -> Filter[Item]:
    def test(item: Item, asked: Decimal | date) -> bool:
        value = column.take(item)
        return value is not None and holds(value, asked)

    meaning = f"Only where `{column.name}` is {words}; what has none is left out."
    made = one(name, _shown(column, TYPES[column.kind]), meaning, test)
    return replace(made, by=by(column.take))


def _at_least(column: Column[Item]) -> Filter[Item]:
    return _bound(column, f"min_{column.key}", "at least this", operator.ge, at_least)


def _at_most(column: Column[Item]) -> Filter[Item]:
    return _bound(column, f"max_{column.key}", "at most this", operator.le, at_most)


def _contains(column: Column[Item]) -> Filter[Item]:
    def test(item: Item, asked: str) -> bool:
        return asked.casefold() in (_text(column, item) or "").casefold()

    return one(
        f"{column.key}_contains",
        _shown(column, Text),
        f"Only where `{column.name}` contains this.",
        test,
    )


_MAKERS: dict[Test, Callable[[Column[Item]], Filter[Item]]] = {
    Test.EQUALS: _equals,
    Test.ANY_OF: _any_of,
    Test.ALL_OF: _all_of,
    Test.MIN: _at_least,
    Test.MAX: _at_most,
    Test.CONTAINS: _contains,
}
