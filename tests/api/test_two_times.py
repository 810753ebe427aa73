"""Every list takes both clocks, and says the same of one pair of times whatever is learnt later."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from catalog.moments import parse_moment, print_moment
from catalog.review.correcting import correct_price
from catalog.review.corrections import Correction
from catalog.review.deciding import review
from catalog.review.holds import Decision, open_holds
from catalog.store import reading
from catalog.vocabulary import Cause
from tests.catalog.builders import Catalog, failed, point, visit

OPUS = "Claude Opus 4.7"
LISTS = (
    "/prices?",
    "/models?",
    "/providers?",
    "/changes?",
    "/holds?state=all&",
    "/sources?",
    "/sources/anthropic?",
    "/models/anthropic/claude-opus-4.7?",
    "/models/anthropic/claude-opus-4.7/history?",
)


@pytest.fixture
def learning(catalog: Catalog) -> Catalog:
    """Take Opus at $5, hold it at $50, and hear that it will cost $6."""
    later = point(OPUS, "6", valid_from="2027-01-01")
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), cause=Cause.OBSERVED),
        visit("2026-05-02", point(OPUS, "50"), cause=Cause.OBSERVED),
        visit("2026-05-03", point(OPUS, "5", valid_to="2027-01-01"), later, cause=Cause.OBSERVED),
    )
    catalog.clock += timedelta(days=1)
    return catalog


def learn_more(catalog: Catalog) -> None:
    with reading(catalog.engine) as session:
        held = [hold.id for hold in open_holds(session)]
    review(catalog.engine, held, Decision.APPROVED, identity=catalog.identity, now=catalog.now)
    catalog.take(visit("2026-05-04", point(OPUS, "4")), failed("2026-05-05", cause=Cause.OBSERVED))


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("as_of", ["", "as_of=2026-05-02T12:00:00Z&"])
def test_one_pair_of_times_has_one_answer(
    client: TestClient, learning: Catalog, path: str, as_of: str
) -> None:
    known_at = print_moment(learning.clock)
    learning.clock += timedelta(hours=1)
    asked = f"{path}{as_of}known_at={known_at}"
    before = client.get(asked)
    assert before.status_code == 200, before.text
    now = client.get(path.rstrip("?&")).text
    learn_more(learning)
    assert client.get(asked).text == before.text
    learning.clock += timedelta(days=1)
    assert client.get(asked).text == before.text
    assert client.get(path.rstrip("?&")).text != now


def test_the_log_tells_what_is_announced_unless_a_moment_is_asked(
    client: TestClient, learning: Catalog
) -> None:
    def types(query: str) -> list[str]:
        return [one["type"] for one in client.get(f"/changes?{query}").json()["data"]]

    known_at = f"known_at={print_moment(learning.clock)}"
    assert "price.announced" in types(known_at)
    assert "price.announced" not in types(f"{known_at}&as_of=2026-06-01")


def test_a_hold_is_open_at_a_moment_before_it_was_decided(
    client: TestClient, learning: Catalog
) -> None:
    known_at = print_moment(learning.clock)
    learning.clock += timedelta(hours=1)
    learn_more(learning)
    then = client.get(f"/holds?known_at={known_at}").json()["data"]
    assert [(one["state"], one["decided_at"]) for one in then] == [("open", None)]
    assert client.get("/holds").json()["data"] == []


def test_a_corrected_price_says_why(client: TestClient, learning: Catalog) -> None:
    said = Correction.model_validate(
        {
            "series": "anthropic:anthropic-claude-opus-4.7:input_tokens",
            "amount": "4.5",
            "valid_from": parse_moment("2026-05-01"),
            "valid_to": parse_moment("2026-05-02"),
            "reason": "the wrong row was read",
            "url": "https://anthropic.example/docs",
            "words": "Opus: $4.50",
        }
    )
    correct_price(learning.engine, said, identity=learning.identity, now=learning.now)
    [price] = client.get("/prices?as_of=2026-05-01").json()["data"]
    assert price["amount"] == "4.5"
    assert price["evidence"]["corrected_by"] == "the wrong row was read"
    [now] = client.get("/prices").json()["data"]
    assert now["evidence"]["corrected_by"] is None
