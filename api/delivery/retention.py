"""How long messages that have ended are kept: some days, then they go with their attempts."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select
from sqlmodel import col

from catalog.subscribing.subscriptions import Attempt, Delivery, changing
from catalog.vocabulary import DeliveryState

PIECE = 1000
"""So many messages go in one commit."""


def forget_ended(engine: Engine, *, now: datetime, keep: timedelta) -> int:
    """Delete messages that ended and were made longer ago than is kept; give how many.

    What is still to be sent stays, and so does each subscription's place in the log: nothing is
    sent twice.
    """
    gone = 0
    while count := _forget_some(engine, now - keep):
        gone += count
    return gone


def _forget_some(engine: Engine, before: datetime) -> int:
    ended = (
        select(col(Delivery.number))
        .where(
            col(Delivery.created_at) < before,
            col(Delivery.state) != DeliveryState.PENDING.value,
        )
        .order_by(col(Delivery.number))
        .limit(PIECE)
        .with_for_update()
    )
    with changing(engine) as session:
        numbers = session.scalars(ended).all()
        session.execute(delete(Attempt).where(col(Attempt.delivery_number).in_(numbers)))
        session.execute(delete(Delivery).where(col(Delivery.number).in_(numbers)))
    return len(numbers)
