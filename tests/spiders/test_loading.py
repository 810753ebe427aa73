"""What comes with the project is in a store once, however often it is loaded."""

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Engine

from catalog.exchange import Rates
from catalog.facts import rates
from catalog.sources import find_source
from catalog.store import reading
from spiders.loading import load_history
from spiders.source import source_names
from tests.spiders.shop import visits

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_every_source_is_declared_and_past_days_can_be_converted(sqlite_store: Engine) -> None:
    load_history(sqlite_store, now=lambda: NOW)
    with reading(sqlite_store) as session:
        assert all(find_source(session, name).name == name for name in source_names())
        known = Rates(rates(session))
    converted = known.convert(Decimal(7), "CNY", to="USD", at=date(2024, 3, 5))
    assert converted is not None
    assert Decimal("0.95") < converted.amount < Decimal("1.00")


def test_loading_again_adds_nothing(sqlite_store: Engine) -> None:
    first = load_history(sqlite_store, now=lambda: NOW)
    stored = len(visits(sqlite_store))
    again = load_history(sqlite_store, now=lambda: NOW)
    assert again.files == first.files == first.added
    assert again.added == 0
    assert len(visits(sqlite_store)) == stored
