"""A small site on this machine that serves the demonstration's pages of one day at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread

PAGES = files("cron.demo") / "pages"


class DemoSite:
    """What the site serves, and where; ``day`` chooses the pages."""

    day = "2026-07-15"

    def __init__(self, port: int) -> None:
        """Name the site by the port it listens on."""
        self.address = f"http://127.0.0.1:{port}"

    def page(self, path: str) -> bytes | None:
        """Give the page at a path as it is on this day; None where there is none."""
        found = PAGES / self.day / path.strip("/")
        return found.read_bytes() if path.strip("/") and found.is_file() else None


@contextmanager
def demo_site() -> Iterator[DemoSite]:
    """Serve the site on a free port while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.site = DemoSite(server.server_port)  # type: ignore[attr-defined] # the handler's
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.site  # type: ignore[attr-defined] # set above
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = self.server.site.page(self.path)  # type: ignore[attr-defined] # set above
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base's name
        """Keep quiet: the demonstration says what happens."""
