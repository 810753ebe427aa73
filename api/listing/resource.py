"""A list of the API, declared once: its columns, filters and where its items come from."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from itertools import islice
from typing import Generic

from pydantic import BaseModel

from api.listing.arranged import Arranged, Lists
from api.listing.asking import Ask, Found, Part
from api.listing.columns import IN_ORDER, Best, Column, Item, Kind, Scalar
from api.listing.filters import Filter, filters_of, keeping
from api.listing.orders import CursorError, Key, Order, fingerprint, read_cursor
from api.listing.questions import NO_QUESTION, Asked, Known, Timed, question_of
from api.listing.rows import Rows
from api.listing.shapes import page_shape, row_shape
from api.problems import Refused, refuse_parameter
from api.shapes import Meta


@dataclass(frozen=True)
class ListResource(Generic[Item, Asked]):
    """A list. From its columns follow its parameters, order, fields, shapes and all formats."""

    name: str
    """Of one item, as the OpenAPI description calls its shape: ``Price``."""
    columns: tuple[Column[Item], ...]
    """Those of one object (``evidence.url``, ``evidence.text``) stand together."""
    id: Callable[[Item], str]
    """What tells two items apart, in the order of which equal ones stand."""
    find: Callable[[Ask[Asked]], Found[Item]]
    base: type[Asked]
    """``Timed``, ``Known`` or ``Paged``, or a class of one's own with more parameters."""
    _: KW_ONLY
    sort: str
    """How it is sorted unless asked otherwise."""
    filters: tuple[Filter[Item], ...] = ()
    """Further ones than the columns declare."""
    in_order: bool = False
    """``find`` gives the items in the order of their ids, from ``Ask.after`` on, as they are taken;
    they are sorted no other way."""
    meta: type[Meta] = Meta
    of_view: bool = False
    """Whether ``find`` reads nothing but the view that it looks at."""

    @cached_property
    def row(self) -> type[BaseModel]:
        """The JSON shape of one item."""
        return row_shape(self.name, self.columns)

    @cached_property
    def page(self) -> type[BaseModel]:
        """The JSON shape of a page."""
        return page_shape(self.row, self.meta)

    @cached_property
    def rows(self) -> Rows[Item]:
        """All columns, ready to be taken from items."""
        return Rows(self.columns)

    @cached_property
    def question(self) -> type[Asked]:
        """The model of its query."""
        keys = list(self._sortable)
        return question_of(
            self.name,
            self.base,
            self.columns,
            self._filters,
            keys=keys,
            usual=self.sort,
            in_order=self.in_order,
        )

    def part(self, ask: Ask[Asked], limit: int | None) -> Part[Item]:
        """Answer with at most so many items; raise a problem for another question's cursor."""
        order = self._order(ask.question)
        try:
            ask = self._resumed(ask)
            found = self.find(ask)
            rest = self._rest(order, found.items, ask)
        except CursorError:
            raise _no_cursor() from None
        if limit is None:
            return Part(rest, None, found.meta)
        page = list(islice(rest, limit + 1))
        more = len(page) > limit
        following = self._cursor(order, page[limit - 1], ask, found.meta) if more else None
        held = self._lists.of(found.items) if isinstance(found.items, tuple) else None
        return Part(page[:limit], following, found.meta, held)

    @cached_property
    def _filters(self) -> tuple[Filter[Item], ...]:
        return (*(one for column in self.columns for one in filters_of(column)), *self.filters)

    @cached_property
    def _lists(self) -> Lists[Item]:
        return Lists()

    @cached_property
    def _sortable(self) -> dict[str, Column[Item]]:
        return {column.key: column for column in self.columns if column.kind in IN_ORDER}

    def _order(self, question: Asked) -> Order[Item]:
        if self.in_order:
            return Order((), self.id)
        names = (question.sort or self.sort).split(",")
        return Order(tuple(self._key(name) for name in names), self.id)

    def _key(self, name: str) -> Key[Item]:
        column = self._sortable[name.removeprefix("-")]
        highest = column.best is Best.HIGHEST
        return Key(_sorted_by(column), descending=highest is not name.startswith("-"))

    def _kept(self, items: Iterable[Item], question: Asked) -> Iterator[Item]:
        return filter(keeping(self._filters, question), items)

    def _rest(self, order: Order[Item], items: Iterable[Item], ask: Ask[Asked]) -> Iterator[Item]:
        """Give the items from the cursor on, arranged and filtered, as they are taken."""
        if self.in_order:
            return self._kept(items, ask.question)
        if isinstance(items, tuple):
            return self._held_rest(order, self._lists.of(items), ask)
        arranged = order.arrange(self._kept(items, ask.question))
        return iter(order.after(arranged, ask.cursor) if ask.cursor else arranged)

    def _held_rest(
        self, order: Order[Item], held: Arranged[Item], ask: Ask[Asked]
    ) -> Iterator[Item]:
        """The same of items that a view holds."""
        places = held.after(order, ask.question.sort or self.sort, ask.cursor)
        asked = ((one, getattr(ask.question, one.name)) for one in self._filters)
        found = [held.find(one, value) for one, value in asked if value is not None]
        if found:
            kept = frozenset.intersection(*found)
            return (held.items[place] for place in places if place in kept)
        return (held.items[place] for place in places)

    def _resumed(self, ask: Ask[Asked]) -> Ask[Asked]:
        text = ask.question.cursor
        cursor = None if text is None else read_cursor(text, self._fingerprint(ask))
        return Ask(ask.views, ask.question, ask.path, cursor)

    def _cursor(self, order: Order[Item], last: Item, ask: Ask[Asked], meta: Meta) -> str:
        """Mark where a page ended; where there are moments, the next page is of the same."""
        return order.cursor(
            last,
            self._fingerprint(ask),
            as_of=meta.as_of if issubclass(self.base, Timed) else None,
            known_at=meta.known_at if issubclass(self.base, Known) else None,
        ).print()

    def _fingerprint(self, ask: Ask[Asked]) -> int:
        asked = ask.question.model_dump_json(exclude=set(NO_QUESTION))
        return fingerprint(f"{self.name} {sorted(ask.path.items())} {asked}")


def _sorted_by(column: Column[Item]) -> Callable[[Item], Scalar]:
    """Take what a column is sorted by: of a text, upper and lower case are one."""
    if column.kind is not Kind.TEXT:
        return column.take  # type: ignore[return-value] # a column in order has one value

    def folded(item: Item) -> Scalar:
        value = column.take(item)
        return value.casefold() if isinstance(value, str) else None

    return folded


def _no_cursor() -> Refused:
    return refuse_parameter("cursor", "no cursor of this question; pass `next` of its last page")
