"""The benchmark of history asks a store that is as ingest would have made it."""

import shutil
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select

from bench.history import naive
from bench.history.fill import begin, fill
from bench.history.questions import Asking
from bench.history.shape import Shape, recorded_at
from bench.history.stores import stores
from catalog.identity import load
from catalog.ingest import ingest
from catalog.store import open_store, reading
from catalog.tables import METADATA

SHAPE = Shape(sources=2, models=2, days=5)


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Give all rows of all tables but the chain, in order of their keys."""
    with engine.connect() as connection:
        return {
            name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for name, table in METADATA.tables.items()
            if name != "chain"
        }


def ingested(engine: Engine) -> None:
    """Take in a shape's history visit by visit."""
    begin(engine, SHAPE)
    for day in range(1, SHAPE.days):
        for source in range(SHAPE.sources):
            now = partial(recorded_at, source, day)
            ingest(engine, SHAPE.visit(source, day), identity=load(), now=now)


def test_a_store_filled_in_bulk_equals_one_filled_by_ingest(sqlite_url: str) -> None:
    other = Path(sqlite_url.removeprefix("sqlite:///")).with_name("other.db")
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), other)
    fill(sqlite_url, SHAPE, lambda: None)
    bulk, single = open_store(sqlite_url), open_store(f"sqlite:///{other}")
    ingested(single)
    assert rows(bulk) == rows(single)
    bulk.dispose()
    single.dispose()


def test_the_naive_design_gives_the_same_amounts(store_url: str) -> None:
    fill(store_url, SHAPE, lambda: None)
    engine = open_store(store_url)
    asking = Asking(engine, SHAPE, load())
    with engine.begin() as connection:
        naive.build(connection)
    for day in asking.days(3):
        with reading(engine) as session:
            amounts = naive.amounts_at(session.connection(), day)
            assert len(amounts) == SHAPE.series
            assert sorted(amounts) == sorted(asking.amounts_at(session, day))
    engine.dispose()


def test_a_crawl_with_no_change_writes_nothing_but_its_run(store_url: str) -> None:
    fill(store_url, SHAPE, lambda: None)
    engine = open_store(store_url)
    _, written = Asking(engine, SHAPE, load()).crawls()
    assert written == {"ingests": 2, "runs": 2, "run_documents": 2, "chain": 2}
    engine.dispose()


def test_a_store_is_filled_once_and_asked_as_a_copy(tmp_path: Path) -> None:
    days: list[int] = []
    for _ in range(2):
        with (
            stores("sqlite", tmp_path) as place,
            place.copy(SHAPE, lambda: days.append(1)) as url,
        ):
            engine = open_store(url)
            Asking(engine, SHAPE, load()).crawls()
            engine.dispose()
    assert len(days) == SHAPE.days - 1
    assert [path.name for path in tmp_path.iterdir()] == ["bench_2_2_5.db"]
