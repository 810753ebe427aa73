"""The price book of a store: its prices of all time, read model by model as they are asked for."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.cost.book import Book
from catalog.cost.book_file import write_book
from catalog.cost.rates import Proof, Rate
from catalog.cost.rules import Multiplier
from catalog.current.facts import By, stated
from catalog.current.observations import AdjustmentRow
from catalog.events.changes import catalog_version
from catalog.identity import Identity
from catalog.past.history import Price, series_history
from catalog.store import Clock, ingest_known_at, reading

EARLIER_HELD = 4
"""So many books of earlier knowledge are held; each reads a model's prices when it is asked for."""


class StoredBook:
    """The book of a store, made anew when the catalog has moved, and those of what was known."""

    def __init__(self, engine: Engine, identity: Identity, *, now: Clock) -> None:
        """Look at a migrated store; nothing is read before the first question."""
        self._engine = engine
        self._identity = identity
        self._now = now
        self._held: tuple[int, Book] | None = None
        self._known = lru_cache(EARLIER_HELD)(self._as_known)

    def current(self) -> Book:
        """Give the book of what is known now."""
        with reading(self._engine) as session:
            version = catalog_version(session)
            if self._held is None or self._held[0] != version:
                self._held = (version, self._book(session))
            return self._held[1]

    def known(self, known_at: datetime) -> Book:
        """Give the book of what was known at a moment. Raises FutureError for one to come."""
        with reading(self._engine) as session:
            ingest = ingest_known_at(session, known_at, now=self._now())
        return self._known(known_at, ingest)

    def _as_known(self, known_at: datetime, ingest: int) -> Book:
        with reading(self._engine) as session:
            return self._book(session, By(ingest=ingest), known_at)

    def _book(
        self, session: Session, by: By | None = None, known_at: datetime | None = None
    ) -> Book:
        def rates_of(model: str) -> list[Rate]:
            with reading(self._engine) as asked:
                now = self._now()
                return rates(series_history(asked, now=now, known_at=known_at, model=model))

        return Book(rates_of, self._identity, multipliers(session, by))


def rates(prices: Iterable[Price]) -> list[Rate]:
    """Give prices as the calculator takes them."""
    return [_rate(price) for price in prices]


def _rate(price: Price) -> Rate:
    proof = price.evidence
    return Rate(
        series=price.series,
        source=price.source,
        kind=price.kind,
        provider=price.provider,
        tier=price.tier,
        region=price.region,
        context_over=price.context_over,
        variant=price.variant,
        window=price.window,
        meter=price.meter,
        unit=price.unit,
        currency=price.currency,
        amount=price.amount,
        reason=price.reason,
        valid_from=price.valid_from,
        precision=price.precision,
        not_before=price.not_before,
        confirmed_at=price.confirmed_at,
        proof=Proof(proof.url, proof.fetched_at, proof.sha256, proof.text, proof.locator),
    )


def multipliers(session: Session, by: By | None = None) -> tuple[Multiplier, ...]:
    """Give the multipliers that sources state, each from when it was first stated so."""
    return tuple(
        Multiplier(
            one.source,
            one.row.name,
            Decimal(one.row.factor),
            one.row.scope,
            one.seen_at,
            one.url,
            one.row.evidence,
        )
        for one in stated(session, AdjustmentRow, by or By())
    )


def write_stored(engine: Engine, path: Path, *, now: Clock) -> int:
    """Write a store's price book to a file; give how many models it has."""
    with reading(engine) as session:
        by_model: dict[str, list[Rate]] = {}
        for price in series_history(session, now=now(), mapped=True):
            by_model.setdefault(price.model or "", []).append(_rate(price))
        write_book(path, by_model, multipliers(session))
    return len(by_model)
