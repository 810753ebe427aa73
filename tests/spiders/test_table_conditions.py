"""What headings, cells and markup of wide documentation pages say of the prices beside them."""

from decimal import Decimal

import pytest

from catalog.reading import NotRead, PricePoint
from catalog.vocabulary import Meter, Unit
from spiders.columns import Role
from spiders.names import read_id
from spiders.page import Page, Shape
from spiders.price_table import Condition, Model, Price, PriceTable
from spiders.quotes import QuoteError, Setting, read_quotes, whole
from spiders.sentence import Multiplier
from spiders.terms import Terms

YUAN = Setting("CNY", whole(Unit.MILLION_TOKENS))
PER_MILLION = Terms(unit=Unit.MILLION_TOKENS, currency="CNY")
COLUMNS: dict[str, Role] = {
    "模型": Model(),
    "输入": Price(Meter.INPUT_TOKENS, absent=("已下线.*",)),
}
REGIONS = {".*北京.*": Terms(region="cn-beijing"), "新加坡": Terms(region="singapore")}


def table(price: str = "2元") -> str:
    return f"<table><tr><th>模型<th>输入</tr><tr><td>qwen-max<td>{price}</tr></table>"


def read(declared: PriceTable, html: str) -> tuple[PricePoint, ...]:
    return declared.read(Page.of(f"<html>{html}</html>".encode())).points


def headings_of(html: str, *, sections: bool) -> list[tuple[str, ...]]:
    page = Page.of(f"<html>{html}</html>".encode()).shaped(Shape(sections=sections))
    return [grid.headings for grid in page.grids]


def test_a_region_is_read_from_whichever_heading_names_it() -> None:
    declared = PriceTable(None, COLUMNS, terms=PER_MILLION, headings=REGIONS)
    (price,) = read(declared, f"<h3>华北2（北京）</h3><h4>更多模型</h4>{table()}")
    assert (price.region, price.amount) == ("cn-beijing", Decimal(2))


def test_the_innermost_of_two_such_headings_counts() -> None:
    declared = PriceTable(None, COLUMNS, terms=PER_MILLION, headings=REGIONS)
    (price,) = read(declared, f"<h2>北京</h2><h3>新加坡</h3>{table()}")
    assert price.region == "singapore"


def test_a_table_under_no_known_region_is_refused() -> None:
    declared = PriceTable(None, COLUMNS, terms=PER_MILLION, headings=REGIONS)
    with pytest.raises(NotRead, match="'火星' is neither mapped nor ignored"):
        read(declared, f"<h2>火星</h2>{table()}")


def test_variants_of_several_places_add_up() -> None:
    tuned = Terms(variant="fine-tuned")
    assert tuned.under(Terms(variant="thinking")).variant == "fine-tuned, thinking"


def test_a_closer_variant_takes_the_place_of_the_one_it_repeats() -> None:
    shared = Terms(variant="fine-tuned with data sharing")
    assert Terms(variant="fine-tuned").under(shared).variant == "fine-tuned with data sharing"


def test_a_cell_that_says_in_words_that_there_is_no_price_has_none() -> None:
    declared = PriceTable(None, COLUMNS, terms=PER_MILLION)
    assert read(declared, table("已下线<br>推荐使用其他模型")) == ()


def test_a_condition_is_read_by_its_own_function_or_refused() -> None:
    def of_length(text: str) -> Terms | None:
        return Terms(variant="output > 200 tokens") if text == "长" else None

    declared = PriceTable(None, {**COLUMNS, "条件": Condition(of_length)}, terms=PER_MILLION)
    rows = "<tr><th>模型<th>输入<th>条件</tr><tr><td>a<td>2元<td>{}</tr>"
    (price,) = read(declared, f"<table>{rows.format('长')}</table>")
    assert price.variant == "output > 200 tokens"
    with pytest.raises(NotRead, match="'短' is no known condition"):
        read(declared, f"<table>{rows.format('短')}</table>")


def test_a_table_may_be_known_by_a_column_that_has_several_roles() -> None:
    columns: dict[str, Role] = {"模型": Model(), "输入": Price(Meter.INPUT_TOKENS, optional=True)}
    declared = PriceTable(None, columns, terms=PER_MILLION, has="输入.*")
    images = "<table><tr><th>模型<th>每张</tr><tr><td>image<td>1元</tr></table>"
    assert [price.model for price in read(declared, images + table())] == ["qwen-max"]


@pytest.mark.parametrize(
    "cell", ["wan3.0-video", "wan3.0-video 邀测中", "wan3.0-video（2026-08-31 下线）"]
)
def test_an_api_id_is_read_without_the_badge_behind_it(cell: str) -> None:
    assert read_id(cell).names == ("wan3.0-video",)


@pytest.mark.parametrize("cell", ["wan3.0-video 夜间", "按量付费", ""])
def test_other_words_beside_an_api_id_are_refused(cell: str) -> None:
    with pytest.raises(NotRead, match="is no API id"):
        read_id(cell)


def test_headings_hold_to_the_end_of_their_section_whatever_their_levels() -> None:
    html = (
        "<section><h3>TTS</h3><section><h4>北京</h4><section><h4>Flash</h4>"
        f"{table()}</section><section><h4>VC</h4>{table()}</section></section></section>"
    )
    assert headings_of(html, sections=True) == [("TTS", "北京", "Flash"), ("TTS", "北京", "VC")]
    assert headings_of(html, sections=False) == [("TTS", "Flash"), ("TTS", "VC")]


def test_a_heading_may_be_a_class_of_a_div() -> None:
    heading = '<div class="ace-line heading-h{}">{}</div>'
    html = heading.format(1, "大语言模型") + heading.format(2, "批量推理")
    assert headings_of(html + table(), sections=False) == [("大语言模型", "批量推理")]


def test_placeholders_of_spanned_cells_fill_no_column() -> None:
    html = (
        '<table><tr><th rowspan="2">模型<th colspan="2">价格<th colspan="0"></tr>'
        '<tr><th rowspan="0"><th>输入<th>输出</tr><tr><td>a<td>1元<td>2元</tr></table>'
    )
    (grid,) = Page.of(f"<html>{html}</html>".encode()).grids
    assert grid.columns == ("模型", "价格 / 输入", "价格 / 输出")


def test_a_discount_is_computed_from_the_regular_price_beside_it() -> None:
    (quote,) = read_quotes("原价18.736元 限时5折", YUAN)
    assert (quote.amount, quote.list_amount) == (Decimal("9.368"), Decimal("18.736"))
    assert quote.written == "18.736"


@pytest.mark.parametrize("cell", ["12元 限时5折", "原价12元", "原价12元 原价14元 限时5折"])
def test_a_discount_or_a_regular_price_alone_is_refused(cell: str) -> None:
    with pytest.raises(QuoteError):
        read_quotes(cell, YUAN)


def test_what_is_not_supported_for_now_has_no_price() -> None:
    assert read_quotes("暂不支持", YUAN) == ()


def test_a_share_of_the_price_is_a_factor_below_one() -> None:
    said = Multiplier("cache", r"(?P<scope>缓存)命中按 (?P<share>[\d.]+%) 计费")
    page = Page.of("<html><p>缓存命中按 10% 计费</p></html>".encode())
    (adjustment,) = said.read(page).adjustments
    assert (adjustment.factor, adjustment.scope) == (Decimal("0.1"), "缓存")
