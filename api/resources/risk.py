"""What is on record of one model's price: its moves, notices, sellers and evidence, and hazards."""

from api.shapes import Amount, Moment, Shape
from catalog.current.listings import Listing
from catalog.current.look import Look
from catalog.current.retirement import Notice, Stage
from catalog.current.view import Views
from catalog.money import plain
from catalog.trends.risk import Differing, Hazard, Move, Record, record
from catalog.vocabulary import Meter, Precision


class MoveOut(Shape):
    """A price of the maker's own that became another one."""

    series: str
    meter: Meter
    at: Moment
    """When the new one was first seen, or the day that was stated."""
    precision: Precision
    not_before: Moment | None
    old: Amount
    new: Amount
    currency: str
    ratio: Amount | None
    """new / old; null where it was free."""


class NoticeOut(Shape):
    """What one source states of a model's end."""

    stage: Stage
    since: Moment
    """The day stated, else when it was first seen; it may lie ahead."""
    dated: bool
    """Whether the source states the day."""
    source: str
    provider: str
    evidence: str


class DifferingOut(Shape):
    """What another source states of the maker's own offer, where the maker states otherwise."""

    source: str
    meter: Meter
    amount: Amount
    own: Amount
    currency: str
    since: Moment


class HazardOut(Shape):
    """A rule that holds, and what it counts."""

    name: str
    points: int
    in_words: str


class RiskOut(Shape):
    """How likely a price is to surprise, from what has been seen by as_of."""

    points: int
    """The sum of the hazards' points, 0 to 100."""
    hazards: list[HazardOut]
    watched_since: Moment | None
    """The first sight of a price of its maker's own."""
    days_watched: int
    moves_in_a_year: int
    """Moments in the year before as_of at which a price of its maker's own moved."""
    largest_rise: Amount | None
    """The largest new / old of the year, above 1."""
    largest_fall: Amount | None
    days_since_move: int | None
    """null: not since first seen."""
    moves: list[MoveOut]
    """Of the year, latest first."""
    notices: list[NoticeOut]
    retired_from: Moment | None
    sellers: list[str]
    """By the word of sellers themselves."""
    open_weights: bool | None
    evidence_days: int | None
    """Since the reference price was last seen on its page."""
    agreeing: list[str]
    """Other sources that state the maker's own offer at the maker's price."""
    differing: list[DifferingOut]


def risk_of(views: Views, look: Look, listing: Listing) -> RiskOut:
    """Give what is on record of one model."""
    paths = views.paths(look, model=listing.model.id)
    prices = look.view.by_model.get(listing.model.id, ())
    return risk(record(listing, paths, prices, look.as_of))


def risk(one: Record) -> RiskOut:
    """Give what is on record."""
    return RiskOut(
        points=one.points,
        hazards=[_hazard(each) for each in one.hazards],
        watched_since=one.watched_since,
        days_watched=one.days_watched,
        moves_in_a_year=one.times,
        largest_rise=None if one.largest_rise is None else plain(one.largest_rise),
        largest_fall=None if one.largest_fall is None else plain(one.largest_fall),
        days_since_move=one.days_since_move,
        moves=[_move(each) for each in one.moves],
        notices=[_notice(each) for each in one.notices],
        retired_from=one.retired,
        sellers=list(one.sellers),
        open_weights=one.open_weights,
        evidence_days=one.evidence_days,
        agreeing=list(one.agreeing),
        differing=[_differing(each) for each in one.differing],
    )


def _hazard(one: Hazard) -> HazardOut:
    return HazardOut(name=one.name, points=one.points, in_words=one.words)


def _move(one: Move) -> MoveOut:
    return MoveOut(
        series=one.series,
        meter=Meter(one.meter),
        at=one.at,
        precision=one.precision,
        not_before=one.not_before,
        old=plain(one.old),
        new=plain(one.new),
        currency=one.currency,
        ratio=None if one.ratio is None else plain(one.ratio),
    )


def _notice(one: Notice) -> NoticeOut:
    return NoticeOut(
        stage=one.stage,
        since=one.since,
        dated=one.dated,
        source=one.source,
        provider=one.provider,
        evidence=one.evidence,
    )


def _differing(one: Differing) -> DifferingOut:
    return DifferingOut(
        source=one.source,
        meter=Meter(one.meter),
        amount=plain(one.amount),
        own=plain(one.own),
        currency=one.currency,
        since=one.since,
    )
