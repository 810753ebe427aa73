"""The reference price of a model: its maker's own word on standard use, in USD per 1M tokens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from catalog.exchange import Conversion, Rates
from catalog.identity import Model
from catalog.identity.own_offers import OwnOffer, own_offers
from catalog.ranking.exact import CURRENCY
from catalog.vocabulary import Meter, Unit

STANDARD = "standard"
REFERENCE_METERS = (Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS, Meter.CACHE_READ_TOKENS)
MODES = (
    ("thinking", "the answer after reasoning"),
    ("non-thinking", "the answer without reasoning"),
    ("output > 200 tokens", "an answer longer than 200 tokens"),
    ("output <= 200 tokens", "a short answer"),
)
"""Variants that are a mode of the same model: where a maker states no price of a meter without a
variant, the dearest of its modes is the reference. Reasoning efforts at one price are no variants
of a price at all."""
_MODES = frozenset(name for name, _ in MODES)


@dataclass(frozen=True)
class Quote:
    """A price that holds, in normal form, as ranking needs it."""

    series: str
    provider: str
    official: bool
    """The word of a source that counts: official ones, unless another is asked for by name."""
    tier: str
    region: str
    context_over: int
    variant: str
    window: str
    meter: str
    unit: str
    currency: str
    amount: Decimal | None
    """None where the series has ended, or its price is on request."""


@dataclass(frozen=True)
class ReferenceAmount:
    """One amount of a reference price, in USD per 1M tokens, and the price it is taken from."""

    amount: Decimal
    quote: Quote
    conversion: Conversion | None = None
    """How it was converted, where the quote is in another currency."""


@dataclass(frozen=True)
class Reference:
    """The maker's own standard price of a model; and why it is not whole, where it is not."""

    amounts: Mapping[Meter, ReferenceAmount]
    reason: str | None = None

    def amount(self, meter: Meter) -> Decimal | None:
        """Give the USD amount for a meter, per 1M tokens."""
        found = self.amounts.get(meter)
        return found.amount if found else None

    def stated(self, meter: Meter) -> Decimal | None:
        """Give the amount for a meter in the currency it is stated in."""
        found = self.amounts.get(meter)
        return found.quote.amount if found else None

    @property
    def currency(self) -> str | None:
        """The currency that all its amounts are stated in; None where they are several."""
        currencies = {one.quote.currency for one in self.amounts.values()}
        return currencies.pop() if len(currencies) == 1 else None


@dataclass(frozen=True)
class Terms:
    """Of which tier, meters and unit a reference price is asked."""

    tier: str = STANDARD
    meters: tuple[Meter, ...] = REFERENCE_METERS
    unit: Unit = Unit.MILLION_TOKENS


USUAL = Terms()


def reference_price(
    model: Model, quotes: Iterable[Quote], rates: Rates, day: date, terms: Terms = USUAL
) -> Reference:
    """Take the maker's own official offer: standard, no conditions, the dearest window, in USD.

    Of other terms it is the same price on these.
    Of several own offers the first that prices input and output counts, else the first that
    prices anything.
    """
    stated = [quote for quote in quotes if quote.official and quote.amount is not None]
    offers = [
        (offer, own)
        for offer in own_offers(model.maker)
        if (own := [quote for quote in stated if quote.provider == offer.provider])
    ]
    found = [_of_offer(model, offer, own, rates, day, terms) for offer, own in offers]
    best = min(found, key=lambda one: (one.reason is not None, not one.amounts), default=None)
    return best or _sold_by_others(stated)


def _is_plain(quote: Quote, terms: Terms) -> bool:
    """Whether a price is of a tier and unit, without a condition other than a mode."""
    unconditional = not quote.context_over and (not quote.variant or quote.variant in _MODES)
    return quote.tier == terms.tier and unconditional and quote.unit == terms.unit


def _sold_by_others(stated: Sequence[Quote]) -> Reference:
    others = ", ".join(sorted({quote.provider for quote in stated}))
    sold = f"; sold by {others}" if others else ""
    return Reference(MappingProxyType({}), f"its maker states no price of its own that holds{sold}")


def _of_offer(  # noqa: PLR0913, PLR0917 each of them decides which amounts count
    model: Model, offer: OwnOffer, own: Sequence[Quote], rates: Rates, day: date, terms: Terms
) -> Reference:
    quotes = [quote for quote in own if _is_plain(quote, terms)]
    quotes = _in_reference_region(quotes, model.home_region or offer.home_region)
    found = {meter: _dearest(quotes, meter, rates, day) for meter in terms.meters}
    amounts = {meter: amount for meter, amount in found.items() if amount}
    return Reference(MappingProxyType(amounts), _missing(own, quotes, amounts, day, terms))


def _in_reference_region(quotes: Sequence[Quote], home: str | None) -> list[Quote]:
    everywhere = [quote for quote in quotes if quote.region == "global"]
    return everywhere or [quote for quote in quotes if quote.region == home]


def _dearest(
    quotes: Iterable[Quote], meter: Meter, rates: Rates, day: date
) -> ReferenceAmount | None:
    """Take the dearest window's amount, without a mode if stated so, in USD, else converted."""
    metered = [quote for quote in quotes if quote.meter == meter]
    plain = [quote for quote in metered if not quote.variant] or metered
    stated = [quote for quote in plain if quote.currency == CURRENCY]
    amounts = [_in_usd(quote, rates, day) for quote in stated or plain]
    return max(filter(None, amounts), key=lambda one: one.amount, default=None)


def _in_usd(quote: Quote, rates: Rates, day: date) -> ReferenceAmount | None:
    if quote.amount is None:
        return None
    if quote.currency == CURRENCY:
        return ReferenceAmount(quote.amount, quote)
    made = rates.convert(quote.amount, quote.currency, to=CURRENCY, at=day)
    return ReferenceAmount(made.amount, quote, made) if made else None


def _missing(
    own: Sequence[Quote],
    quotes: Sequence[Quote],
    amounts: Mapping[Meter, ReferenceAmount],
    day: date,
    terms: Terms,
) -> str | None:
    if not quotes:
        return _not_plain(own, terms)
    for meter in (Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS):
        if meter not in amounts:
            return _missing_meter(quotes, meter, day)
    if amounts[Meter.INPUT_TOKENS].amount and not amounts[Meter.OUTPUT_TOKENS].amount:
        return "its maker charges for input alone, as for embeddings: it sells no answers"
    return None


def _not_plain(own: Sequence[Quote], terms: Terms) -> str:
    """Say what the maker does state, where that is no price of tokens without conditions."""
    if not any(quote.unit == Unit.MILLION_TOKENS for quote in own):
        return f"its maker prices it by {_joined(quote.meter for quote in own)}, not by tokens"
    if any(_is_plain(quote, terms) for quote in own):
        regions = _joined(quote.region for quote in own)
        return f"its maker prices it by region ({regions}), and none is declared as its home"
    return f"its maker states no {terms.tier} price per {terms.unit} without conditions"


def _missing_meter(quotes: Sequence[Quote], meter: Meter, day: date) -> str:
    currencies = _joined(quote.currency for quote in quotes if quote.meter == meter)
    if currencies:
        return f"no exchange rate from {currencies} to {CURRENCY} on or before {day}"
    way = meter.partition("_")[0]
    apart = _joined(quote.meter for quote in quotes if quote.meter.startswith(f"{way}_"))
    if apart:
        return f"its maker prices {way} by kind ({apart}), and states no price of plain {meter}"
    return f"its maker states no standard price of {meter}"


def _joined(words: Iterable[str]) -> str:
    return ", ".join(sorted(set(words)))
