"""DeepSeek: one table of its documentation, models in columns, in Chinese (CNY) and English."""

import re
from collections.abc import Iterator
from dataclasses import replace

from catalog.vocabulary import Meter
from spiders import kit

ADDRESS = kit.Ignored("an address of the API")
FEATURE = kit.Ignored("what the model can do")
LIMIT = kit.Ignored("how many requests may run at once")
MODELS = ("MODEL", "模型")
OFF = {r"\d+% off|[\d.]+ ?折": kit.Terms()}
"""The discount that a price in force holds already; the price before is crossed out."""
WINDOWS = {
    "off-peak|空闲时段": kit.Terms(window="off-peak"),
    "peak|高峰时段": kit.Terms(window="peak"),
}
# A sentence that says from when, or until when, the table right below it holds.
BEGINS = re.compile(r"(?:take effect|starting from|effective|生效).*[:：]$", re.IGNORECASE)
ENDS = re.compile(r"remain in effect until.*[:：]$", re.IGNORECASE)
BEIJING = re.compile(r"北京时间 ?(\d\d):(\d\d) ?- ?(\d\d):(\d\d)")
PRICED = re.compile(r"pric|cost|fee|charge|cache|tokens|价|费|缓存", re.IGNORECASE)
FREE = re.compile(r"free|免费", re.IGNORECASE)


def dated(page: kit.Page) -> kit.Page:
    """Write the day from which, or until which, a table holds into its models' names."""
    made = tuple(_dated(page.blocks))
    tables = [b for b in made if isinstance(b, kit.Grid) and _states_prices(b)]
    undated = [table.locator for table in tables if "dates" not in table.labels]
    if len(undated) > 1:
        raise kit.changed(f"{', '.join(undated)} state prices and nothing says which holds when")
    return page.with_blocks(made)


def _dated(blocks: tuple[kit.Block, ...]) -> Iterator[kit.Block]:
    above = ""
    for block in blocks:
        if isinstance(block, kit.Prose):
            above = block.text
            yield block
        else:
            yield _named(_stated(_with_heading(block)), _dates(above))
            above = ""


def _dates(above: str) -> str:
    begins, ends = BEGINS.search(above), ENDS.search(above)
    if not begins and not ends:
        return ""
    day = kit.find_day(above)
    if day is None:
        raise kit.changed(f"{above[-120:]!r} names no day that is understood")
    return kit.print_dates(None, day) if ends else kit.print_dates(day, None)


def _states_prices(table: kit.Grid) -> bool:
    return table.columns[:1] != () and table.columns[0] in MODELS and bool(_amounts(table))


def _amounts(table: kit.Grid) -> list[kit.Cell]:
    return [cell for row in table.rows for cell in row if re.search(r"[$¥￥元]", cell.text)]


def _with_heading(table: kit.Grid) -> kit.Grid:
    """Give a table of markdown, whose heading is its first row, that heading and whole rows."""
    first = table.rows[0] if table.rows else ()
    if any(table.columns) or not first or first[0].text not in MODELS:
        return table
    leading = next((i for i, cell in enumerate(first) if i and cell.text), len(first))
    columns = (first[0].text,) * leading + tuple(cell.text for cell in first[leading:])
    rows = tuple(_whole(table, leading))
    return replace(
        table, columns=columns, rows=rows, short={}, places=tuple(range(1, len(rows) + 1))
    )


def _whole(table: kit.Grid, leading: int) -> Iterator[tuple[kit.Cell, ...]]:
    """Fill in the labels that rows leave to the row above; each needs a cell for every model."""
    above: tuple[kit.Cell, ...] = ()
    for index, cells in enumerate(table.rows[1:], 1):
        written = table.short.get(index, len(cells))
        if written <= len(cells) - leading:
            raise kit.changed(f"{table.locator}, row {index}: {written} cells, some are merged")
        row = above[: len(cells) - written] + cells[:written]
        row = row if row[0].text else (above[0], *row[1:])
        above = tuple(_unmarked(cell) if i < leading else cell for i, cell in enumerate(row))
        yield above


def _unmarked(label: kit.Cell) -> kit.Cell:
    return replace(label, text=re.sub(r"(?:\s*\(\d{1,2}\))+$", "", label.text))


def _stated(table: kit.Grid) -> kit.Grid:
    """Leave out the rows of words that tell what models can do; name the column of windows."""
    if table.columns[:1] == () or table.columns[0] not in MODELS:
        return table
    places = tuple(i for i, row in enumerate(table.rows) if not _is_of_words(row))
    rows = tuple(tuple(map(_in_utc, table.rows[i])) for i in places)
    at = tuple(table.places[i] for i in places) if table.places else places
    kept = table if table.short else replace(table, rows=rows, places=at)
    second = kept.columns[1:2]
    if second in (("",), kept.columns[:1]) and any("(" in c or "（" in c for c in kept.columns[2:]):
        return replace(kept, columns=(kept.columns[0], "window", *kept.columns[2:]))
    return kept


def _in_utc(cell: kit.Cell) -> kit.Cell:
    return replace(cell, text=BEIJING.sub(_hours_in_utc, cell.text))


def _hours_in_utc(beijing: re.Match[str]) -> str:
    from_hour, from_minute, to_hour, to_minute = map(int, beijing.groups())
    begins, ends = (from_hour - 8) % 24, (to_hour - 8) % 24
    return f"UTC {begins:02}:{from_minute:02}-{ends:02}:{to_minute:02}"


def _is_of_words(row: tuple[kit.Cell, ...]) -> bool:
    said = " ".join(cell.text for cell in row)
    return not (re.search(r"\d", said) or PRICED.search(said) or FREE.search(said))


def _named(table: kit.Grid, dates: str) -> kit.Grid:
    """Write the dates behind the names of models: in the heading, or in the first column."""
    if not dates or not _states_prices(table):
        return table
    labels = {**table.labels, "dates": dates}
    if "window" in table.columns:
        rows = tuple((replace(r[0], text=r[0].text + dates), *r[1:]) for r in table.rows)
        return replace(table, rows=rows, labels=labels)
    first = table.columns[0]
    columns = tuple(c if c == first else c + dates for c in table.columns)
    return replace(table, columns=columns, labels=labels)


def priced(said: str, meter: Meter, under: str, by_hours: str) -> dict[str, kit.Price]:
    """Declare one kind of price: its hours stand behind it, or in brackets before it."""
    price = kit.Price(meter, words=OFF, optional=True)
    return {
        rf"{by_hours} ?[(（]UTC ?{{window}}[)）] / {said}": price,
        rf"(?:{under} / )?{said}(?: / {{window}})?": price,
    }


HIT, MISS = (rf"(?=.*INPUT){{unit}}(?: INPUT)? ?\(CACHE {what}\)" for what in ("HIT", "MISS"))
OUTPUT = r"(?=.*OUTPUT){unit}(?: OUTPUT)?"
HIT_ZH, MISS_ZH, OUTPUT_ZH = "{unit}输入（缓存命中）", "{unit}输入（缓存未命中）", "{unit}输出"

CHINESE = kit.PriceTable(
    None,
    {
        "模型": kit.Model(),
        "BASE URL.*": ADDRESS,
        "模型版本": kit.Ignored("the dated release behind the name"),
        "思考模式|功能 / .*": FEATURE,
        "上下文长度": kit.States("context_tokens", kit.token_count),
        "(?:最大)?输出长度": kit.States("max_output_tokens", kit.token_count),
        "最大思维链长度": FEATURE,
        **priced(HIT_ZH, Meter.CACHE_READ_TOKENS, "价格", "(?:标准|优惠)时段价格"),
        **priced(MISS_ZH, Meter.INPUT_TOKENS, "价格", "(?:标准|优惠)时段价格"),
        **priced(OUTPUT_ZH, Meter.OUTPUT_TOKENS, "价格", "(?:标准|优惠)时段价格"),
        "并发限制": LIMIT,
    },
    has=".*tokens ?输出.*",
    expect=range(1, 3),
    transposed=True,
)
ENGLISH = kit.PriceTable(
    None,
    {
        "MODEL": kit.Model(),
        "BASE URL.*": ADDRESS,
        "MODEL VERSION": kit.Ignored("the dated release behind the name"),
        "THINKING MODE|FEATURES / .*": FEATURE,
        "CONTEXT LENGTH": kit.States("context_tokens", kit.token_count),
        "MAX OUTPUT(?: TOKENS)?": kit.States("max_output_tokens", kit.token_count),
        "MAX COT TOKENS": FEATURE,
        **priced(HIT, Meter.CACHE_READ_TOKENS, "PRICING", "(?:STANDARD|DISCOUNT) PRICE"),
        **priced(MISS, Meter.INPUT_TOKENS, "PRICING", "(?:STANDARD|DISCOUNT) PRICE"),
        **priced(OUTPUT, Meter.OUTPUT_TOKENS, "PRICING", "(?:STANDARD|DISCOUNT) PRICE"),
        "Concurrency Limit": LIMIT,
    },
    has=r"(?:.* / )?\d+\w* .*OUTPUT.*",
    expect=range(1, 3),
    transposed=True,
)


def planned(model: str, hit: str, miss: str, output: str) -> kit.PriceTable:
    """Declare the announced table, which has its models in rows."""
    columns: dict[str, kit.Role] = {
        model: kit.Model(),
        "window": kit.Choice(WINDOWS, quoted=True),
        hit: kit.Price(Meter.CACHE_READ_TOKENS),
        miss: kit.Price(Meter.INPUT_TOKENS),
        output: kit.Price(Meter.OUTPUT_TOKENS),
    }
    return kit.PriceTable(None, columns, expect=kit.NONE_OR_ONE)


PLANNED_ENGLISH = planned("MODEL", HIT, MISS, OUTPUT)
PLANNED_CHINESE = planned("模型", HIT_ZH, MISS_ZH, OUTPUT_ZH)
ENGLISH_TABLES, CHINESE_TABLES = (ENGLISH, PLANNED_ENGLISH), (CHINESE, PLANNED_CHINESE)
IS_MARKDOWN = kit.markdown_with(r"\|\s*MODEL\b[^|\n]*\|")
PAGES = (
    kit.Form("en", kit.has_column("MODEL"), ENGLISH_TABLES, prepare=dated),
    kit.Form("en-markdown", IS_MARKDOWN, ENGLISH_TABLES, prepare=dated),
)
PAGE_ZH = kit.Form("zh-cn", kit.has_column("模型"), CHINESE_TABLES, prepare=dated)
SITE = "https://api-docs.deepseek.com"


class Deepseek(kit.Official):
    """DeepSeek's models, sold by their maker, cheaper outside peak hours since August 2026."""

    reader_version = 2
    documents = (
        kit.Document("en", f"{SITE}/quick_start/pricing", PAGES, minimum_points=3),
        kit.Document("zh-cn", f"{SITE}/zh-cn/quick_start/pricing", (PAGE_ZH,), minimum_points=3),
    )
