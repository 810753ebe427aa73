"""Serving a list at a path: its parameters described, its answer in the format asked for."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from inspect import Parameter, Signature
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from api.http.asked import list_of
from api.listing.asking import Ask
from api.listing.columns import Column, Item
from api.listing.lines import write_csv, write_ndjson
from api.listing.negotiation import MEDIA_TYPES, choose
from api.listing.pages import write_page
from api.listing.questions import USUAL_PAGE, Asked, Format, chosen
from api.listing.quick import ListRoute, quick_way
from api.listing.resource import ListResource
from api.listing.rows import Rows
from api.questions import Text
from api.shapes import Meta
from api.state import OfViews
from catalog.moments import print_moment

_IN_PATH = re.compile(r"{(\w+)}")
_COLUMNS: dict[str, Sequence[Column[Any]]] = {}  # each list has items of its own kind


def columns_by_path() -> Mapping[str, Sequence[Column[Any]]]:
    """Give the columns of every list that is served, by its path."""
    return MappingProxyType(_COLUMNS)


def mount(  # noqa: PLR0913 what a route is and says
    router: APIRouter,
    path: str,
    resource: ListResource[Item, Asked],
    summary: str,
    about: str = "",
    *,
    also: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Serve a list at a path; what is in its braces reaches ``find`` as ``Ask.path``.

    ``also`` describes what else ``Accept`` may ask for there, by media type.
    """
    _COLUMNS[path] = resource.columns
    router.add_api_route(
        path,
        _endpoint(path, resource),
        name=_name(path),
        summary=summary,
        description=about or summary,
        route_class_override=ListRoute,
        response_model=resource.page,
        responses={200: {"content": {**_contents(), **also}, "headers": HEADERS}},
    )


def _name(path: str) -> str:
    """Name the route of a path: ``list_models_history``; what is in braces, only at its end."""
    words = re.findall("[a-z]+", _IN_PATH.sub("", path))
    last = re.search(r"{(\w+)}$", path)
    return "_".join(["list", *words, *(["by", last[1]] if last else [])])


def json_response(content: object) -> Response:
    """Answer with JSON that is already of the shape described."""
    return Response(to_json(content), media_type="application/json")


def _endpoint(path: str, resource: ListResource[Item, Asked]) -> Callable[..., Response]:
    """Make a route's function with the signature that FastAPI reads parameters from."""

    def endpoint(request: Request, views: OfViews, asked: Asked, **inside: str) -> Response:
        ask = Ask(views, asked, inside)
        return answer(request, resource, ask)

    given = {"request": Request, "views": OfViews, "asked": Annotated[resource.question, Query()]}
    inside = {name: Annotated[Text, Path()] for name in _IN_PATH.findall(path)}
    if resource.of_view and not inside:
        endpoint.quick = quick_way(resource, answer)  # type: ignore[attr-defined] # read by its route
    keyword = Parameter.KEYWORD_ONLY
    named = [Parameter(name, keyword, annotation=kind) for name, kind in (given | inside).items()]
    endpoint.__signature__ = Signature(named)  # type: ignore[attr-defined] # functions have it
    return endpoint


def answer(request: Request, resource: ListResource[Item, Asked], ask: Ask[Asked]) -> Response:
    """Answer in the format asked for: a page of JSON, or a part or all of the rest as it is."""
    format_ = choose(list_of(request.headers, "accept"), ask.question.format)
    limit = ask.question.limit or (USUAL_PAGE if format_ is Format.JSON else None)
    part = resource.part(ask, limit)
    columns = chosen(resource.columns, ask.question.fields)
    headers = _meta_headers(part.meta) | {"Link": _links(request, part.next), "Vary": "Accept"}
    if format_ is Format.JSON:
        whole = ask.question.fields is None
        page = write_page(part, resource.rows if whole else Rows(columns), whole=whole)
        response = Response(page, media_type="application/json")
        response.headers.update(headers)
        return response
    name = request.url.path.removeprefix("/").removeprefix("v1/").replace("/", "-")
    headers["Content-Disposition"] = f'attachment; filename="{name}.{format_}"'
    written = _write(format_, columns, part.items)
    return StreamingResponse(written, headers=headers, media_type=CONTENT_TYPES[format_])


CONTENT_TYPES = {format_: names[0] for format_, names in MEDIA_TYPES.items()} | {
    Format.CSV: "text/csv; charset=utf-8; header=present"
}


def _write(
    format_: Format, columns: Sequence[Column[Item]], items: Iterable[Item]
) -> Iterator[bytes]:
    if format_ is Format.CSV:
        return write_csv(columns, items)
    if format_ is Format.NDJSON:
        return write_ndjson(columns, items)
    from api.listing.parquet import write_parquet  # noqa: PLC0415 pyarrow is slow to import

    return write_parquet(columns, items)


def _meta_headers(meta: Meta) -> dict[str, str]:
    """Say in headers, too, which state is answered: CSV, NDJSON and Parquet hold only rows."""
    return {
        "Tokentape-Sequence": str(meta.sequence),
        "Tokentape-As-Of": print_moment(meta.as_of),
        "Tokentape-Known-At": print_moment(meta.known_at),
    }


def _links(request: Request, following: str | None) -> str:
    url = request.url
    if "cursor" in request.query_params:
        url = url.remove_query_params("cursor")
    links = {"first": url}
    if following is not None:
        links["next"] = url.include_query_params(cursor=following)
    return ", ".join(
        f'<{link.path}{"?" if link.query else ""}{link.query}>; rel="{rel}"'
        for rel, link in links.items()
    )


HEADERS = {
    "Link": {
        "description": "The first page, and the next where there is one, as in RFC 8288.",
        "schema": {"type": "string"},
    },
    "Tokentape-Sequence": {
        "description": "As `meta.sequence`, in every format.",
        "schema": {"type": "string"},
    },
    "Tokentape-As-Of": {
        "description": "As `meta.as_of`, in every format.",
        "schema": {"type": "string"},
    },
    "Tokentape-Known-At": {
        "description": "As `meta.known_at`, in every format.",
        "schema": {"type": "string"},
    },
}


def _contents() -> dict[str, object]:
    """Describe the formats beside JSON."""
    return {
        MEDIA_TYPES[Format.CSV][0]: {"schema": {"type": "string"}},
        MEDIA_TYPES[Format.NDJSON][0]: {"schema": {"type": "string"}},
        MEDIA_TYPES[Format.PARQUET][0]: {"schema": {"type": "string", "format": "binary"}},
    }
