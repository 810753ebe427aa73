"""What the last reading of a source listed, row by row, under the very ids that it printed.

A series keeps one label where a list prints several for the same offer; a reading keeps all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.readings import Row, stored_rows
from catalog.documents.sources import Document, RunDocument, Source
from catalog.money import from_pico
from catalog.past.price_paths import Step
from catalog.past.revisions import Revision
from catalog.past.series import Series
from catalog.reading import COLUMNS, Fact
from catalog.vocabulary import Meter, Precision, Unit

_FACTS = tuple(Fact.model_fields)


@dataclass(frozen=True)
class Listed:
    """One price that a source lists, as printed."""

    label: str
    provider: str
    """Who sells it by the list's own name; empty where the list names nobody."""
    tier: str
    region: str
    context_over: int
    variant: str
    meter: Meter
    unit: Unit
    currency: str
    amount: Decimal
    """In the currency per unit."""
    locator: str
    """The path of its field."""


@dataclass(frozen=True)
class Listing:
    """All that a source listed when it was last read."""

    prices: tuple[Listed, ...] = ()
    facts: Mapping[tuple[str, str], Mapping[str, str]] | None = None
    """What is said of a label of a provider, by the fact's name."""


def last_listing(
    session: Session, source: str, *, as_of: datetime | None = None, known: int | None = None
) -> Listing:
    """Give what a source's documents listed at their last visit by a moment, as known by an ingest.

    A source that was never read lists nothing.
    """
    rows = [stored_rows(session, one) for one in _last_readings(session, source, as_of, known)]
    facts: dict[tuple[str, str], dict[str, str]] = {}
    for section in rows:
        for row in section["facts"]:
            said = {name: str(cell or "") for name, cell in zip(_FACTS, row, strict=True)}
            about = facts.setdefault((said["model"], said["provider"]), {})
            about[said["name"]] = said["value"]
    prices = tuple(_listed(row) for section in rows for row in section["points"])
    return Listing(prices, facts)


def _last_readings(
    session: Session, source: str, as_of: datetime | None, known: int | None
) -> Iterator[int]:
    query = (
        select(col(RunDocument.document_id), col(RunDocument.reading_id))
        .join(Document, col(Document.id) == RunDocument.document_id)
        .join(Source, col(Source.id) == Document.source_id)
        .where(col(Source.name) == source, col(RunDocument.reading_id).is_not(None))
        .order_by(
            col(Document.place),
            col(RunDocument.fetched_at).desc(),
            col(RunDocument.reader_version).desc(),
            col(RunDocument.id).desc(),
        )
    )
    if as_of is not None:
        query = query.where(col(RunDocument.fetched_at) <= as_of)
    if known is not None:
        query = query.where(col(RunDocument.ingest) <= known)
    seen: set[int] = set()
    for document, reading in session.execute(query):
        if document not in seen and reading is not None:
            seen.add(document)
            yield reading


def _listed(row: Row) -> Listed:
    cell = dict(zip(COLUMNS, row, strict=True))
    return Listed(
        label=str(cell["model"]),
        provider=str(cell["provider"] or ""),
        tier=str(cell["tier"]),
        region=str(cell["region"]),
        context_over=int(cell["context_over"] or 0),
        variant=str(cell["variant"]),
        meter=Meter(str(cell["meter"])),
        unit=Unit(str(cell["unit"])),
        currency=str(cell["currency"]),
        amount=Decimal(str(cell["amount"])),
        locator=str(cell["locator"] or ""),
    )


def all_steps(session: Session, known: int) -> Mapping[str, Sequence[Step]]:
    """Give every step of every series, as known by an ingest number, in order of time."""
    query = (
        select(
            col(Series.slug),
            col(Revision.valid_from),
            col(Revision.amount),
            col(Revision.precision),
            col(Revision.not_before),
        )
        .join(Series, col(Series.id) == Revision.series_id)
        .where(
            col(Revision.ingest) <= known,
            col(Revision.superseded).is_(None) | (col(Revision.superseded) > known),
        )
        .order_by(col(Series.slug), col(Revision.valid_from))
    )
    steps: dict[str, list[Step]] = {}
    for series, since, amount, precision, not_before in session.execute(query):
        exact = None if amount is None else from_pico(amount)
        step = Step(since, exact, Precision(precision), not_before)
        steps.setdefault(series, []).append(step)
    return steps
