"""Reads each format back as its clients do: to the rows that JSON has."""

import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, cast

import pyarrow as pa
from pyarrow import csv, parquet

from api.listing.columns import Column, Json, Kind
from api.listing.lines import MARK
from catalog.moments import print_moment
from catalog.money import plain

Columns = Sequence[Column[Any]]  # of whatever the list holds
Row = dict[str, Json]


def of_ndjson(body: bytes) -> list[Row]:
    return [json.loads(line) for line in body.splitlines()]


def of_csv(body: bytes, columns: Columns) -> list[Row]:
    """Read it with pyarrow, which tells nothing at all from an empty text."""
    names = [column.name for column in columns]
    table = csv.read_csv(
        io.BytesIO(body),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    assert table.column_names == names
    rows = zip(*(table.column(name).to_pylist() for name in names), strict=True)
    return [nested(columns, map(_of_text, (one.kind for one in columns), row)) for row in rows]


def _of_text(kind: Kind, text: str | None) -> Json:
    if text is None:
        return None
    if kind in {Kind.TEXTS, Kind.ITEMS, Kind.BOOLEAN, Kind.INTEGER}:
        return cast("Json", json.loads(text))
    if kind is Kind.TEXT and text.startswith(MARK):
        return text.removeprefix(MARK)
    return text


def of_parquet(body: bytes, columns: Columns) -> list[Row]:
    table = parquet.read_table(io.BytesIO(body))
    assert table.column_names == [column.name for column in columns]
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return [nested(columns, map(_of_value, (one.kind for one in columns), row)) for row in rows]


def _of_value(kind: Kind, value: Any) -> Json:  # noqa: ANN401 what pyarrow gives
    if value is None:
        return None
    if kind is Kind.DECIMAL:
        assert isinstance(value, Decimal)
        return plain(value)
    if kind is Kind.MOMENT:
        return print_moment(value)
    if kind is Kind.DAY:
        return str(value)
    return cast("Json", json.loads(value) if kind is Kind.ITEMS else value)


def nested(columns: Columns, values: Iterable[Json]) -> Row:
    """Put dotted names back into objects; one in which nothing is known is null."""
    row: Row = {}
    for column, value in zip(columns, values, strict=True):
        place = row
        for name in column.path[:-1]:
            place = cast("Row", place.setdefault(name, {}))
        place[column.path[-1]] = value
    return {name: _or_none(value) for name, value in row.items()}


def _or_none(value: Json) -> Json:
    if isinstance(value, dict) and all(one is None for one in value.values()):
        return None
    return value
