"""What a reader takes from a page: price points, facts, scores, rates; or a refusal, with reason.

These are the types between the spiders and the catalog. A reading is pure: it holds what the page
states, as printed, and nothing that a clock, a network or a database would add.
"""

import re
from collections.abc import Mapping
from datetime import date as Day  # noqa: N812 two classes here have a field named date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from catalog.money import AmountError, plain, to_pico
from catalog.vocabulary import Meter, Outcome, Unit

LONGEST_EVIDENCE = 120


_BLANK = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")


def fold(text: str) -> str:
    """Fold white space and invisible characters to single spaces."""
    if " " not in text and text.isprintable():
        return text
    return " ".join(text.split()) if text.isascii() else _BLANK.sub(" ", text).strip()


def shorten(text: str) -> str:
    """Fold a quotation and cut it, marked, to the longest evidence that is kept."""
    folded = fold(text)
    fits = len(folded) <= LONGEST_EVIDENCE
    return folded if fits else folded[: LONGEST_EVIDENCE - 1].rstrip() + "…"


def _storable(amount: Decimal) -> Decimal:
    to_pico(amount)
    return Decimal(plain(amount))


def _no_float(value: object) -> object:
    if isinstance(value, float):
        raise ValueError("an amount is a decimal or its text, never a float")  # noqa: TRY004 pydantic reports ValueError
    return value


Amount = Annotated[
    Decimal,
    BeforeValidator(_no_float),
    Field(ge=0),
    AfterValidator(_storable),
    PlainSerializer(plain, return_type=str),
]
_folded_label = lru_cache(maxsize=1 << 14)(fold)
Label = Annotated[str, AfterValidator(_folded_label)]
Evidence = Annotated[str, AfterValidator(shorten)]
Name = Annotated[str, AfterValidator(_folded_label), StringConstraints(min_length=1)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Stated(BaseModel):
    """Something a page states; frozen, and no field beside the declared ones."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


S = TypeVar("S", bound=Stated)


_set_fields, _set_stated, _set_extra, _set_private = (
    BaseModel.__dict__[f"__{name}__"].__set__
    for name in ("dict", "pydantic_fields_set", "pydantic_extra", "pydantic_private")
)


def _made(kind: type[S], checked: dict[str, object]) -> S:
    """Make one of all its fields, in their order, which somebody has checked.

    It sets what pydantic's model_construct sets, in a third of the time.
    """
    made = kind.__new__(kind)
    _set_fields(made, checked)
    _set_stated(made, _ALL_FIELDS[kind])
    _set_extra(made, None)
    _set_private(made, None)
    return made


class PricePoint(Stated):
    """One price as quoted."""

    model: Name
    """The provider's own identifier or display name, as printed."""
    tier: Label = "standard"
    """The service tier in the page's own word, lower case: standard, batch, flex, fast …"""
    region: Label = "global"
    """Where it holds, in the page's identifier, lower case; global where the page tells none."""
    context_over: Annotated[int, Field(ge=0)] = 0
    """The price holds for prompts longer than this many tokens; 1: "long", no number stated."""
    variant: Label = ""
    """What else tells two prices of one meter apart, in English, lower case."""
    window: Label = ""
    """The hours it holds in: "HH:MM-HH:MM UTC", after days where limited; or peak / off-peak."""
    meter: Meter
    """What is counted."""
    unit: Unit
    """How much of the meter one price covers."""
    currency: Currency
    """ISO 4217."""
    amount: Amount
    """In the currency per unit. Zero is a price: the page says free."""
    valid_from: Day | None = None
    """The day the page itself says that the price starts."""
    valid_to: Day | None = None
    """The day, exclusive, the page itself says that the price ends."""
    evidence: Evidence
    """The page's own words that state it, at most 120 characters."""
    provider: Label = ""
    """Who sells it, where a catalog or gateway lists many; empty is the source's own provider."""
    list_amount: Amount | None = None
    """The crossed-out or regular price beside a promotion."""
    locator: Label = ""
    """Where on the page: table, row, column, or a path into its JSON."""

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_from >= self.valid_to:
            raise ValueError(f"valid_to {self.valid_to} must be after valid_from {self.valid_from}")
        return self


@lru_cache(maxsize=1 << 14)
def _stored(amount: Decimal) -> Decimal | None:
    """Give an amount as it is kept; None where it is none."""
    try:
        return _storable(amount)
    except AmountError:
        return None


def priced_like(  # noqa: PLR0913 what tells the prices of one field apart
    like: PricePoint,
    *,
    model: str,
    context_over: int,
    amount: Decimal,
    list_amount: Decimal | None,
    evidence: str,
    locator: str,
) -> PricePoint:
    """Make a price that is like another in all but these, by PricePoint's rules, in less time.

    What is odd in any way goes the long way, which raises ValidationError and says what is wrong.
    """
    columns = {
        **like.__dict__,
        "model": _folded_label(model),
        "context_over": context_over,
        "amount": _stored(amount) if amount.is_finite() and not amount.is_signed() else None,
        "evidence": shorten(evidence),
        "list_amount": None,
        "locator": fold(locator),
    }
    is_plain = columns["model"] and context_over >= 0 and columns["amount"] is not None
    if is_plain and list_amount is None:
        return _made(PricePoint, columns)
    return PricePoint.model_validate(columns | {"amount": amount, "list_amount": list_amount})


COLUMNS = tuple(PricePoint.model_fields)
"""A price point's columns in their one order: command line, expected files, CSV, bundle."""


class Fact(Stated):
    """One thing a source states about a model, as printed there."""

    model: Name
    name: Name
    """context_tokens, max_output_tokens, input_modalities, released_on, retired_on …"""
    value: Name
    evidence: Evidence
    provider: Label = ""


def stated_fact(*, model: str, name: str, value: str, evidence: str, provider: str) -> Fact:
    """Make a fact as ``Fact(…)`` does, by the same rules, in less time."""
    fields: dict[str, object] = {
        "model": _folded_label(model),
        "name": _folded_label(name),
        "value": fold(value),
        "evidence": shorten(evidence),
        "provider": _folded_label(provider),
    }
    if fields["model"] and fields["name"] and fields["value"]:
        return _made(Fact, fields)
    return Fact.model_validate(fields)


class Score(Stated):
    """One benchmark result of a model."""

    model: Name
    benchmark: Name
    score: Annotated[Decimal, BeforeValidator(_no_float), PlainSerializer(plain, return_type=str)]
    date: Day | None = None
    """The day the source gives the result, where it gives one."""
    evidence: Evidence


def stated_score(
    *, model: str, benchmark: str, score: Decimal, date: Day | None, evidence: str
) -> Score:
    """Make a score as ``Score(…)`` does, by the same rules, in less time."""
    fields: dict[str, object] = {
        "model": _folded_label(model),
        "benchmark": _folded_label(benchmark),
        "score": score,
        "date": date,
        "evidence": shorten(evidence),
    }
    if fields["model"] and fields["benchmark"] and score.is_finite():
        return _made(Score, fields)
    return Score.model_validate(fields)


N = TypeVar("N", PricePoint, Fact, Score)


def told_of(like: N, model: str) -> N:
    """Tell of a model what was told of another; raises ValidationError where it has no name."""
    return _with(like, {"model": _folded_label(model)})


def priced_at(like: PricePoint, quoted: PricePoint, *, model: str, locator: str) -> PricePoint:
    """Make a price that is like another, in the amount and words of a third, for a model.

    Only the model may be odd: ValidationError where it has no name. There is no regular price.
    """
    told: dict[str, object] = {
        "model": _folded_label(model),
        "amount": quoted.amount,
        "evidence": quoted.evidence,
        "list_amount": None,
        "locator": fold(locator),
    }
    return _with(like, told)


def _with(like: N, told: dict[str, object]) -> N:
    columns = {**like.__dict__, **told}
    return _made(type(like), columns) if told["model"] else type(like).model_validate(columns)


class Rate(Stated):
    """One reference exchange rate: how much of the currency one euro buys."""

    currency: Currency
    rate: Annotated[
        Decimal,
        BeforeValidator(_no_float),
        Field(gt=0),
        PlainSerializer(plain, return_type=str),
    ]
    date: Day


class Adjustment(Stated):
    """A multiplier a page states in prose: kept beside the prices, never multiplied into them."""

    name: Name
    """What it is for: us-only inference, regional endpoint …"""
    factor: Annotated[
        Decimal,
        BeforeValidator(_no_float),
        Field(gt=0),
        PlainSerializer(plain, return_type=str),
    ]
    scope: Label
    """The models, tiers or regions it holds for, in the page's words."""
    valid_from: Day | None = None
    valid_to: Day | None = None
    evidence: Evidence


class Reading(Stated):
    """All that one reader read in one snapshot; complete, or it is not made."""

    form: Name
    """Which of its document's layouts the page had."""
    points: tuple[PricePoint, ...] = ()
    facts: tuple[Fact, ...] = ()
    scores: tuple[Score, ...] = ()
    rates: tuple[Rate, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


_ALL_FIELDS: Mapping[type[Stated], set[str]] = {
    kind: set(kind.model_fields) for kind in (PricePoint, Fact, Score, Reading)
}


def whole_reading(  # noqa: PLR0913 all that a page may state
    form: str,
    *,
    points: tuple[PricePoint, ...],
    facts: tuple[Fact, ...],
    scores: tuple[Score, ...],
    rates: tuple[Rate, ...],
    adjustments: tuple[Adjustment, ...],
) -> Reading:
    """Make a reading of what was checked when it was made; Reading(…) checks it all once more."""
    fields: dict[str, object] = {
        "form": form,
        "points": points,
        "facts": facts,
        "scores": scores,
        "rates": rates,
        "adjustments": adjustments,
    }
    return _made(Reading, fields)


class NotRead(Exception):  # noqa: N818 it is an outcome, not an error of ours
    """A page that was not read, by its named outcome, and what a person does next."""

    def __init__(self, outcome: Outcome, detail: str) -> None:
        """Name the outcome and say in plain words what was seen and what to do."""
        super().__init__(f"{outcome}: {detail}")
        self.outcome = outcome
        self.detail = detail
