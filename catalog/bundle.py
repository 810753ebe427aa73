"""The bundled history: dated readings as text files, one a page, that load into any store.

A file is a head of ``# key: value`` lines, then sections, each a line ``## name``, a line of
column names and tab-separated rows. An empty cell is an absent value. It holds facts only: what
a page stated and where, never the page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.identity import Identity
from catalog.ingest import ingest
from catalog.moments import parse_moment, print_moment
from catalog.reading import Reading
from catalog.readings import SECTIONS, print_row
from catalog.registry import adopt
from catalog.sources import Document, RunDocument, Source
from catalog.store import Clock, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome

BUNDLED = Path(__file__).resolve().parent / "history"
EXACT = "exact"

Progress = Callable[[int, int, str], None]
"""Told how many files are done, of how many, and the last one's name."""


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
    added: int
    """Files that were not in the store before."""
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


def read_head(path: Path) -> Head:
    """Read what a file says of itself; raise BundleError for another kind of file."""
    with path.open(encoding="utf-8") as lines:
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
    head = read_head(path)
    text = path.read_text(encoding="utf-8")
    sections = {name: rows for name, *rows in _split(text.split("\n"))}
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
    new = news(engine, folder)
    events = 0
    for done, path in enumerate(new, start=1):
        events += ingest(engine, read_page(path), identity=identity, now=now).events
        if progress is not None:
            progress(done, len(new), path.name)
    return Loaded(len(list(folder.glob("*/*.tsv"))), len(new), events)


def news(engine: Engine, folder: Path = BUNDLED) -> list[Path]:
    """List the bundle's pages that a migrated store does not hold yet, in order of their dates."""
    heads = sorted(((read_head(path), path) for path in folder.glob("*/*.tsv")), key=_by_date)
    with reading(engine) as session:
        known = _known_pages(session)
    return [path for head, path in heads if known.get(head.page, -1) < head.reader_version]


def _by_date(item: tuple[Head, Path]) -> tuple[datetime, str, str]:
    head, path = item
    return (head.fetched_at, head.source, path.name)


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
