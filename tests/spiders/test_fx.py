"""The daily reference rates: exact, or a refusal."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

FX = source_named("fx")
DAILY = (PAGES / "fx/2026-10-30-xml.xml").read_text("utf-8")


def test_rates_are_of_the_day_that_the_file_states() -> None:
    rates = {rate.currency: rate for rate in read(FX, DAILY.encode()).rates}
    assert (rates["CNY"].rate, rates["CNY"].date) == (Decimal("7.4326"), date(2026, 10, 30))


def test_attributes_may_be_in_double_quotes() -> None:
    assert read(FX, DAILY.replace("'", '"').encode()) == read(FX, DAILY.encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rate='7.4326'", "rate='7,4326'"),
        ("rate='7.4326'", "rate='0'"),
        ("rate='7.4326'", ""),
        ("currency='CNY'", "currency='Yuan'"),
        ("time='2026-10-30'", "time='30.10.2026'"),
        ("<Cube>", "<Box>"),
    ],
)
def test_what_is_no_rate_is_refused(old: str, new: str) -> None:
    assert old in DAILY
    with pytest.raises(NotRead) as refused:
        read(FX, DAILY.replace(old, new).encode())
    assert refused.value.outcome is Outcome.PAGE_CHANGED


def test_a_file_of_few_currencies_is_empty() -> None:
    lines = DAILY.splitlines(keepends=True)
    few = "".join(line for line in lines if "currency=" not in line or "USD" in line)
    with pytest.raises(NotRead) as refused:
        read(FX, few.encode())
    assert refused.value.outcome is Outcome.EMPTY
