"""Requests before anything reads them: well formed, not too long, the query in canonical form."""

import re
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import answer
from api.http.caching import FROZEN
from api.http.representation import canonical_query
from api.problems import Problem, problem_of

LONGEST_TARGET = 8 * 1024
"""Bytes of an address with its query."""
LONGEST_HEADERS = 32 * 1024
"""Bytes of all headers together."""
LONGEST_BODY = 256 * 1024
"""Bytes of a body."""
LONGER_BODIES = {"/cost": 64 * 1024 * 1024}
"""Bytes of a body, where many questions come in one."""
PARTS_HELD = 1024
"""What is wrong with so many parts of addresses is held."""
_MALFORMED = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Asked:
    """Refuse what cannot be read or is too long; pass the rest on with a canonical query."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at the request line, the headers and the length of the body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = LONGER_BODIES.get(scope["path"].removeprefix(FROZEN), LONGEST_BODY)
        problem = _too_long(scope) or _unreadable(scope) or _heavy(scope, most)
        if problem:
            await answer(problem, scope)(scope, receive, send)
            return
        if scope["query_string"]:
            query = canonical_query(scope["query_string"].decode())
            scope = {**scope, "query_string": query.encode("ascii")}
        await self.app(scope, _counted(receive, most), send)


def _target(scope: Scope) -> bytes:
    raw: bytes | None = scope.get("raw_path")
    return scope["path"].encode() if raw is None else raw


def _too_long(scope: Scope) -> Problem | None:
    if len(_target(scope)) + len(scope["query_string"]) > LONGEST_TARGET:
        detail = f"the address is longer than {LONGEST_TARGET} bytes; ask with fewer values"
        return problem_of(HTTPStatus.REQUEST_URI_TOO_LONG, detail)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
        detail = f"the headers are longer than {LONGEST_HEADERS} bytes together"
        return problem_of(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)
    return None


def _unreadable(scope: Scope) -> Problem | None:
    path, query = _target(scope), scope["query_string"]
    for part, raw in (("path", path), ("query", query)):
        fault = _fault(raw)
        if fault:
            return problem_of(HTTPStatus.BAD_REQUEST, f"the {part} {fault}")
    if _CONTROL.search(scope["path"]):
        return problem_of(HTTPStatus.BAD_REQUEST, "the path has a control character")
    return None


@lru_cache(PARTS_HELD)
def _fault(raw: bytes) -> str | None:
    """Say what is wrong with an encoded part of an address; None: nothing."""
    if _MALFORMED.search(raw):
        return "has a % that no two hexadecimal digits follow; write %25 for the sign itself"
    try:
        unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return "is no UTF-8; percent-encode it as UTF-8"
    return None


def _heavy(scope: Scope, most: int) -> Problem | None:
    """Refuse a body by the length that is stated, before any of it is read."""
    stated = [value for name, value in scope["headers"] if name == b"content-length"]
    if stated and stated[0].isdigit() and int(stated[0]) > most:
        return problem_of(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _longer(most))
    return None


def _longer(most: int) -> str:
    return f"the body is longer than {most} bytes; send less at once"


def _counted(receive: Receive, most: int) -> Receive:
    """Count what comes of a body, and stop reading where it becomes too long."""
    taken = 0

    async def count() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _longer(most))
        return message

    return count
