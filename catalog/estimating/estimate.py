"""Estimates: what a workload costs on a model at one of its sellers, or why that is not known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from catalog.cost import Cost, Counted, Line, charge
from catalog.cost.book import Offer, Sold
from catalog.cost.pricing import EXACT, in_units
from catalog.cost.rates import ATTO_PER_PICO, Rate
from catalog.current.listings import Listing
from catalog.estimating.bills import Bill, Item
from catalog.estimating.tariff import Tariff
from catalog.estimating.workload import Workload
from catalog.exchange import Conversion, Rates
from catalog.identity.own_offers import own_offers
from catalog.money import to_pico
from catalog.vocabulary import Meter

PICO = Decimal("1E-12")
SEARCH_TOOLS = {
    "anthropic": "anthropic/web-search",
    "google": "google/google-search",
    "mistral": "mistral/web-search",
    "openai": "openai/web-search",
    "openrouter": "openrouter/web-search",
    "xai": "xai/web-search",
    "zai": "zai/web-search",
}
"""The tool that a seller's models search the web with, where the model has no price of it."""


@dataclass(frozen=True)
class Sellers:
    """At whose offers to reckon."""

    named: tuple[str, ...] = ()
    """At these, where they sell the model; none: at the maker's own."""
    everyone: bool = False
    """At everyone's, instead."""


@dataclass(frozen=True)
class Told:
    """The currency that totals are told in, and the day whose rates count."""

    currency: str
    rates: Rates
    day: date

    def amount(self, amount: Decimal | None, currency: str | None) -> Decimal | None:
        """Tell an amount, rounded to 12 places; None where it is not known or has no rate."""
        if amount is None or currency is None:
            return None
        if currency == self.currency:
            return amount.quantize(PICO, context=EXACT)
        made = self.converted(amount, currency)
        return made.amount if made else None

    def converted(self, amount: Decimal, currency: str) -> Conversion | None:
        """Convert an amount; None where there is no rate."""
        return self.rates.convert(amount, currency, to=self.currency, at=self.day)


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a workload costs on one model at one seller."""

    listing: Listing
    seller: str
    workload: Workload
    bills: tuple[Bill, ...]
    told: Told
    tariff: Tariff
    total: Decimal | None
    """What a month costs, in the currency told, to 12 places; None where it is not known."""
    misfit: str = ""
    """Why the workload cannot run on it, whatever it costs."""

    @property
    def id(self) -> str:
        """What tells it apart, readable."""
        return f"{self.listing.model.id} {self.seller}"

    @property
    def per_request(self) -> Decimal | None:
        """What one request costs on average."""
        if self.total is None:
            return None
        return EXACT.divide(self.total, self.workload.requests).quantize(PICO)

    @property
    def reason(self) -> str | None:
        """Why there is no total, where there is none."""
        if self.total is not None:
            return None
        unpriced = (f"{bill.tier}: {why}" for bill in self.bills for why in bill.reasons)
        unrated = (self._no_rate(bill.currency) for bill in self.bills if bill.atto is not None)
        return self.misfit or "; ".join(dict.fromkeys(filter(None, (*unpriced, *unrated))))

    @cached_property
    def items(self) -> tuple[tuple[Item, Decimal | None], ...]:
        """Give what it is made of, each with its amount in the currency told."""
        return tuple(
            (item, self.told.amount(item.amount, item.currency))
            for bill in self.bills
            for item in bill.items()
        )

    @property
    def conversions(self) -> tuple[Conversion, ...]:
        """How one unit of each other currency was converted."""
        others = {bill.currency for bill in self.bills} - {None, self.told.currency}
        made = (
            self.told.converted(Decimal(1), currency) for currency in sorted(filter(None, others))
        )
        return tuple(filter(None, made))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know of the prices it rests on; each once."""
        told = (w for bill in self.bills for w in (*bill.cost.warnings, *bill.warnings))
        return tuple(dict.fromkeys((*told, *self._of_prices())))

    def _of_prices(self) -> Iterator[str]:
        if self.total is not None and not self.total:
            yield "its price is zero; whether so many requests are served for it is not known"
        for series in dict.fromkeys(item.rate.series for item, _ in self.items if item.rate):
            price = self.tariff.by_series[series]
            if price.window:
                yield f"{price.meter}: it goes by the hour; reckoned is the dearest: {price.window}"
            if price.valid_to:
                yield f"{price.meter}: this price holds until {price.valid_to.date()}"

    def _no_rate(self, currency: str | None) -> str:
        if currency is None or self.told.amount(Decimal(1), currency) is not None:
            return ""
        return f"no exchange rate from {currency} to {self.told.currency} by {self.told.day}"


@dataclass(frozen=True)
class Reckoner:
    """Reckons one workload at one moment, on any model."""

    tariff: Tariff
    workload: Workload
    at: datetime
    told: Told

    def estimate(self, listing: Listing, seller: str | None) -> Estimate:
        """Reckon on a model at a seller; None is its maker."""
        sold = self.tariff.book.sold(listing.model.id, seller, self.at)
        name = sold.provider or listing.model.maker
        unsold = "" if self._pieces_used else self.tariff.unsold(sold, seller is None)
        misfit = unsold or _misfit(listing, name, self.workload, self.at)
        bills = () if misfit else tuple(self._bill(sold, *part) for part in self._parts)
        total = None if misfit else _total(bills, self.told)
        return Estimate(listing, name, self.workload, bills, self.told, self.tariff, total, misfit)

    @cached_property
    def _pieces_used(self) -> bool:
        return bool(self.workload.pieces)

    @cached_property
    def _parts(self) -> tuple[tuple[str, int, Counted], ...]:
        parts = self.workload.parts()
        return tuple((tier, number, self.workload.counted(number)) for tier, number in parts)

    def _bill(self, sold: Sold, tier: str, requests: int, counted: Counted) -> Bill:
        offer = self.tariff.offer(sold, tier, self.workload.region)
        if self.workload.searches:
            counted = _searching(counted, offer, round(self.workload.searches * requests))
        cost = charge(self.tariff.book, offer, counted, self.at)
        if not self._pieces_used:
            return Bill(tier, requests, cost)
        pieces = tuple(self._pieces(cost, requests))
        lines, told = tuple(line for line, _ in pieces), tuple(w for _, w in pieces if w)
        return Bill(tier, requests, cost, lines, told)

    def _pieces(self, cost: Cost, requests: int) -> Iterator[tuple[Line, str]]:
        """Give the lines of what is priced by the image, each with a warning or none."""
        for meter, number in self.workload.pieces.items():
            found = self.tariff.pieces(cost.offer, meter)
            same = [one for one in found if one.currency == (cost.currency or one.currency)]
            yield _piece(meter, round(number * requests), same), _which(meter, same)


def _searching(counted: Counted, offer: Offer, calls: int) -> Counted:
    """Count searches on the model where it has a price of them, else on its seller's tool."""
    own = any(Meter.SEARCHES in sheet.slots for sheet in offer.sheets)
    tool = "" if own else SEARCH_TOOLS.get(offer.sold.provider or "", "")
    if tool:
        return counted._replace(tools={tool: calls})
    return counted._replace(amounts={**counted.amounts, Meter.SEARCHES: calls})


def _total(bills: Iterable[Bill], told: Told) -> Decimal | None:
    total = Decimal(0)
    for bill in bills:
        amount = told.amount(in_units(bill.atto), bill.currency)
        if amount is None:
            return None
        total += amount
    return total


def _piece(meter: Meter, quantity: int, found: Sequence[Rate]) -> Line:
    if not found or found[0].amount is None:
        reason = f"no price of one of {meter} is stated; where they are tokens, count those"
        return Line(meter, quantity, reason=reason)
    return Line(meter, quantity, to_pico(found[0].amount) * ATTO_PER_PICO * quantity, found[0])


def _which(meter: Meter, found: Sequence[Rate]) -> str:
    if len({one.amount for one in found}) <= 1:
        return ""
    dearest = found[0].variant or "the plain one"
    return f"{meter}: which of {len(found)} prices holds is not told; the dearest: {dearest}"


def _misfit(listing: Listing, seller: str, workload: Workload, at: datetime) -> str:
    """Say why a workload cannot run on a model, where it cannot."""
    whole = workload.whole_input + workload.whole_output
    if listing.context is not None and whole > listing.context:
        return f"a request of {whole} tokens does not fit its context of {listing.context}"
    if listing.max_output is not None and workload.whole_output > listing.max_output:
        return f"its longest answer is of {listing.max_output} tokens"
    own = {offer.provider for offer in own_offers(listing.model.maker)}
    if seller in own and listing.retired is not None and listing.retired <= at:
        return f"its maker sells it no more since {listing.retired.date()}"
    return ""


def estimates(
    reckoner: Reckoner, listings: Iterable[Listing], sellers: Sellers
) -> tuple[Estimate, ...]:
    """Reckon a workload on models at the sellers asked for, in the order of the models."""
    return tuple(
        reckoner.estimate(listing, seller)
        for listing in listings
        for seller in _sellers(reckoner.tariff, listing, sellers)
    )


def _sellers(tariff: Tariff, listing: Listing, asked: Sellers) -> Sequence[str | None]:
    if asked.everyone:
        return tariff.sellers(listing.model.id) or (None,)
    if asked.named:
        selling = tariff.sellers(listing.model.id)
        return [seller for seller in asked.named if seller in selling]
    return (None,)
