"""Vertex: Google Cloud's pricing page of generative AI, Gemini and partners' models alike.

Its cells hold a model in several lines, labelled lines of prices ("Cache Hit: $0.50"), two regions'
prices, or a paragraph on grounding; each is put in a row or column of its own before it is read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.reading import Adjustment, PricePoint
from catalog.vocabulary import Meter, Unit
from spiders import dividing, kit

TOKENS = Unit.MILLION_TOKENS
AUDIO, IMAGE, VIDEO, CACHED = (frozenset({word}) for word in ("audio", "image", "video", "cached"))
INPUT, OUTPUT = kit.Terms(Meter.INPUT_TOKENS), kit.Terms(Meter.OUTPUT_TOKENS)
BATCH = kit.Terms(tier="batch")
WRITE, WRITE_1H = kit.Terms(Meter.CACHE_WRITE_TOKENS), kit.Terms(Meter.CACHE_WRITE_1H_TOKENS)
HIT = kit.Terms(Meter.CACHE_READ_TOKENS)
TRAINING = kit.Terms(Meter.TRAINING_TOKENS, unit=TOKENS)
OF = {  # the kinds of input and output, as rows of several tables name them
    "text": INPUT,
    "audio": kit.Terms(Meter.INPUT_TOKENS, said=AUDIO),
    "image": kit.Terms(Meter.INPUT_TOKENS, said=IMAGE),
    "video": kit.Terms(Meter.INPUT_TOKENS, said=VIDEO),
    "video/image": kit.Terms(Meter.INPUT_TOKENS, said=VIDEO | IMAGE),
}
TO = {
    "text": OUTPUT,
    "audio": kit.Terms(Meter.OUTPUT_TOKENS, said=AUDIO),
    "image": kit.Terms(Meter.OUTPUT_TOKENS, said=IMAGE),
}
TYPES = {
    r"Input video \(\$/per frame\)": kit.Terms(
        Meter.OTHER, unit=Unit.OTHER, variant="input video frame"
    ),
    r"Input(?: \(text\b[^()]*\))?": INPUT,
    r"Output(?: \(text\b[^()]*\))?": OUTPUT,
    r"Text output \(response and reasoning\)": OUTPUT,
    "1M input tokens": kit.Terms(Meter.INPUT_TOKENS, unit=TOKENS),
    **{rf"Input \({what}\)|{what} input": said for what, said in OF.items()},
    **{f"1M input {what} tokens": said.under(kit.Terms(unit=TOKENS)) for what, said in OF.items()},
    **{rf"Input {what} \(\$/{{unit}}\)": said for what, said in OF.items()},
    **{f"{what} output": said for what, said in TO.items()},
    **{f"1M output {what} tokens": said.under(kit.Terms(unit=TOKENS)) for what, said in TO.items()},
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
TYPE = kit.Choice(TYPES, quoted=True)
REGIONS = {"Global": kit.Terms(region="global"), "Non-global": kit.Terms(region="non-global")}
TIERS = {
    "Standard(?: Model)?": kit.Terms(tier="standard"),
    "Priority": kit.Terms(tier="priority"),
    "Flex": kit.Terms(tier="flex"),
    "Batch": BATCH,
    **REGIONS,
    r".+ Multi-Region \({region}\)": kit.Terms(),
    r"(?=[a-z]+-[a-z]+\d){region}": kit.Terms(),
    "Models with uniform pricing across all regions": kit.Terms(),
    "Context Cache Storage price for Explicit Caching": kit.Terms(),
}
WORDS = {
    **REGIONS,
    "of video": kit.Terms(),
    "per song": kit.Terms(unit=Unit.OTHER),
    r"Models Supported:.*": kit.Terms(),
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


def price(meter: Meter | None = None, **said: str | Unit) -> kit.Price:
    """Declare a column of prices."""
    return kit.Price(meter, words=WORDS, **said)  # type: ignore[arg-type] # the names are those of Terms


def tokens(*, carried: bool) -> kit.PriceTable:
    """Declare the tables with a column a prompt length; blank cells may carry on those above."""
    return kit.PriceTable(
        None,
        {
            "Model": kit.Model(carried=carried),
            "Feature": kit.Choice(
                {"Context Cache Storage": kit.Terms(said=frozenset({"storage"}))}, optional=True
            ),
            "Type": kit.Choice(TYPES, quoted=True, carried=carried),
            "Region": kit.Choice(REGIONS, optional=True),
            **{
                rf"Price \(/{{unit}}\)(?: {{context}})? cached input tokens{behind}": kit.Price(
                    tier=tier, words=WORDS, said=CACHED, optional=True
                )
                for behind, tier in WITH.items()
            },
            **{
                rf"(?:Model)?Price \(/{{unit}}\)(?: {{context}} input tokens)?{behind}": kit.Price(
                    tier=tier, words=WORDS, optional=True
                )
                for behind, tier in WITH.items()
            },
        },
        levels=(TIERS,),
        has=r"(?:Model)?Price \(/\w+ tokens\)(?: .+)?",
        expect=kit.ONE_OR_MORE,
    )


def table(
    section: str | None, columns: dict[str, kit.Model | kit.Choice | kit.Price | kit.Ignored]
) -> kit.PriceTable:
    """Declare tables that a page may lack."""
    return kit.PriceTable(section, columns, expect=kit.NONE_OR_MORE)


def several(text: str) -> kit.Names:
    """Read "Imagen 2, Imagen 1"."""
    return kit.Names(kit.listed_names(text))


BY_TYPE = (
    table(None, {"Model": kit.Model(), "Type": TYPE, "Pricing": price()}),
    table(
        "Token-based pricing",
        {
            "Model": kit.Model(),
            "Type": TYPE,
            "Price": price(),
            "Price with Batch API": price(tier="batch"),
        },
    ),
    table(
        "Token-based pricing",
        {
            "Model": kit.Model(),
            "Type": TYPE,
            r"Storage \(M tok-hour\)": kit.Price(
                unit=Unit.MILLION_TOKEN_HOURS, said=frozenset({"storage"})
            ),
            "Price": kit.Price(said=CACHED),
        },
    ),
    table(
        "Other Gemini models",
        {
            "Model": kit.Model(),
            "Feature": kit.Choice({"Multimodal|Tuning|": kit.Terms()}),
            "Type": TYPE,
            r"Price ?\( ?{context} input tokens\)": price(),
        },
    ),
    table(
        None,
        {
            "(?:Open Source )?Model": kit.Model(),
            "Type": TYPE,
            "Region": kit.Choice(REGIONS, optional=True),
            "Requests": kit.Choice(
                {"Online requests": kit.Terms(tier="standard"), "Batch requests": BATCH}
            ),
            "Price per {unit}": price(currency="USD"),
        },
    ),
    table(
        "MultiModal Embeddings",
        {
            "Model": kit.Model(),
            "Type": TYPE,
            "Description": kit.Ignored("says in words what the type says"),
            "Price": price(),
        },
    ),
)
BY_FEATURE = (
    table(
        None,
        {
            "Feature": kit.Model(
                says={
                    "Grounding with your data": kit.Terms(Meter.REQUESTS),
                    ".+": kit.Terms(Meter.SEARCHES),
                }
            ),
            "Generation": kit.Choice({"{variant}": kit.Terms()}),
            "Pricing": price(),
        },
    ),
    table(
        "Imagen|Veo|Lyria",
        {
            "Model": kit.Model(read=several),
            "Variant": kit.Choice({"{variant}|": kit.Terms()}, quoted=True),
            "Feature|Description|Input|Output Resolution": kit.Ignored("the variant says it"),
            "Output": kit.Choice(
                {
                    "Image": kit.Terms(Meter.IMAGES),
                    "Text .+": kit.Terms(Meter.INPUT_IMAGES),
                    "Video.*": kit.Terms(Meter.VIDEO_SECONDS),
                    ".*(?:music|song).*": kit.Terms(Meter.AUDIO),
                }
            ),
            "Price": price(),
        },
    ),
    table(
        "MultiModal Embeddings",
        {
            "Model": kit.Model(),
            "Feature|Output|Variant": kit.Ignored("input and description say it"),
            "Description": kit.Choice({"(?=Video ){variant}": kit.Terms(), ".*": kit.Terms()}),
            "Input": kit.Choice({"Video": kit.Terms(Meter.VIDEO_SECONDS), **OF}),
            "Price": price(),
        },
    ),
    table(
        r"Translation \(Text\)",
        {
            "Model": kit.Model(),
            "Method": kit.Choice({"Text translation": kit.Terms(Meter.CHARACTERS)}),
            "Usage": kit.Choice({"The number of {variant} characters per month": kit.Terms()}),
            "Price per {unit}": price(),
        },
    ),
    table(
        "Provisioned Throughput",
        {
            "Duration|Per": kit.Ignored("the variant says it"),
            "Variant": kit.Choice(
                {
                    "{variant}": kit.Terms(
                        Meter.OTHER, unit=Unit.OTHER, model="Provisioned Throughput"
                    )
                }
            ),
            "Price per GSU": kit.Price(words=WORDS, thousands=True),
        },
    ),
    table(
        "Model Tuning",
        {
            "Model": kit.Model(),
            "Type": kit.Choice({"(?:(?:Supervised fine-|Preference )tuning ?)+": kit.Terms()}),
            r"Price \(/1M training tokens\)": kit.Price(
                Meter.TRAINING_TOKENS, unit=TOKENS, optional=True
            ),
            r"Price \(/1M training characters\)": kit.Price(
                Meter.CHARACTERS,
                unit=Unit.MILLION_CHARACTERS,
                variant="training",
                optional=True,
            ),
        },
    ),
    table("Pricing for tools", {"Tool": kit.Model(), "Price": price(Meter.SEARCHES)}),
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


def prepare(page: kit.Page) -> kit.Page:
    """Put every price in a cell of its own, with what it is the price of in the cells beside it."""
    starts = STARTS.search(page.words)
    day = starts[1] if starts else ""
    blocks: list[kit.Block] = []
    generation = ""
    for block in page.blocks:
        if isinstance(block, kit.Grid) and REFERENCE not in block.headings:
            blocks += arranged(block, generation, day)
            continue
        if not isinstance(block, kit.Grid) and GENERATION.fullmatch(block.text):
            generation = block.text
        blocks.append(block)
    return page.with_blocks(blocks)


def arranged(grid: kit.Grid, generation: str, day: str) -> Iterator[kit.Grid]:
    """Arrange one table; its rows on grounding, and each of two tiers, become their own."""
    prices = [i for i, column in enumerate(grid.columns) if PRICED.fullmatch(column)]
    rows = [(place, plain(row, day)) for place, row in dividing.placed_rows(grid)]
    grounding = [place for place, row in rows if GROUNDING.match(row[0].text)]
    if grounding:
        columns = ("Feature", "Pricing", "Generation")
        stated = [(place, grounded(row, generation)) for place, row in rows if place in grounding]
        where = f"{grid.locator} (grounding)"
        yield dividing.with_rows(replace(grid, columns=columns, locator=where), stated)
    priced = [(p, row) for p, row in rows if p not in grounding and states(row, prices)]
    if priced or not grounding:
        lines = dividing.by_line(without_blank(dividing.with_rows(grid, priced)), "Type", prices)
        yield from of_tiers(with_variants(dividing.by_label(lines, prices, column_of_labels)))


def without_blank(grid: kit.Grid) -> kit.Grid:
    """Leave out the last columns, where they have neither a heading nor a text."""
    last = len(grid.columns)
    while last and not grid.columns[last - 1] and not any(row[last - 1].text for row in grid.rows):
        last -= 1
    rows = tuple(row[:last] for row in grid.rows)
    return replace(grid, columns=grid.columns[:last], rows=rows)


def column_of_labels(labels: set[str]) -> str:
    """Tell what labelled lines say: how requests are made, or the type of what is counted."""
    return "Requests" if all(label.endswith("requests") for label in labels) else "Type"


def plain(row: dividing.Row, day: str) -> dividing.Row:
    """Say in words when a marked price starts; a model's lines are one name, without remarks."""
    name = re.sub(r"\s*\(Excluding [^()]*\)", "", row[0].text.replace("\n", " "))
    starting = f"(Non-global) starting {day}" if day else "(Non-global)"
    dated = re.compile(r"\(Non-global\)(?:\*|$)", re.IGNORECASE | re.MULTILINE)
    per = re.compile(r"\((/[^()]*)\)")
    texts = (per.sub(r"\1", dated.sub(starting, cell.text)) for cell in row[1:])
    cells = (replace(cell, text=text) for cell, text in zip(row[1:], texts, strict=True))
    return (kit.Cell(name), *cells)


def states(row: dividing.Row, prices: Sequence[int]) -> bool:
    """Tell whether a row states a price; those that only name a model, or say N/A, do not."""
    stated = any(STATES.search(row[place].text) for place in prices)
    return stated or any(AMOUNT.search(cell.text) for cell in row)


def grounded(row: dividing.Row, generation: str) -> dividing.Row:
    """Find the one price, and the day it starts, in a paragraph on grounding."""
    text = " ".join(dict.fromkeys(cell.text for cell in row[1:]))
    found = set(re.findall(r"\$[\d.]+ per 1,000 (?:[a-z]+ )?(?:prompts|queries|requests)\b", text))
    days = set(re.findall(r"(?:will start|starting) (\w+ \d{1,2}, \d{4})", text))
    amounts = set(re.findall(r"\$[\d.,]*\d", text))
    if (len(found), len(amounts)) != (1, 1) or len(days) > 1 or not generation:
        raise kit.changed(f"{row[0].text!r} states not one price: {text[:200]!r}")
    starting = "".join(f" starting {day}" for day in days)
    return (row[0], kit.Cell(found.pop() + starting), kit.Cell(generation))


def with_variants(grid: kit.Grid) -> kit.Grid:
    """Put in one column what tells apart the prices of one model for images, video or music."""
    if not {"Feature", "Duration"} & set(grid.columns) or {"Type", "Generation"} & set(
        grid.columns
    ):
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
            kit.Cell(said),
        )
        for row, name, said in zip(grid.rows, named, variants, strict=True)
    )
    return replace(grid, columns=(*grid.columns, "Variant"), rows=cells)


def per_song(cell: kit.Cell) -> kit.Cell:
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


def of_tiers(grid: kit.Grid) -> Iterator[kit.Grid]:
    """Give a table of two tiers once for each."""
    if not grid.headings or grid.headings[-1] != "Flex/Batch":
        if any(column.endswith("with Flex/Batch") for column in grid.columns):
            raise kit.changed(f"{grid.locator} is of two tiers, which no heading above it says")
        yield grid
        return
    for tier in ("Flex", "Batch"):
        headings = (*(h for h in grid.headings if h != "Flex/Batch"), tier)
        yield replace(grid, headings=headings, locator=f"{grid.locator} ({tier})")


def read_notes(page: kit.Page, _seen_at: date | None) -> kit.Found:
    """Read the prices of images by size, which only the notes below the tables state."""
    names = {row[0].text for grid in page.grids for row in grid.rows if row}
    points: list[PricePoint] = []
    claims: list[kit.Claim] = []
    for block in page.prose:
        if not (note := IMAGES_NOTE.search(block.text)):
            continue
        models = [name for name in names if f"{name} ".startswith(f"{note['model']} ")]
        model = models[0] if len(models) == 1 else note["model"]
        sizes = list(BY_SIZE.finditer(block.text))
        if len(sizes) == len(AMOUNT.findall(block.text)):
            claims.append(kit.Claim(block.locator))
        for size in sizes:
            terms = kit.Terms(Meter.IMAGES, model=model, variant=size["size"].lower())
            quote = kit.Quote(Decimal(size["amount"]), "USD", Unit.IMAGE)
            evidence = f"prose only: {size.group()}"
            points.append(kit.point(terms, quote, evidence=evidence, locator=block.locator))
    cheaper = ((block, BATCH_COSTS.search(block.text)) for block in page.prose)
    batches = tuple(batch(said, block.headings[-1]) for block, said in cheaper if said)
    return kit.Found(tuple(points), adjustments=batches, claims=tuple(claims))


def batch(said: re.Match[str], scope: str) -> Adjustment:
    """Read by which factor batches are cheaper."""
    factor = 1 - Decimal(said["less"]) / 100
    return Adjustment(name="batch", factor=factor, scope=scope, evidence=said.group())


NOT_READ = (
    kit.Unread("for reference only: billing is by tokens", section=REFERENCE),
    kit.Unread("ranges in worked examples", section=r"Agent Platform Model Optimizer Pricing.*"),
    kit.Unread("a worked example", section="Example cost calculation"),
    kit.Unread("how bills are rounded", text=r"fractions of one cent"),
    kit.Unread("an advertisement", text=r"\bfree credits\b"),
)
PAGE = kit.Form(
    "page",
    recognise=kit.has_heading("Google models", "Gemini .+"),
    prepare=prepare,
    tables=(tokens(carried=False), *BY_TYPE, *BY_FEATURE),
    read=read_notes,
    ignored=NOT_READ,
)
CELLS = replace(
    PAGE,
    name="cells",
    recognise=kit.has_column("Type", r"(?:Model)?Price \(/1[MK] tokens\) .+ input tokens"),
    tables=(tokens(carried=True), *BY_TYPE, *BY_FEATURE),
)


class Vertex(kit.Official):
    """Gemini and partners' models, sold by Google Cloud."""

    document = kit.Document(
        "pricing",
        "https://cloud.google.com/vertex-ai/generative-ai/pricing",
        forms=(PAGE, CELLS),
        minimum_models=5,
        minimum_points=40,
    )
