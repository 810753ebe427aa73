"""What each generation of a line of models cost from its release on, and the step to the next.

Pure. Prices in one currency are compared in it, so that exchange rates make no step.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from catalog.current.facts import FactSeen
from catalog.current.traits import released_on
from catalog.exchange import Rates
from catalog.identity import Model
from catalog.moments import at_midnight
from catalog.past.price_paths import Path
from catalog.ranking.exact import CONTEXT, CURRENCY
from catalog.ranking.reference import Reference, reference_price
from catalog.ranking.worth import Mix, blended
from catalog.trends.lines import age_of
from catalog.vocabulary import Meter

STEP = Decimal("0.0001")


@dataclass(frozen=True)
class Amounts:
    """A price per 1M tokens, in one currency."""

    input: Decimal
    output: Decimal
    blended: Decimal
    """At 3:1."""


@dataclass(frozen=True)
class Priced:
    """What a model cost from a moment on, by its maker's own reference price."""

    since: datetime
    usd: Amounts
    """By the rate of that day, where it is stated in another currency."""
    currency: str
    stated: Amounts
    """In the currency it is stated in."""


@dataclass(frozen=True)
class Change:
    """New price / old price - 1, in the currency both are stated in, else in USD."""

    input: Decimal | None
    """None: the old one was zero."""
    output: Decimal | None
    blended: Decimal | None


@dataclass(frozen=True)
class Generation:
    """One model of a line, when it came, and what it cost since."""

    model: Model
    released: date | None
    """None: nobody states a day, and its version says where it stands."""
    prices: tuple[Priced, ...]
    """In order of time; the first is its price at first sight, which may lie after the release."""
    retired: datetime | None
    before: str | None
    """The generation before it that has a price."""
    step: Change | None
    """From that one's price to its own, at the first moment at which both are known."""
    since_first: Change | None
    """From the first price of the line's first generation that has one to its own first."""


@dataclass(frozen=True)
class Line:
    """The generations of a line, in order of release, and of version where none is known."""

    maker: str
    name: str
    generations: tuple[Generation, ...]


@dataclass(frozen=True)
class Known:
    """What lines are made from."""

    paths: Mapping[str, Sequence[Path]]
    """Of official sources, by model."""
    facts: Mapping[str, Sequence[FactSeen]]
    retired: Mapping[str, datetime]
    rates: Rates


def line(name: str, models: Sequence[Model], known: Known, at: datetime) -> Line:
    """Put a line's generations in order and compare each with the one before it."""
    dated = [_dated(model, known, at) for model in models]
    there = [one for one in dated if one.prices or one.released]
    generations: list[Generation] = []
    priced: list[Generation] = []
    for one in _ordered(there):
        generations.append(_compared(one, priced) if one.prices else one)
        priced.extend([one] if one.prices else [])
    return Line(models[0].maker, name, tuple(generations))


def _ordered(generations: Iterable[Generation]) -> list[Generation]:
    """Order by release; what has no known day follows the last that its version is not below."""
    by_age = sorted(generations, key=lambda one: (age_of(one.model), one.model.id))
    ordered = sorted(
        (one for one in by_age if one.released), key=lambda one: one.released or date.max
    )
    for one in by_age:
        if one.released is None:
            ages = [age_of(other.model) <= age_of(one.model) for other in ordered]
            place = max((number for number, earlier in enumerate(ages, 1) if earlier), default=0)
            ordered.insert(place, one)
    return ordered


def _dated(model: Model, known: Known, at: datetime) -> Generation:
    released = released_on(known.facts.get(model.id, ()))
    return Generation(
        model=model,
        released=released if released and at_midnight(released) <= at else None,
        prices=tuple(_prices(model, known.paths.get(model.id, ()), known.rates, at)),
        retired=known.retired.get(model.id),
        before=None,
        step=None,
        since_first=None,
    )


def _prices(model: Model, paths: Sequence[Path], rates: Rates, at: datetime) -> Iterable[Priced]:
    """Give the reference price each time it was stated to be another."""
    last: tuple[str, Amounts] | None = None
    moments = {step.since for path in paths for step in path.steps if step.since <= at}
    for moment in sorted(moments):
        quotes = [quote for path in paths if (quote := path.quote(moment))]
        priced = _priced(moment, reference_price(model, quotes, rates, moment.date()))
        if priced and (priced.currency, priced.stated) != last:
            last = (priced.currency, priced.stated)
            yield priced


def _priced(moment: datetime, reference: Reference) -> Priced | None:
    plain, output = reference.amount(Meter.INPUT_TOKENS), reference.amount(Meter.OUTPUT_TOKENS)
    if reference.reason or plain is None or output is None:
        return None
    usd = _amounts(plain, output)
    currency = reference.currency
    asked, answered = reference.stated(Meter.INPUT_TOKENS), reference.stated(Meter.OUTPUT_TOKENS)
    if currency is None or asked is None or answered is None:
        return Priced(moment, usd, CURRENCY, usd)
    return Priced(moment, usd, currency, _amounts(asked, answered))


def _amounts(plain: Decimal, output: Decimal) -> Amounts:
    return Amounts(plain, output, blended(plain, output, None, Mix()))


def _compared(one: Generation, earlier: Sequence[Generation]) -> Generation:
    if not earlier:
        return one
    before, first = earlier[-1], earlier[0]
    both = max(one.prices[0].since, before.prices[0].since)
    return replace(
        one,
        before=before.model.id,
        step=_change(_held(before.prices, both), _held(one.prices, both)),
        since_first=_change(first.prices[0], one.prices[0]),
    )


def _held(prices: Sequence[Priced], moment: datetime) -> Priced:
    """Take the price in force at a moment at or after the first."""
    return [price for price in prices if price.since <= moment][-1]


def _change(old: Priced, new: Priced) -> Change:
    same = old.currency == new.currency
    before, after = (old.stated, new.stated) if same else (old.usd, new.usd)
    return Change(
        input=_relative(before.input, after.input),
        output=_relative(before.output, after.output),
        blended=_relative(before.blended, after.blended),
    )


def _relative(old: Decimal, new: Decimal) -> Decimal | None:
    if not old:
        return None
    return CONTEXT.divide(new, old).quantize(STEP, context=CONTEXT) - 1
