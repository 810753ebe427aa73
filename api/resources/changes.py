"""The log of what became different, in its order."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.evidence import evidence_columns
from api.listing import Ask, Best, Column, Found, Kind, ListResource, Test, Timed, mount
from api.listing.orders import CursorError
from api.listing.questions import USUAL_PAGE
from api.shapes import Meta
from catalog.current.answers import Log
from catalog.events.changes import Event, Where
from catalog.vocabulary import Cause, EventType, Meter, Unit

ANY_OF = (Test.ANY_OF,)
EQUALS = (Test.EQUALS,)
DAY = "2026-06-01T00:00:00Z"
PER_UNIT = "the currency per unit"
LARGEST = 2**63 - 1
PIECE = 1000
"""So many events are read at once, after those that a page takes."""


class ChangesAsked(Timed):
    """Of /changes, beside what its columns give it."""

    since: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    """Only events after this sequence number."""


def _text(name: str, meaning: str, example: str, **also: object) -> Column[Event]:
    return Column(name, Kind.TEXT, meaning, example, nullable=True, **also)  # type: ignore[arg-type] # passed on


def _amount(name: str, meaning: str, example: str, unit: str = PER_UNIT) -> Column[Event]:
    return Column(name, Kind.DECIMAL, meaning, example, unit=unit, nullable=True)


COLUMNS: tuple[Column[Event], ...] = (
    Column("sequence", Kind.INTEGER, "Its number in the log.", 42),
    Column("type", Kind.TEXT, "What happened.", "price.changed", words=EventType, tests=ANY_OF),
    Column("cause", Kind.TEXT, "Why it is recorded.", "observed", words=Cause, tests=ANY_OF),
    Column(
        "initial",
        Kind.BOOLEAN,
        "Part of a source's or reader form's first sight: delivered to nobody.",
        example=False,
        tests=EQUALS,
    ),
    _text("model", "The model's id.", "anthropic/claude-opus-4.7", tests=ANY_OF),
    Column("provider", Kind.TEXT, "Who sells it.", "anthropic", tests=ANY_OF),
    Column("source", Kind.TEXT, "Who says so.", "anthropic", tests=ANY_OF),
    _text(
        "series",
        "The series whose price it is of; null where it is of an offer, a model or a source.",
        "anthropic anthropic/claude-opus-4.7 input_tokens USD",
        tests=EQUALS,
    ),
    _text("meter", "What is counted.", "input_tokens", words=Meter, tests=ANY_OF),
    _text("unit", "How much of it one price covers.", "1M tokens", words=Unit),
    _text("currency", "ISO 4217.", "USD", tests=ANY_OF),
    _amount("old", "The price before.", "5"),
    _amount("new", "The price after.", "4"),
    _amount(
        "ratio", "new / old, to six places; null where either is absent or old is zero.", "0.8", ""
    ),
    _text("direction", "`up` or `down`.", "down", tests=EQUALS),
    Column("all_time_low", Kind.BOOLEAN, "Never lower before.", example=True, tests=EQUALS),
    Column("detail", Kind.TEXT, "What an event that is not of one price says.", ""),
    Column("valid_from", Kind.MOMENT, "From when on it is so.", DAY, best=Best.HIGHEST),
    Column("recorded_at", Kind.MOMENT, "When it was recorded.", DAY, best=Best.HIGHEST),
    Column(
        "superseded_at",
        Kind.MOMENT,
        "When later knowledge came to tell it otherwise; null: it explains what is known.",
        None,
        nullable=True,
        best=Best.HIGHEST,
    ),
    *evidence_columns(lambda one: one.evidence, nullable=True),
)


def _find(ask: Ask[ChangesAsked]) -> Found[Event]:
    after = ask.question.since if ask.after is None else _number(ask.after)
    page = (ask.question.limit or USUAL_PAGE) + 1
    first = _log(ask, after, ask.question.known_at, limit=min(page, PIECE))
    meta = Meta(sequence=first.sequence, as_of=first.as_of, known_at=first.known_at)
    return Found(_events(ask, first), meta)


def _log(
    ask: Ask[ChangesAsked], after: int, known_at: datetime | None, *, limit: int = PIECE
) -> Log:
    asked = ask.question
    where = where_of(asked)
    return ask.views.log(after, limit=limit, as_of=asked.as_of, known_at=known_at, **where)


def where_of(asked: BaseModel) -> Where:
    """Give what the store is asked of a question's filters; it leaves out nothing they keep."""
    given = asked.model_dump()
    series = given.get("series")
    return Where(
        models=given.get("model"),
        providers=given.get("provider"),
        sources=given.get("source"),
        series=[series] if series else None,
        meters=given.get("meter"),
        currencies=given.get("currency"),
        types=given.get("type"),
        causes=given.get("cause"),
        initial=given.get("initial"),
        all_time_low=given.get("all_time_low"),
        moved=given.get("direction") is not None,
    )


def _number(text: str) -> int:
    """Read the number that a cursor stands at; raise CursorError where it is none."""
    if not (text.isascii() and text.isdigit()) or int(text) > LARGEST:
        raise CursorError
    return int(text)


def _events(ask: Ask[ChangesAsked], first: Log) -> Iterator[Event]:
    """Give the events of a piece and of those after it as they are taken, as known at the first."""
    piece = first.events
    while piece:
        yield from piece
        after = piece[-1].sequence
        piece = _log(ask, after, first.known_at).events if after < first.sequence else ()


CHANGES = ListResource(
    "Change",
    COLUMNS,
    lambda one: str(one.sequence),
    _find,
    ChangesAsked,
    sort="sequence",
    in_order=True,
)
router = APIRouter()
mount(
    router,
    "/changes",
    CHANGES,
    "List what became different after an event, in the order of the log.",
    "List what became different after an event, in the order of the log. With `Accept: "
    "text/event-stream`, `application/atom+xml` or `application/feed+json` the same log is "
    "answered as at /changes/stream, /changes.atom and /changes.json, with their parameters.",
    also={
        "text/event-stream": {"schema": {"type": "string"}},
        "application/atom+xml": {"schema": {"type": "string"}},
        "application/feed+json": {"schema": {"type": "object"}},
    },
)
