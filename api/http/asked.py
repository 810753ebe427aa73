"""What a request asks by, read in one way for all that look at it: its query, and its headers."""

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

_KEY = "tokentape.query"


def params_of(scope: Scope) -> QueryParams:
    """Give the parameters of a request whose query is in its last form."""
    known: tuple[bytes, QueryParams] | None = scope.get(_KEY)
    if known is None or known[0] is not scope["query_string"]:
        query = scope["query_string"]
        known = scope[_KEY] = (query, QueryParams(query))
    return known[1]


def list_of(headers: Headers, name: str) -> str | None:
    """Give a header that holds a list, of all its lines as of one; None where it is not there."""
    return ", ".join(headers.getlist(name)) if name in headers else None
