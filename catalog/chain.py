"""The chain: the rows that a commit wrote, listed by their digests in a link that binds the last.

A link belongs to one commit. It lists the events and what they rest on: revisions made and
superseded, visits, snapshots with the sha256 of their bytes, readings, what else pages stated. Its
hash covers all of that and the hash of the link before. So a row that is altered, taken away or
slipped in no longer fits, and after a link that was rewritten none fits.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    TableClause,
    Text,
    column,
    func,
    insert,
    select,
    table,
)
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from catalog.store import BigId, Turn, UtcDateTime

MOST = 20_000
"""So many rows are listed by one link; a larger commit has several."""
DIGITS = 32
"""Of a row's digest, in hexadecimal."""
BEGINNING = "0" * 64
"""What stands for the hash before the first link."""

Types = Mapping[str, UtcDateTime | Boolean | JSON]


class Link(SQLModel, table=True):
    """One link of the chain: what a commit wrote, or a part of it."""

    __tablename__ = "chain"

    number: int = Field(sa_type=BigId, primary_key=True, sa_column_kwargs={"autoincrement": False})
    ingest: int = Field(sa_type=BigInteger)
    """The commit's number."""
    sequence: int = Field(sa_type=BigInteger)
    """The last event of the log by then."""
    tops: str = Field(sa_type=Text)
    """JSON: the identifier of the last listed row of each kind."""
    entries: str = Field(sa_type=Text)
    """One line a row: its kind, its identifier, its digest."""
    hash: str
    """Of all of this and of the link before."""


class Listed(NamedTuple):
    """A row as a link lists it."""

    kind: str
    id: int
    digest: str

    def __str__(self) -> str:
        """Give its line in a link."""
        return f"{self.kind}\t{self.id}\t{self.digest}"


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of rows that links list: where they are, and what of them is sealed.

    Columns that are left out may change: they are derived, or declared anew at every start.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    types: Types = field(default_factory=dict)
    """Of the columns that are neither text nor whole numbers."""
    key: str = "id"
    shown: str = ""
    """The column that a person knows such a row by."""

    @cached_property
    def rows(self) -> TableClause:
        """The table with the columns that are needed."""
        names = dict.fromkeys((self.key, *self.columns))
        return table(self.table, *(column(name, self.types.get(name)) for name in names))

    def find(
        self, session: Session, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> list[tuple[Listed, str]]:
        """Give rows as they are to be listed, in order of their identifiers, each with its name.

        The name is in brackets, and empty for a kind of which none is shown.
        """
        rows = self.rows
        query = select(rows.c[self.key], *(rows.c[name] for name in self.columns))
        ordered = query.where(*conditions).order_by(rows.c[self.key]).limit(limit)
        place = self.columns.index(self.shown) + 1 if self.shown else 0
        return [
            (Listed(self.name, row[0], digest(row)), f" ({row[place]})" if place else "")
            for row in session.execute(ordered)
        ]

    def above(self, number: int) -> ColumnElement[bool]:
        """Name the rows after an identifier."""
        return self.rows.c[self.key] > number

    def written_by(self, ingest: int | None) -> Iterator[ColumnElement[bool]]:
        """Name the rows of one commit, where rows say whose they are; None: of any."""
        if ingest is not None and "ingest" in self.columns:
            yield self.rows.c["ingest"] == ingest


MOMENT = UtcDateTime()
FLAG = Boolean()
PLACE = ("url", "fetched_at", "status", "headers")
FETCHED: Types = {"fetched_at": MOMENT, "headers": JSON(), "archived": FLAG}
SERIES = Kind(
    "series",
    "series",
    (
        *("slug", "source_id", "provider", "subject", "model", "tier", "region", "context_over"),
        *("variant", "window", "meter", "unit", "currency"),
    ),
    shown="slug",
)
HOLD = Kind(
    "hold",
    "holds",
    ("visit_id", "guard", "scope", "about", "reasons", "ingest", "decision", "decided"),
    {"reasons": JSON()},
    shown="about",
)
EVENT = Kind(
    "event",
    "change_events",
    (
        *("type", "cause", "initial", "source_id", "model", "provider", "series_id", "old", "new"),
        *("all_time_low", "detail", "valid_from", "recorded_at", "ingest", "visit_id"),
        *("revision_id", "text", "locator"),
    ),
    {"initial": FLAG, "all_time_low": FLAG, "valid_from": MOMENT, "recorded_at": MOMENT},
    key="sequence",
    shown="type",
)
KINDS = (
    Kind("source", "sources", ("name",), shown="name"),
    Kind("document", "documents", ("source_id", "name"), shown="name"),
    Kind("commit", "ingests", ("recorded_at",), {"recorded_at": MOMENT}, key="number"),
    SERIES,
    Kind(
        "snapshot",
        "snapshots",
        ("document_id", *PLACE, "sha256", "size", "archived"),
        FETCHED,
        shown="sha256",
    ),
    Kind(
        "reading",
        "readings",
        ("document_id", "form", "reader_version", "digest", "rows"),
        shown="form",
    ),
    Kind(
        "visit",
        "run_documents",
        (
            *("run_id", "document_id", "ingest", "fetched_at", "outcome", "detail", "cause"),
            *("url", "sha256", "reader_version", "snapshot_id", "reading_id"),
        ),
        FETCHED,
        shown="url",
    ),
    Kind(
        "copy", "archived_copies", ("snapshot_id", "ingest", *PLACE, "size"), FETCHED, shown="url"
    ),
    Kind(
        "fact",
        "facts",
        ("visit_id", "label", "name", "value", "evidence", "provider"),
        shown="label",
    ),
    Kind(
        "score",
        "scores",
        ("visit_id", "label", "benchmark", "score", "date", "evidence"),
        shown="label",
    ),
    Kind("rate", "rates", ("visit_id", "currency", "rate", "date"), shown="currency"),
    Kind(
        "adjustment",
        "adjustments",
        ("visit_id", "name", "factor", "scope", "valid_from", "valid_to", "evidence"),
        shown="name",
    ),
    Kind(
        "correction",
        "corrections",
        ("series_id", "visit_id", "valid_from", "valid_to", "amount", "words", "ingest"),
        {"valid_from": MOMENT, "valid_to": MOMENT},
        shown="words",
    ),
    Kind(
        "revision",
        "revisions",
        (
            *("series_id", "valid_from", "amount", "reason", "precision", "not_before"),
            *("announced", "initial", "visit_id", "label", "tier", "list_amount", "text"),
            *("locator", "ingest"),
        ),
        {"valid_from": MOMENT, "not_before": MOMENT, "announced": FLAG, "initial": FLAG},
        shown="label",
    ),
    HOLD,
    EVENT,
)
"""In the order in which a link lists them."""
MARKS = (
    Kind("superseded revision", "revisions", ("superseded",)),
    Kind("superseded event", "superseded_events", ("ingest",), key="sequence"),
)
"""What one commit says of rows of earlier ones: that it knew better."""
LATE = (SERIES, HOLD, *MARKS)
"""Those that a later commit may list: what a series is called then, what became of a hold."""
_RENAMED = table("series_before", column("series_id"), column("ingest"))
"""What series were called before a commit gave them other names."""


def digest(row: tuple[object, ...]) -> str:
    """Give the digest of a row's sealed columns, its identifier first; equal on every store."""
    printed = json.dumps([_cell(cell) for cell in row], ensure_ascii=False, separators=(",", ":"))
    return sha256(printed.encode()).hexdigest()[:DIGITS]


def _cell(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def last_link(session: Session) -> Link | None:
    """Give the chain's last link; None while there is none."""
    return session.scalars(select(Link).order_by(col(Link.number).desc()).limit(1)).one_or_none()


def hash_of(link: Mapping[str, object], previous: str) -> str:
    """Give the hash that a link's columns have after the link of a hash."""
    said = (link[name] for name in ("number", "ingest", "sequence", "tops", "entries"))
    return sha256("\n".join((previous, *map(str, said))).encode()).hexdigest()


def seal(turn: Turn) -> None:
    """Add the links of what this turn wrote; to an empty chain, of all that is in the store."""
    last = last_link(turn.session)
    if last is not None and turn.taken is None:
        return
    tops: dict[str, int] = json.loads(last.tops) if last else {}
    number, previous = (last.number, last.hash) if last else (0, BEGINNING)
    lines: list[Listed] = []
    for line in _written(turn, tops, None if last is None else turn.taken):
        if len(lines) == MOST:
            number, previous = number + 1, _add(turn, number + 1, previous, lines, tops)
            lines = []
        lines.append(line)
    if lines:
        _add(turn, number + 1, previous, lines, tops)


def _add(turn: Turn, number: int, previous: str, lines: list[Listed], tops: dict[str, int]) -> str:
    marks = {kind.name for kind in MARKS}
    for line in lines:
        if line.kind not in marks:
            tops[line.kind] = max(line.id, tops.get(line.kind, 0))
    row: dict[str, int | str] = {
        "number": number,
        "ingest": turn.taken or turn.last_ingest,
        "sequence": turn.last_event,
        "tops": json.dumps(tops, sort_keys=True),
        "entries": "\n".join(map(str, lines)),
    }
    row["hash"] = hash_of(row, previous)
    turn.session.execute(insert(Link).values(row))
    return str(row["hash"])


def _written(turn: Turn, tops: Mapping[str, int], ingest: int | None) -> Iterator[Listed]:
    """Give the rows that are to be listed; ``ingest`` is None where all are that there are."""
    session = turn.session
    for kind, top in _grown(session, dict(tops)):
        yield from _pages(session, kind, top, ingest)
    renamed = select(_RENAMED.c.series_id).where(_RENAMED.c.ingest == ingest)
    marks = (kind.rows.c[kind.columns[0]] for kind in MARKS)
    changed = (
        SERIES.rows.c["id"].in_(renamed),
        HOLD.rows.c["decided"] == ingest,
        *(mark.is_not(None) if ingest is None else mark == ingest for mark in marks),
    )
    for kind, condition in zip(LATE, changed, strict=True):
        yield from (line for line, _ in kind.find(session, condition))


def _grown(session: Session, tops: Mapping[str, int]) -> Iterator[tuple[Kind, int]]:
    """Give the kinds of which there are rows that are not listed, with the last that is."""
    lasts = (select(func.max(kind.rows.c[kind.key])).scalar_subquery() for kind in KINDS)
    for kind, last in zip(KINDS, session.execute(select(*lasts)).one(), strict=True):
        top = tops.get(kind.name, 0)
        if last is not None and last > top:
            yield kind, top


def _pages(session: Session, kind: Kind, top: int, ingest: int | None) -> Iterator[Listed]:
    while True:
        found = kind.find(session, kind.above(top), *kind.written_by(ingest), limit=MOST)
        yield from (line for line, _ in found)
        if len(found) < MOST:
            return
        top = found[-1][0].id
