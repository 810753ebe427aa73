"""Orders: every item once, whatever moves between, and no cursor that breaks the server."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.listing.orders import Cursor, CursorError, Key, Order, fingerprint, read_cursor

MARK = fingerprint("q")


@dataclass(frozen=True)
class Thing:
    """Something listed."""

    id: str
    value: Decimal | None
    size: int = 0


def things(*values: str | None) -> list[Thing]:
    return [
        Thing(f"t{place}", None if value is None else Decimal(value))
        for place, value in enumerate(values)
    ]


def an_order(*, descending: bool = False) -> Order[Thing]:
    value = Key[Thing](lambda thing: thing.value, descending=descending)
    size = Key[Thing](lambda thing: thing.size)
    return Order((value, size), lambda thing: thing.id)


def ids(items: Sequence[Thing]) -> list[str]:
    return [thing.id for thing in items]


def walk(order: Order[Thing], items: list[Thing], limit: int) -> list[Thing]:
    """Go through a list by the page, through printed cursors."""
    met: list[Thing] = []
    rest: Sequence[Thing] = order.arrange(items)
    while rest:
        met += rest[:limit]
        cursor = read_cursor(order.cursor(met[-1], MARK).print(), MARK)
        rest = order.after(order.arrange(items), cursor)
    return met


def test_missing_values_are_last_in_both_directions() -> None:
    items = things("2", None, "1")
    assert ids(an_order().arrange(items)) == ["t2", "t0", "t1"]
    assert ids(an_order(descending=True).arrange(items)) == ["t0", "t2", "t1"]


def test_the_second_key_orders_what_the_first_leaves_equal() -> None:
    items = [Thing("a", Decimal(1), 9), Thing("b", Decimal(1), 2), Thing("c", Decimal(0), 5)]
    assert ids(an_order().arrange(items)) == ["c", "b", "a"]


def test_a_cursor_outlives_the_item_it_stood_at() -> None:
    order = an_order()
    cursor = order.cursor(Thing("t1", Decimal(2)), MARK)
    assert ids(order.after([Thing("t2", Decimal(3))], cursor)) == ["t2"]


@given(
    st.lists(st.tuples(st.none() | st.decimals(0, 3, places=0), st.integers(0, 2)), max_size=12),
    st.integers(1, 4),
    st.booleans(),
)
def test_a_walk_meets_every_item_once_in_order(
    values: list[tuple[Decimal | None, int]],
    limit: int,
    descending: bool,  # noqa: FBT001 hypothesis passes it
) -> None:
    items = [Thing(f"t{place:02}", value, size) for place, (value, size) in enumerate(values)]
    order = an_order(descending=descending)
    assert walk(order, items, limit) == order.arrange(items)


def test_a_cursor_of_another_question_is_refused() -> None:
    text = an_order().cursor(Thing("t1", None), MARK).print()
    with pytest.raises(CursorError):
        read_cursor(text, fingerprint("other"))


def _forged(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


def _marked(values: str, more: str = "") -> str:
    return _forged(f'{{"question":{MARK},"values":{values},"id":"a"{more}}}')


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!!!",
        "ümlaut",
        _forged("[]"),
        _forged("{}"),
        _forged('{"question":1,"values":[],"id":"a"}'),
        _marked('[["number","x"],["number","1"]]'),
        _marked('[["number","NaN"],["number","1"]]'),
        _marked('[["text","x"],["number","1"]]'),
        _marked('[["moment","2026-01-01"],["number","1"]]'),
        _marked('[["number","1"]]'),
        _marked("[]"),
        _marked('[["none",""],["number","1"]]', ',"as_of":"yesterday"'),
        _marked('[["none",""],["number","1"]]', ',"as_of":"0001-01-01T00:00:00+23:59"'),
        _marked('[["none",""],["number","1"]]', ',"known_at":7'),
    ],
)
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    order = an_order()
    with pytest.raises(CursorError):
        _use(order, read_cursor(cursor, MARK))


def _use(order: Order[Thing], cursor: Cursor) -> None:
    cursor.moments()
    order.after(order.arrange(things("1", "2", None)), cursor)
