"""xAI: its pages of models and prices, as HTML that carries its data, and as markdown.

The site's own markdown has a row a prompt length; a reader's markdown of the HTML has none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from catalog.reading import PricePoint, fold
from catalog.vocabulary import Meter, SourceKind, Unit
from spiders import arrange
from spiders.columns import Role
from spiders.dates import find_day
from spiders.embedded import streamed
from spiders.exact_json import Json, objects
from spiders.facts import token_count
from spiders.grid import Block, Cell, Grid
from spiders.ledger import Unread
from spiders.names import Names, read_bounded_names, read_names
from spiders.page import Kind, Page, changed
from spiders.price_list import Price as Field
from spiders.price_list import PriceList, Says, above_zero, worded
from spiders.price_table import NONE_OR_ONE, Choice, Ignored, Model, Price, PriceTable, States
from spiders.quotes import Measure
from spiders.reader import Found, together
from spiders.sentence import Repeats, Sentence, Told
from spiders.source import Document, Form, PriceSource, all_of, has_column, has_text, is_kind
from spiders.terms import Terms, coordinates

USD = Terms(currency="USD")
PER_TEN_THOUSANDTH = Decimal("0.0001")
"""What one counts in the data's token prices; the table beside them must prove it."""
PER_TEN_BILLIONTH = Decimal("1e-10")
NO_PRICE = frozenset({"0"})
SOLD_BY = re.compile(r"Cost (?:/|per) |Price$|Rate$")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def arranged(page: Page) -> Page:
    """Give each kind of model a table, and each price a column that says what it is for."""
    return page.with_blocks(tuple(made for block in page.blocks for made in _arranged(block)))


def _arranged(block: Block) -> Iterator[Block]:
    if not isinstance(block, Grid):
        yield block
    elif block.columns[-1] == "Pricing":
        yield from _by_kind(block)
    else:
        priced = any(SOLD_BY.match(column) for column in block.columns)
        yield arrange.spread(block, _by_what_is_sold) if priced else block


def _by_kind(table: Grid) -> Iterator[Grid]:
    """Divide a table at the rows that name a kind of model and what its prices are per."""
    starts = [i for i, (_, *rest) in enumerate(table.rows) if _names_kind(rest)]
    before = table.rows[: starts[0]] if starts else table.rows
    if any(cell.text for row in before for cell in row):
        raise changed(f"{table.locator} has rows whose kind of model no row above them names")
    for start, stop in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        kind, *_, per = table.rows[start]
        yield replace(
            table,
            headings=(*table.headings, kind.text),
            columns=(*table.columns[:-1], per.text),
            rows=table.rows[start + 1 : stop],
            locator=f"{table.locator}, {kind.text}",
        )


def _names_kind(rest: Sequence[Cell]) -> bool:
    return rest[-1].text.startswith("Per ") and not any(cell.text for cell in rest[:-1])


def _by_what_is_sold(row: arrange.Row, _: Sequence[arrange.Row]) -> Mapping[str, str]:
    """Put what a row sells before the column of its price."""
    named = " ".join(row[c].text for c in ("Tool", "Tool Name", "Item", "Resource") if c in row)
    sold = re.search(r"search|storage|download", named, re.IGNORECASE)
    prices = [c for c in row if SOLD_BY.match(c)]
    free = "free " if any(row[c].text.lower() == "free" for c in prices) else ""
    return {c: f"{free}{sold.group().lower()}: {c}" for c in prices} if sold else {}


GROUPED = re.compile(
    r"\| Model \| Context \| Short context \| Long context \|\s*\n(?:\|[ :]*-+[ :]*){4}\|\s*\n"
    r"\| Input \| Cached \| Output \| Input \| Cached \| Output \|"
)
"""Headings over several columns, as a reader's markdown writes them: too few."""
GROUPED_COLUMNS = (
    "Model",
    "Context",
    *(f"Short context / {what}" for what in ("Input", "Cached", "Output")),
    *(f"Long context / {what}" for what in ("Input", "Cached", "Output")),
)
MEDIA = ("Model", "Media Input", "Resolution", "Output")
OF_OUTPUT = MEDIA[2:]
"""What a row has whose model the row above names."""
NAMED_LONG = re.compile(
    r"(?P<name>\S+)(?: Long context (?P<bound>(?:≥|>=|>) ?[\d.]+[km]) tokens)?", re.IGNORECASE
)


def by_length(page: Page) -> Page:
    """Give prices of short and of long prompts a table each, and media's inputs one, too."""
    headings = " | ".join(GROUPED_COLUMNS)
    rule = "|".join(["---"] * len(GROUPED_COLUMNS))
    whole = replace(page, text=GROUPED.sub(f"| {headings} |\n|{rule}|", page.text))
    split = [made for block in whole.blocks for made in _by_length(block)]
    return arranged(whole.with_blocks(split))


def _by_length(block: Block) -> Iterator[Block]:
    if isinstance(block, Grid) and block.columns == GROUPED_COLUMNS:
        yield _of_length(block, "short", slice(2, 5))
        yield _of_length(block, "long", slice(5, 8))
    elif isinstance(block, Grid) and block.columns == MEDIA:
        yield from _of_media(block)
    else:
        yield block


def _of_length(table: Grid, length: str, places: slice) -> Grid:
    """Name in each row the prompts that it is for; rows of one length have no long prices."""
    rows = []
    for row in table.rows:
        found = NAMED_LONG.fullmatch(fold(row[0].text))
        if found is None or (length == "long" and not found["bound"] and _stated(row[places])):
            raise changed(f"{row[0].text!r} does not say from which length a prompt is long")
        bound = f" ({found['bound']} tokens)" if length == "long" and found["bound"] else ""
        rows.append((Cell(found["name"] + bound), row[1], *row[places]))
    columns = ("Model", "Context", "Input", "Cached", "Output")
    where = f"{table.locator} ({length})"
    return replace(table, columns=columns, rows=tuple(rows), locator=where, short={})


def _stated(cells: Sequence[Cell]) -> bool:
    return any(re.search(r"\d", cell.text) for cell in cells)


def _of_media(table: Grid) -> Iterator[Grid]:
    """Put what a model takes in before its outputs, of which each resolution has a row."""
    inputs: list[tuple[Cell, ...]] = []
    outputs: list[tuple[Cell, ...]] = []
    for index, row in enumerate(table.rows):
        is_whole = index not in table.short
        if not is_whole and (table.short[index] != len(OF_OUTPUT) or not outputs):
            raise changed(f"{table.locator}, row {index + 1} lacks more than its model")
        if is_whole:
            model = Cell(row[0].text.split()[0])
            inputs.append((model, row[1]))
        outputs.append((model, *(row[2:] if is_whole else row[: len(OF_OUTPUT)])))
    for columns, rows in ((MEDIA[:2], inputs), ((MEDIA[0], *OF_OUTPUT), outputs)):
        where = f"{table.locator} ({columns[-1].lower()})"
        yield replace(table, columns=columns, rows=tuple(rows), locator=where, short={})


def clusters(page: Page) -> Json:
    """Give all models of all clusters: once where it makes no difference, else by region."""
    rows = streamed(page.text).values()
    found = [config for row in rows for o in objects(row, "clusterConfigs") for config in _each(o)]
    offers = defaultdict(list)
    for cluster in found:
        for listed in objects(cluster, "name", "cluster"):
            offers[str(listed["name"])].append(_own(listed))
    apart = {name for grid in page.grids for name in _named_apart(grid)}
    return [o for name, same in offers.items() for o in _offers(same, apart=name in apart)]


def _each(found: Mapping[str, Json]) -> Sequence[Json]:
    configs = found["clusterConfigs"]
    if not isinstance(configs, list):
        raise changed(f"clusterConfigs is no list: {str(configs)[:60]}")
    return configs


def _own(listed: Mapping[str, Json]) -> Mapping[str, Json]:
    """Leave out the price of images where it is that of text."""
    alike = listed.get("promptImageTokenPrice") == listed.get("promptTextTokenPrice")
    return {n: v for n, v in listed.items() if n != "promptImageTokenPrice" or not alike}


def _named_apart(table: Grid) -> Iterator[str]:
    """Give the models whose row names a region."""
    for name, *region in (row[0].text.split("\n") for row in table.rows):
        yield from (name,) if region else ()


def _offers(same: Sequence[Mapping[str, Json]], *, apart: bool) -> Iterator[Mapping[str, Json]]:
    prices = [{n: v for n, v in o.items() if "Price" in n or "Threshold" in n} for o in same]
    if apart or any(other != prices[0] for other in prices):
        yield from ({**o, "region": o["cluster"]} for o in same)
    else:
        yield {**same[0], "region": "global"}


def lower(value: Json) -> str:
    """Word ["TEXT", "IMAGE"] as a list of modalities."""
    return worded(value).lower()


def tokens(meter: Meter, over: int | str = 0) -> Field:
    """Declare a field of the data that is a price of tokens."""
    return Field(meter=meter, scale=PER_TEN_THOUSANDTH, none=NO_PRICE, context_over=over)


DATA = PriceList(
    records="[]",
    model="name",
    prices={
        "promptTextTokenPrice": tokens(Meter.INPUT_TOKENS),
        "promptImageTokenPrice": tokens(Meter.INPUT_IMAGE_TOKENS),
        "cachedPromptTokenPrice": tokens(Meter.CACHE_READ_TOKENS),
        "completionTextTokenPrice": tokens(Meter.OUTPUT_TOKENS),
        "promptTextTokenPriceLongContext": tokens(Meter.INPUT_TOKENS, "longContextThreshold"),
        "completionTokenPriceLongContext": tokens(Meter.OUTPUT_TOKENS, "longContextThreshold"),
        "cachedPromptTokenPriceLongContext": tokens(
            Meter.CACHE_READ_TOKENS, "longContextThreshold"
        ),
        "imagePrice": Field(
            meter=Meter.IMAGES, unit=Unit.IMAGE, scale=PER_TEN_BILLIONTH, none=NO_PRICE
        ),
    },
    ignored={"searchPrice": "live search, which the page prices in its words"},
    columns={"region": "region"},
    facts={
        "maxPromptLength": Says("context_tokens", above_zero),
        "inputModalities": Says("input_modalities", lower),
        "outputModalities": Says("output_modalities", lower),
        "features.functionCalling": "function_calling",
        "features.structuredOutputs": "structured_outputs",
        "features.reasoning": "reasoning",
    },
    data=clusters,
)


def shown(kind: str, per: Mapping[str, Price]) -> PriceTable:
    """Declare the visible table of one kind of model."""
    return PriceTable(
        kind,
        {
            "Model": Model(notes={"{region}": Terms()}),
            "Modalities|Capabilities": Ignored("drawn as pictures"),
            "Context": States("context_tokens", token_count),
            "Rate limits": Ignored("how much may be asked"),
            **per,
        },
        terms=USD,
        expect=NONE_OR_ONE if kind.startswith("Image") else 1,
    )


@dataclass(frozen=True)
class Proved:
    """Data of bare numbers beside the tables that show some of them, in words and with units."""

    data: PriceList
    tables: tuple[PriceTable, ...]

    def read(self, page: Page) -> Found:
        """Read both; raises NotRead where they differ, for then the numbers' scale is unknown."""
        seen = together(table.read(page) for table in self.tables)
        listed = self.data.read(page)
        if unproved := {p.unit for p in listed.points} - {p.unit for p in seen.points}:
            raise changed(f"no table shows a price per {', '.join(unproved)} of the data")
        amounts = {coordinates(price): price.amount for price in listed.points}
        for price in seen.points:
            if amounts.get(coordinates(price), 0) != price.amount:
                raise changed(f"{price.locator} shows {price.evidence!r}; the data says otherwise")
        return together((seen, listed))


@dataclass(frozen=True)
class Dated:
    """A table whose prices prose dates: from a day on, or free until a day."""

    table: PriceTable
    pattern: str
    """With a group ``day``; prices are zero before it where a group ``free`` is found."""

    def read(self, page: Page) -> Found:
        """Read the table, and date its prices where prose says so."""
        found = self.table.read(page)
        said = re.search(self.pattern, page.words)
        day = find_day(said["day"]) if said else None
        if said is None:
            return found
        if day is None:
            raise changed(f"{said.group()!r} names no day")
        free = {"amount": Decimal(0), "valid_to": day, "evidence": f"prose only: {said.group()}"}
        before = found.points if said.groupdict().get("free") else ()
        return replace(
            found,
            points=(
                *(_with(price, {"valid_from": day}) for price in found.points),
                *(_with(price, free) for price in before),
            ),
        )


def _with(price: PricePoint, said: Mapping[str, object]) -> PricePoint:
    return PricePoint.model_validate({**price.model_dump(), **said})


def first_code(text: str) -> Names:
    """Read the first of a tool's names; further ones stand behind it in marks of code."""
    return Names((re.split(r"``|,\s", text)[0],))


def voice(text: str) -> Names:
    """Read how a voice is used, or the id of the model that stands in brackets behind it."""
    found = re.fullmatch(r".+ \((?P<id>grok-[\w.-]+)\)(?: — (?P<note>\w+))?", fold(text))
    if found is None:
        return read_names(text)
    return Names((found["id"],), (found["note"],) if found["note"] else ())


def month(text: str) -> str:
    """Word "November, 2024" as 2024-11."""
    name, year = re.split(r",?\s+", fold(text))
    known = name[:3].lower()
    return f"{year}-{MONTHS.index(known) + 1:02}" if known in MONTHS else ""


def day(text: str) -> str:
    """Word "May 15, 2026" as its date."""
    named = find_day(text)
    return named.isoformat() if named else ""


STORED = Price(
    Meter.STORAGE_GB_DAYS, words={"/ Gi?B / day": Terms(unit=Unit.GB_DAY)}, optional=True
)
FREE = Price(Meter.STORAGE_GB_DAYS, unit=Unit.GB_DAY, optional=True)
BY_TOKENS = ("Token-based(?: only)?", "Imagine API rates")
BY_ITEM = {
    f"/ 1k {item}": Terms(unit=Unit.THOUSAND_REQUESTS, variant=item)
    for item in ("posts", "profiles")
}
CALLS: Mapping[str, Role] = {
    "search: Cost (?:/|per) {unit}": Price(Meter.SEARCHES, absent=BY_TOKENS, words=BY_ITEM),
    "Cost (?:/|per) {unit}": Price(Meter.REQUESTS, absent=BY_TOKENS),
    "Description": Ignored("what it does"),
}
CUTOFF = Told(
    "knowledge_cutoff",
    r"knowledge cut-?off date of (?P<models>.+?) (?:is|are) (?P<value>[A-Z][a-z]+,? \d{4})",
    worded=month,
)
LIVE_SEARCH = r"Live Search costs (?P<price>\$[\d.]+) per 1,000 sources"
HTML = Form(
    "html",
    recognise=all_of(is_kind(Kind.HTML), has_text("__next_f", "clusterConfigs")),
    prepare=arranged,
    tables=(
        Proved(
            DATA,
            (
                shown(
                    "Language models",
                    {"Per {unit}": Price(meters=(Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS))},
                ),
                shown(
                    "Image generation models",
                    {"Per image output": Price(Meter.IMAGES, unit=Unit.IMAGE)},
                ),
            ),
        ),
        Dated(
            PriceTable("Tool Invocation Costs", {"Tool": Model(), **CALLS}, terms=USD),
            r"all server-side tool invocations are (?P<free>free)(?: until)? (?P<day>[^.]+)",
        ),
        PriceTable(
            "Documents Search Pricing",
            {
                "Item": Model(),
                "search: Price": Price(Meter.SEARCHES),
                "storage: Price": STORED,
                "free storage: Price": FREE,
            },
            terms=USD,
            expect=NONE_OR_ONE,
        ),
        Sentence(
            LIVE_SEARCH,
            Terms(Meter.SEARCHES, model="Live Search", unit=Unit.THOUSAND_REQUESTS),
            expect=NONE_OR_ONE,
        ),
        Sentence(
            r"charge a (?P<price>\$[\d.]+ per request) usage guidelines? violation fee",
            Terms(Meter.REQUESTS, model="Usage Guidelines Violation Fee"),
            expect=NONE_OR_ONE,
        ),
        CUTOFF,
    ),
    ignored=(
        Unread(
            "an example of what searches cost",
            text=rf"{LIVE_SEARCH}.*That means a search using",
        ),
    ),
)
BY_TIME = {
    r"/ min": Terms(Meter.AUDIO, unit=Unit.MINUTE),
    r"/ hr": Terms(Meter.AUDIO, unit=Unit.HOUR),
    r"\([^\d()]*[\d.]+ / hr\)": Terms(),
    r"/ 1M char(?:acter)?s": Terms(Meter.CHARACTERS, unit=Unit.MILLION_CHARACTERS),
    r"/ (?:text input|message)(?: \([^()\d]*\))?": Terms(
        Meter.OTHER, unit=Unit.OTHER, variant="text message"
    ),
    "audio": Terms(),
    "REST": Terms(variant="rest"),
    "Streaming": Terms(variant="streaming"),
}
"""An hour in brackets says the price of the minute again."""
BY_PIECE = {
    "/ (?:image|img)": Terms(Meter.IMAGES, unit=Unit.IMAGE),
    "/ sec(?:ond)?": Terms(Meter.VIDEO_SECONDS, unit=Unit.SECOND),
}
TAKEN_IN = {
    "/ img": Terms(Meter.INPUT_IMAGES, unit=Unit.IMAGE),
    "/ sec": Terms(Meter.VIDEO_SECONDS, unit=Unit.SECOND, variant="input"),
}
BUTTONS: Mapping[str, Role] = {"": Ignored("a button")}
READ_ALIKE = (
    PriceTable(
        r"Imagine(?: API)?(?: Pricing)?",
        {"Model": Model(), "Cost": Price(words=BY_PIECE), **BUTTONS},
        expect=NONE_OR_ONE,
    ),
    PriceTable(
        r"Voice(?: API)?(?: Pricing)?",
        {"Mode": Model(read=voice), "Cost": Price(words=BY_TIME), **BUTTONS},
        expect=NONE_OR_ONE,
    ),
    PriceTable(
        "Tool Invocation Costs",
        {"Tool Name": Model(read=first_code), "Tool": Ignored("its display name"), **CALLS},
        expect=NONE_OR_ONE,
    ),
    Dated(
        PriceTable(
            "Files and Collections Pricing",
            {"Resource": Model(), "storage: Rate": STORED, "free storage: Rate": FREE},
            has=".*storage: Rate",
            expect=NONE_OR_ONE,
        ),
        r"charges will take effect (?:starting )?(?P<day>[^.]+)",
    ),
    PriceTable(
        "Download Costs",
        {
            "Resource": Model(),
            "download: Rate": Price(
                Meter.OTHER, words={"/ Gi?B downloaded": Terms(unit=Unit.OTHER)}
            ),
        },
        expect=NONE_OR_ONE,
    ),
    Sentence(
        r"charge a (?P<price>\$[\d.]+) usage guidelines? violation fee per request",
        Terms(
            Meter.REQUESTS,
            model="Usage Guidelines Violation Fee",
            unit=Measure(Unit.THOUSAND_REQUESTS, Decimal(1)),
        ),
        expect=NONE_OR_ONE,
    ),
    CUTOFF,
)
READER = Form(
    "reader",
    recognise=all_of(is_kind(Kind.MARKDOWN), has_column("Model", "Context", "Input", "Output")),
    prepare=arranged,
    tables=(
        PriceTable(
            "Chat API",
            {
                "Model": Model(),
                "Context": States("context_tokens", token_count),
                "Input": Price(Meter.INPUT_TOKENS, unit=Unit.MILLION_TOKENS),
                "Cached input": Price(
                    Meter.CACHE_READ_TOKENS, unit=Unit.MILLION_TOKENS, optional=True
                ),
                "Output": Price(Meter.OUTPUT_TOKENS, unit=Unit.MILLION_TOKENS),
                **BUTTONS,
            },
            says=("Prices shown per million tokens",),
        ),
        *READ_ALIKE,
        Told(
            "retired_on",
            r"Model retirement · (?P<value>\w+ \d+, \d{4})\.\n.* will be retired .*, including "
            r"(?P<models>.+?)\. See",
            worded=day,
        ),
        Repeats(r"^(?:Input|Output|Agent|TTS|STT|Image|Video)\$[\d.]+ /"),
        Repeats(r"\$[\d.]+ / 1k calls$", section="Tool Invocation Costs"),
    ),
)
MARKDOWN = Form(
    "markdown",
    recognise=all_of(
        is_kind(Kind.MARKDOWN), has_column("Model", "Context", r"Input / .+", r"Output / .+")
    ),
    prepare=arranged,
    tables=(
        PriceTable(
            "(?:Text|Chat|Language)(?: API)?(?: Pricing)?",
            {
                "Model": Model(read=read_bounded_names),
                "Context": States("context_tokens", token_count),
                "Input / {unit}": Price(Meter.INPUT_TOKENS),
                "Cached input / {unit}": Price(Meter.CACHE_READ_TOKENS, optional=True),
                "Output / {unit}": Price(Meter.OUTPUT_TOKENS),
            },
        ),
        *READ_ALIKE,
    ),
)
GROUPED_FORM = Form(
    "grouped",
    recognise=all_of(is_kind(Kind.MARKDOWN), has_column("Short context", "Long context")),
    prepare=by_length,
    tables=(
        PriceTable(
            None,
            {
                "Model": Model(read=read_bounded_names),
                "Context": States("context_tokens", token_count),
                **{
                    heading: Price(meter, unit=Unit.MILLION_TOKENS)
                    for heading, meter in (
                        ("Input", Meter.INPUT_TOKENS),
                        ("Cached", Meter.CACHE_READ_TOKENS),
                        ("Output", Meter.OUTPUT_TOKENS),
                    )
                },
            },
            says=("Prices per 1M tokens",),
            expect=2,
        ),
        PriceTable(
            None,
            {"Model": Model(), "Media Input": Price(words=TAKEN_IN)},
            expect=NONE_OR_ONE,
        ),
        PriceTable(
            None,
            {
                "Model": Model(),
                "Resolution": Choice({"{variant}": Terms()}),
                "Output": Price(words=BY_PIECE),
            },
            expect=NONE_OR_ONE,
        ),
        PriceTable(
            None,
            {"Model or mode": Model(read=voice), "Cost": Price(words=BY_TIME)},
            expect=NONE_OR_ONE,
        ),
        *READ_ALIKE[2:],
    ),
    ignored=(Unread("sold with other products' plans alone", section=r".*\(.+ only\)"),),
)


class Xai(PriceSource):
    """Grok models and server-side tools, sold by their maker."""

    name = "xai"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://docs.x.ai/docs/models",
            forms=(GROUPED_FORM, MARKDOWN, READER, HTML),
            minimum_models=2,
            minimum_points=4,
        ),
    )
