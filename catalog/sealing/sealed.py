"""What of the store is sealed: the kinds of rows that links list, and a row's digest."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnClause,
    ColumnElement,
    Row,
    TableClause,
    column,
    select,
    table,
)
from sqlalchemy.orm import Session

from catalog.store import UtcDateTime

DIGITS = 32
"""Of a row's digest, in hexadecimal."""
TAKEN = 10_000
"""So many rows are taken from the store at once."""
Types = Mapping[str, UtcDateTime | Boolean | JSON]


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
    grouped: bool = False
    """Whether all rows of one key are listed together, by their columns in order."""
    follows: str = ""
    """The table whose rows, written anew, have these listed again; they are listed by no other."""

    @cached_property
    def rows(self) -> TableClause:
        """The table with the columns that are needed."""
        names = dict.fromkeys((self.key, *self.columns))
        return table(self.table, *(column(name, self.types.get(name)) for name in names))

    def find(
        self, session: Session, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> list[tuple[Listed, str]]:
        """Give rows as they are to be listed, in order of their identifiers, each with its name.

        Of a grouped kind all rows of a key are one; a limit would cut them apart.

        The name is in brackets, and empty for a kind of which none is shown.
        """
        columns = [self.rows.c[name] for name in self.columns]
        query = select(self.id, *columns).where(*conditions).order_by(self.id).limit(limit)
        found = session.execute(query.execution_options(yield_per=TAKEN))
        if self.grouped:
            groups = groupby(found, key=itemgetter(0))
            return [(Listed(self.name, key, digest_of(rows)), "") for key, rows in groups]
        place = self.columns.index(self.shown) + 1 if self.shown else 0
        return [
            (Listed(self.name, row[0], digest(row)), f" ({row[place]})" if place else "")
            for row in found
        ]

    @property
    def id(self) -> ColumnClause[int]:
        """The column that identifies a row, or a group of rows."""
        return self.rows.c[self.key]

    def written_by(self, ingest: int | None) -> Iterator[ColumnElement[bool]]:
        """Name the rows of one commit, where rows say whose they are; None: of any."""
        if ingest is not None and "ingest" in (self.key, *self.columns):
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
KINDS: tuple[Kind, ...] = (
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
    Kind("form", "document_forms", ("document_id", "form"), shown="form"),
    Kind("run", "runs", ("source_id", "started_at", "cause"), {"started_at": MOMENT}),
    Kind("adoption", "adoptions", ("names", "rules"), key="ingest"),
    Kind(
        "renaming",
        "series_before",
        (
            *("series_id", "subject", "model", "tier", "region", "context_over", "variant"),
            "window",
        ),
        key="ingest",
        grouped=True,
    ),
    Kind("mapping", "labels_mapped", ("source_id", "label", "model"), key="ingest", grouped=True),
    Kind(
        "earlier index",
        "assertions_before",
        ("series_id", "visit_id", "segments"),
        key="ingest",
        grouped=True,
    ),
)
"""In the order in which a link lists them."""
MARKS = (
    Kind("superseded revision", "revisions", ("superseded",)),
    Kind("superseded event", "superseded_events", ("ingest",), key="sequence"),
)
"""What one commit says of rows of earlier ones: that it knew better."""
ANEW = (
    Kind(
        "declared source",
        "sources",
        ("kind", "provider", "cadence_seconds", "reader_version"),
        follows="sources",
    ),
    Kind(
        "declared document",
        "documents",
        ("place", "url", "forms", "minimum_models", "minimum_points"),
        {"forms": JSON()},
        follows="documents",
    ),
    Kind(
        "index of visit",
        "assertions",
        ("series_id", "form_id", "at", "segments"),
        {"at": MOMENT},
        key="visit_id",
        grouped=True,
        follows="run_documents",
    ),
    Kind(
        "facts of visit",
        "facts",
        ("id", "model"),
        key="visit_id",
        grouped=True,
        follows="run_documents",
    ),
    Kind(
        "scores of visit",
        "scores",
        ("id", "model"),
        key="visit_id",
        grouped=True,
        follows="run_documents",
    ),
)
"""What is declared or derived, and may be written anew: whoever does so says it to the turn."""
LATE = (SERIES, HOLD, *MARKS, *ANEW)
"""Those that a later commit may list: what a series is called then, what became of a hold."""


def digest(row: tuple[object, ...]) -> str:
    """Give the digest of a row's sealed columns, its identifier first; equal on every store."""
    printed = json.dumps([_cell(cell) for cell in row], ensure_ascii=False, separators=(",", ":"))
    return sha256(printed.encode()).hexdigest()[:DIGITS]


_FIRST = itemgetter(slice(1, 3))
"""What tells the rows of a group apart: their first two columns."""


def digest_of(rows: Iterable[Row[Any]]) -> str:
    """Give the digest of rows that are listed together."""
    return digest(tuple(tuple(map(_cell, row)) for row in sorted(rows, key=_FIRST)))


def _cell(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
