"""Tencent Cloud TokenHub: one page of its Chinese site (CNY), one of its international site (USD).

Both are documents of one editor: tabs of regions over tables of language models; models of images,
videos and voices are counted in tokens, with what that comes to beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind, Unit
from spiders import arrange
from spiders.columns import Choice, Context, Ignored, Model, Price, Role
from spiders.grid import Block, Cell, Grid, Prose
from spiders.html_grids import Tabs
from spiders.ledger import Unread
from spiders.page import Page
from spiders.price_table import NONE_OR_MORE, NONE_OR_ONE, ONE_OR_MORE, Above, PriceTable
from spiders.source import Document, Form, PriceSource, Test, all_of, has_column, has_text
from spiders.terms import Terms

REGIONS = {
    "广州": "guangzhou",
    "北京": "beijing",
    "上海": "shanghai",
    "(?:中国)?香港": "hong kong",
    "新加坡": "singapore",
    "东京": "tokyo",
    "首尔": "seoul",
    "硅谷": "silicon valley",
    "弗吉尼亚": "virginia",
    "法兰克福": "frankfurt",
}
PER = r"\s*（{currency}/{unit}）"
COST = "折合参考费用"
TOKEN_PRICE = "Token 单价"  # noqa: S105 a heading of the page
CREDIT = "per credit (积分)"
CREDIT_SAID = re.compile(r"1\s*积分对应\s*([\d.]+\s*元)")
SIZES = ("功能", "生成功能", "分辨率")
TOKENS: dict[str, Role] = {
    "模型名称": Model(),
    r"条件\s*（token）": Context(optional=True),
    f"推理输入{PER}": Price(Meter.INPUT_TOKENS),
    f"推理输出{PER}": Price(Meter.OUTPUT_TOKENS),
    f"缓存命中{PER}": Price(Meter.CACHE_READ_TOKENS, optional=True),
}
USAGE = Ignored("how many tokens or credits a generation takes")
SAME = Ignored("the same cost, counted in tokens")
SIZE: Role = Choice({"": Terms(), "{variant}": Terms()})


def arranged(page: Page) -> Page:
    """Put every price in a column that says what it is."""
    credited = any(_credit(block) for block in page.grids)
    blocks = [b for b in page.blocks if not (credited and CREDIT_SAID.search(_words(b)))]
    return page.with_blocks(tuple(out for block in blocks for out in _arranged(block)))


def _words(block: Block) -> str:
    return block.text if isinstance(block, Prose) else ""


def _arranged(block: Block) -> Iterator[Block]:
    if not isinstance(block, Grid):
        yield block
        return
    notes = [row for row in block.rows if sum(c.text.startswith("说明") for c in row) > 1]
    yield from (Prose(block.headings, row[-1].text, f"{block.locator}, a note") for row in notes)
    grid = replace(block, rows=tuple(row for row in block.rows if row not in notes))
    if COST in grid.columns:
        grid = _sized(arrange.spread(grid, _by_unit))
    if "计费项" in grid.columns:
        grid = arrange.spread(grid, _by_modality)
    credit = _credit(grid)
    yield _with_column(grid, "积分单价", [credit] * len(grid.rows)) if credit else grid


def _credit(grid: Grid) -> str:
    """Give the price of a credit that stands above a table without prices."""
    said = CREDIT_SAID.search(" ".join(grid.above))
    return f"{said[1]}/积分" if said and set(grid.columns) == {"模型名称", "输出消耗"} else ""


def _sized(grid: Grid) -> Grid:
    """Join the function and the resolution, which together tell prices apart."""
    places = [grid.columns.index(name) for name in SIZES if name in grid.columns]
    texts = [[row[place].text for place in places] for row in grid.rows]
    sizes = [" ".join(text for text in row if text != "不区分") for row in texts]
    return arrange.kept(_with_column(grid, "规格", sizes), lambda name: name not in SIZES)


def _with_column(grid: Grid, name: str, texts: Sequence[str]) -> Grid:
    rows = ((*row, Cell(text)) for row, text in zip(grid.rows, texts, strict=True))
    return replace(grid, columns=(*grid.columns, name), rows=tuple(rows))


def _by_unit(row: arrange.Row, _: Sequence[arrange.Row]) -> dict[str, str]:
    """Say in the headings what a use is, and what the tokens are where they aren't generated."""
    use = re.fullmatch(r"[\d.]+ (元/\S+)", row[COST].text)
    per = f" {use[1]}" if use else ""
    hears = row.get("模型分类", Cell("")).text == "语音识别"
    what = " 语音识别" if hears else " 音色" if per == " 元/音色" else ""
    return {COST: COST + per, TOKEN_PRICE: TOKEN_PRICE + what}


def _by_modality(row: arrange.Row, rows: Sequence[arrange.Row]) -> dict[str, str]:
    """Text that is priced beside images of the same model is text alone."""
    alike = [other for other in rows if other["模型名称"] == row["模型名称"]]
    is_text = row["计费项"].text == "文本输入" and len(alike) > 1
    return {name: f"{name} 文本" for name in row if name.startswith("价格") and is_text}


def generated(section: str, token: Meter, columns: dict[str, Role]) -> PriceTable:
    """Declare a table of models that are counted in tokens, and what a use of them costs."""
    return PriceTable(
        section,
        {
            "模型名称": Model(),
            TOKEN_PRICE: Price(token, variant=""),
            "Token 用量": USAGE,
            "规格": SIZE,
            **columns,
        },
        expect=NONE_OR_MORE,
    )


LANGUAGE = PriceTable(
    "语言模型|多模态理解模型",
    TOKENS,
    levels=(
        {
            **{name: Terms(region=region) for name, region in REGIONS.items()},
            "多模态理解模型": Terms(),
        },
    ),
    expect=ONE_OR_MORE,
)
BATCH = PriceTable(
    "批量任务场景",
    TOKENS,
    levels=({"批量任务场景": Terms(tier="batch")},),
    expect=NONE_OR_ONE,
)
EMBEDDINGS = PriceTable(
    "向量模型",
    {
        "模型名称": Model(),
        "计费项": Choice(
            {
                "文本输入": Terms(Meter.INPUT_TOKENS),
                "图片输入": Terms(Meter.INPUT_IMAGE_TOKENS),
                "视频输入": Terms(Meter.INPUT_VIDEO_TOKENS),
            }
        ),
        f"价格{PER}": Price(),
        f"价格{PER} 文本": Price(Meter.INPUT_TEXT_TOKENS, optional=True),
    },
    expect=NONE_OR_ONE,
)
IMAGES = generated("图片生成", Meter.OUTPUT_IMAGE_TOKENS, {f"{COST} 元/张": Price(Meter.IMAGES)})
VIDEOS = generated(
    "视频生成",
    Meter.OUTPUT_VIDEO_TOKENS,
    {
        f"{COST} 元/秒": Price(Meter.VIDEO_SECONDS),
        COST: Price(
            Meter.VIDEO_SECONDS,
            words={
                "输入视频": Terms(variant="input video"),
                "输出视频": Terms(),
                r"输入图片前\d+张免费\s*第六张起": Terms(
                    Meter.INPUT_IMAGES, variant="from the 6th image"
                ),
            },
            absent=(r"第1秒 .*每秒\+.*",),
            optional=True,
        ),
    },
)
VOICES = generated(
    "语音模型",
    Meter.OUTPUT_AUDIO_TOKENS,
    {
        "模型分类": Choice({"音乐生成|语音合成|AI 配音|语音识别": Terms()}),
        f"{TOKEN_PRICE} 音色": Price(Meter.OTHER, variant="", optional=True),
        f"{TOKEN_PRICE} 语音识别": Price(Meter.INPUT_AUDIO_TOKENS, variant="", optional=True),
        f"{COST} 元/首": Price(Meter.OTHER, variant="per song", optional=True),
        f"{COST} 元/音色": Price(Meter.OTHER, variant="per voice", optional=True),
        f"{COST} 元/每?万字符": Price(Meter.CHARACTERS, optional=True),
        f"{COST} 元/秒": Price(Meter.AUDIO, optional=True),
    },
)
CREDITS = PriceTable(
    "视频生成|3D 生成",
    {
        "模型名称": Model(),
        rf"积分单价(?:{PER})?": Price(Meter.OTHER, variant=CREDIT),
        "输出消耗.*": USAGE,
    },
    expect=NONE_OR_MORE,
)
OLD_IMAGES = PriceTable(
    "图像生成",
    {
        "模型名称": Model(),
        r"旧计费方式参考费用\s*（按张计费）": Price(Meter.IMAGES),
        r"新计费方式参考费用.*": SAME,
    },
    expect=NONE_OR_MORE,
)
OLD_VIDEOS = PriceTable(
    "视频生成",
    {
        "模型名称": Model(),
        rf"旧计费方式积分单价{PER}": Price(
            Meter.OTHER, variant="", words={"/积分": Terms(variant=CREDIT)}
        ),
        "规格": SIZE,
        r"旧计费方式参考费用\s*（按积分计费）": Price(
            Meter.VIDEO_SECONDS,
            unit=Unit.SECOND,
            words={r"[\d.]+\s*积分/秒\(折合": Terms(), r"/秒\)": Terms()},
        ),
        r"新计费方式参考费用.*": SAME,
    },
    expect=NONE_OR_MORE,
)
SEARCH = PriceTable(
    "联网搜索",
    {"版本": SIZE, f"价格{PER}": Price(Meter.SEARCHES), "版本说明": Ignored("what it is for")},
    model=Above("(?P<names>联网搜索)"),
    expect=NONE_OR_ONE,
)


def form(name: str, currency: str) -> Form:
    """Declare the layout, which is one on both sites but for the currency of its headings."""
    heading = rf"推理输入\s*（{currency}/百万 tokens）"
    recognise: Test = all_of(has_text("tse-tabs"), has_column("模型名称", heading))
    tables = (LANGUAGE, IMAGES, VIDEOS, CREDITS, OLD_IMAGES, OLD_VIDEOS, VOICES, EMBEDDINGS, BATCH)
    return Form(
        name,
        recognise=recognise,
        cards=(Tabs(box=".tse-tabs", label=".tse-tabs__item-label", panel=".tse-tabs__cont"),),
        prepare=arranged,
        tables=(*tables, SEARCH),
        ignored=(Unread("a worked example", None, r"^(?:\d[.\d]* )?(?:成功调用|然后用).*="),),
    )


class Tencent(PriceSource):
    """Models of many makers, sold by Tencent Cloud."""

    name = "tencent"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=12)
    documents = (
        Document(
            "china",
            "https://cloud.tencent.com/document/product/1823/130055",
            forms=(form("china", "元"),),
            minimum_models=15,
            minimum_points=60,
        ),
        Document(
            "international",
            "https://www.tencentcloud.com/zh/document/product/1300/78937",
            forms=(form("international", "美元"),),
            minimum_models=8,
            minimum_points=24,
        ),
    )
