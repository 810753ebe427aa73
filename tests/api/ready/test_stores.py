"""A followed store that is locked, cut off, stopped or replaced: answers go on, and catch up."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.testclient import TestClient

from api.following import follow_once
from catalog.current.following import Followed
from catalog.migrating import migrate
from catalog.store import open_store
from tests.catalog.builders import Catalog, point, visit
from tests.postgresql import is_installed, own_server

CUT_OFF = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = :name AND pid <> pg_backend_pid()"
)


def amounts(client: TestClient) -> list[str]:
    answer = client.get("/prices")
    assert answer.status_code == 200
    return [one["amount"] for one in answer.json()["data"]]


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    """Each kind of store in turn, with one price."""
    filled = Catalog(store)
    filled.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    return filled


@pytest.fixture
def other(store_url: str) -> Iterator[Engine]:
    """The same store as another process opens it."""
    engine = open_store(store_url)
    yield engine
    engine.dispose()


@pytest.fixture
def client(app: FastAPI, catalog: Catalog, other: Engine) -> TestClient:
    return following(app, catalog, other)


def following(app: FastAPI, catalog: Catalog, engine: Engine) -> TestClient:
    app.state.views = Followed(engine, now=lambda: catalog.clock)
    asyncio.run(follow_once(app))
    return TestClient(app, raise_server_exceptions=False)


def change(catalog: Catalog) -> None:
    catalog.take(visit("2026-06-01", point("Claude Opus 4.7", "4")))


def test_what_another_process_commits_is_shown_by_the_next_look(
    app: FastAPI, catalog: Catalog, client: TestClient
) -> None:
    assert amounts(client) == ["5"]
    change(catalog)
    asyncio.run(follow_once(app))
    assert amounts(client) == ["4"]


@pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
def test_a_connection_that_was_cut_off_is_made_again(
    app: FastAPI, catalog: Catalog, client: TestClient, store: Engine
) -> None:
    change(catalog)
    with store.connect() as connection:
        cut = connection.scalars(CUT_OFF, {"name": store.url.database}).all()
    assert any(cut)
    asyncio.run(follow_once(app))
    assert amounts(client) == ["4"]


def test_a_server_that_is_started_again_is_followed_again(app: FastAPI) -> None:
    if not is_installed():
        pytest.skip("no PostgreSQL: install its server")
    with TemporaryDirectory(prefix="tokentape-pg-") as name:
        folder = Path(name)
        with own_server(folder) as url:
            engine = open_store(url.render_as_string(hide_password=False))
            migrate(engine)
            catalog = Catalog(engine)
            catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
            client = following(app, catalog, engine)
        with pytest.raises(SQLAlchemyError):
            asyncio.run(follow_once(app))
        refused = client.get("/prices")
        assert refused.status_code == 503
        assert refused.json()["detail"] == "the store cannot be read now; try again later"
        assert client.get("/livez").status_code == 200
        assert client.get("/readyz").status_code == 503
        with own_server(folder):
            change(catalog)
            assert amounts(client) == ["4"]
            asyncio.run(follow_once(app))
            assert amounts(client) == ["4"]
            engine.dispose()


def test_while_a_file_is_locked_current_questions_are_answered(
    app: FastAPI, sqlite_store: Engine, sqlite_url: str
) -> None:
    catalog = Catalog(sqlite_store)
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    client = following(app, catalog, open_store(sqlite_url))
    with closing(sqlite3.connect(sqlite_store.url.database or "")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        asyncio.run(follow_once(app))
        assert amounts(client) == ["5"]
        assert client.get("/changes").status_code == 200
