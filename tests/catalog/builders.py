"""Builders that show only what matters: sources, points, visits and a store to take them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from sqlalchemy import Engine

from catalog.declaration import DocumentDeclaration, SourceDeclaration
from catalog.documents.sources import declare
from catalog.dump import dump_canonical
from catalog.events.changes import Event, since
from catalog.identity import Identity, load
from catalog.ingest import IngestResult, ingest
from catalog.moments import parse_moment
from catalog.money import plain
from catalog.past.history import Price, prices, series_history
from catalog.reading import PricePoint, Reading
from catalog.store import reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Meter, Outcome, SourceKind, Unit

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DOCUMENTS = ("docs", "site")


def source(name: str = "anthropic", documents: Sequence[str] = DOCUMENTS) -> SourceDeclaration:
    """Declare a source with documents that each have the forms a and b."""
    return SourceDeclaration(
        name=name,
        kind=SourceKind.OFFICIAL,
        provider=name,
        cadence=timedelta(days=1),
        reader_version=1,
        documents=tuple(
            DocumentDeclaration(
                name=document, url=f"https://{name}.example/{document}", forms=("a", "b")
            )
            for document in documents
        ),
    )


def point(model: str, amount: str, **columns: object) -> PricePoint:
    """State an input price in US dollars per million tokens, unless columns say otherwise."""
    stated: dict[str, object] = {
        "model": model,
        "amount": Decimal(amount),
        "meter": Meter.INPUT_TOKENS,
        "unit": Unit.MILLION_TOKENS,
        "currency": "USD",
        "evidence": f"{model}: ${amount}",
    }
    return PricePoint.model_validate(stated | columns)


def pair(model: str, price: str, output: str, **columns: object) -> tuple[PricePoint, PricePoint]:
    """State an input and an output price of a model."""
    return (
        point(model, price, **columns),
        point(model, output, meter=Meter.OUTPUT_TOKENS, **columns),
    )


def visit(day: str, *points: PricePoint, **fields: object) -> Visit:
    """Visit the docs of anthropic on a day and read some points in form a."""
    read = Reading(form=str(fields.pop("form", "a")), points=points)
    stated: dict[str, object] = {
        "source": "anthropic",
        "document": "docs",
        "url": "https://anthropic.example/docs",
        "fetched_at": parse_moment(day),
        "reader_version": 1,
        "outcome": Outcome.OK,
        "reading": read,
        "cause": Cause.BACKFILLED,
        "sha256": sha256(read.model_dump_json().encode()).hexdigest(),
    }
    return Visit.model_validate(stated | fields)


def failed(day: str, outcome: Outcome = Outcome.BLOCKED, **fields: object) -> Visit:
    """Visit the docs of anthropic on a day and read nothing."""
    return visit(day, **({"outcome": outcome, "reading": None, "sha256": None} | fields))


@dataclass
class Catalog:
    """A store with its clock, as a test drives it; it ticks when it is looked at."""

    engine: Engine
    identity: Identity = field(default_factory=load)
    clock: datetime = NOW
    sources: tuple[SourceDeclaration, ...] = (source(),)

    def __post_init__(self) -> None:
        """Declare the sources."""
        declare(self.engine, self.sources, now=self.now)

    def now(self) -> datetime:
        """Give the time: a microsecond later each time, unless a test moves the clock."""
        self.clock += TICK
        return self.clock

    def take(self, *visits: Visit) -> list[IngestResult]:
        """Ingest visits, in this order."""
        return [ingest(self.engine, v, identity=self.identity, now=self.now) for v in visits]

    def prices(self, day: str | None = None, *, known_at: datetime | None = None) -> list[Price]:
        """Give the prices in force on a day."""
        as_of = parse_moment(day) if day else None
        with reading(self.engine) as session:
            return prices(session, now=self.clock, as_of=as_of, known_at=known_at)

    def events(self) -> list[Event]:
        """Give the log."""
        with reading(self.engine) as session:
            return since(session, limit=100_000)

    def told(self, *, initial: bool = False) -> list[tuple[str, str | None, str | None]]:
        """Give the log's events of prices and models: type, old and new amount."""
        return [
            (
                event.type.value,
                None if event.old is None else plain(event.old),
                None if event.new is None else plain(event.new),
            )
            for event in self.events()
            if initial or not event.initial
        ]

    def dump(self) -> list[str]:
        """Give the canonical dump."""
        with reading(self.engine) as session:
            return list(dump_canonical(session, self.identity))

    def history(self) -> list[Price]:
        """Give all revisions in force."""
        with reading(self.engine) as session:
            return series_history(session, now=self.clock)
