"""The query of a request, read once for all that look at it."""

from starlette.datastructures import QueryParams
from starlette.types import Scope

_KEY = "tokentape.query"


def params_of(scope: Scope) -> QueryParams:
    """Give the parameters of a request whose query is in its last form."""
    known: tuple[bytes, QueryParams] | None = scope.get(_KEY)
    if known is None or known[0] is not scope["query_string"]:
        query = scope["query_string"]
        known = scope[_KEY] = (query, QueryParams(query))
    return known[1]
