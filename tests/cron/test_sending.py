"""The worker sends subscribers their messages beside its jobs."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from api.delivery.keyring import SecretKeyError
from catalog.moments import utc_now
from catalog.settings import read_settings
from cron.worker import sending
from tests.api.delivery.desk import SECRET_KEY, Desk, until
from tests.api.delivery.receivers import Receiver, receiving
from tests.catalog.builders import Catalog

SET = read_settings({"TOKENTAPE_SECRET_KEY": SECRET_KEY, "TOKENTAPE_ALLOW_LOOPBACK": "1"})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Run a receiver of messages."""
    with receiving() as server:
        yield server


@pytest.fixture
def desk(sqlite_store: Engine) -> Iterator[Desk]:
    """Give a desk whose clock is right."""
    one = Desk(Catalog(sqlite_store, clock=utc_now()))
    yield one
    one.executor.shutdown()


def test_a_challenge_is_sent_while_the_worker_works(desk: Desk, receiver: Receiver) -> None:
    made = desk.subscribe(receiver.url())
    with sending(desk.catalog.engine, SET, now=utc_now):
        until(lambda: desk.one(made).state == "active")


def test_this_machine_is_sent_nothing_unless_the_setting_says_so(
    desk: Desk, receiver: Receiver
) -> None:
    made = desk.subscribe(receiver.url())
    with sending(desk.catalog.engine, replace(SET, allow_loopback=False), now=utc_now):
        until(lambda: desk.attempts(desk.deliveries(made)[0]))
    assert receiver.accepted == 0
    assert desk.attempts(desk.deliveries(made)[0])[0].outcome == "refused"


def test_without_a_secret_key_nothing_is_sent(desk: Desk, receiver: Receiver) -> None:
    desk.subscribe(receiver.url())
    with sending(desk.catalog.engine, replace(SET, secret_key=""), now=utc_now):
        pass
    assert receiver.accepted == 0


def test_a_secret_key_that_is_none_ends_the_worker(desk: Desk) -> None:
    short = replace(SET, secret_key=SECRET_KEY[:9])
    with pytest.raises(SecretKeyError), sending(desk.catalog.engine, short, now=utc_now):
        pass
