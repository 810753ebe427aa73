"""The messages of a subscription with their attempts, and sending some again."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from api.delivery import messages, subscribing
from api.delivery.shapes import DeliveryOut, DeliveryPage, RangeIn, RecoveredOut, show_delivery
from api.holders import Reader, Replayer
from api.problems import refuse_parameter
from api.questions import Text
from api.resources.subscriptions import ListAsked, changing_as_asked, refusing
from api.state import OfViews
from catalog.store import reading
from catalog.vocabulary import DeliveryState

LARGEST = 2**63 - 1
AT = "/subscriptions/{subscription}/deliveries"


class DeliveriesAsked(ListAsked):
    """Of the messages of a subscription."""

    state: DeliveryState | None = None
    """Only those in this state."""


def _number(cursor: str) -> int | None:
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit()) or int(cursor) > LARGEST:
        raise refuse_parameter("cursor", "no cursor of this list; pass `next` of its last page")
    return int(cursor)


router = APIRouter()


@router.get(AT, name="list_deliveries")
def list_all(
    subscription: Text, asked: Annotated[DeliveriesAsked, Query()], views: OfViews, holder: Reader
) -> DeliveryPage:
    """List a subscription's messages and their attempts, the newest first."""
    with refusing(), reading(views.engine) as session:
        one = subscribing.find(session, holder.owner, subscription)
        found = messages.list_deliveries(
            session, one, before=_number(asked.cursor), limit=asked.limit + 1, state=asked.state
        )
        page = found[: asked.limit]
        attempts = messages.attempts_of(session, page)
        data = [show_delivery(delivery, attempts[delivery.number]) for delivery in page]
        more = len(found) > asked.limit
        return DeliveryPage(data=data, next=str(page[-1].number) if more else None)


@router.get(f"{AT}/{{message}}", name="show_delivery")
def show(subscription: Text, message: Text, views: OfViews, holder: Reader) -> DeliveryOut:
    """Show a message and its attempts."""
    with refusing(), reading(views.engine) as session:
        one = subscribing.find(session, holder.owner, subscription)
        delivery = messages.find_delivery(session, one, message)
        return show_delivery(delivery, messages.attempts_of(session, [delivery])[delivery.number])


@router.post(f"{AT}/{{message}}/replay", name="replay_delivery", status_code=HTTPStatus.ACCEPTED)
def replay(subscription: Text, message: Text, views: OfViews, holder: Replayer) -> DeliveryOut:
    """Send a message again, under the same id."""
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        delivery = messages.find_delivery(session, one, message)
        messages.replay(delivery, views.now())
        return show_delivery(delivery, messages.attempts_of(session, [delivery])[delivery.number])


@router.post(
    "/subscriptions/{subscription}/test", name="test_subscription", status_code=HTTPStatus.ACCEPTED
)
def test(subscription: Text, views: OfViews, holder: Replayer) -> DeliveryOut:
    """Send a test message, once."""
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        return show_delivery(subscribing.send_test(session, one, views.now()), ())


@router.post(
    "/subscriptions/{subscription}/recover",
    name="recover_deliveries",
    status_code=HTTPStatus.ACCEPTED,
)
def recover(subscription: Text, given: RangeIn, views: OfViews, holder: Replayer) -> RecoveredOut:
    """Send again what failed of a range of the log, under the same ids."""
    with changing_as_asked(views) as session:
        one = subscribing.find(session, holder.owner, subscription, lock=True)
        sent = messages.recover(session, one, first=given.first, last=given.last, now=views.now())
        return RecoveredOut(messages=sent)
