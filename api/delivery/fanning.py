"""From the log to messages: each active subscription's place in it moves on, past every event."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from api.delivery.conditions import Wanted, matches
from api.delivery.payload import event_body
from api.delivery.subscribing import wanted_of
from api.delivery.tokens import new_id
from catalog.events.changes import last_sequence
from catalog.subscribing.notices import Notice, notices_since
from catalog.subscribing.subscriptions import Delivery, Subscription
from catalog.vocabulary import DeliveryState, MessageKind, SubscriptionState

PIECE = 500
"""So many events are looked at in one go."""
ACTIVE = SubscriptionState.ACTIVE.value


def furthest_behind(session: Session) -> int | None:
    """Give the lowest place of an active subscription before the log's end; None: all are there."""
    lowest = select(func.min(col(Subscription.cursor))).filter_by(state=ACTIVE)
    cursor = session.scalar(lowest)
    return cursor if cursor is not None and cursor < last_sequence(session) else None


def fan_out(session: Session, now: datetime) -> int:
    """Move the subscriptions that are furthest behind past some events; give how many messages.

    Messages and places are one commit's: an event is queued once for each subscription that asks
    for it, whoever dies when.
    """
    cursor = furthest_behind(session)
    if cursor is None:
        return 0
    there = select(Subscription).filter_by(state=ACTIVE, cursor=cursor)
    locked = there.order_by(col(Subscription.id)).with_for_update(skip_locked=True)
    subscriptions = session.scalars(locked.execution_options(populate_existing=True)).all()
    notices, reached = notices_since(session, cursor, limit=PIECE)
    bodies = {notice.event.sequence: event_body(notice) for notice in notices}
    rows = [
        _row(one.id, notice, bodies[notice.event.sequence], now)
        for one in subscriptions
        for notice in _asked(wanted_of(one), notices)
    ]
    if rows:
        session.execute(insert(Delivery), rows)
    for one in subscriptions:
        one.cursor = reached
    return len(rows)


def _asked(wanted: Wanted, notices: Sequence[Notice]) -> Iterator[Notice]:
    return (notice for notice in notices if matches(wanted, notice))


def _row(subscription: str, notice: Notice, body: str, now: datetime) -> dict[str, object]:
    return {
        "id": new_id("msg"),
        "subscription_id": subscription,
        "kind": MessageKind.EVENT.value,
        "type": notice.event.type.value,
        "sequence": notice.event.sequence,
        "body": body,
        "state": DeliveryState.PENDING.value,
        "created_at": now,
        "due_at": now,
        "tries": 0,
    }
