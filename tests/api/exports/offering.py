"""Catalogs of a few prices, written down as a test needs them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from api.exports.material import Material
from catalog.current.look import View
from catalog.events.changes import Evidence
from catalog.past.history import Price
from catalog.past.price_paths import Step
from catalog.vocabulary import Meter, Precision, SourceKind, Unit

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
OPUS = "anthropic/claude-opus-4.7"
EVIDENCE = Evidence(
    "https://seller.example/prices",
    SINCE,
    None,
    "",
    "",
    archived=False,
    status=200,
    reader_version=1,
)


@dataclass(frozen=True)
class Stated:
    """A price in dollars per million tokens, unless columns say otherwise."""

    meter: Meter
    amount: str
    model: str = OPUS
    provider: str = "anthropic"
    label: str = ""
    tier: str = "standard"
    region: str = "global"
    over: int = 0
    window: str = ""
    variant: str = ""
    unit: Unit = Unit.MILLION_TOKENS
    currency: str = "USD"
    before: tuple[tuple[str, str], ...] = ()
    """Earlier steps: from which day on what held; the amount holds from the last one's end."""
    since: str = "2026-01-01"


def material_of(material: Material, stated: Iterable[Stated]) -> Material:
    """Give the same state of the catalog, with these prices and no others."""
    some = list(stated)
    prices = tuple(_price(place, one) for place, one in enumerate(some))
    steps = {price.series: _steps(one) for price, one in zip(prices, some, strict=True)}
    view: View = replace(material.view, prices=prices)
    return replace(material, view=view, steps=steps)


def chat(model: str = OPUS, provider: str = "anthropic", **columns: str) -> list[Stated]:
    """State 2 dollars for input and 10 for output."""
    return [
        Stated(meter, amount, model=model, provider=provider, label=columns.get("label", ""))
        for meter, amount in ((Meter.INPUT_TOKENS, "2"), (Meter.OUTPUT_TOKENS, "10"))
    ]


def _price(place: int, one: Stated) -> Price:
    return Price(
        series=f"{one.provider} {one.model} {place}",
        model=one.model,
        label=one.label or one.model,
        provider=one.provider,
        source=one.provider,
        kind=SourceKind.OFFICIAL,
        tier=one.tier,
        region=one.region,
        context_over=one.over,
        variant=one.variant,
        window=one.window,
        meter=one.meter,
        unit=one.unit,
        currency=one.currency,
        amount=Decimal(one.amount),
        reason="",
        list_amount=None,
        valid_from=_day(one.since),
        valid_to=None,
        precision=Precision.EXACT,
        not_before=None,
        confirmed_at=SINCE,
        recorded_at=SINCE,
        evidence=EVIDENCE,
    )


def _steps(one: Stated) -> tuple[Step, ...]:
    return tuple(
        Step(_day(day), Decimal(amount), Precision.EXACT, None)
        for day, amount in (*one.before, (one.since, one.amount))
    )


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
