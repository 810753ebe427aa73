"""MiniMax: the documentation's pay-as-you-go page (USD, markdown) and the Chinese site (CNY).

On the Chinese site the tables of language models are made of <div>s, and only the content of the
selected tab is there.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from catalog.vocabulary import Meter, SourceKind, Unit
from spiders.columns import Choice, Ignored, Model, Price, Role
from spiders.grid import Cell, Grid
from spiders.html_grids import Lines, Tabs
from spiders.ledger import Unread
from spiders.names import read_names
from spiders.page import Page
from spiders.price_table import NONE_OR_MORE, ONE_OR_MORE, PriceTable
from spiders.source import Document, Form, PriceSource, all_of, has_heading, has_text
from spiders.terms import Terms

CLIP = re.compile(r"(?P<price>\S+) per (?P<pixels>\d+P), (?P<length>\d+s) video")
DEAL = r"(?:(?:Permanent|Limited[- ]time) \d+% off|(?:永久|限时).折)"
NOTES = {rf"{{context}}\*? ?{DEAL}?": Terms(), DEAL: Terms()}
"""What stands below a model's name; the price in force is the one that isn't struck."""
PER = r"\s*(?=[百千万\d]+ ?tokens){unit}"
SIZE: Role = Choice({r"(?:.*· )?{variant}": Terms()})
SPEECH: Role = Choice(
    {
        "T2A|.*语音合成.*|.*长文本.*": Terms(Meter.CHARACTERS),
        ".*(?:Voice|音色).*": Terms(Meter.OTHER),
    }
)
DESCRIPTION = Ignored("what it does, and how often it may be called")


def arranged(page: Page) -> Page:
    """Put every price in a row that names what it is for."""
    blocks = (_arranged(block) if isinstance(block, Grid) else block for block in page.blocks)
    return page.with_blocks(tuple(blocks))


def _arranged(grid: Grid) -> Grid:
    grid = _with_services(grid)
    if not any(CLIP.fullmatch(row[-1].text) for row in grid.rows):
        return grid
    columns = (*grid.columns[:-1], "Resolution", grid.columns[-1])
    return replace(grid, columns=columns, rows=tuple(_of_clip(row) for row in grid.rows))


def _with_services(grid: Grid) -> Grid:
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


def _of_clip(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Take "768P, 6s" out of "$0.28 per 768P, 6s video"."""
    clip = CLIP.fullmatch(row[-1].text)
    size = f"{clip['pixels']} {clip['length']}" if clip else ""
    return (*row[:-1], Cell(size), Cell(f"{clip['price']} per video") if clip else row[-1])


def language(section: str, columns: Mapping[str, Role], standard: str, priority: str) -> PriceTable:
    """Declare the tables of language models; those outside of tabs are standard ones."""
    return PriceTable(
        section,
        {"Model|模型": Model(notes=NOTES), **columns},
        levels=({standard: Terms(), priority: Terms(tier="priority")},),
        expect=ONE_OR_MORE,
    )


def other(section: str, columns: Mapping[str, Role]) -> PriceTable:
    """Declare the tables of other models on the documentation's page."""
    return PriceTable(section, columns, terms=Terms(currency="USD"), expect=NONE_OR_MORE)


DOCS = Form(
    "docs",
    recognise=has_text(r"## LLM", r"Prompt caching Read"),
    prepare=arranged,
    tables=(
        language(
            "LLM",
            {
                "Input": Price(Meter.INPUT_TOKENS),
                "Output": Price(Meter.OUTPUT_TOKENS),
                "Prompt caching Read": Price(Meter.CACHE_READ_TOKENS),
                "Prompt caching Write": Price(Meter.CACHE_WRITE_TOKENS, optional=True),
            },
            "LLM|Standard|Legacy Models",
            "Priority",
        ),
        other("Audio", {"API": SPEECH, "Model": Model(), "Price": Price()}),
        other(
            "Video",
            {
                "Model / API": Model(),
                "Resolution": SIZE,
                "Billing Rules": Ignored("says what is counted, as the price does"),
                "List Price": Price(Meter.VIDEO_SECONDS),
            },
        ),
        other(
            "Video",
            {
                "Model / API": Model(),
                "Input Price": Price(Meter.INPUT_TOKENS),
                "Output Price": Price(Meter.OUTPUT_TOKENS),
            },
        ),
        other("Video", {"Model": Model(), "Resolution": SIZE, "Price": Price(Meter.OTHER)}),
        other(
            "Music",
            {
                "Model": Model(),
                "Description": DESCRIPTION,
                "Price": Price(
                    Meter.OTHER, unit=Unit.OTHER, words={r"/up-to-\d+ minutes music": Terms()}
                ),
            },
        ),
        other("Image", {"Model": Model(), "Price": Price(Meter.IMAGES)}),
        other("MCP", {"Model": Model(), "Input Price": Price(Meter.REQUESTS)}),
        other(
            r"Server Tools.*",
            {
                "Server Tool": Model(),
                "Description": DESCRIPTION,
                "Price": Price(Meter.REQUESTS),
            },
        ),
    ),
    ignored=(
        Unread("what is fed to video models, by rules in prose", "Video", "Material Type"),
        Unread("announces the table's price", "MCP", "Pricing Update Notice"),
    ),
)
SITE = Form(
    "site",
    recognise=all_of(has_heading("语言模型"), has_text("缓存读取", "/ 百万 tokens")),
    cards=(
        Lines(row="div[style*=grid-template-columns]"),
        Tabs(
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
                rf"输入(?:价格{PER}|\(含多模态\))": Price(Meter.INPUT_TOKENS),
                rf"输出(?:价格{PER})?": Price(Meter.OUTPUT_TOKENS),
                rf"缓存读取(?:{PER})?": Price(Meter.CACHE_READ_TOKENS),
                rf"缓存写入(?:{PER})?": Price(Meter.CACHE_WRITE_TOKENS, optional=True),
            },
            "语言模型|标准",
            "优先",
        ),
        PriceTable("视频", {"模型": Model(), "功能": SIZE, "单价 / {unit}": Price(Meter.OTHER)}),
        PriceTable(
            "声音",
            {
                "场景": SPEECH,
                "可用模型": Model(read=partial(read_names, several=False)),
                "单价 / {unit}": Price(),
            },
        ),
        PriceTable(
            "音乐",
            {
                "模型": Model(),
                "说明": DESCRIPTION,
                "单价 / {unit}": Price(Meter.OTHER, words={"限免": Terms()}),
            },
        ),
    ),
)


class Minimax(PriceSource):
    """MiniMax's models, sold by their maker in China and abroad."""

    name = "minimax"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "docs",
            "https://platform.minimax.io/docs/guides/pricing-paygo.md",
            forms=(DOCS,),
            minimum_models=3,
            minimum_points=12,
        ),
        Document(
            "site",
            "https://platform.minimaxi.com/subscribe/token-plan?tab=api-enterprise",
            forms=(SITE,),
            minimum_models=3,
            minimum_points=12,
            browser=True,
            wait_for="[role=tablist]",
        ),
    )
