"""What a request wants, in one form for all ways to ask it; and the bytes that answer it."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.types import Message, Scope

from api.http.asked import list_of
from api.http.build import build_digest
from api.http.encodings import VERSIONS, Coding, Wish, choose_coding
from api.listing.negotiation import choose
from api.listing.questions import Format
from api.problems import Refused

RawHeaders = Sequence[tuple[bytes, bytes]]
TAG_BYTES = 15
QUERIES_HELD = 1024
"""So many canonical forms are held."""


@dataclass(frozen=True)
class Wanted:
    """A representation as requests ask for it: equal ones get the same bytes of one catalog."""

    path: str
    query: str
    """In canonical form; ``format`` in it comes before what is accepted."""
    format: Format | None
    """Chosen by ``Accept``; None where it does not matter or leaves nothing."""
    coding: Coding


@lru_cache(QUERIES_HELD)
def canonical_query(query: str) -> str:
    """Bring a query into one form: by name, each name's values in their order, encoded alike."""
    given = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(given, key=lambda pair: pair[0]))


def wanted(scope: Scope, wish: Wish) -> Wanted:
    """Say what a request wants; its query is in canonical form already."""
    query = scope["query_string"].decode("ascii")
    named = any(part.startswith("format=") for part in query.split("&"))
    accept = list_of(Headers(scope=scope), "accept")
    return Wanted(scope["path"], query, None if named else _accepted(accept), wish.coding)


def wish_of(scope: Scope) -> Wish | None:
    """Choose a request's coding; None where it accepts none."""
    return choose_coding(list_of(Headers(scope=scope), "accept-encoding"))


def _accepted(accept: str | None) -> Format | None:
    try:
        return choose(accept, None)
    except Refused:
        return None


@dataclass(frozen=True)
class Representation:
    """A whole answer: what goes out to everybody who wants the same."""

    status: int
    headers: RawHeaders
    """Those that do not depend on who asks, ``etag`` and ``content-length`` among them."""
    body: bytes

    def messages(self, *, head: bool = False) -> Iterable[Message]:
        """Give what is sent; for HEAD without the body."""
        yield {
            "type": "http.response.start",
            "status": self.status,
            "headers": list(self.headers),
        }
        yield {"type": "http.response.body", "body": b"" if head else self.body}


ABOUT_CONTENT = frozenset({b"content-length", b"content-type", b"content-encoding"})
OF_NOTHING = frozenset({b"content-disposition", b"link"})
"""Further headers that say nothing to who holds the answer already."""


def not_modified(headers: Iterable[tuple[bytes, bytes]]) -> Representation:
    """Make the answer to who holds the representation of these headers."""
    left_out = ABOUT_CONTENT | OF_NOTHING
    return Representation(304, [pair for pair in headers if pair[0].lower() not in left_out], b"")


def tag_of_bytes(body: bytes, content_type: str, coding: Coding) -> str:
    """Make the strong ETag of bytes in a coding."""
    return _tag("" if coding is Coding.IDENTITY else VERSIONS, content_type, coding, body)


def tag_of_state(asked: Wanted, content_type: str, coding: Coding, state: Sequence[str]) -> str:
    """Make the strong ETag of what is written as it is read, from all that decides its bytes."""
    key = repr((asked.path, asked.query, *state)).encode()
    return _tag(build_digest(), content_type, coding, key)


def _tag(written_by: str, content_type: str, coding: Coding, content: bytes) -> str:
    digest = sha256(f"{written_by}\n{content_type}\n{coding}\n".encode())
    digest.update(content)
    return f'"{urlsafe_b64encode(digest.digest()[:TAG_BYTES]).decode()}"'
