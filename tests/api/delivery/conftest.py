"""A desk over each kind of store, and a receiver."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.api.delivery.desk import Desk
from tests.api.delivery.receivers import Receiver, receiving
from tests.catalog.builders import Catalog

KILLS = "--kills"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the seed of the long form."""
    parser.addoption(KILLS, type=int, default=None, help="Kill 300 times a store: a seed.")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a receiver of messages."""
    with receiving() as server:
        yield server


@pytest.fixture
def desk(sqlite_store: Engine) -> Iterator[Desk]:
    """Give a desk over SQLite, for what does not depend on the kind of store."""
    with_store = Desk(Catalog(sqlite_store))
    yield with_store
    with_store.executor.shutdown()


@pytest.fixture
def either_desk(store: Engine) -> Iterator[Desk]:
    """Give a desk over each kind of store in turn."""
    with_store = Desk(Catalog(store))
    yield with_store
    with_store.executor.shutdown()
