"""The id of a request: the caller's own, where it is safe to repeat, else one of ours."""

import re
from uuid import uuid4

from starlette.types import Scope

HEADER = b"x-request-id"
_KEY = "tokentape.request_id"
_SAFE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._~:-]{0,127}")


def request_id(scope: Scope) -> str:
    """Give the id of a request; it stays the same however often it is asked for."""
    known: str | None = scope.get(_KEY)
    if known is None:
        known = scope[_KEY] = _given(scope) or uuid4().hex
    return known


def _given(scope: Scope) -> str | None:
    given = [value for name, value in scope["headers"] if name == HEADER]
    return given[0].decode() if len(given) == 1 and _SAFE.fullmatch(given[0]) else None
