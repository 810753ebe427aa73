"""What a person sees of a hold: each price it keeps out, beside the last good one and the page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from catalog.documents.archive import archive_path
from catalog.documents.readings import Row
from catalog.documents.sources import find_source
from catalog.identity import Identity
from catalog.money import from_pico
from catalog.past.assertions import series_stated_at
from catalog.past.folding import Past
from catalog.past.revisions import revisions_in_force
from catalog.past.series import Series, assert_of, key_of
from catalog.past.timeline import Segment
from catalog.past.visited import Visited
from catalog.reading import COLUMNS
from catalog.review.guards import GUARDS
from catalog.review.holds import HoldSeen, kept_out

_AT = {name: place for place, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class HeldPrice:
    """One price that a hold keeps out, and what is served in its place."""

    series: str
    """The series' lasting name."""
    what: str
    """Model, tier, meter and the like, as far as they tell it from others."""
    last_good: Decimal | None
    """What is served; None: nothing."""
    held: Decimal | None
    """What the page is read to say; None: it does not show it, or says two things."""
    currency: str
    unit: str
    since: datetime | None
    """The day it starts, where the page announces it."""
    words: str
    locator: str

    @property
    def ratio(self) -> Decimal | None:
        """The held amount to the last good one; None where there are not both, or that is zero."""
        if not self.last_good or self.held is None:
            return None
        return round(self.held / self.last_good, 4).normalize()


@dataclass(frozen=True)
class HoldInFull:
    """A hold with all that it keeps out, and where the page can be looked at."""

    seen: HoldSeen
    prices: tuple[HeldPrice, ...]
    archived: Path | None
    """The file that holds the page as it was fetched."""
    lifted_by: str


def in_full(session: Session, seen: HoldSeen, *, identity: Identity, archive: Path) -> HoldInFull:
    """Give all that a hold keeps out."""
    past = Past(session, find_source(session, seen.visit.source), identity)
    this = next((visit for visit in past.visits if visit.id == seen.visit.id), None)
    digest = seen.visit.sha256 if seen.visit.archived else None
    return HoldInFull(
        seen=seen,
        prices=tuple(_prices(past, this, seen)) if this else (),
        archived=archive_path(archive, digest) if digest else None,
        lifted_by=next((g.lifted_by for g in GUARDS if g.name == seen.hold.guard), "a person"),
    )


def _prices(past: Past, this: Visited, seen: HoldSeen) -> Iterator[HeldPrice]:
    out = kept_out([seen.hold])[this.id]
    said = past.said(this.reading)
    stated = past.series(series_stated_at(past.session, [this.id]))
    kept = [row for row in stated if out.covers(key_of(row))]
    served = _served(past.session, kept, this.at)
    for row in sorted(kept, key=lambda row: row.slug):
        yield from _held(row, served.get(row.id), said.get(key_of(row), ()), this.at)


def _served(session: Session, kept: Sequence[Series], moment: datetime) -> dict[int, int | None]:
    in_force = revisions_in_force(session, [row.id for row in kept])
    return {
        series: revision.amount
        for series, revisions in in_force.items()
        for revision in revisions
        if revision.valid_from <= moment
    }


def _held(
    row: Series, served: int | None, said: Sequence[Row], moment: datetime
) -> Iterator[HeldPrice]:
    stated = assert_of(said)
    if stated is None:  # It contradicts itself: what it says stands beside each other.
        for one in said:
            yield _price(row, served, Decimal(str(one[_AT["amount"]])), None, one)
    elif not stated:
        yield _price(row, served, None, None, None)
    for segment in stated or ():
        if segment.amount != served or len(stated or ()) == 1:
            yield _segment(row, served, segment, moment)


def _segment(row: Series, served: int | None, segment: Segment, moment: datetime) -> HeldPrice:
    later = segment.valid_from and segment.valid_from > moment
    return HeldPrice(
        series=row.slug,
        what=_what(row),
        last_good=_amount(served),
        held=from_pico(segment.amount),
        currency=row.currency,
        unit=row.unit,
        since=segment.valid_from if later else None,
        words=segment.text,
        locator=segment.locator,
    )


def _price(
    row: Series, served: int | None, held: Decimal | None, since: datetime | None, said: Row | None
) -> HeldPrice:
    return HeldPrice(
        series=row.slug,
        what=_what(row),
        last_good=_amount(served),
        held=held,
        currency=row.currency,
        unit=row.unit,
        since=since,
        words=str(said[_AT["evidence"]]) if said else "",
        locator=str(said[_AT["locator"]]) if said else "",
    )


def _amount(pico: int | None) -> Decimal | None:
    return None if pico is None else from_pico(pico)


def _what(row: Series) -> str:
    over = f"over {row.context_over} tokens" if row.context_over else ""
    usual = {"", "standard", "global"}
    parts = (row.subject, row.tier, row.region, over, row.variant, row.window, row.meter)
    return " ".join(part for part in parts if part not in usual)
