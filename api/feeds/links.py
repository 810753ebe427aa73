"""Where a feed, its pages and its events are: absolute addresses, as feed readers keep them."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import Request

from api.http.clients import scheme_of

PLACE = "until"
"""The parameter that says which page."""


@dataclass(frozen=True)
class Links:
    """The addresses of one page of a feed."""

    own: str
    first: str
    """Of the feed as one subscribes to it: it is its id, too."""
    next: str | None
    """Of the page with older entries."""
    changes: str
    """Of the list of changes."""

    def by_relation(self) -> Iterator[tuple[str, str]]:
        """Give the links of a paged feed with their relations."""
        yield "self", self.own
        yield "first", self.first
        if self.next:
            yield "next", self.next

    def event(self, sequence: int) -> str:
        """Give the address of one event."""
        return f"{self.changes}?since={sequence - 1}&limit=1"


def links_of(request: Request, older: int | None) -> Links:
    """Give the addresses of the page that a request asks for."""
    scheme = scheme_of(request.scope, request.app.state.trusted)
    own = request.url.replace(scheme=scheme)
    first = own.remove_query_params(PLACE)
    following = None if older is None else str(first.include_query_params(**{PLACE: older}))
    root, _, _ = str(own.replace(query="")).rpartition("/")
    return Links(str(own), str(first), following, f"{root}/changes")
