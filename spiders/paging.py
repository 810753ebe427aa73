"""Answers in JSON that come in pages, and the one answer that their pages make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.exact_json import Json, as_printed, parse_json


@dataclass(frozen=True, kw_only=True)
class Paging:
    """Where a page says how it goes on; all are names of fields at its top."""

    next_page: str
    """Holds the next page's address; null, or not there, on the last page."""
    items: str
    """Holds the list that goes on from page to page."""
    count: str | None = None
    """Holds the number of the page's items, where it states it."""

    def is_page(self, body: bytes) -> bool:
        """Tell a page from what may come instead of one."""
        try:
            self._page(body)
        except NotRead:
            return False
        return True

    def goes_on_at(self, body: bytes) -> str | None:
        """Give the next page's address; raises NotRead where this is no such page."""
        page = self._page(body)
        address = page.get(self.next_page)
        if address is None or isinstance(address, str):
            return address or None
        raise _changed(f"{self.next_page!r} is no address: {as_printed(address)[:60]}")

    def joined(self, bodies: Sequence[bytes]) -> bytes:
        """Make one answer of all pages, its numbers as printed; one page is left as it is."""
        if len(bodies) == 1:
            return bodies[0]
        items = [item for body in bodies for item in self._items(self._page(body))]
        answer = {**self._page(bodies[0]), self.items: items, self.next_page: None}
        if self.count:
            answer[self.count] = len(items)
        return as_printed(answer).encode()

    def _page(self, body: bytes) -> Mapping[str, Json]:
        page = parse_json(body.decode(errors="replace").removeprefix("\ufeff"))
        if not isinstance(page, Mapping) or self.items not in page:
            raise _changed(f"a page has no {self.items!r}: {as_printed(page)[:60]}")
        return page

    def _items(self, page: Mapping[str, Json]) -> Sequence[Json]:
        items = page[self.items]
        if not isinstance(items, Sequence) or isinstance(items, str):
            raise _changed(f"{self.items!r} is no list: {as_printed(items)[:60]}")
        if self.count and page.get(self.count) != len(items):
            raise _changed(f"a page holds {len(items)} items, and its {self.count!r} says other")
        return items


def _changed(what: str) -> NotRead:
    return NotRead(Outcome.PAGE_CHANGED, what)
