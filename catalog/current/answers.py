"""What the store's views answer beside a view: the past, the sources, what waits, the log."""

from dataclasses import dataclass
from datetime import datetime

from catalog.documents.source_states import SourceState
from catalog.documents.visits import VisitSeen
from catalog.events.changes import Event
from catalog.past.history import Price
from catalog.review.holds import HoldSeen


@dataclass(frozen=True)
class Told:
    """Which state an answer is of: the log's last number by then, and the two times."""

    sequence: int
    as_of: datetime
    known_at: datetime


@dataclass(frozen=True)
class Past(Told):
    """What prices were, are and will be, as known at a moment."""

    prices: tuple[Price, ...]


@dataclass(frozen=True)
class States(Told):
    """How the sources are at a moment."""

    sources: tuple[SourceState, ...]


@dataclass(frozen=True)
class Waiting(Told):
    """What guards hold, or held, at a moment."""

    holds: tuple[HoldSeen, ...]


@dataclass(frozen=True)
class Trouble:
    """What of one source is held for a person, and what was refused of late."""

    open_holds: int
    refused: tuple[VisitSeen, ...]
    """Latest first."""


@dataclass(frozen=True)
class Log(Told):
    """A part of the log of events, and its last number."""

    events: tuple[Event, ...]
