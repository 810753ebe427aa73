"""Days on which a page says that a price starts or ends."""

from datetime import date

import pytest

from spiders.dates import find_dates, match_dates

DAY = date(2026, 8, 31)
NEXT = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("through August 31, 2026", None, NEXT),
        ("through Aug 31st, 2026", None, NEXT),
        ("until August 31, 2026", None, DAY),
        ("before 2026-08-31", None, DAY),
        ("starting August 31, 2026", DAY, None),
        ("effective on 2026-08-31", DAY, None),
        ("自2026年8月31日", DAY, None),
        ("截至2026年8月31日", None, NEXT),
        ("2026/08/31 起", DAY, None),
        ("2026年8月31日前", None, DAY),
    ],
)
def test_a_phrase_bounds_a_price(text: str, starts: date | None, ends: date | None) -> None:
    found = match_dates(text, 0)
    assert found
    assert (found.valid_from, found.valid_to, found.end) == (starts, ends, len(text))


@pytest.mark.parametrize(
    "text", ["August 31, 2026", "starting March 31st", "through February 30, 2026", "until then"]
)
def test_a_day_without_a_year_or_a_word_bounds_nothing(text: str) -> None:
    assert match_dates(text, 0) is None


def test_a_phrase_is_taken_out_of_a_text() -> None:
    rest, found = find_dates("Sonnet 5 through August 31, 2026")
    assert rest == "Sonnet 5 "
    assert found
    assert found.valid_to == NEXT
