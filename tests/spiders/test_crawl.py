"""Whole crawls over real HTTP, from a site of our own to the catalog."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.readings import StoredReading
from catalog.documents.snapshots import Snapshot
from catalog.documents.sources import Run, declare
from catalog.identity import load
from catalog.ingest import ingest
from catalog.lease import lease
from catalog.past.history import prices
from catalog.past.revisions import Revision
from catalog.sealing.proof import verify
from catalog.store import open_store, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome
from spiders.crawling import CrawlResult, crawl
from spiders.fetching.archive import Archive
from spiders.source import declaration
from spiders.verdict import judge
from tests.spiders.shop import NOON, crawl_at, gallery, shop, table, visits
from tests.spiders.site import Answer, Site, page, robots, serving

HOUR = timedelta(hours=1)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.says("/pricing", page(table()))
        site.says("/images", page(gallery()))
        yield site


def count(store: Engine, kind: type[Run | Revision | StoredReading]) -> int:
    with Session(store) as session:
        return session.scalars(select(func.count()).select_from(kind)).one()


def amounts(store: Engine) -> list[int | None]:
    """List the pico-units that are in force."""
    with Session(store) as session:
        query = select(col(Revision.amount)).where(col(Revision.superseded).is_(None))
        return list(session.scalars(query.order_by(col(Revision.valid_from), col(Revision.amount))))


def outcomes(results: list[CrawlResult]) -> dict[str, Outcome | None]:
    return {result.document: result.outcome for result in results}


def test_a_source_is_fetched_archived_read_and_kept_in_one_run(
    store: Engine, site: Site, tmp_path: Path
) -> None:
    source = shop(site.url("/pricing"), site.url("/images"))
    results = crawl_at(store, source, tmp_path)
    assert outcomes(results) == {"pricing": Outcome.OK, "images": Outcome.OK}
    assert [result.points for result in results] == [2, 1]
    assert count(store, Run) == 1
    assert amounts(store) == [40_000_000_000, 3 * 10**12, 15 * 10**12]
    with Session(store) as session:
        snapshot = session.scalars(select(Snapshot).order_by(col(Snapshot.id))).first()
    assert snapshot is not None
    assert (snapshot.status, snapshot.archived) == (200, True)
    assert Archive(tmp_path / "archive").open(snapshot.sha256) == table().encode()


def test_a_page_with_the_same_bytes_is_unchanged(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    source = shop(site.url("/pricing"))
    crawl_at(sqlite_store, source, tmp_path)
    [again] = crawl_at(sqlite_store, source, tmp_path, now=NOON + HOUR)
    assert again.outcome is Outcome.UNCHANGED
    assert count(sqlite_store, Run) == 2
    assert count(sqlite_store, StoredReading) == 1


def test_bytes_that_a_bundle_knew_are_archived_when_they_are_fetched(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    source = shop(site.url("/pricing"))
    declare(sqlite_store, [declaration(source)], now=lambda: NOON)
    known = Visit(
        source="shop",
        document="pricing",
        url="the bundle's",
        fetched_at=NOON - HOUR,
        reader_version=1,
        outcome=Outcome.OK,
        reading=judge(source, table().encode()).reading,
        cause=Cause.BACKFILLED,
        sha256=sha256(table().encode()).hexdigest(),
    )
    ingest(sqlite_store, known, identity=load(), now=lambda: NOON)
    [crawled] = crawl_at(sqlite_store, source, tmp_path)
    assert crawled.outcome is Outcome.UNCHANGED
    with reading(sqlite_store) as session:
        evidence = [price.evidence for price in prices(session, now=NOON + HOUR)]
    assert [(one.url, one.archived, one.status) for one in evidence] == [
        ("the bundle's", True, 200)
    ] * 2
    assert verify(sqlite_store, tmp_path / "archive").is_whole


def test_validators_are_sent_and_304_means_that_the_last_reading_holds(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    headers = {"ETag": '"v1"', "Last-Modified": "Sun, 22 Nov 2026 11:00:00 GMT"}
    whole = Answer(body=table().encode(), headers={"Content-Type": "text/html", **headers})
    source = shop(site.says("/pricing", whole, Answer(status=304, headers=headers)))
    crawl_at(sqlite_store, source, tmp_path)
    [again] = crawl_at(sqlite_store, source, tmp_path, now=NOON + HOUR)
    [third] = crawl_at(sqlite_store, source, tmp_path, now=NOON + 2 * HOUR)
    assert (again.outcome, third.outcome) == (Outcome.UNCHANGED, Outcome.UNCHANGED)
    assert site.seen[-1].headers["if-none-match"] == '"v1"'
    assert site.seen[-1].headers["if-modified-since"] == "Sun, 22 Nov 2026 11:00:00 GMT"
    assert visits(sqlite_store)[-1].reading_id == visits(sqlite_store)[0].reading_id


def test_no_validators_are_sent_when_the_reader_is_another_version(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    headers = {"Content-Type": "text/html", "ETag": '"v1"'}
    url = site.says("/pricing", Answer(body=table().encode(), headers=headers))
    crawl_at(sqlite_store, shop(url), tmp_path)
    [again] = crawl_at(sqlite_store, shop(url, version=2), tmp_path, now=NOON + HOUR)
    assert "if-none-match" not in site.seen[-1].headers
    assert again.outcome in {Outcome.OK, Outcome.UNCHANGED}


def test_no_validators_are_sent_when_the_page_was_never_read(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    headers = {"Content-Type": "text/html", "ETag": '"v1"'}
    strange = Answer(body=b"<html><body><h1>Hello</h1></body></html>", headers=headers)
    url = site.says("/pricing", strange)
    crawl_at(sqlite_store, shop(url), tmp_path)
    crawl_at(sqlite_store, shop(url), tmp_path, now=NOON + HOUR)
    assert "if-none-match" not in site.seen[-1].headers


def test_a_failed_visit_does_not_forget_the_validators(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    headers = {"Content-Type": "text/html", "ETag": '"v1"'}
    whole = Answer(body=table().encode(), headers=headers)
    source = shop(site.says("/pricing", whole, Answer(status=404), Answer(status=304)))
    crawl_at(sqlite_store, source, tmp_path)
    crawl_at(sqlite_store, source, tmp_path, now=NOON + HOUR)
    [third] = crawl_at(sqlite_store, source, tmp_path, now=NOON + 2 * HOUR)
    assert third.outcome is Outcome.UNCHANGED


def test_a_304_after_a_busy_answer_has_no_bytes(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    headers = {"Content-Type": "text/html", "ETag": '"v1"'}
    whole = Answer(body=table().encode(), headers=headers)
    busy = Answer(status=503, body=b"<p>busy</p>")
    source = shop(site.says("/pricing", whole, busy, Answer(status=304)))
    crawl_at(sqlite_store, source, tmp_path)
    [again] = crawl_at(sqlite_store, source, tmp_path, now=NOON + HOUR)
    assert again.outcome is Outcome.UNCHANGED
    assert visits(sqlite_store)[-1].sha256 is None


def test_a_304_that_nobody_asked_for_is_not_taken_for_the_page(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    url = site.says("/pricing", Answer(status=304))
    [result] = crawl_at(sqlite_store, shop(url), tmp_path)
    assert result.outcome is Outcome.PAGE_CHANGED
    assert "answered 304 Not Modified, and nothing of it was kept" in result.detail


def test_an_archive_that_was_moved_away_stops_no_crawl(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    url = site.url("/pricing")
    crawl_at(sqlite_store, shop(url), tmp_path)
    (tmp_path / "archive").rename(tmp_path / "elsewhere")
    [again] = crawl_at(sqlite_store, shop(url, version=2), tmp_path, now=NOON + HOUR)
    assert again.outcome is Outcome.OK
    assert not [v for v in visits(sqlite_store) if v.cause == Cause.CORRECTED]


def test_a_changed_price_is_a_new_revision(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    source = shop(site.says("/pricing", page(table("$3")), page(table("$2"))))
    crawl_at(sqlite_store, source, tmp_path)
    crawl_at(sqlite_store, source, tmp_path, now=NOON + HOUR)
    assert sorted(filter(None, amounts(sqlite_store))) == [2 * 10**12, 3 * 10**12, 15 * 10**12]


def test_a_new_reader_version_reads_the_archived_page_again_first(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    url = site.says("/pricing", page(table("$3")), page(table("$3")), page(table("$2")))
    crawl_at(sqlite_store, shop(url), tmp_path)
    crawl_at(sqlite_store, shop(url), tmp_path, now=NOON + HOUR)
    crawl_at(sqlite_store, shop(url, version=2), tmp_path, now=NOON + 2 * HOUR)
    seen = [(v.fetched_at, v.cause, v.reader_version) for v in visits(sqlite_store)]
    assert seen == [
        (NOON, Cause.OBSERVED, 1),
        (NOON + HOUR, Cause.OBSERVED, 1),
        (NOON + HOUR, Cause.CORRECTED, 2),
        (NOON, Cause.CORRECTED, 2),
        (NOON + 2 * HOUR, Cause.OBSERVED, 2),
    ]


def test_a_new_reader_version_lets_nothing_through_that_a_guard_holds(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    url = site.says("/pricing", page(table("$3")), page(table("$300")))
    crawl_at(sqlite_store, shop(url), tmp_path)
    crawl_at(sqlite_store, shop(url), tmp_path, now=NOON + HOUR)
    crawl_at(sqlite_store, shop(url, version=2), tmp_path, now=NOON + 2 * HOUR)
    assert not [v for v in visits(sqlite_store) if v.cause == Cause.CORRECTED]
    assert sorted(filter(None, amounts(sqlite_store))) == [3 * 10**12, 15 * 10**12]


def test_a_visit_that_found_nothing_new_is_corrected_with_the_page_it_rests_on(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    whole = Answer(body=table().encode(), headers={"Content-Type": "text/html", "ETag": '"v1"'})
    url = site.says("/pricing", whole, Answer(status=304), whole)
    crawl_at(sqlite_store, shop(url), tmp_path)
    crawl_at(sqlite_store, shop(url), tmp_path, now=NOON + HOUR)
    crawl_at(sqlite_store, shop(url, version=2), tmp_path, now=NOON + 2 * HOUR)
    corrected = [v for v in visits(sqlite_store) if v.cause == Cause.CORRECTED]
    assert {(v.fetched_at, v.sha256 is None) for v in corrected} == {
        (NOON, False),
        (NOON + HOUR, True),
    }


def test_one_document_that_fails_does_not_stop_the_others(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    source = shop(site.says("/pricing", Answer(status=403)), site.url("/images"))
    results = crawl_at(sqlite_store, source, tmp_path)
    assert outcomes(results) == {"pricing": Outcome.BLOCKED, "images": Outcome.OK}


def test_one_source_that_fails_does_not_stop_the_others(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    unreachable = shop("http://nowhere.invalid/pricing", name="unreachable")
    results = crawl_at(sqlite_store, [unreachable, shop(site.url("/pricing"))], tmp_path)
    assert [result.outcome for result in results] == [Outcome.NETWORK, Outcome.OK]


def test_a_reader_that_breaks_is_an_outcome_that_names_it(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("spiders.verdict.read", breaks)
    [result] = crawl_at(sqlite_store, shop(site.url("/pricing")), tmp_path)
    assert result.outcome is Outcome.PAGE_CHANGED
    assert "broke on the page (ZeroDivisionError: oh); mend it in" in result.detail


def test_an_archive_that_cannot_be_written_is_raised(
    sqlite_store: Engine, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Archive, "store", full)
    with pytest.raises(ExceptionGroup, match="some sources could not be crawled") as caught:
        crawl_at(sqlite_store, shop(site.url("/pricing")), tmp_path)
    assert "No space left" in str(caught.value.exceptions[0])
    assert visits(sqlite_store) == []


def test_a_page_of_another_kind_is_not_read_as_the_page(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    url = site.says("/pricing", Answer(status=302, headers={"Location": "/images"}))
    results = crawl_at(sqlite_store, shop(url, site.url("/images")), tmp_path)
    assert outcomes(results)["pricing"] is Outcome.PAGE_CHANGED
    assert "layout of another document (images" in results[0].detail
    assert results[0].url == site.url("/images")


def test_a_moved_page_is_read_with_its_final_address_as_evidence(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    url = site.says("/old", Answer(status=301, headers={"Location": "/pricing"}))
    [result] = crawl_at(sqlite_store, shop(url), tmp_path)
    assert result.outcome is Outcome.OK
    assert result.url == site.url("/pricing")
    assert f"leads to {site.url('/pricing')}; declare that address" in result.detail


def test_a_page_that_robots_refuses_ends_as_robots(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    site.says("/robots.txt", robots("User-agent: *\nDisallow: /pricing"))
    [result] = crawl_at(sqlite_store, shop(site.url("/pricing")), tmp_path)
    assert result.outcome is Outcome.ROBOTS
    assert result.detail == "robots.txt refuses /pricing to tokentape"


def crawl_once(store_url: str, url: str, folder: Path) -> None:
    engine = open_store(store_url)
    crawl_at(engine, shop(url), folder)
    engine.dispose()


def test_two_processes_that_start_at_once_make_one_run(
    store_url: str, site: Site, tmp_path: Path
) -> None:
    url = site.url("/pricing")
    engine = open_store(store_url)
    crawl_at(engine, shop(url), tmp_path)
    with lease(engine, "shop") as mine:
        assert mine
        other = multiprocessing.get_context("spawn").Process(
            target=crawl_once, args=(store_url, url, tmp_path)
        )
        other.start()
        other.join()
    assert other.exitcode == 0
    assert len(visits(engine)) == 1
    engine.dispose()


def test_an_unknown_source_is_refused(sqlite_store: Engine) -> None:
    with pytest.raises(KeyError, match="no-such-source"):
        crawl(sqlite_store, ["no-such-source"], now=lambda: NOON)


def test_crawling_may_be_asked_for_from_a_thread(
    sqlite_store: Engine, site: Site, tmp_path: Path
) -> None:
    source = shop(site.url("/pricing"))

    async def beside() -> list[CrawlResult]:
        return await asyncio.to_thread(crawl_at, sqlite_store, source, tmp_path)

    [result] = asyncio.run(beside())
    assert result.outcome is Outcome.OK
