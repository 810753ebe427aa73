"""Conversion by dated euro rates."""

from datetime import date
from decimal import Decimal

from catalog.exchange import Rates
from catalog.reading import Rate

FRIDAY = date(2026, 7, 17)
MONDAY = date(2026, 7, 20)


def _rates() -> Rates:
    return Rates(
        [
            Rate(currency="CNY", rate=Decimal("8.0"), date=MONDAY),
            Rate(currency="USD", rate=Decimal("1.2"), date=MONDAY),
            Rate(currency="CNY", rate=Decimal("7.8"), date=FRIDAY),
            Rate(currency="USD", rate=Decimal("1.17"), date=FRIDAY),
        ]
    )


def test_an_amount_is_converted_across_the_euro() -> None:
    made = _rates().convert(Decimal(3), "CNY", to="USD", at=MONDAY)
    assert made is not None
    assert (made.amount, made.rate, made.rate_date) == (Decimal("0.45"), Decimal("0.15"), MONDAY)


def test_a_weekend_uses_the_friday_before_and_says_so() -> None:
    made = _rates().convert(Decimal("7.8"), "CNY", to="USD", at=date(2026, 7, 19))
    assert made is not None
    assert (made.amount, made.rate_date) == (Decimal("1.17"), FRIDAY)


def test_no_rate_is_borrowed_from_the_future() -> None:
    assert _rates().convert(Decimal(3), "CNY", to="USD", at=date(2026, 7, 16)) is None


def test_an_unlisted_currency_has_no_conversion() -> None:
    assert _rates().convert(Decimal(3), "KRW", to="USD", at=MONDAY) is None


def test_the_euro_itself_needs_one_rate_only() -> None:
    made = _rates().convert(Decimal(10), "EUR", to="USD", at=MONDAY)
    assert made is not None
    assert (made.amount, made.rate_date) == (Decimal(12), MONDAY)


def test_an_endless_quotient_rounds_half_even_to_pico_units() -> None:
    rates = Rates(
        [
            Rate(currency="CNY", rate=Decimal(3), date=MONDAY),
            Rate(currency="USD", rate=Decimal(2), date=MONDAY),
        ]
    )
    made = rates.convert(Decimal(1), "CNY", to="USD", at=MONDAY)
    assert made is not None
    assert made.amount == Decimal("0.666666666667")


def test_the_older_of_two_rates_dates_a_conversion() -> None:
    rates = Rates(
        [
            Rate(currency="CNY", rate=Decimal(8), date=FRIDAY),
            Rate(currency="USD", rate=Decimal("1.2"), date=MONDAY),
        ]
    )
    made = rates.convert(Decimal(8), "CNY", to="USD", at=MONDAY)
    assert made is not None
    assert made.rate_date == FRIDAY
