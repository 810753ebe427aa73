"""The commands ``tokentape models`` and ``serve``; and serving, for whoever starts it all."""

import os
import sys
from decimal import Decimal
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from api import lists
from api.problems import Refused
from api.questions import LARGEST_PAGE, ModelsQuestion
from api.shapes import ModelOut, Models
from catalog.settings import read_settings
from catalog.store import FutureError, is_migrated, open_store
from catalog.view import Views

commands = typer.Typer()

USUAL_HOST = "127.0.0.1"
USUAL_PORT = 8000


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
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=LARGEST_PAGE)] = LARGEST_PAGE,
) -> None:
    """Rank the models that have a price: quality for what it costs.

    A table in a terminal; piped, the JSON that GET /models answers.
    """
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
    listed = _ask({name: value for name, value in given.items() if value is not None})
    if sys.stdout.isatty():
        Console().print(_table(listed))
    else:
        typer.echo(listed.model_dump_json())


@commands.command("serve")
def serve_command(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = USUAL_HOST,
    port: Annotated[
        int, typer.Option(help="The port to listen on.", min=0, max=65535)
    ] = USUAL_PORT,
) -> None:
    """Serve the catalog over HTTP: current and past prices, rankings and changes.

    Documentation of every route is at /docs.
    """
    serve(_migrated_store(), host, port)


def serve(engine: Engine, host: str = USUAL_HOST, port: int = USUAL_PORT) -> None:
    """Serve a migrated store until interrupted."""
    import uvicorn  # other commands start without it

    from api.app import create_app  # the same

    uvicorn.run(create_app(engine), host=host, port=port, access_log=False)


def _migrated_store() -> Engine:
    engine = open_store(read_settings(os.environ).database_url)
    if not is_migrated(engine):
        typer.echo("The store is not migrated; run `tokentape migrate` first.", err=True)
        raise typer.Exit(1)
    return engine


def _ask(given: dict[str, str | int]) -> Models:
    """Ask what GET /models asks; a wrong option exits 2, by name."""
    try:
        asked = ModelsQuestion.model_validate(given)
        look = Views(_migrated_store()).look(asked.as_of, asked.known_at)
        return lists.models(look, asked)
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(
            str(first["msg"]).removeprefix("Value error, "),
            param_hint=f"--{first['loc'][-1]}".replace("_", "-"),
        ) from None
    except FutureError as error:
        raise typer.BadParameter(str(error), param_hint="--known-at") from None
    except Refused as refused:
        raise typer.BadParameter(refused.problem.detail) from None


COLUMNS = ("model", "value", "stars", "quality", "in", "out", "blended", "band", "context", "note")


def _table(listed: Models) -> Table:
    ranking = listed.meta.ranking
    table = Table(
        title=f"{ranking.value}, {ranking.mix} input to output, USD per 1M tokens",
        caption=f"prices that held at {listed.meta.as_of:%Y-%m-%d %H:%M} UTC; *: Pareto frontier",
    )
    for column in COLUMNS:
        numeric = column in {"value", "quality", "in", "out", "blended", "context"}
        table.add_column(column, justify="right" if numeric else "left")
    for model in listed.data:
        table.add_row(*_row(model))
    return table


def _row(model: ModelOut) -> tuple[str, ...]:
    return (
        model.model + (" *" if model.pareto else ""),
        _short(model.value),
        "★" * (model.stars or 0),
        _short(model.quality.index if model.quality else None),
        model.input or "",
        model.output or "",
        model.price or "",
        model.band or "",
        "" if model.context is None else f"{model.context:,}",
        model.reason or "",
    )


def _short(number: str | None) -> str:
    return "" if number is None else f"{Decimal(number):.2f}"
