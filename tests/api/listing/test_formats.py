"""The formats: whatever rows hold, all of them decode to what the JSON shows."""

import csv
import io
import json
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as arrow
from pydantic_core import to_json

from api.listing.columns import Column, Kind
from api.listing.lines import RUN_BY_SPREADSHEETS, write_csv, write_ndjson
from api.listing.parquet import write_parquet
from api.listing.rows import Rows
from api.shapes import Shape
from tests.api.listing.decoding import of_csv, of_ndjson, of_parquet


class Note(Shape):
    """Something in a list of objects."""

    text: str


@dataclass(frozen=True)
class Thing:
    """One item with every kind of column."""

    text: str | None = "a"
    number: int | None = 1
    amount: Decimal | None = Decimal("0.075")
    truth: bool | None = True
    moment: datetime | None = datetime(2026, 6, 1, 12, 30, 15, 123456, UTC)
    day: date | None = date(2026, 6, 1)
    texts: tuple[str, ...] | None = ("a", "b")
    notes: tuple[Note, ...] | None = (Note(text="x"),)
    inner: str | None = ""


def column(name: str, kind: Kind, **also: object) -> Column[Thing]:
    return Column(name, kind, "What it is.", None, nullable=True, **also)  # type: ignore[arg-type] # passed on


COLUMNS = (
    column("text", Kind.TEXT),
    column("number", Kind.INTEGER),
    column("amount", Kind.DECIMAL),
    column("truth", Kind.BOOLEAN),
    column("moment", Kind.MOMENT),
    column("day", Kind.DAY),
    column("texts", Kind.TEXTS),
    column("notes", Kind.ITEMS, shape=Note),
    column("of.text", Kind.TEXT, of=lambda one: one.inner),
    column("of.number", Kind.INTEGER, of=lambda one: one.number),
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
TRICKY = st.sampled_from(
    ["", "=1+1", "-5", "'", "''=x", '"', ",", "\r\n", "\t", "null", "NaN", "\uff20a"]
)
THINGS = st.builds(
    Thing,
    text=st.none() | TRICKY | TEXTS,
    number=st.none() | st.integers(-(2**63), 2**63 - 1),
    amount=st.none() | st.decimals(-(10**9), 10**9, places=12),
    truth=st.none() | st.booleans(),
    moment=st.none() | st.datetimes(timezones=st.just(UTC)),
    day=st.none() | st.dates(),
    texts=st.none() | st.lists(TRICKY | TEXTS, max_size=3).map(tuple),
    notes=st.none() | st.lists(st.builds(Note, text=TRICKY | TEXTS), max_size=2).map(tuple),
    inner=st.none() | TRICKY | TEXTS,
)


def as_json(items: list[Thing]) -> list[object]:
    rows = Rows(COLUMNS)
    decoded: list[object] = json.loads(to_json([rows.nested(item) for item in items]))
    return decoded


def in_csv(*items: Thing) -> str:
    return b"".join(write_csv(COLUMNS, items)).decode()


@given(st.lists(THINGS, max_size=4))
def test_all_formats_decode_to_what_the_json_shows(items: list[Thing]) -> None:
    shown = as_json(items)
    assert of_ndjson(b"".join(write_ndjson(COLUMNS, items))) == shown
    assert of_csv(b"".join(write_csv(COLUMNS, items)), COLUMNS) == shown
    assert of_parquet(b"".join(write_parquet(COLUMNS, items)), COLUMNS) == shown


@given(TRICKY | TEXTS)
def test_no_cell_begins_with_what_a_spreadsheet_runs(text: str) -> None:
    thing = Thing(text=text, texts=(text,), notes=(Note(text=text),), inner=text)
    rows = csv.reader(io.StringIO(in_csv(thing), newline=""))
    (_, cells) = rows
    for cell in cells:
        assert not cell or cell[0] not in RUN_BY_SPREADSHEETS


def test_a_negative_number_stays_a_number() -> None:
    thing = Thing(text="-1", number=-1, amount=Decimal("-0.5"))
    assert in_csv(thing).splitlines()[1].startswith("'-1,-1,-0.5,true,")


def test_nothing_and_an_empty_text_are_told_apart() -> None:
    line = in_csv(Thing(text=None, inner="")).splitlines()[1]
    assert line.startswith(",1,0.075,true,2026-06-01T12:30:15.123456Z,2026-06-01,")
    assert line.endswith(',"",1')


def test_parquet_holds_exact_types() -> None:
    file = io.BytesIO(b"".join(write_parquet(COLUMNS, [Thing()])))
    kinds = {field.name: str(field.type) for field in arrow.read_schema(file)}
    assert kinds["amount"] == "decimal128(38, 12)"
    assert kinds["moment"] == "timestamp[us, tz=UTC]"
    assert kinds["texts"] == "list<element: string>"


def things(count: int) -> Iterator[Thing]:
    return (Thing(text=f"thing {place}", number=place) for place in range(count))


@pytest.mark.parametrize("write", [write_ndjson, write_csv, write_parquet])
def test_memory_does_not_grow_with_the_rows(
    write: Callable[..., Iterator[bytes]],
) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in write(COLUMNS, things(count)):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(15_000) < 1.5 * peak(5_000) + 1_000_000
