"""What was said last of each series by a moment: a seek for each form of a source's documents."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session

from catalog.documents.document_forms import DocumentForm
from catalog.documents.sources import Document, RunDocument
from catalog.past.assertions import AssertionRow
from catalog.past.series import CHUNK, Series


class Word(NamedTuple):
    """What the visits of one form said last of a series, by the moment asked for."""

    series: int
    form: int
    at: datetime
    visit: int
    segments: str


Told = dict[int, dict[int, Word | None]]
"""The last word of each form on each series; None where there are two, or one not in effect."""


def last_words(
    session: Session, series: Iterable[int], as_of: datetime, known: int | None = None
) -> Told:
    """Give what each form's visits by a moment said last of some series, as known by an ingest."""
    words: list[Word] = []
    for part in parts(series):
        values = {"series": part, "as_of": as_of, "known": known}
        rows = session.connection().execute(_words(known=known is not None), values).all()
        words += [Word(*row) for row in rows if row.visit_id is not None]
    heard = _heard(session, {word.visit for word in words}, known)
    told: Told = {}
    for word in words:
        if word.visit in heard:
            forms = told.setdefault(word.series, {})
            forms[word.form] = None if word.form in forms else word
    for word in words:
        told.setdefault(word.series, {}).setdefault(word.form, None)
    return told


def parts(numbers: Iterable[int]) -> Iterator[list[int]]:
    """Give numbers in order, in parts that one statement can name."""
    wanted = sorted(numbers)
    return (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))


def _heard(session: Session, visits: Iterable[int], known: int | None) -> set[int]:
    """Choose the visits that were known, and whose page no later reader had read again."""
    heard: set[int] = set()
    for part in parts(visits):
        values = {"visits": part, "known": known}
        heard |= set(session.connection().scalars(_in_effect(known=known is not None), values))
    return heard


_TABLES = RunDocument.metadata.tables
_SERIES, _DOCUMENTS = _TABLES[Series.__tablename__], _TABLES[Document.__tablename__]
_ASSERTIONS, _FORMS = _TABLES[AssertionRow.__tablename__], _TABLES[DocumentForm.__tablename__]
_VISITS = _TABLES[RunDocument.__tablename__]
_AGAIN, _EARLIER = _VISITS.alias("again"), _ASSERTIONS.alias("earlier")


@cache
def _words(*, known: bool) -> Select[int, int, datetime, int, str]:
    """Ask for the last words; an outer join, as SQLite then seeks them for each form.

    With an inner one it may go through all that was ever said of a series first.
    """
    earlier = _EARLIER.c
    before = (
        select(earlier.at)
        .where(
            earlier.series_id == _SERIES.c.id,
            earlier.form_id == _FORMS.c.id,
            earlier.at <= bindparam("as_of"),
        )
        .order_by(earlier.at.desc())
        .limit(1)
        .correlate(_SERIES, _FORMS)
    )
    if known:
        before = before.join(_VISITS, _VISITS.c.id == earlier.visit_id).where(
            _VISITS.c.ingest <= bindparam("known")
        )
    said = _ASSERTIONS.c
    same = and_(said.series_id == _SERIES.c.id, said.form_id == _FORMS.c.id)
    return (
        select(said.series_id, said.form_id, said.at, said.visit_id, said.segments)
        .select_from(_SERIES)
        .join(_DOCUMENTS, _DOCUMENTS.c.source_id == _SERIES.c.source_id)
        .join(_FORMS, _FORMS.c.document_id == _DOCUMENTS.c.id)
        .outerjoin(_ASSERTIONS, and_(same, said.at == before.scalar_subquery()))
        .where(_SERIES.c.id.in_(bindparam("series", expanding=True)))
    )


@cache
def _in_effect(*, known: bool) -> Select[int]:
    return select(_VISITS.c.id).where(
        _VISITS.c.id.in_(bindparam("visits", expanding=True)), *not_read_again(known=known)
    )


def not_read_again(*, known: bool) -> Iterator[ColumnElement[bool]]:
    """Ask for known visits that are in effect, as ``in_effect`` chooses them."""
    again = _AGAIN.c
    later = [
        again.document_id == _VISITS.c.document_id,
        again.fetched_at == _VISITS.c.fetched_at,
        func.coalesce(again.sha256, "") == func.coalesce(_VISITS.c.sha256, ""),
        again.reader_version > _VISITS.c.reader_version,
        again.reading_id.is_not(None),
    ]
    if known:
        later.append(again.ingest <= bindparam("known"))
        yield _VISITS.c.ingest <= bindparam("known")
    yield ~exists().where(*later).correlate(_VISITS)
