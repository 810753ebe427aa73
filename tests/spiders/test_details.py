"""A list whose entries have an answer each is asked for one by one, and read as one document."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.events.changes import ChangeEvent
from catalog.reading import NotRead
from catalog.vocabulary import EventType, Outcome
from spiders.crawling import CrawlResult
from spiders.fetching.archive import Archive
from spiders.paging import LACKING, Details
from spiders.source import Document, Source, source_named
from tests.spiders.shop import NOON, crawl_at, visits
from tests.spiders.site import Answer, Site, serving

DETAILS = Details(each="data[]", name="id", address="models/{}/endpoints", answer="data")
DAY = timedelta(days=1)
SELLERS = {"m/a": ["deepinfra", "novita/fp8"], "m/b:free": ["chutes"]}


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def endpoints(models: str) -> Source:
    """Make OpenRouter's source with nothing but its endpoints, at another address."""
    declared = next(d for d in source_named("openrouter").documents if d.name == "endpoints")

    class Endpoints(source_named("openrouter")):  # type: ignore[misc]  # its base is found by name
        name = "endpoints"
        documents = (
            Document(
                "endpoints",
                models,
                declared.forms,
                parts=declared.parts,
                every=declared.every,
                minimum_models=2,
            ),
        )

    return Endpoints


def answered(body: object) -> Answer:
    headers = {"Content-Type": "application/json"}
    return Answer(body=json.dumps(body).encode(), headers=headers)


def served(site: Site, sellers: Mapping[str, list[str]], *, fee: str = "0.000001") -> None:
    """Let the site list models, and say who serves each at this price per token."""
    site.says("/v1/models", answered({"data": [{"id": model} for model in sellers]}))
    for model, tags in sellers.items():
        listed = [
            {
                "provider_name": tag,
                "tag": tag,
                "pricing": {"prompt": fee, "completion": fee, "discount": 0},
            }
            for tag in tags
        ]
        body = answered({"data": {"id": model, "endpoints": listed}})
        site.says(f"/v1/models/{model}/endpoints", body)


def crawled(store: Engine, site: Site, folder: Path, now: datetime = NOON) -> CrawlResult:
    [result] = crawl_at(store, endpoints(site.url("/v1/models")), folder, now=now)
    return result


def told(store: Engine) -> list[str]:
    with Session(store) as session:
        return list(session.scalars(select(col(ChangeEvent.type))))


def asked(site: Site) -> list[str]:
    return [path for path in site.paths if path != "/robots.txt"]


def test_each_entry_is_asked_for_in_the_order_of_the_list_and_all_are_one_visit(
    store: Engine, site: Site, tmp_path: Path
) -> None:
    served(site, SELLERS)
    result = crawled(store, site, tmp_path)
    assert (result.outcome, result.points) == (Outcome.OK, 6)
    assert asked(site) == [
        "/v1/models",
        "/v1/models/m/a/endpoints",
        "/v1/models/m/b:free/endpoints",
    ]
    assert site.most_at_once == 1
    assert len(visits(store)) == 1


def test_only_the_whole_is_archived_with_the_numbers_as_printed(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    served(site, {"m/a": ["x"], "m/b": ["x"]})
    crawled(sqlite_store, site, tmp_path)
    kept = [path.stem.partition(".")[0] for path in (tmp_path / "archive").rglob("*.warc.gz")]
    bodies = [Archive(tmp_path / "archive").open(digest).decode() for digest in kept]
    whole = next(body for body in bodies if "endpoints" in body)
    assert whole.startswith('{"data": [{"id": "m/a", "endpoints": [{"provider_name": "x", ')
    assert len(bodies) == 2


def test_an_entry_that_the_site_does_not_have_has_no_sellers(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    served(site, SELLERS | {"m/gone": []})
    site.says("/v1/models/m/gone/endpoints", Answer(status=404, body=b'{"error": "none"}'))
    result = crawled(sqlite_store, site, tmp_path)
    assert (result.outcome, result.points) == (Outcome.OK, 6)


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        (Answer(status=403), Outcome.BLOCKED),
        (Answer(status=500), Outcome.NETWORK),
        (Answer(body=b"<html>Just a moment</html>"), Outcome.PAGE_CHANGED),
        (Answer(body=b'{"error": "busy"}'), Outcome.PAGE_CHANGED),
    ],
)
def test_where_one_answer_fails_nothing_is_read_and_nothing_is_withdrawn(
    sqlite_store: Engine, site: Site, tmp_path: Path, later: Answer, outcome: Outcome
) -> None:
    served(site, SELLERS)
    crawled(sqlite_store, site, tmp_path)
    site.says("/v1/models/m/b:free/endpoints", later)
    for days in (1, 2):
        result = crawled(sqlite_store, site, tmp_path, NOON + days * DAY)
        assert (result.outcome, result.points) == (outcome, 0)
    assert EventType.PRICE_WITHDRAWN not in told(sqlite_store)


def test_what_is_asked_for_once_a_day_is_left_alone_until_then(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    served(site, SELLERS)
    crawled(sqlite_store, site, tmp_path)
    soon = crawled(sqlite_store, site, tmp_path, NOON + timedelta(hours=3))
    assert (soon.outcome, soon.detail) == (None, "it was read not long ago, and is not due")
    assert len(asked(site)) == 3
    assert crawled(sqlite_store, site, tmp_path, NOON + DAY).outcome is Outcome.UNCHANGED


def test_what_was_not_read_is_due_at_once(sqlite_store: Engine, site: Site, tmp_path: Path) -> None:
    site.says("/v1/models", Answer(status=403))
    assert crawled(sqlite_store, site, tmp_path).outcome is Outcome.BLOCKED
    served(site, SELLERS)
    again = crawled(sqlite_store, site, tmp_path, NOON + timedelta(hours=3))
    assert again.outcome is Outcome.OK


def test_what_comes_instead_of_the_list_is_named_as_ever(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    headers = {"Content-Type": "text/html"}
    site.says("/v1/models", Answer(body=b"<html><title>Just a moment...</title>", headers=headers))
    assert crawled(sqlite_store, site, tmp_path).outcome is Outcome.BLOCKED


def test_names_become_addresses_that_stay_on_the_site() -> None:
    listed = b'{"data": [{"id": "~m/a:free"}, {"id": "m/b?x#y"}, {"id": "m/b?x#y"}]}'
    first, second = "models/~m/a:free/endpoints", "models/m/b%3Fx%23y/endpoints"
    assert DETAILS.next_after([listed]) == first
    assert DETAILS.next_after([listed, LACKING]) == second
    assert DETAILS.next_after([listed, LACKING, LACKING]) is None


def test_an_answer_about_nothing_is_refused() -> None:
    with pytest.raises(NotRead, match="has no 'data'"):
        DETAILS.next_after([b'{"data": [{"id": "a"}]}', b'{"data": []}'])
