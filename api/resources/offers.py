"""The offers of a model, and the prices of it that hold."""

from fastapi import APIRouter

from api.listing import (
    Ask,
    Best,
    Column,
    Found,
    Kind,
    ListResource,
    Test,
    Timed,
    mount,
)
from api.resources.model import known_model
from api.resources.prices import COLUMNS as PRICE_COLUMNS
from api.resources.prices import FILTERS as PRICE_FILTERS
from api.shapes import Meta
from catalog.current.offers import Offer, offers
from catalog.past.history import Price
from catalog.vocabulary import Meter, SourceKind

ANY_OF = (Test.ANY_OF,)
BOUNDS = (Test.MIN, Test.MAX)
DAY = "2026-06-01T00:00:00Z"


def _amount(name: str, meter: Meter, meaning: str) -> Column[Offer]:
    return Column(
        name,
        Kind.DECIMAL,
        f"The price of {meaning}; of several windows, the dearest.",
        "5",
        of=lambda one: one.amounts.get(meter),
        unit="the currency per 1M tokens",
        nullable=True,
        tests=BOUNDS,
    )


COLUMNS: tuple[Column[Offer], ...] = (
    Column("offer", Kind.TEXT, "What tells it apart.", "… global USD anthropic", of=lambda o: o.id),
    Column("model", Kind.TEXT, "The model's id.", "anthropic/claude-opus-4.7"),
    Column("provider", Kind.TEXT, "Who sells it.", "anthropic", tests=ANY_OF),
    Column("tier", Kind.TEXT, "The service tier.", "standard", tests=ANY_OF),
    Column("region", Kind.TEXT, "Where.", "global", tests=ANY_OF),
    Column("currency", Kind.TEXT, "ISO 4217.", "USD", tests=ANY_OF),
    Column("source", Kind.TEXT, "Who says so.", "anthropic", tests=ANY_OF),
    Column(
        "kind", Kind.TEXT, "What its word is worth.", "official", words=SourceKind, tests=ANY_OF
    ),
    _amount("input", Meter.INPUT_TOKENS, "input"),
    _amount("output", Meter.OUTPUT_TOKENS, "output"),
    _amount("cached_input", Meter.CACHE_READ_TOKENS, "input read from a cache"),
    _amount("cache_write", Meter.CACHE_WRITE_TOKENS, "input written to a cache"),
    _amount("cache_write_1h", Meter.CACHE_WRITE_1H_TOKENS, "input written for an hour"),
    Column("prices", Kind.INTEGER, "How many it has, with conditions too.", 4, best=Best.HIGHEST),
    Column("changed", Kind.MOMENT, "From when on the youngest holds.", DAY, best=Best.HIGHEST),
    Column(
        "confirmed_at",
        Kind.MOMENT,
        "The oldest last sighting among them; null: none was seen again.",
        DAY,
        nullable=True,
        best=Best.HIGHEST,
    ),
)


def _of_model(ask: Ask[Timed]) -> tuple[tuple[Price, ...], Meta]:
    model = known_model(ask.views.identity, ask.path["maker"], ask.path["name"])
    then = ask.views.prices_of(model.id, as_of=ask.as_of, known_at=ask.known_at)
    return then.prices, Meta(sequence=then.sequence, as_of=then.as_of, known_at=then.known_at)


def _find_offers(ask: Ask[Timed]) -> Found[Offer]:
    prices, meta = _of_model(ask)
    return Found(offers(prices), meta)


def _find_prices(ask: Ask[Timed]) -> Found[Price]:
    return Found(*_of_model(ask))


OFFERS = ListResource(
    "Offer", COLUMNS, lambda one: one.id, _find_offers, Timed, sort="provider,tier,region"
)
PRICES_OF_MODEL = ListResource(
    "ModelPrice",
    PRICE_COLUMNS,
    lambda one: one.series,
    _find_prices,
    Timed,
    sort="series",
    filters=PRICE_FILTERS,
)
router = APIRouter()
mount(
    router,
    "/models/{maker}/{name}/offers",
    OFFERS,
    "List who sells a model, in which tiers and regions, and for what.",
)
mount(
    router,
    "/models/{maker}/{name}/prices",
    PRICES_OF_MODEL,
    "List the prices of a model that hold.",
)
