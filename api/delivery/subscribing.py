"""What owners do with their subscriptions; another owner's is as if it were not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from api.delivery.conditions import Wanted
from api.delivery.keyring import Keyring
from api.delivery.payload import TEST, VERIFY, test_body, verify_body
from api.delivery.tokens import new_id, new_secret
from catalog.events.changes import last_sequence
from catalog.subscribing.subscriptions import Attempt, Delivery, Subscription, SubscriptionSecret
from catalog.vocabulary import DeliveryState, MessageKind, SubscriptionState

OVERLAP = timedelta(hours=24)
"""How long the secret before signs beside the one that came after it."""
MOST = 100
"""So many subscriptions an owner may have."""


class UnknownSubscriptionError(LookupError):
    """An owner has no such subscription, or no such message of it."""


class ConflictError(RuntimeError):
    """What was asked cannot be done as things stand; the message says what can."""


@dataclass(frozen=True)
class Made:
    """A subscription with its secret, in full this once."""

    subscription: Subscription
    secret: str


def subscribe(  # noqa: PLR0913 what a subscription is made of
    session: Session,
    keyring: Keyring,
    owner: str,
    *,
    url: str,
    wanted: Wanted,
    now: datetime,
    name: str = "",
) -> Made:
    """Make a subscription from the end of the log on, and a challenge for its endpoint.

    The URL must have been checked. Raises ConflictError where the owner has too many.
    """
    count = select(func.count()).select_from(Subscription).filter_by(owner=owner)
    if session.scalars(count).one() >= MOST:
        raise ConflictError(f"{owner} has {MOST} subscriptions already; remove one first")
    row = {
        "id": new_id("sub"),
        "owner": owner,
        "name": name,
        "url": url,
        "wanted": stored(wanted),
        "state": SubscriptionState.UNVERIFIED.value,
        "reason": "",
        "cursor": last_sequence(session),
        "created_at": now,
    }
    session.execute(insert(Subscription).values(row))
    secret = _give_secret(session, keyring, str(row["id"]), now)
    made = find(session, owner, str(row["id"]))
    challenge(session, made, now)
    return Made(made, secret)


def stored(wanted: Wanted) -> dict[str, object]:
    """Give a filter as it is stored: only what it asks."""
    return wanted.model_dump(mode="json", exclude_defaults=True)


def wanted_of(subscription: Subscription) -> Wanted:
    """Give what a subscription asks for."""
    return Wanted.model_validate(subscription.wanted)


def find(session: Session, owner: str, subscription: str, *, lock: bool = False) -> Subscription:
    """Find an owner's subscription, to be changed where it is locked.

    Raises UnknownSubscriptionError.
    """
    query = select(Subscription).filter_by(id=subscription, owner=owner)
    if lock:
        query = query.with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise UnknownSubscriptionError(f"there is no subscription {subscription}")
    return found


def list_subscriptions(
    session: Session, owner: str, *, after: str = "", limit: int | None = None
) -> Sequence[Subscription]:
    """Give an owner's subscriptions after one of them, in the order of their ids."""
    query = select(Subscription).filter_by(owner=owner).where(col(Subscription.id) > after)
    return session.scalars(query.order_by(col(Subscription.id)).limit(limit)).all()


def change(  # noqa: PLR0913 what can be changed
    session: Session,
    one: Subscription,
    now: datetime,
    *,
    url: str | None = None,
    wanted: Wanted | None = None,
    name: str | None = None,
) -> None:
    """Change what is given; another URL, checked before, must echo a challenge of its own."""
    if name is not None:
        one.name = name
    if wanted is not None:
        one.wanted = stored(wanted)
    if url is not None and url != one.url:
        one.url = url
        one.failing_since = None
        challenge(session, one, now)


def challenge(session: Session, one: Subscription, now: datetime) -> Delivery:
    """Send an endpoint a new challenge; until it is echoed, nothing else is sent."""
    one.state, one.reason, one.verified_at = SubscriptionState.UNVERIFIED.value, "", None
    session.execute(
        update(Delivery)
        .filter_by(
            subscription_id=one.id,
            kind=MessageKind.VERIFY.value,
            state=DeliveryState.PENDING.value,
        )
        .values({"state": DeliveryState.FAILED.value, "due_at": None})
    )
    body = verify_body(one.id, new_id("chl"), now)
    return _queue(session, one, MessageKind.VERIFY, VERIFY, body, now)


def send_test(session: Session, one: Subscription, now: datetime) -> Delivery:
    """Send a test message; raise ConflictError where nothing is sent now."""
    if one.state != SubscriptionState.ACTIVE:
        raise ConflictError(f"nothing is sent: the subscription is {one.state}")
    return _queue(session, one, MessageKind.TEST, TEST, test_body(one.id, now), now)


def _queue(  # noqa: PLR0913, PLR0917 what a message is made of
    session: Session, one: Subscription, kind: MessageKind, type_: str, body: str, now: datetime
) -> Delivery:
    row = {
        "id": new_id("msg"),
        "subscription_id": one.id,
        "kind": kind.value,
        "type": type_,
        "sequence": None,
        "body": body,
        "state": DeliveryState.PENDING.value,
        "created_at": now,
        "due_at": now,
        "tries": 0,
    }
    return session.scalars(insert(Delivery).returning(Delivery).values(row)).one()


def pause(one: Subscription) -> None:
    """Send nothing for now; raise ConflictError where nothing is sent anyway."""
    if one.state == SubscriptionState.PAUSED:
        return
    if one.state != SubscriptionState.ACTIVE:
        raise ConflictError(f"only an active subscription can be paused; this is {one.state}")
    one.state = SubscriptionState.PAUSED.value


def resume(one: Subscription) -> None:
    """Go on from where the subscription stood; raise ConflictError for an unverified one."""
    if one.state == SubscriptionState.UNVERIFIED:
        raise ConflictError("its endpoint has not echoed a challenge; ask for one with verify")
    one.state, one.reason, one.failing_since = SubscriptionState.ACTIVE.value, "", None


def rotate(session: Session, keyring: Keyring, one: Subscription, now: datetime) -> str:
    """Give a subscription a new secret; the one before signs beside it for 24 hours more."""
    session.execute(
        delete(SubscriptionSecret)
        .filter_by(subscription_id=one.id)
        .where(col(SubscriptionSecret.expires_at) <= now)
    )
    session.execute(
        update(SubscriptionSecret)
        .filter_by(subscription_id=one.id, expires_at=None)
        .values({"expires_at": now + OVERLAP})
    )
    return _give_secret(session, keyring, one.id, now)


def _give_secret(session: Session, keyring: Keyring, subscription: str, now: datetime) -> str:
    secret = new_secret()
    row = {
        "subscription_id": subscription,
        "sealed": keyring.seal(secret),
        "created_at": now,
        "expires_at": None,
    }
    session.execute(insert(SubscriptionSecret).values(row))
    return secret


def remove(session: Session, one: Subscription) -> None:
    """Remove a subscription with its messages, their attempts and its secrets."""
    numbers = select(col(Delivery.number)).filter_by(subscription_id=one.id)
    session.execute(delete(Attempt).where(col(Attempt.delivery_number).in_(numbers)))
    session.execute(delete(Delivery).filter_by(subscription_id=one.id))
    session.execute(delete(SubscriptionSecret).filter_by(subscription_id=one.id))
    session.execute(delete(Subscription).filter_by(id=one.id))


def reseal(session: Session, keyring: Keyring) -> int:
    """Encrypt all secrets with the newest key; give how many there are."""
    rows = session.scalars(select(SubscriptionSecret)).all()
    for row in rows:
        row.sealed = keyring.reseal(row.sealed)
    return len(rows)
