"""OpenAI: one pricing page, as HTML whose components carry all models, and as markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from catalog.reading import fold
from catalog.vocabulary import Meter, Unit
from spiders import arrange, embedded, kit, tabs

TABS = tabs.Tabs(
    tabs={
        "Standard": "standard",
        "Batch": "batch",
        "Flex": "flex",
        "Priority": "priority",
        "Fast": "fast",
        "Fast mode": "fast",
        "Ultrafast": "ultrafast",
        "Ultrafast mode": "ultrafast",
    },
    title=re.compile(
        r"(?!all )(?:.+ )?models|pricing|(?:built-in )?tools|fine-?tuning|embeddings?|moderation"
        r"|(?:.+ )?(?:generation|transcription|speech|sessions|tokens)",
        re.IGNORECASE,
    ),
    per=re.compile(r"Prices per .+"),
    tier=re.compile(r"(?:(?:Grouped )?Pricing Table|(\w+) pricing) data"),
)
SIGN = re.compile(r"[$€£¥￥₩]")
THRESHOLD = re.compile(r"(?:[<>≤]|&lt;|&gt;)\s?(\d+)K (?:context length|input tokens)")
NOTE = re.compile(r"(?<=\S) (\(<\d+K context length\)|with data sharing|\(data sharing\))$")
# Which table it is, by columns that only this table has; the first that fits.
KINDS = {
    "modalities": {"modality"},
    "video": {"size", "price per second"},
    "minutes": {"price per minute"},
    "transcription": {"estimated cost"},
    "tools": {"tool"},
    "fine-tuning": {"training"},
    "specialized": {"category"},
    "text": {"model", "short context input"},
    "plain text": {"model", "input", "output"},
}
SPECIALIZED = ("Category", "Model", "Input", "Cached input", "Output")
CUT_COLUMNS = {"Tools": ("Tool", "Details", "Pricing"), "Specialized models": SPECIALIZED}
"""The columns of the tables whose beginning the markdown has lost, by the title above."""


def unwrapped(value: kit.Json) -> kit.Json:
    """Take the page's own wrappers off: HTML, and headings with a tooltip."""
    match value:
        case {"__pricingHtml": str(html)}:
            return embedded.Markup(html)
        case {"__pricingTooltipHeading": {"label": label}}:
            return unwrapped(label)
        case _:
            return value


COMPONENTS = kit.ComponentTables(
    names=("TextTokenPricingTables", "GroupedPricingTable", "PricingTable"),
    columns={
        "TextTokenPricingTables": (
            "Model",
            "Short context / Input",
            "Short context / Cached input",
            "Short context / Cache writes",
            "Short context / Output",
        ),
    },
    may_lack="Short context / Cache writes",
    known=frozenset(
        {
            *("headingGroups", "headingLabels", "hiddenModels", "collapsedRowsByGroup"),
            *("dividerColumnIndexes", "latestSectionLabel"),
        }
    ),
    note="allModelsFootnote",
    calls={
        "pricingHtml": embedded.Markup,
        "pricingTooltipHeading": lambda heading, *_: heading,
        "withDataSharing": lambda model: f"{model}\nwith data sharing",
        "withLegacy": lambda model: f"{model}\nLegacy",
    },
    wrapped=unwrapped,
)


def mended(page: kit.Page) -> kit.Page:
    """Prepare the markdown whose components the site's own conversion has cut."""
    return arranged(COMPONENTS.mended(page))


def with_components(page: kit.Page) -> kit.Page:
    """Prepare the HTML, whose components hold the models that it does not show."""
    return arranged(COMPONENTS.beside_visible(page, "article"))


def arranged(page: kit.Page) -> kit.Page:
    """Label every table with its tier and unit, and put every price in a column of its own."""
    return page.with_blocks(tuple(_arranged(page)))


def _arranged(page: kit.Page) -> Iterator[kit.Block]:
    cells = {fold(c.text) for g in page.grids for row in g.rows for c in row}
    over = _threshold(page.text)
    signs = "".join(sorted(set(SIGN.findall(" ".join(cells)))))
    for block in TABS.labelled(page.blocks):
        if isinstance(block, kit.Grid):
            labels = {**block.labels, "currency": signs}
            yield from _parts(_shaped(replace(block, labels=labels)), over)
            yield from _notes(block)
        elif "$" not in block.text or block.text not in cells:
            yield block


def _notes(table: kit.Grid) -> Iterator[kit.Prose]:
    """Give a component's footnote as the prose that it is on the page."""
    if note := table.labels.get("note"):
        yield kit.Prose((), note, f"note of {table.locator}")


def _shaped(table: kit.Grid) -> kit.Grid:
    """Say by the columns which table it is; an unknown one is refused."""
    title = table.labels["title"]
    columns = table.columns if any(table.columns) else CUT_COLUMNS.get(title, ())
    if len(columns) != len(table.columns):
        raise kit.changed(f"{table.locator} under {title!r} has no headings that are known")
    whole = arrange.filled(arrange.with_second_headings(replace(table, columns=columns), "Model"))
    said = {column.replace(" / ", " ").lower() for column in whole.columns}
    kind = next((kind for kind, needed in KINDS.items() if needed <= said), None)
    if kind is None:
        raise kit.changed(f"{table.locator} has the unknown columns {', '.join(whole.columns)}")
    return _noted(replace(whole, headings=(kind,)))


def _threshold(text: str) -> str:
    stated = set(THRESHOLD.findall(text))
    if len(stated) > 1:
        raise kit.changed(f"long context begins at {' and '.join(sorted(stated))} thousand tokens")
    return f"> {stated.pop()}K" if stated else "long"


def _noted(table: kit.Grid) -> kit.Grid:
    """Set the notes in the names of models on lines of their own."""
    place = next((i for i, c in enumerate(table.columns) if c == "Model"), None)
    rows = (
        tuple(replace(c, text=NOTE.sub(r"\n\1", c.text)) if i == place else c for i, c in cells)
        for cells in map(enumerate, table.rows)
    )
    return replace(table, rows=tuple(map(tuple, rows)))


def _parts(table: kit.Grid, over: str) -> Iterator[kit.Grid]:
    """Put each price in a column that says what it is; long contexts make a table apart."""
    kind = table.headings[0]
    if kind == "tools":
        table = replace(table, rows=tuple(_tool_row(*row) for row in table.rows))
    if kind != "text":
        yield arrange.spread(table, NAMINGS[kind]) if kind in NAMINGS else table
        return
    yield arrange.kept(table, lambda column: not column.startswith("Long"))
    far = arrange.kept(table, lambda column: not column.startswith("Short"))
    if len(far.columns) > 1:
        labels = {**far.labels, "context": over}
        yield replace(far, labels=labels, locator=f"{far.locator} long context")


def _tool_row(tool: kit.Cell, details: kit.Cell, *rest: kit.Cell) -> tuple[kit.Cell, ...]:
    """Name a tool by its details, where they name a search, or when its price holds."""
    said = fold(details.text)
    if search := re.match(r"(.*\bWeb search\b.*?) \(", said):
        return (kit.Cell(search[1]), details, *rest)
    if said == "Now":
        return (tool, tool, *rest)
    if re.fullmatch(r"(?:Starting|Until|Through) .+ \d{4}", said):
        return (kit.Cell(f"{tool.text}, {said}"), tool, *rest)
    return (tool, details, *rest)


def _by_unit(row: arrange.Row, column: str) -> str:
    """Name a column by the unit of its cell, where that isn't the table's."""
    unit = re.search(r"/ (minute|hour|1M characters)$", row[column].text)
    return f"{column} per {unit[1]}" if unit else column


def _by_modality(row: arrange.Row, rows: Sequence[arrange.Row]) -> Mapping[str, str]:
    modality = row["Modality"].text
    same = [r for r in rows if r["Model"].text == row["Model"].text and r is not row]
    return {
        column: f"{modality}{_apart(modality, column, same)} / {_by_unit(row, column)}"
        for column in row
        if column not in ("Model", "Modality")
    }


def _apart(modality: str, column: str, others: Sequence[arrange.Row]) -> str:
    """Say whether text is set apart from another modality that has a price in this column."""
    beside = any(not kit.absence(r[column].text) for r in others)
    return " apart" if modality == "Text" and beside else ""


def _by_what_is_priced(row: arrange.Row, _: Sequence[arrange.Row]) -> Mapping[str, str]:
    tokens = any(not kit.absence(row[c].text) for c in ("Input", "Output") if c in row)
    return {"Estimated cost": "Estimated cost of tokens"} if tokens else {}


def _by_training(row: arrange.Row, _: Sequence[arrange.Row]) -> Mapping[str, str]:
    return {"Training": _by_unit(row, "Training")}


def _by_details(row: arrange.Row, _: Sequence[arrange.Row]) -> Mapping[str, str]:
    return {"Pricing": fold(row["Details"].text)}


NAMINGS: Mapping[str, arrange.Naming] = {
    "modalities": _by_modality,
    "transcription": _by_what_is_priced,
    "fine-tuning": _by_training,
    "tools": _by_details,
}
LABELS = {
    "tier": {tier: kit.Terms(tier=tier) for tier in TABS.tabs.values()},
    "per": {"": kit.Terms(), r"Prices per {unit}(?: unless noted)?\.": kit.Terms()},
    "context": {"": kit.Terms(), "long": kit.Terms(context_over=1), "{context}": kit.Terms()},
    "currency": {r"\$": kit.Terms(currency="USD")},
}
"""Components hold numbers without a currency: it is the one that the whole page shows."""
NOTES = {
    r"\(<\d+K context length\)": kit.Terms(),
    r"with data sharing|\(data sharing\)": kit.Terms(variant="fine-tuned with data sharing"),
    "legacy": kit.Terms(),
}
TOKENS = {
    "Input": kit.Price(Meter.INPUT_TOKENS, optional=True),
    "Cached input": kit.Price(Meter.CACHE_READ_TOKENS, optional=True),
    "Cache writes": kit.Price(Meter.CACHE_WRITE_TOKENS, optional=True),
    "Output": kit.Price(Meter.OUTPUT_TOKENS, optional=True),
}


SEARCH_TOKENS = {
    r"(?:\+ )?Search content tokens (?:billed at model rates|are free)\.?": kit.Terms()
}
FREE_STORAGE = {r"\(1 GB free\)|after 1 GB free per account per month": kit.Terms()}
CONTAINERS = {
    **{f"{size} GB": kit.Terms(variant=f"{size} gb") for size in (1, 2, 4, 8, 16, 32, 64, 128)},
    r"per (?:20-minute session per )?container\.?": kit.Terms(),
}
SIZES = ("360p", "480p", "720p", "1024p", "1080p", "1440p", "2160p", "4k")


def table(kind: str, columns: Mapping[str, kit.Role], variant: str | None = None) -> kit.PriceTable:
    """Declare the tables of one kind; every kind shares the labels of tier and unit."""
    terms = kit.Terms(variant=variant)
    return kit.PriceTable(kind, columns, terms=terms, labels=LABELS, expect=kit.NONE_OR_MORE)


TABLES_READ = (
    table(
        "text",
        {
            "Model": kit.Model(notes=NOTES),
            **{rf"(?:Short|Long) context(?: /)? {c}": price for c, price in TOKENS.items()},
        },
    ),
    table("plain text", {"Model": kit.Model(notes=NOTES), **TOKENS}),
    table("minutes", {"Model": kit.Model(), "Price per {unit}": kit.Price(Meter.AUDIO)}),
    table(
        "modalities",
        {
            "Model": kit.Model(),
            "Modality": kit.Ignored("stands in front of each column"),
            "Text / Input": kit.Price(Meter.INPUT_TOKENS, optional=True),
            "Text apart / Input": kit.Price(Meter.INPUT_TEXT_TOKENS, optional=True),
            "Text(?: apart)? / Cached input": kit.Price(Meter.CACHE_READ_TOKENS, optional=True),
            "Text / Output(?: / cost)?": kit.Price(Meter.OUTPUT_TOKENS, optional=True),
            "Text apart / Output(?: / cost)?": kit.Price(Meter.OUTPUT_TEXT_TOKENS, optional=True),
            "Audio / Input": kit.Price(Meter.INPUT_AUDIO_TOKENS, optional=True),
            "Audio / Cached input": kit.Price(Meter.CACHE_READ_AUDIO_TOKENS, optional=True),
            "Audio / Output(?: / cost)?": kit.Price(Meter.OUTPUT_AUDIO_TOKENS, optional=True),
            "Image / Input": kit.Price(Meter.INPUT_IMAGE_TOKENS, optional=True),
            "Image / Cached input": kit.Price(Meter.CACHE_READ_IMAGE_TOKENS, optional=True),
            "Image / Output(?: / cost)?": kit.Price(Meter.OUTPUT_IMAGE_TOKENS, optional=True),
            "Text / Input per 1M characters": kit.Price(Meter.CHARACTERS, optional=True),
            "Audio / Output(?: / cost)? per minute": kit.Price(Meter.AUDIO, optional=True),
        },
    ),
    table(
        "video",
        {
            "Model": kit.Model(),
            "Size": kit.Choice({size: kit.Terms(variant=size) for size in SIZES}),
            "Portrait|Landscape": kit.Ignored("the pixels of the size"),
            "Price per {unit}": kit.Price(Meter.VIDEO_SECONDS),
        },
    ),
    table(
        "transcription",
        {
            "Model": kit.Model(),
            "Use case": kit.Ignored("what the model is for"),
            **TOKENS,
            "Estimated cost": kit.Price(Meter.AUDIO, optional=True),
            "Estimated cost of tokens": kit.Price(Meter.AUDIO, variant="estimated", optional=True),
        },
    ),
    table(
        "tools",
        {
            "Tool": kit.Model(),
            "Details": kit.Ignored("stands as the column of its price"),
            r"(?:Image )?Web search \(all models\)": kit.Price(
                Meter.SEARCHES, words=SEARCH_TOKENS, optional=True
            ),
            r"Web search preview \(reasoning models.*\)": kit.Price(
                Meter.SEARCHES, variant="reasoning models", words=SEARCH_TOKENS, optional=True
            ),
            r"Web search preview \(non-reasoning models\)": kit.Price(
                Meter.SEARCHES, variant="non-reasoning models", words=SEARCH_TOKENS, optional=True
            ),
            "Reasoning models.*": kit.Price(
                Meter.SEARCHES, variant="reasoning models", words=SEARCH_TOKENS, optional=True
            ),
            "gpt-4o and gpt-4.1 models": kit.Price(
                Meter.SEARCHES,
                variant="gpt-4o and gpt-4.1 models",
                words=SEARCH_TOKENS,
                optional=True,
            ),
            "(?:Hosted Shell and )?Code Interpreter|Containers": kit.Price(
                Meter.SESSIONS, unit=Unit.SESSION, words=CONTAINERS, optional=True
            ),
            "Storage|.+ storage": kit.Price(
                Meter.STORAGE_GB_DAYS, words=FREE_STORAGE, optional=True
            ),
            "Tool call": kit.Price(Meter.REQUESTS, optional=True),
        },
    ),
    table(
        "specialized",
        {"Category": kit.Ignored("what the model is for"), "Model": kit.Model(), **TOKENS},
    ),
    table(
        "fine-tuning",
        {
            "Model": kit.Model(notes=NOTES),
            "Training": kit.Price(Meter.TRAINING_TOKENS, optional=True),
            "Training per hour": kit.Price(Meter.HOURS, optional=True),
            **TOKENS,
        },
        variant="fine-tuned",
    ),
    kit.Multiplier(
        "regional processing",
        r"Regional[^.]*? endpoints (?:are charged|carry) an? (?P<factor>\d+%) uplift"
        r" for (?P<scope>.+?)\.(?= |$)",
        expect=kit.NONE_OR_MORE,
    ),
)


class Openai(kit.Official):
    """Tiers are tabs, each a label above its table; a section says what its prices are per."""

    documents = (
        kit.Document(
            "pricing.md",
            "https://developers.openai.com/api/docs/pricing.md",
            forms=(
                kit.Form(
                    "tables",
                    recognise=kit.all_of(
                        kit.is_kind(kit.Kind.MARKDOWN),
                        kit.has_column("Model"),
                        kit.has_column("Short context input"),
                    ),
                    prepare=arranged,
                    tables=TABLES_READ,
                ),
                kit.Form(
                    "components",
                    recognise=kit.markdown_with(r"<TextTokenPricingTables\s"),
                    jsx=COMPONENTS.jsx,
                    prepare=mended,
                    tables=TABLES_READ,
                ),
            ),
            minimum_models=40,
            minimum_points=200,
        ),
        kit.Document(
            "pricing",
            "https://developers.openai.com/api/docs/pricing",
            forms=(
                kit.Form(
                    "islands",
                    recognise=kit.html_with(r"<astro-island\s"),
                    part="article",
                    prepare=with_components,
                    tables=TABLES_READ,
                ),
                kit.Form(
                    "converted",
                    recognise=kit.all_of(
                        kit.is_kind(kit.Kind.MARKDOWN), kit.has_column("Short context")
                    ),
                    prepare=arranged,
                    tables=TABLES_READ,
                ),
            ),
            minimum_models=25,
            minimum_points=120,
        ),
    )
