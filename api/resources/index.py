"""The price index: what the same models cost from month to month, and whose prices say so."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.listing import Ask, Best, Column, Found, Kind, ListResource, Test, Timed, mount
from api.problems import refuse_parameter
from api.questions import Text
from api.resources.ranking import MIX
from api.shapes import Amount, Meta, Shape
from catalog.current.look import Look
from catalog.moments import at_midnight
from catalog.money import plain
from catalog.ranking import Band, RankingError, parse_mix
from catalog.trends.market import Board, Market, board
from catalog.trends.price_index import (
    LEVELS,
    LEVELS_METHOD,
    METHOD,
    Cheapest,
    Member,
    Point,
    chain,
    cheapest,
)
from catalog.vocabulary import Word


class Scope(Word):
    """Which models an index follows."""

    ALL = "all", "all that are not free"
    BUDGET = Band.BUDGET.value, Band.BUDGET.meaning
    MID = Band.MID.value, Band.MID.meaning
    PREMIUM = Band.PREMIUM.value, Band.PREMIUM.meaning
    FRONTIER = Band.FRONTIER.value, Band.FRONTIER.meaning


class IndexAsked(Timed):
    """Of /index, beside what its columns give it."""

    mix: Annotated[
        str, Field(max_length=40, examples=["3:1"], json_schema_extra={"pattern": MIX})
    ] = "3:1"
    """Parts of input to parts of output."""
    source: Text | None = None
    """By the prices that this source states of makers' own offers, such as `litellm`, instead of
    the official ones."""


class RuleOut(Shape):
    """One rule of the method."""

    about: str
    rule: str


class IndexMeta(Meta):
    """Which state of the catalog was asked, and how the index is made."""

    mix: str
    source: str
    """Whose prices it rests on: official, or one source that was asked for."""
    method: list[RuleOut]


class MovedOut(Shape):
    """A member whose price differs at the two ends of a link."""

    model: str
    before: Amount
    after: Amount
    currency: str
    ratio: Amount


@dataclass(frozen=True)
class Row:
    """A point of one index."""

    band: Scope
    point: Point


@dataclass(frozen=True)
class LevelRow:
    """The lowest price of a quality in one month."""

    quality: Decimal
    cheapest: Cheapest


def market_of(ask: Ask[IndexAsked], look: Look) -> tuple[Market, Board]:
    """Price the market that is asked for; raise a problem for a mix or a source that is none."""
    asked = ask.question
    try:
        mix = parse_mix(asked.mix)
    except RankingError as error:
        raise refuse_parameter("mix", str(error)) from None
    market = ask.views.market(look, asked.source)
    if asked.source is not None and not market.paths:
        detail = f"{asked.source} states no price of a known model; /sources lists the sources"
        raise refuse_parameter("source", detail)
    return market, board(market, at_midnight(look.as_of.date()), mix)


def meta_with(look: Look, asked: IndexAsked, method: tuple[tuple[str, str], ...]) -> IndexMeta:
    """Say which state was asked, and how the index is made."""
    return IndexMeta(
        sequence=look.view.sequence,
        as_of=look.as_of,
        known_at=look.known_at,
        mix=asked.mix,
        source=asked.source or "official",
        method=[RuleOut(about=about, rule=rule) for about, rule in method],
    )


def points_of(priced: Board) -> Iterator[Row]:
    """Chain every index."""
    for scope in Scope:
        of = None if scope is Scope.ALL else Band(scope.value)
        for point in chain(priced, of):
            yield Row(scope, point)


def _find(ask: Ask[IndexAsked]) -> Found[Row]:
    look = ask.look()
    _, priced = market_of(ask, look)
    return Found(points_of(priced), meta_with(look, ask.question, METHOD))


def _find_levels(ask: Ask[IndexAsked]) -> Found[LevelRow]:
    look = ask.look()
    market, priced = market_of(ask, look)
    rows = (
        LevelRow(level, one)
        for level in LEVELS
        for one in cheapest(priced, market.qualities, level)
    )
    return Found(rows, meta_with(look, ask.question, (("price", LEVELS_METHOD),)))


def _moved(point: Point) -> list[MovedOut]:
    return [_member(one) for one in point.members if one.before != one.after]


def _member(one: Member) -> MovedOut:
    return MovedOut(
        model=one.model,
        before=plain(one.before),
        after=plain(one.after),
        currency=one.currency,
        ratio=plain(one.ratio.quantize(Decimal("0.00000001"))),
    )


MONTH = "2026-11-01T00:00:00Z"
COLUMNS: tuple[Column[Row], ...] = (
    Column("band", Kind.TEXT, "Which models it follows.", "all", words=Scope, tests=(Test.ANY_OF,)),
    Column(
        "at",
        Kind.MOMENT,
        "The first instant of a month, or of the last day asked for.",
        MONTH,
        of=lambda one: one.point.at,
        tests=(Test.MIN, Test.MAX),
    ),
    Column(
        "index",
        Kind.DECIMAL,
        "100 at the base of its chain.",
        "98.8803",
        of=lambda one: one.point.index,
    ),
    Column(
        "base",
        Kind.MOMENT,
        "Where its chain begins; points of different bases do not compare.",
        MONTH,
        of=lambda one: one.point.base,
    ),
    Column(
        "link",
        Kind.DECIMAL,
        "What the index before was multiplied with; null where a chain begins.",
        "0.99436500",
        of=lambda one: one.point.link,
        nullable=True,
    ),
    Column(
        "year_on_year",
        Kind.DECIMAL,
        "Index / index of the same month a year before - 1; null where there is none in the chain.",
        "-0.6",
        of=lambda one: one.point.year_on_year,
        nullable=True,
    ),
    Column(
        "members",
        Kind.TEXTS,
        "The models that the link rests on.",
        ["openai/gpt-5"],
        of=lambda one: [each.model for each in one.point.members],
    ),
    Column(
        "moved",
        Kind.ITEMS,
        "The members whose price is another than at the point before, blended.",
        [],
        of=lambda one: _moved(one.point),
        shape=MovedOut,
    ),
    Column(
        "entered",
        Kind.TEXTS,
        "Priced now and not at the point before: they count from the next link on.",
        ["openai/gpt-5.4"],
        of=lambda one: one.point.entered,
    ),
    Column(
        "left",
        Kind.TEXTS,
        "In the band at the point before, and priced no more.",
        [],
        of=lambda one: one.point.left,
    ),
    Column(
        "sources",
        Kind.TEXTS,
        "Whose prices the members' are.",
        ["openai"],
        of=lambda one: one.point.sources,
    ),
)
LEVEL_COLUMNS: tuple[Column[LevelRow], ...] = (
    Column(
        "quality",
        Kind.DECIMAL,
        "At least this quality.",
        "80",
        best=Best.LOWEST,
        tests=(Test.EQUALS,),
    ),
    Column(
        "at",
        Kind.MOMENT,
        "The first instant of a month, or of the last day asked for.",
        MONTH,
        of=lambda one: one.cheapest.at,
        tests=(Test.MIN, Test.MAX),
    ),
    Column(
        "price",
        Kind.DECIMAL,
        "The lowest blended reference price.",
        "0.1375",
        of=lambda one: one.cheapest.price,
        unit="USD per 1M tokens",
    ),
    Column(
        "model", Kind.TEXT, "Whose it is.", "openai/gpt-5-nano", of=lambda one: one.cheapest.model
    ),
    Column("sources", Kind.TEXTS, "Who says so.", ["openai"], of=lambda one: one.cheapest.sources),
)
INDEX = ListResource(
    "IndexPoint",
    COLUMNS,
    lambda one: f"{one.band} {one.point.at:%Y-%m-%d}",
    _find,
    IndexAsked,
    sort="band,at",
    meta=IndexMeta,
)
CHEAPEST = ListResource(
    "LowestPrice",
    LEVEL_COLUMNS,
    lambda one: f"{one.quality} {one.cheapest.at:%Y-%m-%d}",
    _find_levels,
    IndexAsked,
    sort="quality,at",
    meta=IndexMeta,
)
router = APIRouter()
mount(router, "/index", INDEX, "Follow what the same models cost from month to month, by band.")
mount(router, "/index/qualities", CHEAPEST, "Follow the lowest price of each level of quality.")
