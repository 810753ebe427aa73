"""Other people's catalogs: names made of parts, dated and hourly prices, and what is refused."""

from decimal import Decimal

import pytest

from catalog.current.lifecycle import NAMES
from catalog.reading import NotRead, Reading
from catalog.vocabulary import Meter, Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

LITELLM = source_named("litellm")
MAP = (PAGES / "litellm/2026-09-20-map.json").read_text("utf-8")
MODELS_DEV = source_named("models-dev")
PROVIDERS = (PAGES / "models-dev/2026-03-01-providers.json").read_text("utf-8")
GENAI_PRICES = source_named("genai-prices")
DATED = (PAGES / "genai-prices/2026-08-21-providers.json").read_text("utf-8")


def litellm(old: str = "", new: str = "") -> Reading:
    assert old in MAP
    return read(LITELLM, MAP.replace(old, new).encode())


def refused(source: str, page: str) -> NotRead:
    with pytest.raises(NotRead) as refusal:
        read(source_named(source), page.encode())
    assert refusal.value.outcome is Outcome.PAGE_CHANGED
    return refusal.value


def test_litellm_has_a_new_threshold_and_tier_read_by_the_parts_of_its_name() -> None:
    reading = litellm("_above_512k_tokens", "_above_2m_tokens_flex")
    found = {
        (p.meter, p.tier, p.context_over): p.amount
        for p in reading.points
        if p.model == "minimax/MiniMax-M3"
    }
    assert found[Meter.INPUT_TOKENS, "flex", 2_000_000] == Decimal("0.6")


def test_litellm_has_tiers_named_later_and_reads_of_an_explicit_cache() -> None:
    added = (
        '"input_cost_per_token_balanced": 2e-06, "input_cost_per_token_ultrafast": 6e-05,'
        ' "explicit_cache_read_input_token_cost": 2.5e-07,'
        ' "off_peak_pricing": {"input_cost_per_token": 1e-06, "windows": []},'
        ' "max_input_tokens": 256000.0'
    )
    reading = litellm('"max_input_tokens": 256000.0', added)
    found = {
        (point.tier, point.meter, point.variant): point.amount
        for point in reading.points
        if point.model == "openrouter/qwen/noise"
    }
    assert found == {
        ("standard", "input_tokens", ""): Decimal("2.6"),
        ("standard", "output_tokens", ""): 0,
        ("balanced", "input_tokens", ""): 2,
        ("ultrafast", "input_tokens", ""): 60,
        ("standard", "cache_read_tokens", "from an explicit cache"): Decimal("0.25"),
    }


@pytest.mark.parametrize(
    "name",
    [
        "input_cost_per_token_turbo",
        "input_cost_per_token_flex_priority",
        "input_cost_per_token_above_128k_tokens_above_200k_tokens",
        "input_cost_per_smell_token",
        "input_cost_per_1k_tokens",
        "input_rate_per_token",
        "input_usd",
        "cache_read_token_cost",
    ],
)
def test_litellm_is_refused_for_a_name_that_could_be_a_price_of_tokens(name: str) -> None:
    page = MAP.replace('"input_cost_per_token": 2e-08', f'"{name}": 2e-08')
    assert name in refused("litellm", page).detail


def test_litellm_is_refused_for_a_threshold_within_a_range() -> None:
    page = MAP.replace('"input_cost_per_token": 5e-07', '"input_cost_per_token_above_9k_tokens": 1')
    assert (
        "tiered_pricing[].input_cost_per_token_above_9k_tokens" in refused("litellm", page).detail
    )


@pytest.mark.parametrize(
    "name",
    ["output_cost_per_minute_4k", "input_cost_per_image_above_10k_tokens", "tool_cost_per_query"],
)
def test_litellm_may_price_new_things_by_another_measure_than_tokens(name: str) -> None:
    page = litellm('"input_cost_per_pixel"', f'"{name}"')
    assert len(page.points) == len(litellm().points)


def test_litellm_says_zero_where_nothing_is_sold_by_the_token() -> None:
    reading = litellm()
    reranker = [p.meter for p in reading.points if p.model.endswith("rerank-v3-english")]
    assert reranker == [Meter.REQUESTS]
    assert [p.amount for p in reading.points if p.model == "openrouter/qwen/noise"] == [
        Decimal("2.6"),
        Decimal(0),
    ]


def test_litellm_reads_no_sample_and_no_rule_as_a_model() -> None:
    models = {p.model for p in litellm().points}
    assert not models & {"sample_spec", "fallback_generalizations"}


def test_models_dev_reads_tiers_instead_of_the_older_form_beside_them() -> None:
    reading = read(MODELS_DEV, PROVIDERS.encode())
    assert {p.context_over for p in reading.points if p.model == "gpt-5.5"} == {0, 272000}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"type": "context"', '"type": "weekday"', "a tier is by 'weekday'"),
        ('"fast"', '"slow"', "experimental.modes.slow.cost.input"),
        ('"cache_read": 0.3', '"cache_half": 0.3', "cost.cache_half"),
        ('"context_over_200k"', '"context_under_200k"', "cost.context_under_200k"),
    ],
)
def test_models_dev_is_refused_for_an_unknown_field_of_a_cost(
    old: str, new: str, said: str
) -> None:
    assert old in PROVIDERS
    assert said in refused("models-dev", PROVIDERS.replace(old, new)).detail


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"start_date": "2026-07-30"', '"weekday": "monday"', "say when each holds"),
        ('"start_time": "00:30:00Z"', '"start_time": "00:30:00+01:00"', "no time of day in UTC"),
        ('"output_video_mtok"', '"output_smell_mtok"', "prices.output_smell_mtok"),
    ],
)
def test_genai_prices_is_refused_for_a_condition_or_meter_that_is_unknown(
    old: str, new: str, said: str
) -> None:
    assert old in DATED
    assert said in refused("genai-prices", DATED.replace(old, new)).detail


def test_genai_prices_ends_a_price_where_the_next_one_starts() -> None:
    points = read(GENAI_PRICES, DATED.encode()).points
    dated = [(p.amount, str(p.valid_from), str(p.valid_to)) for p in points if p.model == "o3"]
    assert dated[0] == (Decimal(10), "None", "2025-06-10")
    assert dated[3] == (Decimal(2), "2025-06-10", "None")


def test_llm_prices_reads_a_threshold_off_a_models_name() -> None:
    page = (PAGES / "llm-prices/2026-08-05-openai.json").read_bytes()
    points = read(source_named("llm-prices"), page).points
    assert {p.context_over for p in points if p.model == "gpt-5.6-luna-272k"} == {272000}
    assert {p.context_over for p in points if p.model == "gpt-5.6-luna"} == {0}


@pytest.mark.parametrize("name", ["litellm", "models-dev", "genai-prices", "llm-prices"])
def test_what_a_catalog_says_of_a_models_end_ends_no_model(name: str) -> None:
    pages = [p for p in (PAGES / name).iterdir() if p.suffix == ".json"]
    stated = {f.name for p in pages for f in read(source_named(name), p.read_bytes()).facts}
    assert not stated & set(NAMES)
