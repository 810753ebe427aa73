"""What a month of use would cost on every model, itemised."""

from collections.abc import Callable
from decimal import Decimal

from fastapi import APIRouter

from api.listing import (
    Ask,
    Best,
    Column,
    Filter,
    Found,
    Kind,
    ListResource,
    Test,
    Timed,
    mount,
    one,
)
from api.resources.estimating import (
    EstimateItemOut,
    Use,
    conversions_of,
    items_of,
    reckoned,
    workload_of,
)
from api.resources.standing import ConversionOut
from api.shapes import Meta, Shape
from catalog.current.listings import Listing
from catalog.current.look import Look
from catalog.current.traits import Capability
from catalog.estimating import Estimate, Workload

ANY_OF, ALL_OF, BOUNDS = (Test.ANY_OF,), (Test.ALL_OF,), (Test.MIN, Test.MAX)


class EstimateAsked(Use, Timed):
    """Of /estimate, beside what its columns give it."""


class WorkloadOut(Shape):
    """The month that was reckoned."""

    requests: int
    batch_requests: int
    input_tokens: int
    """Of one request."""
    output_tokens: int
    """Of one request, without reasoning."""
    reasoning_tokens: int | None
    tier: str
    region: str


class EstimateMeta(Meta):
    """Which state of the catalog was asked, and what was reckoned."""

    workload: WorkloadOut
    currency: str


def _amount(name: str, meaning: str, of: Callable[[Estimate], Decimal | None]) -> Column[Estimate]:
    unit = "the currency asked for"
    return Column(
        name, Kind.DECIMAL, meaning, "3060", of=of, unit=unit, nullable=True, tests=BOUNDS
    )


def _words(
    name: str, meaning: str, asked_as: str, of: Callable[[Listing], frozenset[str]]
) -> Column[Estimate]:
    return Column(
        name,
        Kind.TEXTS,
        meaning,
        [],
        of=lambda one: sorted(of(one.listing)),
        tests=ALL_OF,
        asked_as=asked_as,
    )


def _quality(estimate: Estimate) -> Decimal | None:
    quality = estimate.listing.standing.quality
    return quality.index if quality else None


COLUMNS: tuple[Column[Estimate], ...] = (
    Column(
        "model",
        Kind.TEXT,
        "The model's id.",
        "anthropic/claude-opus-4.7",
        of=lambda one: one.listing.model.id,
    ),
    Column(
        "name", Kind.TEXT, "Its name.", "Claude Opus 4.7", of=lambda one: one.listing.model.name
    ),
    Column(
        "maker",
        Kind.TEXT,
        "Who made it.",
        "anthropic",
        of=lambda one: one.listing.model.maker,
        tests=ANY_OF,
    ),
    Column("seller", Kind.TEXT, "At whose offer.", "anthropic"),
    _amount(
        "total",
        "What the month costs; null where any of it has no known price.",
        lambda one: one.total,
    ),
    _amount("per_request", "What one request costs on average.", lambda one: one.per_request),
    Column("currency", Kind.TEXT, "Of the totals.", "USD", of=lambda one: one.told.currency),
    Column("reason", Kind.TEXT, "Why there is no total, where there is none.", None, nullable=True),
    Column(
        "items",
        Kind.ITEMS,
        "What it is made of: each item with its price, adjustments and evidence.",
        [],
        of=items_of,
        shape=EstimateItemOut,
    ),
    Column(
        "conversions",
        Kind.ITEMS,
        "The exchange rates used.",
        [],
        of=conversions_of,
        shape=ConversionOut,
    ),
    Column(
        "warnings",
        Kind.TEXTS,
        "What to know of the prices it rests on.",
        [],
    ),
    Column(
        "quality",
        Kind.DECIMAL,
        "The quality index; null: no benchmark of it is known.",
        "80",
        of=_quality,
        nullable=True,
        best=Best.HIGHEST,
        tests=BOUNDS,
    ),
    Column(
        "context",
        Kind.INTEGER,
        "The context window.",
        200_000,
        of=lambda one: one.listing.context,
        unit="tokens",
        nullable=True,
        best=Best.HIGHEST,
        tests=BOUNDS,
    ),
    _words("input_modalities", "What it takes.", "input_modality", lambda one: one.inputs),
    _words("output_modalities", "What it gives.", "output_modality", lambda one: one.outputs),
    Column(
        "capabilities",
        Kind.TEXTS,
        "What it is said to do; what nobody speaks of is left out.",
        [],
        of=lambda one: sorted(one.listing.capabilities),
        words=Capability,
        tests=ALL_OF,
        asked_as="capability",
    ),
    Column(
        "open_weights",
        Kind.BOOLEAN,
        "Whether its weights can be had; null: not known, or sources differ.",
        example=False,
        of=lambda one: one.listing.open_weights,
        nullable=True,
        tests=(Test.EQUALS,),
    ),
)
FILTERS: tuple[Filter[Estimate], ...] = (
    one(
        "priced",
        bool,
        "Only models with a known total, or only those without.",
        lambda estimate, asked: (estimate.total is not None) is asked,
    ),
)


def _meta(look: Look, workload: Workload, currency: str) -> EstimateMeta:
    batch = sum(number for tier, number in workload.parts() if tier == "batch")
    return EstimateMeta(
        sequence=look.view.sequence,
        as_of=look.as_of,
        known_at=look.known_at,
        workload=WorkloadOut(
            requests=workload.requests,
            batch_requests=batch,
            input_tokens=workload.input_tokens,
            output_tokens=workload.output_tokens,
            reasoning_tokens=workload.reasoning_tokens,
            tier=workload.tier,
            region=workload.region,
        ),
        currency=currency,
    )


def _find(ask: Ask[EstimateAsked]) -> Found[Estimate]:
    look, workload = ask.look(), workload_of(ask.question)
    found = reckoned(ask.views, look, ask.question)(workload)
    return Found(found, _meta(look, workload, ask.question.currency))


ESTIMATE = ListResource(
    "Estimate",
    COLUMNS,
    lambda one: one.id,
    _find,
    EstimateAsked,
    sort="total",
    filters=FILTERS,
    meta=EstimateMeta,
)
router = APIRouter()
mount(
    router,
    "/estimate",
    ESTIMATE,
    "Reckon what a month of use would cost on every model; cheapest first.",
    "At the maker's own offer unless `provider` says otherwise. Requests are taken to be alike. "
    "A model without a price of anything that is used comes last, its total null, with the reason.",
)
