"""Answers kept ready within a limit of bytes; what was asked least recently goes first."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from api.http.representation import RawHeaders, Representation, not_modified
from catalog.current.look import View

OVERHEAD = 1500
"""Bytes that an answer takes beside its question and its body, about."""
LARGEST_SHARE = 8
"""An answer of more than this part of the limit is not kept: it would push out many."""


class Key(NamedTuple):
    """A question as it is asked, of one view; its query is in canonical form."""

    version: int
    as_of: datetime
    path: str
    query: bytes
    accept: bytes | None
    codings: bytes | None


@dataclass
class Kept:
    """An answer as it went out."""

    headers: RawHeaders
    """Of the 200; where there is no body, of the 304."""
    etag: str
    modified: datetime | None
    body: bytes | None
    """None where only a 304 was asked for yet."""
    again: int = 0
    """How often it was asked for since it is kept."""

    @cached_property
    def held_already(self) -> Representation:
        """The answer to who holds it already."""
        return not_modified(self.headers)


Make = Callable[[object, Key, View], Awaitable[None]]
"""Takes the application, a question, and the view that it is asked of now."""


class Memory:
    """The answers of one process."""

    def __init__(self, most: int) -> None:
        """Keep at most so many bytes; with 0 nothing."""
        self.most = most
        self.bytes = 0
        self.make: Make | None = None
        """How an answer is made of another view; the layer that makes them says it."""
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def __len__(self) -> int:
        """Count the answers."""
        return len(self._kept)

    @property
    def largest(self) -> int:
        """The bytes of the largest body that is kept."""
        return self.most // LARGEST_SHARE

    def find(self, key: Key) -> Kept | None:
        """Find the answer to a question."""
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            kept.again += 1
        return kept

    def keep(self, key: Key, kept: Kept) -> None:
        """Keep an answer in place of what was answered before."""
        self._drop(key)
        self._kept[key] = kept
        self.bytes += _size(key, kept)
        while self.bytes > self.most:
            self._drop(next(iter(self._kept)))

    def wanted(self, most: int) -> list[Key]:
        """Give the questions that were asked more than once, the last one first."""
        again = (key for key, kept in reversed(self._kept.items()) if kept.again)
        return list(islice(again, most))

    def forget_before(self, view: View) -> None:
        """Forget the answers of other views: nobody asks for them any more."""
        for key in [key for key in self._kept if (key.version, key.as_of) != view.state]:
            self._drop(key)

    def clear(self) -> None:
        """Forget all answers."""
        self._kept.clear()
        self.bytes = 0

    def _drop(self, key: Key) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self.bytes -= _size(key, gone)


def _size(key: Key, kept: Kept) -> int:
    asked = len(key.path) + len(key.query) + len(key.accept or b"") + len(key.codings or b"")
    return OVERHEAD + asked + len(kept.body or b"")
