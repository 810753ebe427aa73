"""Rows as text, a piece at a time: NDJSON, and CSV that a spreadsheet does not run."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from pydantic_core import to_json

from api.listing.columns import Column, Item, Json, Kind
from api.listing.rows import Rows

PIECE = 500
"""So many rows are written at once."""
RUN_BY_SPREADSHEETS = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 spreadsheets run the wide forms, too
MARK = "'"
"""Stands before a text that begins with one of those, or with itself; readers take it away."""
QUOTED = frozenset('",\r\n')


def write_ndjson(columns: Sequence[Column[Item]], items: Iterable[Item]) -> Iterator[bytes]:
    """Write one JSON object a line, as the list in JSON has it."""
    rows = Rows(columns)
    for piece in pieces(items):
        yield b"".join(to_json(rows.nested(item)) + b"\n" for item in piece)


def write_csv(columns: Sequence[Column[Item]], items: Iterable[Item]) -> Iterator[bytes]:
    """Write RFC 4180: a head, then a line an item; null is nothing at all, ``""`` an empty text."""
    rows = Rows(columns)
    texts = [column.kind is Kind.TEXT for column in columns]
    yield _line([column.name for column in columns])
    for piece in pieces(items):
        lines = (map(_cell, rows.flat(item), texts) for item in piece)
        yield b"".join(map(_line, lines))


def pieces(items: Iterable[Item], size: int = PIECE) -> Iterator[list[Item]]:
    """Give items by the piece."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


def _line(cells: Iterable[str]) -> bytes:
    return (",".join(cells) + "\r\n").encode()


def _cell(value: Json, is_text: bool) -> str:  # noqa: FBT001 map passes it
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if not text:
        return '""'
    safe = MARK + text if is_text and (text[0] in RUN_BY_SPREADSHEETS or text[0] == MARK) else text
    return safe if QUOTED.isdisjoint(safe) else '"' + safe.replace('"', '""') + '"'
