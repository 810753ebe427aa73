"""What is no HTTP is answered with a problem, too: by the server, which asks no application."""

import logging
from http import HTTPStatus
from uuid import uuid4

from pydantic_core import to_json
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.errors import MEDIA_TYPE
from api.http.answering import EVERYWHERE
from api.http.caching import NO_STORE
from api.problems import problem_of

DETAIL = (
    "no request of HTTP/1.1 can be read here; percent-encode the address as UTF-8, keep it below "
    "64 KiB, and name a method that HTTP knows"
)
_LOG = logging.getLogger("tokentape.api")


class Protocol(HttpToolsProtocol):
    """Uvicorn's protocol, whose own refusals are problems."""

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, and end the connection."""
        id_ = uuid4().hex
        _LOG.warning("request %s: %s", id_, msg)
        self.transport.write(_refusal(id_, self.server_state.default_headers))
        self.transport.close()


def _refusal(id_: str, headers: list[tuple[bytes, bytes]]) -> bytes:
    problem = problem_of(HTTPStatus.BAD_REQUEST, DETAIL).model_copy(update={"request_id": id_})
    body = to_json(problem.model_dump(exclude_none=True))
    said = EVERYWHERE | {
        "Cache-Control": NO_STORE,
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Type": MEDIA_TYPE,
        "X-Request-Id": id_,
    }
    lines = [f"{name}: {value}".encode() for name, value in said.items()]
    known = [name + b": " + value for name, value in headers]
    return b"\r\n".join([b"HTTP/1.1 400 Bad Request", *known, *lines, b"", body])
