"""Rows as Parquet, a row group at a time: exact decimals, moments in UTC, texts in lists."""

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import pyarrow as pa
from pyarrow import parquet

from api.listing.columns import Column, Item, Kind, Value
from api.listing.lines import pieces
from api.listing.rows import as_json, json_text

ROW_GROUP = 5_000
DECIMAL = pa.decimal128(38, 12)
"""Whole pico-units, as the store has them."""
TYPES: dict[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.DECIMAL: DECIMAL,
    Kind.BOOLEAN: pa.bool_(),
    Kind.MOMENT: pa.timestamp("us", tz="UTC"),
    Kind.DAY: pa.date32(),
    Kind.TEXTS: pa.list_(pa.string()),
    Kind.ITEMS: pa.string(),
}


class _Sink:
    """A file that is emptied as it is written."""

    closed = False

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.written.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits: what is written is there."""

    def close(self) -> None:
        """What was written can still be taken."""

    def take(self) -> bytes:
        """Give what was written since the last time."""
        taken, self.written = b"".join(self.written), []
        return taken


def write_parquet(columns: Sequence[Column[Item]], items: Iterable[Item]) -> Iterator[bytes]:
    """Write one Parquet file; a column without nulls is declared so."""
    schema = pa.schema([pa.field(one.name, TYPES[one.kind], one.nullable) for one in columns])
    sink = _Sink()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        for piece in pieces(items, ROW_GROUP):
            arrays = [_array(column, piece) for column in columns]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield sink.take()
    yield sink.take()


def _array(column: Column[Item], items: Sequence[Item]) -> pa.Array:
    values = [_value(column.kind, column.take(item)) for item in items]
    return pa.array(values, TYPES[column.kind])


def _value(kind: Kind, value: Value) -> Value:
    if value is None or kind is not Kind.ITEMS:
        return value
    return json_text(as_json(kind, cast("Sequence[str]", value)))
