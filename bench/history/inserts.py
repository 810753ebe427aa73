"""The statements that insert a day's revisions, assertions and events from three small tables."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Insert,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    false,
    insert,
    literal,
    null,
    select,
)

from catalog.store import UtcDateTime
from catalog.tables import METADATA

OWN = MetaData()
TEMPORARY = ["TEMPORARY"]
SERIES = Table(
    "bench_series",
    OWN,
    Column("source", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("series_id", BigInteger),
    Column("step", Integer),
    Column("model", String),
    Column("provider", String),
    prefixes=TEMPORARY,
)
STEPS = Table(
    "bench_steps",
    OWN,
    Column("day", Integer, primary_key=True),
    Column("step", Integer, primary_key=True),
    Column("old", BigInteger),
    Column("new", BigInteger),
    Column("low", Boolean),
    Column("words", String),
    prefixes=TEMPORARY,
)
VISITS = Table(
    "bench_visits",
    OWN,
    Column("day", Integer, primary_key=True),
    Column("source", Integer, primary_key=True),
    Column("source_id", Integer),
    Column("form_id", Integer),
    Column("visit_id", BigInteger),
    Column("ingest", BigInteger),
    Column("at", UtcDateTime),
    Column("before", UtcDateTime),
    Column("recorded_at", UtcDateTime),
    Column("rows_before", BigInteger),
    prefixes=TEMPORARY,
)
_S, _STEP, _V = SERIES.c, STEPS.c, VISITS.c
_NUMBER = _V.rows_before + _S.place + 1
"""Counts what the inserted visits newly say."""


def revisions(top: int) -> Insert:
    """Insert a day's revisions after the last one by ingest."""
    columns = {
        "id": _NUMBER + top,
        "series_id": _S.series_id,
        "valid_from": _V.at,
        "amount": _STEP.new,
        "reason": literal(""),
        "precision": literal("between"),
        "not_before": _V.before,
        "announced": false(),
        "initial": false(),
        "visit_id": _V.visit_id,
        "label": _S.model,
        "tier": literal("standard"),
        "list_amount": null(),
        "text": _STEP.words,
        "locator": literal(""),
        "ingest": _V.ingest,
        "superseded": null(),
    }
    return _into("revisions", columns)


def assertions() -> Insert:
    """Insert what a day's visits newly say."""
    amount = _STEP.new.cast(String)
    head, middle = literal("[["), literal(', null, null, "')
    label, words = _S.model, _STEP.words
    packed = head + amount + middle + label + literal('", "standard", null, "') + words
    columns = {
        "series_id": _S.series_id,
        "visit_id": _V.visit_id,
        "form_id": _V.form_id,
        "at": _V.at,
        "segments": packed + literal('", ""]]'),
    }
    return _into("assertions", columns)


def events(top: int, revision: int) -> Insert:
    """Insert a day's events after the last one by ingest; ``revision`` is the last one of these."""
    columns = {
        "sequence": _NUMBER + top,
        "type": literal("price.changed"),
        "cause": literal("backfilled"),
        "initial": false(),
        "source_id": _V.source_id,
        "model": _S.model,
        "provider": _S.provider,
        "series_id": _S.series_id,
        "old": _STEP.old,
        "new": _STEP.new,
        "all_time_low": _STEP.low,
        "detail": literal(""),
        "valid_from": _V.at,
        "recorded_at": _V.recorded_at,
        "ingest": _V.ingest,
        "visit_id": _V.visit_id,
        "revision_id": _NUMBER + revision,
        "text": _STEP.words,
        "locator": literal(""),
    }
    return _into("change_events", columns)


def _into(table: str, columns: dict[str, ColumnElement[object]]) -> Insert:
    rows: Select[*tuple[object, ...]] = (
        select(*columns.values())
        .select_from(VISITS)
        .join(SERIES, _S.source == _V.source)
        .join(STEPS, (_STEP.step == _S.step) & (_STEP.day == _V.day))
        .where(_V.day == bindparam("day"))
        .order_by(_V.visit_id, _S.place)
    )
    return insert(METADATA.tables[table]).from_select(list(columns), rows)
