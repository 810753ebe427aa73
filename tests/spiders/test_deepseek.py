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
