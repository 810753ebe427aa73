"""Messages are sent again when they should be: the declared delays, a chance, and what is asked."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from api.delivery.schedule import asked_moment, has_failed_too_long, next_attempt
from catalog.vocabulary import MessageKind

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
DELAYS = (0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
GRAIN = 2**16


def attempts(random: Random, kind: MessageKind = MessageKind.EVENT) -> list[datetime]:
    """Make all attempts of a message that always fails, in a time of our own."""
    made, due, tries = [], START, 0
    while due is not None:
        made.append(due)
        tries += 1
        chance = Fraction(random.randint(-GRAIN, GRAIN), GRAIN)
        coming = next_attempt(kind, tries, due, chance=chance, asked=None)
        if coming is None:
            break
        due = coming
    return made


def test_a_thousand_endpoints_that_always_fail_are_tried_by_the_schedule() -> None:
    random = Random(20261122)  # noqa: S311 chances of a test
    shares = []
    for _ in range(1000):
        made = attempts(random)
        assert len(made) == 10
        waited = [b - a for a, b in pairwise(made)]
        for delay, wait in zip(DELAYS[1:], waited, strict=True):
            assert 0.8 * delay <= wait.total_seconds() <= 1.2 * delay
            shares.append(wait.total_seconds() / delay)
    assert 0.99 < sum(shares) / len(shares) < 1.01
    assert min(shares) < 0.81
    assert max(shares) > 1.19


def test_without_chance_the_tenth_attempt_is_after_75_hours_35_minutes_and_5_seconds() -> None:
    now = START
    for tries in range(1, 10):
        due = next_attempt(MessageKind.EVENT, tries, now, chance=Fraction(0), asked=None)
        assert due is not None
        now = due
    assert now - START == timedelta(hours=75, minutes=35, seconds=5)
    assert next_attempt(MessageKind.EVENT, 10, now, chance=Fraction(0), asked=None) is None


def test_a_challenge_is_sent_four_times_and_a_test_once() -> None:
    random = Random(1)  # noqa: S311 chances of a test
    assert len(attempts(random, MessageKind.VERIFY)) == 4
    assert len(attempts(random, MessageKind.TEST)) == 1


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        ("60", 60),
        ("1", 5),
        ("0", 5),
        ("Sun, 22 Nov 2026 12:02:00 GMT", 120),
        ("Sunday, 22-Nov-26 12:02:00 GMT", 120),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 5),
        ("999999999999999999999999", 86400),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
        ("soon", 5),
        ("-5", 5),
        ("1.5", 5),
        ("", 5),
        ("\u0661", 5),
        (None, 5),
    ],
)
def test_a_later_attempt_that_is_asked_for_is_kept_to_and_no_earlier_one(
    asked: str | None, waits: int
) -> None:
    moment = asked_moment(asked, START)
    due = next_attempt(MessageKind.EVENT, 1, START, chance=Fraction(0), asked=moment)
    assert due == START + timedelta(seconds=waits)


def test_120_hours_of_failing_are_too_long() -> None:
    assert not has_failed_too_long(START, START + timedelta(hours=119, minutes=59))
    assert has_failed_too_long(START, START + timedelta(hours=120))
