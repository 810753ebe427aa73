"""Captured pages from elsewhere into history, in order of their dates, by a manifest."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from catalog.bundle import EXACT, pack, sum_up, write_page
from catalog.identity import Identity
from catalog.ingest import ingest
from catalog.moments import MomentError, parse_moment
from catalog.ranking import BENCHMARKS, CODING_BENCHMARKS
from catalog.reading import Reading
from catalog.store import Clock
from catalog.visit import Visit
from catalog.vocabulary import Cause
from spiders.source import Source, document_of, source_named
from spiders.verdict import Verdict, judge

NEEDED = ("file", "source", "url", "captured_at")
KNOWN = "in the catalog already"
SKIPPED = "skipped"
"""Printed in an outcome's place where a file was not read at all."""
COUNTED = frozenset(mark.id for mark in (*BENCHMARKS, *CODING_BENCHMARKS))
KEPT_OF_BENCHMARKS = ("released_on", "open_weights")
"""The facts that a bundle keeps of a list of results: what rankings and families ask for."""


class ManifestError(Exception):
    """A manifest that cannot be read; the message says where and what it must hold."""


class Unusable(Exception):  # noqa: N818 the file is skipped, nothing of ours went wrong
    """A capture that cannot be taken, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One row of a manifest."""

    file: str
    """As the manifest names it."""
    path: Path
    source: str
    url: str
    """Evidence only; it may be prose."""
    captured_at: datetime
    date_precision: str
    """``exact``, or ``at_most``: the page was so by that day."""
    sha256: str
    """Of the file; empty where the manifest does not say."""
    faithful: str
    """How close the file is to the served bytes; ``synthetic`` ones are no evidence."""
    problem: str = ""
    """What is wrong with its row."""

    @property
    def doubt(self) -> str:
        """What is not certain about its date."""
        return "" if self.date_precision == EXACT else f"date precision: {self.date_precision}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillResult:
    """What came of one file, in the order it is printed."""

    file: str
    outcome: str
    points: int = 0
    changes: int = 0
    detail: str = ""


def read_manifest(path: Path) -> list[Capture]:
    """Read a manifest's captures in order of their dates; ManifestError says what is wrong."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            columns, rows = reader.fieldnames or [], list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(f"{path} cannot be read: {error}") from error
    if missing := [name for name in NEEDED if name not in columns]:
        raise ManifestError(f"{path} lacks the columns {', '.join(missing)}; add them")
    captures = [_capture(path.parent, row) for row in rows]
    return sorted(captures, key=lambda capture: (capture.captured_at, capture.file))


def _capture(folder: Path, row: dict[str, str | None]) -> Capture:
    cells = {name: value or "" for name, value in row.items()}
    captured_at, problem = _moment(cells["captured_at"])
    return Capture(
        file=cells["file"],
        path=folder / cells["file"],
        source=cells["source"],
        url=cells["url"],
        captured_at=captured_at,
        date_precision=cells.get("date_precision") or EXACT,
        sha256=cells.get("sha256", ""),
        faithful=cells.get("faithful", ""),
        problem=problem,
    )


def _moment(text: str) -> tuple[datetime, str]:
    try:
        return parse_moment(text), ""
    except MomentError as error:
        return datetime.min.replace(tzinfo=UTC), f"captured_at: {error}"


def backfill(
    engine: Engine, captures: list[Capture], *, identity: Identity, now: Clock
) -> Iterator[BackfillResult]:
    """Take captures into the catalog one by one; a file taken before adds nothing."""
    for capture in captures:
        try:
            visit = visit_of(capture)
        except Unusable as reason:
            yield BackfillResult(file=capture.file, outcome=SKIPPED, detail=str(reason))
            continue
        taken = ingest(engine, visit, identity=identity, now=now)
        yield BackfillResult(
            file=capture.file,
            outcome=taken.outcome.value,
            points=len(visit.reading.points) if visit.reading else 0,
            changes=taken.events,
            detail="; ".join(filter(None, (taken.detail, KNOWN * taken.known, *taken.held))),
        )


def visit_of(capture: Capture) -> Visit:
    """Read a capture as a visit of its source; Unusable where it cannot be taken."""
    if capture.problem:
        raise Unusable(capture.problem)
    source, body = source_of(capture), body_of(capture)
    verdict = judge(source, body, seen_at=capture.captured_at.date())
    return Visit(
        source=source.name,
        document=_document(source, capture, verdict),
        url=capture.url,
        fetched_at=capture.captured_at,
        reader_version=source.reader_version,
        outcome=verdict.outcome,
        detail=verdict.detail or capture.doubt,
        reading=verdict.reading,
        cause=Cause.BACKFILLED,
        sha256=sha256(body).hexdigest(),
        size=len(body),
    )


def bundle_from(
    manifest: Path, folder: Path, *, packed: bool = False, prices_only: bool = False
) -> Iterator[BackfillResult]:
    """Write bundled history anew from captures, by the readers as they are now.

    ``packed`` puts all pages of a source into one file; ``prices_only`` leaves out what else they
    state. Of benchmarks only the results that rankings count are kept. A page made up in a site's
    layout is no evidence of a price: its ``faithful`` column says so.
    """
    with TemporaryDirectory() as made:
        pages = Path(made) if packed else folder
        for capture in read_manifest(manifest):
            yield _bundled(capture, pages, prices_only=prices_only)
        if packed:
            pack(pages, folder)
    if folder.exists():
        sum_up(folder)


def _bundled(capture: Capture, folder: Path, *, prices_only: bool) -> BackfillResult:
    if capture.faithful == "synthetic":
        return BackfillResult(file=capture.file, outcome=SKIPPED, detail="not a real page")
    try:
        visit = visit_of(capture)
    except Unusable as reason:
        return BackfillResult(file=capture.file, outcome=SKIPPED, detail=str(reason))
    if visit.reading is None:
        return BackfillResult(file=capture.file, outcome=visit.outcome, detail=visit.detail)
    stated = _prices_of(visit.reading) if prices_only else _counted_of(visit.reading)
    visit = visit.model_copy(update={"reading": stated})
    written = write_page(folder, visit, capture.date_precision)
    points = len(stated.points)
    page = str(written.relative_to(folder))
    return BackfillResult(file=capture.file, outcome=visit.outcome, points=points, detail=page)


def _prices_of(reading: Reading) -> Reading:
    return Reading(form=reading.form, points=reading.points)


def _counted_of(reading: Reading) -> Reading:
    """Leave out of a list of results what no ranking counts: the rest is its publisher's work."""
    if not reading.scores or reading.points:
        return reading
    scores = tuple(score for score in reading.scores if score.benchmark in COUNTED)
    facts = tuple(fact for fact in reading.facts if fact.name in KEPT_OF_BENCHMARKS)
    return reading.model_copy(update={"scores": scores, "facts": facts})


def source_of(capture: Capture) -> Source:
    """Find the source of a capture; Unusable where none of that name reads pages here."""
    try:
        return source_named(capture.source)
    except KeyError:
        raise Unusable(f"no source is named {capture.source!r}; see: tokentape sources") from None


def body_of(capture: Capture) -> bytes:
    """Give a capture's bytes; Unusable where they are not there or not those of the manifest."""
    try:
        body = capture.path.read_bytes()
    except OSError as error:
        raise Unusable(f"{capture.path} cannot be read: {error.strerror}") from None
    if capture.sha256 and sha256(body).hexdigest() != capture.sha256:
        raise Unusable(f"{capture.path} does not have the sha256 that its manifest states")
    return body


def _document(source: Source, capture: Capture, verdict: Verdict) -> str:
    """Name the document: by the layout read, else by the address, else the source's first."""
    if verdict.reading is not None:
        return document_of(source, verdict.reading.form).name
    at = (d for d in source.documents if d.url.rstrip("/") == capture.url.rstrip("/"))
    return next(at, source.documents[0]).name
