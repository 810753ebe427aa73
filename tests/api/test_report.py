"""Every price says where a report that it is wrong opens, filled in."""

from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
SERIES = "anthropic:anthropic-claude-opus-4.7:input_tokens"


@pytest.fixture(autouse=True)
def path(client: TestClient, catalog: Catalog) -> str:
    """Take Opus at $5 and then $4; give where the report on $5 opens."""
    catalog.take(visit("2026-05-01", point(OPUS, "5")), visit("2026-05-02", point(OPUS, "4")))
    [price] = client.get("/prices?as_of=2026-05-01T12:00:00Z").json()["data"]
    return str(price["report"])


def test_a_report_opens_where_the_setting_says(
    client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_REPORT_URL", "https://t.example/new?title={title}&body={body}")
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code == 303
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["title"] == [f"Wrong price: {SERIES}"]
    assert f"its words: {OPUS}: $5" in asked["body"][0]


def test_a_report_that_nobody_takes_is_text(
    client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TOKENTAPE_REPORT_URL", "TOKENTAPE_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "price: 5 USD per 1M tokens of input_tokens" in answer.text


def test_a_report_of_no_price_is_not_found(client: TestClient) -> None:
    answer = client.get(f"/report?series={SERIES}&as_of=2026-04-01")
    assert answer.status_code == 404
    assert client.get("/report").status_code == 422
