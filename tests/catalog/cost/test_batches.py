"""A batch price stated as a factor holds for the models and regions that the page names."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.cost import Cost, price
from catalog.cost.batches import Where, stated_batches
from catalog.cost.rules import Multiplier
from catalog.identity import Identity, load

PAGE = "https://help.aliyun.com/zh/model-studio/model-pricing"
SEEN = datetime(2026, 8, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def identity() -> Identity:
    return load()


def halved(source: str, scope: str) -> Multiplier:
    return Multiplier(source, "batch", Decimal("0.5"), scope, SEEN, PAGE, "Batch调用半价")


@pytest.mark.parametrize(
    ("scope", "model", "region"),
    [
        ("qwen3.7-plus, 华北2（北京）", "qwen/qwen3.7-plus", "cn-beijing"),
        ("qwen-flash, 新加坡", "qwen/qwen-flash", "singapore"),
        ("qwen-flash, 美国（弗吉尼亚）", "qwen/qwen-flash", "us (virginia)"),
        ("qwen-flash, 德国（法兰克福）", "qwen/qwen-flash", "germany (frankfurt)"),
    ],
)
def test_alibabas_half_price_holds_where_its_page_says_so(
    identity: Identity, scope: str, model: str, region: str
) -> None:
    stated = halved("qwen", scope)
    assert stated_batches([stated], "qwen", Where(model, region, identity)) == (stated,)


@pytest.mark.parametrize(
    ("source", "scope"),
    [
        ("qwen", "qwen3.7-plus, 新加坡"),
        ("qwen", "qwen3.7-max, 华北2（北京）"),
        ("qwen", "qwen3.7-plus"),
        ("vertex", "qwen3.7-plus, 华北2（北京）"),
    ],
)
def test_it_holds_for_nothing_else(identity: Identity, source: str, scope: str) -> None:
    where = Where("qwen/qwen3.7-plus", "cn-beijing", identity)
    assert stated_batches([halved(source, scope)], "qwen", where) == ()


def test_a_seller_without_a_declared_rule_has_no_batch_by_a_factor(identity: Identity) -> None:
    where = Where("google/gemini-3-pro", "global", identity)
    assert stated_batches([halved("google", "Batch API")], "google", where) == ()


def batch_of_qwen3_max(cached: int = 0, at: str = "2026-09-01") -> Cost:
    """10,000 tokens at 2.5 yuan per 1M, which Alibaba's page says a batch halves."""
    usage = {"prompt_tokens": 10_000, "prompt_tokens_details": {"cached_tokens": cached}}
    return price("qwen3-max", usage, at=at, tier="batch")


def test_a_usage_in_such_a_batch_costs_the_standard_price_times_the_factor() -> None:
    cost = batch_of_qwen3_max()
    assert [(str(line.meter), line.amount) for line in cost.lines] == [
        ("input_tokens", Decimal("0.025")),
        ("batch", Decimal("-0.0125")),
    ]
    assert (cost.total, cost.currency, cost.offer.tier) == (Decimal("0.0125"), "CNY", "batch")
    assert "Batch调用半价" in str(cost.lines[1].rule)


def test_what_cached_tokens_cost_in_it_is_not_known() -> None:
    assert batch_of_qwen3_max(cached=5).total is None


def test_before_the_factor_was_stated_it_is_not_known() -> None:
    cost = batch_of_qwen3_max(at="2026-08-01")
    assert cost.total is None
    assert cost.lines[-1].reason == "no price of batches is known to be stated by 2026-08-01"
