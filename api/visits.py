"""Visits of pages, as sources and holds show them."""

from collections.abc import Callable
from typing import TypeVar

from api.evidence import BYTES_SERVED, PAGE, SHA256, snapshot_path
from api.listing import Column, Kind
from api.listing.columns import Value
from api.shapes import Moment, Shape
from catalog.documents.visits import VisitSeen
from catalog.vocabulary import Cause, Outcome

Item = TypeVar("Item")


class VisitOut(Shape):
    """One visit of one document, and what came of it."""

    id: int
    document: str
    url: str
    fetched_at: Moment
    outcome: Outcome
    in_words: str
    detail: str
    cause: Cause
    sha256: str | None
    """Of the bytes as served; null where nothing was."""
    archived: bool
    snapshot: str | None
    """Where the bytes are served; null where they are not archived."""


def visit(one: VisitSeen) -> VisitOut:
    """Give a visit."""
    return VisitOut(
        id=one.id,
        document=one.document,
        url=one.url,
        fetched_at=one.fetched_at,
        outcome=one.outcome,
        in_words=one.outcome.meaning,
        detail=one.detail,
        cause=one.cause,
        sha256=one.sha256,
        archived=one.archived,
        snapshot=snapshot_path(one.sha256, archived=one.archived),
    )


def visit_columns(find: Callable[[Item], VisitSeen]) -> tuple[Column[Item], ...]:
    """Make the columns of the visit of an item."""

    def of(part: Callable[[VisitSeen], Value]) -> Callable[[Item], Value]:
        return lambda item: part(find(item))

    return (
        Column("visit.id", Kind.INTEGER, "Its number.", 7, of=of(lambda one: one.id)),
        Column("visit.document", Kind.TEXT, "The page.", "docs", of=of(lambda one: one.document)),
        Column("visit.url", Kind.TEXT, "Its address.", PAGE, of=of(lambda one: one.url)),
        Column(
            "visit.fetched_at",
            Kind.MOMENT,
            "When it was fetched.",
            "2026-11-21T00:00:00Z",
            of=of(lambda one: one.fetched_at),
        ),
        Column(
            "visit.outcome",
            Kind.TEXT,
            "What came of it.",
            "ok",
            of=of(lambda one: one.outcome),
            words=Outcome,
        ),
        Column(
            "visit.in_words",
            Kind.TEXT,
            "The same in plain words.",
            Outcome.OK.meaning,
            of=of(lambda one: one.outcome.meaning),
        ),
        Column("visit.detail", Kind.TEXT, "What was seen.", "", of=of(lambda one: one.detail)),
        Column(
            "visit.cause",
            Kind.TEXT,
            "Why it was made.",
            "observed",
            of=of(lambda one: one.cause),
            words=Cause,
        ),
        Column(
            "visit.sha256",
            Kind.TEXT,
            "Of the bytes as served; null where nothing was.",
            SHA256,
            of=of(lambda one: one.sha256),
            nullable=True,
        ),
        Column(
            "visit.archived",
            Kind.BOOLEAN,
            "Whether those bytes are kept.",
            example=True,
            of=of(lambda one: one.archived),
        ),
        Column(
            "visit.snapshot",
            Kind.TEXT,
            BYTES_SERVED,
            f"/snapshots/{SHA256}",
            of=of(lambda one: snapshot_path(one.sha256, archived=one.archived)),
            nullable=True,
        ),
    )
