"""Kimi's, MiniMax's and Tencent's pages: what changes on them is read as it stands, or refused."""

import pytest

from catalog.reading import NotRead, Reading
from catalog.vocabulary import Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

BATCH = "moonshot/2026-08-20-en-batch.md"
KIMI = "moonshot/2026-08-20-en-k3.md"
SITE = "minimax/2026-07-20-site.html"
DOCS = "minimax/2026-08-20-docs.md"
CHINA = "tencent/2026-08-10-china.html"
SELECTED = 'aria-selected="true"'


def reading(page: str, *changes: tuple[str, str]) -> Reading:
    """Read a page of ours in which each first text stands as the second instead."""
    text = (PAGES / page).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read(source_named(page.split("/", 1)[0]), text.encode())


def test_the_tab_that_is_selected_says_the_tier() -> None:
    turned = reading(
        SITE,
        (SELECTED, "was-selected"),
        ('aria-selected="false"', SELECTED),
    )
    tiers = {price.model: price.tier for price in turned.points}
    assert tiers["MiniMax-M3"] == "priority"
    assert tiers["MiniMax-M2.7"] == "standard"


def test_a_promotion_keeps_the_struck_price_beside_the_one_in_force() -> None:
    price = reading(SITE).points[0]
    assert (str(price.amount), str(price.list_amount)) == ("2.1", "4.2")


@pytest.mark.parametrize("family", ["k3", "k25", "k26", "k27-code", "v1"])
def test_each_familys_page_is_a_form_of_its_own(family: str) -> None:
    assert reading(f"moonshot/2026-08-20-en-{family}.md").form == f"en-{family}"


def test_a_models_last_day_is_a_fact() -> None:
    facts = {(fact.model, fact.name): fact.value for fact in reading(CHINA).facts}
    assert facts["Hy3 preview", "retired_on"] == "2026-08-31"
    assert facts["MiniMax-M2.5", "retired_on"] == "2026-08-07"


def test_a_row_of_equal_prices_is_no_note() -> None:
    equal = reading(CHINA, (">1.2<", ">3.5<"))
    vita = [str(price.amount) for price in equal.points if price.model == "YT-VITA"]
    assert vita == ["3.5", "3.5"]


@pytest.mark.parametrize(
    ("page", "change", "says"),
    [
        (BATCH, ("kimi-k2.6 (Batch)", "kimi-k2.6"), "not marked as batch"),
        (KIMI, ("Context Window", "Peak Price"), "'Peak Price' is neither mapped nor ignored"),
        (KIMI, ("1M tokens", "1M steps"), "names no unit"),
        (KIMI, ('{"$"}3.00', '{"₿"}3.00'), "3.00"),
        (SITE, ("标准", "批量"), "'批量' is neither mapped nor ignored"),
        (SITE, ("永久五折", "首月五折"), "首月五折"),
        (SITE, ("缓存写入", "缓存写入 1 小时"), "neither mapped nor ignored"),
        (DOCS, ('title="Priority*"', 'title="Turbo"'), "'Turbo' is neither mapped nor ignored"),
        (DOCS, ("> 512k input tokens", "> 512k frames"), "no prompt length"),
        (CHINA, ("广州", "月球"), "'月球' is neither mapped nor ignored"),
        (CHINA, ('class="tse-tabs__item-label">广州', ">广州"), "2 panels of the tabs 新加坡"),
        (CHINA, ("批量任务场景", "定时任务场景"), "6 amounts are neither read"),
        (CHINA, ("文本输入", "语音输入"), "'语音输入' is neither mapped nor ignored"),
        (CHINA, ("输入长度 32k+", "输出长度 32k+"), "no prompt length"),
    ],
)
def test_what_is_not_known_is_refused_by_name(
    page: str, change: tuple[str, str], says: str
) -> None:
    with pytest.raises(NotRead) as refused:
        reading(page, change)
    assert refused.value.outcome in (Outcome.PAGE_CHANGED, Outcome.UNCLAIMED_PRICES)
    assert says in refused.value.detail
