"""Complete visits as folding needs them, and the chains that they form.

A chain is all visits of one document in one form, in order of time.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.readings import StoredReading
from catalog.documents.sources import Document, RunDocument
from catalog.past.timeline import Assertion, Chain, Seen

StatedAt = tuple[int, Assertion | None]
"""A visit, and what it newly says."""


class Visited(NamedTuple):
    """A complete visit, as far as folding needs it."""

    id: int
    document: int
    place: int
    form: str
    at: datetime
    sha256: str
    reader_version: int
    reading: int
    cause: str
    ingest: int

    @property
    def chain(self) -> tuple[int, str]:
        """The chain it belongs to: document and form."""
        return (self.document, self.form)

    @property
    def order(self) -> tuple[datetime, str]:
        """Its place in time; two visits of one moment are told apart by their bytes."""
        return (self.at, self.sha256)

    @property
    def page(self) -> tuple[int, datetime, str]:
        """What was visited: reading it again gives another visit of the same page."""
        return (self.document, self.at, self.sha256)


def load_visits(session: Session, source: int, *, since: datetime | None = None) -> list[Visited]:
    """Give a source's complete visits in order of time, re-readings beside what they replace.

    All of them, or those since a moment.
    """
    query = (
        select(
            col(RunDocument.id),
            col(RunDocument.document_id),
            col(Document.place),
            col(StoredReading.form),
            col(RunDocument.fetched_at),
            func.coalesce(col(RunDocument.sha256), ""),
            col(RunDocument.reader_version),
            col(RunDocument.reading_id),
            col(RunDocument.cause),
            col(RunDocument.ingest),
        )
        .join(Document, col(Document.id) == RunDocument.document_id)
        .join(StoredReading, col(StoredReading.id) == RunDocument.reading_id)
        .where(col(Document.source_id) == source)
    )
    if since is not None:
        query = query.where(col(RunDocument.fetched_at) >= since)
    visits = [Visited(*row) for row in session.execute(query)]  # type: ignore[call-arg,arg-type] # the types of a row this wide are lost
    return sorted(visits, key=lambda visit: visit.order)


def in_effect(visits: Iterable[Visited]) -> list[Visited]:
    """Leave out visits whose page was read again by a later version of its reader."""
    latest: dict[tuple[int, datetime, str], Visited] = {}
    for visit in visits:
        known = latest.get(visit.page)
        if known is None or known.reader_version < visit.reader_version:
            latest[visit.page] = visit
    return sorted(latest.values(), key=lambda visit: visit.order)


@dataclass(frozen=True)
class Chains:
    """A source's visits in effect, by chain."""

    visits: Mapping[tuple[int, str], Sequence[Visited]]

    @classmethod
    def of(cls, visits: Iterable[Visited]) -> "Chains":
        """Sort visits in effect into their chains."""
        chains: dict[tuple[int, str], list[Visited]] = {}
        for visit in visits:
            chains.setdefault(visit.chain, []).append(visit)
        return cls(chains)

    def around(
        self, chain: tuple[int, str], visit: Visited
    ) -> tuple[Visited | None, Visited | None]:
        """Give the visits of a chain just before and just after a visit, itself left out."""
        others = [other for other in self.visits.get(chain, ()) if other.id != visit.id]
        place = bisect_left([other.order for other in others], visit.order)
        before = others[place - 1] if place else None
        return before, others[place] if place < len(others) else None

    def ready(
        self, stated: Mapping[int, Sequence[StatedAt]], silent: Collection[tuple[int, int]] = ()
    ) -> dict[int, list[Chain]]:
        """Give what the chains say of each series, ready to fold.

        ``silent`` names pairs of series and visit whose word is held.
        """
        where = {
            visit.id: (chain, index)
            for chain, visits in self.visits.items()
            for index, visit in enumerate(visits)
        }
        seen = {
            chain: tuple(Seen(visit.at, visit.id) for visit in visits)
            for chain, visits in self.visits.items()
        }
        ready: dict[int, list[Chain]] = {}
        for series, rows in stated.items():
            said: dict[tuple[int, str], list[tuple[int, Assertion | None]]] = {}
            for visit, segments in rows:
                if visit in where:
                    chain, index = where[visit]
                    heard = None if (series, visit) in silent else segments
                    said.setdefault(chain, []).append((index, heard))
            ready[series] = [
                Chain(self.visits[chain][0].place, chain[1], seen[chain], sorted(own, key=_index))
                for chain, own in sorted(said.items())
            ]
        return ready


def _index(said: tuple[int, Assertion | None]) -> int:
    return said[0]
