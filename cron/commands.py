"""The commands that run everything: up, work, demo."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.moments import utc_now

if TYPE_CHECKING:
    from sqlalchemy import Engine

commands = typer.Typer()

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]


Workers = Annotated[int, typer.Option(help="How many server processes.", min=1, max=64)]


@commands.command()
def up(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1) -> None:
    """Do it all: migrate the store, load the bundled history, serve, and crawl beside it.

    The live pages are crawled by each source's cadence once the server answers. Ctrl-C ends both.
    """
    from api.commands import serve
    from cron.beside import beside

    engine = _ready()
    with beside([sys.executable, "-m", "tokentape", "work"], host, port):
        serve(engine, host, port, workers=workers)


def _ready() -> "Engine":
    """Give the store, migrated, with all that comes with the project."""
    from catalog.bundle import news
    from catalog.commands import migrate
    from catalog.settings import environment_settings
    from catalog.store import is_migrated, open_store
    from spiders.commands import load_history

    engine = open_store(environment_settings().database_url)
    if not is_migrated(engine):
        migrate()
    if news(engine):
        load_history()
    return engine


@commands.command()
def work() -> None:
    """Crawl each source by its cadence, let announced days come, deliver, until Ctrl-C.

    One worker at a time holds a store; a second one ends at once and says so.
    """
    from api.delivery.keyring import SecretKeyError
    from catalog.commands import migrated_store
    from catalog.identity import load
    from catalog.identity.registry import adopt
    from cron.worker import AnotherWorkerError
    from cron.worker import work as work_on
    from spiders.loading import declare_sources
    from spiders.terminal import show_result

    engine = migrated_store()
    declare_sources(engine, now=utc_now)
    adopt(engine, load(), now=utc_now)
    try:
        work_on(engine, now=utc_now, on_progress=show_result)
    except (AnotherWorkerError, SecretKeyError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@commands.command()
def demo() -> None:
    """Show the whole way in under a minute, without a network and without leaving a trace.

    A site on this machine serves two dates of small pages; they are crawled over HTTP, the models
    ranked by value, the changes listed, and one price traced to the words on its page.
    """
    from rich.console import Console

    from cron.demo.tour import show

    show(Console())
