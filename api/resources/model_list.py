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
from api.resources.ranking import InCurrency, RankedMeta, question, ranked_meta, told_in
from api.resources.standing import ReferenceAmountOut, ScoreOut, reference_amount, score
from api.state import search_of
from catalog.current.listings import Listing
from catalog.current.traits import Capability
from catalog.ranking import Band
from catalog.vocabulary import Meter, Word

TOLD = "the currency asked for (USD) per 1M tokens"
ANY_OF = (Test.ANY_OF,)
ALL_OF = (Test.ALL_OF,)
BOUNDS = (Test.MIN, Test.MAX)
DAY = "2026-11-21T00:00:00Z"


class ModelsAsked(InCurrency, Timed):
    """Of /models, beside what its columns give it."""

    q: Text | None = None
    """Only models of which a name (id, name, maker, or as a page prints it) contains this, or has
    words that begin with each of its words."""


def _amount(meter: Meter) -> Callable[[Listing], Decimal | None]:
    return lambda one: one.standing.reference.amount(meter)


def _price(name: str, meaning: str, of: Callable[[Listing], Decimal | None]) -> Column[Listing]:
    return Column(name, Kind.DECIMAL, meaning, "1.5", of=of, unit=TOLD, nullable=True, tests=BOUNDS)


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


def _tokens(name: str, meaning: str) -> Column[Listing]:
    return Column(
        name,
        Kind.INTEGER,
        meaning,
        200_000,
        unit="tokens",
        nullable=True,
        best=Best.HIGHEST,
        tests=BOUNDS,
    )


def _words(
    name: str,
    meaning: str,
    asked_as: str,
    of: Callable[[Listing], frozenset[str]],
    words: type[Word] | None = None,
) -> Column[Listing]:
    return Column(
        name,
        Kind.TEXTS,
        meaning,
        [],
        of=lambda one: sorted(of(one)),
        words=words,
        tests=ALL_OF,
        asked_as=asked_as,
    )


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
    _tokens("context", "The context window."),
    _tokens("max_output", "The longest answer."),
    _words("input_modalities", "What it takes.", "input_modality", lambda one: one.inputs),
    _words("output_modalities", "What it gives.", "output_modality", lambda one: one.outputs),
    _words(
        "capabilities",
        "What it is said to do; what nobody speaks of is left out.",
        "capability",
        lambda one: one.capabilities,
        Capability,
    ),
    Column(
        "best_for",
        Kind.TEXTS,
        "The declared rankings that it is first in, at the mix asked for; /rankings lists them.",
        ["cheapest-vision"],
        tests=ANY_OF,
    ),
    Column(
        "open_weights",
        Kind.BOOLEAN,
        "Whether its weights can be had; null: not known, or sources differ.",
        example=False,
        nullable=True,
        tests=(Test.EQUALS,),
    ),
    Column(
        "providers",
        Kind.TEXTS,
        "Who sells it.",
        ["anthropic", "bedrock"],
        tests=ANY_OF,
        asked_as="provider",
    ),
    Column("tiers", Kind.TEXTS, "In which.", ["standard"], tests=ANY_OF, asked_as="tier"),
    Column("regions", Kind.TEXTS, "And where.", ["global"], tests=ANY_OF, asked_as="region"),
    Column(
        "currencies",
        Kind.TEXTS,
        "The currencies that its prices are stated in; `currency` asks in which they are told.",
        ["USD"],
        tests=ANY_OF,
        asked_as="stated_in",
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
    _moment("retired", "From when on its maker sells it no more; it may lie ahead."),
)


def _is_updated(listing: Listing, asked: datetime) -> bool:
    return listing.changed is not None and listing.changed >= asked


FILTERS: tuple[Filter[Listing], ...] = (
    one("updated_since", Moment, "Only models of which a price changed since.", _is_updated),
)


def _find(ask: Ask[ModelsAsked]) -> Found[Listing]:
    """Rank all models, before any filter: a filter changes no one's stars."""
    look = ask.look()
    asked = question(look, ask.question)
    listed = told_in(look, asked, ask.question.currency)(look.view.rank(asked))
    meta = ranked_meta(look, asked, ask.question.currency)
    if ask.question.q is not None:
        named = search_of(ask.views).named(ask.question.q)
        return Found([one for one in listed if one.model.id in named], meta)
    return Found(listed, meta)


MODELS = ListResource(
    "Model",
    COLUMNS,
    lambda one: one.model.id,
    _find,
    ModelsAsked,
    sort="value",
    filters=FILTERS,
    meta=RankedMeta,
    of_view=True,
)
router = APIRouter()
mount(
    router,
    "/models",
    MODELS,
    "Rank the models that have a price; best value first unless sorted otherwise.",
)
