"""A served application follows its store: what was asked again is ready when a view is shown."""

import asyncio

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api import following
from api.following import follow_once
from api.ready.kept import Key
from catalog.current.following import Followed
from tests.api.http.conftest import LATER
from tests.api.ready.conftest import filled
from tests.catalog.builders import Catalog, point, visit

__all__ = ["filled"]


def key(views: Followed, path: str) -> Key:
    view = views.current()
    return Key(view.version, view.as_of, path, b"", b"*/*", b"identity")


def asking(app: FastAPI) -> TestClient:
    client = TestClient(app)
    client.headers["accept-encoding"] = "identity"
    return client


def test_what_was_asked_again_is_ready_when_the_next_view_is_shown(
    app: FastAPI, filled: Catalog
) -> None:
    app.state.views = views = Followed(filled.engine, now=lambda: filled.clock + LATER)
    asyncio.run(follow_once(app))
    client, memory = asking(app), app.state.ready
    for path in ("/models", "/models", "/prices"):
        client.get(path)
    filled.take(visit("2026-06-03", point("Claude Opus 4.7", "3")))
    before = client.get("/models").json()["meta"]["sequence"]
    asyncio.run(follow_once(app))
    assert memory.find(key(views, "/models")) is not None
    assert memory.find(key(views, "/prices")) is None
    after = client.get("/models")
    assert after.json()["meta"]["sequence"] > before
    memory.clear()
    assert client.get("/models").content == after.content


def test_a_served_application_shows_what_is_committed_meanwhile(
    app: FastAPI, filled: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "LOOKS_EVERY", 0.01)
    app.state.views = Followed(filled.engine, now=lambda: filled.clock + LATER)
    with asking(app) as client:
        before = client.get("/models").json()["meta"]["sequence"]
        filled.take(visit("2026-06-03", point("Claude Opus 4.7", "3")))
        for _ in range(2000):
            if client.get("/models").json()["meta"]["sequence"] > before:
                return
        pytest.fail("the next view was not shown")


def test_a_store_that_cannot_be_read_stops_no_server(app: FastAPI, sqlite_store: Engine) -> None:
    with sqlite_store.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sequence RENAME TO lost")
    app.state.views = Followed(sqlite_store)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/livez").status_code == 200
        assert client.get("/models").status_code == 503
