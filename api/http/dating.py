"""When an answer became what it is, as far as HTTP's dates of whole seconds can say it."""

from datetime import UTC, datetime, timedelta

from anyio.to_thread import run_sync
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers
from starlette.types import Scope

from api.http.asked import params_of
from api.http.build import built_at
from api.http.caching import BOTH_TIMES, FROZEN
from catalog.current.view import Views
from catalog.moments import parse_moment
from catalog.store import is_settled, reading

STATE = ("tokentape-sequence", "tokentape-as-of", "tokentape-known-at")
"""The headers by which lists say which state of the catalog they are of."""
SETTLES_AFTER = timedelta(minutes=1)
"""A younger state has no date: another one may follow in its second. No commit takes so long."""
OF_CODE = frozenset(
    {"", "/docs", "/llms.txt", "/openapi.json", "/problems", "/problems/{name}", "/redoc"}
)
"""Addresses whose answers change with the code alone."""


async def modified_at(scope: Scope, template: str, headers: Headers) -> datetime | None:
    """Give when an answer last became other than before, in whole seconds; None: not certain."""
    if template.removeprefix(FROZEN) in OF_CODE:
        return built_at().replace(microsecond=0)
    views: Views = scope["app"].state.views
    since = _stated(scope, headers) or await run_sync(_since, views)
    if since is None or views.now() - since < SETTLES_AFTER:
        return None
    return max(since, built_at()).replace(microsecond=0)


async def is_settled_for(scope: Scope) -> bool:
    """Whether what a question with both times asks for is the same for ever from now on.

    Of any other question it is not; nor of one that names no moment.
    """
    query = params_of(scope)
    if not query.keys() >= BOTH_TIMES:
        return False
    try:
        known_at = parse_moment(query["known_at"])
        return await run_sync(_is_settled, scope["app"].state.views, known_at)
    except (ValueError, OverflowError, SQLAlchemyError):
        return False


def _is_settled(views: Views, known_at: datetime) -> bool:
    with reading(views.engine) as session:
        return is_settled(session, known_at)


def _stated(scope: Scope, headers: Headers) -> datetime | None:
    """Read it from a list's own headers; a moment asked for is none at which anything changed."""
    if STATE[1] not in headers:
        return None
    known_at = parse_moment(headers[STATE[2]])
    if "as_of" in params_of(scope):
        return known_at
    return max(known_at, parse_moment(headers[STATE[1]]))


def _since(views: Views) -> datetime | None:
    """Give since when all that is known holds as it does."""
    try:
        return views.look().as_of.astimezone(UTC)
    except SQLAlchemyError:
        return None
