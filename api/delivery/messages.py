"""An owner's look at messages and their attempts, and sending some of them again."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from api.delivery.subscribing import ConflictError, UnknownSubscriptionError
from catalog.subscribing.subscriptions import Attempt, Delivery, Subscription
from catalog.vocabulary import DeliveryState, MessageKind


def list_deliveries(
    session: Session,
    one: Subscription,
    *,
    before: int | None = None,
    limit: int | None = None,
    state: DeliveryState | None = None,
) -> Sequence[Delivery]:
    """Give a subscription's messages before a number, the newest first."""
    query = select(Delivery).filter_by(subscription_id=one.id)
    if state is not None:
        query = query.filter_by(state=state.value)
    if before is not None:
        query = query.where(col(Delivery.number) < before)
    return session.scalars(query.order_by(col(Delivery.number).desc()).limit(limit)).all()


def attempts_of(
    session: Session, deliveries: Sequence[Delivery]
) -> Mapping[int, Sequence[Attempt]]:
    """Give the attempts of messages by their numbers, the first one first."""
    numbers = [delivery.number for delivery in deliveries]
    query = select(Attempt).where(col(Attempt.delivery_number).in_(numbers))
    found: dict[int, list[Attempt]] = {number: [] for number in numbers}
    for attempt in session.scalars(query.order_by(col(Attempt.id))):
        found[attempt.delivery_number].append(attempt)
    return found


def find_delivery(session: Session, one: Subscription, message: str) -> Delivery:
    """Find a message of a subscription by its id; raise UnknownSubscriptionError."""
    query = select(Delivery).filter_by(subscription_id=one.id, id=message)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise UnknownSubscriptionError(f"there is no message {message} of this subscription")
    return found


def replay(delivery: Delivery, now: datetime) -> None:
    """Send a message again, under its id, with all attempts before it.

    Raises ConflictError for a challenge: a new one is asked for instead.
    """
    if delivery.kind == MessageKind.VERIFY:
        raise ConflictError("a challenge is not sent again; ask for a new one with verify")
    delivery.state, delivery.due_at, delivery.tries = DeliveryState.PENDING.value, now, 0


def recover(session: Session, one: Subscription, *, first: int, last: int, now: datetime) -> int:
    """Send again what failed of a range of the log, both ends in it; give how many messages."""
    failed = (
        update(Delivery)
        .filter_by(
            subscription_id=one.id,
            kind=MessageKind.EVENT.value,
            state=DeliveryState.FAILED.value,
        )
        .where(col(Delivery.sequence).between(first, last))
        .values({"state": DeliveryState.PENDING.value, "due_at": now, "tries": 0})
    )
    return len(session.scalars(failed.returning(col(Delivery.number))).all())
