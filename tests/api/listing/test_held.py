"""What a view holds is found by indices and written once; it is what is found item by item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from api.listing import Ask, Column, Found, Kind, ListResource, Paged, Part, Test
from api.listing.arranged import MOST_ORDERS, Lists
from api.listing.pages import as_page, write_page
from api.listing.rows import json_text
from api.shapes import Meta
from catalog.current.view import Views


@dataclass(frozen=True)
class Thing:
    """Something with a value of each kind that filters ask about."""

    id: str
    price: Decimal | None
    size: int | None
    maker: str | None
    traits: tuple[str, ...]
    open: bool | None


COLUMNS: tuple[Column[Thing], ...] = (
    Column("id", Kind.TEXT, "Its id.", "a", tests=(Test.EQUALS,)),
    Column("price", Kind.DECIMAL, "A price.", "1", nullable=True, tests=(Test.MIN, Test.MAX)),
    Column("size", Kind.INTEGER, "A size.", 1, nullable=True, tests=(Test.MIN, Test.MAX)),
    Column("maker", Kind.TEXT, "A maker.", "x", nullable=True, tests=(Test.ANY_OF, Test.CONTAINS)),
    Column("traits", Kind.TEXTS, "Traits.", [], tests=(Test.ALL_OF,)),
    Column("open", Kind.BOOLEAN, "Open.", example=True, nullable=True, tests=(Test.EQUALS,)),
)
THEN = datetime(2026, 5, 1, tzinfo=UTC)
META = Meta(sequence=1, as_of=THEN, known_at=THEN)


def listing(items: Iterable[Thing]) -> ListResource[Thing, Paged]:
    """Make a list of some items: a tuple is one that a view holds."""
    return ListResource(
        "Thing", COLUMNS, lambda one: one.id, lambda _: Found(items, META), Paged, sort="id"
    )


few = st.sampled_from(["a", "b", "B", "c"])
amounts = st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1), Decimal("1.0"), Decimal(7)])
things = st.lists(
    st.builds(
        Thing,
        id=st.text("abcdef", min_size=1, max_size=4),
        price=st.none() | amounts,
        size=st.none() | st.integers(0, 3),
        maker=st.none() | few,
        traits=st.lists(few, max_size=3).map(tuple),
        open=st.none() | st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=12,
).map(tuple)
sorts = st.lists(
    st.sampled_from(["id", "-id", "price", "-price", "size", "-size", "maker", "-open"]),
    min_size=1,
    max_size=3,
    unique_by=lambda key: key.removeprefix("-"),
).map(",".join)
questions = st.fixed_dictionaries(
    {"sort": sorts},
    optional={
        "min_price": amounts,
        "max_price": amounts,
        "min_size": st.integers(-1, 4),
        "max_size": st.integers(-1, 4),
        "maker": st.lists(few, min_size=1, max_size=2),
        "maker_contains": st.sampled_from(["a", "b", ""]),
        "traits": st.lists(few, min_size=1, max_size=2),
        "open": st.booleans(),
        "limit": st.integers(1, 5),
    },
)


def walk(resource: ListResource[Thing, Paged], views: Views, asked: dict[str, object]) -> list[str]:
    """Write every page of a list."""
    written, cursor = [], None
    while True:
        question = resource.question.model_validate({**asked, "cursor": cursor})
        part = resource.part(Ask(views, question, {}), question.limit or 100)
        page = Part(list(part.items), part.next, part.meta, part.held)
        whole = write_page(page, resource.rows, whole=True).decode()
        assert whole == json_text(as_page(page, resource.rows))
        written.append(whole)
        if part.next is None:
            return written
        cursor = part.next


@settings(deadline=None, max_examples=60)
@given(items=things, asked=st.lists(questions, min_size=1, max_size=4))
def test_what_is_held_is_found_and_written_as_what_is_not(
    items: tuple[Thing, ...], asked: list[dict[str, object]]
) -> None:
    views: Views = None  # type: ignore[assignment] # these items are of no store
    held, plain = listing(items), listing(list(items))
    for question in (*asked, *asked):
        assert walk(held, views, question) == walk(plain, views, question)


def test_two_lists_of_one_resource_are_held_and_more_orders_than_that_are_right() -> None:
    lists: Lists[Thing] = Lists()
    first, second, third = ((Thing(name, None, None, None, (), None),) for name in "abc")
    one = lists.of(first)
    two = lists.of(second)
    assert lists.of(first) is one
    assert lists.of(second) is two
    lists.of(third)
    assert lists.of(first) is not one
    resource = listing(first)
    keys = ["id", "price", "size", "maker", "open"]
    orders = [f"{a},-{b}" for a in keys for b in keys if a != b] * (MOST_ORDERS // 10)
    for sort in orders:
        question = resource.question.model_validate({"sort": sort})
        assert list(resource.part(Ask(None, question, {}), 1).items) == list(first)  # type: ignore[arg-type] # the same
