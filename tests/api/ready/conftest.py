"""One catalog asked through two applications: with answers kept ready, and without."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.app import create_app
from api.ready.kept import Memory
from catalog.current.following import Followed
from catalog.current.view import Views
from catalog.settings import environment_settings
from catalog.store import open_store
from tests.api.http.conftest import LATER, filled, shared
from tests.catalog.builders import Catalog

__all__ = ["filled", "shared"]


@dataclass(frozen=True)
class Both:
    """The same question to an application with the layer and to one without."""

    ready: TestClient
    plain: TestClient
    memory: Memory

    def ask(self, method: str, url: str, headers: dict[str, str]) -> tuple[Response, Response]:
        """Ask both."""
        given = {"accept-encoding": "identity", **headers}
        return _raw(self.ready, method, url, given), _raw(self.plain, method, url, given)


def _raw(client: TestClient, method: str, url: str, headers: dict[str, str]) -> Response:
    """Ask, and leave the body in its coding."""
    response = client.send(client.build_request(method, url, headers=headers), stream=True)
    response._content = b"".join(response.iter_raw())  # noqa: SLF001 what came, before it is decoded
    return response


@pytest.fixture(scope="session")
def slow_app(migrated_sqlite: Path) -> FastAPI:
    """The application without the layer."""
    settings = replace(environment_settings(), rate_limit=0, ready_bytes=0)
    return create_app(open_store(f"sqlite:///{migrated_sqlite}"), settings=settings)


@pytest.fixture
def both(app: FastAPI, slow_app: FastAPI) -> Callable[[Catalog], Both]:
    """Ask about a catalog through both an hour after what it last took in."""

    def asking(catalog: Catalog, views: type[Views] = Followed) -> Both:
        for one in (app, slow_app):
            one.state.views = views(catalog.engine, now=lambda: catalog.clock + LATER)
        ready, plain = (TestClient(one, raise_server_exceptions=False) for one in (app, slow_app))
        return Both(ready, plain, app.state.ready)

    return asking
