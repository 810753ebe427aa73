"""Crawls by a clock that jumps, and by clocks of other zones."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine

from catalog.documents.sources import declare
from catalog.ingest import arrive
from catalog.moments import utc_now
from catalog.store import open_store
from spiders.crawling import CrawlResult, crawl_sources, open_session
from spiders.source import declaration
from tests.faults.cycle import Place
from tests.spiders.errands import QUICK
from tests.spiders.shop import settings_in


@dataclass(frozen=True)
class Clock:
    """What a machine's clock says when a crawl starts, in a zone."""

    at: datetime
    zone: str = "UTC"


def crawl_by(place: Place, clock: Clock) -> list[CrawlResult]:
    """Crawl the shop in a process whose clock says this; nothing is told the time otherwise."""
    with time_machine.travel(clock.at.astimezone(ZoneInfo(clock.zone))):
        engine = open_store(place.store)
        declare(engine, [declaration(place.source)], now=utc_now)
        session = open_session(settings_in(place.folder), now=utc_now, manners=QUICK)
        results = crawl_sources(engine, [place.source], session=session)
        arrive(engine, now=utc_now)
        engine.dispose()
    return results
