"""The bundled history: dated readings as text files, one a page, that load into any store.

A page is a head of ``# key: value`` lines, then sections, each a line ``## name``, a line of
column names and tab-separated rows. An empty cell is an absent value. It holds facts only: what
a page stated and where, never the page. A page is a file, or one of many in a packed file: all of
a source's pages in order of their dates, with a form feed between them, compressed together.
"""

import lzma
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.readings import SECTIONS, print_row
from catalog.documents.sources import Document, RunDocument, Source
from catalog.identity import Identity
from catalog.identity.registry import adopt
from catalog.ingest import ingest
from catalog.moments import parse_moment, print_moment
from catalog.reading import Reading
from catalog.store import Clock, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome

BUNDLED = Path(__file__).resolve().parent / "history"
"""The official sources' pages, and benchmarks."""
CATALOGS = Path(__file__).resolve().parent / "catalogs"
"""Other catalogs' and resellers' lists, packed."""
EXACT = "exact"
PACKED = ".tsv.xz"
SUMS = "SHA256SUMS"
BETWEEN = "\f"

Progress = Callable[[int, int, str], None]
"""Told how many files are done, of how many, and the last one's name."""


class Page(NamedTuple):
    """One page of a bundle, still to be read."""

    head: "Head"
    name: str
    read: Callable[[], Visit]


class BundleError(ValueError):
    """A file that is no part of a bundle; the message names it."""


@dataclass(frozen=True)
class Head:
    """What a file says of itself."""

    source: str
    document: str
    form: str
    url: str
    fetched_at: datetime
    date_precision: str
    sha256: str
    reader_version: int

    @property
    def page(self) -> tuple[str, str, datetime, str]:
        """What tells one page from another."""
        return (self.source, self.document, self.fetched_at, self.sha256)


@dataclass(frozen=True)
class Loaded:
    """What loading a bundle came to."""

    files: int
    """Its pages, in files of their own or packed."""
    added: int
    """Pages that were not in the store before."""
    events: int


def write_page(folder: Path, visit: Visit, date_precision: str = EXACT) -> Path:
    """Write what a visit read into a bundle's folder; give the file.

    Raises BundleError for a visit that read nothing.
    """
    if visit.reading is None or visit.sha256 is None:
        raise BundleError(f"{visit.source} {visit.document}: nothing was read")
    day = visit.fetched_at.date().isoformat()
    path = folder / visit.source / f"{day}-{visit.reading.form}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [*_head(visit, visit.reading, date_precision), *_sections(visit.reading)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _head(visit: Visit, read: Reading, date_precision: str) -> Iterator[str]:
    values = {
        "source": visit.source,
        "document": visit.document,
        "form": read.form,
        "url": visit.url,
        "date": print_moment(visit.fetched_at).removesuffix("T00:00:00Z"),
        "date precision": date_precision,
        "sha256": visit.sha256,
        "reader version": visit.reader_version,
    }
    return (f"# {key}: {value}" for key, value in values.items())


def _sections(read: Reading) -> Iterator[str]:
    for name, kind in SECTIONS:
        items: tuple[BaseModel, ...] = getattr(read, name)
        if not items:
            continue
        yield f"## {name}"
        yield "\t".join(kind.model_fields)
        for item in items:
            yield "\t".join("" if cell is None else str(cell) for cell in print_row(item))


def pack(folder: Path, into: Path) -> list[Path]:
    """Pack the pages of a bundle's folder, a file for each source; give the files."""
    into.mkdir(parents=True, exist_ok=True)
    return [_pack(source, into) for source in sorted(folder.iterdir()) if source.is_dir()]


def _pack(source: Path, into: Path) -> Path:
    pages = sorted(source.glob("*.tsv"), key=lambda page: (read_head(page).fetched_at, page.name))
    text = BETWEEN.join(page.read_text(encoding="utf-8") for page in pages)
    path = into / f"{source.name}{PACKED}"
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    return path


def sum_up(folder: Path) -> Path:
    """Write the sha256 of each of a bundle's files, as ``sha256sum`` does; give the file."""
    files = sorted(path for path in folder.rglob("*.tsv*") if path.is_file())
    sums = (
        f"{sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}" for path in files
    )
    path = folder / SUMS
    path.write_text("\n".join([*sums, ""]), encoding="utf-8")
    return path


def files_with_sums(folder: Path) -> dict[Path, str]:
    """Give a bundle's files with the sha256 that each was made with."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    rows = (line.split("  ", 1) for line in lines)
    return {folder / name: digest for digest, name in rows}


def read_head(path: Path) -> Head:
    """Read what a file says of itself; raise BundleError for another kind of file."""
    with path.open(encoding="utf-8") as lines:
        return _head_of(lines, path)


def _head_of(lines: Iterable[str], path: Path) -> Head:
    head = [line.rstrip("\n") for line in takewhile(_is_head, lines)]
    values = dict(line.removeprefix("# ").split(": ", 1) for line in head)
    try:
        return Head(
            values["source"],
            values["document"],
            values["form"],
            values["url"],
            parse_moment(values["date"]),
            values["date precision"],
            values["sha256"],
            int(values["reader version"]),
        )
    except KeyError as missing:
        raise BundleError(f"{path} has no line for {missing} in its head") from None


def _is_head(line: str) -> bool:
    return line.startswith("# ")


def read_page(path: Path) -> Visit:
    """Read a file of a bundle as the visit it was made from; raise BundleError."""
    return _visit(path.read_text(encoding="utf-8"), path)


def _visit(text: str, path: Path) -> Visit:
    lines = text.split("\n")
    head = _head_of(lines, path)
    sections = {name: rows for name, *rows in _split(lines)}
    stated = {name: tuple(_items(kind, sections.get(name, ()))) for name, kind in SECTIONS}
    return Visit(
        source=head.source,
        document=head.document,
        url=head.url,
        fetched_at=head.fetched_at,
        reader_version=head.reader_version,
        outcome=Outcome.OK,
        detail="" if head.date_precision == EXACT else f"date precision: {head.date_precision}",
        reading=Reading.model_validate({"form": head.form, **stated}),
        cause=Cause.BACKFILLED,
        sha256=head.sha256,
    )


def _split(lines: Iterable[str]) -> list[list[str]]:
    """Split lines into sections, each beginning with its name."""
    sections: list[list[str]] = []
    for line in lines:
        if line.startswith("## "):
            sections.append([line.removeprefix("## ")])
        elif sections and line:
            sections[-1].append(line)
    return sections


def _items(kind: type[BaseModel], lines: Iterable[str]) -> Iterator[BaseModel]:
    rows = (line.split("\t") for line in lines)
    names = next(rows, [])
    for row in rows:
        stated = {name: cell for name, cell in zip(names, row, strict=True) if cell}
        yield kind.model_validate(stated)


def load(
    engine: Engine,
    folder: Path = BUNDLED,
    *,
    identity: Identity,
    now: Clock,
    progress: Progress | None = None,
) -> Loaded:
    """Take a bundle's readings into the store, in order of their dates; what is there stays.

    The declared names are brought into the store first. It may be interrupted at any moment and
    run again.
    """
    adopt(engine, identity, now=now)
    pages = pages_in(folder)
    new = _unknown(engine, pages)
    events = 0
    for done, page in enumerate(new, start=1):
        events += ingest(engine, page.read(), identity=identity, now=now).events
        if progress is not None:
            progress(done, len(new), page.name)
    return Loaded(len(pages), len(new), events)


def news(engine: Engine, folder: Path = BUNDLED) -> list[Page]:
    """List the bundle's pages that a migrated store does not hold yet, in order of their dates."""
    return _unknown(engine, pages_in(folder))


def _unknown(engine: Engine, pages: Iterable[Page]) -> list[Page]:
    with reading(engine) as session:
        known = _known_pages(session)
    return [page for page in pages if known.get(page.head.page, -1) < page.head.reader_version]


def pages_in(folder: Path) -> list[Page]:
    """List a bundle's pages in order of their dates; raise BundleError."""
    files = (Page(read_head(p), p.name, partial(read_page, p)) for p in folder.glob("*/*.tsv"))
    packed = (page for path in folder.glob(f"*{PACKED}") for page in _packed(path))
    return sorted([*files, *packed], key=_by_date)


def _packed(path: Path) -> Iterator[Page]:
    for text in lzma.decompress(path.read_bytes()).decode().split(BETWEEN):
        head = _head_of(text.split("\n", 20), path)
        name = f"{head.source} {head.fetched_at.date().isoformat()}"
        yield Page(head, name, partial(_visit, text, path))


def _by_date(page: Page) -> tuple[datetime, str, str]:
    return (page.head.fetched_at, page.head.source, page.name)


def _known_pages(session: Session) -> Mapping[tuple[str, str, datetime, str], int]:
    """Give every page in the store, and the latest reader version that read it."""
    query = (
        select(
            col(Source.name),
            col(Document.name),
            col(RunDocument.fetched_at),
            col(RunDocument.sha256),
            col(RunDocument.reader_version),
        )
        .join(Document, col(Document.source_id) == Source.id)
        .join(RunDocument, col(RunDocument.document_id) == Document.id)
        .where(col(RunDocument.sha256).is_not(None))
        .order_by(col(RunDocument.reader_version))
    )
    return {
        (source, document, at, sha256 or ""): version
        for source, document, at, sha256, version in session.execute(query)
    }
