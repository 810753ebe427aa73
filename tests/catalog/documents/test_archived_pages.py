"""What is in effect of archived pages, held and refused visits too, on both stores."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from catalog.documents.archived_pages import archived_pages
from catalog.documents.last_good import last_good
from catalog.documents.snapshots import find_snapshot
from catalog.documents.sources import UnknownSourceError
from catalog.documents.visits import refused_visits
from catalog.moments import parse_moment
from catalog.review.holds import Decision, holds_seen
from catalog.store import reading
from catalog.vocabulary import Cause, Outcome
from tests.catalog.builders import Catalog, failed, point, visit

OPUS = "Claude Opus 4.7"
PAGE, OTHER = "1" * 64, "2" * 64


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    return Catalog(store)


def test_a_page_is_given_with_every_time_it_was_seen_and_its_last_word(catalog: Catalog) -> None:
    first = visit("2026-05-01", point(OPUS, "5"), sha256=PAGE, archived=True)
    as_before = failed("2026-05-02", Outcome.UNCHANGED)
    down = failed("2026-05-03", Outcome.NETWORK)
    corrected = visit(
        "2026-05-01", point(OPUS, "6"), sha256=PAGE, reader_version=2, cause=Cause.CORRECTED
    )
    catalog.take(first, as_before, down, corrected)
    with reading(catalog.engine) as session:
        [page] = archived_pages(session, "anthropic")
    assert (page.document, page.snapshot.sha256) == ("docs", PAGE)
    one, two = page.sightings
    assert (one.at, one.sha256, one.reader_version) == (parse_moment("2026-05-01"), PAGE, 2)
    assert (two.at, two.sha256, two.reader_version) == (parse_moment("2026-05-02"), None, 1)
    assert (one.outcome, two.outcome) == (Outcome.OK, Outcome.UNCHANGED)
    assert one.reading != two.reading


def test_pages_that_are_not_archived_are_left_out_and_refused_ones_are_not(
    catalog: Catalog,
) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), sha256=PAGE),
        failed("2026-05-02", Outcome.PAGE_CHANGED, sha256=OTHER, archived=True),
    )
    with reading(catalog.engine) as session:
        [page] = archived_pages(session, "anthropic")
    assert page.snapshot.sha256 == OTHER
    assert (page.sightings[0].outcome, page.sightings[0].reading) == (Outcome.PAGE_CHANGED, None)


def test_what_a_guard_holds_is_marked_and_seen_with_its_visit(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), archived=True, cause=Cause.OBSERVED),
        visit("2026-05-02", point(OPUS, "50"), archived=True, cause=Cause.OBSERVED),
    )
    with reading(catalog.engine) as session:
        pages = archived_pages(session, "anthropic")
        [held] = holds_seen(session, [Decision.OPEN])
    assert [page.sightings[0].held for page in pages] == [False, True]
    assert (held.hold.guard, held.visit.archived) == ("large_factor", True)
    assert (held.since, held.decided_at) == (catalog.clock, None)


def test_the_latest_refused_visits_come_first(catalog: Catalog) -> None:
    catalog.take(failed("2026-05-01"), failed("2026-05-03"), failed("2026-05-02"))
    with reading(catalog.engine) as session:
        seen = refused_visits(session, "anthropic", limit=2)
    assert [one.fetched_at.day for one in seen] == [3, 2]


def test_bytes_are_found_where_they_are_archived_if_anywhere(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), sha256=PAGE),
        visit("2026-05-02", point(OPUS, "5"), sha256=PAGE, document="site", archived=True),
    )
    with reading(catalog.engine) as session:
        found = find_snapshot(session, PAGE)
        assert find_snapshot(session, OTHER) is None
    assert found is not None
    assert found.archived


def test_a_known_page_whose_bytes_come_to_be_archived_is_evidence_that_is_archived(
    catalog: Catalog,
) -> None:
    catalog.take(visit("2026-05-01", point(OPUS, "5"), sha256=PAGE))
    then = catalog.clock
    catalog.clock += timedelta(hours=1)
    catalog.take(
        visit(
            "2026-05-02",
            point(OPUS, "5"),
            sha256=PAGE,
            archived=True,
            status=200,
            headers=(("ETag", '"v1"'),),
        )
    )
    for known_at, archived, status in ((None, True, 200), (then, False, None)):
        [price] = catalog.prices("2026-05-02", known_at=known_at)
        assert price.evidence.fetched_at == parse_moment("2026-05-01")
        assert (price.evidence.archived, price.evidence.status) == (archived, status)
        assert price.evidence.reader_version == 1
    with reading(catalog.engine) as session:
        [page] = archived_pages(session, "anthropic")
        last = last_good(session, "anthropic", "docs")
    assert (page.answer.status, [seen.at.day for seen in page.sightings]) == (200, [1, 2])
    assert last is not None
    assert (last.archived, last.headers) == (True, {"etag": '"v1"'})
    evidence = catalog.events()[0].evidence
    assert evidence is not None
    assert evidence.archived


def test_an_unknown_source_is_refused(catalog: Catalog) -> None:
    with reading(catalog.engine) as session, pytest.raises(UnknownSourceError):
        archived_pages(session, "nobody")
