"""Whether a source's runs work: told once when they begin to fail, once when they work again."""

from sqlalchemy import insert, select
from sqlmodel import col

from catalog.documents.sources import GOOD, Document, RunDocument, Source
from catalog.events.changes import ChangeEvent
from catalog.store import Turn
from catalog.visit import Visit
from catalog.vocabulary import Cause, EventType

FAILURES = 3
"""So many failed visits of one document in a row make its source degraded."""


def report_health(turn: Turn, source: Source, document: Document, visit: Visit) -> int:
    """Tell that a source is degraded or has recovered, where this visit shows it."""
    degraded = _is_degraded(turn, source)
    if not degraded and _keeps_failing(turn, document):
        detail = f"{document.name}: {visit.outcome}: {visit.detail}"
        return _tell(turn, source, visit, EventType.SOURCE_DEGRADED, detail)
    if degraded and all(_last_is_good(turn, number) for number in _documents(turn, source)):
        return _tell(turn, source, visit, EventType.SOURCE_RECOVERED, document.name)
    return 0


def _is_degraded(turn: Turn, source: Source) -> bool:
    kinds = [EventType.SOURCE_DEGRADED.value, EventType.SOURCE_RECOVERED.value]
    query = (
        select(col(ChangeEvent.type))
        .where(
            col(ChangeEvent.source_id) == source.id,
            col(ChangeEvent.revision_id).is_(None),
            col(ChangeEvent.type).in_(kinds),
        )
        .order_by(col(ChangeEvent.sequence).desc())
        .limit(1)
    )
    return turn.session.scalars(query).one_or_none() == EventType.SOURCE_DEGRADED


def _outcomes(turn: Turn, document: int, limit: int) -> list[str]:
    query = (
        select(col(RunDocument.outcome))
        .where(
            col(RunDocument.document_id) == document, col(RunDocument.cause) == Cause.OBSERVED.value
        )
        .order_by(col(RunDocument.fetched_at).desc(), col(RunDocument.id).desc())
        .limit(limit)
    )
    return list(turn.session.scalars(query))


def _keeps_failing(turn: Turn, document: Document) -> bool:
    outcomes = _outcomes(turn, document.id, FAILURES)
    return len(outcomes) == FAILURES and not any(outcome in GOOD for outcome in outcomes)


def _last_is_good(turn: Turn, document: int) -> bool:
    return all(outcome in GOOD for outcome in _outcomes(turn, document, 1))


def _documents(turn: Turn, source: Source) -> list[int]:
    return list(turn.session.scalars(select(col(Document.id)).filter_by(source_id=source.id)))


def _tell(turn: Turn, source: Source, visit: Visit, kind: EventType, detail: str) -> int:
    row = {
        "sequence": turn.event(),
        "type": kind.value,
        "cause": visit.cause.value,
        "initial": False,
        "source_id": source.id,
        "provider": source.provider,
        "all_time_low": False,
        "detail": detail,
        "valid_from": visit.fetched_at,
        "recorded_at": turn.recorded_at,
        "ingest": turn.ingest(),
        "text": "",
        "locator": "",
    }
    turn.session.execute(insert(ChangeEvent).values(row))
    return 1
