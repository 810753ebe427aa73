"""Whether the server lives, and whether it is ready: its store can be read and is up to date."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.exc import SQLAlchemyError

from api.problems import Refused
from api.questions import Nothing
from api.shapes import Shape
from api.state import OfViews
from catalog.store import is_migrated


class Life(Shape):
    """The server answers."""

    status: str


class Health(Shape):
    """The server answers and reads its store."""

    status: str
    sequence: int


router = APIRouter()


@router.get("/livez", name="check_life")
async def check_life(asked: Annotated[Nothing, Query()]) -> Life:
    """Say that the server answers; nothing else is looked at."""
    del asked
    return Life(status="ok")


@router.get("/readyz", name="check_readiness")
def check_readiness(asked: Annotated[Nothing, Query()], views: OfViews) -> Health:
    """Say that the server reads its store, and that the store has the tables it needs."""
    del asked
    health = _health(views)
    if not is_migrated(views.engine):
        detail = "the store has not the tables that this version needs; run: tokentape migrate"
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail)
    return health


@router.get("/healthz", name="check_health", deprecated=True)
def check_health(asked: Annotated[Nothing, Query()], views: OfViews) -> Health:
    """Say that the server reads its store; /readyz says it, and more."""
    del asked
    return _health(views)


def _health(views: OfViews) -> Health:
    try:
        return Health(status="ok", sequence=views.last_sequence())
    except SQLAlchemyError:
        detail = "the store cannot be read; is it migrated and reachable?"
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail) from None
