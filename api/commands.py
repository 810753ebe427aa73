"""The commands ``tokentape models`` and ``serve``; and serving, for whoever starts it all."""

import gc
import os
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, cast

import typer

from catalog.commands import migrated_store
from catalog.money import plain
from catalog.vocabulary import Meter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from socket import socket

    from rich.table import Table
    from sqlalchemy import Engine

    from api.listing import Part
    from catalog.current.listings import Listing

commands = typer.Typer()

USUAL_HOST = "127.0.0.1"
USUAL_PORT = 8000
LARGEST_LIST = 1000
WORKERS = "How many server processes; each follows the store and limits its own clients."


@commands.command("models")
def models_command(  # noqa: PLR0913, PLR0917 one parameter an option
    sort: Annotated[
        str,
        typer.Option(
            help="value, price, quality, input, output, context, name or changed; "
            "- before it reverses: --sort=-price"
        ),
    ] = "value",
    as_of: Annotated[str | None, typer.Option(help="What held then: a date or RFC 3339.")] = None,
    known_at: Annotated[str | None, typer.Option(help="Only what was recorded by then.")] = None,
    provider: Annotated[str | None, typer.Option(help="Only what this provider sells.")] = None,
    q: Annotated[str | None, typer.Option(help="Only names that contain this.")] = None,
    mix: Annotated[str, typer.Option(help="Parts of input to parts of output.")] = "3:1",
    cached_share: Annotated[str, typer.Option(help="The cached share of input, 0 to 1.")] = "0",
    alpha: Annotated[str, typer.Option(help="How much the price weighs, 0 to 4.")] = "0.5",
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=LARGEST_LIST)] = LARGEST_LIST,
) -> None:
    """Rank the models that have a price: quality for what it costs.

    A table in a terminal; piped, the JSON that GET /models answers.
    """
    from api.command_line import part_of, print_json
    from api.resources.model_list import MODELS

    given = {
        "sort": sort,
        "as_of": as_of,
        "known_at": known_at,
        "provider": provider,
        "q": q,
        "mix": mix,
        "cached_share": cached_share,
        "alpha": alpha,
        "limit": limit,
    }
    listed = part_of(MODELS, given)
    if sys.stdout.isatty():
        _print(listed)
    else:
        print_json(MODELS, listed)


@commands.command("serve")
def serve_command(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = USUAL_HOST,
    port: Annotated[
        int, typer.Option(help="The port to listen on.", min=0, max=65535)
    ] = USUAL_PORT,
    workers: Annotated[int, typer.Option(help=WORKERS, min=1, max=64)] = 1,
) -> None:
    """Serve the catalog over HTTP: current and past prices, rankings and changes.

    Documentation of every route is at /docs.
    """
    gc.disable()  # until all is read: nothing that is read is garbage
    serve(migrated_store(), host, port, workers=workers)


def serve(
    engine: "Engine", host: str = USUAL_HOST, port: int = USUAL_PORT, *, workers: int = 1
) -> None:
    """Serve a migrated store until interrupted, in one process or several."""
    if workers > 1:
        _serve_in_several(engine, host, port, workers)
        return
    from api.app import create_app
    from api.feeds.serving import run

    run(create_app(engine), host=host, port=port)


def _serve_in_several(engine: "Engine", host: str, port: int, workers: int) -> None:
    from shutil import rmtree

    from api.http.counting import counting_together

    parent = os.getpid()
    with counting_together() as counts:
        from api.app import create_app
        from api.feeds.serving import run
        from api.workers import Workers

        app = create_app(engine)

        def serve_one(own: "socket", _number: int) -> None:
            try:
                run(app, host=host, port=port, own=own, parent=parent)
            finally:
                if os.getppid() != parent:
                    rmtree(counts, ignore_errors=True)

        engine.dispose()  # a connection is no other process' one
        Workers(serve_one, host, port).run(workers)


COLUMNS: tuple[str, ...] = ("model", "value", "★", "quality", "in", "out", "price", "band")
MORE_COLUMNS = ("context", "why no value")
NUMERIC = frozenset({"value", "quality", "in", "out", "price", "context"})
WIDE = 120
"""From this many characters on, a terminal has room for the further columns."""


def _print(listed: "Part[Listing]") -> None:
    from rich.console import Console

    from api.resources.ranking import RankedMeta

    console = Console(highlight=False)
    columns = COLUMNS if console.width < WIDE else (*COLUMNS, *MORE_COLUMNS)
    console.print(_table(listed.items, columns))
    ranking = cast("RankedMeta", listed.meta).ranking
    console.print(f"{ranking.value}; USD per 1M tokens, {ranking.mix} input to output")
    console.print(f"as of {listed.meta.as_of:%Y-%m-%d %H:%M} UTC; * on the Pareto frontier")


def _table(listed: "Iterable[Listing]", columns: tuple[str, ...]) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in NUMERIC else "left", no_wrap=True)
    for model in listed:
        table.add_row(*_row(model)[: len(columns)])
    return table


def _row(one: "Listing") -> tuple[str, ...]:
    standing = one.standing
    amounts = standing.reference.amount
    return (
        one.model.id + (" *" if standing.pareto else ""),
        _short(standing.value),
        str(standing.stars or ""),
        _short(standing.quality.index if standing.quality else None),
        _exact(amounts(Meter.INPUT_TOKENS)),
        _exact(amounts(Meter.OUTPUT_TOKENS)),
        _exact(standing.blended),
        standing.band or "",
        "" if one.context is None else f"{one.context:,}",
        standing.reason or "",
    )


def _short(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.1f}"


def _exact(amount: Decimal | None) -> str:
    return "" if amount is None else plain(amount)
