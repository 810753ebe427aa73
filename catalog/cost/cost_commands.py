"""The commands of pricing usages: reprice a log, write a price book."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from catalog.moments import parse_moment, utc_now

if TYPE_CHECKING:
    from collections import Counter
    from datetime import datetime

    from catalog.cost.book import Book, Sold
    from catalog.cost.reprice import Repriced

commands = typer.Typer()
SHOWN = 20
"""So many bad lines, reasons and warnings are printed, and how many more there are."""


@commands.command()
def reprice(
    log: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON Lines, or .csv.")],
    at: Annotated[
        str | None, typer.Option(help="Also at the prices of this moment, or `now`.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Also on this model.")] = None,
    provider: Annotated[str | None, typer.Option(help="Who sells that model.")] = None,
    write: Annotated[
        Path | None, typer.Option("--csv", help="Write the table to this file.")
    ] = None,
) -> None:
    """Price a log of usages as it was; beside it, at another date or on another model.

    A line is {"model": …, "at": …, "usage": {…}}, and may name provider, tier, region and format.
    Exits 1 where a line cannot be read or priced: the totals are then not all of it.
    """
    from catalog.cost.log import LogError, entries
    from catalog.cost.reprice import Otherwise, Repriced

    asked = Otherwise(_moment(at), model, provider) if at or model else None
    book, now = _book(), utc_now()
    _refuse_unsold(book.sold(model, provider, now) if model else None, provider)
    priced = Repriced(book, now, asked)
    try:
        with log.open("rb") as lines, _progress(lines, log.stat().st_size) as read:
            priced.take(entries(read, as_csv=log.suffix.lower() == ".csv"))
    except LogError as error:
        raise typer.BadParameter(f"{log}: {error}") from None
    _print_table(priced)
    if write is not None:
        _write_table(priced, write)
    _print_troubles(priced)
    if not priced.whole:
        raise typer.Exit(1)


@commands.command("price-book")
def price_book(
    path: Annotated[Path, typer.Argument(dir_okay=False, help="The file to write.")],
) -> None:
    """Write all prices of the store as one file, for pricing in process without a store."""
    from catalog.commands import migrated_store
    from catalog.cost.stored import write_stored

    models = write_stored(migrated_store(), path, now=utc_now)
    typer.echo(f"{path}: {models} models")


def _moment(text: str | None) -> "datetime | None":
    from catalog.moments import MomentError

    if text is None:
        return None
    try:
        return utc_now() if text == "now" else parse_moment(text)
    except MomentError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from None


def _refuse_unsold(sold: "Sold | None", provider: str | None) -> None:
    if sold is None:
        if provider is not None:
            raise typer.BadParameter("name the --model that it sells", param_hint="--provider")
        return
    if sold.reason:
        others = f"; there are {', '.join(sold.candidates)}" if sold.candidates else ""
        raise typer.BadParameter(f"{sold.reason}{others}", param_hint="--model")


def _book() -> "Book":
    """Give the store's book, or, where no store has prices yet, that of the bundled history."""
    from catalog.cost import bundled
    from catalog.cost.stored import StoredBook
    from catalog.events.changes import catalog_version
    from catalog.identity import load
    from catalog.settings import environment_settings
    from catalog.store import is_migrated, open_store, reading

    engine = open_store(environment_settings().database_url)
    if is_migrated(engine):
        with reading(engine) as session:
            filled = catalog_version(session) > 0
        if filled:
            return StoredBook(engine, load(), now=utc_now).current()
    typer.echo("no prices in the store: priced by the bundled history", err=True)
    return bundled()


@contextmanager
def _progress(lines: IO[bytes], size: int) -> Iterator[Iterator[bytes]]:
    """Give a file's lines, and show on a terminal how far they are read."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("repricing", total=size)

        def read() -> Iterator[bytes]:
            for number, line in enumerate(lines):
                yield line
                if number % 10_000 == 0:
                    bar.update(task, completed=lines.tell())

        yield read()


def _print_table(priced: "Repriced") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*priced.columns)
    for column in table.columns[2:]:
        column.justify = "right"
    rows = priced.rows()
    for row in rows:
        table.add_row(*row, style="bold" if row[0] == "total" else None)
    Console(width=_width(priced.columns, rows)).print(table)


def _width(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Give the width that cuts no cell: an amount without its end is another amount."""
    return 1 + sum(max(map(len, cells)) + 3 for cells in zip(heads, *rows, strict=True))


def _write_table(priced: "Repriced", path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(priced.columns)
        rows.writerows(priced.rows())


def _print_troubles(priced: "Repriced") -> None:
    for bad in priced.bad[:SHOWN]:
        typer.echo(f"line {bad.number}: {bad.why}", err=True)
    if priced.bad:
        typer.echo(f"{len(priced.bad)} lines are not priced: they are no usages", err=True)
    _print_counted("not priced", priced.reasons)
    _print_counted("to be known", priced.warnings)


def _print_counted(title: str, told: "Counter[str]") -> None:
    for text, number in told.most_common(SHOWN):
        typer.echo(f"{title}, {number} requests: {text}", err=True)
    if len(told) > SHOWN:
        typer.echo(f"{title}: and {len(told) - SHOWN} more reasons", err=True)
