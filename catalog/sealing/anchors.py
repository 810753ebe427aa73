"""Anchors: heads of the chain that people keep elsewhere, to show that its end is still there."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.sealing.chain import BEGINNING, Link


class AnchorError(ValueError):
    """What is no anchor."""


class Anchor(NamedTuple):
    """A head of the chain as somebody keeps it: the last event's number, and the hash."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        """Give it as it is written down."""
        return f"{self.sequence}:{self.hash}"

    @classmethod
    def of(cls, text: str) -> "Anchor":
        """Read what was written down; raise AnchorError."""
        sequence, colon, hashed = text.partition(":")
        if not (colon and sequence.isdecimal() and len(hashed) == len(BEGINNING)):
            raise AnchorError(f"{text!r} is no anchor; write 4711:1f3a…, as `verify` prints it")
        return cls(int(sequence), hashed.lower())


def head(session: Session, known: int | None = None) -> Anchor | None:
    """Give the chain's head, or what it was when an ingest was the last; None before any."""
    query = select(col(Link.sequence), col(Link.hash)).order_by(col(Link.number).desc()).limit(1)
    if known is not None:
        query = query.where(col(Link.ingest) <= known)
    last = session.execute(query).one_or_none()
    return Anchor(*last) if last else None
