"""What ingest makes of visits, on both stores."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from catalog.documents.sources import Run, UnknownSourceError
from catalog.store import reading
from catalog.vocabulary import Cause, Precision
from tests.catalog.builders import Catalog, point, visit


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    return Catalog(store)


def runs(catalog: Catalog) -> int:
    with reading(catalog.engine) as session:
        return session.scalars(select(func.count()).select_from(Run)).one()


def test_a_first_reading_is_served_with_its_evidence(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    [price] = catalog.prices("2026-05-02")
    assert (price.model, price.amount) == ("anthropic/claude-opus-4.7", Decimal(5))
    assert price.precision is Precision.AT_MOST
    assert price.valid_from == datetime(2026, 5, 1, tzinfo=UTC)
    assert price.evidence.text == "Claude Opus 4.7: $5"
    assert price.evidence.url == "https://anthropic.example/docs"


def test_a_repeated_reading_adds_nothing_but_a_run(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    before = catalog.history()
    [result] = catalog.take(visit("2026-05-02", point("Claude Opus 4.7", "5")))
    assert (result.added_revisions, result.superseded_revisions, result.events) == (0, 0, 0)
    assert runs(catalog) == 2
    [price] = catalog.prices("2026-05-03")
    assert price.confirmed_at == datetime(2026, 5, 2, tzinfo=UTC)
    assert [p.valid_from for p in catalog.history()] == [p.valid_from for p in before]


def test_the_same_visit_again_adds_nothing_at_all(catalog: Catalog) -> None:
    again = visit("2026-05-01", point("Claude Opus 4.7", "5"))
    _, second = catalog.take(again, again)
    assert second.known
    assert runs(catalog) == 1


def test_a_changed_price_lies_between_its_two_sightings(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point("Claude Opus 4.7", "5")),
        visit("2026-05-03", point("Claude Opus 4.7", "5")),
        visit("2026-05-08", point("Claude Opus 4.7", "4.5")),
    )
    [_, change] = catalog.history()
    assert change.amount == Decimal("4.5")
    assert change.precision is Precision.BETWEEN
    assert change.not_before == datetime(2026, 5, 3, tzinfo=UTC)
    assert change.valid_from == datetime(2026, 5, 8, tzinfo=UTC)


def test_a_source_that_nothing_declares_is_refused(catalog: Catalog) -> None:
    with pytest.raises(UnknownSourceError, match="nobody"):
        catalog.take(visit("2026-05-01", source="nobody", cause=Cause.OBSERVED))
