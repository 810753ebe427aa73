"""What a usage costs: one object as JSON, or many, a line each, answered as they come."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BeforeValidator, ConfigDict, Field, ValidationError
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from api.problems import Fault, Problem, Refused
from api.questions import Moment as AskedMoment
from api.questions import Question, Text
from api.shapes import Amount, Moment, Shape
from api.state import OfViews
from catalog.cost import Book, Cost, Line, UsageError, price
from catalog.cost.pricing import in_digits
from catalog.cost.rates import Rate
from catalog.cost.rules import Multiplier, Stack
from catalog.cost.stored import StoredBook
from catalog.current.view import Views
from catalog.money import plain
from catalog.store import FutureError

NDJSON = "application/x-ndjson"
JSON = "application/json"
LONGEST_LINE = 256 * 1024
"""Bytes of one usage with its question."""
LONGEST_BODY = 64 * 1024 * 1024
"""Bytes of a body of many lines."""


def _written(at: object) -> object:
    """Refuse a number: whether it counts seconds or something else, nobody can say."""
    if at is None or isinstance(at, str):
        return at
    raise ValueError(f"{at!r} is no date; write 2026-01-31 or 2026-01-31T12:00:00Z")


class CostQuestion(Question):
    """What used so much, when and where; what is not named is the usual one."""

    model_config = ConfigDict(title="CostQuestion")

    model: Annotated[Text, Field(min_length=1, examples=["claude-opus-4-7"])]
    """Any name of a model."""
    usage: Annotated[
        dict[str, object], Field(examples=[{"input_tokens": 1200, "output_tokens": 300}])
    ]
    """The usage object, as the provider's API returned it."""
    at: Annotated[AskedMoment | None, BeforeValidator(_written)] = None
    """When it was used; a date is its first instant in UTC. ``known_at``, else now."""
    known_at: Annotated[AskedMoment | None, BeforeValidator(_written)] = None
    """What was known when; prices recorded later do not count. Now, unless given."""
    provider: Text | None = None
    """Who sold it; the model's maker, unless given."""
    tier: Text | None = None
    """The service tier; what the usage names, else standard."""
    region: Text | None = None
    """What the usage names, else global, else the maker's home."""
    format: Text | None = None
    """Whose usage it is (openai-chat, anthropic …); what its fields show, unless given."""


class MoneyOut(Shape):
    """So much of a currency."""

    amount: Amount
    currency: str


class ProofOut(Shape):
    """Where a price, or a rule, can be checked."""

    url: str
    sha256: str | None
    text: str
    fetched_at: Moment | None


class OtherOut(Shape):
    """The price that may have held already: it was seen next, and it is not known since when."""

    price: Amount | None
    """None: it had come to an end."""
    amount: Amount | None
    valid_from: Moment


class CostLineOut(Shape):
    """What so much of one meter costs, or why that is not known."""

    meter: str
    """A meter; the name of a surcharge; or a field of the usage that no rule knows."""
    quantity: int
    amount: Amount | None
    """None: not known."""
    currency: str | None
    price: Amount | None
    """In the currency per unit, as stated; a factor is not in it."""
    unit: str | None
    priced_as: str | None
    """The meter that has the price: another one where it is not priced apart."""
    valid_from: Moment | None
    series: str | None
    evidence: ProofOut | None
    factor: str | None
    """What it is multiplied with, by a rule that the provider states."""
    rule: ProofOut | None
    """That rule."""
    other: OtherOut | None
    """Where the moment lies between two sightings with different amounts."""
    reason: str | None
    """Why the amount is not known."""
    candidates: list[str]
    """What could be asked for instead."""


class CostOut(Shape):
    """What a usage costs."""

    total: MoneyOut | None
    """None where any line's amount is not known: unknown is never zero."""
    other_total: MoneyOut | None
    """The total if the prices seen next held already, where that is in doubt."""
    lines: list[CostLineOut]
    warnings: list[str]
    model: str | None
    provider: str | None
    tier: str
    region: str
    at: Moment
    format: str
    """Whose usage it was read as."""


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
    return _shown(cost)


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


def _shown(cost: Cost) -> CostOut:
    return CostOut(
        total=_money(cost.total, cost.currency),
        other_total=_money(cost.other_total, cost.currency),
        lines=[_line(line, cost.currency) for line in cost.lines],
        warnings=list(cost.warnings),
        model=cost.offer.sold.model,
        provider=cost.offer.sold.provider,
        tier=cost.offer.tier,
        region=cost.offer.region,
        at=cost.at,
        format=cost.counted.format,
    )


def _money(amount: Decimal | None, currency: str | None) -> MoneyOut | None:
    if amount is None or currency is None:
        return None
    return MoneyOut(amount=plain(amount), currency=currency)


def _line(line: Line, currency: str | None) -> CostLineOut:
    rate = line.rate
    return CostLineOut(
        meter=str(line.meter),
        quantity=line.quantity,
        amount=_plain(line.amount),
        currency=None if line.atto is None else currency,
        price=_plain(rate.amount) if rate else None,
        unit=rate.unit if rate else None,
        priced_as=rate.meter if rate else None,
        valid_from=rate.valid_from if rate else None,
        series=rate.series if rate else None,
        evidence=_proof(rate) if rate else None,
        factor=in_digits(line.factor) if line.factor else None,
        rule=_rule(line.rule),
        other=_other(line),
        reason=line.reason or None,
        candidates=list(line.candidates),
    )


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def _proof(rate: Rate) -> ProofOut:
    proof = rate.proof
    return ProofOut(
        url=proof.url, sha256=proof.sha256, text=proof.text, fetched_at=proof.fetched_at
    )


def _rule(rule: Stack | Multiplier | None) -> ProofOut | None:
    if isinstance(rule, Multiplier):
        return ProofOut(url=rule.url, sha256=None, text=rule.text, fetched_at=rule.seen_at)
    return (
        None
        if rule is None
        else ProofOut(url=rule.url, sha256=None, text=rule.says, fetched_at=None)
    )


def _other(line: Line) -> OtherOut | None:
    if line.doubt is None:
        return None
    return OtherOut(
        price=_plain(line.doubt.amount),
        amount=_plain(line.other_amount),
        valid_from=line.doubt.valid_from,
    )
