"""An answer that comes in pages is read as one, or refused as a whole."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.documents.snapshots import Snapshot
from catalog.reading import NotRead
from catalog.vocabulary import Meter, Outcome, SourceKind
from spiders.crawling import CrawlResult
from spiders.fetching.archive import Archive
from spiders.field_price import FieldPrice
from spiders.page import Kind
from spiders.paging import NumberedPages, Paging
from spiders.price_list import PriceList
from spiders.signs import is_kind
from spiders.source import Document, Form, PriceSource, Source
from tests.spiders.shop import NOON, crawl_at, visits
from tests.spiders.site import Answer, Site, serving

NUMBERED = NumberedPages(items="models", number="pagination.page", of="pagination.total_pages")
PAGING = Paging(next_page="next", items="models", count="count")


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def listing(url: str) -> Source:
    """Make a source of one answer in pages."""
    models = PriceList(
        records="models[]", model="id", prices={"price": FieldPrice(meter=Meter.INPUT_TOKENS)}
    )
    form = Form("list", recognise=is_kind(Kind.JSON), tables=(models,))

    class Listing(PriceSource):
        name = "listing"
        kind = SourceKind.RESELLER
        documents = (Document("list", url, forms=(form,), parts=PAGING),)

    return Listing


def a_page(*models: str, then: str | None = None) -> Answer:
    listed = ", ".join(f'{{"id": "{model}", "price": 0.10}}' for model in models)
    following = json.dumps(then)
    body = f'{{"models": [{listed}], "next": {following}, "count": {len(models)}}}'
    headers = {"Content-Type": "application/json", "ETag": '"v1"'}
    return Answer(body=body.encode(), headers=headers)


def crawled(store: Engine, site: Site, folder: Path) -> CrawlResult:
    [result] = crawl_at(store, listing(site.url("/list")), folder)
    return result


def test_all_pages_are_one_visit_in_their_order(store: Engine, site: Site, tmp_path: Path) -> None:
    site.says("/list", a_page("a", "b", then=site.url("/list?skip=2")))
    site.says("/list?skip=2", a_page("c", then="/list?skip=3"))
    site.says("/list?skip=3", a_page("d"))
    result = crawled(store, site, tmp_path)
    assert (result.outcome, result.points) == (Outcome.OK, 4)
    assert [path for path in site.paths if path != "/robots.txt"] == [
        "/list",
        "/list?skip=2",
        "/list?skip=3",
    ]
    assert len(visits(store)) == 1


def test_the_joined_answer_is_archived_with_the_numbers_as_printed(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    site.says("/list", a_page("a", then=site.url("/list?skip=1")))
    site.says("/list?skip=1", a_page("b"))
    crawled(sqlite_store, site, tmp_path)
    with Session(sqlite_store) as session:
        [snapshot] = session.query(Snapshot).all()
    kept = Archive(tmp_path / "archive").open(snapshot.sha256).decode()
    assert kept == (
        '{"models": [{"id": "a", "price": 0.10}, {"id": "b", "price": 0.10}],'
        ' "next": null, "count": 2}'
    )


def test_the_same_pages_again_are_unchanged_and_are_asked_for_without_validators(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    site.says("/list", a_page("a", then=site.url("/list?skip=1")))
    site.says("/list?skip=1", a_page("b"))
    crawled(sqlite_store, site, tmp_path)
    source = listing(site.url("/list"))
    [again] = crawl_at(sqlite_store, source, tmp_path, now=NOON + timedelta(hours=1))
    assert again.outcome is Outcome.UNCHANGED
    assert not [seen for seen in site.seen if "if-none-match" in seen.headers]


@pytest.mark.parametrize(
    ("later", "outcome", "says"),
    [
        (Answer(status=404), Outcome.GONE, "404 Not Found"),
        (Answer(body=b"<html>Just a moment</html>"), Outcome.PAGE_CHANGED, "this is no JSON"),
        (Answer(body=b'{"error": "busy"}'), Outcome.PAGE_CHANGED, "a page has no 'models'"),
        (
            Answer(body=b'{"models": [], "next": null, "count": 1}'),
            Outcome.PAGE_CHANGED,
            "a page holds 0 items, and its 'count' says other",
        ),
        (a_page("b", then="/list"), Outcome.PAGE_CHANGED, "goes on at"),
        (
            a_page("b", then="http://example.org/list"),
            Outcome.PAGE_CHANGED,
            "goes on at http://example.org/list",
        ),
        (
            Answer(body=b'{"models": [], "next": 7, "count": 0}'),
            Outcome.PAGE_CHANGED,
            "'next' is no address: 7",
        ),
    ],
)
def test_where_one_page_fails_nothing_is_read(  # noqa: PLR0913, PLR0917 one case with its fixtures
    sqlite_store: Engine, site: Site, tmp_path: Path, later: Answer, outcome: Outcome, says: str
) -> None:
    site.says("/list", a_page("a", then=site.url("/list?skip=1")))
    site.says("/list?skip=1", later)
    result = crawled(sqlite_store, site, tmp_path)
    assert (result.outcome, result.points) == (outcome, 0)
    assert says in result.detail


def test_a_first_page_that_goes_on_elsewhere_is_not_read_alone(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    site.says("/list", a_page("a", then="http://example.org/list"))
    result = crawled(sqlite_store, site, tmp_path)
    assert (result.outcome, result.points) == (Outcome.PAGE_CHANGED, 0)
    assert "goes on at http://example.org/list" in result.detail


def test_what_comes_instead_of_the_first_page_is_named_as_ever(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    headers = {"Content-Type": "text/html"}
    site.says("/list", Answer(body=b"<html><title>Just a moment...</title>", headers=headers))
    assert crawled(sqlite_store, site, tmp_path).outcome is Outcome.BLOCKED


def test_one_page_is_left_as_it_came() -> None:
    body = b'{ "models":[], "count":0 }'
    assert PAGING.next_after([body]) is None
    assert PAGING.joined([body]) == body


def test_a_list_that_is_none_is_refused() -> None:
    with pytest.raises(NotRead, match="'models' is no list"):
        PAGING.joined([b'{"models": {}}', b'{"models": []}'])


def numbered(number: int, of: int, *models: str) -> bytes:
    listed = [{"id": model, "price": 1} for model in models]
    pages = {"page": number, "total_pages": of, "has_more": number < of}
    return json.dumps({"tier": "free", "pagination": pages, "models": listed}).encode()


def numbered_source(url: str) -> Source:
    source = listing(url)
    [document] = source.documents
    source.documents = (replace(document, parts=NUMBERED),)
    return source


def test_numbered_pages_are_asked_for_by_their_numbers(
    store: Engine, site: Site, tmp_path: Path
) -> None:
    for path, page in (
        ("/list", numbered(1, 3, "a", "b")),
        ("/list?page=2", numbered(2, 3, "c")),
        ("/list?page=3", numbered(3, 3, "d")),
    ):
        site.says(path, Answer(body=page))
    [result] = crawl_at(store, numbered_source(site.url("/list")), tmp_path)
    assert (result.outcome, result.points) == (Outcome.OK, 4)
    assert site.paths[1:] == ["/list", "/list?page=2", "/list?page=3"]


def test_a_site_that_answers_with_the_first_page_again_is_not_read(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    site.says("/list", Answer(body=numbered(1, 3, "a")))
    site.says("/list?page=2", Answer(body=numbered(1, 3, "a")))
    [result] = crawl_at(sqlite_store, numbered_source(site.url("/list")), tmp_path)
    assert (result.outcome, result.points) == (Outcome.PAGE_CHANGED, 0)
    assert result.detail == "page 1 of 3 came where page 2 was asked for"


def test_a_list_without_numbers_is_whole() -> None:
    whole = b'{"models": [{"id": "a"}]}'
    assert NUMBERED.next_after([whole]) is None
    assert NUMBERED.joined([whole]) == whole


def test_joined_numbered_pages_no_longer_say_that_they_go_on() -> None:
    joined = NUMBERED.joined([numbered(1, 2, "a"), numbered(2, 2, "b")])
    assert json.loads(joined) == {
        "tier": "free",
        "pagination": None,
        "models": [{"id": "a", "price": 1}, {"id": "b", "price": 1}],
    }
