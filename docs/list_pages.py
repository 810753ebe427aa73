"""The reference page of the API's lists: what each shows and what may be asked of it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from tables import page, section, table

import api.routes  # noqa: F401 the lists are those that it serves
from api.listing import columns_by_path
from api.listing.columns import Column, Test

ABOUT = (
    "Every list takes `sort` (any column that holds one value, several with commas between, `-` "
    "reverses), `fields`, `limit`, `cursor` and `format`; lists of what holds at a time take "
    "`as_of` and `known_at`. `/openapi.json` says the rest. In CSV and Parquet an object is the "
    "dotted columns below; a list of objects, and in CSV a list of texts, is JSON text."
)
ASKED = {
    Test.EQUALS: "`{}`",
    Test.ANY_OF: "`{}` (one of several)",
    Test.ALL_OF: "`{}` (all of several)",
    Test.MIN: "`min_{}`",
    Test.MAX: "`max_{}`",
    Test.CONTAINS: "`{}_contains`",
}


def lists_page() -> str:
    """Every list that is served, by its path."""
    lists = sorted(columns_by_path().items())
    return page("Lists", ABOUT, *(section(f"`{path}`", _columns(of)) for path, of in lists))


def _columns(columns: Sequence[Column[Any]]) -> str:
    return table(("column", "holds", "asked by"), _rows(columns))


def _rows(columns: Sequence[Column[Any]]) -> Iterator[tuple[str, ...]]:
    for column in columns:
        unit = f" In {column.unit}." if column.unit else ""
        asked = ", ".join(ASKED[test].format(column.key) for test in column.tests)
        yield f"`{column.name}`", re.sub(r"\s+", " ", column.meaning) + unit, asked
