"""The HTTP API as an application: one store in, every route out."""

from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import Engine

from api.errors import MEDIA_TYPE, add_problems
from api.feeds.streams import Streams
from api.heads import HeadAsGet
from api.problems import Problem
from api.routes import router
from catalog.settings import environment_settings
from catalog.view import Views

FROZEN = "/v1"


def create_app(engine: Engine, *, archive: Path | None = None) -> FastAPI:
    """Make the application over a migrated store and its archive; it only reads.

    The archive is the folder that the settings name, unless another is given.
    """
    app = FastAPI(
        title="Tokentape",
        summary="What AI tokens cost and cost before, with the words on the page that say so",
        version="1",
        responses={"default": {"model": Problem, "description": "A problem, as in RFC 9457"}},
    )
    app.state.views = Views(engine)
    app.state.streams = Streams()
    app.state.archive = archive or environment_settings().archive
    app.openapi = lambda: _described(app)  # type: ignore[method-assign] # FastAPI's own way to do it
    app.include_router(router)
    app.include_router(router, prefix=FROZEN)
    app.add_middleware(HeadAsGet)
    add_problems(app)
    return app


def _described(app: FastAPI) -> dict[str, object]:
    """Describe the routes, and every error of theirs as the problem that it is."""
    if app.openapi_schema is None:
        app.openapi_schema = FastAPI.openapi(app)
        for path in app.openapi_schema["paths"].values():
            for operation in path.values():
                content = operation["responses"]["default"]["content"]
                content[MEDIA_TYPE] = content.pop("application/json")
    return app.openapi_schema
