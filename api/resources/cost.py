"""What a usage costs: one object as JSON, or many, a line each, answered as they come."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.problems import Fault, Problem, Refused
from api.resources.costing import CostOut, CostQuestion, shown
from api.shapes import Shape
from api.state import OfViews
from catalog.cost import Book, UsageError, price
from catalog.cost.stored import StoredBook
from catalog.current.view import Views
from catalog.store import FutureError

NDJSON = "application/x-ndjson"
JSON = "application/json"
LONGEST_LINE = 256 * 1024
"""Bytes of one usage with its question."""
LONGEST_BODY = 64 * 1024 * 1024
"""Bytes of a body of many lines."""


class Answer(Shape):
    """One line's answer where the line is no question."""

    error: Problem


class Streamed(StreamingResponse):
    """An answer that is made while the question still comes: nobody else may read the request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what is there as it is there, without listening for the end of the connection."""
        del scope, receive
        await self.stream_response(send)


@dataclass(frozen=True)
class Books:
    """What one request is priced by: what is known now, the same for all its lines, or was."""

    now: Book
    stored: StoredBook

    def known(self, known_at: datetime | None) -> Book:
        """Give the book of what was known at a moment. Raises FutureError for one to come."""
        return self.now if known_at is None else self.stored.known(known_at)


_stored: WeakKeyDictionary[Views, StoredBook] = WeakKeyDictionary()


def _books(views: OfViews) -> Books:
    held = _stored.get(views)
    if held is None:
        held = _stored[views] = StoredBook(views.engine, views.identity, now=views.now)
    return Books(held.current(), held)


router = APIRouter()


@router.post(
    "/cost",
    name="cost",
    response_model=CostOut,
    responses={200: {"content": {NDJSON: {}}}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": CostQuestion.model_json_schema()},
                NDJSON: {"schema": {}, "example": '{"model": "claude-opus-4-7", "usage": {}}\n'},
            },
        }
    },
)
async def price_usage(
    request: Request, views: OfViews, books: Annotated[Books, Depends(_books)]
) -> Response:
    """Price a raw usage object by the price that held; a line each as NDJSON, answered in order.

    A model or price that is not known is no error: `total` is null and the line says why.
    """
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind == NDJSON:
        _refuse_longer(request, LONGEST_BODY)
        return Streamed(_answers(request, views, books), media_type=NDJSON)
    if kind != JSON:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"send {JSON}, or {NDJSON} for many")
    _refuse_longer(request, LONGEST_LINE)
    body = await _body(request)
    answer = await run_in_threadpool(_answer, body, views, books)
    return Response(answer.model_dump_json(), media_type=JSON)


def _refuse_longer(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        raise _too_long(most)


def _too_long(most: int) -> Refused:
    detail = f"the body is longer than {most} bytes; send many usages as {NDJSON}, and in parts"
    return Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_LINE:
            raise _too_long(LONGEST_LINE)
    return body


def _answer(body: bytes, views: Views, books: Books) -> CostOut:
    try:
        asked = CostQuestion.model_validate_json(body)
        cost = price(
            asked.model,
            asked.usage,
            at=asked.at or asked.known_at or views.now(),
            book=books.known(asked.known_at),
            provider=asked.provider,
            tier=asked.tier,
            region=asked.region,
            format=asked.format,
        )
    except ValidationError as error:
        raise _refused([_fault(one) for one in error.errors()]) from None
    except UsageError as error:
        raise _refused([Fault(parameter="usage", detail=str(error))]) from None
    except FutureError as error:
        raise _refused([Fault(parameter="known_at", detail=str(error))]) from None
    return shown(cost)


def _refused(faults: Iterable[Fault]) -> Refused:
    errors = list(faults)
    detail = "; ".join(f"{fault.parameter}: {fault.detail}" for fault in errors)
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def _fault(error: Mapping[str, object]) -> Fault:
    where, more = error["loc"], error.get("ctx")
    parameter = str(where[0]) if isinstance(where, tuple) and where else "body"
    named = more.get("parameter") if isinstance(more, dict) else None
    message = str(error["msg"]).removeprefix("Value error, ")
    return Fault(parameter=str(named or parameter), detail=message)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    with suppress(ClientDisconnect):
        async for chunk in request.stream():
            yield chunk


async def _answers(request: Request, views: Views, books: Books) -> AsyncIterator[bytes]:
    """Answer each line of a body in order, as its bytes come; the last one needs no line end."""
    rest, taken, number = b"", 0, 0
    async for chunk in _chunks(request):
        taken += len(chunk)
        if taken > LONGEST_BODY:
            yield _error_line(_too_long(LONGEST_BODY), number + 1)
            return
        *lines, rest = (rest + chunk).split(b"\n")
        if lines:
            yield await run_in_threadpool(_answer_lines, lines, number, views, books)
            number += len(lines)
        if len(rest) > LONGEST_LINE:
            yield _error_line(_too_long(LONGEST_LINE), number + 1)
            return
    if rest:
        yield await run_in_threadpool(_answer_lines, [rest], number, views, books)


def _answer_lines(lines: Iterable[bytes], before: int, views: Views, books: Books) -> bytes:
    return b"".join(
        _answer_line(line, number, views, books)
        for number, line in enumerate(lines, start=before + 1)
    )


def _answer_line(line: bytes, number: int, views: Views, books: Books) -> bytes:
    try:
        if len(line) > LONGEST_LINE:
            raise _too_long(LONGEST_LINE)
        return _answer(line, views, books).model_dump_json().encode() + b"\n"
    except Refused as refused:
        return _error_line(refused, number)


def _error_line(refused: Refused, number: int) -> bytes:
    problem = refused.problem.model_copy(
        update={"detail": f"line {number}: {refused.problem.detail}"}
    )
    return Answer(error=problem).model_dump_json(exclude_none=True).encode() + b"\n"
