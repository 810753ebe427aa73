"""Prices and factors that only prose states are read by declared sentences."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Meter
from spiders.reader import Claim
from spiders.sentence import Multiplier, Repeats, Sentence, Told
from spiders.terms import Terms
from tests.spiders.tables import markdown_page

PAGE = markdown_page(
    """## Web search

It is offered for **$10 per 1,000 searches**, tokens apart.

## Residency

For Opus 4.6 and newer models, US-only inference incurs a 1.1x multiplier.

Regional endpoints cost 10% more.
"""
)
SEARCH = Sentence(
    r"offered for (?P<price>\S+ per 1,000 searches)",
    Terms(Meter.SEARCHES, model="Web search"),
    section="Web search",
)


def test_a_sentence_states_a_price_and_claims_its_amount() -> None:
    found = SEARCH.read(PAGE)
    (price,) = found.points
    assert (price.model, price.amount, price.unit) == ("Web search", Decimal(10), "1K requests")
    assert price.evidence == "prose only: offered for $10 per 1,000 searches"
    assert Claim(price.locator, "10") in found.claims


def test_a_sentence_that_is_gone_stops_the_reading() -> None:
    with pytest.raises(NotRead, match="0 paragraphs match"):
        replace(SEARCH, section="Search").read(PAGE)


def test_a_price_that_its_section_no_longer_states_is_just_not_there() -> None:
    assert SEARCH.read(markdown_page("## Web search\n\nIt is part of your plan.\n")).points == ()
    assert SEARCH.read(markdown_page("## Code execution\n\nIt is free.\n")).points == ()


def test_a_price_stated_in_other_words_stops_the_reading() -> None:
    page = markdown_page("## Web search\n\nEach thousand searches is billed at $12.\n")
    with pytest.raises(NotRead, match="0 paragraphs match"):
        SEARCH.read(page)


def test_a_sentence_may_follow_a_paragraph() -> None:
    tools = markdown_page("Web search\n\nCost\n\n$10 / 1K searches\n")
    rule = Sentence(r"^(?P<price>\S+ / 1K searches)$", SEARCH.terms, after="Cost")
    assert rule.read(tools).points[0].amount == 10
    with pytest.raises(NotRead, match="0 paragraphs match"):
        replace(rule, after="Price").read(tools)


def test_a_price_on_a_card_is_of_the_model_that_its_title_names() -> None:
    cards = markdown_page(
        "## Mini\n\n$0.2 / 1M input tokens\n\n## Large\n\n$8 / 1M output tokens\n"
    )
    rule = Sentence(r"^(?P<price>\S+ / .+ tokens)$", Terms(), titled=True, expect=2)
    prices = rule.read(cards).points
    assert [(p.model, p.meter, p.evidence) for p in prices] == [
        ("Mini", "input_tokens", "$0.2 / 1M input tokens"),
        ("Large", "output_tokens", "$8 / 1M output tokens"),
    ]


def test_a_multiplier_is_an_adjustment_and_no_price() -> None:
    rule = Multiplier("us-only inference", r"For (?P<scope>.+?), US-only .+ (?P<factor>[\d.]+x)")
    (adjustment,) = rule.read(PAGE).adjustments
    assert (adjustment.factor, adjustment.scope) == (Decimal("1.1"), "Opus 4.6 and newer models")


def test_per_cent_more_is_a_factor() -> None:
    rule = Multiplier("regions", r"^(?P<scope>Regional endpoints) cost (?P<factor>\d+%) more")
    assert rule.read(PAGE).adjustments[0].factor == Decimal("1.1")


def test_a_fact_is_told_of_each_model_that_the_prose_names() -> None:
    page = markdown_page("Retirement: May 15, 2026.\n\nThese go: a-1, a-2 and b.\n")
    rule = Told("retired_on", r"Retirement: (?P<value>.+)\.\nThese go: (?P<models>.+?)\.$")
    assert [(fact.model, fact.name, fact.value) for fact in rule.read(page).facts] == [
        ("a-1", "retired_on", "May 15, 2026"),
        ("a-2", "retired_on", "May 15, 2026"),
        ("b", "retired_on", "May 15, 2026"),
    ]


def test_prose_that_tells_no_fact_is_no_change() -> None:
    assert not Told("retired_on", r"(?P<models>.+) went on (?P<value>.+)").read(PAGE).facts


def test_prose_that_repeats_a_table_claims_only_what_the_table_states() -> None:
    page = markdown_page("Input$1.25\n\nOutput$9.00\n\n| Model | Input |\n|--|--|\n| a | $1.25 |\n")
    rule = Repeats(r"^(?:Input|Output)\$")
    assert rule.read(page).claims == (Claim("paragraph 1", "1.25"),)
