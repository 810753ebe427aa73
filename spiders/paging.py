"""Answers in JSON that come in several parts, and the one answer that the parts make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import ClassVar, Protocol
from urllib.parse import quote

from catalog.reading import NotRead
from spiders.exact_json import Json, as_printed, parse_json
from spiders.page import Page, changed
from spiders.records import Record, records

LACKING = b""
"""Stands for a part that the site says there is none of."""


class Parts(Protocol):
    """How the parts after the first one are found, and what all of them make."""

    most: ClassVar[int]
    """More parts than so many are too many."""
    may_lack: ClassVar[bool]
    """Whether a part that the site does not have (404) only says that there is none."""

    def is_first(self, body: bytes) -> bool:
        """Tell the first part from what may come instead of it."""

    def next_after(self, bodies: Sequence[bytes]) -> str | None:
        """Give the address of the part after these; NotRead where the last one is no such part."""

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """Make one answer of all parts, its numbers as printed."""


@dataclass(frozen=True, kw_only=True)
class _Pages:
    """A list that goes on from page to page."""

    items: str
    """The field at a page's top that holds the list."""
    count: str | None = None
    """The field that holds the number of the page's items, where it states it."""
    most: ClassVar[int] = 200
    may_lack: ClassVar[bool] = False

    def is_first(self, body: bytes) -> bool:
        """Tell a page from what may come instead of one."""
        try:
            self._page(body)
        except NotRead:
            return False
        return True

    def _together(self, bodies: Sequence[bytes], **last: Json) -> bytes:
        """Make one page of all, with what the last one says; one alone is left as it is."""
        if len(bodies) == 1:
            return bodies[0]
        items = [item for body in bodies for item in self._items(self._page(body))]
        counted = {self.count: len(items)} if self.count else {}
        whole = {**self._page(bodies[0]), self.items: items, **last, **counted}
        return as_printed(whole).encode()

    def _page(self, body: bytes) -> Mapping[str, Json]:
        return self._of(_answer(body))

    def _of(self, page: Json) -> Mapping[str, Json]:
        if not isinstance(page, Mapping) or self.items not in page:
            raise changed(f"a page has no {self.items!r}: {as_printed(page)[:60]}")
        return page

    def _items(self, page: Mapping[str, Json]) -> Sequence[Json]:
        items = page[self.items]
        if not isinstance(items, Sequence) or isinstance(items, str):
            raise changed(f"{self.items!r} is no list: {as_printed(items)[:60]}")
        if self.count and page.get(self.count) != len(items):
            stated = f"a page holds {len(items)} items, and its {self.count!r} says other"
            raise changed(f"the answer is cut off: {stated}")
        return items


@dataclass(frozen=True, kw_only=True)
class Paging(_Pages):
    """Pages that say at which address the list goes on."""

    next_page: str
    """The field at a page's top that holds the next address; null, or not there, on the last."""

    def next_after(self, bodies: Sequence[bytes]) -> str | None:
        """Give the next page's address."""
        address = self._page(bodies[-1]).get(self.next_page)
        if address is None or isinstance(address, str):
            return address or None
        raise changed(f"{self.next_page!r} is no address: {as_printed(address)[:60]}")

    def whole(self, page: Page) -> Page:
        """Refuse an answer that goes on elsewhere, or is cut off; for a form's ``prepare``."""
        answer = self._of(page.data)
        if answer.get(self.next_page) is not None:
            raise changed(f"the answer goes on at its {self.next_page}; join its pages first")
        self._items(answer)
        return page

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """Make one page of all, which says that it is the last."""
        return self._together(bodies, **{self.next_page: None})


@dataclass(frozen=True, kw_only=True)
class NumberedPages(_Pages):
    """Pages that say which of how many they are; a list that says neither is whole."""

    number: str
    """The path of the page's number, from 1."""
    of: str
    """The path of the number of pages."""
    asked: str = "page"
    """The parameter of the address that asks for a page."""

    def next_after(self, bodies: Sequence[bytes]) -> str | None:
        """Give the next page's address."""
        page = Record(self._page(bodies[-1]), "")
        stated, last = page.at(self.number), page.at(self.of)
        if stated is None and last is None and len(bodies) == 1:
            return None
        if stated != len(bodies) or not isinstance(last, Decimal):
            raise changed(f"page {stated} of {last} came where page {len(bodies)} was asked for")
        return f"?{self.asked}={len(bodies) + 1}" if last > len(bodies) else None

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """Make one page of all, which says that it is the only one."""
        return self._together(bodies, **{self.number.partition(".")[0]: None})


@dataclass(frozen=True, kw_only=True)
class Details:
    """A list whose entries each have an answer of their own; these make the whole."""

    each: str
    """The path of the entries: "data[]"."""
    name: str
    """The path of an entry's name."""
    address: str
    """Of an entry's answer, beside the list's own; ``{}`` stands for the name."""
    answer: str
    """The field that holds what is answered; the whole holds a list of them."""
    most: ClassVar[int] = 2000
    may_lack: ClassVar[bool] = True

    def is_first(self, body: bytes) -> bool:
        """Tell a list that names entries from what may come instead of it."""
        try:
            return bool(self._addresses(body))
        except NotRead:
            return False

    def next_after(self, bodies: Sequence[bytes]) -> str | None:
        """Give the address of the next entry's answer, in the order of the list."""
        if len(bodies) > 1:
            self._answered(bodies[-1])
        addresses = self._addresses(bodies[0])
        return addresses[len(bodies) - 1] if len(bodies) <= len(addresses) else None

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """List all entries' answers."""
        answers = [found for body in bodies[1:] for found in self._answered(body)]
        return as_printed({self.answer: answers}).encode()

    def _addresses(self, body: bytes) -> Sequence[str]:
        return _addresses(self, body)

    def _answered(self, body: bytes) -> Sequence[Json]:
        if body == LACKING:
            return ()
        answer = _answer(body)
        if not isinstance(answer, Mapping) or not isinstance(answer.get(self.answer), Mapping):
            raise changed(f"an entry's answer has no {self.answer!r}: {as_printed(answer)[:60]}")
        return (answer[self.answer],)


@lru_cache(maxsize=4)
def _addresses(details: Details, body: bytes) -> Sequence[str]:
    names = [entry.text(details.name) for entry in records(_answer(body), details.each)]
    return tuple(details.address.format(quote(name, safe="/:~@")) for name in dict.fromkeys(names))


def _answer(body: bytes) -> Json:
    return parse_json(body.decode(errors="replace").removeprefix("\ufeff"))
