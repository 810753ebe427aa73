"""A report that a price is wrong comes filled in with what is needed to check it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import Engine

from catalog.past.history import Price
from catalog.review.reports import report_on, report_path, report_url, series_of
from catalog.settings import read_settings
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
SERIES = "anthropic:anthropic-claude-opus-4.7:input_tokens"
TRACKER = "https://github.com/o/n/issues/new?labels=price&title={title}&body={body}"


@pytest.fixture
def price(sqlite_store: Engine) -> Price:
    catalog = Catalog(sqlite_store)
    catalog.take(visit("2026-05-01", point(OPUS, "5", evidence="Opus & co: $5 #1 ¥?")))
    return catalog.prices()[0]


def test_a_report_names_the_price_its_page_and_its_bytes(price: Price) -> None:
    report = report_on(price, as_of=price.valid_from)
    assert report.title == f"Wrong price: {SERIES}"
    for line in (
        f"series: {SERIES}",
        "as of: 2026-05-01T00:00:00Z",
        "price: 5 USD per 1M tokens of input_tokens",
        "page: https://anthropic.example/docs",
        f"sha256: {price.evidence.sha256}",
        "its words: Opus & co: $5 #1 ¥?",
    ):
        assert line in report.body.splitlines()


def test_a_report_opens_where_the_setting_says(price: Price) -> None:
    report = report_on(price, as_of=price.valid_from)
    url = report_url(report, read_settings({"TOKENTAPE_REPORT_URL": TRACKER}))
    assert url is not None
    asked = parse_qs(urlsplit(url).query)
    assert asked == {"labels": ["price"], "title": [report.title], "body": [report.body]}


def test_a_report_is_else_a_letter_to_the_contact(price: Price) -> None:
    report = report_on(price, as_of=price.valid_from)
    url = report_url(report, read_settings({"TOKENTAPE_CONTACT": "tape@example.org"}))
    assert url is not None
    assert url.startswith("mailto:tape@example.org?subject=Wrong%20price")
    for contact in ("", "https://example.org/@tape"):
        assert report_url(report, read_settings({"TOKENTAPE_CONTACT": contact})) is None


def test_a_price_says_where_its_report_opens(price: Price) -> None:
    path = report_path(price)
    assert path == f"/report?series={SERIES}&as_of=2026-05-01T00:00:00Z"
    assert series_of(f"http://localhost:8000{path}") == SERIES
    assert series_of(SERIES) == SERIES
