"""The whole history in one file: SQLite, or Parquet; each of one state of the store."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from api.listing.columns import Column, Kind, Value
from api.listing.lines import pieces
from api.listing.rows import as_json, json_text
from api.resources.changes import COLUMNS as CHANGE_COLUMNS
from api.resources.prices import COLUMNS as PRICE_COLUMNS
from catalog.current.look import Look
from catalog.current.view import Views
from catalog.events.changes import Event
from catalog.moments import print_moment
from catalog.past.history import Price, series_history
from catalog.store import reading

Item = TypeVar("Item")
CHUNK = 1 << 18
PIECE = 1000
LICENCE = "CC0-1.0"
AMOUNTS = "exact decimals as text, in the currency per unit; null: the price has come to an end"


def all_prices(views: Views, look: Look, as_of: datetime | None = None) -> list[Price]:
    """Give every price of every series, ended and announced ones too, as known at a look.

    With ``as_of`` those that began to hold by then.
    """
    with reading(views.engine) as session:
        return series_history(session, now=views.now(), as_of=as_of, known_at=look.known_at)


def events_after(views: Views, look: Look, since: int = 0) -> Iterator[Event]:
    """Give the log after a number and up to a look's last, read by the piece."""
    last = look.view.sequence
    while since < last:
        read = views.log(since, limit=PIECE, known_at=look.known_at).events
        yield from (event for event in read if event.sequence <= last)
        since = read[-1].sequence if read else last


def through_file(make: Callable[[Path], None]) -> Iterator[bytes]:
    """Give a file by the chunk that is made for it and then gone."""
    with TemporaryDirectory(prefix="tokentape-") as folder:
        path = Path(folder) / "export"
        make(path)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def write_sqlite(path: Path, views: Views, look: Look, as_of: datetime | None = None) -> None:
    """Write prices, changes, models and what the file is into a new SQLite file."""
    with closing(sqlite3.connect(path)) as store:
        _fill(store, "prices", PRICE_COLUMNS, all_prices(views, look, as_of))
        _fill(store, "changes", CHANGE_COLUMNS, events_after(views, look))
        store.execute("CREATE TABLE models (id TEXT PRIMARY KEY, maker TEXT, name TEXT, kind TEXT)")
        models = ((one.id, one.maker, one.name, one.kind) for one in views.identity.models.values())
        store.executemany("INSERT INTO models VALUES (?, ?, ?, ?)", models)
        store.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")
        store.executemany("INSERT INTO about VALUES (?, ?)", _about(look))
        store.execute("CREATE INDEX prices_of_model ON prices (model, valid_from)")
        store.commit()


def _about(look: Look) -> Iterator[tuple[str, str]]:
    yield "sequence", str(look.view.sequence)
    yield "as_of", print_moment(look.as_of)
    yield "known_at", print_moment(look.known_at)
    yield "amounts", AMOUNTS
    yield "licence", LICENCE


def _fill(
    store: sqlite3.Connection, table: str, columns: Sequence[Column[Item]], items: Iterable[Item]
) -> None:
    typed = ", ".join(f"{_name(one)} {_type(one)}" for one in columns)
    store.execute(f"CREATE TABLE {table} ({typed})")
    marks = ", ".join("?" for _ in columns)
    insert = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 a table of ours
    for piece in pieces(items):
        rows = ([_cell(one.kind, one.take(item)) for one in columns] for item in piece)
        store.executemany(insert, rows)


def _name(column: Column[Item]) -> str:
    return column.name.replace(".", "_")


def _type(column: Column[Item]) -> str:
    return "INTEGER" if column.kind in {Kind.INTEGER, Kind.BOOLEAN} else "TEXT"


def _cell(kind: Kind, value: Value) -> str | int | None:
    if value is None or isinstance(value, str | int):
        return value
    printed = as_json(kind, value)
    return printed if isinstance(printed, str | int) else json_text(printed)
