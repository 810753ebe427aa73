"""What headings, cells and markup of wide documentation pages say of the prices beside them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog.reading import NotRead, PricePoint
from catalog.vocabulary import Meter, Unit
from spiders.columns import Role
from spiders.measures import QuoteError, whole
from spiders.names import read_bounded_names, read_id
from spiders.page import Page, Shape
from spiders.price_table import Choice, Condition, Model, Price, PriceTable, States
from spiders.quotes import Setting, read_quotes
from spiders.sentence import Multiplier
from spiders.table_reading import TableReading
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


LENGTHS: dict[str, Role] = {
    "Model": Model(read=read_bounded_names),
    "Input": Price(Meter.INPUT_TOKENS),
    "Long input": Price(Meter.INPUT_TOKENS, long=True),
}
PER_MILLION_USD = Terms(unit=Unit.MILLION_TOKENS, currency="USD")


def rows_of(heading: str, *rows: str) -> str:
    """Write a table, its cells apart by bars."""
    cells = ("".join(f"<td>{cell}" for cell in row.split("|")) for row in (heading, *rows))
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def test_prices_of_long_prompts_hold_from_the_length_that_their_row_names() -> None:
    page = rows_of("Model|Input|Long input", "grok (≥ 200k tokens)|$1|$2")
    prices = read(PriceTable(None, LENGTHS, terms=PER_MILLION_USD), page)
    assert [(p.context_over, p.amount) for p in prices] == [(0, Decimal(1)), (200_000, Decimal(2))]
    assert prices[1].evidence == "grok (≥ 200k tokens) | Long input: $2"


def test_a_price_of_long_prompts_is_refused_where_nothing_says_how_long() -> None:
    page = rows_of("Model|Input|Long input", "grok|$1|$2")
    with pytest.raises(NotRead, match="from which length a prompt is long"):
        read(PriceTable(None, LENGTHS, terms=PER_MILLION_USD), page)


def test_a_row_of_one_length_may_leave_the_long_price_out() -> None:
    page = rows_of("Model|Input|Long input", "grok|$1|-")
    (price,) = read(PriceTable(None, LENGTHS, terms=PER_MILLION_USD), page)
    assert price.context_over == 0


SOLD = {".*search": Terms(Meter.SEARCHES), ".*storage": Terms(Meter.STORAGE_GB_DAYS)}


def test_a_name_may_say_what_its_row_prices() -> None:
    columns: dict[str, Role] = {"Tool": Model(says=SOLD), "Cost per {unit}": Price(currency="USD")}
    page = rows_of("Tool|Cost per 1k calls", "Web search|$5")
    (price,) = read(PriceTable(None, columns), page)
    assert (price.model, price.meter) == ("Web search", Meter.SEARCHES)
    with pytest.raises(NotRead, match="the name in row 1 'Web walk' is neither mapped"):
        read(PriceTable(None, columns), page.replace("search", "walk"))


def test_what_is_free_is_free_of_the_one_unit_that_its_meter_has() -> None:
    columns: dict[str, Role] = {"Item": Model(says=SOLD), "Price": Price(currency="USD")}
    (price,) = read(PriceTable(None, columns), rows_of("Item|Price", "File storage|free"))
    assert (price.amount, price.unit) == (Decimal(0), Unit.GB_DAY)
    with pytest.raises(NotRead, match="states no unit"):
        read(PriceTable(None, columns), rows_of("Item|Price", "File storage|$1"))


def test_a_choice_may_speak_of_one_column_alone() -> None:
    columns: dict[str, Role] = {
        "Model": Model(),
        "Input": Price(Meter.INPUT_IMAGES, currency="USD", unit=Unit.IMAGE),
        "Size": Choice({"{variant}": Terms()}, of="Output"),
        "Output": Price(Meter.IMAGES, currency="USD", unit=Unit.IMAGE),
    }
    prices = read(PriceTable(None, columns), rows_of("Model|Input|Size|Output", "paint|$1|1K|$2"))
    assert [(p.meter, p.variant) for p in prices] == [("input_images", ""), ("images", "1k")]


def test_rows_may_lack_just_so_many_cells() -> None:
    columns: dict[str, Role] = {"Model": Model(), "In": Price(Meter.IMAGES), "Out": Price()}
    declared = PriceTable(None, columns, short_rows=2)
    with pytest.raises(NotRead, match="has only 1 cells"):
        declared.read(Page.of(b"| Model | In | Out |\n| --- | --- | --- |\n| a | - | - |\n| - |\n"))


BY_GROUP = PriceTable(
    None,
    {"Model": Model(), "Context": States("context_tokens"), "Pricing": Price(currency="USD")},
    groups={
        "Language / Per {unit}": Terms(Meter.INPUT_TOKENS),
        "Images / Per image": Terms(Meter.IMAGES, unit=Unit.IMAGE),
    },
)


def test_rows_are_grouped_by_a_row_that_says_what_those_below_it_are_per() -> None:
    page = rows_of(
        "Model|Context|Pricing",
        "||",
        "Language||Per 1M tokens",
        "grok|5|$2",
        "Images||Per image",
        "aurora||$1",
    )
    prices = read(BY_GROUP, page)
    assert [(p.model, p.meter, p.unit) for p in prices] == [
        ("grok", Meter.INPUT_TOKENS, Unit.MILLION_TOKENS),
        ("aurora", Meter.IMAGES, Unit.IMAGE),
    ]
    assert prices[0].evidence == "Language / Per 1M tokens | Pricing: $2"


def test_a_row_before_any_group_is_refused() -> None:
    with pytest.raises(NotRead, match="name no meter"):
        read(BY_GROUP, rows_of("Model|Context|Pricing", "grok|5|$2", "Language||Per 1M tokens"))


DATED = PriceTable(
    None,
    COLUMNS,
    terms=PER_MILLION,
    dated=r"calls are (?P<free>free )?until (?P<day>\w+ \d+, \d{4})",
)


def test_prose_dates_the_prices_of_a_table_and_says_what_is_free_before() -> None:
    prices = read(DATED, f"<p>All calls are free until May 5, 2026.</p>{table()}")
    assert [(p.amount, str(p.valid_from), str(p.valid_to)) for p in prices] == [
        (Decimal(2), "2026-05-05", "None"),
        (Decimal(0), "None", "2026-05-05"),
    ]


def test_prose_that_dates_no_prices_leaves_them_as_they_are() -> None:
    (price,) = read(DATED, table())
    assert price.valid_from is None


def test_a_label_may_say_from_where_on_prompts_are_long() -> None:
    (grid,) = Page.of(rows_of("Model|Long input", "gpt|$2").encode()).grids
    columns: dict[str, Role] = {"Model": Model(), "Long input": LENGTHS["Long input"]}
    declared = PriceTable(None, columns, terms=PER_MILLION_USD)
    found = {
        said: TableReading(declared, replace(grid, labels={"long": said})).found().points[0]
        for said in ("> 272K", "long")
    }
    assert [price.context_over for price in found.values()] == [272_000, 1]


MODALITIES: dict[str, Role] = {
    "Model": Model(),
    "Modality": Choice(
        {word: Terms(said=frozenset({word})) for word in ("text", "audio")}, apart=True, quoted=True
    ),
    "Input": Price(Meter.INPUT_TOKENS, words={"/ minute": Terms(Meter.AUDIO, unit=Unit.MINUTE)}),
}


def by_modality(*rows: str) -> list[tuple[str, Meter, str]]:
    page = rows_of("Model|Modality|Input", *rows)
    prices = read(PriceTable(None, MODALITIES, terms=PER_MILLION_USD), page)
    return [(price.model, price.meter, price.evidence) for price in prices]


def test_text_is_a_modality_apart_where_another_row_prices_another_one() -> None:
    assert by_modality("live|Audio|$32", "live|Text|$4", "chat|Text|$1") == [
        ("live", Meter.INPUT_AUDIO_TOKENS, "Audio | Input: $32"),
        ("live", Meter.INPUT_TEXT_TOKENS, "Text | Input: $4"),
        ("chat", Meter.INPUT_TOKENS, "Text | Input: $1"),
    ]


def test_text_is_the_plain_meter_where_no_other_row_states_a_price_in_its_column() -> None:
    assert by_modality("live|Audio|-", "live|Text|$4") == [
        ("live", Meter.INPUT_TOKENS, "Text | Input: $4")
    ]


def test_a_meter_of_a_modality_needs_no_other_one_for_it() -> None:
    assert by_modality("live|Audio|$3 / minute") == [
        ("live", Meter.AUDIO, "Audio | Input: $3 / minute")
    ]
