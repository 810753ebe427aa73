"""What may be asked of a list: its filters, sorting, fields, page and format, in one model."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, TypeVar, cast

from pydantic import BeforeValidator, Field, create_model
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from api.listing.columns import Column, Item
from api.listing.filters import Filter
from api.questions import Moment, Question
from api.shapes import Made

LARGEST_PAGE = 1000
USUAL_PAGE = 100
LONGEST_WORDS = 4000
"""Characters of all keys to sort by, or of all fields."""


class Format(StrEnum):
    """How a list is written."""

    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class Paged(Question):
    """Which part of a list, and how it is written."""

    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] | None = None
    """How many. Of JSON 100 unless given; CSV, NDJSON and Parquet give all unless given."""
    cursor: Annotated[str, Field(max_length=4000)] | None = None
    """`next` of the page before."""
    format: Format | None = None
    """Instead of what `Accept` asks for."""
    fields: str | None = None
    """Only these columns, by name with commas between; a column's object names all in it."""
    sort: str | None = None
    """In which order."""


class Known(Paged):
    """A list of what was known at a moment."""

    known_at: Moment | None = None
    """Only what was recorded by this moment, not a later one than now. Now, unless given."""


class Timed(Known):
    """A list of what held at a moment, as known at a moment."""

    as_of: Moment | None = None
    """The moment it held at; a date is its first instant in UTC. Now, unless given."""


Asked = TypeVar("Asked", bound=Paged)
Plain = TypeVar("Plain", bound=Question)
NO_QUESTION = frozenset({"cursor", "limit", "format", "fields"})
"""The parameters that change neither which items a list has nor their order."""


def question_of(  # noqa: PLR0913 each is a part of what may be asked
    name: str,
    base: type[Asked],
    columns: Sequence[Column[Item]],
    filters: Iterable[Filter[Item]],
    *,
    keys: Sequence[str],
    usual: str,
    in_order: bool = False,
) -> type[Asked]:
    """Make the model of a list's query; ``usual`` is how it is sorted unless asked.

    What is ``in_order`` is sorted in no other way.
    """
    sort = _only(usual) if in_order else _sort(keys, usual)
    own = {"sort": sort, "fields": _fields(columns)}
    return _made(name, base, _parameters(filters) | own)


def filtered(name: str, base: type[Plain], filters: Iterable[Filter[Item]]) -> type[Plain]:
    """Make the model of a query that has a list's filters, and no more of a list."""
    return _made(name, base, _parameters(filters))


def _parameters(filters: Iterable[Filter[Item]]) -> dict[str, tuple[object, object]]:
    return {one.name: _parameter(one) for one in filters}


def _made(name: str, base: type[Plain], fields: dict[str, tuple[object, object]]) -> type[Plain]:
    made = create_model(f"{name}Question", __base__=(base, Made), **fields)  # type: ignore[call-overload] # fields made at run time
    return cast("type[Plain]", made)


def chosen(columns: Sequence[Column[Item]], fields: str | None) -> tuple[Column[Item], ...]:
    """Choose the columns that ``fields`` names, in the order of the list."""
    if fields is None:
        return tuple(columns)
    wanted = frozenset(fields.split(","))
    return tuple(column for column in columns if not wanted.isdisjoint(_names(column)))


def _names(column: Column[Item]) -> list[str]:
    """Give a column's name and those of the objects it is in."""
    return [".".join(column.path[:end]) for end in range(1, len(column.path) + 1)]


def _parameter(one: Filter[Item]) -> tuple[object, object]:
    takes = Annotated[one.takes, Field(description=one.meaning)] | None  # type: ignore[name-defined] # a type made at run time
    return (takes, Field(default=None, description=one.meaning))


def _sort(keys: Sequence[str], usual: str) -> tuple[object, object]:
    one = f"-?({_one_of(keys)})"
    words = (
        f"By one of {', '.join(keys)}, or several with commas between. The best stands first "
        f"(or the lowest, where none is best); `-` before a key reverses it; what has no value is "
        f"last either way. {usual} unless given."
    )
    return _worded(keys, one, usual, words, "key to sort by", dash="-")


def _only(usual: str) -> tuple[object, object]:
    words = f"This list has one order: {usual}."
    return _worded([usual], f"({re.escape(usual)})", usual, words, "order")


def _fields(columns: Sequence[Column[Item]]) -> tuple[object, object]:
    names = list(dict.fromkeys(name for column in columns for name in _names(column)))
    words = "Only these columns, with commas between; an object's name means all in it."
    return _worded(names, f"({_one_of(names)})", None, words, "field")


def _worded(  # noqa: PLR0913, PLR0917 what a list of words is said to be
    allowed: Sequence[str], one: str, usual: str | None, words: str, called: str, dash: str = ""
) -> tuple[object, object]:
    def check(given: object) -> object:
        parts = given.split(",") if isinstance(given, str) else []
        unknown = [part for part in parts if part.removeprefix(dash) not in allowed]
        if unknown:
            raise PydanticCustomError(
                "unknown_word",
                "{unknown} is no {called} here; allowed: {allowed}",
                {
                    "unknown": ", ".join(map(repr, unknown)),
                    "called": called,
                    "allowed": ", ".join(allowed),
                },
            )
        return given

    shown: JsonDict = {"pattern": f"^{one}(,{one})*$", "examples": [usual or allowed[0]]}
    pattern = Field(json_schema_extra=shown, description=words, max_length=LONGEST_WORDS)
    takes = Annotated[str, pattern, BeforeValidator(check)]
    return (takes if usual else takes | None, Field(default=usual, description=words))


def _one_of(names: Sequence[str]) -> str:
    return "|".join(map(re.escape, names))
