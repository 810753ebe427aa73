"""OpenAI's page: what each form states, and what is refused when it is not as it was."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from catalog.money import plain
from catalog.reading import NotRead, Reading
from catalog.vocabulary import Meter, Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

OPENAI = source_named("openai")
TABLES = (PAGES / "openai/2026-09-05-tables.md").read_text("utf-8")
COMPONENTS = (PAGES / "openai/2026-07-15-components.md").read_text("utf-8")
ISLANDS = (PAGES / "openai/2026-08-21-islands.html").read_text("utf-8")
CONVERTED = (PAGES / "openai/2026-06-26-converted.md").read_text("utf-8")
EVERY_FORM = pytest.mark.parametrize(
    "page",
    [TABLES, COMPONENTS, ISLANDS, CONVERTED],
    ids=["tables", "components", "islands", "converted"],
)

GUTTED = """# Pricing

Flagship models

Prices per 1M tokens.

Standard

### Standard pricing data

## Multimodal models

Prices per 1M tokens unless noted.
"""

EARLY_TOOLS = """

Tools

<GroupedPricingTable
  client:load
  headings={["Tool", "Details", "Pricing"]}
  groups={[
    {
      model: "Web search",
      rows: [
        [
          pricingHtml("<code>gpt-4o</code> and <code>gpt-4.1</code> models"),
          pricingHtml(
            "$10.00 / 1k calls<br /><small>Search content tokens billed at model rates.</small>"
          ),
        ],
        [
          pricingHtml("Reasoning models, including <code>gpt-5</code> and newer"),
          pricingHtml("$25.00 / 1k calls<br /><small>Search content tokens are free.</small>"),
        ],
      ],
    },
    {
      model: "Containers",
      rows: [
        [pricingHtml('<span id="usage"></span>Now'), "2 GB $0.06, 128 GB $3.84 per container"],
        ["Starting March 31, 2026", "2 GB $0.07, 128 GB $3.99 per 20-minute session per container"],
      ],
    },
  ]}
/>
"""
LATER_TABLES = """

GPT-Live sessions

A note of one sentence.

### Pricing Table data

| Model | Price per minute |
| --- | --- |
| gpt-live-1 | $0.05 |

Life sciences models

Prices per 1M tokens.

### Grouped Pricing Table data

| Model | Input | Cached input | Output |
| --- | --- | --- | --- |
| gpt-rosalind-research | $5.00 | $0.50 | $25.00 |

Flagship models

Prices per 1M tokens.

Ultrafast

### Ultrafast pricing data

| Model | Short context input | Short context output | Long context input |
| --- | --- | --- | --- |
| gpt-6-astra | $60.00 | $300.00 | - |
"""


@cache
def reading(page: str) -> Reading:
    return read(OPENAI, page.encode())


def refusal(page: str) -> NotRead:
    with pytest.raises(NotRead) as refused:
        reading(page)
    return refused.value


def prices(page: str, model: str, **where: object) -> Mapping[str, str]:
    """Give the amounts of a model by meter, where the other columns are as stated."""
    wanted = {"tier": "standard", "context_over": 0, "variant": "", **where}
    return {
        str(p.meter): plain(p.amount)
        for p in reading(page).points
        if p.model == model and all(getattr(p, name) == value for name, value in wanted.items())
    }


def test_long_context_has_the_threshold_that_the_page_states_elsewhere() -> None:
    assert prices(TABLES, "gpt-5.6-luna", context_over=272000) == {
        "input_tokens": "0.4",
        "cache_read_tokens": "0.04",
        "cache_write_tokens": "0.5",
        "output_tokens": "1.8",
    }


def test_long_context_without_a_number_on_the_page_is_marked_as_such() -> None:
    assert prices(CONVERTED, "gpt-5.5", context_over=1)["input_tokens"] == "10"


def test_two_thresholds_on_one_page_are_refused() -> None:
    page = TABLES.replace("(<272K context length)", "(<400K context length)", 1)
    assert "long context begins at 272 and 400 thousand tokens" in refusal(page).detail


def test_text_is_a_meter_of_its_own_only_beside_another_modality() -> None:
    assert prices(TABLES, "gpt-realtime-2.1") == {
        "input_audio_tokens": "32",
        "cache_read_audio_tokens": "0.4",
        "output_audio_tokens": "64",
        "input_text_tokens": "4",
        "cache_read_tokens": "0.4",
        "output_text_tokens": "24",
        "input_image_tokens": "5",
        "cache_read_image_tokens": "0.5",
    }
    assert prices(TABLES, "gpt-4o-mini-tts") == {"output_audio_tokens": "12", "input_tokens": "0.6"}


def test_a_price_per_minute_beside_token_prices_is_an_estimate() -> None:
    assert prices(TABLES, "gpt-4o-transcribe", variant="estimated") == {"audio": "0.006"}
    assert prices(TABLES, "Whisper") == {"audio": "0.006"}
    assert prices(TABLES, "tts-1") == {"characters": "15"}


def test_tuned_models_keep_their_own_variant() -> None:
    tuned = {"variant": "fine-tuned", "tier": "batch"}
    assert prices(TABLES, "o4-mini-2025-04-16", **tuned)["input_tokens"] == "2"
    assert prices(TABLES, "gpt-4.1-2025-04-14", **tuned)["training_tokens"] == "25"
    shared = {"variant": "fine-tuned with data sharing", "tier": "batch"}
    for page in (TABLES, ISLANDS, CONVERTED):
        assert prices(page, "o4-mini-2025-04-16", **shared) == {
            "hours": "100",
            "input_tokens": "1",
            "cache_read_tokens": "0.25",
            "output_tokens": "4",
        }


def test_one_cell_prices_containers_of_four_sizes() -> None:
    sizes = {f"{size} gb": prices(TABLES, "Containers", variant=f"{size} gb") for size in (1, 64)}
    assert sizes == {"1 gb": {"sessions": "0.03"}, "64 gb": {"sessions": "1.92"}}


def test_free_is_zero() -> None:
    assert prices(TABLES, "omni-moderation-latest") == {"input_tokens": "0"}


def test_what_the_markdown_has_lost_of_a_table_takes_nothing_else_with_it() -> None:
    assert prices(COMPONENTS, "Image Web search") == {"searches": "10"}
    assert prices(COMPONENTS, "text-embedding-3-small") == {"input_tokens": "0.02"}
    assert not prices(COMPONENTS, "gpt-realtime-2")


def test_searches_and_containers_are_read_as_earlier_pages_word_them() -> None:
    page = COMPONENTS + EARLY_TOOLS
    assert prices(page, "Web search", variant="reasoning models") == {"searches": "25"}
    assert prices(page, "Web search", variant="gpt-4o and gpt-4.1 models") == {"searches": "10"}
    held = [p for p in reading(page).points if p.variant in ("2 gb", "128 gb")]
    assert [(p.variant, plain(p.amount), p.valid_from) for p in held] == [
        ("2 gb", "0.06", None),
        ("128 gb", "3.84", None),
        ("2 gb", "0.07", date(2026, 3, 31)),
        ("128 gb", "3.99", date(2026, 3, 31)),
    ]


def test_later_sections_and_tiers_are_read() -> None:
    page = TABLES + LATER_TABLES
    assert prices(page, "gpt-live-1") == {"audio": "0.05"}
    assert prices(page, "gpt-rosalind-research")["cache_read_tokens"] == "0.5"
    assert prices(page, "gpt-6-astra", tier="ultrafast") == {
        "input_tokens": "60",
        "output_tokens": "300",
    }


def test_a_component_shows_the_models_that_the_visible_table_leaves_out() -> None:
    assert "gpt-4.1" not in ISLANDS.partition("TextTokenPricingTables")[0]
    assert prices(ISLANDS, "gpt-4.1", tier="fast")["output_tokens"] == "14"
    assert prices(ISLANDS, "gpt-5.6-sol", tier="fast", context_over=272000)["input_tokens"] == "20"


@EVERY_FORM
def test_a_priced_tier_is_named_as_the_page_names_it(page: str) -> None:
    tiers = {price.tier for price in reading(page).points}
    assert tiers - {"fast", "priority"} == {"standard", "batch", "flex"}
    assert len(tiers) == 4


@EVERY_FORM
def test_the_uplift_of_regional_endpoints_stands_beside_the_prices(page: str) -> None:
    (adjustment,) = reading(page).adjustments
    assert adjustment.factor == Decimal("1.1")
    assert adjustment.scope.startswith("models released on or after March 5, 2026")


@EVERY_FORM
def test_an_unknown_tab_is_refused_by_name(page: str) -> None:
    renamed = page.replace(">Batch<", ">Scale<").replace("\nBatch\n", "\nScale\n")
    assert "stands under 'Scale', which is neither a known tier" in refusal(renamed).detail


@EVERY_FORM
def test_a_section_that_does_not_say_what_its_prices_are_per_is_refused(page: str) -> None:
    assert "states no unit" in refusal(page.replace("Prices per 1M tokens.", "")).detail


@EVERY_FORM
def test_prices_per_another_number_of_tokens_are_normalised(page: str) -> None:
    thousands = page.replace("Prices per 1M tokens", "Prices per 1K tokens")
    (before,) = {p.amount for p in reading(page).points if _is_plain_input_of_gpt_5_4(p)}
    (after,) = {p.amount for p in reading(thousands).points if _is_plain_input_of_gpt_5_4(p)}
    assert after == before * 1000


def _is_plain_input_of_gpt_5_4(price: object) -> bool:
    wanted = {"model": "gpt-5.4", "tier": "standard", "context_over": 0}
    matches = all(getattr(price, name) == value for name, value in wanted.items())
    return matches and getattr(price, "meter", None) is Meter.INPUT_TOKENS


@EVERY_FORM
def test_a_page_in_another_currency_is_refused(page: str) -> None:
    assert "label currency '€'" in refusal(page.replace("$", "€")).detail


@EVERY_FORM
def test_a_tab_that_contradicts_its_table_is_refused_or_leaves_two_prices(page: str) -> None:
    stale = page.replace(">Batch<", ">Standard<").replace("\nBatch\n", "\nStandard\n")
    try:
        amounts = [p.amount for p in reading(stale).points if _is_plain_input_of_gpt_5_4(p)]
    except NotRead as refused:
        assert "says ['batch'] and stands under 'standard'" in refused.detail  # noqa: PT017 either is right
    else:
        assert len(amounts) == 2


@pytest.mark.parametrize(
    ("page", "old", "new", "said"),
    [
        (TABLES, "cached input", "cache hits", "'Short context cache hits' is neither mapped"),
        (TABLES, "| Audio |", "| Smell |", "'Smell' is neither mapped"),
        (TABLES, "1080p", "8k", "'8k' is neither mapped"),
        (TABLES, "$4.00", "$4,00", "is not understood"),
        (TABLES, "20-minute session", "30-minute session", "is not understood"),
        (COMPONENTS, 'tier="batch"', 'tier="flex"', "says ['flex'] and stands under 'batch'"),
        (COMPONENTS, "<TextTokenPricingTables", "<ModelPrices", "none of the known forms"),
        (COMPONENTS, "latestSectionLabel={null}", "longRows={[[1]]}", "unknown data 'longRows'"),
        (COMPONENTS, '"o3", 2, 0.5, 8]', '"o3", 2, 8]', "3 values where 5 columns are known"),
        (ISLANDS, "&quot;headings&quot;", "&quot;titles&quot;", "'titles'"),
        (CONVERTED, "| Model | Use case |", "| Name | Use case |", "has the unknown columns Name"),
    ],
)
def test_what_is_not_as_it_was_is_refused_by_name(page: str, old: str, new: str, said: str) -> None:
    assert old in page
    refused = refusal(page.replace(old, new))
    assert refused.outcome in {Outcome.PAGE_CHANGED, Outcome.UNCLAIMED_PRICES}
    assert said in refused.detail


def test_an_unknown_component_with_rows_is_refused() -> None:
    page = ISLANDS.replace("GroupedPricingTable", "FancyPricingTable")
    assert "the component 'FancyPricingTable' holds rows" in refusal(page).detail


@pytest.mark.parametrize("part", [TABLES, COMPONENTS, CONVERTED, ISLANDS])
@pytest.mark.parametrize("share", [3, 4, 5, 6, 7, 8])
def test_a_page_that_is_cut_off_states_no_other_price(part: str, share: int) -> None:
    whole = {p.model_dump_json(exclude={"locator", "evidence"}) for p in reading(part).points}
    try:
        left = reading(part[: len(part) * share // 9])
    except NotRead:
        return
    assert {p.model_dump_json(exclude={"locator", "evidence"}) for p in left.points} <= whole


def test_a_page_cut_off_within_a_number_is_refused() -> None:
    page = TABLES[: TABLES.rindex("0 |")]
    assert page.endswith("| $0.9")
    assert "cut off" in refusal(page).detail


def test_a_page_with_headings_and_no_tables_is_no_reading() -> None:
    assert refusal(GUTTED).outcome is Outcome.PAGE_CHANGED


def test_a_page_with_one_table_left_is_empty() -> None:
    table = "| Model | Short context input |\n| --- | --- |\n| gpt-5 | $1.25 |\n"
    page = GUTTED.replace("### Standard pricing data\n", f"### Standard pricing data\n\n{table}")
    assert refusal(page).outcome is Outcome.EMPTY


def test_a_challenge_page_is_blocked() -> None:
    page = """<html><head><meta http-equiv="refresh" content="360"></head><body>
    <div class="container"><noscript>Enable JavaScript and cookies to continue</noscript></div>
    </body></html>"""
    assert refusal(page).outcome is Outcome.BLOCKED
