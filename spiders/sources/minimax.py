"""MiniMax: the documentation's pay-as-you-go page (USD, markdown) and the Chinese site (CNY).

On the Chinese site the tables of language models are made of <div>s, and only the content of the
selected tab is there.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from catalog.vocabulary import Meter, Unit
from spiders import kit

CLIP = re.compile(r"(?P<price>\S+) per (?P<pixels>\d+P), (?P<length>\d+s) video")
DEAL = r"(?:(?:Permanent|Limited[- ]time) \d+% off|(?:永久|限时).折)"
NOTES = {rf"{{context}}\*? ?{DEAL}?": kit.Terms(), DEAL: kit.Terms()}
"""What stands below a model's name; the price in force is the one that isn't struck."""
PER = r"\s*(?=[百千万\d]+ ?tokens){unit}"
SIZE: kit.Role = kit.Choice({r"(?:.*· )?{variant}": kit.Terms()})
SPEECH: kit.Role = kit.Choice(
    {
        "T2A|.*语音合成.*|.*长文本.*": kit.Terms(Meter.CHARACTERS),
        ".*(?:Voice|音色).*": kit.Terms(Meter.OTHER),
    }
)
DESCRIPTION = kit.Ignored("what it does, and how often it may be called")


def arranged(page: kit.Page) -> kit.Page:
    """Put every price in a row that names what it is for."""
    blocks = (_arranged(block) if isinstance(block, kit.Grid) else block for block in page.blocks)
    return page.with_blocks(tuple(blocks))


def _arranged(grid: kit.Grid) -> kit.Grid:
    grid = _with_services(grid)
    if not any(CLIP.fullmatch(row[-1].text) for row in grid.rows):
        return grid
    columns = (*grid.columns[:-1], "Resolution", grid.columns[-1])
    return replace(grid, columns=columns, rows=tuple(_of_clip(row) for row in grid.rows))


def _with_services(grid: kit.Grid) -> kit.Grid:
    """A price for all models is the price of the service that the row names."""
    models = next((i for i, name in enumerate(grid.columns) if name in ("Model", "可用模型")), 0)
    services = next((i for i, name in enumerate(grid.columns) if name in ("API", "场景")), models)
    rows = (
        (*row[:models], row[services], *row[models + 1 :])
        if row[models].text in ("All Models", "所有模型")
        else row
        for row in grid.rows
    )
    return replace(grid, rows=tuple(rows)) if grid.columns else grid


def _of_clip(row: tuple[kit.Cell, ...]) -> tuple[kit.Cell, ...]:
    """Take "768P, 6s" out of "$0.28 per 768P, 6s video"."""
    clip = CLIP.fullmatch(row[-1].text)
    size = f"{clip['pixels']} {clip['length']}" if clip else ""
    return (*row[:-1], kit.Cell(size), kit.Cell(f"{clip['price']} per video") if clip else row[-1])


def language(
    section: str, columns: Mapping[str, kit.Role], standard: str, priority: str
) -> kit.PriceTable:
    """Declare the tables of language models; those outside of tabs are standard ones."""
    return kit.PriceTable(
        section,
        {"Model|模型": kit.Model(notes=NOTES), **columns},
        levels=({standard: kit.Terms(), priority: kit.Terms(tier="priority")},),
        expect=kit.ONE_OR_MORE,
    )


def other(section: str, columns: Mapping[str, kit.Role]) -> kit.PriceTable:
    """Declare the tables of other models on the documentation's page."""
    return kit.PriceTable(
        section, columns, terms=kit.Terms(currency="USD"), expect=kit.NONE_OR_MORE
    )


DOCS = kit.Form(
    "docs",
    recognise=kit.has_text(r"## LLM", r"Prompt caching Read"),
    prepare=arranged,
    tables=(
        language(
            "LLM",
            {
                **kit.columns("Input", "Output"),
                "Prompt caching Read": kit.Price(Meter.CACHE_READ_TOKENS),
                "Prompt caching Write": kit.Price(Meter.CACHE_WRITE_TOKENS, optional=True),
            },
            "LLM|Standard|Legacy Models",
            "Priority",
        ),
        other("Audio", {"API": SPEECH, "Model": kit.Model(), "Price": kit.Price()}),
        other(
            "Video",
            {
                "Model / API": kit.Model(),
                "Resolution": SIZE,
                "Billing Rules": kit.Ignored("says what is counted, as the price does"),
                "List Price": kit.Price(Meter.VIDEO_SECONDS),
            },
        ),
        other(
            "Video",
            {
                "Model / API": kit.Model(),
                **kit.columns("Input", "Output", pattern="{} Price"),
            },
        ),
        other("Video", {"Model": kit.Model(), "Resolution": SIZE, "Price": kit.Price(Meter.OTHER)}),
        other(
            "Music",
            {
                "Model": kit.Model(),
                "Description": DESCRIPTION,
                "Price": kit.Price(
                    Meter.OTHER, unit=Unit.OTHER, words={r"/up-to-\d+ minutes music": kit.Terms()}
                ),
            },
        ),
        other("Image", {"Model": kit.Model(), "Price": kit.Price(Meter.IMAGES)}),
        other("MCP", {"Model": kit.Model(), "Input Price": kit.Price(Meter.REQUESTS)}),
        other(
            r"Server Tools.*",
            {
                "Server Tool": kit.Model(),
                "Description": DESCRIPTION,
                "Price": kit.Price(Meter.REQUESTS),
            },
        ),
    ),
    ignored=(
        kit.Unread("what is fed to video models, by rules in prose", "Video", "Material Type"),
        kit.Unread("announces the table's price", "MCP", "Pricing Update Notice"),
    ),
)
SITE = kit.Form(
    "site",
    recognise=kit.all_of(kit.has_heading("语言模型"), kit.has_text("缓存读取", "/ 百万 tokens")),
    cards=(
        kit.Lines(row="div[style*=grid-template-columns]"),
        kit.Tabs(
            box="div:has(> [role=tablist])",
            label="[role=tab][aria-selected=true]",
            panel="[role=tablist] + *",
        ),
    ),
    prepare=arranged,
    tables=(
        language(
            "语言模型",
            {
                rf"输入(?:价格{PER}|\(含多模态\))": kit.Price(Meter.INPUT_TOKENS),
                rf"输出(?:价格{PER})?": kit.Price(Meter.OUTPUT_TOKENS),
                rf"缓存读取(?:{PER})?": kit.Price(Meter.CACHE_READ_TOKENS),
                rf"缓存写入(?:{PER})?": kit.Price(Meter.CACHE_WRITE_TOKENS, optional=True),
            },
            "语言模型|标准",
            "优先",
        ),
        kit.PriceTable(
            "视频", {"模型": kit.Model(), "功能": SIZE, "单价 / {unit}": kit.Price(Meter.OTHER)}
        ),
        kit.PriceTable(
            "声音",
            {
                "场景": SPEECH,
                "可用模型": kit.Model(read=partial(kit.read_names, several=False)),
                "单价 / {unit}": kit.Price(),
            },
        ),
        kit.PriceTable(
            "音乐",
            {
                "模型": kit.Model(),
                "说明": DESCRIPTION,
                "单价 / {unit}": kit.Price(Meter.OTHER, words={"限免": kit.Terms()}),
            },
        ),
    ),
)


class Minimax(kit.Official):
    """MiniMax's models, sold by their maker in China and abroad."""

    documents = (
        kit.Document(
            "docs",
            "https://platform.minimax.io/docs/guides/pricing-paygo.md",
            forms=(DOCS,),
            minimum_models=3,
            minimum_points=12,
        ),
        kit.Document(
            "site",
            "https://platform.minimaxi.com/subscribe/token-plan?tab=api-enterprise",
            forms=(SITE,),
            minimum_models=3,
            minimum_points=12,
            browser=True,
            wait_for="[role=tablist]",
        ),
    )
