"""Every question answered from the catalog: filter, order, page, and say which state it was."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from api import answers
from api.paging import CursorError, Order, Page, Value, fingerprint, read_cursor, take_page
from api.problems import Refused, not_found, refuse_parameter
from api.questions import (
    ChangesQuestion,
    HistoryQuestion,
    HoldsQuestion,
    ModelsQuestion,
    Paged,
    PricesQuestion,
    Ranked,
    ResolveQuestion,
    SourcesQuestion,
    TimesAndPage,
)
from api.shapes import (
    EventOut,
    Health,
    HoldOut,
    Listed,
    Meta,
    ModelDetail,
    Models,
    PriceOut,
    ProviderOut,
    RankedMeta,
    ResolvedOut,
    SourceDetail,
    SourceOut,
)
from catalog.changes import Event
from catalog.history import Price
from catalog.holds import HoldSeen
from catalog.identity import Identity, Model, slug
from catalog.listings import Listing
from catalog.moments import print_moment
from catalog.ranking import Question, RankingError, parse_mix
from catalog.sources import SourceState
from catalog.view import Look, Selling, Views
from catalog.vocabulary import Meter

Item = TypeVar("Item")

HIGHEST_FIRST = frozenset({"value", "quality", "context", "changed"})
"""The sort keys whose best is the highest, or the latest; of the others it is the lowest."""


def models(look: Look, asked: ModelsQuestion) -> Models:
    """Rank the models of a look, then filter: a filter changes no one's stars."""
    question = _question(look, asked)
    listings = [one for one in look.view.rank(question) if _is_asked_for(one, asked)]
    page = _page(listings, _model_order(asked.sort), asked)
    return Models(
        data=[answers.model(one, look.known_at) for one in page.items],
        next=page.next,
        meta=_ranked_meta(look, question),
    )


def model_detail(look: Look, maker: str, name: str, asked: Ranked) -> ModelDetail:
    """Show one model with all that is known of it at a look; a tool has no value."""
    view, question = look.view, _question(look, asked)
    model = known_model(view.identity, maker, name)
    listing = look.listing(model, question)
    names = [alias for alias in view.identity.aliases if alias.model == model.id]
    return ModelDetail(
        **answers.model(listing, look.known_at).model_dump(),
        prices=[answers.price(one, look.known_at) for one in view.by_model.get(model.id, ())],
        facts=[answers.fact(one) for one in view.facts_of.get(model.id, ())],
        aliases=[answers.alias(one) for one in names],
        meta=_ranked_meta(look, question),
    )


def model_history(views: Views, maker: str, name: str, asked: HistoryQuestion) -> Listed[PriceOut]:
    """List every price a model had, has or will have, in the order of series and time."""
    model = known_model(views.identity, maker, name)
    then = views.past(model.id, known_at=asked.known_at)
    wanted = [one for one in then.prices if _matches(one, asked, HISTORY_FILTERS)]
    page = _page(wanted, HISTORY_ORDER, asked)
    return Listed(
        data=[answers.price(one, then.known_at) for one in page.items],
        next=page.next,
        meta=Meta(sequence=then.sequence, as_of=then.known_at, known_at=then.known_at),
    )


def prices(look: Look, asked: PricesQuestion) -> Listed[PriceOut]:
    """List the prices of a look."""
    wanted = [one for one in look.view.prices if _matches(one, asked, PRICE_FILTERS)]
    if asked.mapped is not None:
        wanted = [one for one in wanted if (one.model is not None) is asked.mapped]
    page = _page(wanted, PRICE_ORDER, asked)
    return Listed(
        data=[answers.price(one, look.known_at) for one in page.items],
        next=page.next,
        meta=_meta(look),
    )


def providers(look: Look, asked: TimesAndPage) -> Listed[ProviderOut]:
    """List who sells at a look."""
    page = _page(look.view.providers(), PROVIDER_ORDER, asked)
    return Listed(
        data=[answers.provider(one) for one in page.items], next=page.next, meta=_meta(look)
    )


def sources(views: Views, asked: SourcesQuestion) -> Listed[SourceOut]:
    """List the sources and how their last runs went."""
    then = views.states()
    wanted = [
        one
        for one in then.sources
        if asked.kind in (None, one.kind) and asked.outcome in (None, one.outcome)
    ]
    page = _page(wanted, SOURCE_ORDER, asked)
    return Listed(
        data=[answers.source(one, then.known_at) for one in page.items],
        next=page.next,
        meta=Meta(sequence=then.sequence, as_of=then.known_at, known_at=then.known_at),
    )


def source_detail(views: Views, name: str) -> SourceDetail:
    """Show one source."""
    then = views.states()
    found = next((one for one in then.sources if one.source == name), None)
    if found is None:
        raise not_found(f"{name} is no source; /sources lists them")
    trouble = views.trouble(name)
    return SourceDetail(
        **answers.source(found, then.known_at).model_dump(),
        open_holds=trouble.open_holds,
        refused_visits=[answers.visit(one) for one in trouble.refused],
        meta=Meta(sequence=then.sequence, as_of=then.known_at, known_at=then.known_at),
    )


def holds(views: Views, asked: HoldsQuestion) -> Listed[HoldOut]:
    """List what guards hold for a person, or what became of it."""
    then = views.waiting(asked.decisions)
    wanted = [one for one in then.holds if asked.source in (None, one.visit.source)]
    page = _page(wanted, HOLD_ORDER, asked)
    return Listed(
        data=[answers.hold(one) for one in page.items],
        next=page.next,
        meta=Meta(sequence=then.sequence, as_of=then.known_at, known_at=then.known_at),
    )


def changes(views: Views, asked: ChangesQuestion) -> Listed[EventOut]:
    """List the log's events after a number, in its order."""
    types = (asked.type,) if asked.type else ()
    then = views.log(
        _since(asked),
        limit=asked.limit + 1,
        model=asked.model,
        provider=asked.provider,
        types=types,
    )
    shown = then.events[: asked.limit]
    more = len(then.events) > len(shown)
    place = fingerprint(_words(asked))
    return Listed(
        data=[answers.event(one) for one in shown],
        next=EVENT_ORDER.cursor(shown[-1], place).print() if more else None,
        meta=Meta(sequence=then.sequence, as_of=then.known_at, known_at=then.known_at),
    )


def health(views: Views) -> Health:
    """Say that the store is read; raise a problem where it is not."""
    try:
        return Health(status="ok", sequence=views.last_sequence())
    except SQLAlchemyError:
        detail = "the store cannot be read; is it migrated and reachable?"
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail) from None


def resolve(identity: Identity, asked: ResolveQuestion) -> ResolvedOut:
    """Say which model a name means, or none and what looks alike: never a guess."""
    match = identity.resolve(asked.id, asked.source)
    if match is None:
        return answers.unresolved(asked.id, identity.candidates(asked.id))
    return answers.resolved(asked.id, match)


def known_model(identity: Identity, maker: str, name: str) -> Model:
    """Find a maker's model by its name however typed; raise a problem with what looks alike."""
    asked = f"{maker}/{name}"
    match = identity.resolve(asked) or identity.resolve(name)
    if match is None or match.model.maker != maker:
        alike = [match.model] if match else identity.candidates(name)
        raise not_found(f"{asked} is no known model", [one.id for one in alike])
    return match.model


PRICE_FILTERS = (
    *(
        "model",
        "series",
        "provider",
        "source",
        "tier",
        "region",
        "context_over",
        "variant",
        "window",
    ),
    *("meter", "unit", "currency"),
)
HISTORY_FILTERS = ("provider", "source", "tier", "meter", "currency")


def _matches(price: Price, asked: PricesQuestion | HistoryQuestion, names: Iterable[str]) -> bool:
    """Whether a price has the values asked for; what is not asked for does not matter."""
    return all(getattr(asked, name) in (None, getattr(price, name)) for name in names)


def _is_asked_for(listing: Listing, asked: ModelsQuestion) -> bool:
    sold = asked.provider is None or asked.provider in listing.providers
    wanted = slug(asked.q or "")
    return sold and (wanted in slug(listing.model.id) or wanted in slug(listing.model.name))


def _reference(meter: Meter) -> Callable[[Listing], Value]:
    return lambda one: one.standing.reference.amount(meter)


SORTED_BY: dict[str, Callable[[Listing], Value]] = {
    "value": lambda one: one.standing.value,
    "price": lambda one: one.standing.blended,
    "quality": lambda one: one.standing.quality.index if one.standing.quality else None,
    "input": _reference(Meter.INPUT_TOKENS),
    "output": _reference(Meter.OUTPUT_TOKENS),
    "context": lambda one: one.context,
    "name": lambda one: one.model.name.casefold(),
    "changed": lambda one: one.changed,
}
PRICE_ORDER: Order[Price] = Order(lambda _: None, lambda one: one.series)
HISTORY_ORDER: Order[Price] = Order(
    lambda one: f"{one.series} {print_moment(one.valid_from)}", lambda one: one.series
)
PROVIDER_ORDER: Order[Selling] = Order(lambda _: None, lambda one: one.provider)
SOURCE_ORDER: Order[SourceState] = Order(lambda _: None, lambda one: one.source)
HOLD_ORDER: Order[HoldSeen] = Order(lambda one: one.hold.id, lambda one: str(one.hold.id))
EVENT_ORDER: Order[Event] = Order(lambda one: one.sequence, lambda one: str(one.sequence))


def _model_order(sort: str) -> Order[Listing]:
    key = sort.removeprefix("-")
    reversed_ = sort.startswith("-")
    descending = (key in HIGHEST_FIRST) is not reversed_
    return Order(SORTED_BY[key], lambda one: one.model.id, descending)


def _question(look: Look, asked: Ranked) -> Question:
    try:
        return look.question(parse_mix(asked.mix, asked.cached_share), asked.alpha)
    except RankingError as error:
        raise refuse_parameter("mix", str(error)) from None


def _page(items: Iterable[Item], order: Order[Item], asked: Paged) -> Page[Item]:
    try:
        return take_page(
            items, order, question=_words(asked), limit=asked.limit, cursor=asked.cursor
        )
    except CursorError:
        raise _no_cursor() from None


def _since(asked: ChangesQuestion) -> int:
    """Give the number to go on from: a cursor's, else the one asked for."""
    if asked.cursor is None:
        return asked.since
    try:
        return int(read_cursor(asked.cursor, fingerprint(_words(asked))).id)
    except ValueError:
        raise _no_cursor() from None


def _no_cursor() -> Refused:
    return refuse_parameter("cursor", "no cursor of this question; pass `next` of its last page")


def _words(asked: Paged) -> str:
    """Print a question without its place: what its cursors belong to."""
    return type(asked).__name__ + asked.model_dump_json(exclude={"cursor", "limit"})


def _meta(look: Look) -> Meta:
    return Meta(sequence=look.view.sequence, as_of=look.as_of, known_at=look.known_at)


def _ranked_meta(look: Look, question: Question) -> RankedMeta:
    return RankedMeta(**_meta(look).model_dump(), ranking=answers.ranking_of(question))
