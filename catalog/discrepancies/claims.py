"""Claims: what a maker states of its own standard offer, and what others state of the same."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from catalog.cost.book import GLOBAL, STANDARD
from catalog.identity import Model
from catalog.identity.own_offers import own_offers
from catalog.past.history import Price
from catalog.ranking import MODES
from catalog.vocabulary import Meter, SourceKind

OTHERS = frozenset({SourceKind.CATALOG, SourceKind.RESELLER})
MILLION = 10**6
_MODES = frozenset(name for name, _ in MODES)


@dataclass(frozen=True)
class Named:
    """Whose own offer a list means by a provider's name."""

    provider: str
    region: str | None
    """The region it means; None: wherever the maker's price is global, else its home."""
    why: str


@dataclass(frozen=True)
class Official:
    """A maker's own standard price of one meter, and every amount it states for plain use."""

    price: Price
    """The dearest."""
    amounts: frozenset[Decimal]
    """By the hour or the mode it may differ: all of them are the maker's word."""


@cache
def named() -> Mapping[str, Named]:
    """Read the table of names, once."""
    text = files("catalog.discrepancies").joinpath("named.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", strict=True)
    return MappingProxyType(
        {row["printed"]: Named(row["provider"], row["region"] or None, row["why"]) for row in rows}
    )


def own_prices(model: Model, prices: Iterable[Price]) -> tuple[Price, ...]:
    """Give all that a maker states of its own offers, in every tier, region and condition."""
    providers = {offer.provider for offer in own_offers(model.maker)}
    return tuple(
        price
        for price in prices
        if price.kind is SourceKind.OFFICIAL
        and price.provider in providers
        and price.amount is not None
    )


def is_plain(price: Price) -> bool:
    """Tell whether a price is of standard use without conditions."""
    unconditional = not price.context_over and (not price.variant or price.variant in _MODES)
    return price.tier == STANDARD and unconditional


def official(
    model: Model, own: Iterable[Price], claim: Price, meaning: Named | None
) -> Official | None:
    """Find the maker's price that a claim is about; None where it states none to compare with."""
    alike = [
        price
        for price in own
        if is_plain(price) and (price.meter, price.unit) == (claim.meter, claim.unit)
    ]
    alike = _of_provider(model, alike, meaning)
    alike = _in_region(model, alike, claim, meaning)
    unconditional = [price for price in alike if not price.variant] or alike
    same = [price for price in unconditional if price.currency == claim.currency]
    comparable = same or unconditional
    if not comparable:
        return None
    dearest = max(comparable, key=_amount)
    return Official(dearest, frozenset(_amount(price) for price in comparable))


def _of_provider(model: Model, prices: list[Price], meaning: Named | None) -> list[Price]:
    if meaning is not None:
        return [price for price in prices if price.provider == meaning.provider]
    for offer in own_offers(model.maker):
        found = [price for price in prices if price.provider == offer.provider]
        if found:
            return found
    return []


def _in_region(
    model: Model, prices: list[Price], claim: Price, meaning: Named | None
) -> list[Price]:
    if claim.region != GLOBAL:
        return [price for price in prices if price.region == claim.region]
    homes = {offer.home_region for offer in own_offers(model.maker)} | {model.home_region}
    wanted = [meaning.region] if meaning and meaning.region else [GLOBAL, *homes]
    by_region = ([price for price in prices if price.region == region] for region in wanted)
    return next(filter(None, by_region), [])


def claims(prices: Iterable[Price]) -> Iterator[tuple[Price, Named | None]]:
    """Give what others state of standard use: of makers' own offers, or a reseller of its own."""
    for price in prices:
        if price.kind not in OTHERS or price.amount is None or not _is_standard(price):
            continue
        meaning = named().get(price.provider)
        if meaning is not None:
            yield price, meaning
        elif price.kind is SourceKind.RESELLER and price.provider == price.source:
            yield price, None


def _is_standard(price: Price) -> bool:
    return (
        price.tier == STANDARD and not price.context_over and not price.variant and not price.window
    )


def states(price: Price, amount: Decimal) -> bool:
    """Tell whether a price is this amount, but for the noise of a float."""
    stated = _amount(price)
    return stated == amount or abs(stated - amount) * MILLION < amount


def _amount(price: Price) -> Decimal:
    return price.amount or Decimal(0)


def plain_amounts(prices: Iterable[Price]) -> Mapping[Meter, Decimal]:
    """Give the plain amount of each meter, the dearest where there are several."""
    dearest: dict[Meter, Decimal] = {}
    for price in prices:
        if is_plain(price):
            amount = _amount(price)
            dearest[price.meter] = max(amount, dearest.get(price.meter, amount))
    return MappingProxyType(dearest)
