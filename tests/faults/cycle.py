"""One full cycle, as the worker runs it: fetch, archive, read, guard, ingest, events, arrivals.

Three days of a shop's pages, of which the third holds all that can happen to a price: a change,
an addition, a withdrawal, an announcement, one that has come, and one that a guard holds.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlmodel import col

from catalog.events.changes import ChangeEvent
from catalog.identity import load
from catalog.ingest import arrive
from catalog.past.history import prices
from catalog.past.series import Series
from catalog.store import open_store, reading
from spiders.crawling import CrawlResult
from spiders.source import Source
from tests.spiders.shop import crawl_at, shop
from tests.spiders.site import Site, page

FIRST = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
THIRD = FIRST + timedelta(days=2)
AGAIN = THIRD + timedelta(minutes=1)
COMING = "$4 / 1M tokens through November 21, 2026. $5 / 1M tokens starting November 22, 2026."
AHEAD = "$6 / 1M tokens through December 31, 2026. $9 / 1M tokens starting January 1, 2027."
STEADY = [(f"steady-{number}", f"${number}") for number in range(1, 25)]
"""So many prices that a few that move are no misread page."""
Rows = list[tuple[str, str]]
DAYS: tuple[Rows, ...] = (
    [("large-1", "$3"), ("soon-1", "$4"), ("later-1", "$6"), ("tiny-1", "$1"), ("old-1", "$2")],
    [("large-1", "$3"), ("soon-1", COMING), ("later-1", "$6"), ("tiny-1", "$1")],
    [("large-1", "$2"), ("soon-1", "$5"), ("later-1", AHEAD), ("tiny-1", "$10"), ("new-1", "$7")],
)
PICTURES = ("$0.04", "$0.04", "$0.03")


@dataclass(frozen=True)
class Place:
    """Where a cycle runs."""

    store: str
    """The store's URL."""
    folder: Path
    """Of the archive and the hosts' files."""
    site: str
    """The shop's address."""

    @property
    def archive(self) -> Path:
        """The archive's folder."""
        return self.folder / "archive"

    @property
    def source(self) -> Source:
        """The shop, as a source."""
        return shop(f"{self.site}/pricing", f"{self.site}/images")


def show_day(site: Site, day: int) -> None:
    """Let the shop's site show its pages of a day."""
    site.says("/pricing", page(_table("Input", "1M tokens", STEADY + DAYS[day])))
    site.says("/images", page(_table("Image", "image", [("picture-1", PICTURES[day])])))


def _table(heading: str, unit: str, rows: Rows) -> str:
    output = ["$15 / 1M tokens"] if heading == "Input" else []
    heads = ["Model", heading, "Output"][: 2 + len(output)]
    body = "".join(_row([model, _cell(price, unit), *output]) for model, price in rows)
    head = "".join(f"<th>{cell}</th>" for cell in heads)
    return (
        "<!doctype html><html><body><h1>Prices</h1>"
        f"<table><tr>{head}</tr>{body}</table></body></html>"
    )


def _row(cells: list[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _cell(price: str, unit: str) -> str:
    return price if "/" in price else f"{price} / {unit}"


def run_cycle(place: Place, now: datetime) -> list[CrawlResult]:
    """Crawl the shop at a moment and let announced days come."""
    engine = open_store(place.store)
    try:
        results = crawl_at(engine, place.source, place.folder, now=now)
        arrive(engine, now=lambda: now)
        return results
    finally:
        engine.dispose()


Change = tuple[str, str, bool, str | None, str, int | None, int | None, str]
"""Type, cause, initial, model, series, old, new and detail of an event: all but its times."""


def changes(engine: Engine) -> Counter[Change]:
    """Count the log's events, by what they say."""
    query = select(ChangeEvent, col(Series.slug)).outerjoin(
        Series, col(Series.id) == ChangeEvent.series_id
    )
    with reading(engine) as session:
        return Counter(
            (e.type, e.cause, e.initial, e.model, slug or "", e.old, e.new, e.detail)
            for e, slug in session.execute(query)
        )


def in_force(engine: Engine, now: datetime) -> list[tuple[str, str]]:
    """Give each series' price now."""
    with reading(engine) as session:
        return [(price.series, str(price.amount)) for price in prices(session, now=now)]


IDENTITY = load()
"""Loaded once, for all children of the process that forks them."""
