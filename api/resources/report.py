"""A report that a price is wrong, filled in: where reports go, or as text to be sent."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse, RedirectResponse
from pydantic import Field

from api.problems import not_found
from api.questions import Text, Times
from api.state import OfViews
from catalog.review.reports import report_on, report_url
from catalog.settings import environment_settings

TELL = "\n(This server names nobody to send it to; its owner may set TOKENTAPE_REPORT_URL.)\n"


class ReportQuestion(Times):
    """Of /report."""

    series: Annotated[Text, Field(min_length=1)]
    """The series whose price is wrong, as /prices shows it."""


router = APIRouter()


@router.get(
    "/report",
    name="report",
    response_class=Response,
    responses={
        200: {"description": "The report, where nobody takes it", "content": {"text/plain": {}}},
        303: {"description": "Where it opens, filled in"},
    },
)
def report(asked: Annotated[ReportQuestion, Query()], views: OfViews) -> Response:
    """Open a report that the price which holds at `as_of` is wrong, filled in."""
    price, as_of = views.price(asked.series, asked.as_of, asked.known_at)
    if price is None:
        raise not_found(f"{asked.series} has no price then; /prices names each price's series")
    filled = report_on(price, as_of=as_of)
    url = report_url(filled, environment_settings())
    if url is None:
        return PlainTextResponse(f"{filled.title}\n\n{filled.body}{TELL}")
    return RedirectResponse(url, HTTPStatus.SEE_OTHER)
