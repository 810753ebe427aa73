"""The rules of llm-prices' two files, and how its page reckons."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StrictStr, TypeAdapter

from catalog.cost import Tokens
from tests.api.exports.models_dev_rules import Amount, Text

MILLION = Decimal(1_000_000)


def _day(value: object) -> date:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no day")  # noqa: TRY004 pydantic asks for it
    return date.fromisoformat(value)


class Strict(BaseModel):
    """Takes nothing that it does not name, and lacks nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(Strict):
    """A model's prices, in USD per million tokens."""

    id: Text
    vendor: Text
    name: Text
    input: Amount
    output: Amount
    input_cached: Amount | None


class Dated(Row):
    """From a day on, till before another."""

    from_date: date | None
    to_date: date | None


class Current(Strict):
    """What holds now."""

    updated_at: Annotated[StrictStr, ...]
    prices: tuple[Row, ...]


class Historical(Strict):
    """What held when."""

    prices: tuple[Dated, ...]


def read_current(text: bytes) -> Current:
    """Read current-v1.json; raise ValueError for what breaks the rules."""
    found = TypeAdapter(Current).validate_python(_loaded(text))
    date.fromisoformat(found.updated_at)
    names = [(one.vendor, one.id) for one in found.prices]
    _refuse(names != sorted(names), "rows are not in the order of vendor and id")
    ids = [name for _, name in names]
    _refuse(len(set(ids)) != len(ids), "the page goes by the id alone, and one stands twice")
    return found


def read_historical(text: bytes) -> Historical:
    """Read historical-v1.json; raise ValueError for what breaks the rules."""
    found = TypeAdapter(Historical).validate_python(_loaded(text))
    names = [(one.vendor, one.id) for one in found.prices]
    _refuse(names != sorted(names), "rows are not in the order of vendor and id")
    vendors = {(name, vendor) for vendor, name in names}
    _refuse(len(vendors) != len({name for name, _ in vendors}), "two vendors have the same id")
    for name in dict.fromkeys(names):
        _follow([one for one in found.prices if (one.vendor, one.id) == name])
    return found


def _loaded(text: bytes) -> object:
    return json.loads(text, parse_float=Decimal)


def _follow(rows: Sequence[Dated]) -> None:
    """Refuse days on which two prices hold, and rows that are not the newest first."""
    for newer, older in pairwise(rows):
        _refuse(newer.from_date is None, "only the first price has no beginning")
        _refuse(older.to_date is None, "only the last price has no end")
        if newer.from_date and older.to_date:
            _refuse(newer.from_date < older.to_date, "on some day two prices hold")
    for row in rows:
        if row.from_date and row.to_date:
            _refuse(row.from_date >= row.to_date, "a price ends before it begins")


def _refuse(wrong: bool, why: str) -> None:  # noqa: FBT001 a condition
    if wrong:
        raise ValueError(why)


def total(row: Row, tokens: Tokens) -> Decimal | None:
    """Give what a usage costs; None where the row has no price of a part."""
    unpriced = tokens.cache_read and row.input_cached is None
    if tokens.cache_write or tokens.cache_write_1h or unpriced:
        return None
    cached = tokens.cache_read * (row.input_cached or Decimal(0))
    return (tokens.input * row.input + cached + tokens.output * row.output) / MILLION
