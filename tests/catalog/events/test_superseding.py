"""The log keeps every event; what later knowledge tells otherwise says since when it does."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from catalog.current.view import Views
from catalog.documents.sources import find_source
from catalog.events.changes import Event
from catalog.events.explain import explain
from catalog.money import from_pico, plain
from catalog.past.folding import Past
from catalog.past.series import Series
from catalog.store import reading
from catalog.vocabulary import Cause, EventType
from tests.catalog.builders import Catalog, point, visit

OPUS, SONNET = "Claude Opus 4.7", "Claude Sonnet 5"
Telling = tuple[str, str, str, bool]


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    return Catalog(store)


def log(catalog: Catalog) -> list[Telling]:
    """Give the log's events of prices: type, old and new amount, whether it is superseded."""
    return [
        (event.type.value, *_amounts(event), event.superseded_at is not None)
        for event in catalog.events()
        if event.series
    ]


def _amounts(event: Event) -> tuple[str, str]:
    old, new = ("none" if one is None else plain(one) for one in (event.old, event.new))
    return old, new


def explained(catalog: Catalog) -> list[tuple[str, str, str]]:
    """Give the events that explain what is known, as its timelines tell them."""
    with reading(catalog.engine) as session:
        past = Past(session, find_source(session, "anthropic"), catalog.identity)
        series = session.scalars(select(col(Series.id))).all()
        folded = past.fold(past.chains, series, ())
        return sorted(
            (told.type.value, _amount(told.old), _amount(told.new))
            for timeline in folded.timelines.values()
            for told in explain(timeline)
        )


def _amount(pico: int | None) -> str:
    return "none" if pico is None else plain(from_pico(pico))


def in_force(catalog: Catalog) -> list[tuple[str, str, str]]:
    return sorted(
        (kind, old, new)
        for kind, old, new, superseded in log(catalog)
        if not superseded and kind != EventType.PRICE_CORRECTED
    )


def test_a_late_page_between_two_supersedes_the_change_that_was_told(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), cause=Cause.OBSERVED),
        visit("2026-05-10", point(OPUS, "4"), cause=Cause.OBSERVED),
        visit("2026-05-05", point(OPUS, "4.5")),
    )
    assert log(catalog) == [
        ("price.added", "none", "5", False),
        ("price.changed", "5", "4", True),
        ("price.changed", "5", "4.5", False),
        ("price.changed", "4.5", "4", False),
    ]


def test_what_is_not_superseded_explains_what_is_known_in_whatever_order_it_came(
    catalog: Catalog,
) -> None:
    catalog.take(
        visit("2026-05-10", point(OPUS, "4"), point(SONNET, "3"), cause=Cause.OBSERVED),
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-05-12", point(OPUS, "4"), point(SONNET, "3"), cause=Cause.OBSERVED),
        visit("2026-05-14", point(OPUS, "4"), point(SONNET, "3.5"), cause=Cause.OBSERVED),
        visit("2026-05-13", point(OPUS, "4"), point(SONNET, "3.2")),
        visit("2026-05-03", point(OPUS, "5"), point(SONNET, "3")),
    )
    assert in_force(catalog) == explained(catalog)
    assert any(superseded for *_, superseded in log(catalog))


def test_an_event_dated_anew_is_the_same_event(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), cause=Cause.OBSERVED),
        visit("2026-05-10", point(OPUS, "4"), cause=Cause.OBSERVED),
        visit("2026-05-05", point(OPUS, "4")),
    )
    assert not any(superseded for *_, superseded in log(catalog))


def test_a_misreading_that_is_corrected_supersedes_the_change_it_told(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-05-02", point(OPUS, "8"), sha256="8" * 64),
        visit("2026-05-02", point(OPUS, "5"), sha256="8" * 64, reader_version=2),
    )
    assert [(kind, gone) for kind, _, _, gone in log(catalog)] == [
        ("price.added", False),
        ("price.changed", True),
        ("price.corrected", False),
    ]


def test_an_offer_that_was_not_withdrawn_supersedes_the_event_that_said_so(
    catalog: Catalog,
) -> None:
    batch = point(OPUS, "2.5", tier="batch")
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), batch, cause=Cause.OBSERVED),
        visit("2026-05-02", point(OPUS, "5"), cause=Cause.OBSERVED),
        visit("2026-05-04", point(OPUS, "5"), cause=Cause.OBSERVED),
        visit("2026-05-03", point(OPUS, "5"), batch),
    )
    told = {event.type: event.superseded_at is not None for event in catalog.events()}
    assert told[EventType.PRICE_WITHDRAWN]
    assert told[EventType.OFFER_WITHDRAWN]


def test_at_a_moment_before_nothing_is_superseded(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), cause=Cause.OBSERVED),
        visit("2026-05-10", point(OPUS, "4"), cause=Cause.OBSERVED),
    )
    then = catalog.clock
    catalog.clock += timedelta(hours=1)
    catalog.take(visit("2026-05-05", point(OPUS, "4.5")))
    views = Views(catalog.engine, identity=catalog.identity, now=catalog.now)
    before = views.log(0, limit=100, known_at=then).events
    assert [event.superseded_at for event in before] == [None, None]
    told, again, knew_better = views.log(0, limit=100).events[:3]
    assert (told.superseded_at, again.superseded_at) == (None, knew_better.recorded_at)


@pytest.mark.parametrize(
    "action", ["UPDATE superseded_events SET ingest = 1", "DELETE FROM superseded_events"]
)
def test_what_is_superseded_stays_so(catalog: Catalog, action: str) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-05-10", point(OPUS, "4")),
        visit("2026-05-05", point(OPUS, "4.5")),
    )
    with pytest.raises(DBAPIError, match="never rewritten"), catalog.engine.begin() as connection:
        connection.execute(text(action))
