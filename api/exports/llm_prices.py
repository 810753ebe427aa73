"""llm-prices' ``current-v1.json`` and ``historical-v1.json``: USD per 1M tokens, one price a model.

The page that reads it goes by the id alone, so an id stands once among all vendors.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from api.exports.ids import Dated, Listed, api_ids, dated_ids, listed_ids
from api.exports.ledger import Account, Exported, Loss
from api.exports.material import Material
from api.exports.offers import Offer, Rate, makers_offers, sheet, usual_offers, windowed
from api.exports.trees import Tree
from catalog.cost.book import STANDARD
from catalog.past.price_paths import Step
from catalog.vocabulary import Meter

TOOL = "llm-prices"
FIELDS = {
    Meter.INPUT_TOKENS: "input",
    Meter.OUTPUT_TOKENS: "output",
    Meter.CACHE_READ_TOKENS: "input_cached",
}
VENDORS: Mapping[str, str] = {"moonshot": "moonshot-ai", "bytedance": "bytedance"}
"""Makers that llm-prices calls otherwise."""
Entry = dict[str, Tree]


@dataclass(frozen=True)
class _Named:
    """An offer and the id that it has here."""

    id: str
    offer: Offer

    @property
    def vendor(self) -> str:
        maker = self.offer.model.maker
        return VENDORS.get(maker, maker)


def current(material: Material) -> Exported:
    """Give the prices that hold."""
    account = Account()
    rows: list[Tree] = []
    for named in _named(material, account):
        rates = sheet(named.offer)
        for meter, field in FIELDS.items():
            _book(rates.get(meter, {}).get(0), account, "prices", len(rows), field)
        cached = rates.get(Meter.CACHE_READ_TOKENS)
        rows.append(
            _row(
                named,
                rates[Meter.INPUT_TOKENS][0].amount,
                rates[Meter.OUTPUT_TOKENS][0].amount,
                cached[0].amount if cached and cached[0].price else None,
            )
        )
        _lose_others(named.offer, account)
    updated = material.view.as_of.date().isoformat()
    return Exported({"updated_at": updated, "prices": rows}, account)


def historical(material: Material) -> Exported:
    """Give every price that held on a day, from its first day till the day it no longer held."""
    account = Account()
    rows: list[Tree] = []
    for named in _named(material, account):
        rates = sheet(named.offer)
        courses = {
            meter: material.steps.get(price.series, ())
            for meter in FIELDS
            if meter in rates and (price := rates[meter][0].price)
        }
        spans = list(_spans(courses))
        holding = _holding(spans, material.view.as_of.date())
        for place, (start, end, amounts) in enumerate(reversed(spans)):
            if len(spans) - 1 - place == holding:
                for meter in courses:
                    rate = rates[meter][0]
                    _book(rate, account, "prices", len(rows), FIELDS[meter])
            row = _row(
                named,
                amounts[Meter.INPUT_TOKENS],
                amounts[Meter.OUTPUT_TOKENS],
                amounts.get(Meter.CACHE_READ_TOKENS),
            )
            until = end.isoformat() if end else None
            rows.append(row | {"from_date": start.isoformat(), "to_date": until})
        _lose_others(named.offer, account)
    return Exported({"prices": rows}, account)


Span = tuple[date, date | None, Mapping[Meter, Decimal]]
Courses = Mapping[Meter, Sequence[Step]]


def _spans(steps: Courses) -> Iterator[Span]:
    """Give the days between changes, with what held; days without input or output are left out."""
    days = sorted({one.since.date() for some in steps.values() for one in some})
    ends: list[date | None] = [*days[1:], None]
    last: Span | None = None
    for start, end in zip(days, ends, strict=True):
        amounts = dict(_held(steps, start))
        if last and last[2] == amounts and last[1] == start:
            last = (last[0], end, amounts)
            continue
        if last:
            yield last
        whole = Meter.INPUT_TOKENS in amounts and Meter.OUTPUT_TOKENS in amounts
        last = (start, end, amounts) if whole else None
    if last:
        yield last


def _held(steps: Courses, day: date) -> Iterator[tuple[Meter, Decimal]]:
    """Give what held when a day ended."""
    for meter, some in steps.items():
        begun = [one for one in some if one.since.date() <= day]
        if begun and begun[-1].amount is not None:
            yield meter, begun[-1].amount


def _holding(spans: list[Span], day: date) -> int:
    """Give the place of the span that a day lies in."""
    return max((place for place, one in enumerate(spans) if one[0] <= day), default=0)


def _row(named: _Named, given: Decimal, made: Decimal, cached: Decimal | None) -> Entry:
    return {
        "id": named.id,
        "vendor": named.vendor,
        "name": named.offer.model.name,
        "input": given,
        "output": made,
        "input_cached": cached,
    }


def _named(material: Material, account: Account) -> list[_Named]:
    """Give the makers' offers under an id each, by vendor and id."""
    identity = material.view.identity
    listed = listed_ids(identity, TOOL, material.listing(TOOL))
    dated = dated_ids(identity)
    found: dict[str, _Named] = {}
    for offer in makers_offers(usual_offers(material.view.prices, identity, account), account):
        name = _id(offer, listed, dated)
        if name is None:
            account.lose(offer.prices, Loss.NO_ID)
        elif name in found:
            account.lose(offer.prices, Loss.TWICE)
        else:
            found[name] = _Named(name, offer)
    return sorted(found.values(), key=lambda one: (one.vendor, one.id))


def _id(offer: Offer, listed: Listed, dated: Dated) -> str | None:
    vendor = VENDORS.get(offer.model.maker, offer.model.maker)
    known = listed.get((vendor, offer.model.id), ())
    shortest = sorted(known, key=lambda one: (len(one), one))
    return next(iter((*shortest, *api_ids(offer, dated))), None)


def _book(rate: Rate | None, account: Account, *place: str | int) -> None:
    if rate is not None and rate.price is not None:
        account.carry(rate.price, *place)


def _lose_others(offer: Offer, account: Account) -> None:
    account.lose((one for one in offer.prices if one.tier != STANDARD), Loss.TIER)
    account.lose(windowed(offer), Loss.WINDOW)
    account.lose((one for one in offer.prices if one.context_over), Loss.THRESHOLD)
    account.lose(offer.prices, Loss.METER)
