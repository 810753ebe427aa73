"""A chained price index: what the same models cost from month to month, whoever comes and goes.

Pure. A point's link compares each member's price with its own a month before, so neither a model's
coming nor its going moves the index.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby, pairwise

from catalog.ranking.exact import CONTEXT
from catalog.ranking.worth import Band
from catalog.trends.market import Board, Priced, Prices

BASE = Decimal(100)
LINK_STEP = Decimal("0.00000001")
INDEX_STEP = Decimal("0.0001")
METHOD = (
    ("points", "the first instant of each month in UTC, and of the last day asked for"),
    (
        "basket",
        (
            "every model whose maker's own offer prices input and output at both ends of a link"
            " by the reference price, above zero, and that is not retired; no name that moves to"
            " newer models (-latest)"
        ),
    ),
    ("price", "the reference price blended at the mix asked for, in the currency it is stated in"),
    (
        "band",
        "that of the earlier end of the link, by the reference price of input in USD on that day",
    ),
    (
        "link",
        (
            "the geometric mean of new price / old price: of a maker's models first, then of the"
            " makers, so that one with many models weighs no more than another; rounded to 8 places"
        ),
    ),
    ("index", "100 at the base; then the index before times the link, rounded to 4 places"),
    (
        "break",
        "where no model is priced at both ends of a link, a new chain begins, with its own base",
    ),
    (
        "precision",
        "a change that lies between two sightings counts when it was first seen; none is guessed",
    ),
)
LEVELS = (Decimal(60), Decimal(80), Decimal(100), Decimal(110))
"""The qualities whose lowest price is followed."""
LEVELS_METHOD = (
    "the lowest blended price in USD at which a model of at least this quality is sold, by what is"
    " known of quality at the moment asked about, from the first sight of its price on; not"
    " chained: new models are what moves it"
)


@dataclass(frozen=True)
class Member:
    """A model that a link rests on, and its price at both ends."""

    model: str
    maker: str
    before: Decimal
    after: Decimal
    currency: str

    @property
    def ratio(self) -> Decimal:
        """Give new price / old price."""
        return CONTEXT.divide(self.after, self.before)


@dataclass(frozen=True)
class Point:
    """The index at a moment, and what it rests on."""

    at: datetime
    base: datetime
    """Where its chain has 100; points of different bases do not compare."""
    index: Decimal
    link: Decimal | None
    """What the index before was multiplied with; None: the chain begins."""
    members: tuple[Member, ...]
    entered: tuple[str, ...]
    """Priced now and not at the point before: they count from the next link on."""
    left: tuple[str, ...]
    """In the band at the point before, and priced no more."""
    sources: tuple[str, ...]
    """Whose prices the members' are."""
    year_on_year: Decimal | None
    """index / index of the same month a year before - 1, of the same chain."""


@dataclass(frozen=True)
class Cheapest:
    """The lowest price of a quality at a moment, and whose it is."""

    at: datetime
    price: Decimal
    """USD per 1M tokens at the mix."""
    model: str
    sources: tuple[str, ...]


def chain(priced: Board, of: Band | None) -> list[Point]:
    """Chain the links of a band, or of all that is not free, from the first that there is."""
    points: list[Point] = []
    running = False
    for (start, before), (end, after) in pairwise(zip(priced.moments, priced.prices, strict=True)):
        members = _members(before, after, of)
        if members and not running:
            points.append(_base(start, before, of))
        if members:
            points.append(_linked(end, points, members, before, after, of))
        running = bool(members)
    return points


def cheapest(priced: Board, qualities: Mapping[str, Decimal], quality: Decimal) -> list[Cheapest]:
    """Follow the lowest price of models of at least a quality."""
    found = []
    for moment, there in zip(priced.moments, priced.prices, strict=True):
        good = [one for name, one in there.items() if qualities.get(name, -1) >= quality]
        best = min(good, key=lambda one: (one.usd, one.model.id), default=None)
        if best:
            found.append(Cheapest(moment, best.usd, best.model.id, tuple(sorted(best.sources))))
    return found


def _is_in(one: Priced, of: Band | None) -> bool:
    return one.band is not Band.FREE if of is None else one.band is of


def _members(before: Prices, after: Prices, of: Band | None) -> tuple[Member, ...]:
    """Give the models with a price above zero in one currency at both ends, by maker and id."""
    both = [(old, after[name]) for name, old in before.items() if name in after and _is_in(old, of)]
    members = [
        Member(old.model.id, old.model.maker, old.price, new.price, old.currency)
        for old, new in both
        if old.currency == new.currency and old.price and new.price
    ]
    return tuple(sorted(members, key=lambda one: (one.maker, one.model)))


def _base(at: datetime, prices: Prices, of: Band | None) -> Point:
    there = sorted(name for name, one in prices.items() if _is_in(one, of))
    return Point(
        at=at,
        base=at,
        index=BASE,
        link=None,
        members=(),
        entered=tuple(there),
        left=(),
        sources=_sources(there, prices),
        year_on_year=None,
    )


def _linked(  # noqa: PLR0913, PLR0917 a link has two ends, and each its moment and prices
    at: datetime,
    points: Sequence[Point],
    members: tuple[Member, ...],
    before: Prices,
    after: Prices,
    of: Band | None,
) -> Point:
    link, last = _link(members), points[-1]
    index = CONTEXT.multiply(last.index, link).quantize(INDEX_STEP, context=CONTEXT)
    named = [one.model for one in members]
    return Point(
        at=at,
        base=last.base,
        index=index,
        link=link,
        members=members,
        entered=tuple(
            sorted(name for name, one in after.items() if name not in before and _is_in(one, of))
        ),
        left=tuple(
            sorted(name for name, one in before.items() if name not in after and _is_in(one, of))
        ),
        sources=tuple(sorted({*_sources(named, before), *_sources(named, after)})),
        year_on_year=_year_on_year(at, index, last.base, points),
    )


def _link(members: Sequence[Member]) -> Decimal:
    """Average a maker's ratios, then the makers' averages; both means are geometric."""
    of_makers = [
        _mean([one.ratio for one in some])
        for _, some in groupby(members, key=lambda one: one.maker)
    ]
    return _mean(of_makers).quantize(LINK_STEP, context=CONTEXT)


def _mean(ratios: Sequence[Decimal]) -> Decimal:
    product = Decimal(1)
    for ratio in ratios:
        product = CONTEXT.multiply(product, ratio)
    return CONTEXT.power(product, CONTEXT.divide(Decimal(1), Decimal(len(ratios))))


def _sources(names: Iterable[str], prices: Prices) -> tuple[str, ...]:
    return tuple(sorted({source for name in names for source in prices[name].sources}))


def _year_on_year(
    at: datetime, index: Decimal, base: datetime, points: Sequence[Point]
) -> Decimal | None:
    """Compare with the first of the same month a year before."""
    before = at.replace(year=at.year - 1, day=1)
    found = [one for one in points if one.base == base and one.at == before]
    if not found:
        return None
    return CONTEXT.divide(index, found[0].index).quantize(INDEX_STEP, context=CONTEXT) - 1
