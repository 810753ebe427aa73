"""What a filter keeps of items that are held: found by their values' order, not item by item."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import reduce
from typing import Generic, cast

from api.listing.columns import Item

Places = AbstractSet[int]
"""Where in a sequence the items stand that are kept."""
Finds = Callable[[object], Places]
"""Finds what is kept for a value asked for."""
Index = Callable[[Sequence[Item]], Finds]
"""Looks through items once."""


class _Lowest(Generic[Item]):
    """Items in the order of a value that they may have; one list has values of one kind."""

    def __init__(self, items: Sequence[Item], take: Callable[[Item], object]) -> None:
        """Look at each item's value; what has none is left out."""
        taken = ((cast("Decimal | None", take(item)), place) for place, item in enumerate(items))
        valued = [(value, place) for value, place in taken if value is not None]
        valued.sort(key=lambda pair: pair[0])
        self.values = [value for value, _ in valued]
        self.places = [place for _, place in valued]


def at_least(take: Callable[[Item], object]) -> Index[Item]:
    """Index items by a value for what is not below one asked for."""

    def index(items: Sequence[Item]) -> Finds:
        ordered = _Lowest(items, take)
        return lambda asked: set(
            ordered.places[bisect_left(ordered.values, cast("Decimal", asked)) :]
        )

    return index


def at_most(take: Callable[[Item], object]) -> Index[Item]:
    """Index items by a value for what is not above one asked for."""

    def index(items: Sequence[Item]) -> Finds:
        ordered = _Lowest(items, take)
        return lambda asked: set(
            ordered.places[: bisect_right(ordered.values, cast("Decimal", asked))]
        )

    return index


def holding_any(take: Callable[[Item], Iterable[object]]) -> Index[Item]:
    """Index items by what they hold, for those with any of the values asked for."""

    def index(items: Sequence[Item]) -> Finds:
        held = _by_held(items, take)
        return lambda asked: _NOWHERE.union(*_each(held, asked))

    return index


def holding_all(take: Callable[[Item], Iterable[object]]) -> Index[Item]:
    """Index items by what they hold, for those with all of the values asked for."""

    def index(items: Sequence[Item]) -> Finds:
        held = _by_held(items, take)
        return lambda asked: reduce(frozenset.intersection, _each(held, asked))

    return index


def one_by_one(keep: Callable[[object], Callable[[Item], bool]]) -> Index[Item]:
    """Ask each item, where nothing can be said beforehand."""

    def index(items: Sequence[Item]) -> Finds:
        def find(asked: object) -> Places:
            keeps = keep(asked)
            return {place for place, item in enumerate(items) if keeps(item)}

        return find

    return index


_NOWHERE: frozenset[int] = frozenset()


def _each(held: dict[object, frozenset[int]], asked: object) -> list[frozenset[int]]:
    return [held.get(value, _NOWHERE) for value in cast("Iterable[object]", asked)]


def _by_held(
    items: Sequence[Item], take: Callable[[Item], Iterable[object]]
) -> dict[object, frozenset[int]]:
    held: dict[object, set[int]] = {}
    for place, item in enumerate(items):
        for value in take(item):
            held.setdefault(value, set()).add(place)
    return {value: frozenset(places) for value, places in held.items()}
