"""The store keeps what it is given, orders its writers, and refuses to rewrite history."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from multiprocessing import get_context

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col

from catalog.events.changes import ChangeEvent
from catalog.migrating import migrate
from catalog.past.history import prices
from catalog.store import (
    FutureError,
    Ingest,
    StoreError,
    is_migrated,
    open_store,
    reading,
    writing,
)
from catalog.tables import METADATA
from tests.catalog.builders import NOW, Catalog, point, source, visit

OPUS = "Claude Opus 4.7"
REWRITES = (
    "UPDATE readings SET rows = '{}'",
    "UPDATE snapshots SET url = ''",
    "UPDATE change_events SET cause = 'observed'",
    "UPDATE revisions SET amount = 1",
    "UPDATE revisions SET superseded = 7, amount = 1",
    "DELETE FROM readings",
    "DELETE FROM snapshots",
    "DELETE FROM change_events",
    "DELETE FROM revisions",
)


@pytest.mark.parametrize("statement", REWRITES)
def test_history_is_never_rewritten(store: Engine, statement: str) -> None:
    Catalog(store).take(visit("2026-05-01", point(OPUS, "5")))
    with pytest.raises(DBAPIError, match="never rewritten"), store.begin() as connection:
        connection.execute(text(statement))


def test_a_revision_is_superseded_once(store: Engine) -> None:
    Catalog(store).take(visit("2026-05-01", point(OPUS, "5")))
    with store.begin() as connection:
        connection.execute(text("UPDATE revisions SET superseded = 7"))
    with pytest.raises(DBAPIError, match="never rewritten"), store.begin() as connection:
        connection.execute(text("UPDATE revisions SET superseded = 8"))


def test_two_revisions_of_a_series_never_start_at_one_moment(store: Engine) -> None:
    Catalog(store).take(visit("2026-05-01", point(OPUS, "5")))
    columns = (
        "series_id, valid_from, amount, reason, precision, announced, initial, visit_id, label,"
        " tier, text, locator, ingest"
    )
    again = text(f"INSERT INTO revisions ({columns}) SELECT {columns} FROM revisions")  # noqa: S608 our own columns
    with pytest.raises(IntegrityError), store.begin() as connection:
        connection.execute(again)


def test_migrating_again_changes_nothing(store: Engine) -> None:
    assert is_migrated(store)
    Catalog(store).take(visit("2026-05-01", point(OPUS, "5")))
    migrate(store)
    assert len(Catalog(store).prices("2026-05-02")) == 1


def test_the_migrations_build_the_tables_that_the_code_declares(store: Engine) -> None:
    with store.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, METADATA) == []


def test_a_new_file_is_not_migrated(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('new')}/tokentape.db")
    assert not is_migrated(engine)
    engine.dispose()


def test_a_store_of_another_kind_is_refused() -> None:
    with pytest.raises(StoreError, match="postgresql"):
        open_store("mysql://localhost/tokentape")


def test_moments_come_back_aware_and_in_utc(store: Engine) -> None:
    zone = timezone(timedelta(hours=8))
    catalog = Catalog(store)
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), fetched_at=datetime(2026, 5, 1, 8, tzinfo=zone))
    )
    [price] = catalog.prices("2026-05-02")
    assert price.valid_from == datetime(2026, 5, 1, tzinfo=UTC)
    assert price.valid_from.tzinfo is UTC


def test_recorded_at_never_goes_back(store: Engine) -> None:
    catalog = Catalog(store)
    catalog.take(visit("2026-05-01", point(OPUS, "5")))
    catalog.clock = NOW - timedelta(days=100)
    catalog.take(visit("2026-05-02", point(OPUS, "4")))
    with reading(store) as session:
        recorded = session.scalars(
            select(col(Ingest.recorded_at)).order_by(col(Ingest.number))
        ).all()
    assert recorded == sorted(recorded)


def test_what_is_rolled_back_takes_no_number(store: Engine) -> None:
    catalog = Catalog(store)

    def fail() -> None:
        with writing(store, now=catalog.now) as turn:
            turn.event()
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    catalog.take(visit("2026-05-01", point(OPUS, "5")))
    assert [event.sequence for event in catalog.events()] == [1]


def test_a_question_about_what_will_be_known_is_refused(store: Engine) -> None:
    with reading(store) as session, pytest.raises(FutureError, match="lies ahead"):
        prices(session, now=NOW, known_at=NOW + timedelta(seconds=1))


def test_what_was_known_before_stays_what_it_was(store: Engine) -> None:
    catalog = Catalog(store)
    catalog.take(visit("2026-05-01", point(OPUS, "5")), visit("2026-05-09", point(OPUS, "4")))
    then = catalog.clock
    catalog.clock += timedelta(hours=1)
    catalog.take(visit("2026-05-05", point(OPUS, "4.5")))
    assert [p.amount for p in catalog.prices("2026-05-06")] == [Decimal("4.5")]
    assert [p.amount for p in catalog.prices("2026-05-06", known_at=then)] == [Decimal(5)]


def ingest_many(url: str, name: str) -> None:
    """Write from a process of its own."""
    engine = open_store(url)
    catalog = Catalog(engine, sources=(source(name),))
    for day in range(1, 11):
        page = visit(f"2026-05-{day:02}", point(OPUS, str(day)), source=name)
        catalog.take(page)
    engine.dispose()


def test_two_writing_processes_leave_no_gap_in_the_log(store_url: str) -> None:
    writers = [
        get_context("spawn").Process(target=ingest_many, args=(store_url, name))
        for name in ("anthropic", "openai")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert_gapless(store_url)


def test_many_writing_threads_leave_no_gap_in_the_log(store_url: str) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(ingest_many, [store_url] * 4, ["anthropic", "openai", "deepseek", "xai"]))
    assert_gapless(store_url)


def assert_gapless(url: str) -> None:
    engine = open_store(url)
    with reading(engine) as session:
        rows = session.execute(
            select(col(ChangeEvent.sequence), col(ChangeEvent.recorded_at)).order_by(
                col(ChangeEvent.sequence)
            )
        ).all()
    engine.dispose()
    assert [row.sequence for row in rows] == list(range(1, len(rows) + 1))
    assert [row.recorded_at for row in rows] == sorted(row.recorded_at for row in rows)
    assert len(rows) >= 20
