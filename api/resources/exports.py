"""The catalog in the formats of other tools, each with its account; and the history in bulk."""

from collections.abc import Callable, Iterable, Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.exports import openrouter
from api.exports.bulk import all_prices, events_after, through_file, write_sqlite
from api.exports.formats import BY_NAME, FORMATS, Format
from api.exports.held import Written, account_of, export_of, made_of
from api.exports.openrouter_asked import ModelsAsked, chosen, narrows, page
from api.exports.trees import to_json
from api.listing import meta_of
from api.listing.lines import write_ndjson
from api.problems import not_found
from api.questions import Nothing, Text, Times
from api.resources.changes import COLUMNS as CHANGE_COLUMNS
from api.resources.changes import LARGEST
from api.resources.prices import COLUMNS as PRICE_COLUMNS
from api.shapes import Meta, Shape
from api.state import OfViews
from catalog.current.look import Look
from catalog.moments import print_moment

JSON = "application/json"
SQLITE = "application/vnd.sqlite3"
PARQUET = "application/vnd.apache.parquet"
NDJSON = "application/x-ndjson"


class ChangesSince(Times):
    """Of /exports/changes.ndjson."""

    since: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    """Only events after this sequence number."""


class ExportOut(Shape):
    """One export."""

    name: str
    path: str
    """Below this API's root."""
    loss: str | None
    """Where its account is: each price carried, and where, or lost, and why."""
    about: str


class ExportsOut(Shape):
    """All exports."""

    data: list[ExportOut]


class LossReason(Shape):
    """Why prices are lost, and how many."""

    reason: str
    meaning: str
    prices: int


class CarriedPrice(Shape):
    """A price that an export carries."""

    series: str
    at: list[str]
    """JSON pointers (RFC 6901) of the places it stands at."""


class LostPrice(Shape):
    """A price that an export cannot say."""

    series: str
    reason: str


class FilledNumber(Shape):
    """A value that the format demands or that clients would take for zero, by a declared rule."""

    at: str
    why: str


class LossOut(Shape):
    """The account of an export: every price is carried or lost."""

    export: str
    prices: int
    carried: int
    lost: int
    reasons: list[LossReason]
    carried_prices: list[CarriedPrice]
    lost_prices: list[LostPrice]
    filled: list[FilledNumber]
    meta: Meta


BULK = (
    (
        "history.sqlite",
        "The whole history as a SQLite file: prices of all time, changes, models",
    ),
    ("history.parquet", "Every price of all time as Parquet, amounts as exact decimals"),
    ("changes.ndjson", "The log of changes after `since`, one JSON object a line"),
)
router = APIRouter()


@router.get("/exports", name="list_exports")
def list_exports(_asked: Annotated[Nothing, Query()]) -> ExportsOut:
    """List what the catalog is exported as."""
    exports = [
        ExportOut(
            name=one.name,
            path=f"/exports/{one.path}",
            loss=f"/exports/{one.name}/loss",
            about=one.summary,
        )
        for one in FORMATS
    ]
    bulk = [
        ExportOut(name=path, path=f"/exports/{path}", loss=None, about=about)
        for path, about in BULK
    ]
    return ExportsOut(data=exports + bulk)


@router.get("/exports/{name}/loss", name="show_loss", response_model=LossOut)
def show_loss(name: Text, asked: Annotated[Times, Query()], views: OfViews) -> Response:
    """Show what an export carries and loses, price by price; carried and lost are all prices."""
    format_ = BY_NAME.get(name)
    if format_ is None:
        raise not_found(f"there is no export {name}; /exports lists them", sorted(BY_NAME))
    return _json(account_of(views, format_, asked.as_of, asked.known_at))


@router.get(
    "/exports/history.sqlite",
    name="export_history_as_sqlite",
    response_class=Response,
    responses={200: {"description": BULK[0][1], "content": {SQLITE: {}}}},
)
def export_history_as_sqlite(asked: Annotated[Times, Query()], views: OfViews) -> Response:
    """Export the whole history as a SQLite file of one state of the catalog."""
    look = views.look(asked.as_of, asked.known_at)
    made = through_file(lambda path: write_sqlite(path, views, look, asked.as_of))
    return _streamed(made, SQLITE, look)


@router.get(
    "/exports/history.parquet",
    name="export_history_as_parquet",
    response_class=Response,
    responses={200: {"description": BULK[1][1], "content": {PARQUET: {}}}},
)
def export_history_as_parquet(asked: Annotated[Times, Query()], views: OfViews) -> Response:
    """Export every price of all time as one Parquet file."""
    look = views.look(asked.as_of, asked.known_at)

    from api.listing.parquet import write_parquet  # noqa: PLC0415 pyarrow is slow to import

    def made() -> Iterator[bytes]:
        yield from write_parquet(PRICE_COLUMNS, all_prices(views, look, asked.as_of))

    return _streamed(made(), PARQUET, look)


@router.get(
    "/exports/changes.ndjson",
    name="export_changes",
    response_class=Response,
    responses={200: {"description": BULK[2][1], "content": {NDJSON: {}}}},
)
def export_changes(asked: Annotated[ChangesSince, Query()], views: OfViews) -> Response:
    """Export the log of changes after a number of it, to its end, one JSON object a line."""
    look = views.look(asked.as_of, asked.known_at)
    lines = write_ndjson(CHANGE_COLUMNS, events_after(views, look, asked.since))
    return _streamed(lines, NDJSON, look)


def _endpoint(format_: Format) -> Callable[..., Response]:
    def export(asked: Annotated[Times, Query()], views: OfViews) -> Response:
        return _json(export_of(views, format_, asked.as_of, asked.known_at))

    return export


def _json(written: Written) -> Response:
    return Response(written.body, media_type=JSON, headers=_state(written.look))


def _streamed(parts: Iterable[bytes], media_type: str, look: Look) -> Response:
    return StreamingResponse(parts, media_type=media_type, headers=_state(look))


def _state(look: Look) -> dict[str, str]:
    """Say which state of the catalog is exported: the formats themselves have no word for it."""
    meta = meta_of(look)
    return {
        "Tokentape-Sequence": str(meta.sequence),
        "Tokentape-As-Of": print_moment(meta.as_of),
        "Tokentape-Known-At": print_moment(meta.known_at),
    }


def _export_models(
    asked: Annotated[ModelsAsked, Query()], views: OfViews, request: Request
) -> Response:
    format_ = BY_NAME[openrouter.TOOL]
    if not narrows(asked):
        return _json(export_of(views, format_, asked.as_of, asked.known_at))
    made, look = made_of(views, format_, asked.as_of, asked.known_at)
    models = chosen(openrouter.models_in(made), asked, look.as_of)
    url = request.url.include_query_params(offset=asked.offset + (asked.limit or 0))
    return _json(Written(to_json(page(models, asked, f"{url.path}?{url.query}")), look))


for _format in FORMATS:
    router.add_api_route(
        f"/exports/{_format.path}",
        _export_models if _format.name == openrouter.TOOL else _endpoint(_format),
        name=f"export_{_format.name.replace('.', '_').replace('-', '_')}",
        summary=_format.summary,
        description=_format.summary,
        response_class=Response,
        responses={200: {"description": _format.summary, "content": {JSON: {}}}},
    )
