"""The order of a list by several keys, and the opaque cursors that mark a place in it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, Literal
from zlib import crc32

from pydantic import BaseModel, ConfigDict

from api.listing.columns import Item, Scalar
from catalog.moments import parse_moment, print_moment

Printed = tuple[Literal["text", "number", "moment", "day", "none"], str]
"""A sort value as a cursor carries it: what it is, and its text."""


class CursorError(ValueError):
    """A cursor that this list did not give out for this question."""


class Cursor(BaseModel):
    """Where a page ended: the last item's sort values and id, the question, and its moments."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    question: int
    values: list[Printed]
    id: str
    as_of: str | None = None
    """The moments that the first page was of; the pages after it are of the same."""
    known_at: str | None = None

    def print(self) -> str:
        """Give the opaque text that goes out."""
        return urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")

    def place(self) -> tuple[Scalar, ...]:
        """Give the sort values it stands at; raise CursorError where they are none."""
        try:
            return tuple(_READERS[kind](text) for kind, text in self.values)
        except (ValueError, ArithmeticError):
            raise CursorError from None

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """Give ``as_of`` and ``known_at`` of the first page; raise CursorError else."""
        try:
            return _moment(self.as_of), _moment(self.known_at)
        except (ValueError, OverflowError):
            raise CursorError from None


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_moment(text)


_READERS: dict[str, Callable[[str], Scalar]] = {
    "text": str,
    "number": Decimal,
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "none": lambda _: None,
}


@dataclass(frozen=True)
class Key(Generic[Item]):
    """One value that a list is ordered by; items without one stand last either way."""

    value: Callable[[Item], Scalar]
    descending: bool = False

    def sort(self, items: Sequence[Item]) -> list[Item]:
        """Sort items; equal ones keep their order."""
        valued = [(value, item) for item in items if (value := self.value(item)) is not None]
        missing = [item for item in items if self.value(item) is None]
        valued.sort(key=lambda pair: pair[0], reverse=self.descending)
        return [*(item for _, item in valued), *missing]

    def compare(self, value: Scalar, place: Scalar) -> int:
        """Say whether a value stands before (-1), at (0) or after (1) a place."""
        if value == place:
            return 0
        if value is None or place is None:
            return 1 if value is None else -1
        lower: bool = value < place  # type: ignore[operator] # one list has values of one kind
        return 1 if lower is self.descending else -1


def ranks(key: Key[Item], items: Sequence[Item]) -> Sequence[int]:
    """Say of each item where its value stands among all values; equal ones stand at one place."""
    values = [key.value(item) for item in items]
    known = sorted({value for value in values if value is not None}, reverse=key.descending)
    rank = {value: place for place, value in enumerate(known)}
    return [len(known) if value is None else rank[value] for value in values]


@dataclass(frozen=True)
class Order(Generic[Item]):
    """How a list is ordered: by its keys, the first one first; then by id."""

    keys: tuple[Key[Item], ...]
    id: Callable[[Item], str]

    def arrange(self, items: Iterable[Item]) -> list[Item]:
        """Sort the items; equal values stand in the order of their ids."""
        arranged = sorted(items, key=self.id)
        for key in reversed(self.keys):
            arranged = key.sort(arranged)
        return arranged

    def cursor(
        self,
        item: Item,
        question: int,
        *,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> Cursor:
        """Mark the place of an item in a list of some moments."""
        return Cursor(
            question=question,
            values=[_print(key.value(item)) for key in self.keys],
            id=self.id(item),
            as_of=print_moment(as_of) if as_of else None,
            known_at=print_moment(known_at) if known_at else None,
        )

    def after(self, arranged: Sequence[Item], cursor: Cursor) -> Sequence[Item]:
        """Give the items of an arranged list after a place; raise CursorError where it is none."""
        place = cursor.place()
        if len(place) != len(self.keys):
            raise CursorError
        try:
            first = bisect_left(arranged, 1, key=lambda one: self._follows(one, place, cursor.id))
        except (TypeError, ArithmeticError):
            raise CursorError from None
        return arranged[first:]

    def _follows(self, item: Item, place: Sequence[Scalar], id_: str) -> bool:
        for key, standing in zip(self.keys, place, strict=True):
            side = key.compare(key.value(item), standing)
            if side:
                return side > 0
        return self.id(item) > id_


def fingerprint(question: str) -> int:
    """Give the short mark by which a cursor knows its question."""
    return crc32(question.encode())


def read_cursor(text: str, question: int) -> Cursor:
    """Read an opaque cursor back; raise CursorError unless this question gave it out."""
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        cursor = Cursor.model_validate_json(urlsafe_b64decode(padded))
    except ValueError:
        raise CursorError from None
    if cursor.question != question:
        raise CursorError
    return cursor


def _print(value: Scalar) -> Printed:
    if value is None:
        return "none", ""
    if isinstance(value, datetime):
        return "moment", print_moment(value)
    if isinstance(value, date):
        return "day", value.isoformat()
    if isinstance(value, str):
        return "text", value
    return "number", str(int(value) if isinstance(value, bool) else value)
