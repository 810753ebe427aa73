"""What may be asked: the query parameters of each route, refused by name where they are wrong."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.holds import Decision
from catalog.moments import parse_moment
from catalog.vocabulary import EventType, Meter, Outcome, SourceKind

LARGEST_PAGE = 1000
USUAL_PAGE = 100


def _moment(value: object) -> object:
    try:
        return parse_moment(value) if isinstance(value, str) else value
    except OverflowError:
        raise ValueError(f"{value!r} lies outside the years 1 to 9999") from None


Text = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
"""Without the character that no store can hold."""
Moment = Annotated[datetime, BeforeValidator(_moment)]


class Question(BaseModel):
    """A route's query; what is not declared is refused by name, with what is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _only_declared(cls, given: Mapping[str, object]) -> Mapping[str, object]:
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


class Paged(Question):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = USUAL_PAGE
    cursor: Annotated[str, Field(max_length=2000)] | None = None
    """``next`` of the page before."""


class TimesAndPage(Times, Paged):
    """When, and which part."""


SortKey = Literal[
    "value",
    "-value",
    "price",
    "-price",
    "quality",
    "-quality",
    "input",
    "-input",
    "output",
    "-output",
    "context",
    "-context",
    "name",
    "-name",
    "changed",
    "-changed",
]


class Ranked(Times):
    """How models are weighed."""

    mix: Annotated[str, Field(max_length=40)] = "3:1"
    """Parts of input to parts of output."""
    cached_share: Annotated[Decimal, Field(ge=0, le=1, max_digits=8)] = Decimal(0)
    """The share of input that is read from a cache."""
    alpha: Annotated[Decimal, Field(ge=0, le=4, max_digits=8)] = Decimal("0.5")
    """How much the price weighs: 0 not at all, 1 is quality for a dollar."""


class ModelsQuestion(Ranked, Paged):
    """Of /models."""

    sort: SortKey = "value"
    """Best first (value, quality, context: highest; prices, name: lowest); ``-`` reverses."""
    provider: Text | None = None
    """Only models that this provider sells."""
    q: Text | None = None
    """Only models whose id or name contains this, however it is spelt."""


class PricesQuestion(Times, Paged):
    """Of /prices; each filter is a value in normal form, as prices show it."""

    model: Text | None = None
    """A model's id."""
    series: Text | None = None
    """A series' lasting name."""
    provider: Text | None = None
    source: Text | None = None
    tier: Text | None = None
    region: Text | None = None
    context_over: Annotated[int, Field(ge=0)] | None = None
    variant: Text | None = None
    window: Text | None = None
    meter: Meter | None = None
    unit: Text | None = None
    currency: Text | None = None
    mapped: bool | None = None
    """false: only series whose printed name is no known model."""


class HistoryQuestion(Paged):
    """Of a model's history."""

    known_at: Moment | None = None
    provider: Text | None = None
    source: Text | None = None
    tier: Text | None = None
    meter: Meter | None = None
    currency: Text | None = None


class ChangesQuestion(Paged):
    """Of /changes."""

    since: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    """Only events after this sequence number."""
    type: EventType | None = None
    model: Text | None = None
    provider: Text | None = None


class SourcesQuestion(Paged):
    """Of /sources."""

    kind: SourceKind | None = None
    outcome: Outcome | None = None


class HoldsQuestion(Paged):
    """Of /holds."""

    state: Literal["open", "approved", "rejected", "repeated", "all"] = "open"
    """What became of it: waiting for a person, let through, kept out, lifted by repetition."""
    source: Text | None = None

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions that were asked for."""
        return tuple(Decision) if self.state == "all" else (Decision(self.state),)


class ResolveQuestion(Question):
    """Of /resolve."""

    id: Annotated[Text, Field(min_length=1)]
    """A model's name or id, as printed or typed."""
    source: Text | None = None
    """Whose name it is."""
