"""Every error of the application is a problem, and none tells what went wrong inside."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from api.http.request_ids import request_id
from api.http.route_table import methods_at
from api.problems import Fault, Problem, Refused, problem_of, refuse_parameter
from catalog.store import FutureError

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("tokentape.api")
PLAINER = {"bool_parsing": "write true or false"}
"""What to say in place of what Pydantic says, by the kind of its error."""


def answer(
    problem: Problem, scope: Scope, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Answer with a problem, which says what was asked for and the request's id."""
    told = problem.model_copy(update={"instance": scope["path"], "request_id": request_id(scope)})
    return JSONResponse(
        told.model_dump(exclude_none=True),
        status_code=told.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def add_problems(app: FastAPI) -> None:
    """Make every refusal of an app a problem: ours and the framework's."""
    app.add_exception_handler(Refused, _answer_refused)
    app.add_exception_handler(FutureError, _answer_future)
    app.add_exception_handler(OperationalError, _answer_unreadable)
    app.add_exception_handler(InterfaceError, _answer_unreadable)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)


def _answer_refused(request: Request, error: Exception) -> JSONResponse:
    refused = cast("Refused", error)
    return answer(refused.problem, request.scope, refused.headers)


def _answer_future(request: Request, error: Exception) -> JSONResponse:
    return answer(refuse_parameter("known_at", str(error)).problem, request.scope)


def _answer_unreadable(request: Request, error: Exception) -> JSONResponse:
    """Say that the store cannot be read, and no more; the log has the rest."""
    cause = cast("DBAPIError", error).orig
    _LOG.error("request %s: the store cannot be read: %s", request_id(request.scope), cause)
    detail = "the store cannot be read now; try again later"
    return answer(problem_of(HTTPStatus.SERVICE_UNAVAILABLE, detail), request.scope)


def _answer_http(request: Request, error: Exception) -> JSONResponse:
    raised = cast("HTTPException", error)
    status, path = HTTPStatus(raised.status_code), request.url.path
    headers = dict(raised.headers or {})
    taken = ", ".join(methods_at(request.app, path))
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = taken
    details = {
        HTTPStatus.NOT_FOUND: f"nothing is served at {path}; {_where_else(request)}",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not served at {path}; {taken} are",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: raised.detail,
    }
    detail = details.get(status, status.description or status.phrase)
    return answer(problem_of(status, detail), request.scope, headers)


def _where_else(request: Request) -> str:
    """Name the address that was meant, where it has a slash too many; else where all are listed."""
    meant = "/" + "/".join(filter(None, request.url.path.split("/")))
    return f"ask {meant}" if methods_at(request.app, meant) else "see /docs"


def _answer_invalid(request: Request, error: Exception) -> JSONResponse:
    faults = [_fault(one) for one in cast("RequestValidationError", error).errors()]
    detail = "; ".join(f"{fault.parameter}: {fault.detail}" for fault in faults)
    problem = problem_of(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=faults)
    return answer(problem, request.scope)


def _fault(error: Mapping[str, object]) -> Fault:
    """Turn one of pydantic's errors into ours; one about several parameters names them itself."""
    location = cast("Sequence[str | int]", error["loc"])
    named = cast("Mapping[str, object]", error.get("ctx") or {}).get("parameter")
    message = PLAINER.get(str(error["type"])) or str(error["msg"]).removeprefix("Value error, ")
    return Fault(parameter=str(named or location[min(1, len(location) - 1)]), detail=message)
