"""Messages that have ended are kept as long as the setting says."""

from datetime import datetime, timedelta

import pytest

from cron.schedule import forget_messages
from spiders.crawling import no_progress
from tests.api.delivery.conftest import desk, receiver
from tests.api.delivery.desk import Desk
from tests.api.delivery.receivers import Receiver

__all__ = ["desk", "receiver"]


@pytest.mark.parametrize(("days", "kept"), [("", 1), ("90", 1), ("80", 0), ("0", 1)])
def test_messages_are_kept_as_many_days_as_the_setting_says(
    desk: Desk,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    days: str,
    kept: int,
) -> None:
    made = desk.verified(receiver.url())
    monkeypatch.setenv("TOKENTAPE_KEEP_DELIVERIES", days)
    later: datetime = desk.catalog.now() + timedelta(days=89)
    forget_messages(desk.catalog.engine, lambda: later, no_progress)
    assert len(desk.deliveries(made)) == kept
