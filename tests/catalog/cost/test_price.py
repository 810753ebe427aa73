"""What a usage costs: by the price that held, its whole input, its hour and tier; or why not."""

import sys
from decimal import Decimal
from fractions import Fraction
from subprocess import run
from typing import Unpack

import pytest

from catalog.cost import Book, Cost, UsageError, Where, bundled, price
from catalog.identity import load
from catalog.moments import MomentError
from catalog.vocabulary import Meter, Precision, SourceKind
from tests.catalog.cost.rates import book, rate, surcharge

M = Meter
OPUS = "claude-opus-4-7"
USAGE: dict[str, object] = {"input_tokens": 1000, "output_tokens": 100}
PLAIN = book(rate("5"), rate("25", M.OUTPUT_TOKENS))


def cost(
    usage: dict[str, object] | None = None,
    at: str = "2026-01-02",
    *,
    of: Book = PLAIN,
    **where: Unpack[Where],
) -> Cost:
    return price(OPUS, usage or USAGE, at=at, book=of, **where)


def by_meter(priced: Cost) -> dict[str, str | None]:
    return {
        line.meter: None if line.amount is None else str(line.amount.normalize())
        for line in priced.lines
    }


def test_a_total_is_exact_and_says_by_which_price() -> None:
    priced = cost()
    assert priced.total == Decimal("0.0075")
    assert priced.currency == "USD"
    line = priced.lines[0]
    assert (line.meter, line.quantity, line.amount) == ("input_tokens", 1000, Decimal("0.005"))
    assert line.rate is not None
    assert (line.rate.proof.text, line.rate.proof.sha256) == ("$5 / MTok", "ab" * 32)
    assert priced.warnings == ()


def test_a_picodollar_per_million_tokens_is_not_lost() -> None:
    assert cost({"input_tokens": 1}, of=book(rate("0.000000000001"))).total == Decimal("1E-18")


def test_free_is_zero_and_unknown_is_not() -> None:
    assert cost(of=book(rate("0"), rate("0", M.OUTPUT_TOKENS))).total == 0
    missing = cost(of=book(rate("0")))
    assert missing.total is None
    assert missing.lines[1].reason == "no price of output_tokens is stated for this offer"


def test_a_model_nobody_knows_has_no_total_and_candidates() -> None:
    priced = price("claude-opus-99", USAGE, book=PLAIN)
    assert priced.total is None
    assert [line.reason for line in priced.lines] == [
        "no known model is called 'claude-opus-99'"
    ] * 2
    assert any("claude-opus" in name for name in priced.lines[0].candidates)


def test_a_model_nobody_knows_needs_no_decision_whose_usage_it_is() -> None:
    """The fields are those of OpenAI and of xAI, who count reasoning otherwise."""
    usage: dict[str, object] = {
        "prompt_tokens": 32,
        "completion_tokens": 9,
        "completion_tokens_details": {"reasoning_tokens": 6},
    }
    priced = price("gpt-99", usage)
    assert priced.total is None
    assert "no known model is called 'gpt-99'" in priced.lines[0].reason


def test_a_model_whose_maker_sells_none_names_who_does() -> None:
    priced = cost(of=book(rate("5", provider="bedrock", source="bedrock")))
    assert priced.total is None
    assert "name one of its providers: bedrock" in priced.lines[0].reason
    assert cost(
        {"input_tokens": 1000},
        of=book(rate("5", provider="bedrock", source="bedrock")),
        provider="bedrock",
    ).total == Decimal("0.005")


def test_the_price_in_force_at_the_moment_counts() -> None:
    of = book(
        rate("15"),
        rate("5", valid_from="2026-03-01", precision=Precision.EXACT),
        rate(None, valid_from="2026-06-01", precision=Precision.EXACT),
    )
    usage: dict[str, object] = {"input_tokens": 10**6}
    assert cost(usage, "2026-02-28T23:59:59Z", of=of).total == 15
    assert cost(usage, "2026-03-01", of=of).total == 5
    gone = cost(usage, "2026-06-01", of=of)
    assert gone.total is None
    assert gone.lines[0].reason == "its price is withdrawn since 2026-06-01"
    before = cost(usage, "2025-12-31", of=of)
    assert before.total is None
    assert before.lines[0].reason == (
        "first seen on 2026-01-01, at 15 USD per 1M tokens; what it was before is not known"
    )


def test_between_two_sightings_both_totals_are_given() -> None:
    of = book(
        rate("15"),
        rate("5", valid_from="2026-03-01", not_before="2026-02-01", precision=Precision.BETWEEN),
    )
    usage: dict[str, object] = {"input_tokens": 10**6}
    priced = cost(usage, "2026-02-15", of=of)
    assert priced.total == 15
    assert priced.other_total == 5
    assert list(priced.warnings) == [
        (
            "the price of input_tokens became 5 USD per 1M tokens after 2026-02-01 and by"
            " 2026-03-01: this was between; it is reckoned at 15 USD per 1M tokens"
        )
    ]
    assert cost(usage, "2026-02-01", of=of).other_total is None
    assert cost(usage, "2026-03-01", of=of).other_total is None


def test_a_price_not_seen_for_a_month_is_told_to_be_old() -> None:
    assert cost(at="2026-01-31").warnings == ()
    assert cost(at="2026-02-01").warnings == ("its price was last seen on 2026-01-01",)


LONG = book(
    rate("3"),
    rate("6", context_over=200_000),
    rate("15", M.OUTPUT_TOKENS),
    rate("22.5", M.OUTPUT_TOKENS, context_over=200_000),
    rate("0.3", M.CACHE_READ_TOKENS),
)


def test_context_dependent_prices_go_by_the_requests_whole_input() -> None:
    at_most: dict[str, object] = {
        "input_tokens": 1,
        "cache_read_input_tokens": 199_999,
        "output_tokens": 10,
    }
    over = at_most | {"cache_read_input_tokens": 200_000}
    assert by_meter(cost(at_most, of=LONG))["output_tokens"] == "0.00015"
    assert by_meter(cost(over, of=LONG)) == {
        "input_tokens": "0.000006",
        "output_tokens": "0.000225",
        "cache_read_tokens": "0.12",
    }


def test_a_long_context_price_not_yet_seen_is_not_replaced_by_the_short_one() -> None:
    of = book(rate("3"), rate("6", context_over=200_000, valid_from="2026-02-01"))
    priced = cost({"input_tokens": 300_000}, of=of)
    assert priced.total is None
    assert "first seen on 2026-02-01, at 6 USD" in priced.lines[0].reason


def test_a_long_context_price_that_was_withdrawn_leaves_the_plain_one() -> None:
    of = book(
        rate("3"),
        rate("6", context_over=200_000),
        rate(None, context_over=200_000, valid_from="2026-02-01"),
    )
    assert cost({"input_tokens": 10**6}, "2026-02-01", of=of).total == 3


def test_reasoning_has_the_price_of_output_unless_priced_apart() -> None:
    usage: dict[str, object] = {
        "prompt_tokens": 0,
        "completion_tokens": 100,
        "completion_tokens_details": {"reasoning_tokens": 60},
        "total_tokens": 100,
    }
    assert by_meter(cost(usage)) == {"output_tokens": "0.001", "reasoning_tokens": "0.0015"}
    apart = book(rate("5"), rate("25", M.OUTPUT_TOKENS), rate("50", M.REASONING_TOKENS))
    assert by_meter(cost(usage, of=apart))["reasoning_tokens"] == "0.003"


def test_cached_input_without_a_price_is_input_and_it_is_told() -> None:
    priced = cost({"input_tokens": 0, "cache_read_input_tokens": 1000})
    assert priced.total == Decimal("0.005")
    assert priced.warnings == (
        "cache_read_tokens: no price of cached input is stated: it is input",
    )


def test_cached_input_without_a_price_is_not_known_where_its_maker_says_that_it_costs_less() -> (
    None
):
    own: dict[str, object] = {"source": "xai", "provider": "xai"}
    of = book(others={"xai/grok-4": (rate("3", M.INPUT_TOKENS, **own),)})

    def total(cached: int) -> Decimal | None:
        usage = {"prompt_tokens": 10, "prompt_tokens_details": {"cached_tokens": cached}}
        return price("grok-4", usage, at="2026-01-02", book=of).total

    assert (total(0), total(5)) == (Decimal("0.00003"), None)


def test_an_hours_cache_write_is_never_priced_as_five_minutes() -> None:
    of = book(rate("5"), rate("6.25", M.CACHE_WRITE_TOKENS))
    usage: dict[str, object] = {
        "input_tokens": 0,
        "cache_creation": {"ephemeral_1h_input_tokens": 10},
    }
    assert cost(usage, of=of).total is None


def test_modalities_have_their_own_price_or_the_plain_one() -> None:
    usage: dict[str, object] = {
        "promptTokenCount": 100,
        "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 60}],
    }
    assert cost(usage).total == Decimal("0.0005")
    apart = book(rate("5"), rate("10", M.INPUT_AUDIO_TOKENS))
    assert cost(usage, of=apart).total == Decimal("0.0008")
    text = book(rate("4", M.INPUT_TEXT_TOKENS), rate("32", M.INPUT_AUDIO_TOKENS))
    assert by_meter(cost(usage, of=text)) == {
        "input_tokens": "0.00016",
        "input_audio_tokens": "0.00192",
    }


BATCH = book(
    rate("5"),
    rate("25", M.OUTPUT_TOKENS),
    rate("0.5", M.CACHE_READ_TOKENS),
    rate("2.5", tier="batch"),
    rate("12.5", M.OUTPUT_TOKENS, tier="batch"),
)


def test_what_is_not_told_by_modality_has_no_price_where_only_that_of_text_is_stated() -> None:
    """As OpenAI's image models: $10 for text that is written, $32 for images."""
    of = book(
        rate("5", M.INPUT_TEXT_TOKENS),
        rate("10", M.OUTPUT_TEXT_TOKENS),
        rate("32", M.OUTPUT_IMAGE_TOKENS),
    )
    usage: dict[str, object] = {"input_tokens": 0, "output_tokens": 4160}
    untold = cost(usage, of=of, format="openai-responses")
    assert untold.total is None
    assert "what of output_tokens is text is not told" in untold.lines[0].reason
    told = cost(usage | {"output_tokens_details": {"image_tokens": 4000}}, of=of)
    assert by_meter(told) == {"output_tokens": "0.0016", "output_image_tokens": "0.128"}


def test_the_tier_is_the_one_asked_for_else_the_one_the_usage_names() -> None:
    assert cost(of=BATCH, tier="Batch").total == Decimal("0.00375")
    assert cost(USAGE | {"service_tier": "batch"}, of=BATCH).total == Decimal("0.00375")
    other = cost(USAGE | {"service_tier": "batch"}, of=BATCH, tier="standard")
    assert other.total == Decimal("0.0075")
    assert other.warnings == ("the usage names the tier batch; priced is standard, as asked for",)
    nowhere = cost(of=BATCH, tier="flex")
    assert nowhere.total is None
    assert (
        nowhere.lines[0].reason == "no price in the tier flex is stated; stated are batch, standard"
    )
    assert nowhere.lines[0].candidates == ("batch", "standard")


def test_anthropics_batch_multiplies_with_its_cache_as_its_page_states() -> None:
    priced = cost({"input_tokens": 0, "cache_read_input_tokens": 10**6}, of=BATCH, tier="batch")
    line = priced.lines[0]
    assert priced.total == Decimal("0.25")
    assert line.factor == Fraction(1, 2)
    assert line.rule is not None
    assert "stack with other pricing modifiers" in str(line.rule)


def test_a_missing_cache_price_of_another_providers_batch_is_not_known() -> None:
    of = book(
        rate("5", provider="google", source="google"),
        rate("0.5", M.CACHE_READ_TOKENS, provider="google", source="google"),
        rate("2.5", tier="batch", provider="google", source="google"),
    )
    usage: dict[str, object] = {"input_tokens": 1, "cache_read_input_tokens": 10}
    assert cost(usage, of=of, provider="google", tier="batch").total is None


def test_a_regions_surcharge_is_a_line_of_its_own() -> None:
    us = surcharge(
        "1.1", source="anthropic", name="us-only inference", scope="Claude 4.6 and later"
    )
    of = Book(PLAIN.rates_of, load(), (us,))
    priced = cost(USAGE | {"inference_geo": "us"}, of=of)
    assert by_meter(priced) == {
        "input_tokens": "0.005",
        "output_tokens": "0.0025",
        "us-only inference": "0.00075",
    }
    assert priced.total == Decimal("0.00825")
    assert cost(of=of, region="us").total == Decimal("0.00825")
    assert cost(USAGE | {"inference_geo": "not_available"}, of=of).total == Decimal("0.0075")
    nowhere = cost(of=of, region="eu")
    assert nowhere.lines[0].reason == "no price in the region eu is stated; stated are global"


def test_a_surcharge_that_names_its_models_is_not_charged_on_guesses() -> None:
    named = surcharge(
        "1.1", source="openai", name="regional processing", scope="gpt-5.4, and gpt-5.4-pro"
    )
    rates = (rate("10", provider="openai", source="openai"),)
    models = {f"openai/{name}": rates for name in ("gpt-5.4", "gpt-5.5", "gpt-4o")}
    of = Book(lambda model: models.get(model, ()), load(), (named,))

    def total(model: str, region: str = "eu") -> Decimal | None:
        usage: dict[str, object] = {"prompt_tokens": 10**6}
        return price(model, usage, at="2026-01-02", region=region, book=of).total

    assert total("gpt-5.4") == 11
    assert total("gpt-5.4", "mars") is None
    assert total("gpt-4o") == 10
    assert total("gpt-5.5") is None


def test_searches_are_priced_by_their_tool() -> None:
    of = book(rate("5"), others={"anthropic/web-search": (rate("10", M.SEARCHES),)})
    priced = cost(
        {"input_tokens": 0, "output_tokens": 0, "server_tool_use": {"web_search_requests": 3}},
        of=of,
    )
    assert by_meter(priced) == {"searches": "0.03"}


def test_a_number_nobody_knows_leaves_no_total() -> None:
    priced = cost({"prompt_tokens": 10, "num_sources_used": 4})
    assert priced.total is None
    assert priced.lines[-1].reason == "a usage of the format openai-chat has no such field"


def test_the_hour_chooses_the_window_and_no_hour_the_dearest() -> None:
    of = book(rate("2", window="00:30-16:30 UTC"), rate("1", window="16:30-00:30 UTC"))
    usage: dict[str, object] = {"input_tokens": 10**6}
    assert cost(usage, "2026-01-02T16:29:59Z", of=of).total == 2
    assert cost(usage, "2026-01-02T16:30:00Z", of=of).total == 1
    assert cost(usage, "2026-01-03T00:29:59Z", of=of).total == 1
    named = book(rate("2", window="peak"), rate("1", window="off-peak"))
    priced = cost(usage, of=named)
    assert priced.total == 2
    assert "which window holds is not told; the dearest is taken: peak" in priced.warnings[0]


def test_a_weekday_window_holds_beside_the_plain_price() -> None:
    of = book(rate("2"), rate("1", window="Mon-Fri 01:00-04:00 UTC"))
    usage: dict[str, object] = {"input_tokens": 10**6}
    assert cost(usage, "2026-01-02T02:00:00Z", of=of).total == 1
    assert cost(usage, "2026-01-03T02:00:00Z", of=of).total == 2


def test_a_variant_is_chosen_by_what_the_usage_says() -> None:
    of = book(
        rate("1"),
        rate("2", M.OUTPUT_TOKENS, variant="non-thinking"),
        rate("8", M.OUTPUT_TOKENS, variant="thinking"),
        rate("90", M.OUTPUT_TOKENS, variant="fine-tuned"),
    )
    usage: dict[str, object] = {
        "prompt_tokens": 0,
        "completion_tokens": 10**6,
        "total_tokens": 10**6,
    }
    thought = usage | {"completion_tokens_details": {"reasoning_tokens": 5}}
    at_once = usage | {"completion_tokens_details": {"reasoning_tokens": 0}}
    assert cost(thought, of=of).total == 8
    assert cost(at_once, of=of).total == 2
    untold = cost(usage, of=of)
    assert untold.total == 8
    assert "which variant holds is not told; the dearest is taken: thinking" in untold.warnings[0]


def test_the_currency_that_prices_all_of_it_is_taken_dollars_first() -> None:
    of = book(rate("5"), rate("36", currency="CNY"), rate("180", M.OUTPUT_TOKENS, currency="CNY"))
    assert cost({"input_tokens": 10**6}, of=of).currency == "USD"
    both = cost({"input_tokens": 10**6, "output_tokens": 10**6}, of=of)
    assert both.total == 216
    assert both.currency == "CNY"


def test_a_catalogs_word_is_taken_only_where_no_seller_speaks_and_is_told() -> None:
    hearsay = rate("9", provider="bedrock", source="litellm", kind=SourceKind.CATALOG)
    usage: dict[str, object] = {"input_tokens": 10**6}
    alone = cost(usage, of=book(hearsay), provider="bedrock")
    assert alone.total == 9
    assert alone.warnings == ("litellm says what bedrock charges; no price list of its own",)
    own = rate("5", provider="bedrock", source="bedrock")
    assert cost(usage, of=book(hearsay, own), provider="bedrock").total == 5


def test_a_gateways_usage_at_the_makers_own_price_is_told() -> None:
    usage: dict[str, object] = {"inputTokens": 1000, "outputTokens": 100}
    told = "the usage is as bedrock returns it; priced is anthropic's own offer"
    assert cost(usage).warnings == (told,)


def test_wrong_questions_are_refused() -> None:
    with pytest.raises(MomentError, match="names no time zone"):
        cost(at="2026-01-02T10:00:00")
    with pytest.raises(UsageError, match="no format of usage"):
        cost(format="cohere")


def test_pricing_in_process_needs_no_database_and_no_web_framework() -> None:
    code = (
        "import sys; from catalog.cost import price;"
        "print(price('gpt-4o', {'prompt_tokens': 1000000}, at='2026-09-05').total == 2.5,"
        "sorted({'sqlalchemy', 'fastapi', 'scrapy', 'httpx'} & sys.modules.keys()))"
    )
    done = run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 our own interpreter
    assert done.stdout == "True []\n"


def test_the_bundled_book_proves_what_it_says() -> None:
    priced = price("claude-opus-4-7", USAGE, at="2026-08-08", book=bundled())
    assert priced.total == Decimal("0.0075")
    proofs = [line.rate.proof for line in priced.lines if line.rate]
    assert all(proof.url.startswith("https://") and proof.sha256 for proof in proofs)


def test_a_moving_name_is_priced_as_what_it_pointed_at_that_day() -> None:
    usage: dict[str, object] = {"input_tokens": 1_000_000}
    known = price("~anthropic/claude-opus-latest", usage, at="2026-08-25")
    assert (known.offer.sold.model, known.total) == ("anthropic/claude-opus-5", Decimal(5))
    unknown = price("~anthropic/claude-opus-latest", usage, at="2026-08-20")
    assert unknown.total is None
    assert unknown.lines[0].reason == (
        "nobody states what '~anthropic/claude-opus-latest' meant on 2026-08-20"
    )
    assert unknown.lines[0].candidates == ("anthropic/claude-opus-5",)
