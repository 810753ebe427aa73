"""Which events a subscription asks for: a declared table of conditions, all of which must hold."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from catalog.identity import Identity
from catalog.money import LARGEST_PICO, from_pico
from catalog.subscribing.notices import Notice
from catalog.vocabulary import EventType, Meter, SourceKind, Unit

MOST_NAMED = 200
HUNDRED = Decimal(100)
Name = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
Names = Annotated[tuple[Name, ...], Field(max_length=MOST_NAMED)]
Exact = Annotated[Decimal, Field(ge=0, le=from_pico(LARGEST_PICO), decimal_places=12)]


class Bound(BaseModel):
    """A price that another is to lie under."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    amount: Annotated[Exact, Field(examples=["1.5"])]
    """Of the currency per unit."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", max_length=3)] = "USD"
    """ISO 4217. A price in another one is not under the bound."""
    unit: Unit = Unit.MILLION_TOKENS
    """A price for another unit is not under the bound."""


class Wanted(BaseModel):
    """What a subscription asks for: every condition that is named must hold; none asks for all.

    An event that lacks what a condition is about does not meet it: a deprecation has no direction.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    providers: Names = ()
    """Who sells it: any of these."""
    models: Names = ()
    """Models, by their ids: any of these."""
    makers: Names = ()
    """Who makes the model: any of these."""
    tiers: Names = ()
    """The service tier: any of these, such as `standard` or `batch`."""
    meters: Annotated[tuple[Meter, ...], Field(max_length=MOST_NAMED)] = ()
    """What is counted: any of these."""
    types: Annotated[tuple[EventType, ...], Field(max_length=MOST_NAMED)] = ()
    """What happened: any of these."""
    direction: Literal["up", "down"] | None = None
    """Only prices that went this way."""
    minimum_percent: Annotated[Decimal, Field(gt=0, le=1_000_000, examples=["5"])] | None = None
    """Only prices that moved by at least so many percent of the old one; from zero, any move."""
    all_time_low: bool = False
    """Only prices that are lower than ever before."""
    price_under: Bound | None = None
    """Only new prices under a bound."""
    official_only: bool = False
    """Only what who sells it says itself."""


class UnknownNameError(ValueError):
    """A filter names what no event will ever be of."""

    def __init__(self, condition: str, name: str, candidates: tuple[str, ...] = ()) -> None:
        """Say which condition, what it names, and which known names look alike."""
        hint = f"; did you mean {', '.join(candidates)}?" if candidates else ""
        super().__init__(f"{condition}: nothing is known as {name}{hint}")
        self.candidates = candidates


@dataclass(frozen=True)
class Condition:
    """One condition: its name in the filter, what it asks, and how an event is held to it."""

    name: str
    asks: str
    holds: Callable[[Wanted, Notice], bool]


def percent(notice: Notice) -> Decimal | None:
    """Give by how many percent a price moved, to four places; None without two, or from zero."""
    old, new = notice.event.old, notice.event.new
    if not old or new is None:
        return None
    return round((new - old) / old * HUNDRED, 4)


def _provider(wanted: Wanted, notice: Notice) -> bool:
    return not wanted.providers or notice.event.provider in wanted.providers


def _model(wanted: Wanted, notice: Notice) -> bool:
    return not wanted.models or notice.event.model in wanted.models


def _maker(wanted: Wanted, notice: Notice) -> bool:
    maker = (notice.event.model or "").partition("/")[0]
    return not wanted.makers or maker in wanted.makers


def _tier(wanted: Wanted, notice: Notice) -> bool:
    return not wanted.tiers or (notice.place is not None and notice.place.tier in wanted.tiers)


def _meter(wanted: Wanted, notice: Notice) -> bool:
    return not wanted.meters or notice.event.meter in wanted.meters


def _type(wanted: Wanted, notice: Notice) -> bool:
    return not wanted.types or notice.event.type in wanted.types


def _direction(wanted: Wanted, notice: Notice) -> bool:
    return wanted.direction is None or notice.event.direction == wanted.direction


def _moved(wanted: Wanted, notice: Notice) -> bool:
    if wanted.minimum_percent is None:
        return True
    old, new = notice.event.old, notice.event.new
    if old is None or new is None:
        return False
    return old != new if old == 0 else abs(new - old) * HUNDRED >= wanted.minimum_percent * old


def _low(wanted: Wanted, notice: Notice) -> bool:
    return not wanted.all_time_low or notice.event.all_time_low


def _under(wanted: Wanted, notice: Notice) -> bool:
    bound, event = wanted.price_under, notice.event
    if bound is None:
        return True
    comparable = (event.currency, event.unit) == (bound.currency, bound.unit)
    return comparable and event.new is not None and event.new < bound.amount


def _official(wanted: Wanted, notice: Notice) -> bool:
    return not wanted.official_only or notice.kind is SourceKind.OFFICIAL


CONDITIONS = (
    Condition("providers", "who sells it is one of these", _provider),
    Condition("models", "the model is one of these", _model),
    Condition("makers", "the model's maker is one of these", _maker),
    Condition("tiers", "the service tier of the price or offer is one of these", _tier),
    Condition("meters", "what is counted is one of these", _meter),
    Condition("types", "the event's type is one of these", _type),
    Condition("direction", "the price went `up`, or `down`", _direction),
    Condition(
        "minimum_percent",
        "the price moved by at least so many percent of the old one; from zero, any move does",
        _moved,
    ),
    Condition("all_time_low", "the price is lower than it ever was", _low),
    Condition(
        "price_under",
        "the new price is under an amount, of a currency (USD) per unit (1M tokens)",
        _under,
    ),
    Condition("official_only", "the source is who sells the inference itself", _official),
)


def matches(wanted: Wanted, notice: Notice) -> bool:
    """Whether a subscription asks for an event: all its conditions hold."""
    return all(condition.holds(wanted, notice) for condition in CONDITIONS)


def check_names(wanted: Wanted, identity: Identity) -> None:
    """Raise UnknownNameError where a filter names a model, maker or provider that is not known."""
    makers = {model.maker for model in identity.models.values()}
    for model in wanted.models:
        if model not in identity.models:
            alike = tuple(one.id for one in identity.candidates(model))
            raise UnknownNameError("models", model, alike)
    for condition, names, known in (
        ("makers", wanted.makers, makers),
        ("providers", wanted.providers, identity.providers.keys()),
    ):
        for name in names:
            if name not in known:
                raise UnknownNameError(condition, name)
