"""Side by side: every tier and meter in one row each, and what differs is said."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from catalog.current.comparison import Row, Side, compare
from catalog.current.view import Views
from catalog.ranking import Mix
from catalog.reading import Fact, Reading
from catalog.vocabulary import Meter, Unit
from tests.catalog.builders import Catalog, point, visit

NAMES = ("Claude Opus 4.7", "Claude Haiku 4.5")
IDS = ("anthropic/claude-opus-4.7", "anthropic/claude-haiku-4.5")


@pytest.fixture
def rows(sqlite_store: Engine) -> dict[tuple[str, str], Row]:
    """Opus at $5/$25 and $2.50 in batches with 1M context, $9 for 1K searches; Haiku at $1/$25."""
    catalog = Catalog(sqlite_store)
    opus, haiku = NAMES
    points = (
        point(opus, "5"),
        point(opus, "25", meter=Meter.OUTPUT_TOKENS),
        point(opus, "6.25", meter=Meter.CACHE_WRITE_TOKENS),
        point(opus, "2.5", tier="batch"),
        point(opus, "9", meter=Meter.SEARCHES, unit=Unit.THOUSAND_REQUESTS),
        point(haiku, "1"),
        point(haiku, "25", meter=Meter.OUTPUT_TOKENS),
    )
    said = (
        (opus, "context_tokens", "1000000"),
        (opus, "input_modalities", "text, image"),
        (haiku, "input_modalities", "image, text"),
        (opus, "structured_outputs", "yes"),
        (haiku, "structured_output", "no"),
        (haiku, "released_on", "2025-10-15"),
    )
    facts = tuple(Fact(model=who, name=name, value=is_, evidence=is_) for who, name, is_ in said)
    reading = Reading(form="a", points=points, facts=facts)
    catalog.take(visit("2026-05-01", reading=reading))
    look = Views(catalog.engine, now=catalog.now).look()
    question = look.question(Mix(), Decimal("0.5"))
    models = [look.view.identity.models[name] for name in IDS]
    sides = [
        Side(
            look.listing(model, question),
            look.view.subject(model).quotes,
            look.view.facts_of.get(model.id, ()),
        )
        for model in models
    ]
    found = compare(sides, look.view.rates, datetime(2026, 11, 22, tzinfo=UTC))
    return {(row.topic.value, row.name): row for row in found}


def test_each_tier_and_meter_is_a_row(rows: dict[tuple[str, str], Row]) -> None:
    assert rows["price", "standard input_tokens"].values == ("5", "1")
    assert rows["price", "standard cache_write_tokens"].values == ("6.25", None)
    assert rows["price", "batch input_tokens"].values == ("2.5", None)
    assert rows["worth", "price"].values == ("10", "7")


def test_what_differs_is_said(rows: dict[tuple[str, str], Row]) -> None:
    assert rows["price", "standard input_tokens"].differs
    assert not rows["price", "standard output_tokens"].differs


def test_what_is_not_known_is_no_difference(rows: dict[tuple[str, str], Row]) -> None:
    context = rows["fact", "context_tokens"]
    assert (context.values, context.differs) == (("1000000", None), False)


def test_what_is_known_of_none_is_no_row(rows: dict[tuple[str, str], Row]) -> None:
    assert ("price", "standard images") not in rows
    assert ("worth", "quality") not in rows


def test_what_is_not_sold_by_tokens_has_its_own_unit(rows: dict[tuple[str, str], Row]) -> None:
    searches = rows["price", "standard searches"]
    assert (searches.unit, searches.values) == ("USD per 1K requests", ("9", None))


def test_the_same_words_in_another_order_are_no_difference(
    rows: dict[tuple[str, str], Row],
) -> None:
    assert rows["fact", "input_modalities"].values == ("image, text", "image, text")


def test_a_capability_is_yes_or_no_by_whatever_name_it_is_stated(
    rows: dict[tuple[str, str], Row],
) -> None:
    assert rows["fact", "structured_outputs"].values == ("yes", "no")
    assert rows["fact", "released_on"].values == (None, "2025-10-15")


def test_without_a_value_nobody_knows_whether_it_is_on_the_frontier(
    rows: dict[tuple[str, str], Row],
) -> None:
    assert ("worth", "pareto") not in rows
