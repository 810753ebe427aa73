"""Visits of pages, as sources and holds show them."""

from collections.abc import Callable
from operator import attrgetter
from typing import TypeVar

from api.evidence import BYTES_SERVED, PAGE, SHA256, snapshot_path
from api.listing import Column, Json, Kind
from api.listing.columns import Value
from api.shapes import Moment, Shape
from catalog.documents.visits import VisitSeen
from catalog.vocabulary import Cause, Outcome, Word

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

    def column(
        name: str, kind: Kind, meaning: str, example: Json, words: type[Word] | None = None
    ) -> Column[Item]:
        take = of(attrgetter(name))
        return Column(
            f"visit.{name}", kind, meaning, example, of=take, words=words, nullable=name in _SOME
        )

    return (
        column("id", Kind.INTEGER, "Its number.", 7),
        column("document", Kind.TEXT, "The page.", "docs"),
        column("url", Kind.TEXT, "Its address.", PAGE),
        column("fetched_at", Kind.MOMENT, "When it was fetched.", "2026-11-21T00:00:00Z"),
        column("outcome", Kind.TEXT, "What came of it.", "ok", Outcome),
        Column(
            "visit.in_words",
            Kind.TEXT,
            "The same in plain words.",
            Outcome.OK.meaning,
            of=of(lambda one: one.outcome.meaning),
        ),
        column("detail", Kind.TEXT, "What was seen.", ""),
        column("cause", Kind.TEXT, "Why it was made.", "observed", Cause),
        column("sha256", Kind.TEXT, "Of the bytes as served; null where nothing was.", SHA256),
        column("archived", Kind.BOOLEAN, "Whether those bytes are kept.", example=True),
        Column(
            "visit.snapshot",
            Kind.TEXT,
            BYTES_SERVED,
            f"/snapshots/{SHA256}",
            of=of(lambda one: snapshot_path(one.sha256, archived=one.archived)),
            nullable=True,
        ),
    )


_SOME = frozenset({"sha256"})
"""What a visit may lack."""
