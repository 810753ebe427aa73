"""One catalog with prices, changes, a failed visit and scores, asked an hour after its last."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.reading import Reading, Score
from catalog.store import open_store
from catalog.vocabulary import Meter, SourceKind
from tests.catalog.builders import Catalog, failed, point, source, visit

LATER = timedelta(hours=1)


@pytest.fixture
def filled(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Catalog]:
    """Give a catalog of one's own."""
    path = tmp_path / "filled.db"
    shutil.copy(migrated_sqlite, path)
    catalog = fill(Catalog(open_store(f"sqlite:///{path}")))
    yield catalog
    catalog.engine.dispose()


@pytest.fixture(scope="module")
def shared(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Give a catalog that the tests of a module only read."""
    path = tmp_path_factory.mktemp("http") / "shared.db"
    shutil.copy(migrated_sqlite, path)
    catalog = fill(Catalog(open_store(f"sqlite:///{path}")))
    yield catalog
    catalog.engine.dispose()


def fill(catalog: Catalog) -> Catalog:
    """Take in two days of prices and a failed visit, and an hour later scores."""
    output = point("Claude Opus 4.7", "25", meter=Meter.OUTPUT_TOKENS)
    haiku = point("Claude Haiku 4.5", "1")
    catalog.take(
        visit("2026-05-01", point("Claude Opus 4.7", "5"), output, haiku),
        visit("2026-06-01", point("Claude Opus 4.7", "4"), output, haiku),
        failed("2026-06-02"),
    )
    catalog.clock += LATER
    epoch = source("epoch", documents=("csv",)).model_copy(update={"kind": SourceKind.BENCHMARK})
    declare(catalog.engine, (epoch,), now=catalog.now)
    read = Score(model="claude-opus-4-7_32K", benchmark="epoch_eci", score="150", evidence="150")
    reading = Reading(form="a", scores=(read,))
    catalog.take(visit("2026-04-10", source="epoch", document="csv", reading=reading))
    return catalog


def asking(app: FastAPI, catalog: Catalog) -> TestClient:
    """Ask about a catalog an hour after what it last took in, taking bytes as they are."""
    app.state.views = Views(catalog.engine, now=lambda: catalog.clock + LATER)
    client = TestClient(app, raise_server_exceptions=False)
    client.headers["accept-encoding"] = "identity"
    return client


@pytest.fixture
def client(app: FastAPI, shared: Catalog) -> TestClient:
    """Ask about the shared catalog."""
    return asking(app, shared)
