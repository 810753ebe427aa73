"""Exact conversion of amounts by dated euro reference rates, saying which day's rate was used."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal

from catalog.reading import Rate

BASE = "EUR"
EXACT = Context(prec=40, rounding=ROUND_HALF_EVEN)
"""Wide enough that only the last step, to whole pico-units, rounds."""
PICO = Decimal("1E-12")


@dataclass(frozen=True)
class Conversion:
    """An amount in another currency, and what it was made from."""

    amount: Decimal
    """Rounded half even to whole pico-units of the currency."""
    currency: str
    of_amount: Decimal
    of_currency: str
    rate: Decimal
    """How much of the new currency one unit of the old one buys, to 12 decimal places."""
    rate_date: date
    """The day of the older of the rates used."""


@dataclass(frozen=True)
class _Quoted:
    """One currency's rates: parallel, in the order of their days."""

    days: tuple[date, ...]
    rates: tuple[Decimal, ...]

    def on(self, day: date) -> tuple[date, Decimal] | None:
        place = bisect_right(self.days, day)
        return (self.days[place - 1], self.rates[place - 1]) if place else None


class Rates:
    """Reference rates by day: how much of a currency one euro bought."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        """Take rates in any order; the last one given counts for its currency and day."""
        by_currency: dict[str, dict[date, Decimal]] = {}
        for rate in rates:
            by_currency.setdefault(rate.currency, {})[rate.date] = rate.rate
        self._quoted: Mapping[str, _Quoted] = {
            currency: _quoted(by_day) for currency, by_day in by_currency.items()
        }

    def convert(self, amount: Decimal, currency: str, *, to: str, at: date) -> Conversion | None:
        """Convert by the last rates on or before a day; None where there are none."""
        old, new = self._on(currency, at), self._on(to, at)
        if old is None or new is None:
            return None
        converted = EXACT.divide(EXACT.multiply(amount, new[1]), old[1])
        return Conversion(
            amount=converted.quantize(PICO, context=EXACT),
            currency=to,
            of_amount=amount,
            of_currency=currency,
            rate=EXACT.divide(new[1], old[1]).quantize(PICO, context=EXACT),
            rate_date=min(old[0], new[0]),
        )

    def currencies(self, at: date) -> tuple[str, ...]:
        """Give the currencies that have a rate on or before a day, by name."""
        rated = (currency for currency, quoted in self._quoted.items() if quoted.on(at))
        return tuple(sorted({BASE, *rated}))

    def _on(self, currency: str, day: date) -> tuple[date, Decimal] | None:
        if currency == BASE:
            return day, Decimal(1)
        quoted = self._quoted.get(currency)
        return quoted.on(day) if quoted else None


def _quoted(by_day: Mapping[date, Decimal]) -> _Quoted:
    days = tuple(sorted(by_day))
    return _Quoted(days, tuple(by_day[day] for day in days))
