"""A month of use as it is asked about, and the items of an estimate as they go out."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Annotated
from weakref import WeakKeyDictionary

from pydantic import Field

from api.problems import not_found, refuse_parameter
from api.questions import Question, Text
from api.resources.standing import ConversionOut
from api.shapes import Amount, Moment, Shape
from catalog.cost.pricing import in_digits
from catalog.cost.rates import Proof
from catalog.cost.stored import multipliers
from catalog.current.facts import By
from catalog.current.listings import Listing
from catalog.current.look import Look, View
from catalog.current.view import Views
from catalog.estimating import (
    Adjustment,
    Estimate,
    Item,
    Reckoner,
    Sellers,
    Tariff,
    Told,
    Workload,
    WorkloadError,
    estimates,
    tariff,
)
from catalog.money import plain
from catalog.ranking import CURRENCY, Mix
from catalog.ranking.worth import HALF
from catalog.store import reading

TARIFFS_HELD = 4
MOST_REQUESTS, MOST_TOKENS = 10**12, 10**8
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=12)]
Each = Annotated[Decimal, Field(ge=0, le=10_000, max_digits=12)]
Tokens = Annotated[int, Field(ge=0, le=MOST_TOKENS)]
EVERYONE = "any"


class Use(Question):
    """A month of use: requests that are all alike."""

    requests: Annotated[int, Field(ge=1, le=MOST_REQUESTS, examples=[450_000])]
    """How many a month."""
    input_tokens: Tokens = 0
    """Of one request, all of them: prices by context go by this number."""
    output_tokens: Tokens = 0
    """Of one answer, without reasoning."""
    cached_share: Share = Decimal(0)
    """The share of the input that is read from a cache."""
    written_share: Share = Decimal(0)
    """The share of the input that is written to a cache for five minutes, or as long as usual."""
    written_1h_share: Share = Decimal(0)
    """The share of the input that is written to a cache for an hour."""
    batch_share: Share = Decimal(0)
    """The share of the requests that is sent in batches."""
    reasoning_tokens: Tokens | None = None
    """Of one answer, beside the output; where not given, whether it reasons is not known."""
    images: Each = Decimal(0)
    """Made, a request, where they are priced by the piece; else count output tokens."""
    input_images: Each = Decimal(0)
    """In the prompt, a request, where they are priced by the piece; else count input tokens."""
    searches: Each = Decimal(0)
    """Calls a request of the provider's own web search."""
    tier: Annotated[str, Field(max_length=100, examples=["standard"])] = "standard"
    """The service tier of what is not sent in batches."""
    region: Annotated[str, Field(max_length=100, examples=["us"])] = ""
    """Where it must run; global, else the maker's home, unless given."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", max_length=3, examples=["EUR"])] = CURRENCY
    """That totals are told in, by the last reference rates by as_of."""
    provider: Text | None = None
    """Who sells it, several with commas between, or `any` for everyone; the maker, unless given."""
    models: Annotated[str, Field(max_length=4000)] | None = None
    """Only these, by any of their names, with commas between; all, unless given."""


class EstimateAdjustmentOut(Shape):
    """A multiplier that somebody states, and their words."""

    name: str
    factor: str
    says: str
    url: str
    seen_at: Moment | None


class EstimateEvidenceOut(Shape):
    """Where a price can be checked."""

    url: str
    fetched_at: Moment
    sha256: str | None
    text: str
    locator: str


class EstimateItemOut(Shape):
    """What so much of one meter costs a month, or why that is not known."""

    tier: str
    meter: str
    quantity: int
    """A month's: tokens, images or calls."""
    price: Amount | None
    """As stated, in its currency per unit; adjustments are not in it."""
    unit: str | None
    currency: str | None
    priced_as: str | None
    """The meter that has the price: another one where it is not priced apart."""
    context_over: int | None
    """The price holds for prompts longer than this."""
    adjustments: list[EstimateAdjustmentOut]
    """What the price is multiplied with."""
    amount: Amount | None
    """In the currency asked for, adjustments taken in; null: not known."""
    reason: str | None
    """Why it is not known."""
    series: str | None
    valid_from: Moment | None
    confirmed_at: Moment | None
    evidence: EstimateEvidenceOut | None


def _item(item: Item, told: Decimal | None) -> EstimateItemOut:
    rate = item.rate
    return EstimateItemOut(
        tier=item.tier,
        meter=item.meter,
        quantity=item.quantity,
        price=None if rate is None or rate.amount is None else plain(rate.amount),
        unit=rate.unit if rate else None,
        currency=item.currency,
        priced_as=rate.meter if rate else None,
        context_over=rate.context_over if rate else None,
        adjustments=[_adjustment(one) for one in item.adjustments],
        amount=None if told is None else plain(told),
        reason=item.reason or None,
        series=rate.series if rate else None,
        valid_from=rate.valid_from if rate else None,
        confirmed_at=rate.confirmed_at if rate else None,
        evidence=_evidence(rate.proof) if rate else None,
    )


def _adjustment(one: Adjustment) -> EstimateAdjustmentOut:
    return EstimateAdjustmentOut(
        name=one.name,
        factor=in_digits(one.factor),
        says=one.says,
        url=one.url,
        seen_at=one.seen_at,
    )


@lru_cache(maxsize=1 << 14)
def _evidence(proof: Proof) -> EstimateEvidenceOut:
    return EstimateEvidenceOut(
        url=proof.url,
        fetched_at=proof.fetched_at,
        sha256=proof.sha256,
        text=proof.text,
        locator=proof.locator,
    )


def items_of(estimate: Estimate) -> list[EstimateItemOut]:
    """Give what an estimate is made of."""
    return [_item(item, told) for item, told in estimate.items]


def conversions_of(estimate: Estimate) -> list[ConversionOut]:
    """Give the exchange rates that an estimate rests on."""
    return [
        ConversionOut(
            of_amount=plain(made.of_amount),
            of_currency=made.of_currency,
            rate=plain(made.rate),
            rate_date=made.rate_date.isoformat(),
        )
        for made in estimate.conversions
    ]


_TARIFFS: WeakKeyDictionary[Views, list[tuple[View, Tariff]]] = WeakKeyDictionary()


def _tariff(views: Views, view: View) -> Tariff:
    """Give a view's tariff; those of the last few views are held."""
    held = _TARIFFS.setdefault(views, [])
    found = next((one for of, one in held if of is view), None)
    if found is None:
        with reading(views.engine) as session:
            stated = multipliers(session, By(view.as_of, view.ingest))
        found = tariff(view.by_model, view.by_series, view.identity, stated)
        held[:] = [*held[-(TARIFFS_HELD - 1) :], (view, found)]
    return found


def workload_of(asked: Use) -> Workload:
    """Read a month of use; raise a problem for one that cannot be."""
    try:
        return Workload(
            requests=asked.requests,
            input_tokens=asked.input_tokens,
            output_tokens=asked.output_tokens,
            cached_share=asked.cached_share,
            written_share=asked.written_share,
            written_1h_share=asked.written_1h_share,
            batch_share=asked.batch_share,
            reasoning_tokens=asked.reasoning_tokens,
            images=asked.images,
            input_images=asked.input_images,
            searches=asked.searches,
            tier=asked.tier,
            region=asked.region,
        )
    except WorkloadError as error:
        raise refuse_parameter(error.part, str(error)) from None


def reckoned(
    views: Views, look: Look, asked: Use, listings: Iterable[Listing] | None = None
) -> Callable[[Workload], tuple[Estimate, ...]]:
    """Give what reckons a workload on the models and at the sellers that are asked for."""
    told, sellers = _told(look, asked.currency), _sellers(look, asked.provider)
    on = tuple(listings_named(look, asked.models) if listings is None else listings)
    prices = _tariff(views, look.view)

    def reckon(workload: Workload) -> tuple[Estimate, ...]:
        return estimates(Reckoner(prices, workload, look.as_of, told), on, sellers)

    return reckon


def _told(look: Look, currency: str) -> Told:
    told = Told(currency, look.view.rates, look.as_of.date())
    known = told.rates.currencies(told.day)
    if currency not in {CURRENCY, *known}:
        detail = f"no reference rate of {currency} on or before {told.day}; there are rates of "
        raise refuse_parameter("currency", detail + ", ".join(known))
    return told


def listings_named(look: Look, names: str | None) -> Sequence[Listing]:
    """Give the models named, or all; raise a problem for one that is not known."""
    weighed = look.question(Mix(), HALF)
    if names is None:
        return look.view.rank(weighed)
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    found = {name: look.view.identity.resolve(name) for name in wanted}
    unknown = [name for name, match in found.items() if match is None]
    if unknown or not wanted:
        alike = [m.id for name in unknown for m in look.view.identity.candidates(name)]
        named = ", ".join(unknown) or "none is named"
        raise not_found(f"models: no known model: {named}; estimate known ones", alike)
    models = {match.model.id: match.model for match in found.values() if match}
    return [look.listing(model, weighed) for model in models.values()]


def _sellers(look: Look, named: str | None) -> Sellers:
    if named is None:
        return Sellers()
    wanted = [name.strip().lower() for name in named.split(",") if name.strip()]
    if wanted == [EVERYONE]:
        return Sellers(everyone=True)
    selling = {one.provider for one in look.view.providers()}
    unknown = [name for name in wanted if name not in selling]
    if unknown or not wanted:
        detail = f"{', '.join(unknown) or 'nobody'} sells nothing here; /providers lists who does"
        raise refuse_parameter("provider", detail)
    return Sellers(tuple(wanted))
