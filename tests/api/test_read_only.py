"""The API answers from a store that it may only read: it never writes, whatever is asked."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError
from starlette.testclient import TestClient

from catalog.current.view import Views
from catalog.moments import print_moment
from catalog.store import open_store
from catalog.vocabulary import Cause
from tests.catalog.builders import Catalog, point, visit

LISTS = ("/prices", "/models", "/providers", "/changes", "/holds", "/sources", "/meta", "/rankings")


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    catalog = Catalog(store)
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5"), cause=Cause.OBSERVED))
    return catalog


@pytest.fixture
def reader(catalog: Catalog, store_url: str) -> Iterator[Engine]:
    """Open the store as one that may only read it."""
    if catalog.engine.dialect.name == "sqlite":
        path = make_url(store_url).database
        engine = open_store(f"sqlite:///file:{path}?mode=ro&uri=true")
        yield engine
        engine.dispose()
    else:
        yield from _role(catalog.engine, store_url)


def _role(owner: Engine, store_url: str) -> Iterator[Engine]:
    role = f"reader_{uuid4().hex[:8]}"
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role}"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
    query = {"options": f"-c role={role}"}
    url = make_url(store_url).update_query_dict(query)
    engine = open_store(url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()
    with owner.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))


def test_every_list_is_answered_now_and_then(
    app: FastAPI, catalog: Catalog, reader: Engine
) -> None:
    with pytest.raises(DBAPIError), reader.begin() as connection:
        connection.execute(text("UPDATE sequence SET event = 0"))
    catalog.clock += timedelta(hours=1)
    app.state.views = Views(reader, now=catalog.now)
    client = TestClient(app)
    known_at = print_moment(catalog.clock)
    for path in LISTS:
        for query in ("", f"?known_at={known_at}", f"?as_of=2026-05-02&known_at={known_at}"):
            response = client.get(path + query)
            assert response.status_code == 200, response.text


def test_the_head_of_the_chain_is_told_and_stays_what_it_was(
    app: FastAPI, catalog: Catalog, reader: Engine
) -> None:
    app.state.views = Views(reader, now=catalog.now)
    client = TestClient(app)
    then = client.get("/meta").json()
    known_at = then["meta"]["known_at"]
    catalog.take(visit("2026-05-02", point("Claude Opus 4.7", "4"), cause=Cause.OBSERVED))
    assert client.get("/meta").json()["anchor"] != then["anchor"]
    assert client.get(f"/meta?known_at={known_at}").json()["anchor"] == then["anchor"]
