"""The demonstration: two days of pages, crawled over HTTP, ranked, compared, and traced."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import new_class

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.events.changes import Event, since
from catalog.identity import load
from catalog.identity.registry import adopt
from catalog.migrating import migrate
from catalog.moments import parse_moment
from catalog.money import plain
from catalog.past.history import Price, prices
from catalog.ranking import Question, Standing
from catalog.review.holds import open_holds
from catalog.settings import read_settings
from catalog.store import Clock, open_store, reading
from catalog.vocabulary import Meter
from cron.demo.site import DemoSite, demo_site
from spiders.crawling import crawl_sources, open_session
from spiders.fetching.manners import Manners
from spiders.source import Source, declaration, source_named

DAYS = ("2026-07-15", "2026-08-21")
PAGES = {"anthropic": "anthropic.md", "openai": "openai.md", "epoch": "epoch.csv"}
"""Each source's first document, as the site names it."""
TRACED = "openai/gpt-5.6-terra"


def show(console: Console) -> None:
    """Walk the whole way on a throw-away store, saying what happens."""
    with demo_site() as site, _store() as (engine, folder):
        console.print(f"[bold]A site of our own at {site.address}[/], in the real pages' layout.")
        sources = [_here(source_named(name), site, page) for name, page in PAGES.items()]
        for day in DAYS:
            site.day = day
            _crawl(console, engine, folder, sources, day)
        _rank(console, engine)
        _compare(console, engine)
        _hold(console, engine)
        _trace(console, engine)
    console.print("\nThe same with the real pages: [bold]tokentape up[/]")


@contextmanager
def _store() -> Iterator[tuple[Engine, Path]]:
    with TemporaryDirectory() as made:
        engine = open_store(f"sqlite:///{made}/demo.db")
        migrate(engine)
        adopt(engine, load(), now=_at(DAYS[0]))
        yield engine, Path(made)
        engine.dispose()


def _here(source: Source, site: DemoSite, page: str) -> Source:
    """Give a source whose first document lies on the demonstration's site, and is small."""
    document = replace(
        source.documents[0], url=f"{site.address}/{page}", minimum_models=1, minimum_points=1
    )
    return new_class(
        source.__name__, (source,), exec_body=lambda body: body.update(documents=(document,))
    )


def _at(day: str) -> Clock:
    return lambda: parse_moment(day) + timedelta(hours=12)


def _crawl(console: Console, engine: Engine, folder: Path, sources: list[Source], day: str) -> None:
    now = _at(day)
    console.print(f"\n[bold]{day}[/]: crawl")
    settings = read_settings({"TOKENTAPE_ARCHIVE": str(folder / "archive")})
    session = open_session(settings, now=now, manners=Manners(delay=timedelta(0)))
    declare(engine, [declaration(source) for source in sources], now=now)
    for result in crawl_sources(engine, sources, session=session):
        console.print(f"  {result.source}: {result.outcome}, {result.points} prices")


def _rank(console: Console, engine: Engine) -> None:
    now = _at(DAYS[-1])
    columns = ("model", "value", "quality", "USD blended, 3:1")
    table = Table(*columns, title="\nWorth its price", box=SIMPLE)
    for listed in Views(engine, now=now).current().rank(Question(at=now())):
        one = listed.standing
        table.add_row(one.model.id, *map(_short, (one.value, _index(one), one.blended)))
    console.print(table)


def _index(one: Standing) -> Decimal | None:
    return one.quality.index if one.quality else None


def _short(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.2f}"


def _compare(console: Console, engine: Engine) -> None:
    columns = ("what", "model", "meter", "from", "to", "from day")
    table = Table(*columns, title="\nWhat moved", box=SIMPLE)
    with reading(engine) as session:
        for event in since(session, 0, limit=1000):
            if event.old is not None and not event.initial:
                table.add_row(*_event_row(event))
    console.print(table)


def _event_row(event: Event) -> tuple[str, ...]:
    moved = [plain(amount) if amount is not None else "-" for amount in (event.old, event.new)]
    names = (event.type, event.model or "", event.meter or "")
    return (*names, *moved, f"{event.valid_from:%Y-%m-%d}")


def _hold(console: Console, engine: Engine) -> None:
    console.print("\n[bold]What a guard holds until a person has looked[/]: tokentape review")
    with reading(engine) as session:
        for hold in open_holds(session):
            console.print(f"  {hold.guard}: {hold.about}: {'; '.join(hold.reasons)}")


def _trace(console: Console, engine: Engine) -> None:
    with reading(engine) as session:
        found = prices(session, now=_at(DAYS[-1])(), model=TRACED)
    price = next(price for price in found if price.meter is Meter.INPUT_TOKENS)
    console.print(f"\n[bold]One price, traced[/]: {price.model}, {price.meter}")
    for name, said in _evidence(price).items():
        console.print(f"  {name:12} {said}", highlight=False)


def _evidence(price: Price) -> dict[str, object]:
    proof = price.evidence
    return {
        "costs": f"{price.amount} {price.currency} per {price.unit}",
        "holds": f"from a moment after {price.not_before:%Y-%m-%d}, by {price.valid_from:%Y-%m-%d}",
        "the page says": proof.text,
        "there": proof.locator,
        "page": proof.url,
        "fetched": proof.fetched_at,
        "sha256": proof.sha256,
    }
