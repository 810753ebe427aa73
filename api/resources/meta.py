"""The words, tables and sources that every other answer speaks of."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query

from api.listing import meta_of
from api.listing.negotiation import MEDIA_TYPES
from api.listing.questions import LARGEST_PAGE, USUAL_PAGE
from api.questions import Times
from api.resources.ranking import BenchmarkOut, benchmark
from api.shapes import Amount, Meta, Shape
from api.state import OfViews
from catalog.current.facts import AdjustmentSeen
from catalog.current.traits import Capability
from catalog.money import plain
from catalog.ranking import (
    BENCHMARKS,
    BLENDED_FORMULA,
    FORMULA,
    PRICE_FLOOR,
    QUALITY_FORMULA,
    Band,
)
from catalog.review.guards import GUARDS, Guard, HoldScope
from catalog.review.holds import Decision
from catalog.vocabulary import (
    Cause,
    Edge,
    EventType,
    Meter,
    Outcome,
    Precision,
    SourceKind,
    Unit,
    Word,
)


class WordOut(Shape):
    """A member of a closed list, and what it means."""

    value: str
    meaning: str


class LabelOut(Shape):
    """A label that prices have, and how many of those that hold have it."""

    value: str
    prices: int


class GuardOut(Shape):
    """What keeps a reading from being published until a person has looked."""

    guard: str
    when: str
    """What a visit says where it holds."""
    holds: HoldScope
    lifted_by: str


class AdjustmentOut(Shape):
    """A multiplier that a page states in prose; it is in no price."""

    source: str
    name: str
    factor: Amount
    scope: str
    valid_from: str | None
    valid_to: str | None
    evidence: str


class SourceName(Shape):
    """A source; `/sources` says how it is."""

    source: str
    kind: SourceKind
    provider: str


class MetaOut(Shape):
    """Everything that is declared, straight from the tables that the code itself uses."""

    meters: list[WordOut]
    units: list[WordOut]
    bands: list[WordOut]
    event_types: list[WordOut]
    causes: list[WordOut]
    outcomes: list[WordOut]
    precisions: list[WordOut]
    edges: list[WordOut]
    source_kinds: list[WordOut]
    hold_states: list[WordOut]
    capabilities: list[WordOut]
    tiers: list[LabelOut]
    regions: list[LabelOut]
    currencies: list[LabelOut]
    guards: list[GuardOut]
    benchmarks: list[BenchmarkOut]
    formulas: list[WordOut]
    price_floor: Amount
    """USD per 1M tokens: a blended price below it counts as this."""
    adjustments: list[AdjustmentOut]
    sources: list[SourceName]
    formats: list[WordOut]
    """Of every list: the value of `format`, and the media type to accept."""
    usual_page: int
    largest_page: int
    anchor: str | None
    """The head of the chain that seals history by this moment; null before there is any.

    Keep it elsewhere: `tokentape verify --expect` shows whether history still leads there.
    """
    meta: Meta


router = APIRouter()


@router.get("/meta", name="show_meta")
def show_meta(asked: Annotated[Times, Query()], views: OfViews) -> MetaOut:
    """Show the words, tables and sources that every other answer speaks of."""
    look = views.look(asked.as_of, asked.known_at)
    prices, anchor = look.view.prices, views.anchor(look)
    return MetaOut(
        meters=words(Meter),
        units=words(Unit),
        bands=words(Band),
        event_types=words(EventType),
        causes=words(Cause),
        outcomes=words(Outcome),
        precisions=words(Precision),
        edges=words(Edge),
        source_kinds=words(SourceKind),
        hold_states=words(Decision),
        capabilities=words(Capability),
        tiers=labels(price.tier for price in prices),
        regions=labels(price.region for price in prices),
        currencies=labels(price.currency for price in prices),
        guards=[guard(one) for one in GUARDS],
        benchmarks=[benchmark(one) for one in BENCHMARKS],
        formulas=[WordOut(value=name, meaning=formula) for name, formula in FORMULAS.items()],
        price_floor=plain(PRICE_FLOOR),
        adjustments=[adjustment(one) for one in look.view.adjustments],
        sources=[
            SourceName(source=one.source, kind=SourceKind(one.kind), provider=one.provider)
            for one in views.states(asked.as_of, asked.known_at).sources
        ],
        formats=[WordOut(value=one, meaning=names[0]) for one, names in MEDIA_TYPES.items()],
        usual_page=USUAL_PAGE,
        largest_page=LARGEST_PAGE,
        anchor=str(anchor) if anchor else None,
        meta=meta_of(look),
    )


FORMULAS = {"value": FORMULA, "blended": BLENDED_FORMULA, "quality": QUALITY_FORMULA}


def words(of: type[Word]) -> list[WordOut]:
    """Give the members of a closed list."""
    return [WordOut(value=one.value, meaning=one.meaning) for one in of]


def labels(of: Iterable[str]) -> list[LabelOut]:
    """Count labels; those of most prices first."""
    counted = sorted(Counter(of).items(), key=lambda pair: (-pair[1], pair[0]))
    return [LabelOut(value=value, prices=prices) for value, prices in counted]


def guard(one: Guard) -> GuardOut:
    """Give a guard."""
    return GuardOut(guard=one.name, when=one.holds, holds=one.scope, lifted_by=one.lifted_by)


def adjustment(one: AdjustmentSeen) -> AdjustmentOut:
    """Give a multiplier."""
    return AdjustmentOut(
        source=one.source,
        name=one.name,
        factor=plain(one.factor),
        scope=one.scope,
        valid_from=one.valid_from.isoformat() if one.valid_from else None,
        valid_to=one.valid_to.isoformat() if one.valid_to else None,
        evidence=one.evidence,
    )
