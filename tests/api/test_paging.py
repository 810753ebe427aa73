"""Pages: every item once, whatever moves between, and no cursor that breaks the server."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.paging import CursorError, Order, Page, take_page


@dataclass(frozen=True)
class Thing:
    """Something listed."""

    id: str
    value: Decimal | None


def things(*values: str | None) -> list[Thing]:
    return [
        Thing(f"t{place}", None if value is None else Decimal(value))
        for place, value in enumerate(values)
    ]


def an_order(*, descending: bool = False) -> Order[Thing]:
    return Order(value=lambda thing: thing.value, id=lambda thing: thing.id, descending=descending)


def a_page(
    items: list[Thing], cursor: str | None = None, *, limit: int = 2, descending: bool = False
) -> Page[Thing]:
    order = an_order(descending=descending)
    return take_page(items, order, question="q", limit=limit, cursor=cursor)


def ids(page: Page[Thing]) -> list[str]:
    return [thing.id for thing in page.items]


def test_missing_values_are_last_in_both_directions() -> None:
    items = things("2", None, "1")
    assert ids(a_page(items, limit=3)) == ["t2", "t0", "t1"]
    assert ids(a_page(items, limit=3, descending=True)) == ["t0", "t2", "t1"]


def test_a_cursor_goes_on_where_the_page_ended() -> None:
    first = a_page(things("1", "1", "1", None, None))
    second = a_page(things("1", "1", "1", None, None), first.next)
    third = a_page(things("1", "1", "1", None, None), second.next)
    assert [ids(first), ids(second), ids(third)] == [["t0", "t1"], ["t2", "t3"], ["t4"]]
    assert third.next is None


def test_a_cursor_outlives_the_item_it_stood_at() -> None:
    first = a_page(things("1", "2", "3"))
    assert ids(a_page([Thing("t2", Decimal(3))], first.next)) == ["t2"]


@given(
    st.lists(st.none() | st.decimals(0, 3, places=0), max_size=12),
    st.integers(1, 4),
    st.booleans(),
)
def test_a_walk_meets_every_item_once_in_order(
    values: list[Decimal | None],
    limit: int,
    descending: bool,  # noqa: FBT001 hypothesis passes it
) -> None:
    items = [Thing(f"t{place:02}", value) for place, value in enumerate(values)]
    met: list[Thing] = []
    cursor = None
    for _ in range(len(items) + 1):
        page = a_page(items, cursor, limit=limit, descending=descending)
        met.extend(page.items)
        cursor = page.next
        if cursor is None:
            break
    assert met == an_order(descending=descending).arrange(items)


def test_a_cursor_of_another_question_is_refused() -> None:
    cursor = a_page(things("1", "2", "3")).next
    order = an_order()
    with pytest.raises(CursorError):
        take_page(things("1", "2", "3"), order, question="other", limit=2, cursor=cursor)


def _forged(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!!!",
        "ümlaut",
        _forged("[]"),
        _forged("{}"),
        _forged('{"question":1,"kind":"number","value":"x","id":"a"}'),
        _forged('{"question":4110462503,"kind":"number","value":"x","id":"a"}'),
        _forged('{"question":4110462503,"kind":"number","value":"NaN","id":"a"}'),
        _forged('{"question":4110462503,"kind":"text","value":"x","id":"a"}'),
        _forged('{"question":4110462503,"kind":"moment","value":"2026-01-01","id":"a"}'),
    ],
)
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(CursorError):
        a_page(things("1", "2", "3"), cursor)
