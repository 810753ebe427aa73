"""What may be asked: the base of every route's query, refused by name where it is wrong."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.moments import MomentError, parse_moment

_LOST_PLUS = re.compile(r":\d\d(\.\d+)? \d\d:?\d\d$")
"""A time zone whose sign became a space: so a query means a +."""


def _moment(value: object) -> object:
    try:
        return parse_moment(value) if isinstance(value, str) else value
    except OverflowError:
        raise ValueError(f"{value!r} lies outside the years 1 to 9999") from None
    except MomentError:
        if _LOST_PLUS.search(str(value)):
            raise ValueError(f"{value!r} has lost a +; write it as %2B, or give UTC: Z") from None
        raise


Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
"""Without the character that no store can hold."""
Moment = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, Field(examples=["2026-01-31"])]


class Question(BaseModel):
    """A route's query; what is not declared is refused by name, with what is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _only_declared(cls, given: object) -> object:
        if not isinstance(given, Mapping):
            return given
        unknown = sorted(set(given) - set(cls.model_fields))
        if unknown:
            raise PydanticCustomError(
                "unknown_parameter",
                "{parameter} is no parameter here; allowed: {allowed}",
                {"parameter": ", ".join(unknown), "allowed": ", ".join(cls.model_fields) or "none"},
            )
        return given


class Nothing(Question):
    """No parameters."""


class Times(Question):
    """When: both clocks."""

    as_of: Moment | None = None
    """The moment prices held at; a date is its first instant in UTC. Now, unless given."""
    known_at: Moment | None = None
    """Only what was recorded by this moment, not a later one than now. Now, unless given."""
