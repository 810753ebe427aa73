"""What is asked of history is sought: no question goes through all that was ever written."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from catalog.current.view import Views
from catalog.past import history
from catalog.store import reading
from catalog.vocabulary import Cause, SourceKind
from tests.catalog.builders import Catalog, point, source, visit

OPUS = "Claude Opus 4.7"
GROWING = ("revisions", "change_events", "assertions", "run_documents", "readings", "snapshots")
LAST_EVENT = (
    "SELECT change_events.sequence \nFROM change_events ORDER BY change_events.sequence DESC"
)
"""A question for the end of the log goes through it from there, and stops at once."""
Asked = list[tuple[str, tuple[object, ...]]]


@contextmanager
def overheard(engine: Engine) -> Iterator[Asked]:
    """Note every question that is asked meanwhile."""
    asked: Asked = []

    def note(_1: object, _2: object, statement: str, values: object, *_: object) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")) and isinstance(values, tuple):
            asked.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def gone_through(engine: Engine, asked: Asked) -> set[tuple[str, str]]:
    """Give the questions that go through all rows of a table that grows."""
    found: set[tuple[str, str]] = set()
    with engine.connect() as connection:
        for statement, values in asked:
            if statement.startswith(LAST_EVENT):
                continue
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [str(row[3]).split() for row in plan]
            found |= {(" ".join(step), statement) for step in steps if step[0] == "SCAN"}
    return {(step, q) for step, q in found if step.split()[1].startswith(GROWING)}


@pytest.fixture
def catalog(sqlite_store: Engine) -> Catalog:
    """Give a catalog in which a price has changed every day of a week."""
    catalog = Catalog(sqlite_store)
    catalog.take(*(visit(f"2026-05-0{day}", point(OPUS, str(day))) for day in range(1, 8)))
    return catalog


def test_taking_in_a_visit_seeks_what_it_needs(catalog: Catalog) -> None:
    with overheard(catalog.engine) as asked:
        catalog.take(visit("2026-05-08", point(OPUS, "8")))
    assert gone_through(catalog.engine, asked) == set()


def test_the_view_of_now_seeks_what_it_needs(catalog: Catalog) -> None:
    with overheard(catalog.engine) as asked:
        Views(catalog.engine, now=catalog.now).current()
    assert gone_through(catalog.engine, asked) == set()


def test_the_prices_of_a_model_then_are_sought(catalog: Catalog) -> None:
    with overheard(catalog.engine) as asked, reading(catalog.engine) as session:
        history.prices(session, now=catalog.now(), model="anthropic/claude-opus-4.7")
    assert gone_through(catalog.engine, asked) == set()


def test_what_is_held_ever_again_is_asked_about_once(sqlite_store: Engine) -> None:
    reseller = source("requesty").model_copy(update={"kind": SourceKind.RESELLER})
    catalog = Catalog(sqlite_store, sources=(source(), reseller))

    def crawl(day: int, amount: str, name: str = "anthropic") -> int:
        page = visit(f"2026-05-{day:02}", point(OPUS, amount), source=name, cause=Cause.OBSERVED)
        with overheard(catalog.engine) as asked:
            catalog.take(page)
        return len(asked)

    crawl(1, "5")
    crawl(1, "5", "requesty")
    for day in (2, 3, 4):
        crawl(day, "50")
    few = crawl(4, "6", "requesty")
    for day in range(5, 15):
        crawl(day, "50")
    assert crawl(14, "5", "requesty") <= few
