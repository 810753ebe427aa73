"""The prices that hold, and the columns that every list of prices has."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from fastapi import APIRouter

from api.evidence import evidence_columns
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
    any_of,
    meta_of,
    mount,
    one,
)
from api.questions import Moment, Text
from api.shapes import Meta
from api.state import search_of
from catalog.identity import slug
from catalog.identity.search import finding
from catalog.past.history import Price
from catalog.review.reports import report_path
from catalog.vocabulary import Meter, Precision, Unit

ANY_OF = (Test.ANY_OF,)
EQUALS = (Test.EQUALS,)
BOUNDS = (Test.MIN, Test.MAX)
SERIES = "anthropic anthropic/claude-opus-4.7 input_tokens USD"
PER_UNIT = "the currency per unit"
DAY = "2026-06-01T00:00:00Z"


def _moment(
    name: str, meaning: str, example: str | None = DAY, *, best: Best = Best.LOWEST
) -> Column[Price]:
    some = name in {"valid_to", "not_before", "confirmed_at"}
    return Column(name, Kind.MOMENT, meaning, example, best=best, nullable=some, tests=BOUNDS)


COLUMNS: tuple[Column[Price], ...] = (
    Column(
        "series",
        Kind.TEXT,
        "The series' lasting name: what is the same price over time.",
        SERIES,
        tests=EQUALS,
    ),
    Column(
        "model",
        Kind.TEXT,
        "The model's id; null where the printed name is no known model.",
        "anthropic/claude-opus-4.7",
        nullable=True,
        tests=ANY_OF,
    ),
    Column(
        "printed",
        Kind.TEXT,
        "The model's name as the page prints it.",
        "Claude Opus 4.7",
        of=lambda one: one.label,
        tests=(Test.CONTAINS,),
    ),
    Column("provider", Kind.TEXT, "Who sells it.", "anthropic", tests=ANY_OF),
    Column("source", Kind.TEXT, "Who says so.", "anthropic", tests=ANY_OF),
    Column("tier", Kind.TEXT, "The service tier.", "standard", tests=ANY_OF),
    Column("region", Kind.TEXT, "Where it holds.", "global", tests=ANY_OF),
    Column(
        "context_over",
        Kind.INTEGER,
        "It holds for prompts longer than this.",
        0,
        unit="tokens",
        tests=EQUALS,
    ),
    Column(
        "variant", Kind.TEXT, "What else tells two prices of one meter apart.", "", tests=EQUALS
    ),
    Column("window", Kind.TEXT, "The hours it holds in; empty is always.", "", tests=EQUALS),
    Column("meter", Kind.TEXT, "What is counted.", "input_tokens", words=Meter, tests=ANY_OF),
    Column("unit", Kind.TEXT, "How much one price covers.", "1M tokens", words=Unit, tests=ANY_OF),
    Column(
        "currency",
        Kind.TEXT,
        "That it is stated in, ISO 4217; /models tells prices in another.",
        "USD",
        tests=ANY_OF,
    ),
    Column(
        "amount",
        Kind.DECIMAL,
        "The price; null where it has come to an end.",
        "5",
        unit=PER_UNIT,
        nullable=True,
        tests=BOUNDS,
    ),
    Column(
        "list_amount",
        Kind.DECIMAL,
        "The regular price beside a promotion.",
        None,
        unit=PER_UNIT,
        nullable=True,
    ),
    Column(
        "ended",
        Kind.TEXT,
        "`withdrawn` or `ended` where there is no amount, else null.",
        None,
        of=lambda one: one.reason or None,
        nullable=True,
    ),
    _moment("valid_from", "When it began to hold.", best=Best.HIGHEST),
    _moment("valid_to", "Exclusive: when the series' next known price starts.", None),
    Column("precision", Kind.TEXT, "How well valid_from is known.", "between", words=Precision),
    _moment("not_before", "With precision `between`: the last sighting of what held before."),
    _moment(
        "confirmed_at",
        "The last time, by as_of, that a page was seen to state it; null: only seen later.",
        best=Best.HIGHEST,
    ),
    _moment("recorded_at", "When it came to be known here.", best=Best.HIGHEST),
    Column(
        "report",
        Kind.TEXT,
        "Where a report that it is wrong opens, filled in; below this API's root.",
        "/report?series=anthropic:anthropic-claude-opus-4.7:input_tokens&as_of=2026-06-01T00:00:00Z",
        of=report_path,
    ),
    *evidence_columns(lambda one: one.evidence),
)


def _is_mapped(price: Price, asked: bool) -> bool:  # noqa: FBT001 a filter passes what is asked
    return (price.model is not None) is asked


def _is_updated(price: Price, asked: datetime) -> bool:
    return price.recorded_at >= asked


FILTERS: tuple[Filter[Price], ...] = (
    one("mapped", bool, "false: only series whose printed name is no known model.", _is_mapped),
    one("updated_since", Moment, "Only what came to be known here since then.", _is_updated),
)


class PricesAsked(Timed):
    """Of /prices, beside what its columns give it."""

    q: Text | None = None
    """Only where a name of the model, or the name as it is printed, contains this, or has words
    that begin with each of its words."""
    family: Text | None = None
    """Only of models of this family, as in a model's `family`."""


def _maker(price: Price) -> tuple[str | None]:
    return (price.model.partition("/")[0] if price.model else None,)


def _find(ask: Ask[PricesAsked]) -> Found[Price]:
    prices, meta = _past_of_one_model(ask) or _of_all(ask)
    return Found(_of_family(ask, _named(ask, prices)), meta)


def _of_all(ask: Ask[PricesAsked]) -> tuple[Sequence[Price], Meta]:
    look = ask.look()
    return look.view.prices, meta_of(look)


def _past_of_one_model(ask: Ask[PricesAsked]) -> tuple[Sequence[Price], Meta] | None:
    """Seek what one model cost at another moment, rather than read what all did."""
    models: Sequence[str] = getattr(ask.question, "model", None) or ()  # a column's own parameter
    if len(models) != 1 or (ask.as_of is None and ask.known_at is None):
        return None
    then = ask.views.prices_of(models[0], as_of=ask.as_of, known_at=ask.known_at)
    meta = Meta(sequence=then.sequence, as_of=then.as_of, known_at=then.known_at)
    return list(then.prices), meta


def _named(ask: Ask[PricesAsked], prices: Sequence[Price]) -> Iterable[Price]:
    asked = ask.question.q
    if asked is None:
        return prices
    models, found = search_of(ask.views).named(asked), finding(asked)
    labels = {label for label in {one.label for one in prices} if found(slug(label))}
    return (one for one in prices if one.model in models or one.label in labels)


def _of_family(ask: Ask[PricesAsked], prices: Iterable[Price]) -> Iterable[Price]:
    asked = ask.question.family
    if asked is None:
        return prices
    known = ask.views.identity.models.values()
    models = {model.id for model in known if model.family == asked}
    return (one for one in prices if one.model in models)


PRICES = ListResource(
    "Price",
    COLUMNS,
    lambda one: one.series,
    _find,
    PricesAsked,
    sort="series",
    filters=(*FILTERS, any_of("maker", "Only of models that one of these made.", _maker)),
)
router = APIRouter()
mount(
    router,
    "/prices",
    PRICES,
    "List the prices that hold, of tools and of names that are no known model, too.",
)
