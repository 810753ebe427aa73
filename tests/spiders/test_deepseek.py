"""DeepSeek's table: models in columns, prices by cache and by peak, in two currencies."""

from collections.abc import Callable

import pytest

from catalog.reading import NotRead, Reading
from catalog.vocabulary import Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

CHINESE = (PAGES / "deepseek/2026-07-17-zh-cn.html").read_text("utf-8")
ENGLISH = (PAGES / "deepseek/2026-08-20-en.html").read_text("utf-8")


def reading(page: str) -> Reading:
    return read(source_named("deepseek"), page.encode())


def test_carriage_returns_and_trailing_nuls_change_nothing() -> None:
    body = CHINESE.replace("\n", "\r\n").encode() + b"\0" * 64
    assert read(source_named("deepseek"), body) == reading(CHINESE)


def test_context_and_output_limits_are_facts_of_each_model() -> None:
    assert [f"{f.model} {f.name} {f.value}" for f in reading(ENGLISH).facts] == [
        "deepseek-v4-flash context_tokens 1000000",
        "deepseek-v4-flash max_output_tokens 384000",
        "deepseek-v4-pro context_tokens 1000000",
        "deepseek-v4-pro max_output_tokens 384000",
    ]


def test_hours_beside_a_price_are_its_window() -> None:
    page = ENGLISH.replace("<td>PEAK</td>", "<td>01:00-04:00</td>")
    windows = {price.window for price in reading(page).points}
    assert windows == {"off-peak", "01:00-04:00 UTC"}


def test_another_unit_is_read_as_it_stands() -> None:
    page = CHINESE.replace("百万tokens输出", "千tokens输出")
    assert [str(p.amount) for p in reading(page).points if p.meter == "output_tokens"] == [
        "2000",
        "6000",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.replace("1M OUTPUT TOKENS", "1M REPLY TOKENS"),
        lambda page: page.replace("(CACHE MISS)", "(CACHE MAYBE)"),
        lambda page: page.replace("<td>PEAK</td>", "<td>HOLIDAYS</td>"),
        lambda page: page.replace("$0.22", "$0,22"),
        lambda page: page.replace("Concurrency Limit", "Surcharge"),
        lambda page: page.replace('<td colspan="3" style="text-align:center">MODEL</td>', "<td>"),
        lambda page: page[: page.index("<tr><td>PEAK</td><td>$1.32</td>")],
    ],
)
def test_a_change_that_nobody_declared_is_refused(change: Callable[[str], str]) -> None:
    assert change(ENGLISH) != ENGLISH
    with pytest.raises(NotRead) as refusal:
        reading(change(ENGLISH))
    assert refusal.value.outcome is Outcome.PAGE_CHANGED


DISCOUNTS = (PAGES / "deepseek/2025-03-10-en.html").read_text("utf-8")
CHANGE = (PAGES / "deepseek/2025-08-25-en.html").read_text("utf-8")
ANNOUNCED = (PAGES / "deepseek/2026-08-14-en.html").read_text("utf-8")
MARKDOWN = (PAGES / "deepseek/2026-09-10-en-markdown.md").read_text("utf-8")


def test_hours_in_beijing_are_hours_in_utc() -> None:
    page = DISCOUNTS.replace("UTC 00:30-16:30", "北京时间 08:30-00:30")
    page = page.replace("UTC 16:30-00:30", "北京时间 00:30-08:30")
    windows = [price.window for price in reading(page).points]
    assert windows == [price.window for price in reading(DISCOUNTS).points]
    assert set(windows) == {"00:30-16:30 UTC", "16:30-00:30 UTC"}


def test_announced_prices_start_and_old_ones_end_on_the_day_that_is_said_above_them() -> None:
    ends = {(str(p.valid_from), str(p.valid_to), bool(p.window)) for p in reading(CHANGE).points}
    assert ends == {("2025-09-05", "None", False), ("None", "2025-09-05", True)}
    starts = {(str(p.valid_from), bool(p.window)) for p in reading(ANNOUNCED).points}
    assert starts == {("None", False), ("2026-08-16", True)}


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.replace("The new prices take effect", "The prices"),
        lambda page: page.replace("August 16, 2026", "some day"),
    ],
)
def test_two_tables_without_a_day_between_them_are_refused(change: Callable[[str], str]) -> None:
    assert change(ANNOUNCED) != ANNOUNCED
    with pytest.raises(NotRead) as refusal:
        reading(change(ANNOUNCED))
    assert refusal.value.outcome is Outcome.PAGE_CHANGED


def test_a_row_of_markdown_that_lacks_a_model_s_price_is_refused() -> None:
    page = MARKDOWN.replace("| PEAK | $0.014 | $0.044 | $0.014 |", "| PEAK | $0.014 | $0.044 |")
    assert page != MARKDOWN
    with pytest.raises(NotRead, match="some are merged"):
        reading(page)


def test_a_new_row_of_words_is_no_price() -> None:
    row = "<tr><td colspan='3'>VISION</td><td>✓</td><td>✗</td></tr>"
    page = ENGLISH.replace('<tr><td rowspan="2">FEATURES', f'{row}<tr><td rowspan="2">FEATURES')
    assert page != ENGLISH
    assert reading(page) == reading(ENGLISH)


def test_a_new_row_of_prices_is_refused() -> None:
    row = "<tr><td colspan='3'>1M REASONING TOKENS</td><td>$1</td><td>$2</td></tr>"
    page = ENGLISH.replace('<tr><td rowspan="2">FEATURES', f'{row}<tr><td rowspan="2">FEATURES')
    with pytest.raises(NotRead):
        reading(page)
