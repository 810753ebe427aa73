"""How long the reading of every capture takes, beside the mere parsing of the same bytes.

The peer is lxml for HTML and XML, json for JSON (and lxml for the page that an answer may hold),
and markdown-it with lxml for markdown (lxml alone does not parse it); each page is read and parsed
in turns, in this one process, the best of three, in seconds of the processor: other programs on the
machine count less. Run as ``python -m bench.reading`` from the checkout.
"""

import csv
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import lxml.etree
import lxml.html
from markdown_it import MarkdownIt

from catalog.reading import NotRead
from spiders.page import Kind, Page
from spiders.source import Source, read, source_named, source_names
from tests.captures import NO_CAPTURES, captured

TURNS = 3
WORST = 12


@dataclass(frozen=True)
class Timed:
    """One page: its kind, its size in bytes, and the seconds of reading and of parsing it."""

    name: str
    kind: Kind
    size: int
    reading: float
    parsing: float

    @property
    def ratio(self) -> float:
        """How many times as long the reading takes."""
        return self.reading / self.parsing


def captures() -> Iterator[tuple[Source, Path]]:
    """Give every capture that a source reads."""
    found = [one for one in captured() if one.source in source_names()]
    if not found:
        sys.exit(NO_CAPTURES)
    yield from ((source_named(one.source), one.path) for one in found)


def timed(source: Source, path: Path) -> Timed:
    """Read and parse one page, in turns."""
    body = path.read_bytes()
    page = Page.of(body)
    parse = _page_inside(source) if page.kind is Kind.JSON else _PARSERS[page.kind]
    turns = [(_seconds(lambda: _read(source, body)), _seconds(lambda: parse(body))) for _ in _TURNS]
    name = f"{path.parent.name}/{path.name}"
    reading, parsing = (min(column) for column in zip(*turns, strict=True))
    return Timed(name, page.kind, len(body), reading, parsing)


_TURNS = range(TURNS)


def _seconds(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def _read(source: Source, body: bytes) -> None:
    with suppress(NotRead):
        read(source, body)


def _page_inside(source: Source) -> Callable[[bytes], object]:
    """Give what parses a JSON answer, and the page that one of the source's forms finds in it."""
    forms = (form for document in source.documents for form in document.forms)
    keys = next((form.inside for form in forms if form.inside), ())

    def parse(body: bytes) -> object:
        inner = _json(body)
        for key in keys:
            inner = inner.get(key) if isinstance(inner, dict) else None
        return lxml.html.document_fromstring(inner) if isinstance(inner, str) else inner

    return parse


def _json(body: bytes) -> object:
    text = body.decode()
    try:
        return json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def _markdown(body: bytes) -> object:
    return lxml.html.document_fromstring(_MARKDOWN.render(body.decode()))


_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_PARSERS: dict[Kind, Callable[[bytes], object]] = {
    Kind.HTML: lxml.html.document_fromstring,
    Kind.XML: lxml.etree.fromstring,
    Kind.JSON: _json,
    Kind.MARKDOWN: _markdown,
    Kind.CSV: lambda body: list(csv.reader(body.decode().splitlines())),
}


def main() -> None:
    """Print the table."""
    every = [timed(source, path) for source, path in captures()]
    print(f"{'page':72}{'kB':>8}{'read ms':>10}{'parse ms':>10}{'ratio':>8}")
    for one in sorted(every, key=lambda one: -one.ratio)[:WORST]:
        sizes = f"{one.size / 1000:8.0f}{one.reading * 1000:10.1f}{one.parsing * 1000:10.1f}"
        print(f"{one.name[:70]:72}{sizes}{one.ratio:8.1f}")
    print(f"\n{'kind':12}{'pages':>8}{'pages/s':>10}{'median':>10}{'worst':>8}")
    for kind in Kind:
        _line(kind.value, [one for one in every if one.kind is kind])
    _line("all", every)


def _line(name: str, some: list[Timed]) -> None:
    if some:
        speed = len(some) / sum(one.reading for one in some)
        ratios = [one.ratio for one in some]
        middle, worst = statistics.median(ratios), max(ratios)
        print(f"{name:12}{len(some):8}{speed:10.1f}{middle:10.1f}{worst:8.1f}")


if __name__ == "__main__":
    main()
