"""The HTTP API as an application: one store in, every route out."""

from itertools import product
from pathlib import Path

from fastapi import Depends, FastAPI
from sqlalchemy import Engine

from api.errors import add_problems
from api.feeds.negotiation import Negotiated
from api.feeds.streams import Streams
from api.following import following
from api.http import pages
from api.http.acceptable import refuse_unacceptable
from api.http.access_log import Logged, writer_of
from api.http.answering import Answered
from api.http.asking import Asked
from api.http.caching import FROZEN
from api.http.metrics import Measured, Metrics
from api.http.options import Options
from api.http.rate_limits import Limited
from api.http.repetition import refuse_repeated
from api.http.representing import Represented
from api.openapi import describe
from api.problems import Problem
from api.ready.kept import Memory
from api.ready.layer import Ready
from api.routes import RESOURCES
from api.webhooks import describe_webhooks
from catalog.current.following import Followed
from catalog.settings import Settings, environment_settings

REFUSING = (Depends(refuse_repeated), Depends(refuse_unacceptable))
"""What every route refuses before it is asked."""


def create_app(
    engine: Engine, *, archive: Path | None = None, settings: Settings | None = None
) -> FastAPI:
    """Make the application over a migrated store and its archive; it only reads.

    The settings are those of the environment, and the archive the folder that they name, unless
    others are given.
    """
    settings = settings or environment_settings()
    app = FastAPI(
        title="Tokentape",
        summary="What AI tokens cost and cost before, with the words on the page that say so",
        version="1",
        responses={"default": {"model": Problem, "description": "A problem, as in RFC 9457"}},
        redirect_slashes=False,
        lifespan=following,
    )
    app.state.views = Followed(engine)
    app.state.archive = archive or settings.archive
    app.state.metrics = Metrics()
    app.state.streams = Streams()
    app.state.trusted = settings.trusted_proxies
    app.state.ready = Memory(settings.ready_bytes)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign] # FastAPI's own way to do it
    for prefix, part in product(("", FROZEN), (*RESOURCES, pages)):
        app.include_router(part.router, prefix=prefix, dependencies=REFUSING)
    describe_webhooks(app)
    _add_layers(app, settings)
    add_problems(app)
    return app


def _add_layers(app: FastAPI, settings: Settings) -> None:
    """Put around the routes what holds for every answer; what is added last is outermost."""
    app.add_middleware(Negotiated)
    app.add_middleware(Represented)
    if settings.ready_bytes:
        app.add_middleware(Ready, memory=app.state.ready)
    app.add_middleware(Asked)
    if settings.rate_limit:
        app.add_middleware(Limited, most=settings.rate_limit, trusted=settings.trusted_proxies)
    app.add_middleware(Options)
    app.add_middleware(Measured, metrics=app.state.metrics)
    app.add_middleware(Answered)
    if settings.access_log:
        app.add_middleware(Logged, write=writer_of(settings.access_log))
