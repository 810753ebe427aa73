"""A batch price stated as a factor holds for the models and regions that the page names."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.cost.rules import Multiplier
from catalog.estimating.batches import Where, stated_batch
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
    assert stated_batch([stated], "qwen", Where(model, region, identity)) == stated


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
    assert stated_batch([halved(source, scope)], "qwen", where) is None


def test_a_seller_without_a_declared_rule_has_no_batch_by_a_factor(identity: Identity) -> None:
    where = Where("google/gemini-3-pro", "global", identity)
    assert stated_batch([halved("google", "Batch API")], "google", where) is None
