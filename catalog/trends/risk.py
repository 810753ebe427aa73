"""How likely a model's price is to surprise: from the history of its prices and their evidence.

Pure. A hazard is a rule that holds or not, with declared points; the risk is their sum, from 0 to
100. It says what has been seen, not what will be.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from catalog.current.listings import Listing
from catalog.current.retirement import Notice
from catalog.identity import Model
from catalog.identity.own_offers import own_offers
from catalog.past.history import Price
from catalog.past.price_paths import Path, Step
from catalog.ranking.exact import CONTEXT
from catalog.vocabulary import Precision, SourceKind

YEAR = timedelta(days=365)
RATIO_STEP = Decimal("0.0001")
SELLERS = (SourceKind.OFFICIAL, SourceKind.RESELLER)


@dataclass(frozen=True)
class Move:
    """A price of the maker's own that became another one."""

    series: str
    meter: str
    at: datetime
    """When the new price was first seen, or the day that was stated."""
    precision: Precision
    not_before: datetime | None
    old: Decimal
    new: Decimal
    currency: str

    @property
    def ratio(self) -> Decimal | None:
        """Give new / old; None where it was free."""
        if not self.old:
            return None
        return CONTEXT.divide(self.new, self.old).quantize(RATIO_STEP, context=CONTEXT)


@dataclass(frozen=True)
class Differing:
    """What another source states of the maker's own offer, where it is not what the maker does."""

    source: str
    meter: str
    amount: Decimal
    own: Decimal
    currency: str
    since: datetime
    """From when on that source states it."""


@dataclass(frozen=True)
class Record:
    """What is on record of one model's price at a moment."""

    model: Model
    at: datetime
    watched_since: datetime | None
    """The first sight of a price of its maker's own; None: there was none."""
    moves: tuple[Move, ...]
    """In the year before, latest first; in all regions, windows and modes of standard use."""
    last_move: datetime | None
    """Ever; None: not since first seen."""
    notices: tuple[Notice, ...]
    retired: datetime | None
    sellers: tuple[str, ...]
    """Who sells it, by the word of sellers themselves."""
    open_weights: bool | None
    confirmed_at: datetime | None
    """The oldest last sighting among its reference amounts."""
    agreeing: tuple[str, ...]
    """Other sources that state the maker's own offer at the maker's price."""
    differing: tuple[Differing, ...]

    @property
    def times(self) -> int:
        """Count the moments of the year at which a price moved."""
        return len({move.at for move in self.moves})

    @property
    def days_watched(self) -> int:
        """Count the whole days since the first sight."""
        return (self.at - self.watched_since).days if self.watched_since else 0

    @property
    def days_since_move(self) -> int | None:
        """Count the whole days since a price last moved."""
        return (self.at - self.last_move).days if self.last_move else None

    @property
    def evidence_days(self) -> int | None:
        """Count the whole days since the reference price was last seen on its page."""
        return (self.at - self.confirmed_at).days if self.confirmed_at else None

    @property
    def largest_rise(self) -> Decimal | None:
        """Give the largest new / old above 1 of the year."""
        return max((r for r in self._ratios if r > 1), default=None)

    @property
    def largest_fall(self) -> Decimal | None:
        """Give the smallest new / old below 1 of the year."""
        return min((r for r in self._ratios if r < 1), default=None)

    @property
    def hazards(self) -> tuple["Hazard", ...]:
        """Give the rules that hold."""
        return tuple(hazard for hazard in HAZARDS if hazard.holds(self))

    @property
    def points(self) -> int:
        """Sum the points of the rules that hold."""
        return sum(hazard.points for hazard in self.hazards)

    @property
    def _ratios(self) -> list[Decimal]:
        return [ratio for move in self.moves if (ratio := move.ratio) is not None]


@dataclass(frozen=True)
class Hazard:
    """A rule that holds or not, and what it counts."""

    name: str
    points: int
    words: str
    holds: Callable[[Record], bool]


OFTEN = 3
RECENT, SHORT, OLD = 30, 180, 30
HAZARDS = (
    Hazard(
        "retired",
        30,
        "its maker has retired it, or has named the day",
        lambda one: bool(one.retired),
    ),
    Hazard(
        "notice",
        10,
        "a seller states that its offer is deprecated or ends",
        lambda one: bool(one.notices),
    ),
    Hazard(
        "rose",
        15,
        "a price of its maker's own rose within a year",
        lambda one: one.largest_rise is not None,
    ),
    Hazard(
        "often",
        10,
        f"its prices moved {OFTEN} times or more within a year",
        lambda one: one.times >= OFTEN,
    ),
    Hazard(
        "recent",
        5,
        f"a price moved within {RECENT} days",
        lambda one: one.days_since_move is not None and one.days_since_move < RECENT,
    ),
    Hazard(
        "one seller",
        10,
        "not more than one provider is known to sell it",
        lambda one: len(one.sellers) < len(("own", "another")),
    ),
    Hazard(
        "short history",
        5,
        f"its maker's price has been watched for less than {SHORT} days",
        lambda one: one.days_watched < SHORT,
    ),
    Hazard(
        "old evidence",
        5,
        f"its reference price was not seen on its page for {OLD} days or more, or never",
        lambda one: one.evidence_days is None or one.evidence_days >= OLD,
    ),
    Hazard(
        "disputed",
        10,
        "another source states another price for its maker's own offer",
        lambda one: bool(one.differing),
    ),
)


def record(
    listing: Listing, paths: Sequence[Path], prices: Iterable[Price], at: datetime
) -> Record:
    """Find what is on record of a model at a moment; the paths and prices are all of its own."""
    providers = {offer.provider for offer in own_offers(listing.model.maker)}
    offered = [path for path in paths if path.provider in providers]
    own = [path for path in offered if path.kind is SourceKind.OFFICIAL]
    moves = sorted(_moves(own, at), key=lambda one: (one.at, one.series), reverse=True)
    agreeing, differing = _agreement(listing, offered, at)
    return Record(
        model=listing.model,
        at=at,
        watched_since=min(
            (one.steps[0].since for one in own if one.steps[0].since <= at), default=None
        ),
        moves=tuple(move for move in moves if at - move.at <= YEAR),
        last_move=moves[0].at if moves else None,
        notices=listing.notices,
        retired=listing.retired,
        sellers=tuple(sorted({price.provider for price in prices if price.kind in SELLERS})),
        open_weights=listing.open_weights,
        confirmed_at=listing.confirmed_at,
        agreeing=agreeing,
        differing=differing,
    )


def _moves(paths: Iterable[Path], at: datetime) -> list[Move]:
    return [move for path in paths for move in _moves_of(path, path.steps[: path.place(at)])]


def _moves_of(path: Path, steps: Sequence[Step]) -> list[Move]:
    """Compare each amount with the one before it, over an interruption, too."""
    stated = [(step, step.amount) for step in steps if step.amount is not None]
    return [
        Move(
            path.series,
            path.meter,
            step.since,
            step.precision,
            step.not_before,
            old,
            new,
            path.currency,
        )
        for (_, old), (step, new) in pairwise(stated)
        if old != new
    ]


def _agreement(
    listing: Listing, offered: Iterable[Path], at: datetime
) -> tuple[tuple[str, ...], tuple[Differing, ...]]:
    """Compare what others state of the maker's own plain offer with its reference price."""
    quotes = {meter: one.quote for meter, one in listing.standing.reference.amounts.items()}
    by_meter = {
        (quote.meter, quote.currency, quote.provider, quote.region): quote
        for quote in quotes.values()
    }
    agreeing: set[str] = set()
    differing: list[Differing] = []
    for path in offered:
        own = by_meter.get((path.meter, path.currency, path.provider, path.region))
        step = path.at(at)
        if own is None or own.amount is None or step is None or step.amount is None:
            continue
        if path.kind is SourceKind.OFFICIAL or path.variant or path.window or own.window:
            continue
        if step.amount == own.amount:
            agreeing.add(path.source)
        else:
            differing.append(
                Differing(
                    path.source, path.meter, step.amount, own.amount, path.currency, step.since
                )
            )
    disputing = {one.source for one in differing}
    return tuple(sorted(agreeing - disputing)), tuple(differing)


def records(
    listings: Iterable[Listing],
    paths: Iterable[Path],
    prices: Mapping[str, Sequence[Price]],
    at: datetime,
) -> tuple[Record, ...]:
    """Find what is on record of each model; the paths are of all, the prices by model."""
    by_model: dict[str, list[Path]] = {}
    for path in paths:
        by_model.setdefault(path.model, []).append(path)
    return tuple(
        record(one, by_model.get(one.model.id, ()), prices.get(one.model.id, ()), at)
        for one in listings
    )
