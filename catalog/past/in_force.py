"""The seek: which revision of each series was in force at a moment, as known by an ingest.

A question's statement is put together once for its shape and then only asked with its values;
rows come as plain columns. So a question costs what its answer is long, however long history is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypedDict

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from catalog.documents.sources import Source
from catalog.identity.renamings import Names
from catalog.past.revisions import Revision
from catalog.past.series import Series
from catalog.store import Ingest
from catalog.vocabulary import SourceKind


class Where(TypedDict, total=False):
    """Which series to give; what is not named is not asked."""

    model: str | None
    provider: str | None
    source: str | None
    series: str | None
    kind: SourceKind | None
    mapped: bool
    """Only series whose label is mapped to a model, or only those that are not."""


@dataclass(frozen=True)
class Asked:
    """A question's two times; ``known`` is None for all that is known by now."""

    as_of: datetime
    known: int | None
    names: Names


class Found(NamedTuple):
    """A revision and its series, as they are stored; moments aware, amounts in pico-units."""

    id: int
    slug: str
    model: str | None
    subject: str
    provider: str
    tier: str
    region: str
    context_over: int
    variant: str
    window: str
    meter: str
    unit: str
    currency: str
    source_id: int
    source: str
    kind: str
    revision: int
    visit: int
    label: str
    amount: int | None
    reason: str
    list_amount: int | None
    valid_from: datetime
    until: datetime | None
    """When the next revision holds, as far as one is known."""
    precision: str
    not_before: datetime | None
    text: str
    locator: str
    recorded_at: datetime


def revisions_at(session: Session, asked: Asked, where: Where) -> list[Found]:
    """Give the revision in force of each series, in order of series; ended ones are left out."""
    return _ask(session, asked, where, _Range.IN_FORCE)


def revisions_by(session: Session, asked: Asked, where: Where, *, ahead: bool) -> list[Found]:
    """Give all revisions of each series, in order of series and time; also those that lie ahead."""
    return _ask(session, asked, where, _Range.ALL if ahead else _Range.BEGUN)


class _Range(StrEnum):
    """Which revisions of a series are asked for."""

    IN_FORCE = "in force"
    BEGUN = "begun"
    ALL = "all"


class _Shape(NamedTuple):
    """What tells the statement of one question from that of another; the values are not in it."""

    extent: _Range
    known: bool
    renamed: bool
    named: tuple[str, ...]
    lateral: bool


def _ask(session: Session, asked: Asked, where: Where, extent: _Range) -> list[Found]:
    values = dict(_values(where))
    names = asked.names
    known, renamed = asked.known is not None, bool(names.series)
    shape = _Shape(extent, known, renamed, tuple(values), is_lateral(session))
    values |= {"as_of": asked.as_of, "known": asked.known}
    if names.series:
        values |= {"renamed": list(names.series)}
        values |= {"of_model": names.those("model", where.get("model"))}
        values |= {"unmapped_then": names.those("model", None)}
    rows = session.connection().execute(_statement(shape), values).all()
    return [Found(*row) for row in rows]  # type: ignore[arg-type] # the types of a row this wide are lost


def _values(where: Where) -> Iterator[tuple[str, object]]:
    for name in ("model", "provider", "source", "series", "kind"):
        value = where.get(name)
        if value is not None:
            yield name, str(value)
    mapped = where.get("mapped")
    if mapped is not None:
        yield ("mapped" if mapped else "unmapped"), None


_TABLES = Revision.metadata.tables
_SERIES, _SOURCES = _TABLES[Series.__tablename__], _TABLES[Source.__tablename__]
_INGESTS, _REVISIONS = _TABLES[Ingest.__tablename__], _TABLES[Revision.__tablename__]
_CHOSEN = _REVISIONS.alias("chosen")
"""The revision in force at the moment asked for."""
_AFTER = _REVISIONS.alias("later")
"""The one after it."""
_S, _R = _SERIES.c, _REVISIONS.c


@lru_cache(256)
def _statement(shape: _Shape) -> Select[*tuple[object, ...]]:
    revisions, on = _joined(shape)
    r = revisions.c
    columns = (
        *(_S.id, _S.slug, _S.model, _S.subject, _S.provider, _S.tier, _S.region),
        *(_S.context_over, _S.variant, _S.window, _S.meter, _S.unit, _S.currency, _S.source_id),
        *(_SOURCES.c.name, _SOURCES.c.kind, r.id.label("revision"), r.visit_id, r.label),
        *(r.amount, r.reason, r.list_amount, r.valid_from),
        _until(revisions, known=shape.known).label("until"),
        *(r.precision, r.not_before, r.text, r.locator, _INGESTS.c.recorded_at),
    )
    return (
        select(*columns)
        .select_from(_SERIES)
        .join(revisions, on)
        .join(_SOURCES, _SOURCES.c.id == _S.source_id)
        .join(_INGESTS, _INGESTS.c.number == r.ingest)
        .where(*_conditions(shape))
        .order_by(_S.slug, r.valid_from)
    )


def _joined(shape: _Shape) -> tuple[FromClause, ColumnElement[bool]]:
    """Say which revisions of each series are asked for, and what joins them to it."""
    if shape.extent == _Range.IN_FORCE:
        revisions, on = in_force(known=shape.known, lateral=shape.lateral)
        return revisions, on & revisions.c.amount.is_not(None)
    on = (_R.series_id == _S.id) & _visible(_REVISIONS, known=shape.known)
    begun = _R.valid_from <= bindparam("as_of")
    return _REVISIONS, on & begun if shape.extent == _Range.BEGUN else on


def in_force(
    *, known: bool = False, lateral: bool = False
) -> tuple[FromClause, ColumnElement[bool]]:
    """Give the revision in force of each series, at the bound moment ``as_of``, and its join.

    Of what was known by the bound ingest ``known``, where that is asked. ``lateral`` asks as
    PostgreSQL is to be asked: it may else read all revisions to find those of all series.
    """
    if lateral:
        return _last(_CHOSEN, known=known).lateral("in_force"), true()
    seek = _last(_CHOSEN.c.id, known=known).scalar_subquery()
    return _REVISIONS, (_R.series_id == _S.id) & (_R.id == seek)


def _last(wanted: FromClause | ColumnElement[int], *, known: bool) -> Select[*tuple[object, ...]]:
    return (
        select(wanted)
        .where(
            _CHOSEN.c.series_id == _S.id,
            _CHOSEN.c.valid_from <= bindparam("as_of"),
            _visible(_CHOSEN, known=known),
        )
        .order_by(_CHOSEN.c.valid_from.desc())
        .limit(1)
        .correlate(_SERIES)
    )


def is_lateral(session: Session) -> bool:
    """Whether the store is one to be asked by lateral joins."""
    return session.get_bind().dialect.name == "postgresql"


def _until(revisions: FromClause, *, known: bool) -> ScalarSelect[object]:
    return (
        select(_AFTER.c.valid_from)
        .where(
            _AFTER.c.series_id == _S.id,
            _AFTER.c.valid_from > revisions.c.valid_from,
            _visible(_AFTER, known=known),
        )
        .order_by(_AFTER.c.valid_from)
        .limit(1)
        .correlate(_SERIES, revisions)
        .scalar_subquery()
    )


def _visible(revision: FromClause, *, known: bool) -> ColumnElement[bool]:
    """Say which revisions were in force: now, or at the bound ingest ``known``."""
    superseded = revision.c.superseded
    if not known:
        return superseded.is_(None)
    by: BindParameter[int] = bindparam("known")
    return and_(revision.c.ingest <= by, or_(superseded.is_(None), superseded > by))


_EXACT = {
    "provider": _S.provider,
    "source": _SOURCES.c.name,
    "series": _S.slug,
    "kind": _SOURCES.c.kind,
}


def _conditions(shape: _Shape) -> Iterator[ColumnElement[bool]]:
    for name in shape.named:
        if name in _EXACT:
            yield _EXACT[name] == bindparam(name)
        elif name == "model":
            yield _then(_S.model == bindparam("model"), shape, "of_model")
        else:
            unmapped = _then(_S.model.is_(None), shape, "unmapped_then")
            yield unmapped if name == "unmapped" else ~unmapped


def _then(now: ColumnElement[bool], shape: _Shape, those: str) -> ColumnElement[bool]:
    """Ask for what is so, of series that were renamed since: of what they were."""
    if not shape.renamed:
        return now
    renamed: BindParameter[list[int]] = bindparam("renamed", expanding=True)
    return or_(and_(now, _S.id.not_in(renamed)), _S.id.in_(bindparam(those, expanding=True)))
