"""Rows as text, a piece at a time: NDJSON, and CSV that a spreadsheet does not run."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import cast

from pydantic_core import to_json

from api.listing.columns import Column, Item, Kind, Value
from api.listing.rows import Rows, as_json, json_text

PIECE = 500
"""So many rows are written at once."""
RUN_BY_SPREADSHEETS = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 spreadsheets run the wide forms, too
MARK = "'"
"""Stands before a text that begins with one of those, or with itself; readers take it away."""
MARKED = RUN_BY_SPREADSHEETS | {MARK}
_NEEDS_QUOTES = re.compile('[",\r\n]').search


def write_ndjson(columns: Sequence[Column[Item]], items: Iterable[Item]) -> Iterator[bytes]:
    """Write one JSON object a line, as the list in JSON has it."""
    rows = Rows(columns)
    for piece in pieces(items):
        yield b"".join(to_json(rows.nested(item)) + b"\n" for item in piece)


def write_csv(columns: Sequence[Column[Item]], items: Iterable[Item]) -> Iterator[bytes]:
    """Write RFC 4180: a head, then a line an item; null is nothing at all, ``""`` an empty text."""
    cells = [_cell(column) for column in columns]
    yield _line(column.name for column in columns)
    for piece in pieces(items):
        yield b"".join(_line([cell(item) for cell in cells]) for item in piece)


def pieces(items: Iterable[Item], size: int = PIECE) -> Iterator[list[Item]]:
    """Give items by the piece."""
    rest = iter(items)
    while piece := list(islice(rest, size)):
        yield piece


def _line(cells: Iterable[str]) -> bytes:
    return (",".join(cells) + "\r\n").encode()


def _cell(column: Column[Item]) -> Callable[[Item], str]:
    """Make what prints one column's cells."""
    take, printed = column.take, _PRINTED[column.kind]

    def cell(item: Item) -> str:
        value = take(item)
        return "" if value is None else printed(value)

    return cell


def _text(value: Value) -> str:
    text = cast("str", value)
    if not text:
        return '""'
    return _quoted(MARK + text if text[0] in MARKED else text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES(text) else text


def _flat(kind: Kind) -> Callable[[Value], str]:
    return lambda value: _quoted(json_text(as_json(kind, value)))


def _unquoted(kind: Kind) -> Callable[[Value], str]:
    return lambda value: str(as_json(kind, value))


_PRINTED: dict[Kind, Callable[[Value], str]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: str,
    Kind.DECIMAL: _unquoted(Kind.DECIMAL),
    Kind.BOOLEAN: lambda value: "true" if value else "false",
    Kind.MOMENT: _unquoted(Kind.MOMENT),
    Kind.DAY: _unquoted(Kind.DAY),
    Kind.TEXTS: _flat(Kind.TEXTS),
    Kind.ITEMS: _flat(Kind.ITEMS),
}
