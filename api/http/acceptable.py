"""What is JSON alone is refused to who takes none of it; lists and feeds choose for themselves."""

from http import HTTPStatus

from fastapi import Request
from fastapi.datastructures import DefaultPlaceholder
from fastapi.routing import APIRoute

from api.http.asked import list_of
from api.http.caching import FROZEN
from api.listing.negotiation import best_of
from api.problems import Refused

JSON = "application/json"
ALWAYS_ANSWERED = frozenset({"/livez", "/readyz", "/healthz"})
"""What probes ask, whatever they accept."""


async def refuse_unacceptable(request: Request) -> None:
    """Refuse a GET whose ``Accept`` leaves no form that its route has."""
    route, accept = request.scope.get("route"), list_of(request.headers, "accept")
    if accept is None or request.method != "GET" or not isinstance(route, APIRoute):
        return
    if _is_json_alone(route) and best_of(accept, {JSON: (JSON,)}) is None:
        detail = f"nothing here is {accept}; this address answers with {JSON} alone"
        raise Refused(HTTPStatus.NOT_ACCEPTABLE, detail)


def _is_json_alone(route: APIRoute) -> bool:
    """Whether a route declares no other form than the usual one."""
    if route.path.removeprefix(FROZEN) in ALWAYS_ANSWERED:
        return False
    declared = route.responses.get(HTTPStatus.OK, {}).get("content", {})
    return isinstance(route.response_class, DefaultPlaceholder) and not declared
