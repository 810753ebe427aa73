"""The real application over a real store, with a catalog that tests can fill."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from tests.catalog.builders import Catalog


@pytest.fixture
def catalog(sqlite_store: Engine) -> Catalog:
    """An empty catalog that knows one source."""
    return Catalog(sqlite_store)


@pytest.fixture
def client(catalog: Catalog) -> Iterator[TestClient]:
    """Ask the application as a browser would; its errors are answers, not exceptions."""
    app = create_app(catalog.engine)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
