"""The real application over a real store, with a catalog that tests can fill."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from catalog.current.view import Views
from catalog.settings import environment_settings
from catalog.store import open_store
from tests.catalog.builders import Catalog


@pytest.fixture
def catalog(sqlite_store: Engine) -> Catalog:
    """An empty catalog that knows one source."""
    return Catalog(sqlite_store)


@pytest.fixture(scope="session")
def app(migrated_sqlite: Path) -> FastAPI:
    """The application, made once: making it is slower than a test; each test looks elsewhere."""
    unlimited = replace(environment_settings(), rate_limit=0)
    return create_app(open_store(f"sqlite:///{migrated_sqlite}"), settings=unlimited)


@pytest.fixture
def client(app: FastAPI, catalog: Catalog) -> TestClient:
    """Ask the application as a browser would; its errors are answers, not exceptions."""
    app.state.views = Views(catalog.engine, now=catalog.now)
    return TestClient(app, raise_server_exceptions=False)
