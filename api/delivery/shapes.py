"""Subscriptions and messages as the API and the command line show them: never with a secret."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field

from api.delivery.conditions import Name, Wanted
from api.delivery.subscribing import wanted_of
from api.shapes import Moment, Shape
from catalog.subscribing.subscriptions import Attempt, Delivery, Subscription
from catalog.vocabulary import AttemptOutcome, DeliveryState, MessageKind, SubscriptionState

Url = Annotated[
    str,
    Field(
        max_length=2000,
        examples=["https://example.com/prices"],
        json_schema_extra={"pattern": "^https://"},
    ),
]
"""Only told, not tested, to begin so: with TOKENTAPE_ALLOW_LOOPBACK it may be in the clear."""
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class SubscriptionIn(Shape):
    """A subscription to be made."""

    url: Url
    """Where messages are sent: https at a public name."""
    name: Annotated[Name, Field(min_length=0)] = ""
    """What you call it."""
    filter: Wanted = Wanted()
    """Which events are told; all, unless conditions are named."""


class SubscriptionPatch(Shape):
    """What of a subscription is to change; what is not named stays."""

    url: Url | None = None
    """Another URL must echo a challenge of its own before anything else is sent to it."""
    name: Annotated[Name, Field(min_length=0)] | None = None
    filter: Wanted | None = None
    """In place of the whole filter before."""


class SubscriptionOut(Shape):
    """A subscription as it stands."""

    id: str
    name: str
    url: str
    filter: Wanted
    """Which events are told: all conditions must hold."""
    state: SubscriptionState
    reason: str | None
    """Why it is disabled."""
    sequence: int
    """The last event of the log that was looked at for it."""
    created_at: Moment
    verified_at: Moment | None
    """When its endpoint echoed the challenge."""
    failing_since: Moment | None
    """The first failure since the last success; after 120 hours it is disabled."""


class SubscriptionMade(SubscriptionOut):
    """A subscription with its secret, which is shown this once."""

    secret: str
    """Of Standard Webhooks: what its messages are signed with."""


class SecretOut(Shape):
    """A new secret, which is shown this once."""

    secret: str
    """The one before signs beside it for 24 hours more."""


class SubscriptionPage(Shape):
    """Some subscriptions."""

    data: list[SubscriptionOut]
    next: str | None
    """Pass it as `cursor` for those after them; null: these are the last."""


class AttemptOut(Shape):
    """One POST of a message."""

    at: Moment
    milliseconds: int
    outcome: AttemptOutcome
    status: int | None
    """How it was answered; null where it was not."""
    answer: str
    """How the answer begins, or why there is none."""
    next_at: Moment | None
    """When the message was due again; null: no more."""


class DeliveryOut(Shape):
    """One message and its attempts."""

    id: str
    """The `webhook-id`, the same at every attempt."""
    kind: MessageKind
    type: str
    sequence: int | None
    """The event's number in the log; null where it is of no event."""
    state: DeliveryState
    created_at: Moment
    due_at: Moment | None
    """When it is sent next; null: it is not."""
    attempts: list[AttemptOut]


class DeliveryPage(Shape):
    """Some messages, the newest first."""

    data: list[DeliveryOut]
    next: str | None
    """Pass it as `cursor` for the older ones; null: these are the oldest."""


class RangeIn(Shape):
    """A range of the log, both ends in it."""

    first: Number
    """The sequence number of its first event."""
    last: Number
    """The sequence number of its last event."""


class RecoveredOut(Shape):
    """How many messages are sent again."""

    messages: int


def show(one: Subscription) -> SubscriptionOut:
    """Show a subscription."""
    return SubscriptionOut.model_validate(_shown(one))


def show_made(one: Subscription, secret: str) -> SubscriptionMade:
    """Show a new subscription with its secret."""
    return SubscriptionMade.model_validate({**_shown(one), "secret": secret})


def _shown(one: Subscription) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "url": one.url,
        "filter": wanted_of(one),
        "state": one.state,
        "reason": one.reason or None,
        "sequence": one.cursor,
        "created_at": one.created_at,
        "verified_at": one.verified_at,
        "failing_since": one.failing_since,
    }


def show_delivery(one: Delivery, attempts: Iterable[Attempt]) -> DeliveryOut:
    """Show a message with its attempts."""
    return DeliveryOut(
        id=one.id,
        kind=MessageKind(one.kind),
        type=one.type,
        sequence=one.sequence,
        state=DeliveryState(one.state),
        created_at=one.created_at,
        due_at=one.due_at,
        attempts=[_attempt(attempt) for attempt in attempts],
    )


def _attempt(one: Attempt) -> AttemptOut:
    return AttemptOut(
        at=one.at,
        milliseconds=one.milliseconds,
        outcome=AttemptOutcome(one.outcome),
        status=one.status,
        answer=one.answer,
        next_at=one.next_at,
    )


def page_of(found: Sequence[Subscription], limit: int) -> SubscriptionPage:
    """Make a page of at most so many of what was found; one more than those says that there are."""
    shown = [show(one) for one in found[:limit]]
    return SubscriptionPage(data=shown, next=shown[-1].id if len(found) > limit else None)
