"""Anthropic's pages: what changes on them is read as it stands, or refused by name."""

from collections.abc import Callable

import pytest

from catalog.reading import Adjustment, NotRead, Reading
from catalog.vocabulary import Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

DOCS = (PAGES / "anthropic/2026-08-08-docs.md").read_text("utf-8")
OLD = (PAGES / "anthropic/2026-02-18-docs.md").read_text("utf-8")
CARDS = (PAGES / "anthropic/2026-05-08-cards.html").read_text("utf-8")


def reading(page: str) -> Reading:
    return read(source_named("anthropic"), page.encode())


def amount(page: str, model: str, meter: str, tier: str = "standard") -> list[str]:
    """Give the amounts that a page states for one meter of a model."""
    return [
        str(price.amount)
        for price in reading(page).points
        if (price.model, price.meter, price.tier) == (model, meter, tier)
    ]


def test_the_announced_price_starts_the_day_after_the_promotion_ends() -> None:
    assert amount(DOCS, "Claude Sonnet 5", "input_tokens") == ["2", "3"]
    now, then = (
        price
        for price in reading(DOCS).points
        if price.model == "Claude Sonnet 5"
        and (price.meter, price.tier) == ("input_tokens", "batch")
    )
    assert str(now.valid_to) == str(then.valid_from) == "2026-09-01"


def test_us_only_inference_is_an_adjustment_kept_beside_the_prices() -> None:
    assert reading(DOCS).adjustments == (
        Adjustment(
            name="us-only inference",
            factor="1.1",
            scope="Claude 4.6 and later models",
            evidence="For Claude 4.6 and later models, specifying US-only inference through the "
            "inference_geo parameter incurs a 1.1x multiplier",
        ),
    )


def test_retired_and_deprecated_models_are_facts() -> None:
    assert [f"{fact.model}: {fact.value}" for fact in reading(DOCS).facts] == [
        "Claude Opus 4.1: retired",
        "Claude Opus 4: retired",
        "Claude Haiku 3.5: retired",
    ]
    assert [f"{fact.model}: {fact.value}" for fact in reading(OLD).facts] == [
        "Claude Sonnet 3.7: deprecated"
    ]


def test_prompts_over_the_threshold_have_their_own_prices() -> None:
    assert amount(OLD, "Claude Sonnet 4.5", "input_tokens") == ["3", "6"]
    assert amount(OLD, "Claude Opus 4.6", "output_tokens", "fast") == ["150", "225"]


def test_columns_are_read_by_heading_when_they_swap() -> None:
    swapped = DOCS.replace("| Batch input  | Batch output  |", "| Batch output | Batch input   |")
    assert amount(swapped, "Claude Fable 5", "output_tokens", "batch") == ["5"]


def test_another_unit_is_read_as_it_stands() -> None:
    page = DOCS.replace("| $0.40 / MTok |", "| $0.40 / KTok |")
    assert amount(page, "Claude Haiku 3.5", "input_tokens", "batch") == ["400"]


def test_a_renamed_model_is_a_model_of_that_name() -> None:
    assert amount(
        DOCS.replace("Claude Fable 5 ", "Claude Saga 5 "), "Claude Saga 5", "input_tokens"
    )


def refusal(page: str) -> tuple[Outcome, str]:
    with pytest.raises(NotRead) as refused:
        reading(page)
    return refused.value.outcome, refused.value.detail


@pytest.mark.parametrize(
    ("change", "outcome", "detail"),
    [
        (
            lambda page: page.replace("| Output Tokens |", "| Reply Tokens  |", 1),
            Outcome.PAGE_CHANGED,
            "Seen: table 1 under Pricing > Model pricing: Model, Base Input Tokens",
        ),
        (
            lambda page: page.replace("| Batch output  |", "| Batch reply   |"),
            Outcome.PAGE_CHANGED,
            "Model, Batch input, Batch reply",
        ),
        (
            lambda page: page.replace("### Fast mode pricing", "### Turbo pricing"),
            Outcome.UNCLAIMED_PRICES,
            "10 in '$10 / MTok'",
        ),
        (
            lambda page: page.replace("$12.50 / MTok", "$12,50 / MTok"),
            Outcome.PAGE_CHANGED,
            "'$12,50 / MTok'",
        ),
        (
            lambda page: page.replace("$37.50 / MTok", "€37.50 / MTok"),
            Outcome.PAGE_CHANGED,
            "'€37.50' stands where prices are in USD",
        ),
        (
            lambda page: page.replace("$12.50 / MTok", "$12.50 / unit"),
            Outcome.PAGE_CHANGED,
            "'unit' in '$12.50 / unit' is not understood",
        ),
        (
            lambda page: page.replace(
                "| Input      | Output     |\n| ------------------------------- ",
                "| Input | Output | Extra |\n|--|--",
            ),
            Outcome.PAGE_CHANGED,
            "column 4 'Extra' is neither mapped nor ignored",
        ),
        (
            lambda page: page[: len(page) * 2 // 3],
            Outcome.PAGE_CHANGED,
            "none of the known forms",
        ),
        (
            lambda page: page.replace("## Model pricing", "## Models"),
            Outcome.PAGE_CHANGED,
            "none of the known forms",
        ),
        (
            lambda page: page.replace("Half of the usual price.", "A setup costs $99."),
            Outcome.UNCLAIMED_PRICES,
            "99 in 'A setup costs $99",
        ),
        (
            lambda page: page.replace("Claude Opus 4.7     ", "Claude Opus 4.7<br>on request"),
            Outcome.PAGE_CHANGED,
            "the note in row 5 'on request' is neither mapped nor ignored",
        ),
    ],
)
def test_a_change_that_nobody_declared_is_refused(
    change: Callable[[str], str], outcome: Outcome, detail: str
) -> None:
    assert change(DOCS) != DOCS
    refused, said = refusal(change(DOCS))
    assert refused is outcome
    assert detail in said


def test_a_tool_s_sentence_that_says_something_new_costs_no_token_price() -> None:
    page = DOCS.replace("**$10 per 1,000 searches**", "**$10 per 1,000 finds**")
    lost = {p.model for p in reading(DOCS).points} - {p.model for p in reading(page).points}
    assert lost == {"Web search tool"}


def test_an_introductory_price_that_no_table_states_is_not_passed_over() -> None:
    page = DOCS.replace("Introductory pricing of $2/$10", "Introductory pricing of $1.77/$10")
    assert page != DOCS
    assert refusal(page)[0] is Outcome.UNCLAIMED_PRICES


def test_a_model_of_the_fast_table_that_only_its_sentence_named_is_missed() -> None:
    refused, said = refusal(OLD.replace("Currently supported on Opus 4.6:", "Have a look:"))
    assert refused is Outcome.PAGE_CHANGED
    assert "which names the model" in said


def test_a_card_s_unknown_label_is_refused() -> None:
    page = CARDS.replace(">Write<", ">Write 5m<", 1)
    assert refusal(page)[0] is Outcome.PAGE_CHANGED


def test_a_price_outside_the_cards_is_unclaimed() -> None:
    page = CARDS.replace("Writes are for five minutes.", "Storage costs $3 more.")
    assert refusal(page)[0] is Outcome.UNCLAIMED_PRICES


def test_plans_beside_the_models_are_no_part_of_what_is_read() -> None:
    page = CARDS.replace("<span>$</span>17", "<span>$</span>99")
    assert page != CARDS
    assert reading(page) == reading(CARDS)
