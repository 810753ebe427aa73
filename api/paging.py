"""Pages of a list: opaque cursors that outlive a change of the list and refuse another question."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Generic, Literal, TypeVar
from zlib import crc32

from pydantic import BaseModel, ConfigDict

from catalog.moments import print_moment

Item = TypeVar("Item")
Value = Decimal | str | int | datetime | None


class CursorError(ValueError):
    """A cursor that this list did not give out for this question."""


class Cursor(BaseModel):
    """Where a page ended: the last item's sort value and id, and the question it answered."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    question: int
    kind: Literal["text", "number", "moment", "none"]
    value: str
    id: str

    def print(self) -> str:
        """Give the opaque text that goes out."""
        return urlsafe_b64encode(self.model_dump_json().encode()).decode().rstrip("=")

    def place(self) -> Value:
        """Give the sort value it stands at; raise CursorError where it is none."""
        try:
            return _READERS[self.kind](self.value)
        except (ValueError, ArithmeticError):
            raise CursorError from None


_READERS: dict[str, Callable[[str], Value]] = {
    "text": str,
    "number": Decimal,
    "moment": datetime.fromisoformat,
    "none": lambda _: None,
}


@dataclass(frozen=True)
class Order(Generic[Item]):
    """How a list is ordered: by a value, items without one last either way; then by id."""

    value: Callable[[Item], Value]
    id: Callable[[Item], str]
    descending: bool = False

    def arrange(self, items: Iterable[Item]) -> list[Item]:
        """Sort the items; equal values stand in the order of their ids."""
        by_id = sorted(items, key=self.id)
        valued = [item for item in by_id if self.value(item) is not None]
        missing = [item for item in by_id if self.value(item) is None]
        valued.sort(key=self.value, reverse=self.descending)  # type: ignore[arg-type] # none is missing here
        return [*valued, *missing]

    def cursor(self, item: Item, question: int) -> Cursor:
        """Mark the place of an item."""
        kind, text = _print(self.value(item))
        return Cursor(question=question, kind=kind, value=text, id=self.id(item))

    def follows(self, item: Item, cursor: Cursor, place: Value) -> bool:
        """Whether an item stands after a place, wherever its list has moved to since."""
        value = self.value(item)
        if value == place:
            return self.id(item) > cursor.id
        if value is None or place is None:
            return value is None
        lower: bool = value < place  # type: ignore[operator] # one list has values of one kind
        return lower is self.descending


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list, and the cursor of the next part, if any."""

    items: tuple[Item, ...]
    next: str | None


def take_page(
    items: Iterable[Item], order: Order[Item], *, question: str, limit: int, cursor: str | None
) -> Page[Item]:
    """Give the page that starts after a cursor; raise CursorError for one of another question."""
    arranged = order.arrange(items)
    asked = fingerprint(question)
    rest = arranged if cursor is None else _rest(arranged, order, read_cursor(cursor, asked))
    page = tuple(islice(rest, limit))
    more = len(page) < len(rest)
    return Page(page, order.cursor(page[-1], asked).print() if more else None)


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


def _rest(arranged: list[Item], order: Order[Item], cursor: Cursor) -> list[Item]:
    place = cursor.place()
    try:
        return [item for item in arranged if order.follows(item, cursor, place)]
    except (TypeError, ArithmeticError):
        raise CursorError from None


def _print(value: Value) -> tuple[Literal["text", "number", "moment", "none"], str]:
    if value is None:
        return "none", ""
    if isinstance(value, datetime):
        return "moment", print_moment(value)
    if isinstance(value, str):
        return "text", value
    return "number", str(value)
