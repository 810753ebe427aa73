"""What has ended is forgotten after some days, and nothing is told twice for want of it."""

from datetime import timedelta

from sqlalchemy import func, select

from api.delivery.retention import forget_ended
from catalog.store import reading
from catalog.subscribing.subscriptions import Attempt
from tests.api.delivery.desk import Desk, seen
from tests.api.delivery.receivers import Receiver, Says

DAYS = timedelta(days=90)


def told(desk: Desk, receiver: Receiver) -> str:
    """Tell one change, and let another fail that is to be sent again."""
    desk.catalog.take(seen("2026-11-20", "5", "3"))
    made = desk.verified(receiver.url("/ann"))
    desk.catalog.take(seen("2026-11-21", "4", "3"))
    desk.deliver()
    receiver.says["/ann"] = Says(500)
    desk.catalog.take(seen("2026-11-22", "3", "3"))
    desk.deliver()
    return made


def count_attempts(desk: Desk) -> int:
    with reading(desk.catalog.engine) as session:
        return session.scalars(select(func.count()).select_from(Attempt)).one()


def test_messages_that_ended_go_with_their_attempts_once_their_days_are_over(
    either_desk: Desk, receiver: Receiver
) -> None:
    desk = either_desk
    made = told(desk, receiver)
    engine, now = desk.catalog.engine, desk.catalog.now()
    assert forget_ended(engine, now=now + DAYS - timedelta(hours=1), keep=DAYS) == 0
    assert [one.state for one in desk.deliveries(made)] == ["delivered", "delivered", "pending"]
    assert forget_ended(engine, now=now + DAYS, keep=DAYS) == 2
    assert [one.state for one in desk.deliveries(made)] == ["pending"]
    assert count_attempts(desk) == 1


def test_nothing_is_told_again_for_want_of_what_was_forgotten(
    either_desk: Desk, receiver: Receiver
) -> None:
    desk = either_desk
    made = told(desk, receiver)
    place, arrived = desk.one(made).cursor, len(receiver.events())
    forget_ended(desk.catalog.engine, now=desk.catalog.now() + DAYS, keep=DAYS)
    desk.deliver()
    assert (desk.one(made).cursor, len(receiver.events())) == (place, arrived)
