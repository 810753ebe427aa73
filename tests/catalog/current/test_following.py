"""A followed store: what is current is known without asking it, and the next view comes whole."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic_ns

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from catalog.current import following
from catalog.current.following import Followed, ahead
from tests.catalog.builders import Catalog, point, visit

MAY = datetime(2026, 5, 15, tzinfo=UTC)


@pytest.fixture
def catalog(sqlite_store: Engine) -> Catalog:
    filled = Catalog(sqlite_store)
    filled.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    return filled


@pytest.fixture
def followed(catalog: Catalog) -> Followed:
    views = Followed(catalog.engine, now=lambda: catalog.clock)
    first = views.follow()
    assert first is not None
    views.show(first)
    return views


def change(catalog: Catalog) -> None:
    catalog.take(visit("2026-06-01", point("Claude Opus 4.7", "4")))


def amounts(views: Followed) -> list[str]:
    return [str(price.amount) for price in views.look().view.prices]


def test_until_the_next_view_is_shown_questions_are_answered_by_the_current_one(
    catalog: Catalog, followed: Followed
) -> None:
    change(catalog)
    assert amounts(followed) == ["5"]
    newer = followed.follow()
    assert newer is not None
    assert amounts(followed) == ["5"]
    with ahead(newer):
        assert amounts(followed) == ["4"]
    followed.show(newer)
    assert amounts(followed) == ["4"]
    assert followed.follow() is None


def test_without_a_follower_every_question_asks_the_store(catalog: Catalog) -> None:
    views = Followed(catalog.engine, now=lambda: catalog.clock)
    assert views.known() is None
    assert amounts(views) == ["5"]
    change(catalog)
    assert views.known() is None
    assert amounts(views) == ["4"]


def test_a_follower_that_has_gone_is_not_believed_for_long(
    catalog: Catalog, followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(catalog)
    gone = monotonic_ns() + following.TRUSTED_FOR
    monkeypatch.setattr(following, "monotonic_ns", lambda: gone)
    assert followed.known() is None
    assert amounts(followed) == ["4"]


def test_a_view_of_which_something_announced_is_due_is_not_believed(
    catalog: Catalog, followed: Followed
) -> None:
    over = replace(followed.current(), good_until=catalog.clock)
    followed.show(over)
    assert followed.known() is None
    assert followed.current() is not over


def test_a_store_that_cannot_be_read_is_said_to_who_follows_and_to_who_asks(
    catalog: Catalog, followed: Followed
) -> None:
    with catalog.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sequence RENAME TO lost")
    with pytest.raises(SQLAlchemyError):
        followed.follow()
    with pytest.raises(SQLAlchemyError):
        followed.current()


def test_an_older_view_never_comes_after_a_newer_one(catalog: Catalog, followed: Followed) -> None:
    older = followed.current()
    change(catalog)
    newer = followed.follow()
    assert newer is not None
    followed.show(newer)
    followed.show(older)
    assert followed.current() is newer


def test_who_builds_for_long_takes_nothing_back_that_was_shown_meanwhile(
    catalog: Catalog,
) -> None:
    views = Followed(catalog.engine, now=lambda: catalog.clock)
    slow = views.newer(None)
    change(catalog)
    newer = views.follow()
    assert newer is not None
    assert slow is not None
    views.show(newer)
    views.hold(slow, instead_of=None)
    assert views.current() is newer


def test_a_store_that_was_put_back_is_followed_back(catalog: Catalog, followed: Followed) -> None:
    older = followed.current()
    change(catalog)
    newer = followed.follow()
    assert newer is not None
    followed.show(newer)
    assert followed.states().sequence == newer.sequence
    followed.hold(older, instead_of=newer)
    assert followed.known() is older


def test_the_log_is_told_as_far_as_current_questions_are_answered(
    catalog: Catalog, followed: Followed
) -> None:
    before = followed.current().sequence
    change(catalog)
    assert followed.last_sequence() > before
    assert followed.last_told() == before
    log = followed.log(0, limit=100)
    assert (log.sequence, [one.sequence for one in log.events][-1]) == (before, before)
    newer = followed.follow()
    assert newer is not None
    followed.show(newer)
    log = followed.log(before, limit=100)
    assert log.sequence == followed.last_told() == newer.sequence == followed.last_sequence()
    assert [one.sequence for one in log.events] == list(range(before + 1, newer.sequence + 1))


@pytest.mark.parametrize(
    "ask",
    [
        lambda views: views.past("anthropic/claude-opus-4.7").sequence,
        lambda views: views.states().sequence,
        lambda views: views.look(MAY).view.sequence,
    ],
    ids=["history", "sources", "as_of"],
)
def test_what_any_answer_told_is_never_taken_back(
    ask: Callable[[Followed], int], catalog: Catalog, followed: Followed
) -> None:
    before = followed.current().sequence
    change(catalog)
    told = ask(followed)
    assert told > before
    assert followed.look().view.sequence == told
    assert followed.log(0, limit=1).sequence == told


def test_who_cannot_wait_is_shown_the_view_that_is_being_readied(
    catalog: Catalog, followed: Followed
) -> None:
    change(catalog)
    coming = followed.follow()
    assert followed.known() is not coming
    followed.states()
    assert followed.current() is coming
