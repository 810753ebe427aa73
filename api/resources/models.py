"""The models that have a price: what they cost, how good they are, and what they are worth."""

from collections.abc import Callable
from datetime import datetime
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
from api.questions import Moment, Text
from api.resources.ranking import Ranked, RankedMeta, question, ranked_meta
from api.resources.standing import ReferenceAmountOut, ScoreOut, reference_amount, score
from catalog.identity import slug
from catalog.listings import Listing
from catalog.ranking import Band
from catalog.vocabulary import Meter

USD = "USD per 1M tokens"
ANY_OF = (Test.ANY_OF,)
BOUNDS = (Test.MIN, Test.MAX)
DAY = "2026-11-21T00:00:00Z"


class ModelsAsked(Ranked, Timed):
    """Of /models, beside what its columns give it."""


def _amount(meter: Meter) -> Callable[[Listing], Decimal | None]:
    return lambda one: one.standing.reference.amount(meter)


def _price(name: str, meaning: str, of: Callable[[Listing], Decimal | None]) -> Column[Listing]:
    return Column(name, Kind.DECIMAL, meaning, "1.5", of=of, unit=USD, nullable=True, tests=BOUNDS)


def _quality(name: str, meaning: str, example: str) -> Column[Listing]:
    def of(listing: Listing) -> Decimal | None:
        quality = listing.standing.quality
        return getattr(quality, name) if quality else None

    return Column(
        f"quality.{name}",
        Kind.DECIMAL,
        meaning,
        example,
        of=of,
        nullable=True,
        best=Best.HIGHEST,
        tests=BOUNDS,
        asked_as="quality" if name == "index" else name,
    )


def _moment(name: str, meaning: str) -> Column[Listing]:
    return Column(name, Kind.MOMENT, meaning, DAY, nullable=True, best=Best.HIGHEST, tests=BOUNDS)


COLUMNS: tuple[Column[Listing], ...] = (
    Column(
        "model",
        Kind.TEXT,
        "The model's id, which holds a slash.",
        "anthropic/claude-opus-4.7",
        of=lambda one: one.model.id,
        tests=ANY_OF,
    ),
    Column("name", Kind.TEXT, "Its name.", "Claude Opus 4.7", of=lambda one: one.model.name),
    Column(
        "maker",
        Kind.TEXT,
        "Who made it.",
        "anthropic",
        of=lambda one: one.model.maker,
        tests=ANY_OF,
    ),
    Column(
        "family",
        Kind.TEXT,
        "What it is a model of.",
        "claude-opus",
        of=lambda one: one.model.family,
        tests=ANY_OF,
    ),
    Column("kind", Kind.TEXT, "`model`.", "model", of=lambda one: one.model.kind),
    Column(
        "value",
        Kind.DECIMAL,
        "quality / max(blended, floor) ^ alpha; null with a reason.",
        "56.568542",
        of=lambda one: one.standing.value,
        nullable=True,
        best=Best.HIGHEST,
        tests=BOUNDS,
    ),
    Column(
        "reason",
        Kind.TEXT,
        "Why there is no value.",
        None,
        of=lambda one: one.standing.reason,
        nullable=True,
    ),
    _quality("index", "0 and 100 are the benchmarks' anchors; more than 100 is possible.", "80"),
    _quality("coverage", "The share of the benchmarks' weight that has a score, 0 to 1.", "1"),
    Column(
        "quality.scores",
        Kind.ITEMS,
        "The scores it is made from.",
        [],
        of=lambda one: (
            [score(each) for each in one.standing.quality.scores] if one.standing.quality else None
        ),
        shape=ScoreOut,
        nullable=True,
    ),
    _price(
        "price",
        "The blended reference price, at the mix asked for.",
        lambda one: one.standing.blended,
    ),
    _price("input", "The reference price of input.", _amount(Meter.INPUT_TOKENS)),
    _price("output", "The reference price of output.", _amount(Meter.OUTPUT_TOKENS)),
    _price(
        "cached_input", "The reference price of cached input.", _amount(Meter.CACHE_READ_TOKENS)
    ),
    Column(
        "reference",
        Kind.ITEMS,
        "Where the reference price comes from.",
        [],
        of=lambda one: [
            reference_amount(meter, each) for meter, each in one.standing.reference.amounts.items()
        ],
        shape=ReferenceAmountOut,
    ),
    Column(
        "stars",
        Kind.INTEGER,
        "5 for the best fifth by value, down to 1.",
        5,
        of=lambda one: one.standing.stars,
        nullable=True,
        best=Best.HIGHEST,
        tests=BOUNDS,
    ),
    Column(
        "band",
        Kind.TEXT,
        "The market tier, by the price of input.",
        "mid",
        of=lambda one: one.standing.band,
        words=Band,
        nullable=True,
        tests=ANY_OF,
    ),
    Column(
        "pareto",
        Kind.BOOLEAN,
        "Whether no other model is at least as good for at most the price.",
        example=True,
        of=lambda one: one.standing.pareto,
        best=Best.HIGHEST,
        tests=(Test.EQUALS,),
    ),
    Column(
        "context",
        Kind.INTEGER,
        "The context window.",
        200000,
        unit="tokens",
        nullable=True,
        best=Best.HIGHEST,
        tests=BOUNDS,
    ),
    Column(
        "providers",
        Kind.TEXTS,
        "Who sells it.",
        ["anthropic", "bedrock"],
        tests=ANY_OF,
        asked_as="provider",
    ),
    _moment(
        "changed",
        "When a price of it last changed, was added or was withdrawn; null: not since first seen.",
    ),
    _moment(
        "confirmed_at",
        "The oldest last sighting among its reference amounts, or all its prices if it has none.",
    ),
    _moment("seen_at", "The same, or where one was never seen to hold, when it was announced."),
)


def _is_named(listing: Listing, asked: str) -> bool:
    wanted = slug(asked)
    return wanted in slug(listing.model.id) or wanted in slug(listing.model.name)


def _is_updated(listing: Listing, asked: datetime) -> bool:
    return listing.changed is not None and listing.changed >= asked


FILTERS: tuple[Filter[Listing], ...] = (
    one("q", Text, "Only models whose id or name contains this, however it is spelt.", _is_named),
    one("updated_since", Moment, "Only models of which a price changed since.", _is_updated),
)


def _find(ask: Ask[ModelsAsked]) -> Found[Listing]:
    """Rank all models, before any filter: a filter changes no one's stars."""
    look = ask.look()
    asked = question(look, ask.question)
    return Found(look.view.rank(asked), ranked_meta(look, asked))


MODELS = ListResource(
    "Model",
    COLUMNS,
    lambda one: one.model.id,
    _find,
    ModelsAsked,
    sort="value",
    filters=FILTERS,
    meta=RankedMeta,
)
router = APIRouter()
mount(
    router,
    "/models",
    MODELS,
    "Rank the models that have a price; best value first unless sorted otherwise.",
)
