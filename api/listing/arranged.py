"""Items that a view holds, arranged once for each order that is asked of them."""

from collections.abc import Mapping, Sequence
from typing import Generic

from api.listing.columns import Item
from api.listing.orders import Order

MOST_ORDERS = 16
"""So many orders of one list are held."""


class Arranged(Generic[Item]):
    """The last items that were asked of a list, in the orders that were asked."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._held: tuple[tuple[Item, ...], Mapping[str, Sequence[Item]]] = ((), {})

    def arranged(self, items: tuple[Item, ...], order: Order[Item], name: str) -> Sequence[Item]:
        """Give items in an order known by its name; other items than before replace them."""
        held, orders = self._held  # both at once: threads swap the pair whole
        known = orders if held is items else {}
        if name in known:
            return known[name]
        arranged = tuple(order.arrange(items))
        kept = {} if len(known) >= MOST_ORDERS else known
        self._held = (items, {**kept, name: arranged})
        return arranged
