"""Archived pages read again by today's readers, beside what is stored of them."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel
from sqlalchemy import Engine

from catalog.documents.archive import ArchiveError, open_archived
from catalog.documents.archived_pages import ArchivedPage, Sighting, archived_pages
from catalog.documents.readings import SECTIONS, Cell, StoredReading, canonical
from catalog.identity import Identity
from catalog.ingest import ingest
from catalog.moments import print_moment
from catalog.reading import Reading
from catalog.store import Clock, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome
from spiders.source import Document, Source
from spiders.verdict import Verdict, judge_document

Rows = dict[str, list[list[Cell]]]
Stated = dict[str, Cell]
SAID = frozenset({"amount", "list_amount", "value", "score", "rate", "factor"})
QUOTED = frozenset({"evidence", "locator"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that today's reader says otherwise of an archived page than what is stored."""

    source: str
    document: str
    url: str
    fetched_at: str
    sha256: str
    what: str
    """points, facts, scores, rates, adjustments, form, outcome, or archive: it lost the page."""
    difference: str
    """added, gone or different."""
    stored: Stated | None = None
    now: Stated | None = None
    applied: bool = False
    detail: str = ""
    """Where it was not applied: why not, and the next step."""


@dataclass(frozen=True)
class Again:
    """One archived page of a source that is there to be read again."""

    source: Source
    document: Document
    page: ArchivedPage

    def differs(self, **what: object) -> Difference:
        """Tell of a difference on this page."""
        snapshot = self.page.snapshot
        told = {
            "source": self.source.name,
            "document": self.page.document,
            "url": snapshot.url,
            "fetched_at": print_moment(self.page.sightings[0].at),
            "sha256": snapshot.sha256,
        }
        return Difference(**(told | what))  # type: ignore[arg-type] # each call names its fields

    def words(self) -> dict[int | None, list[Sighting]]:
        """Sort the sightings by what is stored of them: nearly always it is one thing."""
        found: dict[int | None, list[Sighting]] = {}
        for sighting in self.page.sightings:
            found.setdefault(sighting.reading, []).append(sighting)
        if self._refused_as_it_came():
            found.pop(None, None)
        return found

    def _refused_as_it_came(self) -> bool:
        """Whether it may be that no reader refused it, but how it was answered did."""
        answer = self.page.answer
        hosts = {urlsplit(url).hostname for url in (answer.url, self.document.url)}
        whole = answer.status in {None, HTTPStatus.OK}
        return not whole or self.document.browser or len(hosts) > 1


def pages_again(engine: Engine, sources: Sequence[Source]) -> list[Again]:
    """List the archived pages of sources, of the documents that they declare today."""
    with reading(engine) as session:
        return [
            Again(source, document, page)
            for source in sources
            for page in archived_pages(session, source.name)
            for document in source.documents
            if document.name == page.document
        ]


@dataclass(frozen=True)
class Found:
    """What reading a page again came to."""

    again: Again
    verdict: Verdict
    differences: Sequence[Difference]
    otherwise: Sequence[Sighting] = ()
    """The times at which what is stored is not what is read today."""


def read_again(engine: Engine, again: Again, archive: Path) -> Found:
    """Read an archived page as today and compare; nothing is written."""
    try:
        body = open_archived(archive, again.page.snapshot.sha256)
    except ArchiveError as error:
        lost = again.differs(what="archive", difference="gone", detail=str(error))
        return Found(again, Verdict(outcome=Outcome.GONE), [lost])
    verdict = judge_document(
        again.source,
        again.page.document,
        body,
        seen_at=again.page.sightings[0].at.date(),
        content_type=dict(again.page.answer.headers).get("Content-Type"),
    )
    compared = [
        (list(_compare(engine, again, sightings[0], verdict)), sightings)
        for sightings in again.words().values()
    ]
    return Found(
        again,
        verdict,
        [difference for differences, _ in compared for difference in differences],
        [sighting for differences, some in compared if differences for sighting in some],
    )


def _compare(
    engine: Engine, again: Again, seen: Sighting, verdict: Verdict
) -> Iterator[Difference]:
    if seen.reading is None or verdict.reading is None:
        yield from _outcomes(again, seen, verdict)
        return
    with reading(engine) as session:
        known = session.get_one(StoredReading, seen.reading)
        if known.digest != canonical(verdict.reading).digest:
            yield from _differences(again, known, verdict.reading)


def _outcomes(again: Again, seen: Sighting, verdict: Verdict) -> Iterator[Difference]:
    """Tell of a page that is refused today, or was, or is for another reason."""
    stored = seen.outcome if seen.reading is None else Outcome.OK
    if stored is not verdict.outcome:
        yield again.differs(
            what="outcome",
            difference="different",
            stored={"outcome": stored.value},
            now={"outcome": verdict.outcome.value},
            detail=verdict.detail,
        )


def _differences(again: Again, known: StoredReading, read: Reading) -> Iterator[Difference]:
    if known.form != read.form:
        yield again.differs(
            what="form",
            difference="different",
            stored={"form": known.form},
            now={"form": read.form},
        )
    stored: Rows = json.loads(known.rows)
    now: Rows = json.loads(canonical(read).rows)
    for section, kind in SECTIONS:
        for before, after in _changed(kind, stored.get(section, []), now[section]):
            difference = "different" if before and after else "added" if after else "gone"
            yield again.differs(what=section, difference=difference, stored=before, now=after)


def _changed(
    kind: type[BaseModel], stored: list[list[Cell]], now: list[list[Cell]]
) -> Iterator[tuple[Stated | None, Stated | None]]:
    """Pair what is stored and stated no more with what is newly stated of the same thing."""
    before, after = Counter(map(tuple, stored)), Counter(map(tuple, now))
    names = tuple(kind.model_fields)
    gone = [dict(zip(names, row, strict=False)) for row in (before - after).elements()]
    added = [dict(zip(names, row, strict=False)) for row in (after - before).elements()]
    for one in gone:
        other = next((new for new in added if _about(new) == _about(one)), None)
        if other is not None:
            added.remove(other)
        yield one, other
    yield from ((None, one) for one in added)


def _about(stated: Stated) -> Stated:
    return {name: cell for name, cell in stated.items() if name not in SAID | QUOTED}


def correct(engine: Engine, found: Found, *, identity: Identity, now: Clock) -> list[Difference]:
    """Take what a page says today into history as a correction, at each time it was seen.

    Gives the differences with whether that was done, and why not.
    """
    if why := _keeps_from_correcting(found):
        return [
            replace(one, detail="; ".join(filter(None, (one.detail, why))))
            for one in found.differences
        ]
    for sighting in found.otherwise:
        ingest(engine, _visit(found, sighting), identity=identity, now=now)
    return [replace(one, applied=True) for one in found.differences]


def _keeps_from_correcting(found: Found) -> str:
    source = found.again.source
    if found.verdict.reading is None:
        return "what is stored of it stays: a page that is not read corrects nothing"
    if any(sighting.held for sighting in found.again.page.sightings):
        return "a guard holds something of it: decide with `tokentape review` first"
    if any(sighting.reader_version >= source.reader_version for sighting in found.otherwise):
        return f"raise the reader_version of {source.name} first: its reader has changed"
    return ""


def _visit(found: Found, sighting: Sighting) -> Visit:
    again = found.again
    return Visit(
        source=again.source.name,
        document=again.page.document,
        url=again.page.snapshot.url,
        fetched_at=sighting.at,
        reader_version=again.source.reader_version,
        outcome=Outcome.OK,
        reading=found.verdict.reading,
        cause=Cause.CORRECTED,
        sha256=sighting.sha256,
        archived=sighting.sha256 is not None,
    )
