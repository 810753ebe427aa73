"""What attempts came to: a message's next attempt, and a subscription's state."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from api.delivery.claiming import Claim
from api.delivery.dialing import Answer
from api.delivery.payload import challenge_of
from api.delivery.schedule import asked_moment, has_failed_too_long, next_attempt
from catalog.subscribing.subscriptions import Attempt, Delivery, Subscription
from catalog.vocabulary import AttemptOutcome, DeliveryState, MessageKind, SubscriptionState

MOST_KEPT = 500
"""Signs of an answer that are kept."""
SAID_GONE = "its endpoint answered 410 Gone"
FAILED_TOO_LONG = "its endpoint failed for 120 hours"


@dataclass(frozen=True)
class Done:
    """An attempt that has ended."""

    claim: Claim
    answer: Answer
    begun: datetime
    ended: datetime
    chance: Fraction
    """From -1 to 1: by how much the next delay is longer or shorter."""


def judge(claim: Claim, answer: Answer) -> AttemptOutcome:
    """Say how an attempt ended: a challenge must be echoed, not only taken."""
    if answer.outcome is not AttemptOutcome.OK or claim.kind is not MessageKind.VERIFY:
        return answer.outcome
    echoed = is_echo(answer.body, challenge_of(claim.body))
    return AttemptOutcome.OK if echoed else AttemptOutcome.NO_ECHO


def is_echo(body: bytes, challenge: str) -> bool:
    """Whether an answer is the challenge, alone or as ``{"challenge": …}``."""
    if body.strip() == challenge.encode():
        return True
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("challenge") == challenge


def record(session: Session, done: Iterable[Done]) -> None:
    """Keep some attempts; of a message that was removed meanwhile nothing is kept."""
    ended = {one.claim.number: one for one in done}
    subscriptions = _lock(session, {one.claim.subscription for one in ended.values()})
    query = select(Delivery).where(col(Delivery.number).in_(sorted(ended)))
    deliveries = session.scalars(query.execution_options(populate_existing=True)).all()
    rows = [
        _keep(one, delivery, ended[delivery.number])
        for delivery in deliveries
        if (one := subscriptions.get(delivery.subscription_id))
    ]
    if rows:
        session.execute(insert(Attempt), rows)


def _lock(session: Session, ids: Iterable[str]) -> Mapping[str, Subscription]:
    query = select(Subscription).where(col(Subscription.id).in_(sorted(ids)))
    locked = query.order_by(col(Subscription.id)).with_for_update()
    rows = session.scalars(locked.execution_options(populate_existing=True))
    return {row.id: row for row in rows}


def _keep(one: Subscription, delivery: Delivery, done: Done) -> dict[str, object]:
    """Move a message and its subscription on; give the attempt's row."""
    outcome = judge(done.claim, done.answer)
    if one.claim == done.claim.token:
        one.claim = one.claimed_until = None
        if outcome is AttemptOutcome.OK:
            _succeed(one, delivery, done)
        else:
            _fail(one, delivery, done, outcome)
    return _attempt(delivery, done, outcome)


def _succeed(one: Subscription, delivery: Delivery, done: Done) -> None:
    delivery.state, delivery.due_at = DeliveryState.DELIVERED.value, None
    one.failing_since = None
    is_current = one.url == done.claim.url and one.state == SubscriptionState.UNVERIFIED
    if done.claim.kind is MessageKind.VERIFY and is_current:
        one.state, one.verified_at = SubscriptionState.ACTIVE.value, done.ended


def _fail(one: Subscription, delivery: Delivery, done: Done, outcome: AttemptOutcome) -> None:
    delivery.tries += 1
    asked = asked_moment(done.answer.retry_after, done.ended)
    delivery.due_at = next_attempt(
        done.claim.kind, delivery.tries, done.ended, chance=done.chance, asked=asked
    )
    if delivery.due_at is None:
        delivery.state = DeliveryState.FAILED.value
    if done.claim.kind is MessageKind.EVENT and one.url == done.claim.url:
        _count_failure(one, done, outcome)


def _count_failure(one: Subscription, done: Done, outcome: AttemptOutcome) -> None:
    """Disable a subscription whose endpoint says that it is gone, or has failed for too long."""
    one.failing_since = one.failing_since or done.ended
    if outcome is AttemptOutcome.GONE:
        one.state, one.reason = SubscriptionState.DISABLED.value, SAID_GONE
    elif has_failed_too_long(one.failing_since, done.ended):
        one.state, one.reason = SubscriptionState.DISABLED.value, FAILED_TOO_LONG


def _attempt(delivery: Delivery, done: Done, outcome: AttemptOutcome) -> dict[str, object]:
    milliseconds = (done.ended - done.begun).total_seconds() * 1000
    return {
        "delivery_number": delivery.number,
        "at": done.begun,
        "milliseconds": max(0, round(milliseconds)),
        "outcome": outcome.value,
        "status": done.answer.status,
        "answer": _kept(done.answer),
        "next_at": delivery.due_at,
    }


def _kept(answer: Answer) -> str:
    text = answer.why or answer.body[: 4 * MOST_KEPT].decode("utf-8", "replace")
    return text.replace("\x00", "\ufffd")[:MOST_KEPT]
