"""Pages of ours, changed in one place: xAI, Mistral, Cerebras and Groq are never guessed."""

import pytest

from catalog.reading import NotRead, Reading
from catalog.vocabulary import Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

GROQ = "groq/2026-08-25-models.md"
CEREBRAS = "cerebras/2026-05-08-pricing.html"
MISTRAL = "mistral/2026-05-08-pricing.html"
XAI = "xai/2025-11-13-html.html"
XAI_READER = "xai/2026-05-08-reader.md"
XAI_GROUPED = "xai/2026-09-29-grouped.md"
XAI_MARKDOWN = "xai/2026-08-20-markdown.md"


def changed(page: str, old: str, new: str) -> Reading:
    text = (PAGES / page).read_text("utf-8")
    assert old in text, f"{page} no longer holds {old!r}"
    return read(source_named(page.partition("/")[0]), text.replace(old, new).encode())


@pytest.mark.parametrize(
    ("page", "old", "new", "why"),
    [
        (GROQ, "(/docs/model/openai/gpt-oss-20b)", "(/docs/model/openai/gpt-oss-2b)", "same model"),
        (GROQ, "Enterprisellama", "Loyaltyllama", "same model"),
        (GROQ, "$0.075 input$0.30 output", "$0.075$0.30", "no meter"),
        (GROQ, "$0.111 per hour", "$0.111", "no meter"),
        (CEREBRAS, "$$0.35/M tokens", "$$0.35", "states no unit"),
        (CEREBRAS, "Developer tier Pricing", "Enterprise", "0 tables in section"),
        (MISTRAL, "<p>$7.5</p>", "<p>7.5€</p>", "stands in price_dollar"),
        (MISTRAL, "price_euro", "price_pound", "unknown fields price_pound"),
        (MISTRAL, "fine_tuning", "tuned", "are in lists of prices"),
        (MISTRAL, "API endpoint ", "Endpoint ", "neither mapped nor ignored"),
        (XAI, r"\"2000\"", r"\"20000\"", "the data says otherwise"),
        (XAI, "Per million tokens", "Per thousand tokens", "the data says otherwise"),
        (XAI, "longContextThreshold", "threshold", "needs 'longContextThreshold'"),
        (XAI, "free until November 21, 2025", "free until we say so", "names no day"),
        (XAI_GROUPED, "Long context ≥ 200k tokens | 500k", "| 500k", "does not say from which"),
        (XAI_GROUPED, "Prices per 1M tokens", "Prices per 1K tokens", "on which the unit"),
        (
            XAI_GROUPED,
            "| Input | Cached | Output | Input |",
            "| Input | Output | Input |",
            "'Short context' is neither mapped",
        ),
        (XAI_GROUPED, "| 1.5K · Low | $0.05 / img |", "| $0.05 / img |", "has only 1 cells"),
        (XAI_MARKDOWN, "Cached input / 1M", "Written input / 1M", "neither mapped nor ignored"),
        (XAI_MARKDOWN, "$0.08 / min", "$0.08 / call", "name no meter"),
        (XAI_READER, "per million tokens", "per thousand tokens", "on which the unit"),
        (XAI_READER, "/ GiB / day", "/ GiB / month", "not understood"),
    ],
)
def test_a_page_that_says_it_otherwise_is_refused(page: str, old: str, new: str, why: str) -> None:
    with pytest.raises(NotRead, match=why) as refused:
        changed(page, old, new)
    assert refused.value.outcome is Outcome.PAGE_CHANGED


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        (XAI, "per 1,000 sources", "per source"),
        (XAI_READER, "Input$1.25 /", "Input$1.20 /"),
        (CEREBRAS, "<p>Buy elsewhere</p>", "<p>GPT OSS 20B: $0.10</p>"),
    ],
)
def test_an_amount_that_no_table_states_is_unclaimed(page: str, old: str, new: str) -> None:
    with pytest.raises(NotRead) as refused:
        changed(page, old, new)
    assert refused.value.outcome is Outcome.UNCLAIMED_PRICES


def test_a_unit_is_read_where_the_page_states_it() -> None:
    reading = changed(CEREBRAS, "$$0.35/M tokens", "$$0.35/K tokens")
    assert "350" in {str(price.amount) for price in reading.points}


def test_a_model_whose_clusters_differ_in_price_has_a_price_for_each_region() -> None:
    name = r"\"name\":\"grok-2-1212\",\"version\":\"1.0\",\"promptTextTokenPrice\":\"{}\""
    before, _, after = (PAGES / XAI).read_text("utf-8").rpartition(name.format(20000))
    reading = read(source_named("xai"), (before + name.format(30000) + after).encode())
    prices = {
        price.region: str(price.amount)
        for price in reading.points
        if (price.model, price.meter) == ("grok-2-1212", "input_tokens")
    }
    assert prices == {"us-east-1": "2", "eu-west-1": "3"}
