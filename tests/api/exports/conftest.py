"""A store with the bundled history and the tools' last lists, served over loopback HTTP."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import Engine

from api.app import create_app
from api.exports.formats import FORMATS
from api.exports.held import made_of
from api.exports.ledger import Exported
from api.exports.material import Material, gather
from catalog.bundle import BUNDLED, CATALOGS, pages_in
from catalog.cost import Book
from catalog.cost.stored import StoredBook
from catalog.current.following import Followed
from catalog.current.view import Views
from catalog.identity import load
from catalog.ingest import ingest
from catalog.settings import read_settings
from catalog.store import open_store
from catalog.visit import Visit
from catalog.vocabulary import Meter
from spiders.loading import declare_sources

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

DATED = frozenset({"anthropic", "llm-prices"})
"""Sources all of whose pages are taken: they changed prices, or list by several documents."""
UNUSED = frozenset(
    {
        ("openrouter", "endpoints"),
        ("models-dev", "api"),
        ("genai-prices", "data"),
        ("epoch", "capabilities-index"),
        ("artificial-analysis", "models"),
        ("lmarena", "text"),
        ("aider", "polyglot"),
        ("qwen", "zh"),
        ("volcengine", "zh"),
    }
)
"""What no claim here rests on, left out because it takes long."""
NAMING = frozenset({"litellm", "openrouter"})
"""Lists that are taken for the ids in them."""


def now() -> datetime:
    """Give the moment that the exports are of."""
    return NOW


@pytest.fixture(scope="session")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The bundled official pages, all of Anthropic's and the last of the others, and some lists.

    Of two tools' lists the plain prices of input are enough: they name all their ids.
    """
    path = tmp_path_factory.mktemp("exports") / "tokentape.db"
    shutil.copy(migrated_sqlite, path)
    engine = open_store(f"sqlite:///{path}")
    declare_sources(engine, now=now)
    for visit in _visits():
        ingest(engine, visit, identity=load(), now=now)
    return engine


def _visits() -> Iterator[Visit]:
    pages = [*pages_in(BUNDLED), *pages_in(CATALOGS)]
    last = {(page.head.source, page.head.document): page for page in pages}
    for page in pages:
        document = (page.head.source, page.head.document)
        if document not in UNUSED and (page.head.source in DATED or last[document] is page):
            visit = page.read()
            yield _of_input(visit) if page.head.source in NAMING else visit


def _of_input(visit: Visit) -> Visit:
    assert visit.reading
    plain = [one for one in visit.reading.points if one.meter is Meter.INPUT_TOKENS]
    short = tuple(one for one in plain if one.tier == "standard" and not one.context_over)
    return visit.model_copy(update={"reading": visit.reading.model_copy(update={"points": short})})


@pytest.fixture(scope="session")
def views(filled: Engine) -> Views:
    """The store's views."""
    return Followed(filled, now=now)


@pytest.fixture(scope="session")
def material(views: Views) -> Material:
    """What all exports are made of."""
    return gather(views, views.look())


@pytest.fixture(scope="session")
def made(views: Views) -> Mapping[str, Exported]:
    """Every export by its name, made once: the server gives the same."""
    return {format_.name: made_of(views, format_)[0] for format_ in FORMATS}


@pytest.fixture(scope="session")
def book(filled: Engine) -> Book:
    """The calculator's prices of the same store: what exports must give."""
    return StoredBook(filled, load(), now=now).current()


@pytest.fixture(scope="session")
def served(filled: Engine, views: Views, made: Mapping[str, Exported]) -> Iterator[str]:
    """Serve the application over loopback, and give its root."""
    app = create_app(filled, settings=read_settings({"TOKENTAPE_RATE_LIMIT": "0"}))
    app.state.views = views
    assert made  # LiteLLM waits for five seconds only, however busy the machine
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
