"""What documents said of a series at their visits, and the timeline that it folds to."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from catalog.vocabulary import Precision


@dataclass(frozen=True, slots=True)
class Segment:
    """One amount a page states for a series, from a moment on, to a moment, exclusive."""

    amount: int
    """Pico-units of the currency per unit."""
    valid_from: datetime | None
    valid_to: datetime | None
    label: str
    """The model as printed."""
    tier: str
    """The tier as printed."""
    list_amount: int | None = None
    text: str = ""
    locator: str = ""

    @property
    def says(self) -> tuple[int, datetime | None, datetime | None]:
        """What counts for the price: the amount and its days."""
        return (self.amount, self.valid_from, self.valid_to)

    def holds_at(self, moment: datetime) -> bool:
        """Whether the segment covers a moment."""
        begun = self.valid_from is None or self.valid_from <= moment
        return begun and (self.valid_to is None or moment < self.valid_to)


Assertion = tuple[Segment, ...]
"""What one reading says of one series, in order of time; empty: it does not show it."""


class ContradictionError(ValueError):
    """One reading states two amounts for one series at one time."""


def assertion(segments: Iterable[Segment]) -> Assertion:
    """Put segments in order; one with no stated end ends where the next one starts.

    Raises ContradictionError where two amounts would hold at one time.
    """
    distinct = {segment.says: segment for segment in reversed(list(segments))}
    ordered = sorted(distinct.values(), key=_start)
    closed = [_until(segment, after) for segment, after in pairwise(ordered)]
    return tuple(closed + ordered[-1:])


def _start(segment: Segment) -> tuple[bool, str, int]:
    start = segment.valid_from
    return (start is not None, start.isoformat() if start else "", segment.amount)


def _until(segment: Segment, after: Segment) -> Segment:
    if segment.valid_from == after.valid_from or after.valid_from is None:
        raise ContradictionError(f"{segment.text} | {after.text}")
    if segment.valid_to is None:
        return replace(segment, valid_to=after.valid_from)
    if segment.valid_to > after.valid_from and segment.amount != after.amount:
        raise ContradictionError(f"{segment.text} | {after.text}")
    return segment


@dataclass(frozen=True, slots=True)
class Seen:
    """One complete visit of a document in one form, by its identifier in the store."""

    at: datetime
    visit: int


@dataclass(frozen=True, slots=True)
class Chain:
    """All visits of one document in one form, and what they say of one series.

    ``stated`` gives, in order of time, the visits from which on the chain says something else,
    by index into ``visits``: an assertion, an empty one for absence, None for silence (held).
    """

    document: int
    """The document's place in its source's declared order."""
    form: str
    visits: Sequence[Seen]
    stated: Sequence[tuple[int, Assertion | None]]


@dataclass(frozen=True, slots=True)
class Entry:
    """From ``valid_from`` on the price is ``amount``; without an amount, it has come to an end."""

    valid_from: datetime
    amount: int | None
    reason: str
    """Why there is no amount: withdrawn or ended; empty where there is one."""
    precision: Precision
    not_before: datetime | None
    visit: int
    """The visit that proves it."""
    segment: Segment | None
    announced: bool = False
    """Stated before it came."""
    initial: bool = False
    """First seen at the first visit of its document's form."""
    corrected: bool = field(default=False, compare=False)
    """From a correction, or where one ends: our knowledge changed, not the price."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A price that was announced and then no longer stated."""

    entry: Entry
    old: int | None
    """The amount that held when it was cancelled."""
    at: datetime
    visit: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is left out before the first entry, where only the recent past was folded."""

    by: datetime
    """A moment at which the first entry held."""
    lowest: int | None
    """The lowest amount of what is left out."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A series' prices in order of time, and the announcements that came to nothing."""

    entries: tuple[Entry, ...] = ()
    cancelled: tuple[Cancelled, ...] = ()
    earlier: Earlier | None = None
    """None: nothing is left out."""

    def amount_at(self, moment: datetime) -> int | None:
        """Give the amount in force at a moment; None where there is none."""
        place = bisect_right([entry.valid_from for entry in self.entries], moment)
        return self.entries[place - 1].amount if place else None


def holding(segments: Assertion, moment: datetime) -> Segment | None:
    """Give the segment of an assertion that covers a moment; None: none does."""
    return next((segment for segment in segments if segment.holds_at(moment)), None)


def amount_at(segments: Assertion, moment: datetime) -> int | None:
    """Give the amount an assertion says is in force at a moment; None: none is."""
    segment = holding(segments, moment)
    return segment.amount if segment else None
