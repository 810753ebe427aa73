"""Messages arrive: signed, once for each event asked for, and not before a challenge is echoed."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from api.delivery.conditions import Wanted
from api.delivery.messages import recover, replay
from api.delivery.subscribing import change, find, pause, remove, resume, rotate, send_test
from catalog.subscribing.subscriptions import changing
from catalog.vocabulary import Cause
from tests.api.delivery.desk import Desk, seen
from tests.api.delivery.receivers import Receiver, Says


def outcomes(desk: Desk, subscription: str) -> list[list[str]]:
    """Give how the attempts of each message ended."""
    messages = desk.deliveries(subscription)
    return [[attempt.outcome for attempt in desk.attempts(one)] for one in messages]


def price_moves(desk: Desk, receiver: Receiver, path: str = "/ann") -> str:
    """Let a price move under an active subscription; nothing is sent yet."""
    desk.catalog.take(seen("2026-11-20", "5", "3"))
    made = desk.verified(receiver.url(path))
    desk.catalog.take(seen("2026-11-21", "4", "3"))
    return made


def test_a_price_that_moves_is_told_signed_and_whole(either_desk: Desk, receiver: Receiver) -> None:
    desk = either_desk
    desk.catalog.clock = datetime.now(UTC)
    made = price_moves(desk, receiver)
    desk.deliver()
    [taken] = receiver.events()
    said = Webhook(desk.secrets[made]).verify(taken.body, dict(taken.headers))
    assert (said["type"], said["data"]["old"], said["data"]["new"]) == ("price.changed", "5", "4")
    assert (said["data"]["percent"], said["data"]["direction"]) == ("-20", "down")
    assert said["data"]["model"] == "anthropic/claude-opus-4.7"
    assert said["data"]["evidence"]["text"] == "Claude Opus 4.7: $4"
    assert said["data"]["sequence"] == desk.catalog.events()[-1].sequence
    desk.deliver()
    assert len(receiver.events()) == 1


def test_what_was_there_already_or_came_in_late_is_told_to_nobody(
    desk: Desk, receiver: Receiver
) -> None:
    made = desk.verified(receiver.url())
    desk.catalog.take(seen("2026-11-10", "5", "3"))
    late = seen("2026-11-15", "4", "3").model_copy(update={"cause": Cause.BACKFILLED})
    desk.catalog.take(late)
    assert [event.initial for event in desk.catalog.events() if event.cause != "observed"]
    desk.deliver()
    assert receiver.events() == []
    assert desk.one(made).cursor == desk.catalog.events()[-1].sequence


def test_only_what_is_asked_for_is_told(desk: Desk, receiver: Receiver) -> None:
    desk.catalog.take(seen("2026-11-20", "5", "3"))
    desk.verified(receiver.url("/up"), Wanted(direction="up"))
    desk.verified(receiver.url("/sonnet"), Wanted(models=("anthropic/claude-sonnet-4.6",)))
    desk.catalog.take(seen("2026-11-21", "4", "3.5"))
    desk.deliver()
    assert [one.data["new"] for one in receiver.events("/up")] == ["3.5"]
    assert [one.data["new"] for one in receiver.events("/sonnet")] == ["3.5"]
    assert len(receiver.events()) == 2


@pytest.mark.parametrize(
    "says", [Says(body=b""), Says(body=b"chl_wrong"), Says(500), Says(302), Says(body=b"[1]")]
)
def test_nothing_is_told_before_the_challenge_is_echoed(
    desk: Desk, receiver: Receiver, says: Says
) -> None:
    receiver.says["/mute"] = says
    desk.catalog.take(seen("2026-11-20", "5"))
    made = desk.subscribe(receiver.url("/mute"))
    desk.catalog.take(seen("2026-11-21", "4"))
    for _ in range(6):
        desk.deliver()
        desk.catalog.clock += timedelta(hours=1)
    assert [one.type for one in receiver.taken] == ["subscription.verify"] * 4
    assert len({one.id for one in receiver.taken}) == 1
    assert (desk.one(made).state, desk.deliveries(made)[0].state) == ("unverified", "failed")


@pytest.mark.parametrize("alone", [True, False])
def test_once_it_is_echoed_all_that_happened_since_is_told(
    desk: Desk, receiver: Receiver, *, alone: bool
) -> None:
    receiver.says["/mute"] = Says(503)
    desk.catalog.take(seen("2026-11-20", "5"))
    made = desk.subscribe(receiver.url("/mute"))
    desk.catalog.take(seen("2026-11-21", "4"))
    desk.deliver()
    said = receiver.taken[0].data["challenge"]
    body = str(said) if alone else json.dumps({"challenge": said})
    receiver.says["/mute"] = Says(body=body.encode())
    desk.catalog.clock += timedelta(minutes=1)
    desk.deliver()
    assert desk.one(made).state == "active"
    assert [one.data["new"] for one in receiver.events()] == ["4"]


def test_a_message_is_sent_again_under_its_id_with_the_same_bytes(
    desk: Desk, receiver: Receiver
) -> None:
    made = price_moves(desk, receiver)
    receiver.says["/ann"] = Says(500)
    desk.deliver()
    receiver.says["/ann"] = Says()
    desk.deliver()
    assert len(receiver.events()) == 1
    desk.catalog.clock += timedelta(seconds=7)
    desk.deliver()
    first, second = receiver.events()
    assert (first.id, first.body) == (second.id, second.body)
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert outcomes(desk, made)[-1] == ["status", "ok"]
    assert desk.one(made).failing_since is None


def test_after_ten_attempts_a_message_has_failed_and_can_be_recovered(
    either_desk: Desk, receiver: Receiver
) -> None:
    desk = either_desk
    made = price_moves(desk, receiver)
    receiver.says["/ann"] = Says(500)
    for _ in range(12):
        desk.deliver()
        desk.catalog.clock += timedelta(hours=29)
        with changing(desk.catalog.engine) as session:
            find(session, "ann", made).failing_since = None
    assert len(receiver.events()) == 10
    assert desk.deliveries(made)[-1].state == "failed"
    receiver.says["/ann"] = Says()
    last = desk.catalog.events()[-1].sequence
    with changing(desk.catalog.engine) as session:
        one = find(session, "ann", made)
        assert recover(session, one, first=last + 1, last=last + 9, now=desk.catalog.now()) == 0
        assert recover(session, one, first=1, last=last, now=desk.catalog.now()) == 1
    desk.deliver()
    assert len({one.id for one in receiver.events()}) == 1
    assert desk.deliveries(made)[-1].state == "delivered"


def test_a_message_is_replayed_under_its_id(desk: Desk, receiver: Receiver) -> None:
    made = price_moves(desk, receiver)
    desk.deliver()
    with changing(desk.catalog.engine) as session:
        session.add(message := session.merge(desk.deliveries(made)[-1]))
        replay(message, desk.catalog.now())
    desk.deliver()
    assert len(receiver.events()) == 2
    assert len({one.id for one in receiver.events()}) == 1


def test_retry_after_is_kept_to(desk: Desk, receiver: Receiver) -> None:
    price_moves(desk, receiver)
    receiver.says["/ann"] = Says(429, {"Retry-After": "3600"})
    desk.deliver()
    for minutes, sent in ((30, 1), (29, 1), (2, 2)):
        desk.catalog.clock += timedelta(minutes=minutes)
        desk.deliver()
        assert len(receiver.events()) == sent


def test_an_endpoint_that_says_gone_is_sent_nothing_more_until_it_is_resumed(
    desk: Desk, receiver: Receiver
) -> None:
    made = price_moves(desk, receiver)
    receiver.says["/ann"] = Says(410)
    desk.deliver()
    assert (desk.one(made).state, desk.one(made).reason) == (
        "disabled",
        "its endpoint answered 410 Gone",
    )
    receiver.says["/ann"] = Says()
    desk.catalog.clock += timedelta(days=1)
    desk.catalog.take(seen("2026-11-22", "3", "3"))
    desk.deliver()
    assert len(receiver.events()) == 1
    with changing(desk.catalog.engine) as session:
        resume(find(session, "ann", made))
    desk.deliver()
    assert [one.data["new"] for one in receiver.events()] == ["4", "4", "3"]


def test_after_120_hours_of_failing_a_subscription_is_disabled(
    desk: Desk, receiver: Receiver
) -> None:
    made = price_moves(desk, receiver)
    receiver.says["/ann"] = Says(500)
    desk.deliver()
    for hours, state in ((119, "active"), (1, "disabled")):
        desk.catalog.clock += timedelta(hours=hours)
        desk.catalog.take(seen(f"2026-11-22T0{hours % 7}:00:00Z", str(hours), "3"))
        desk.deliver()
        assert desk.one(made).state == state
    assert desk.one(made).reason == "its endpoint failed for 120 hours"


def test_a_paused_subscription_goes_on_from_where_it_stood(desk: Desk, receiver: Receiver) -> None:
    desk.catalog.take(seen("2026-11-20", "5"))
    made = desk.verified(receiver.url())
    with changing(desk.catalog.engine) as session:
        pause(find(session, "ann", made))
    desk.catalog.take(seen("2026-11-21", "4"))
    desk.deliver()
    assert receiver.events() == []
    with changing(desk.catalog.engine) as session:
        resume(find(session, "ann", made))
    desk.deliver()
    assert [one.data["new"] for one in receiver.events()] == ["4"]


def test_another_url_must_echo_a_challenge_of_its_own(desk: Desk, receiver: Receiver) -> None:
    made = price_moves(desk, receiver)
    receiver.says["/mute"] = Says(body=b"no")
    with changing(desk.catalog.engine) as session:
        one = find(session, "ann", made)
        change(session, one, desk.catalog.now(), url=receiver.url("/mute"))
    desk.deliver()
    assert (desk.one(made).state, receiver.events()) == ("unverified", [])


def test_both_secrets_sign_for_24_hours(desk: Desk, receiver: Receiver) -> None:
    desk.catalog.clock = datetime.now(UTC)
    made = price_moves(desk, receiver)
    with changing(desk.catalog.engine) as session:
        fresh = rotate(session, desk.keyring, find(session, "ann", made), desk.catalog.now())
    desk.deliver()
    [taken] = receiver.events()
    for secret in (desk.secrets[made], fresh):
        Webhook(secret).verify(taken.body, dict(taken.headers))
    desk.catalog.clock += timedelta(hours=24)
    desk.catalog.take(seen("2026-11-22", "3", "3"))
    desk.deliver()
    assert len(receiver.events()[-1].headers["webhook-signature"].split(" ")) == 1


def test_a_test_message_is_sent_once(desk: Desk, receiver: Receiver) -> None:
    made = desk.verified(receiver.url())
    receiver.says["/"] = Says(500)
    with changing(desk.catalog.engine) as session:
        send_test(session, find(session, "ann", made), desk.catalog.now())
    for _ in range(3):
        desk.deliver()
        desk.catalog.clock += timedelta(hours=1)
    assert [one.type for one in receiver.taken] == ["subscription.verify", "subscription.test"]
    assert (desk.one(made).failing_since, desk.deliveries(made)[-1].state) == (None, "failed")


def test_what_an_answer_says_is_kept_but_not_all_of_it(desk: Desk, receiver: Receiver) -> None:
    made = price_moves(desk, receiver)
    receiver.says["/ann"] = Says(500, body=b"\x00\xff" + b"e" * 5000)
    desk.deliver()
    [attempt] = desk.attempts(desk.deliveries(made)[-1])
    assert attempt.answer == "\ufffd\ufffd" + "e" * 498
    assert attempt.next_at is not None


def test_of_a_subscription_that_is_removed_while_it_is_sent_to_nothing_is_left(
    either_desk: Desk, receiver: Receiver
) -> None:
    desk = either_desk
    made = price_moves(desk, receiver)
    courier = desk.courier()
    [claimed] = courier.step([], 10)
    done = asyncio.run(courier.attempt(claimed))
    with changing(desk.catalog.engine) as session:
        remove(session, find(session, "ann", made, lock=True))
    assert courier.step([done], 10) == []
    assert desk.all() == []


def test_two_senders_never_claim_one_message(either_desk: Desk, receiver: Receiver) -> None:
    desk = either_desk
    price_moves(desk, receiver)
    one, other = desk.courier(), desk.courier()
    assert len(one.step([], 10)) == 1
    assert other.step([], 10) == []
    desk.catalog.clock += desk.lasts
    [taken_over] = other.step([], 10)
    assert taken_over.message == desk.deliveries(taken_over.subscription)[-1].id


def test_a_sender_whose_claim_has_passed_on_changes_nothing_any_more(
    desk: Desk, receiver: Receiver
) -> None:
    made = price_moves(desk, receiver)
    receiver.says["/ann"] = Says(500)
    slow, fast = desk.courier(), desk.courier()
    [stale] = slow.step([], 10)
    failed = asyncio.run(slow.attempt(stale))
    receiver.says["/ann"] = Says()
    desk.catalog.clock += desk.lasts
    [claimed] = fast.step([], 10)
    fast.step([asyncio.run(fast.attempt(claimed))], 0)
    slow.step([failed], 0)
    assert desk.deliveries(made)[-1].state == "delivered"
    assert outcomes(desk, made)[-1] == ["ok", "status"]
