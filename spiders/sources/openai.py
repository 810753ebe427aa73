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
# Which table it is, by columns that only this table has; the first that fits.
KINDS = {
    "video": {"size", "price per second"},
    "minutes": {"price per minute"},
    "tools": {"tool"},
    "fine-tuning": {"training"},
    "tokens": {"model", "input"},
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
    long = _threshold(page.text)
    signs = "".join(sorted(set(SIGN.findall(" ".join(cells)))))
    for block in TABS.labelled(page.blocks):
        if isinstance(block, kit.Grid):
            labels = {**block.labels, "currency": signs, "long": long}
            yield _shaped(replace(block, labels=labels))
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
    said = {c.replace(" / ", " ").lower().removeprefix("short context ") for c in whole.columns}
    kind = next((kind for kind, needed in KINDS.items() if needed <= said), None)
    if kind is None:
        raise kit.changed(f"{table.locator} has the unknown columns {', '.join(whole.columns)}")
    table = replace(whole, headings=(kind,))
    if kind == "tools":
        return replace(table, rows=tuple(_tool_row(*row) for row in table.rows))
    return arrange.spread(table, _by_what_is_priced) if kind == "tokens" else table


def _threshold(text: str) -> str:
    stated = set(THRESHOLD.findall(text))
    if len(stated) > 1:
        raise kit.changed(f"long context begins at {' and '.join(sorted(stated))} thousand tokens")
    return f"> {stated.pop()}K" if stated else "long"


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


def _by_what_is_priced(row: arrange.Row, _: Sequence[arrange.Row]) -> Mapping[str, str]:
    tokens = any(not kit.absence(row[c].text) for c in ("Input", "Output") if c in row)
    return {"Estimated cost": "Estimated cost of tokens"} if tokens else {}


LABELS = {
    "tier": {tier: kit.Terms(tier=tier) for tier in TABS.tabs.values()},
    "per": {"": kit.Terms(), r"Prices per {unit}(?: unless noted)?\.": kit.Terms()},
    "currency": {r"\$": kit.Terms(currency="USD")},
}
"""Components hold numbers without a currency: it is the one that the whole page shows."""
OWN_NOTE = r"\(<\d+K context length\)"
SHARING = r"with data sharing|\(data sharing\)"
NOTES = {
    OWN_NOTE: kit.Terms(),
    SHARING: kit.Terms(variant="fine-tuned with data sharing"),
    "legacy": kit.Terms(),
}
MODEL = kit.Model(
    read=lambda text: kit.read_names(re.sub(rf"(?<=\S) (?:{OWN_NOTE}|{SHARING})$", "", text)),
    says={rf".+ (?:{SHARING})": NOTES[SHARING], ".+": kit.Terms()},
    notes=NOTES,
)
OTHERWISE = {
    "/ minute": kit.Terms(Meter.AUDIO, unit=Unit.MINUTE),
    "/ 1M characters": kit.Terms(Meter.CHARACTERS, unit=Unit.MILLION_CHARACTERS),
}
HOURLY = {"/ hour": kit.Terms(Meter.HOURS, unit=Unit.HOUR)}
TOKENS = {
    name: kit.Price(meter, words=OTHERWISE, optional=True)
    for name, meter in (
        ("Input", Meter.INPUT_TOKENS),
        ("Cached input", Meter.CACHE_READ_TOKENS),
        ("Cache writes", Meter.CACHE_WRITE_TOKENS),
        ("Output(?: / cost)?", Meter.OUTPUT_TOKENS),
    )
}
DETAILS = {
    r"(?:Image )?Web search \(all models\)": kit.Terms(Meter.SEARCHES),
    r"Web search preview \(reasoning models.*\)|Reasoning models.*": kit.Terms(
        Meter.SEARCHES, variant="reasoning models"
    ),
    **{
        rf"(?:Web search preview \()?{models}\)?": kit.Terms(Meter.SEARCHES, variant=models)
        for models in ("non-reasoning models", "gpt-4o and gpt-4.1 models")
    },
    "(?:Hosted Shell and )?Code Interpreter|Containers": kit.Terms(
        Meter.SESSIONS, unit=Unit.SESSION
    ),
    "Storage|.+ storage": kit.Terms(Meter.STORAGE_GB_DAYS),
    "Tool call": kit.Terms(Meter.REQUESTS),
}
"""What a tool's details say that its price is of."""


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
        "tokens",
        {
            "Model": MODEL,
            "Category|Use case": kit.Ignored("what the model is for"),
            "Modality": kit.Choice(
                {word: kit.Terms(said=frozenset({word})) for word in ("text", "audio", "image")},
                apart=True,
                quoted=True,
                optional=True,
            ),
            **{rf"(?:Short context(?: /)? )?{c}": price for c, price in TOKENS.items()},
            **{rf"Long context(?: /)? {c}": replace(p, long=True) for c, p in TOKENS.items()},
            "Estimated cost": kit.Price(Meter.AUDIO, optional=True),
            "Estimated cost of tokens": kit.Price(Meter.AUDIO, variant="estimated", optional=True),
        },
    ),
    table("minutes", {"Model": kit.Model(), "Price per {unit}": kit.Price(Meter.AUDIO)}),
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
        "tools",
        {
            "Tool": kit.Model(),
            "Details": kit.Choice(DETAILS, quoted=True),
            "Pricing": kit.Price(words=SEARCH_TOKENS | CONTAINERS | FREE_STORAGE),
        },
    ),
    table(
        "fine-tuning",
        {
            "Model": MODEL,
            "Training": kit.Price(Meter.TRAINING_TOKENS, words=HOURLY, optional=True),
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
