"""Subscriptions and their messages as the store keeps them. None of it is history."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import JSON, BigInteger, Engine, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from catalog.store import BigId, UtcDateTime

PENDING = text("state = 'pending'")


class Subscription(SQLModel, table=True):
    """A URL that is told what happens, from a place in the log on."""

    __tablename__ = "subscriptions"

    id: str = Field(primary_key=True)
    owner: str = Field(index=True)
    name: str
    url: str = Field(sa_type=Text)
    wanted: Mapping[str, object] = Field(sa_type=JSON)
    """Its filter; what is not in it is not asked."""
    state: str
    reason: str
    """Why it is disabled."""
    cursor: int = Field(sa_type=BigInteger)
    """The last event of the log that was looked at for it."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    verified_at: datetime | None = Field(sa_type=UtcDateTime)
    failing_since: datetime | None = Field(sa_type=UtcDateTime)
    """The first failure since the last success."""
    claim: str | None
    """Which sender is at it."""
    claimed_until: datetime | None = Field(sa_type=UtcDateTime)


class SubscriptionSecret(SQLModel, table=True):
    """A secret that messages of a subscription are signed with, encrypted."""

    __tablename__ = "subscription_secrets"

    id: int = Field(sa_type=BigId, primary_key=True)
    subscription_id: str = Field(foreign_key="subscriptions.id", index=True)
    sealed: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(sa_type=UtcDateTime)
    """Until when it signs beside the one that came after it; None: it is the current one."""


class Delivery(SQLModel, table=True):
    """One message for one subscription; its id and body are the same at every attempt."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("subscription_id", "sequence"),
        Index("deliveries_due", "due_at", sqlite_where=PENDING, postgresql_where=PENDING),
    )

    number: int = Field(sa_type=BigId, primary_key=True)
    id: str = Field(unique=True)
    """The webhook-id."""
    subscription_id: str = Field(foreign_key="subscriptions.id", index=True)
    kind: str
    type: str
    sequence: int | None = Field(sa_type=BigInteger)
    """The event's number in the log; None where it is of no event."""
    body: str = Field(sa_type=Text)
    state: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(sa_type=UtcDateTime)
    """When it is to be sent next; None where it is not."""
    tries: int
    """Attempts since it was first to be sent, or to be sent anew."""


class Attempt(SQLModel, table=True):
    """One POST of a message."""

    __tablename__ = "attempts"

    id: int = Field(sa_type=BigId, primary_key=True)
    delivery_number: int = Field(foreign_key="deliveries.number", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    milliseconds: int
    outcome: str
    status: int | None
    answer: str = Field(sa_type=Text)
    """How the answer begins, or why there is none."""
    next_at: datetime | None = Field(sa_type=UtcDateTime)


@contextmanager
def changing(engine: Engine) -> Iterator[Session]:
    """Open a session that writes what is no history; it commits at the end, whole or not at all."""
    with Session(engine.execution_options(immediate=True)) as session, session.begin():
        yield session
