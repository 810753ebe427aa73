"""What guards hold and what was refused, as anyone can see it."""

import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.testclient import TestClient

from catalog.review.deciding import review
from catalog.review.holds import Decision, Hold
from catalog.store import reading
from catalog.vocabulary import Cause, Outcome
from tests.catalog.builders import Catalog, failed, point, visit

OPUS = "Claude Opus 4.7"
HAIKU = "Claude Haiku 4.5"
OF_OPUS = "anthropic/claude-opus-4.7"
OF_HAIKU = "anthropic/claude-haiku-4.5"


@pytest.fixture
def held(catalog: Catalog) -> Catalog:
    """Opus from $5 to $50, and Haiku from $1 to $9, in one day."""
    before = (point(OPUS, "5"), point(HAIKU, "1"))
    after = (point(OPUS, "50"), point(HAIKU, "9"))
    catalog.take(
        visit("2026-05-01", *before, cause=Cause.OBSERVED),
        visit("2026-05-02", *after, cause=Cause.OBSERVED, archived=True),
    )
    return catalog


def decide(catalog: Catalog, about: str, decision: Decision) -> None:
    with reading(catalog.engine) as session:
        holds = session.scalars(select(col(Hold.id)).where(col(Hold.about) == about)).all()
    review(catalog.engine, holds, decision, identity=catalog.identity, now=catalog.now)


def rows(client: TestClient, path: str) -> list[dict[str, object]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, object]] = answer.json()["data"]
    return data


def about(client: TestClient, path: str) -> list[object]:
    return [one["about"] for one in rows(client, path)]


@pytest.mark.usefixtures("held")
def test_a_hold_says_which_guard_holds_what_of_which_visit_and_why(client: TestClient) -> None:
    hold = next(one for one in rows(client, "/holds") if one["about"] == OF_OPUS)
    assert (hold["guard"], hold["holds"], hold["state"]) == ("large_factor", "model", "open")
    assert hold["reasons"] == [f"{OF_OPUS} standard input_tokens: 5 -> 50"]
    assert (hold["source"], hold["document"]) == ("anthropic", "docs")
    assert (str(hold["since"])[:20], hold["decided_at"]) == ("2026-11-22T12:00:00.", None)
    seen = hold["visit"]
    assert isinstance(seen, dict)
    assert (seen["fetched_at"], seen["outcome"]) == ("2026-05-02T00:00:00Z", "ok")
    assert seen["url"] == "https://anthropic.example/docs"
    assert seen["snapshot"] == f"/snapshots/{seen['sha256']}"


def test_holds_are_listed_by_what_became_of_them(client: TestClient, held: Catalog) -> None:
    decide(held, OF_OPUS, Decision.APPROVED)
    assert about(client, "/holds") == [OF_HAIKU]
    assert about(client, "/holds?state=approved") == [OF_OPUS]
    assert about(client, "/holds?state=rejected") == []
    assert sorted(map(str, about(client, "/holds?state=all"))) == [OF_HAIKU, OF_OPUS]
    [approved] = rows(client, "/v1/holds?state=approved")
    assert str(approved["decided_at"]).startswith("2026-11-22T12:00:00.")
    assert about(client, "/holds?source=openai&state=all") == []


@pytest.mark.usefixtures("held")
def test_holds_come_in_pages_with_what_was_asked(client: TestClient) -> None:
    first = client.get("/holds?limit=1").json()
    second = client.get(f"/holds?limit=1&cursor={first['next']}").json()
    assert {first["data"][0]["about"], second["data"][0]["about"]} == {OF_OPUS, OF_HAIKU}
    assert second["next"] is None
    assert {"sequence", "as_of", "known_at"} == first["meta"].keys()


@pytest.mark.parametrize("query", ["state=closed", "severity=high", "limit=0"])
def test_an_unknown_state_or_parameter_is_refused_by_name(client: TestClient, query: str) -> None:
    answer = client.get(f"/holds?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == query.split("=", maxsplit=1)[0]


def test_a_source_shows_how_much_of_it_is_held(client: TestClient, held: Catalog) -> None:
    assert client.get("/sources/anthropic").json()["open_holds"] == 2
    decide(held, OF_OPUS, Decision.REJECTED)
    assert client.get("/sources/anthropic").json()["open_holds"] == 1


def test_a_source_shows_its_latest_refused_visits(client: TestClient, catalog: Catalog) -> None:
    page = "0" * 64
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        failed("2026-05-02", Outcome.NETWORK, detail="no connection could be made"),
        failed("2026-05-03", Outcome.PAGE_CHANGED, sha256=page, archived=True, status=200),
    )
    latest, earlier = client.get("/sources/anthropic").json()["refused_visits"]
    assert (latest["outcome"], latest["snapshot"]) == ("page_changed", f"/snapshots/{page}")
    assert (earlier["outcome"], earlier["snapshot"]) == ("network", None)
    assert earlier["detail"] == "no connection could be made"
    assert earlier["in_words"] == Outcome.NETWORK.meaning


def test_no_more_than_twenty_refused_visits_are_shown(client: TestClient, catalog: Catalog) -> None:
    catalog.take(*(failed(f"2026-05-{day:02}") for day in range(1, 23)))
    shown = client.get("/sources/anthropic").json()["refused_visits"]
    assert len(shown) == 20
    assert shown[0]["fetched_at"] == "2026-05-22T00:00:00Z"
