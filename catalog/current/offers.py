"""Offers: one model as one provider sells it, by service tier and region, as one source says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from types import MappingProxyType

from catalog.past.history import Price
from catalog.vocabulary import Meter, SourceKind, Unit

SHOWN = (
    Meter.INPUT_TOKENS,
    Meter.OUTPUT_TOKENS,
    Meter.CACHE_READ_TOKENS,
    Meter.CACHE_WRITE_TOKENS,
    Meter.CACHE_WRITE_1H_TOKENS,
)
"""The meters of which an offer shows its plain price."""


@dataclass(frozen=True)
class Offer:
    """One model as one provider sells it in one tier, region and currency."""

    model: str
    provider: str
    tier: str
    region: str
    currency: str
    source: str
    kind: SourceKind
    amounts: Mapping[Meter, Decimal]
    """Per 1M tokens, without a threshold or variant, in the dearest window."""
    prices: int
    """How many prices it has, those with conditions too."""
    changed: datetime
    """From when on the youngest of its prices holds."""
    confirmed_at: datetime | None
    """The oldest last sighting among its prices; None: none was seen again."""

    @property
    def id(self) -> str:
        """What tells it apart, readable."""
        parts = (self.model, self.provider, self.tier, self.region, self.currency, self.source)
        return " ".join(parts)


def offers(prices: Iterable[Price]) -> tuple[Offer, ...]:
    """Gather prices of known models into offers, in the order of what tells them apart."""
    known = sorted((price for price in prices if price.model), key=_what)
    return tuple(_offer(list(some)) for _, some in groupby(known, key=_what))


def _what(price: Price) -> tuple[str, ...]:
    model = price.model or ""
    return (model, price.provider, price.tier, price.region, price.currency, price.source)


def _offer(prices: list[Price]) -> Offer:
    first = prices[0]
    confirmed = [price.confirmed_at for price in prices if price.confirmed_at]
    return Offer(
        model=first.model or "",
        provider=first.provider,
        tier=first.tier,
        region=first.region,
        currency=first.currency,
        source=first.source,
        kind=first.kind,
        amounts=_amounts(prices),
        prices=len(prices),
        changed=max(price.valid_from for price in prices),
        confirmed_at=min(confirmed, default=None),
    )


def _amounts(prices: Iterable[Price]) -> Mapping[Meter, Decimal]:
    dearest: dict[Meter, Decimal] = {}
    for price in prices:
        if price.amount is not None and _is_plain(price):
            dearest[price.meter] = max(price.amount, dearest.get(price.meter, price.amount))
    return MappingProxyType({meter: dearest[meter] for meter in SHOWN if meter in dearest})


def _is_plain(price: Price) -> bool:
    unconditional = not price.context_over and not price.variant
    return unconditional and price.unit is Unit.MILLION_TOKENS
