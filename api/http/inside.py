"""Questions that the application is asked from inside, without a server."""

from collections.abc import Iterable
from urllib.parse import quote

from starlette.types import Scope


def get_scope(path: str, headers: Iterable[tuple[bytes, bytes]], query: bytes = b"") -> Scope:
    """Describe a GET of a path, as a server would to the application."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "root_path": "",
        "query_string": query,
        "headers": list(headers),
    }
