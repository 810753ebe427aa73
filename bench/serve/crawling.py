"""A source whose page moves all the time, crawled from a site on this machine until it is ended.

The page is a saved one of OpenAI's layout, read by that source's own reader: robots.txt, fetch,
archive, read, guard, ingest, as any crawl.
"""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from types import new_class
from zlib import crc32

from catalog.documents.sources import declare
from catalog.moments import utc_now
from catalog.settings import read_settings
from catalog.store import open_store
from spiders.crawling import crawl_sources, open_session
from spiders.fetching.manners import Manners
from spiders.source import Source, declaration, source_named

NAME = "bench"
PAGE = Path(__file__).parents[2] / "tests" / "pages" / "openai" / "2026-09-05-tables.md"
CHANGING = 15
"""One in so many of its amounts is another at each visit."""
EVERY = 2.0
"""Seconds from one visit to the next."""
_AMOUNT = re.compile(r"\$(\d+)\.(\d\d)\b(?!\d)")


@dataclass
class Site:
    """A page that says something else at each turn."""

    address: str
    turn: int = 0

    def page(self) -> bytes:
        """Write the page of this turn; what was one amount stays one."""
        return _AMOUNT.sub(self._moved, PAGE.read_text(encoding="utf-8")).encode()

    def _moved(self, found: re.Match[str]) -> str:
        cents = int(found[1] + found[2])
        if cents < 100:  # noqa: PLR2004 a cent is much of less than a dollar: a guard would hold it
            return found[0]
        cents += (self.turn + crc32(found[0].encode())) // CHANGING % 9
        return f"${cents // 100}.{cents % 100:02}"


@contextmanager
def serving() -> Iterator[Site]:
    """Serve the page, and nothing else, at a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.page() if self.path == "/pricing.md" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/markdown; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base's name
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def source_at(site: Site) -> Source:
    """Give OpenAI's reader a source of its own on the site."""
    openai = source_named("openai")
    document = replace(openai.documents[0], url=f"{site.address}/pricing.md")
    own = {"name": NAME, "documents": (document,)}
    return new_class("Bench", (openai,), exec_body=lambda body: body.update(own))


def main(url: str, archive: str) -> None:
    """Crawl again and again; print a line for each crawl: its outcome, prices and changes."""
    engine = open_store(url)
    settings = read_settings({"TOKENTAPE_ARCHIVE": archive})
    session = open_session(settings, now=utc_now, manners=Manners(delay=timedelta(0)))
    with serving() as site:
        source = source_at(site)
        declare(engine, (declaration(source),), now=utc_now)
        for site.turn in count():
            began = time.monotonic()
            (result,) = crawl_sources(engine, [source], session=session)
            print(result.outcome, result.points, result.changes, flush=True)
            time.sleep(max(0.0, EVERY - (time.monotonic() - began)))


if __name__ == "__main__":
    main(*sys.argv[1:])
