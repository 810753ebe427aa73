"""Messages arrive: signed, once for each event asked for, and not before a challenge is echoed."""

from datetime import UTC, datetime

from standardwebhooks import Webhook

from tests.api.delivery.desk import Desk, seen
from tests.api.delivery.receivers import Receiver


def now_really(desk: Desk) -> None:
    """Let the desk's clock be right, as receivers check it."""
    desk.catalog.clock = datetime.now(UTC)


def test_a_price_that_moves_is_told_signed_and_whole(either_desk: Desk, receiver: Receiver) -> None:
    desk = either_desk
    now_really(desk)
    desk.catalog.take(seen("2026-11-20", "5", "3"))
    made = desk.verified(receiver.url("/ann"))
    desk.catalog.take(seen("2026-11-21", "4", "3"))
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
