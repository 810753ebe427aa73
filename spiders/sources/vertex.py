"""Vertex: Google Cloud's pricing page of generative AI, Gemini and partners' models alike.

Its cells hold a model in several lines, labelled lines of prices ("Cache Hit: $0.50"), two regions'
prices, or a paragraph on grounding; each is put in a row or column of its own before it is read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from catalog.reading import Adjustment, PricePoint
from catalog.vocabulary import Meter, SourceKind, Unit
from spiders.dividing import Row, by_label, by_line, placed_rows, with_rows
from spiders.grid import Block, Cell, Grid
from spiders.ledger import Unread
from spiders.names import Names, listed_names
from spiders.page import Page, changed
from spiders.price_table import NONE_OR_MORE, ONE_OR_MORE, Choice, Ignored, Model, Price, PriceTable
from spiders.quotes import Quote
from spiders.reader import Claim, Found
from spiders.source import Document, Form, PriceSource, has_column, has_heading
from spiders.terms import Terms, point

TOKENS = Unit.MILLION_TOKENS
AUDIO, IMAGE, VIDEO, CACHED = (frozenset({word}) for word in ("audio", "image", "video", "cached"))
INPUT, OUTPUT = Terms(Meter.INPUT_TOKENS), Terms(Meter.OUTPUT_TOKENS)
BATCH = Terms(tier="batch")
WRITE, WRITE_1H = Terms(Meter.CACHE_WRITE_TOKENS), Terms(Meter.CACHE_WRITE_1H_TOKENS)
HIT = Terms(Meter.CACHE_READ_TOKENS)
TRAINING = Terms(Meter.TRAINING_TOKENS, unit=TOKENS)
OF = {  # the kinds of input and output, as rows of several tables name them
    "text": INPUT,
    "audio": Terms(Meter.INPUT_TOKENS, said=AUDIO),
    "image": Terms(Meter.INPUT_TOKENS, said=IMAGE),
    "video": Terms(Meter.INPUT_TOKENS, said=VIDEO),
    "video/image": Terms(Meter.INPUT_TOKENS, said=VIDEO | IMAGE),
}
TO = {
    "text": OUTPUT,
    "audio": Terms(Meter.OUTPUT_TOKENS, said=AUDIO),
    "image": Terms(Meter.OUTPUT_TOKENS, said=IMAGE),
}
TYPES = {
    r"Input video \(\$/per frame\)": Terms(
        Meter.OTHER, unit=Unit.OTHER, variant="input video frame"
    ),
    r"Input(?: \(text\b[^()]*\))?": INPUT,
    r"Output(?: \(text\b[^()]*\))?": OUTPUT,
    r"Text output \(response and reasoning\)": OUTPUT,
    "1M input tokens": Terms(Meter.INPUT_TOKENS, unit=TOKENS),
    **{rf"Input \({what}\)|{what} input": said for what, said in OF.items()},
    **{f"1M input {what} tokens": said.under(Terms(unit=TOKENS)) for what, said in OF.items()},
    **{rf"Input {what} \(\$/{{unit}}\)": said for what, said in OF.items()},
    **{f"{what} output": said for what, said in TO.items()},
    **{f"1M output {what} tokens": said.under(Terms(unit=TOKENS)) for what, said in TO.items()},
    "Tuning for 1M training tokens": TRAINING,
    "Training Token": TRAINING,
    "Batch Input": INPUT.under(BATCH),
    "Batch Output": OUTPUT.under(BATCH),
    "(?:5m )?Cache Write": WRITE,
    "(?:5m )?Batch Cache Write": WRITE.under(BATCH),
    "1h Cache Write": WRITE_1H,
    "1h Batch Cache Write": WRITE_1H.under(BATCH),
    "Cache Hit": HIT,
    "Batch Cache Hit": HIT.under(BATCH),
}
TYPE = Choice(TYPES, quoted=True)
REGIONS = {"Global": Terms(region="global"), "Non-global": Terms(region="non-global")}
TIERS = {
    "Standard(?: Model)?": Terms(tier="standard"),
    "Priority": Terms(tier="priority"),
    "Flex": Terms(tier="flex"),
    "Batch": BATCH,
    **REGIONS,
    r".+ Multi-Region \({region}\)": Terms(),
    r"(?=[a-z]+-[a-z]+\d){region}": Terms(),
    "Models with uniform pricing across all regions": Terms(),
    "Context Cache Storage price for Explicit Caching": Terms(),
}
WORDS = {
    **REGIONS,
    "of video": Terms(),
    "per song": Terms(unit=Unit.OTHER),
    r"Models Supported:.*": Terms(),
}


WITH: Mapping[str, str | None] = {
    "": None,
    " with Standard": "standard",
    " with Priority": "priority",
    " with Flex": "flex",
    " with Batch(?: API)?": "batch",
    " with Flex/Batch": None,
}
"""What a heading says behind its prompt length, and the tier that this is."""


def price(meter: Meter | None = None, **said: str | Unit) -> Price:
    """Declare a column of prices."""
    return Price(meter, words=WORDS, **said)  # type: ignore[arg-type] # the names are those of Terms


def tokens(*, carried: bool) -> PriceTable:
    """Declare the tables with a column a prompt length; blank cells may carry on those above."""
    return PriceTable(
        None,
        {
            "Model": Model(carried=carried),
            "Feature": Choice(
                {"Context Cache Storage": Terms(said=frozenset({"storage"}))}, optional=True
            ),
            "Type": Choice(TYPES, quoted=True, carried=carried),
            "Region": Choice(REGIONS, optional=True),
            **{
                rf"Price \(/{{unit}}\)(?: {{context}})? cached input tokens{behind}": Price(
                    tier=tier, words=WORDS, said=CACHED, optional=True
                )
                for behind, tier in WITH.items()
            },
            **{
                rf"(?:Model)?Price \(/{{unit}}\)(?: {{context}} input tokens)?{behind}": Price(
                    tier=tier, words=WORDS, optional=True
                )
                for behind, tier in WITH.items()
            },
        },
        levels=(TIERS,),
        has=r"(?:Model)?Price \(/\w+ tokens\)(?: .+)?",
        expect=ONE_OR_MORE,
    )


def table(section: str | None, columns: dict[str, Model | Choice | Price | Ignored]) -> PriceTable:
    """Declare tables that a page may lack."""
    return PriceTable(section, columns, expect=NONE_OR_MORE)


def several(text: str) -> Names:
    """Read "Imagen 2, Imagen 1"."""
    return Names(listed_names(text))


BY_TYPE = (
    table(None, {"Model": Model(), "Type": TYPE, "Pricing": price()}),
    table(
        "Token-based pricing",
        {
            "Model": Model(),
            "Type": TYPE,
            "Price": price(),
            "Price with Batch API": price(tier="batch"),
        },
    ),
    table(
        "Token-based pricing",
        {
            "Model": Model(),
            "Type": TYPE,
            r"Storage \(M tok-hour\)": Price(
                unit=Unit.MILLION_TOKEN_HOURS, said=frozenset({"storage"})
            ),
            "Price": Price(said=CACHED),
        },
    ),
    table(
        "Other Gemini models",
        {
            "Model": Model(),
            "Feature": Choice({"Multimodal|Tuning|": Terms()}),
            "Type": TYPE,
            r"Price ?\( ?{context} input tokens\)": price(),
        },
    ),
    table(
        None,
        {
            "(?:Open Source )?Model": Model(),
            "Type": TYPE,
            "Region": Choice(REGIONS, optional=True),
            "Requests": Choice(
                {"Online requests": Terms(tier="standard"), "Batch requests": BATCH}
            ),
            "Price per {unit}": price(currency="USD"),
        },
    ),
    table(
        "MultiModal Embeddings",
        {
            "Model": Model(),
            "Type": TYPE,
            "Description": Ignored("says in words what the type says"),
            "Price": price(),
        },
    ),
)
BY_FEATURE = (
    table(
        None,
        {
            "Feature": Model(),
            "Kind": Choice(
                {"Grounding with your data": Terms(Meter.REQUESTS), ".+": Terms(Meter.SEARCHES)}
            ),
            "Generation": Choice({"{variant}": Terms()}),
            "Pricing": price(),
        },
    ),
    table(
        "Imagen|Veo|Lyria",
        {
            "Model": Model(read=several),
            "Variant": Choice({"{variant}|": Terms()}, quoted=True),
            "Feature|Description|Input|Output Resolution": Ignored("the variant says it"),
            "Output": Choice(
                {
                    "Image": Terms(Meter.IMAGES),
                    "Text .+": Terms(Meter.INPUT_IMAGES),
                    "Video.*": Terms(Meter.VIDEO_SECONDS),
                    ".*(?:music|song).*": Terms(Meter.AUDIO),
                }
            ),
            "Price": price(),
        },
    ),
    table(
        "MultiModal Embeddings",
        {
            "Model": Model(),
            "Feature|Output|Variant": Ignored("input and description say it"),
            "Description": Choice({"(?=Video ){variant}": Terms(), ".*": Terms()}),
            "Input": Choice({"Video": Terms(Meter.VIDEO_SECONDS), **OF}),
            "Price": price(),
        },
    ),
    table(
        r"Translation \(Text\)",
        {
            "Model": Model(),
            "Method": Choice({"Text translation": Terms(Meter.CHARACTERS)}),
            "Usage": Choice({"The number of {variant} characters per month": Terms()}),
            "Price per {unit}": price(),
        },
    ),
    table(
        "Provisioned Throughput",
        {
            "Duration|Per": Ignored("the variant says it"),
            "Variant": Choice(
                {"{variant}": Terms(Meter.OTHER, unit=Unit.OTHER, model="Provisioned Throughput")}
            ),
            "Price per GSU": Price(words=WORDS, thousands=True),
        },
    ),
    table(
        "Model Tuning",
        {
            "Model": Model(),
            "Type": Choice({"(?:(?:Supervised fine-|Preference )tuning ?)+": Terms()}),
            r"Price \(/1M training tokens\)": Price(
                Meter.TRAINING_TOKENS, unit=TOKENS, optional=True
            ),
            r"Price \(/1M training characters\)": Price(
                Meter.CHARACTERS,
                unit=Unit.MILLION_CHARACTERS,
                variant="training",
                optional=True,
            ),
        },
    ),
    table("Pricing for tools", {"Tool": Model(), "Price": price(Meter.SEARCHES)}),
)

PRICED = re.compile(r".*(?:price|pricing|storage).*", re.IGNORECASE | re.DOTALL)
STATES = re.compile(r"\d|charge|free", re.IGNORECASE)
AMOUNT = re.compile(r"[$€£¥]\s*\d|\d\s*(?:USD|EUR|CNY|cents?\b)")
GENERATION = re.compile(r"Gemini \d[\d.]*|Other Gemini models", re.IGNORECASE)
STARTS = re.compile(
    r"non-global endpoints, pricing will go into effect .*? on (\w+ \d{1,2}, \d{4})"
)
MAIN_FEATURE = re.compile(r"\w+ generation", re.IGNORECASE)
"""What a model of images, video or music does; other features are always named."""
IMAGES_NOTE = re.compile(r"^\W*(?P<model>\w[\w. -]*? Image) charges \d+ tokens per input image")
BATCH_COSTS = re.compile(r"Gemini models are available in batch mode at (?P<less>\d+)% discount")
BY_SIZE = re.compile(
    r"\(\$(?P<amount>[\d.]+)(?: per output image)?\) for (?P<size>\w+(?: and \w+)*) \(roughly"
)
GROUNDING = re.compile(r"(?:Web )?Grounding\b")
REFERENCE = "Modality-based pricing"


def prepare(page: Page) -> Page:
    """Put every price in a cell of its own, with what it is the price of in the cells beside it."""
    starts = STARTS.search(page.words)
    day = starts[1] if starts else ""
    blocks: list[Block] = []
    generation = ""
    for block in page.blocks:
        if isinstance(block, Grid) and REFERENCE not in block.headings:
            blocks += arranged(block, generation, day)
            continue
        if not isinstance(block, Grid) and GENERATION.fullmatch(block.text):
            generation = block.text
        blocks.append(block)
    return page.with_blocks(blocks)


def arranged(grid: Grid, generation: str, day: str) -> Iterator[Grid]:
    """Arrange one table; its rows on grounding, and each of two tiers, become their own."""
    prices = [i for i, column in enumerate(grid.columns) if PRICED.fullmatch(column)]
    rows = [(place, plain(row, day)) for place, row in placed_rows(grid)]
    grounding = [place for place, row in rows if GROUNDING.match(row[0].text)]
    if grounding:
        columns = ("Feature", "Pricing", "Kind", "Generation")
        stated = [(place, grounded(row, generation)) for place, row in rows if place in grounding]
        where = f"{grid.locator} (grounding)"
        yield with_rows(replace(grid, columns=columns, locator=where), stated)
    priced = [(p, row) for p, row in rows if p not in grounding and states(row, prices)]
    if priced or not grounding:
        lines = by_line(without_blank(with_rows(grid, priced)), "Type", prices)
        yield from of_tiers(with_variants(by_label(lines, prices, column_of_labels)))


def without_blank(grid: Grid) -> Grid:
    """Leave out the last columns, where they have neither a heading nor a text."""
    last = len(grid.columns)
    while last and not grid.columns[last - 1] and not any(row[last - 1].text for row in grid.rows):
        last -= 1
    rows = tuple(row[:last] for row in grid.rows)
    return replace(grid, columns=grid.columns[:last], rows=rows)


def column_of_labels(labels: set[str]) -> str:
    """Tell what labelled lines say: how requests are made, or the type of what is counted."""
    return "Requests" if all(label.endswith("requests") for label in labels) else "Type"


def plain(row: Row, day: str) -> Row:
    """Say in words when a marked price starts; a model's lines are one name, without remarks."""
    name = re.sub(r"\s*\(Excluding [^()]*\)", "", row[0].text.replace("\n", " "))
    starting = f"(Non-global) starting {day}" if day else "(Non-global)"
    dated = re.compile(r"\(Non-global\)(?:\*|$)", re.IGNORECASE | re.MULTILINE)
    per = re.compile(r"\((/[^()]*)\)")
    texts = (per.sub(r"\1", dated.sub(starting, cell.text)) for cell in row[1:])
    cells = (replace(cell, text=text) for cell, text in zip(row[1:], texts, strict=True))
    return (Cell(name), *cells)


def states(row: Row, prices: Sequence[int]) -> bool:
    """Tell whether a row states a price; those that only name a model, or say N/A, do not."""
    stated = any(STATES.search(row[place].text) for place in prices)
    return stated or any(AMOUNT.search(cell.text) for cell in row)


def grounded(row: Row, generation: str) -> Row:
    """Find the one price, and the day it starts, in a paragraph on grounding."""
    text = " ".join(dict.fromkeys(cell.text for cell in row[1:]))
    found = set(re.findall(r"\$[\d.]+ per 1,000 (?:[a-z]+ )?(?:prompts|queries|requests)\b", text))
    days = set(re.findall(r"(?:will start|starting) (\w+ \d{1,2}, \d{4})", text))
    amounts = set(re.findall(r"\$[\d.,]*\d", text))
    if (len(found), len(amounts)) != (1, 1) or len(days) > 1 or not generation:
        raise changed(f"{row[0].text!r} states not one price: {text[:200]!r}")
    starting = "".join(f" starting {day}" for day in days)
    return (row[0], Cell(found.pop() + starting), row[0], Cell(generation))


def with_variants(grid: Grid) -> Grid:
    """Put in one column what tells apart the prices of one model for images, video or music."""
    if not {"Feature", "Duration"} & set(grid.columns) or {"Type", "Kind"} & set(grid.columns):
        return grid
    rows = [dict(zip(grid.columns, (cell.text for cell in row), strict=True)) for row in grid.rows]
    named = [row.get("Model") or row.get("Feature", "") for row in rows]
    every = [name for text in named for name in text.split(", ")]
    variants = [
        variant(row, several=any(every.count(name) > 1 for name in text.split(", ")))
        for row, text in zip(rows, named, strict=True)
    ]
    cells = tuple(
        (
            replace(row[0], text=name or row[0].text),
            *(per_song(cell) for cell in row[1:]),
            Cell(said),
        )
        for row, name, said in zip(grid.rows, named, variants, strict=True)
    )
    return replace(grid, columns=(*grid.columns, "Variant"), rows=cells)


def per_song(cell: Cell) -> Cell:
    """Leave the song's length to the variant."""
    return replace(cell, text=re.sub(r"per .*\bsong\b.*", "per song", cell.text))


def variant(row: dict[str, str], *, several: bool) -> str:
    """Word a variant: feature and resolution, the song's length, or a commitment's terms."""
    if "Duration" in row:
        return f"{row['Duration']}, GSU per {row['Per']}"
    if song := re.search(r"per (.*song.*)", row.get("Price", "")):
        return song[1]
    resolution = row.get("Output Resolution", "")
    is_apart = several or resolution or not MAIN_FEATURE.fullmatch(row["Feature"])
    return f"{row['Feature']} {resolution}".strip() if is_apart else ""


def of_tiers(grid: Grid) -> Iterator[Grid]:
    """Give a table of two tiers once for each."""
    if not grid.headings or grid.headings[-1] != "Flex/Batch":
        if any(column.endswith("with Flex/Batch") for column in grid.columns):
            raise changed(f"{grid.locator} is of two tiers, which no heading above it says")
        yield grid
        return
    for tier in ("Flex", "Batch"):
        headings = (*(h for h in grid.headings if h != "Flex/Batch"), tier)
        yield replace(grid, headings=headings, locator=f"{grid.locator} ({tier})")


def read_notes(page: Page, _seen_at: date | None) -> Found:
    """Read the prices of images by size, which only the notes below the tables state."""
    names = {row[0].text for grid in page.grids for row in grid.rows if row}
    points: list[PricePoint] = []
    claims: list[Claim] = []
    for block in page.prose:
        if not (note := IMAGES_NOTE.search(block.text)):
            continue
        models = [name for name in names if f"{name} ".startswith(f"{note['model']} ")]
        model = models[0] if len(models) == 1 else note["model"]
        sizes = list(BY_SIZE.finditer(block.text))
        if len(sizes) == len(AMOUNT.findall(block.text)):
            claims.append(Claim(block.locator))
        for size in sizes:
            terms = Terms(Meter.IMAGES, model=model, variant=size["size"].lower())
            quote = Quote(Decimal(size["amount"]), "USD", Unit.IMAGE)
            evidence = f"prose only: {size.group()}"
            points.append(point(terms, quote, evidence=evidence, locator=block.locator))
    cheaper = ((block, BATCH_COSTS.search(block.text)) for block in page.prose)
    batches = tuple(batch(said, block.headings[-1]) for block, said in cheaper if said)
    return Found(tuple(points), adjustments=batches, claims=tuple(claims))


def batch(said: re.Match[str], scope: str) -> Adjustment:
    """Read by which factor batches are cheaper."""
    factor = 1 - Decimal(said["less"]) / 100
    return Adjustment(name="batch", factor=factor, scope=scope, evidence=said.group())


NOT_READ = (
    Unread("for reference only: billing is by tokens", section=REFERENCE),
    Unread("ranges in worked examples", section=r"Agent Platform Model Optimizer Pricing.*"),
    Unread("a worked example", section="Example cost calculation"),
    Unread("how bills are rounded", text=r"fractions of one cent"),
    Unread("an advertisement", text=r"\bfree credits\b"),
)
PAGE = Form(
    "page",
    recognise=has_heading("Google models", "Gemini .+"),
    prepare=prepare,
    tables=(tokens(carried=False), *BY_TYPE, *BY_FEATURE),
    read=read_notes,
    ignored=NOT_READ,
)
CELLS = replace(
    PAGE,
    name="cells",
    recognise=has_column("Type", r"(?:Model)?Price \(/1[MK] tokens\) .+ input tokens"),
    tables=(tokens(carried=True), *BY_TYPE, *BY_FEATURE),
)


class Vertex(PriceSource):
    """Gemini and partners' models, sold by Google Cloud."""

    name = "vertex"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "pricing",
            "https://cloud.google.com/vertex-ai/generative-ai/pricing",
            forms=(PAGE, CELLS),
            minimum_models=5,
            minimum_points=40,
        ),
    )
