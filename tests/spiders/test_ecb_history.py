"""The bundled history of reference rates."""

from datetime import date
from decimal import Decimal

from spiders.ecb_history import historic_rates


def test_rates_go_back_to_the_first_day_of_the_euro_and_are_exact() -> None:
    wanted = {("USD", date(1999, 1, 4)), ("CNY", date(2026, 10, 30)), ("USD", date(2026, 10, 30))}
    found = {
        (r.currency, r.date): r.rate for r in historic_rates() if (r.currency, r.date) in wanted
    }
    assert found == {
        ("USD", date(1999, 1, 4)): Decimal("1.1789"),
        ("CNY", date(2026, 10, 30)): Decimal("7.4326"),
        ("USD", date(2026, 10, 30)): Decimal("1.1172"),
    }


def test_the_newest_day_comes_first_and_a_currency_not_quoted_is_left_out() -> None:
    newest = next(historic_rates()).date
    on_it = {rate.currency for rate in historic_rates() if rate.date == newest}
    assert newest >= date(2026, 10, 30)
    assert {"USD", "CNY", "KRW", "GBP"} <= on_it
    assert not {"SIT", "RUB", "HRK"} & on_it
