"""What prices were before, and what they are announced to become."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.cost.book import STANDARD
from catalog.documents.sources import Source
from catalog.money import from_pico
from catalog.past.revisions import Revision
from catalog.past.series import Series
from catalog.vocabulary import SourceKind


@dataclass(frozen=True)
class Step:
    """What a price was from a moment on."""

    since: datetime
    amount: Decimal | None
    """In the currency per unit; None: it had come to an end."""
    list_amount: Decimal | None
    """The regular price that was stated beside it, where it was a promotion."""
    announced: bool
    """Whether the maker said beforehand that it starts then; else it was seen by then."""


Earlier = Mapping[str, tuple[Step, ...]]
"""The steps of each series in order of time, those that lie ahead too, by its identifier."""


def earlier(session: Session, known: int) -> Earlier:
    """Read the steps of known models' prices, as known by an ingest number.

    All of official prices; of what others state, those of standard use without conditions.
    """
    not_yet = or_(col(Revision.superseded).is_(None), col(Revision.superseded) > known)
    query = (
        select(
            col(Series.slug),
            col(Revision.valid_from),
            col(Revision.amount),
            col(Revision.list_amount),
            col(Revision.announced),
        )
        .join(Series, col(Series.id) == Revision.series_id)
        .join(Source, col(Source.id) == Series.source_id)
        .where(
            or_(
                col(Source.kind) == SourceKind.OFFICIAL,
                and_(
                    col(Series.tier) == STANDARD,
                    col(Series.context_over) == 0,
                    col(Series.variant) == "",
                ),
            ),
            col(Series.model).is_not(None),
            and_(col(Revision.ingest) <= known, not_yet),
        )
        .order_by(col(Series.slug), col(Revision.valid_from))
    )
    steps: dict[str, list[Step]] = {}
    for series, since, amount, listed, announced in session.execute(query):
        step = Step(since, _exact(amount), _exact(listed), announced)
        steps.setdefault(series, []).append(step)
    return MappingProxyType({series: tuple(some) for series, some in steps.items()})


def _exact(pico: int | None) -> Decimal | None:
    return None if pico is None else from_pico(pico)
