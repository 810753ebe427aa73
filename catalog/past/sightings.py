"""When a price was last seen: the last visit by a moment at which a page stated it.

For prices in force it is a seek: of each form of a source's documents the last visit, and what was
said last of each series. Only where that leaves it open is the series' past read in full.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from catalog.documents.document_forms import DocumentForm, forms_of
from catalog.documents.readings import StoredReading
from catalog.documents.sources import Document, RunDocument
from catalog.past.assertions import (
    AssertionBefore,
    amount_stated,
    stated_by,
    stated_since,
    unpack,
)
from catalog.past.in_force import Asked, Found
from catalog.past.last_words import Word, last_words, not_read_again, parts
from catalog.past.timeline import Assertion, Chain, Seen, amount_at
from catalog.past.visited import Chains, StatedAt, in_effect, load_visits

Sightings = dict[int, datetime]
"""The last sighting of each revision, by its identifier; of some there is none."""


def sightings_now(session: Session, rows: Sequence[Found], asked: Asked) -> Sightings:
    """Give the last sighting of each revision that is in force at the moment asked for."""
    lasts = _last_visits(session, {row.source_id for row in rows}, asked)
    words = last_words(session, [row.id for row in rows], asked.as_of, asked.known)
    kept = _kept_since(session, [row.id for row in rows], asked)
    found: Sightings = {}
    left: list[Found] = []
    for row in rows:
        moment, certain = _last_told(row, words.get(row.id, {}), lasts)
        if row.id in kept or not certain:
            left.append(row)
        elif moment is not None:
            found[row.revision] = moment
    if asked.known is not None:
        return found | sightings_ever(session, left, asked)
    return found | _sightings_lately(session, left, asked)


def _sightings_lately(session: Session, rows: Sequence[Found], asked: Asked) -> Sightings:
    """Give the last sighting of each revision in force, from what was said since it is."""
    found: Sightings = {}
    left: list[Found] = []
    for source, some in _by_source(rows).items():
        since = min(row.valid_from for row in some)
        chains = Chains.of(in_effect(load_visits(session, source, since=since)))
        ready = chains.ready(_stated_since(session, source, some, since, chains))
        left += [row for row in some if row.id not in ready]
        found |= _seen((row for row in some if row.id in ready), ready, asked)
    return found | sightings_ever(session, left, asked)


def _stated_since(
    session: Session, source: int, rows: Sequence[Found], since: datetime, chains: Chains
) -> dict[int, list[StatedAt]]:
    """Give what was said of series since a moment, and first what was said by then.

    Series of which it is open what was said by then are left out.
    """
    series, forms = [row.id for row in rows], forms_of(session, source)
    words = last_words(session, series, since)
    stated: dict[int, dict[int, Assertion | None]] = {
        number: {
            chains.visits[forms[form]][0].id: unpack(word.segments)
            for form, word in words.get(number, {}).items()
            if word is not None and forms[form] in chains.visits
        }
        for number in series
        if None not in words.get(number, {}).values()
    }
    for row in stated_since(session, stated, list(forms), since):
        stated[row.series][row.visit] = unpack(row.segments)
    return {number: list(said.items()) for number, said in stated.items()}


def sightings_ever(session: Session, rows: Sequence[Found], asked: Asked) -> Sightings:
    """Give the last sighting of each of some revisions, from all that was said of their series."""
    found: Sightings = {}
    for source, some in _by_source(rows).items():
        visits = [
            visit
            for visit in load_visits(session, source)
            if asked.known is None or visit.ingest <= asked.known
        ]
        stated = stated_by(session, {row.id for row in some}, asked.known)
        chains = Chains.of(in_effect(visits)).ready(stated)
        found |= _seen(some, chains, asked)
    return found


def _by_source(rows: Iterable[Found]) -> dict[int, list[Found]]:
    by_source: dict[int, list[Found]] = {}
    for row in rows:
        by_source.setdefault(row.source_id, []).append(row)
    return by_source


def _seen(rows: Iterable[Found], chains: Mapping[int, Sequence[Chain]], asked: Asked) -> Sightings:
    moments = {row.revision: _last_sighting(chains[row.id], row, asked.as_of) for row in rows}
    return {revision: moment for revision, moment in moments.items() if moment is not None}


def _last_sighting(chains: Iterable[Chain], row: Found, as_of: datetime) -> datetime | None:
    seen = [
        moment
        for chain in chains
        for moment, segments in _span_ends(chain, row.until, as_of)
        if moment >= row.valid_from and amount_at(segments, moment) == row.amount
    ]
    return max(seen, default=None)


def _span_ends(
    chain: Chain, until: datetime | None, as_of: datetime
) -> Iterator[tuple[datetime, Assertion]]:
    """Give the last visit, by the moment, of each span in which a chain says one thing."""
    if until is None or until > as_of:
        limit = bisect_right(chain.visits, as_of, key=_at)
    else:
        limit = bisect_left(chain.visits, until, key=_at)
    ends = [index for index, _ in chain.stated[1:]] + [len(chain.visits)]
    for (start, segments), end in zip(chain.stated, ends, strict=True):
        last = min(end, limit) - 1
        if segments and last >= start:
            yield chain.visits[last].at, segments


def _at(seen: Seen) -> datetime:
    return seen.at


def _last_told(
    row: Found, words: Mapping[int, Word | None], lasts: Mapping[int, datetime]
) -> tuple[datetime | None, bool]:
    """Give a revision's last sighting as the last words tell it, and whether that is certain."""
    seen: datetime | None = None
    open_until: datetime | None = None
    for form, word in words.items():
        last = lasts.get(form)
        if word is None or last is None:
            return None, False
        if last >= row.valid_from and amount_stated(word.segments, last) == row.amount:
            seen = max(seen or last, last)
        elif word.at >= row.valid_from:
            open_until = max(open_until or word.at, word.at)
    return seen, open_until is None or (seen is not None and seen >= open_until)


def _last_visits(session: Session, sources: Iterable[int], asked: Asked) -> dict[int, datetime]:
    """Give the last visit of each form of some sources' documents by the moment asked for."""
    values = {"sources": sorted(sources), "as_of": asked.as_of, "known": asked.known}
    rows = session.connection().execute(_lasts(known=asked.known is not None), values)
    return {form: at for form, at in rows if at is not None}


def _kept_since(session: Session, series: Sequence[int], asked: Asked) -> set[int]:
    """Give the series of which something else was stored when the ingest asked for was the last."""
    kept: set[int] = set()
    if asked.known is not None:
        for part in parts(series):
            values = {"series": part, "known": asked.known}
            kept |= set(session.connection().scalars(_KEPT, values))
    return kept


_TABLES = RunDocument.metadata.tables
_DOCUMENTS, _FORMS = _TABLES[Document.__tablename__], _TABLES[DocumentForm.__tablename__]
_VISITS, _READINGS = _TABLES[RunDocument.__tablename__], _TABLES[StoredReading.__tablename__]
_BEFORE = _TABLES[AssertionBefore.__tablename__]
_KEPT = (
    select(_BEFORE.c.series_id)
    .where(
        _BEFORE.c.series_id.in_(bindparam("series", expanding=True)),
        _BEFORE.c.ingest > bindparam("known"),
    )
    .distinct()
)


@cache
def _lasts(*, known: bool) -> Select[int, datetime | None]:
    last = (
        select(_VISITS.c.fetched_at)
        .join(_READINGS, _READINGS.c.id == _VISITS.c.reading_id)
        .where(
            _VISITS.c.document_id == _FORMS.c.document_id,
            _READINGS.c.form == _FORMS.c.form,
            _VISITS.c.fetched_at <= bindparam("as_of"),
            *not_read_again(known=known),
        )
        .order_by(_VISITS.c.fetched_at.desc())
        .limit(1)
        .correlate(_FORMS)
        .scalar_subquery()
    )
    return (
        select(_FORMS.c.id, last)
        .join(_DOCUMENTS, _DOCUMENTS.c.id == _FORMS.c.document_id)
        .where(_DOCUMENTS.c.source_id.in_(bindparam("sources", expanding=True)))
    )
