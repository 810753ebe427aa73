"""How commands print what they list: a table where a person watches, JSON lines into a pipe."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import typer

from catalog.moments import print_moment
from catalog.money import plain

Rows = Iterable[Sequence[str]]


def is_terminal() -> bool:
    """Whether a person watches, and not a pipe."""
    return sys.stdout.isatty()


def print_rows(heads: Sequence[str], rows: Rows) -> None:
    """Print rows under their heads."""
    if is_terminal():
        show_rows(heads, rows)
    else:
        print_lines([dict(zip(heads, row, strict=True)) for row in rows])


def show_rows(heads: Sequence[str], rows: Rows, title: str | None = None) -> None:
    """Print a table for a person."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 commands start fast, and a pipe needs none
    from rich.console import Console  # noqa: PLC0415 the same
    from rich.table import Table  # noqa: PLC0415 the same
    from rich.text import Text  # noqa: PLC0415 the same

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, show_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console().print(table)


def print_lines(rows: Sequence[Mapping[str, object]]) -> None:
    """Print one JSON object a line."""
    for row in rows:
        typer.echo(json.dumps(row, default=_plain, ensure_ascii=False))


def _plain(value: object) -> str | int:
    if isinstance(value, datetime):
        return print_moment(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value.isoformat() if isinstance(value, date) else str(value)


def printable(text: str) -> str:
    """Leave out what could steer a terminal: the text may be a page's."""
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n")


def amount(value: Decimal | None) -> str:
    """Print an amount; nothing where there is none."""
    return "" if value is None else plain(value)
