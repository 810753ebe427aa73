"""Who sends which message now: one sender at a time for a subscription, whoever dies when.

A claim is of a subscription and ends by itself. So two senders never send one attempt, a
subscription is sent one message at a time, and what a killed sender held is sent by another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from api.delivery.keyring import Keyring
from catalog.subscribing.subscriptions import Delivery, Subscription, SubscriptionSecret
from catalog.vocabulary import DeliveryState, MessageKind, SubscriptionState

LASTS = timedelta(seconds=60)
"""How long a claim holds; longer than any attempt with its recording."""


@dataclass(frozen=True)
class Claim:
    """A message to be sent now, by who made the claim and nobody else."""

    token: str
    number: int
    message: str
    subscription: str
    kind: MessageKind
    url: str
    body: str
    secrets: tuple[str, ...] = field(repr=False)


def is_due(session: Session, now: datetime) -> bool:
    """Whether there is a message that could be claimed."""
    return bool(session.scalars(_due(now, limit=1)).all())


def claim(  # noqa: PLR0913 whose claim, on what, for how long
    session: Session,
    keyring: Keyring,
    now: datetime,
    *,
    token: str,
    limit: int,
    lasts: timedelta = LASTS,
) -> list[Claim]:
    """Claim the oldest message that is due of each subscription that nobody is at."""
    numbers = session.scalars(_due(now, limit=limit)).all()
    query = (
        select(Subscription, Delivery)
        .join(Delivery, col(Delivery.subscription_id) == Subscription.id)
        .where(col(Delivery.number).in_(numbers), _waits(now), _free(now), _sendable())
        .order_by(col(Subscription.id))
        .with_for_update(of=Subscription, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    claimed = session.execute(query).all()
    secrets = _secrets(session, keyring, [one.id for one, _ in claimed], now)
    for one, _ in claimed:
        one.claim, one.claimed_until = token, now + lasts
    return [
        Claim(
            token,
            delivery.number,
            delivery.id,
            one.id,
            MessageKind(delivery.kind),
            one.url,
            delivery.body,
            secrets[one.id],
        )
        for one, delivery in claimed
    ]


def _due(now: datetime, *, limit: int) -> Select[int]:
    return (
        select(func.min(col(Delivery.number)))
        .join(Subscription, col(Subscription.id) == Delivery.subscription_id)
        .where(_waits(now), _free(now), _sendable())
        .group_by(col(Delivery.subscription_id))
        .order_by(func.min(col(Delivery.due_at)))
        .limit(limit)
    )


def _waits(now: datetime) -> ColumnElement[bool]:
    is_pending = col(Delivery.state) == DeliveryState.PENDING.value
    return and_(is_pending, col(Delivery.due_at) <= now)


def _free(now: datetime) -> ColumnElement[bool]:
    until = col(Subscription.claimed_until)
    return or_(until.is_(None), until <= now)


def _sendable() -> ColumnElement[bool]:
    """Ask for all messages of active subscriptions, and challenges of unverified ones."""
    state = col(Subscription.state)
    return or_(
        and_(
            state == SubscriptionState.ACTIVE.value,
            col(Delivery.kind) != MessageKind.VERIFY.value,
        ),
        and_(
            state == SubscriptionState.UNVERIFIED.value,
            col(Delivery.kind) == MessageKind.VERIFY.value,
        ),
    )


def _secrets(
    session: Session, keyring: Keyring, subscriptions: Sequence[str], now: datetime
) -> dict[str, tuple[str, ...]]:
    """Give the secrets that hold by subscription, the current one first."""
    expires = col(SubscriptionSecret.expires_at)
    query = (
        select(SubscriptionSecret)
        .where(
            col(SubscriptionSecret.subscription_id).in_(subscriptions),
            or_(expires.is_(None), expires > now),
        )
        .order_by(col(SubscriptionSecret.id).desc())
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in session.scalars(query):
        before = found.get(row.subscription_id, ())
        found[row.subscription_id] = (*before, keyring.unseal(row.sealed))
    return found
