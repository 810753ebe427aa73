"""The way a price went: every amount of a series and since when, for what is worked out over time.

Only what a reference price can be made of is read: standard use of known models, by the million
tokens, without a threshold of context.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.sources import Source
from catalog.money import from_pico
from catalog.past.revisions import Revision
from catalog.past.series import Series
from catalog.ranking.reference import REFERENCE_METERS, STANDARD, Quote
from catalog.vocabulary import Precision, SourceKind, Unit


@dataclass(frozen=True)
class Step:
    """What a price is from a moment on, until the next step."""

    since: datetime
    amount: Decimal | None
    """In the currency per 1M tokens; None: it has come to an end."""
    precision: Precision
    not_before: datetime | None


@dataclass(frozen=True)
class Path:
    """One series of a known model, and its steps in order of time; it has at least one."""

    series: str
    model: str
    provider: str
    source: str
    kind: SourceKind
    region: str
    variant: str
    window: str
    meter: str
    currency: str
    steps: tuple[Step, ...]

    def place(self, moment: datetime) -> int:
        """Count the steps made by a moment."""
        return bisect_right(self.steps, moment, key=_since)

    def at(self, moment: datetime) -> Step | None:
        """Give the step in force at a moment; None before the first."""
        place = self.place(moment)
        return self.steps[place - 1] if place else None

    def quote(self, moment: datetime) -> Quote | None:
        """Give the price that holds at a moment, as ranking needs it; the path's word counts."""
        step = self.at(moment)
        if step is None or step.amount is None:
            return None
        return Quote(
            series=self.series,
            provider=self.provider,
            official=True,
            tier=STANDARD,
            region=self.region,
            context_over=0,
            variant=self.variant,
            window=self.window,
            meter=self.meter,
            unit=Unit.MILLION_TOKENS,
            currency=self.currency,
            amount=step.amount,
        )


class Which(TypedDict, total=False):
    """Whose paths to give; what is not named is not asked."""

    kind: SourceKind | None
    source: str | None
    model: str | None


def price_paths(
    session: Session, *, known: int | None = None, **which: Unpack[Which]
) -> tuple[Path, ...]:
    """Give the paths as known by an ingest number, in the order of their series.

    Steps that lie ahead are among them.
    """
    conditions = tuple(_conditions(which))
    query = (
        select(Series, Source)
        .join(Source, col(Source.id) == Series.source_id)
        .where(*conditions)
        .order_by(col(Series.slug))
    )
    steps = _steps(session, known, conditions)
    return tuple(
        _path(series, publisher, steps[series.id])
        for series, publisher in session.execute(query)
        if series.id in steps
    )


def _conditions(which: Which) -> Iterator[ColumnElement[bool]]:
    yield col(Series.model).is_not(None)
    yield col(Series.tier) == STANDARD
    yield col(Series.context_over) == 0
    yield col(Series.unit) == Unit.MILLION_TOKENS
    yield col(Series.meter).in_(REFERENCE_METERS)
    exact = {
        "kind": col(Source.kind),
        "source": col(Source.name),
        "model": col(Series.model),
    }
    for name, column in exact.items():
        value = which.get(name)
        if value is not None:
            yield column == value


def _steps(
    session: Session, known: int | None, conditions: Sequence[ColumnElement[bool]]
) -> dict[int, list[Step]]:
    """Give the steps of each series, in order of time."""
    query = (
        select(
            col(Revision.series_id),
            col(Revision.valid_from),
            col(Revision.amount),
            col(Revision.precision),
            col(Revision.not_before),
        )
        .join(Series, col(Series.id) == Revision.series_id)
        .join(Source, col(Source.id) == Series.source_id)
        .where(_in_force(known), *conditions)
        .order_by(col(Revision.series_id), col(Revision.valid_from))
    )
    steps: dict[int, list[Step]] = {}
    for series, since, amount, precision, not_before in session.execute(query):
        exact = None if amount is None else from_pico(amount)
        step = Step(since, exact, Precision(precision), not_before)
        steps.setdefault(series, []).append(step)
    return steps


def _in_force(known: int | None) -> ColumnElement[bool]:
    if known is None:
        return col(Revision.superseded).is_(None)
    not_yet = or_(col(Revision.superseded).is_(None), col(Revision.superseded) > known)
    return and_(col(Revision.ingest) <= known, not_yet)


def _path(series: Series, publisher: Source, steps: Sequence[Step]) -> Path:
    return Path(
        series=series.slug,
        model=series.model or "",
        provider=series.provider,
        source=publisher.name,
        kind=SourceKind(publisher.kind),
        region=series.region,
        variant=series.variant,
        window=series.window,
        meter=series.meter,
        currency=series.currency,
        steps=tuple(steps),
    )


def _since(step: Step) -> datetime:
    return step.since
