"""A tariff: the prices that hold at a moment, ready to reckon a month of use with."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache

from catalog.cost import Book
from catalog.cost.book import GLOBAL, Offer, Sold
from catalog.cost.rates import Rate
from catalog.cost.rules import Multiplier
from catalog.cost.stored import rates
from catalog.identity import Identity
from catalog.past.history import Price
from catalog.vocabulary import Meter, SourceKind, Unit

SELLERS = frozenset({SourceKind.OFFICIAL, SourceKind.RESELLER})
"""Whose word of a price counts: who sells it. A catalog only says what others charge."""


OFFERS_HELD = 1 << 14
RATIONED = "free"
"""The variant that gateways give away, so many requests a day."""


@dataclass(frozen=True, eq=False)
class Tariff:
    """The prices of one moment."""

    book: Book
    prices: Mapping[str, Sequence[Price]]
    """Of each model, by its id."""
    by_series: Mapping[str, Price]

    @cached_property
    def official(self) -> frozenset[tuple[str, str]]:
        """The models with who sells each by a word of their own: a model and a provider."""
        return frozenset(
            (model, price.provider)
            for model, some in self.prices.items()
            for price in some
            if price.kind is SourceKind.OFFICIAL and price.amount is not None
        )

    def sellers(self, model: str) -> tuple[str, ...]:
        """Give who sells a model, by their own word."""
        return tuple(sorted({price.provider for price in _sold(self.prices.get(model, ()))}))

    @cached_property
    def offer(self) -> Callable[[Sold, str, str], Offer]:
        """Give an offer by any word for its tier and region; the last ones asked for are held."""
        return lru_cache(maxsize=OFFERS_HELD)(self.book.offer)

    @cached_property
    def unsold(self) -> Callable[[Sold, bool], str]:
        """Say why there is no offer, if so; a maker's own counts by its own word alone."""
        return lru_cache(maxsize=OFFERS_HELD)(self._unsold)

    def _unsold(self, sold: Sold, own: bool) -> str:  # noqa: FBT001 it is a key of what is held
        if not own or sold.reason or (sold.model, sold.provider) in self.official:
            return sold.reason
        others = ", ".join(self.sellers(sold.model or ""))
        return f"its maker states no price of its own; name one of its providers: {others}"

    def pieces(self, offer: Offer, meter: Meter) -> list[Rate]:
        """Give an offer's prices of one image, the dearest first."""
        what = (offer.sold.provider, offer.tier, offer.region or GLOBAL, meter, Unit.IMAGE)
        found = [
            price
            for price in _sold(self.prices.get(offer.sold.model or "", ()))
            if (price.provider, price.tier, price.region, price.meter, price.unit) == what
        ]
        return sorted(rates(found), key=_amount, reverse=True)


def tariff(
    prices: Mapping[str, Sequence[Price]],
    by_series: Mapping[str, Price],
    identity: Identity,
    multipliers: tuple[Multiplier, ...] = (),
) -> Tariff:
    """Make a tariff of the prices of each model; each is compiled when it is first asked for.

    A month has all hours: where a price goes by the hour, the dearest counts.
    """

    def rates_of(model: str) -> list[Rate]:
        return list(_at_the_dearest_hour(rates(_sold(prices.get(model, ())))))

    return Tariff(Book(rates_of, identity, multipliers), prices, by_series)


def _sold(prices: Iterable[Price]) -> list[Price]:
    """Leave out what is free by the seller's grace: it is rationed, and no month runs on it."""
    return [
        price
        for price in prices
        if price.kind in SELLERS and price.amount is not None and price.variant != RATIONED
    ]


def _at_the_dearest_hour(some: Iterable[Rate]) -> Iterator[Rate]:
    dearest: dict[tuple[object, ...], Rate] = {}
    for rate in some:
        what = (
            rate.source,
            rate.provider,
            rate.tier,
            rate.region,
            rate.context_over,
            rate.variant,
            rate.meter,
            rate.unit,
            rate.currency,
        )
        if what not in dearest or _amount(rate) > _amount(dearest[what]):
            dearest[what] = rate
    for rate in dearest.values():
        yield replace(rate, window="") if rate.window else rate


def _amount(rate: Rate) -> Decimal:
    return rate.amount or Decimal(0)
