"""Prices and facts made in a short way are those that their classes make, or refused alike."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypedDict

from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from catalog.reading import (
    Fact,
    PricePoint,
    Reading,
    Score,
    priced_at,
    priced_like,
    stated_fact,
    stated_score,
    told_of,
    whole_reading,
)
from catalog.vocabulary import Meter, Unit

TEXTS = st.text(alphabet="a B\u00e9\u200b\t\n\u3000/", max_size=6) | st.text(max_size=150)
AMOUNTS = st.decimals() | st.decimals(0, 100, places=4)


class Columns(TypedDict):
    """What tells the prices of one field apart."""

    model: str
    context_over: int
    amount: Decimal
    list_amount: Decimal | None
    evidence: str
    locator: str


class FactColumns(TypedDict):
    """Of a fact."""

    model: str
    name: str
    value: str
    evidence: str
    provider: str


class ScoreColumns(TypedDict):
    """Of a score."""

    model: str
    benchmark: str
    score: Decimal
    date: date | None
    evidence: str


LIKE = PricePoint(
    model="any",
    tier="batch",
    region="us",
    meter=Meter.INPUT_TOKENS,
    unit=Unit.MILLION_TOKENS,
    currency="USD",
    amount=Decimal(1),
    valid_from=date(2025, 1, 2),
    evidence="any",
    provider="novita",
)
USUAL = Columns(
    model="m/a",
    context_over=0,
    amount=Decimal("2.50"),
    list_amount=None,
    evidence='"input": 2.50',
    locator="data[0].input",
)
PRICES = st.builds(
    Columns,
    model=TEXTS,
    context_over=st.integers(-2, 200_000),
    amount=AMOUNTS,
    list_amount=st.none() | AMOUNTS,
    evidence=TEXTS,
    locator=TEXTS,
)


def outcome(make: Callable[[], PricePoint | Fact | Score]) -> object:
    """Give what is made, as it is and as JSON; or why nothing is."""
    try:
        made = make()
    except ValidationError as refusal:
        return [error["msg"] for error in refusal.errors()]
    return made, made.model_dump_json()


@given(columns=PRICES)
@example(columns=USUAL)
@example(columns={**USUAL, "amount": Decimal("-0")})
@example(columns={**USUAL, "amount": Decimal("1e30")})
@example(columns={**USUAL, "list_amount": Decimal("1e-13")})
def test_a_price_is_the_same_whichever_way_it_is_made(columns: Columns) -> None:
    short = outcome(lambda: priced_like(LIKE, **columns))
    assert short == outcome(lambda: PricePoint.model_validate({**dict(LIKE), **columns}))


@given(columns=st.builds(FactColumns, **dict.fromkeys(FactColumns.__annotations__, TEXTS)))
def test_a_fact_is_the_same_whichever_way_it_is_made(columns: FactColumns) -> None:
    assert outcome(lambda: stated_fact(**columns)) == outcome(lambda: Fact(**columns))


@given(model=TEXTS, locator=TEXTS)
def test_a_price_of_another_model_is_the_same_whichever_way_it_is_made(
    model: str, locator: str
) -> None:
    quoted = priced_like(LIKE, **USUAL)
    said = {"amount": quoted.amount, "evidence": quoted.evidence}
    columns = {**dict(LIKE), **said, "model": model, "locator": locator}
    short = outcome(lambda: priced_at(LIKE, quoted, model=model, locator=locator))
    assert short == outcome(lambda: PricePoint.model_validate(columns))


@given(
    columns=st.builds(
        ScoreColumns,
        model=TEXTS,
        benchmark=TEXTS,
        score=st.decimals(),
        date=st.none() | st.dates(),
        evidence=TEXTS,
    )
)
def test_a_score_is_the_same_whichever_way_it_is_made(columns: ScoreColumns) -> None:
    assert outcome(lambda: stated_score(**columns)) == outcome(lambda: Score(**columns))


@given(model=TEXTS)
def test_a_score_of_another_model_is_the_same_whichever_way_it_is_made(model: str) -> None:
    score = Score(model="any", benchmark="arena", score=Decimal("1.50"), evidence="arena: 1.50")
    columns = {**dict(score), "model": model}
    assert outcome(lambda: told_of(score, model)) == outcome(lambda: Score.model_validate(columns))


def test_what_was_made_in_a_short_way_is_frozen_and_hashed_like_any_other() -> None:
    price = priced_like(LIKE, **USUAL)
    assert hash(price) == hash(PricePoint.model_validate({**dict(LIKE), **USUAL}))
    assert price.model_fields_set == set(PricePoint.model_fields)
    assert price.model_copy(update={"model": "m/b"}).model == "m/b"


def test_a_whole_reading_is_the_one_that_its_class_makes() -> None:
    made = whole_reading("page", points=(LIKE,), facts=(), scores=(), rates=(), adjustments=())
    assert made == Reading(form="page", points=(LIKE,))
    assert made.model_dump_json() == Reading(form="page", points=(LIKE,)).model_dump_json()
