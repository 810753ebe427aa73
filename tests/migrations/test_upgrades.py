"""A store that earlier code made answers the same after every later migration, and goes on."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    column,
    table,
    text,
)

from catalog.identity import load
from catalog.identity.registry import adopt
from catalog.migrating import migrate
from catalog.store import MIGRATIONS, is_migrated, open_store
from catalog.vocabulary import EventType
from tests.catalog.builders import Catalog, point, visit
from tests.faults.copies import administer
from tests.faults.soundness import defects
from tests.migrations.keep import BEGUN, HOUR, OPUS, SONNET, STEPS, STORES, Answers, answers

Row = dict[str, str | int | None]
KEPT = sorted(file.name.partition(".")[0] for file in STORES.iterdir())
NEVER_ALONE = {"0002"}
"""Migrations that no code ever was between: they came together with the one after."""


@dataclass(frozen=True)
class Kept:
    """A store that earlier code made, and what that code answered of it."""

    revision: str
    rows: Mapping[str, list[Row]]
    answers: Answers


def kept(revision: str) -> Kept:
    said = json.loads(gzip.decompress((STORES / f"{revision}.json.gz").read_bytes()))
    return Kept(revision, said["rows"], said["answers"])


def alembic(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def fill(engine: Engine, store: Kept) -> None:
    """Make the tables of a revision, and put the rows in as they were."""
    with engine.begin() as connection:
        command.upgrade(alembic(connection), store.revision)
        there = MetaData()
        there.reflect(connection)
        for made in there.sorted_tables:
            if made.name != "alembic_version":
                insert(connection, made, store.rows[made.name])


def insert(connection: Connection, made: Table, rows: list[Row]) -> None:
    """Put rows into a table, in the place of any that its migration made."""
    connection.execute(made.delete())
    if not rows:
        return
    plain = table(made.name, *(column(name) for name in rows[0]))
    connection.execute(plain.insert(), [as_stored(made, row) for row in rows])
    for key in made.primary_key:
        count_on(connection, key)


def as_stored(made: Table, row: Row) -> Row:
    """Give a row as PostgreSQL takes it, which tells 1 from true."""
    flags = {one.name for one in made.columns if isinstance(one.type, Boolean)}
    return {name: bool(value) if name in flags else value for name, value in row.items()}


def count_on(connection: Connection, key: "Column[int]") -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    if connection.dialect.name != "postgresql" or not isinstance(key.autoincrement, bool):
        return
    where = {"table": key.table.name, "column": key.name}
    counter = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), where)
    if counter is not None:
        last = f"SELECT max({key.name}) FROM {key.table.name}"  # noqa: S608 our own words
        connection.execute(text(f"SELECT setval('{counter}', ({last}))"))


def bring_up(engine: Engine) -> None:
    """Do what ``tokentape migrate`` does."""
    migrate(engine)
    adopt(engine, load(), now=lambda: BEGUN + STEPS * HOUR)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """Open a store without tables, of each kind in turn."""
    if request.param == "sqlite":
        engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('bare')}/tokentape.db")
        yield engine
        engine.dispose()
        return
    server: URL = request.getfixturevalue("postgresql_server")
    address, name = server.render_as_string(hide_password=False), f"bare_{uuid4().hex[:8]}"
    administer(address, f"CREATE DATABASE {name}")
    engine = open_store(server.set(database=name).render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    administer(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("revision", KEPT)
def test_an_older_store_answers_the_same_after_its_upgrade(
    bare: Engine, revision: str, tmp_path: Path
) -> None:
    store = kept(revision)
    fill(bare, store)
    bring_up(bare)
    assert is_migrated(bare)
    assert answers(bare) == store.answers
    assert defects(bare, load(), tmp_path) == []


@pytest.mark.parametrize("revision", KEPT[:1])
def test_an_upgraded_store_goes_on(bare: Engine, revision: str, tmp_path: Path) -> None:
    fill(bare, kept(revision))
    bring_up(bare)
    catalog = Catalog(bare, clock=BEGUN + STEPS * HOUR)
    told = len(catalog.events())
    catalog.take(visit("2026-10-21", point(OPUS, "3"), point(SONNET, "3.25")))
    [changed] = [one for one in catalog.events()[told:] if one.type is EventType.PRICE_CHANGED]
    assert (changed.old, changed.new) == (Decimal("3.5"), Decimal(3))
    assert defects(bare, load(), tmp_path) == []


def test_every_revision_but_the_last_has_a_kept_store() -> None:
    script = ScriptDirectory.from_config(alembic())
    earlier = {one.revision for one in script.walk_revisions()} - set(script.get_heads())
    lacking = earlier - NEVER_ALONE - set(KEPT)
    assert not lacking, f"run python -m tests.migrations.keep before the migration after {lacking}"
