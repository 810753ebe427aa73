"""Every error of the application is a problem, and none tells what went wrong inside."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.problems import Fault, Problem, Refused, refuse_parameter
from catalog.store import FutureError

MEDIA_TYPE = "application/problem+json"


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Answer with a problem."""
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def add_problems(app: FastAPI) -> None:
    """Make every error of an app a problem: ours, the framework's and the unforeseen."""
    app.add_exception_handler(Refused, _answer_refused)
    app.add_exception_handler(FutureError, _answer_future)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(Exception, _answer_unforeseen)


def _answer_refused(_request: Request, error: Exception) -> JSONResponse:
    return answer(cast("Refused", error).problem)


def _answer_future(_request: Request, error: Exception) -> JSONResponse:
    return answer(refuse_parameter("known_at", str(error)).problem)


def _answer_http(request: Request, error: Exception) -> JSONResponse:
    raised = cast("HTTPException", error)
    status = HTTPStatus(raised.status_code)
    details = {
        HTTPStatus.NOT_FOUND: f"nothing is served at {request.url.path}; see /docs",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not served at {request.url.path}",
    }
    problem = Problem(
        title=status.phrase, status=status, detail=details.get(status, status.description)
    )
    return answer(problem, raised.headers)


def _answer_invalid(_request: Request, error: Exception) -> JSONResponse:
    faults = [_fault(one) for one in cast("RequestValidationError", error).errors()]
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    detail = "; ".join(f"{fault.parameter}: {fault.detail}" for fault in faults)
    return answer(Problem(title=status.phrase, status=status, detail=detail, errors=faults))


def _fault(error: Mapping[str, object]) -> Fault:
    """Turn one of pydantic's errors into ours; one about several parameters names them itself."""
    location = cast("Sequence[str | int]", error["loc"])
    named = cast("Mapping[str, object]", error.get("ctx") or {}).get("parameter")
    message = str(error["msg"]).removeprefix("Value error, ")
    return Fault(parameter=str(named or location[min(1, len(location) - 1)]), detail=message)


def _answer_unforeseen(_request: Request, _error: Exception) -> JSONResponse:
    """Say nothing of what went wrong inside: the log does."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "the server failed to answer; the request may be right: try again later"
    return answer(Problem(title=status.phrase, status=status, detail=detail))
