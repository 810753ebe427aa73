"""The naive design: one row for each series and day, and the last day's by a group and its max."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    Select,
    Table,
    func,
    insert,
    select,
)

from catalog.store import UtcDateTime
from catalog.tables import METADATA

_DAILY = Table(
    "naive_prices",
    MetaData(),
    Column("series_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", UtcDateTime, primary_key=True),
    Column("amount", BigInteger, nullable=False),
)
"""Its primary key is the index that the question wants."""
Amounts = Sequence[tuple[int, int]]


def build(connection: Connection) -> None:
    """Write the store's prices a second time, in the naive design."""
    _DAILY.create(connection)
    revisions = METADATA.tables["revisions"].c
    rows = select(revisions.series_id, revisions.valid_from, revisions.amount)
    connection.execute(
        insert(_DAILY).from_select(["series_id", "day", "amount"], rows.order_by(revisions.id))
    )


def drop(connection: Connection) -> None:
    """Take it away again."""
    _DAILY.drop(connection)


def amounts_at(connection: Connection, day: datetime, model: str | None = None) -> Amounts:
    """Give the amount of each series, or of a model's, as of a day."""
    return [(row[0], row[1]) for row in connection.execute(_asked(day, model)).all()]


def _asked(day: datetime, model: str | None) -> Select[int, int]:
    daily, series = _DAILY.c, METADATA.tables["series"].c
    last = select(daily.series_id, func.max(daily.day).label("day")).where(daily.day <= day)
    if model is not None:
        of_model = select(series.id).where(series.model == model)
        last = last.where(daily.series_id.in_(of_model))
    newest = last.group_by(daily.series_id).subquery("newest")
    return select(daily.series_id, daily.amount).join(
        newest, (newest.c.series_id == daily.series_id) & (newest.c.day == daily.day)
    )
