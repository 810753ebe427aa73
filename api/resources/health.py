"""Whether the server answers and reads its store."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.exc import SQLAlchemyError

from api.problems import Refused
from api.questions import Nothing
from api.shapes import Shape
from api.state import OfViews


class Health(Shape):
    """The server answers and reads its store."""

    status: str
    sequence: int


router = APIRouter()


@router.get("/healthz", name="check_health")
def check_health(asked: Annotated[Nothing, Query()], views: OfViews) -> Health:
    """Say that the server reads its store."""
    del asked
    try:
        return Health(status="ok", sequence=views.last_sequence())
    except SQLAlchemyError:
        detail = "the store cannot be read; is it migrated and reachable?"
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail) from None
