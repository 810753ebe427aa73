"""A source of our own whose two documents lie on a local site, for tests of whole crawls."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as StoreSession
from sqlmodel import col

from catalog.documents.sources import RunDocument, declare
from catalog.settings import Settings
from catalog.vocabulary import Meter, SourceKind
from spiders.crawling import CrawlResult, crawl_sources, open_session
from spiders.fetching.manners import Manners
from spiders.price_table import Model, Price, PriceTable
from spiders.signs import has_column
from spiders.source import Document, Form, PriceSource, Source, declaration
from spiders.terms import Terms
from tests.spiders.errands import QUICK

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKENS = PriceTable(
    None,
    {
        "Model": Model(),
        "Input": Price(Meter.INPUT_TOKENS),
        "Output": Price(Meter.OUTPUT_TOKENS),
    },
    terms=Terms(currency="USD"),
)
IMAGES = PriceTable(
    None, {"Model": Model(), "Image": Price(Meter.IMAGES)}, terms=Terms(currency="USD")
)


def shop(
    pricing: str,
    images: str | None = None,
    *,
    version: int = 1,
    name: str = "shop",
    wait_for: str | None = None,
) -> Source:
    """Make a source whose documents are at these addresses; ``wait_for`` asks for a browser."""
    tokens = Form("tokens", recognise=has_column("Input"), tables=(TOKENS,))
    pictures = Form("images", recognise=has_column("Image"), tables=(IMAGES,))
    second = (Document("images", images, forms=(pictures,)),) if images else ()
    first = Document(
        "pricing", pricing, forms=(tokens,), browser=wait_for is not None, wait_for=wait_for
    )

    class Shop(PriceSource):
        kind = SourceKind.OFFICIAL
        cadence = timedelta(hours=6)
        reader_version = version
        documents = (first, *second)

    Shop.name = name
    return Shop


def table(price: str = "$3", model: str = "large-1") -> str:
    """Write the page of token prices."""
    return (
        "<!doctype html><html><body><h1>Prices</h1><table>"
        "<tr><th>Model</th><th>Input</th><th>Output</th></tr>"
        f"<tr><td>{model}</td><td>{price} / 1M tokens</td><td>$15 / 1M tokens</td></tr>"
        "</table></body></html>"
    )


def gallery() -> str:
    """Write the page of image prices."""
    return (
        "<!doctype html><html><body><h1>Prices</h1><table>"
        "<tr><th>Model</th><th>Image</th></tr>"
        "<tr><td>picture-1</td><td>$0.04 / image</td></tr>"
        "</table></body></html>"
    )


def settings_in(folder: Path) -> Settings:
    return Settings(
        database_url="",
        contact="mailto:prices@example.org",
        secret_key="",
        allow_loopback=False,
        archive=folder / "archive",
        captures=folder,
    )


def crawl_at(
    store: Engine,
    sources: Source | list[Source],
    folder: Path,
    *,
    now: datetime = NOON,
    manners: Manners = QUICK,
) -> list[CrawlResult]:
    """Declare and crawl sources at a moment."""
    chosen = sources if isinstance(sources, list) else [sources]
    declare(store, [declaration(source) for source in chosen], now=lambda: now)
    session = open_session(settings_in(folder), now=lambda: now, manners=manners)
    return crawl_sources(store, chosen, session=session)


def visits(store: Engine) -> list[RunDocument]:
    """List the stored visits in order."""
    with StoreSession(store) as session:
        return list(session.scalars(select(RunDocument).order_by(col(RunDocument.id))))
