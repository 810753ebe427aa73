"""Tencent Cloud TokenHub: one page of its Chinese site (CNY), one of its international site (USD).

Both are documents of one editor: tabs of regions over tables of language models; models of images,
videos and voices are counted in tokens, with what that comes to beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from catalog.vocabulary import Meter, Unit
from spiders import arrange, kit

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
TOKENS: dict[str, kit.Role] = {
    "模型名称": kit.Model(),
    r"条件\s*（token）": kit.Context(optional=True),
    f"推理输入{PER}": kit.Price(Meter.INPUT_TOKENS),
    f"推理输出{PER}": kit.Price(Meter.OUTPUT_TOKENS),
    f"缓存命中{PER}": kit.Price(Meter.CACHE_READ_TOKENS, optional=True),
}
USAGE = kit.Ignored("how many tokens or credits a generation takes")
SAME = kit.Ignored("the same cost, counted in tokens")
SIZE: kit.Role = kit.Choice({"": kit.Terms(), "{variant}": kit.Terms()})


def arranged(page: kit.Page) -> kit.Page:
    """Put every price in a column that says what it is."""
    credited = any(_credit(block) for block in page.grids)
    blocks = [b for b in page.blocks if not (credited and CREDIT_SAID.search(_words(b)))]
    return page.with_blocks(tuple(out for block in blocks for out in _arranged(block)))


def _words(block: kit.Block) -> str:
    return block.text if isinstance(block, kit.Prose) else ""


def _arranged(block: kit.Block) -> Iterator[kit.Block]:
    if not isinstance(block, kit.Grid):
        yield block
        return
    notes = [row for row in block.rows if sum(c.text.startswith("说明") for c in row) > 1]
    yield from (
        kit.Prose(block.headings, row[-1].text, f"{block.locator}, a note") for row in notes
    )
    grid = replace(block, rows=tuple(row for row in block.rows if row not in notes))
    if COST in grid.columns:
        grid = _sized(arrange.spread(grid, _by_unit))
    if "计费项" in grid.columns:
        grid = arrange.spread(grid, _by_modality)
    credit = _credit(grid)
    yield _with_column(grid, "积分单价", [credit] * len(grid.rows)) if credit else grid


def _credit(grid: kit.Grid) -> str:
    """Give the price of a credit that stands above a table without prices."""
    said = CREDIT_SAID.search(" ".join(grid.above))
    return f"{said[1]}/积分" if said and set(grid.columns) == {"模型名称", "输出消耗"} else ""


def _sized(grid: kit.Grid) -> kit.Grid:
    """Join the function and the resolution, which together tell prices apart."""
    places = [grid.columns.index(name) for name in SIZES if name in grid.columns]
    texts = [[row[place].text for place in places] for row in grid.rows]
    sizes = [" ".join(text for text in row if text != "不区分") for row in texts]
    return arrange.kept(_with_column(grid, "规格", sizes), lambda name: name not in SIZES)


def _with_column(grid: kit.Grid, name: str, texts: Sequence[str]) -> kit.Grid:
    rows = ((*row, kit.Cell(text)) for row, text in zip(grid.rows, texts, strict=True))
    return replace(grid, columns=(*grid.columns, name), rows=tuple(rows))


def _by_unit(row: arrange.Row, _: Sequence[arrange.Row]) -> dict[str, str]:
    """Say in the headings what a use is, and what the tokens are where they aren't generated."""
    use = re.fullmatch(r"[\d.]+ (元/\S+)", row[COST].text)
    per = f" {use[1]}" if use else ""
    hears = row.get("模型分类", kit.Cell("")).text == "语音识别"
    what = " 语音识别" if hears else " 音色" if per == " 元/音色" else ""
    return {COST: COST + per, TOKEN_PRICE: TOKEN_PRICE + what}


def _by_modality(row: arrange.Row, rows: Sequence[arrange.Row]) -> dict[str, str]:
    """Text that is priced beside images of the same model is text alone."""
    alike = [other for other in rows if other["模型名称"] == row["模型名称"]]
    is_text = row["计费项"].text == "文本输入" and len(alike) > 1
    return {name: f"{name} 文本" for name in row if name.startswith("价格") and is_text}


def generated(section: str, token: Meter, columns: dict[str, kit.Role]) -> kit.PriceTable:
    """Declare a table of models that are counted in tokens, and what a use of them costs."""
    return kit.PriceTable(
        section,
        {
            "模型名称": kit.Model(),
            TOKEN_PRICE: kit.Price(token, variant=""),
            "Token 用量": USAGE,
            "规格": SIZE,
            **columns,
        },
        expect=kit.NONE_OR_MORE,
    )


LANGUAGE = kit.PriceTable(
    "语言模型|多模态理解模型",
    TOKENS,
    levels=(
        {
            **{name: kit.Terms(region=region) for name, region in REGIONS.items()},
            "多模态理解模型": kit.Terms(),
        },
    ),
    expect=kit.ONE_OR_MORE,
)
BATCH = kit.PriceTable(
    "批量任务场景",
    TOKENS,
    levels=({"批量任务场景": kit.Terms(tier="batch")},),
    expect=kit.NONE_OR_ONE,
)
EMBEDDINGS = kit.PriceTable(
    "向量模型",
    {
        "模型名称": kit.Model(),
        "计费项": kit.Choice(
            {
                "文本输入": kit.Terms(Meter.INPUT_TOKENS),
                "图片输入": kit.Terms(Meter.INPUT_IMAGE_TOKENS),
                "视频输入": kit.Terms(Meter.INPUT_VIDEO_TOKENS),
            }
        ),
        f"价格{PER}": kit.Price(),
        f"价格{PER} 文本": kit.Price(Meter.INPUT_TEXT_TOKENS, optional=True),
    },
    expect=kit.NONE_OR_ONE,
)
IMAGES = generated(
    "图片生成", Meter.OUTPUT_IMAGE_TOKENS, {f"{COST} 元/张": kit.Price(Meter.IMAGES)}
)
VIDEOS = generated(
    "视频生成",
    Meter.OUTPUT_VIDEO_TOKENS,
    {
        f"{COST} 元/秒": kit.Price(Meter.VIDEO_SECONDS),
        COST: kit.Price(
            Meter.VIDEO_SECONDS,
            words={
                "输入视频": kit.Terms(variant="input video"),
                "输出视频": kit.Terms(),
                r"输入图片前\d+张免费\s*第六张起": kit.Terms(
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
        "模型分类": kit.Choice({"音乐生成|语音合成|AI 配音|语音识别": kit.Terms()}),
        f"{TOKEN_PRICE} 音色": kit.Price(Meter.OTHER, variant="", optional=True),
        f"{TOKEN_PRICE} 语音识别": kit.Price(Meter.INPUT_AUDIO_TOKENS, variant="", optional=True),
        f"{COST} 元/首": kit.Price(Meter.OTHER, variant="per song", optional=True),
        f"{COST} 元/音色": kit.Price(Meter.OTHER, variant="per voice", optional=True),
        f"{COST} 元/每?万字符": kit.Price(Meter.CHARACTERS, optional=True),
        f"{COST} 元/秒": kit.Price(Meter.AUDIO, optional=True),
    },
)
CREDITS = kit.PriceTable(
    "视频生成|3D 生成",
    {
        "模型名称": kit.Model(),
        rf"积分单价(?:{PER})?": kit.Price(Meter.OTHER, variant=CREDIT),
        "输出消耗.*": USAGE,
    },
    expect=kit.NONE_OR_MORE,
)
OLD_IMAGES = kit.PriceTable(
    "图像生成",
    {
        "模型名称": kit.Model(),
        r"旧计费方式参考费用\s*（按张计费）": kit.Price(Meter.IMAGES),
        r"新计费方式参考费用.*": SAME,
    },
    expect=kit.NONE_OR_MORE,
)
OLD_VIDEOS = kit.PriceTable(
    "视频生成",
    {
        "模型名称": kit.Model(),
        rf"旧计费方式积分单价{PER}": kit.Price(
            Meter.OTHER, variant="", words={"/积分": kit.Terms(variant=CREDIT)}
        ),
        "规格": SIZE,
        r"旧计费方式参考费用\s*（按积分计费）": kit.Price(
            Meter.VIDEO_SECONDS,
            unit=Unit.SECOND,
            words={r"[\d.]+\s*积分/秒\(折合": kit.Terms(), r"/秒\)": kit.Terms()},
        ),
        r"新计费方式参考费用.*": SAME,
    },
    expect=kit.NONE_OR_MORE,
)
SEARCH = kit.PriceTable(
    "联网搜索",
    {
        "版本": SIZE,
        f"价格{PER}": kit.Price(Meter.SEARCHES),
        "版本说明": kit.Ignored("what it is for"),
    },
    model=kit.Above("(?P<names>联网搜索)"),
    expect=kit.NONE_OR_ONE,
)


def form(name: str, currency: str) -> kit.Form:
    """Declare the layout, which is one on both sites but for the currency of its headings."""
    heading = rf"推理输入\s*（{currency}/百万 tokens）"
    recognise: kit.Test = kit.all_of(kit.has_text("tse-tabs"), kit.has_column("模型名称", heading))
    tables = (LANGUAGE, IMAGES, VIDEOS, CREDITS, OLD_IMAGES, OLD_VIDEOS, VOICES, EMBEDDINGS, BATCH)
    return kit.Form(
        name,
        recognise=recognise,
        cards=(kit.Tabs(box=".tse-tabs", label=".tse-tabs__item-label", panel=".tse-tabs__cont"),),
        prepare=arranged,
        tables=(*tables, SEARCH),
        ignored=(kit.Unread("a worked example", None, r"^(?:\d[.\d]* )?(?:成功调用|然后用).*="),),
    )


class Tencent(kit.Official):
    """Models of many makers, sold by Tencent Cloud."""

    cadence = kit.TWICE_A_DAY
    documents = (
        kit.Document(
            "china",
            "https://cloud.tencent.com/document/product/1823/130055",
            forms=(form("china", "元"),),
            minimum_models=15,
            minimum_points=60,
        ),
        kit.Document(
            "international",
            "https://www.tencentcloud.com/zh/document/product/1300/78937",
            forms=(form("international", "美元"),),
            minimum_models=8,
            minimum_points=24,
        ),
    )
