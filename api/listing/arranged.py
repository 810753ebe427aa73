"""Items that a view holds, made ready once: their orders, what filters find, and their rows."""

from collections.abc import Iterable, Sequence
from typing import Generic

from pydantic_core import to_json

from api.listing.columns import Item
from api.listing.filters import Filter
from api.listing.indexed import Finds
from api.listing.orders import Cursor, Order, ranks
from api.listing.rows import Rows

MOST_ORDERS = 64
"""So many orders of one list are held."""
MOST_LISTS = 2
"""So many lists of one resource are held: those of one view and of the next, or of two mixes."""


class Arranged(Generic[Item]):
    """Items that stand still; what is made of them is made when it is first asked for."""

    def __init__(self, items: tuple[Item, ...]) -> None:
        """Hold items."""
        self.items = items
        self._ranks: dict[str, Sequence[int]] = {}
        self._orders: dict[str, tuple[Sequence[int], Sequence[Item]]] = {}
        self._finds: dict[str, Finds] = {}
        self._written: dict[int, bytes] = {}

    def after(self, order: Order[Item], name: str, cursor: Cursor | None) -> Sequence[int]:
        """Give where the items stand, in an order known by its name, after a cursor."""
        places, arranged = self._order(order, name)
        if cursor is None:
            return places
        rest = order.after(arranged, cursor)
        return places[len(places) - len(rest) :]

    def find(self, one: Filter[Item], asked: object) -> frozenset[int]:
        """Give where the items stand that a filter keeps."""
        if one.name not in self._finds:
            self._finds[one.name] = one.index(self.items)
        return frozenset(self._finds[one.name](asked))

    def write(self, items: Iterable[Item], rows: Rows[Item]) -> bytes:
        """Write items with all their columns as the elements of a JSON array."""
        return b",".join([self._row(item, rows) for item in items])

    def _row(self, item: Item, rows: Rows[Item]) -> bytes:
        written = self._written.get(id(item))
        if written is None:
            written = self._written[id(item)] = to_json(rows.nested(item))
        return written

    def _order(self, order: Order[Item], name: str) -> tuple[Sequence[int], Sequence[Item]]:
        """Arrange by ranks; one column's are made once for all orders that it is in."""
        known = self._orders.get(name)
        if known is not None:
            return known
        places = sorted(range(len(self.items)), key=lambda place: order.id(self.items[place]))
        for key, called in reversed(list(zip(order.keys, name.split(","), strict=False))):
            if called not in self._ranks:
                self._ranks[called] = ranks(key, self.items)
            places.sort(key=self._ranks[called].__getitem__)
        if len(self._orders) >= MOST_ORDERS:
            self._orders.clear()
        made = self._orders[name] = (places, [self.items[place] for place in places])
        return made


class Lists(Generic[Item]):
    """The last lists that were asked of a resource."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held: tuple[Arranged[Item], ...] = ()

    def of(self, items: tuple[Item, ...]) -> Arranged[Item]:
        """Give what is made ready of items, the same as long as they are asked for."""
        held = self._held  # threads read and swap the whole
        if held and held[0].items is items:
            return held[0]
        known = next((one for one in held if one.items is items), None) or Arranged(items)
        rest = [one for one in held if one is not known]
        self._held = (known, *rest[: MOST_LISTS - 1])
        return known
