"""Rates: what a meter of an offer costs from a moment on, with its proof, found by time."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby, pairwise

from catalog.money import plain, to_pico
from catalog.vocabulary import Meter, Precision, SourceKind, Unit

STALE_AFTER = timedelta(days=30)
"""A price that was last seen so long before the moment asked for is told to be old."""
ONES = {Unit.MILLION_TOKENS: 10**6, Unit.MILLION_CHARACTERS: 10**6, Unit.THOUSAND_REQUESTS: 10**3}
"""How many of its meter a unit covers; what is priced by time or piece, no usage counts."""
ATTO_PER_PICO = 10**6
"""Amounts of a usage are whole atto-units (1e-18 of the currency): exact for every such unit."""
DISTANT = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Proof:
    """Where a price can be checked: the page, when it was fetched, its bytes and its words."""

    url: str
    fetched_at: datetime
    sha256: str | None
    text: str
    locator: str


@dataclass(frozen=True, slots=True)
class Rate:
    """One price of one series, from a moment on."""

    series: str
    source: str
    kind: SourceKind
    provider: str
    tier: str
    region: str
    context_over: int
    variant: str
    window: str
    meter: Meter
    unit: Unit
    currency: str
    amount: Decimal | None
    """In the currency per unit; None: the price has come to an end."""
    reason: str
    """Why there is no amount: withdrawn or ended; empty where there is one."""
    valid_from: datetime
    precision: Precision
    not_before: datetime | None
    confirmed_at: datetime | None
    proof: Proof

    @property
    def stated(self) -> str:
        """Say the price in words: ``5 USD per 1M tokens``."""
        if self.amount is None:
            return "no price"
        return f"{plain(self.amount)} {self.currency} per {self.unit}"


@dataclass(frozen=True, slots=True)
class Found:
    """The rate of a meter at a moment, or why there is none."""

    rate: Rate | None
    atto: int | None
    """Atto-units of the currency for one of the meter."""
    reason: str = ""
    doubt: Rate | None = None
    """The rate that may have held already, where the moment lies between two sightings."""
    doubt_atto: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """One series' rates in order of time, ready to be asked many times."""

    rates: tuple[Rate, ...]
    starts: tuple[datetime, ...]
    attos: tuple[int | None, ...]
    """By rate: atto-units of the currency for one of the meter; None where it has no amount."""
    plain: tuple[Found, ...]
    """By rate: the answer while it surely holds."""
    doubtful: tuple[Found, ...]
    """By rate: the answer when the next one may have held already."""
    doubtful_from: tuple[datetime, ...]
    """By rate: when it was last seen; after that the next one may have held already."""
    stale: Found
    """The answer when the last one has not been seen for long."""
    stale_from: datetime

    @property
    def first(self) -> Rate:
        """The first rate that is known."""
        return self.rates[0]

    def place(self, at: datetime) -> int:
        """Give the place of the rate in force at a moment; -1 before the first."""
        starts = self.starts
        return len(starts) - 1 if at >= starts[-1] else bisect_right(starts, at) - 1

    def find(self, at: datetime) -> Found | None:
        """Give what is known of a moment; None where no amount is."""
        if at >= self.starts[-1]:
            found = self.plain[-1] if at <= self.stale_from else self.stale
        else:
            place = bisect_right(self.starts, at) - 1
            if place < 0:
                return None
            doubt = at > self.doubtful_from[place]
            found = self.doubtful[place] if doubt else self.plain[place]
        return None if found.atto is None else found

    def to_come(self, at: datetime) -> Found | None:
        """Give the first answer, where it may hold already, though it was seen only later."""
        since = self.first.not_before if self.first.precision == Precision.BETWEEN else None
        return self.plain[0] if since and since < at < self.starts[0] else None


def timelines(rates: Iterable[Rate]) -> tuple[Timeline, ...]:
    """Put rates in order of time, series by series; those of units no usage counts are left out."""
    countable = sorted((one for one in rates if one.unit in ONES), key=_by_time)
    return tuple(_timeline(list(some)) for _, some in groupby(countable, key=_series))


def noted(timeline: Timeline, note: str) -> Timeline:
    """Give a timeline each of whose answers says so."""

    def say(found: Found) -> Found:
        return replace(found, warnings=(*found.warnings, note))

    plain, doubtful = map(say, timeline.plain), map(say, timeline.doubtful)
    stale = say(timeline.stale)
    return replace(timeline, plain=tuple(plain), doubtful=tuple(doubtful), stale=stale)


def _timeline(rates: Sequence[Rate]) -> Timeline:
    attos = tuple(_atto(one) for one in rates)
    answers = tuple(Found(rate, atto) for rate, atto in zip(rates, attos, strict=True))
    seen = rates[-1].confirmed_at or rates[-1].proof.fetched_at
    doubts = [one.not_before if one.precision == Precision.BETWEEN else None for one in rates[1:]]
    return Timeline(
        rates=tuple(rates),
        starts=tuple(one.valid_from for one in rates),
        attos=attos,
        plain=answers,
        doubtful=tuple(_doubtful(one, after) for one, after in pairwise((*answers, answers[-1]))),
        doubtful_from=tuple(doubt or DISTANT for doubt in (*doubts, None)),
        stale=replace(answers[-1], warnings=(f"its price was last seen on {seen.date()}",)),
        stale_from=max(seen, rates[-1].valid_from) + STALE_AFTER,
    )


def _doubtful(held: Found, after: Found) -> Found:
    return held if after.rate in (None, held.rate) else in_doubt(held, after, after.rate)


def in_doubt(held: Found, after: Found, moved: Rate) -> Found:
    """Tell that another answer may hold already: ``moved`` was seen next, some time after."""
    rate, doubt = held.rate, after.rate
    if rate is None or doubt is None:
        return held
    seen = moved.not_before or rate.valid_from
    told = (
        f"the price of {rate.meter} became {doubt.stated} after {seen.date()} and by"
        f" {moved.valid_from.date()}: this was between; it is reckoned at {rate.stated}"
    )
    return Found(rate, held.atto, "", doubt, after.atto, (told,))


def _atto(rate: Rate) -> int | None:
    if rate.amount is None:
        return None
    return to_pico(rate.amount) * ATTO_PER_PICO // ONES[rate.unit]


def _series(rate: Rate) -> str:
    return rate.series


def _by_time(rate: Rate) -> tuple[str, datetime]:
    return (rate.series, rate.valid_from)
