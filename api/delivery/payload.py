"""What messages say: an event as it stands in the log, complete, in less than 20,000 bytes."""

from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from api.delivery.conditions import percent
from api.shapes import Amount, Moment, Shape
from catalog.events.changes import Evidence
from catalog.money import plain
from catalog.subscribing.notices import Notice
from catalog.vocabulary import Cause, EventType, Meter, SourceKind, Unit

LARGEST = 20_000
"""Bytes that a body stays under."""
CUT = " […]"
VERIFY: Final = "subscription.verify"
TEST: Final = "subscription.test"


class EvidenceSent(Shape):
    """Where the price can be checked."""

    url: str
    fetched_at: Moment
    sha256: str | None
    text: str
    """The page's words; where they would not fit, they are cut and end in […]."""
    locator: str


class EventSent(Shape):
    """One event of the log."""

    sequence: int
    """Its number in the log: order messages by it, and pass it to /changes?since=."""
    cause: Cause
    model: str | None
    provider: str
    source: str
    source_kind: SourceKind
    series: str | None
    tier: str | None
    region: str | None
    context_over: int | None
    variant: str | None
    window: str | None
    meter: Meter | None
    unit: Unit | None
    currency: str | None
    old: Amount | None
    """The price before."""
    new: Amount | None
    """The price after."""
    percent: Amount | None
    """The move in percent of the old price, to four places; null without one, or from zero."""
    ratio: Amount | None
    direction: str | None
    """`up` or `down`."""
    all_time_low: bool
    detail: str
    valid_from: Moment
    recorded_at: Moment
    evidence: EvidenceSent | None


class EventMessage(Shape):
    """An event that a subscription asks for."""

    type: EventType
    timestamp: Moment
    """When the event was recorded."""
    data: EventSent


class Challenge(Shape):
    """What is to be echoed."""

    subscription: str
    challenge: str
    """Answer 2xx with this text, alone or as `{"challenge": …}`."""


class VerifyMessage(Shape):
    """The first message to an endpoint; nothing else is sent before its challenge was echoed."""

    type: Literal["subscription.verify"] = VERIFY
    timestamp: Moment
    data: Challenge


class TestSent(Shape):
    """Of which subscription this is a try."""

    subscription: str
    text: str = "This is a test; no price has changed."


class TestMessage(Shape):
    """A message that an owner asks for, to see whether messages arrive."""

    type: Literal["subscription.test"] = TEST
    timestamp: Moment
    data: TestSent


def event_body(notice: Notice) -> str:
    """Write an event's message; the words of its evidence are cut where it would be too long."""
    message = _message(notice)
    body = message.model_dump_json()
    over = len(body.encode()) - (LARGEST - 1)
    if over <= 0 or message.data.evidence is None:
        return body
    return _shortened(message, message.data.evidence)


def _message(notice: Notice) -> EventMessage:
    event, place = notice.event, notice.place
    data = EventSent(
        sequence=event.sequence,
        cause=event.cause,
        model=event.model,
        provider=event.provider,
        source=event.source,
        source_kind=notice.kind,
        series=event.series,
        tier=place and place.tier,
        region=place and place.region,
        context_over=place and place.context_over,
        variant=place and place.variant,
        window=place and place.window,
        meter=Meter(event.meter) if event.meter else None,
        unit=Unit(event.unit) if event.unit else None,
        currency=event.currency,
        old=_amount(event.old),
        new=_amount(event.new),
        percent=_amount(percent(notice)),
        ratio=_amount(event.ratio),
        direction=event.direction,
        all_time_low=event.all_time_low,
        detail=event.detail,
        valid_from=event.valid_from,
        recorded_at=event.recorded_at,
        evidence=event.evidence and _evidence(event.evidence),
    )
    return EventMessage(type=event.type, timestamp=event.recorded_at, data=data)


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def _evidence(evidence: Evidence) -> EvidenceSent:
    return EvidenceSent(
        url=evidence.url,
        fetched_at=evidence.fetched_at,
        sha256=evidence.sha256,
        text=evidence.text,
        locator=evidence.locator,
    )


def _shortened(message: EventMessage, evidence: EvidenceSent) -> str:
    """Keep as many of the evidence's words as fit, found by halves: escapes make them uneven."""
    fits, too_many = 0, len(evidence.text)
    while too_many - fits > 1:
        kept = (fits + too_many) // 2
        short = _with_text(message, evidence, evidence.text[:kept] + CUT)
        fits, too_many = (kept, too_many) if len(short.encode()) < LARGEST else (fits, kept)
    return _with_text(message, evidence, evidence.text[:fits] + CUT)


def _with_text(message: EventMessage, evidence: EvidenceSent, text: str) -> str:
    cut = evidence.model_copy(update={"text": text})
    data = message.data.model_copy(update={"evidence": cut})
    return message.model_copy(update={"data": data}).model_dump_json()


def verify_body(subscription: str, challenge: str, now: datetime) -> str:
    """Write the message that asks an endpoint to echo a challenge."""
    data = Challenge(subscription=subscription, challenge=challenge)
    return VerifyMessage(timestamp=now, data=data).model_dump_json()


def test_body(subscription: str, now: datetime) -> str:
    """Write a test message."""
    return TestMessage(timestamp=now, data=TestSent(subscription=subscription)).model_dump_json()


def challenge_of(body: str) -> str:
    """Give the challenge that a message asks to be echoed."""
    return VerifyMessage.model_validate_json(body).data.challenge
