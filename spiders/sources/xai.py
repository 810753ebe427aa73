"""xAI: its pages of models and prices, as HTML that carries its data, and as markdown.

The site's own markdown has a row a prompt length; a reader's markdown of the HTML has none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog.reading import PricePoint, fold
from catalog.vocabulary import Meter, Unit
from spiders import arrange, embedded, kit

USD = kit.Terms(currency="USD")
PER_TEN_THOUSANDTH = Decimal("0.0001")
"""What one counts in the data's token prices; the table beside them must prove it."""
PER_TEN_BILLIONTH = Decimal("1e-10")
NO_PRICE = frozenset({"0"})
SOLD_BY = re.compile(r"Cost (?:/|per) |Price$|Rate$")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def arranged(page: kit.Page) -> kit.Page:
    """Give each kind of model a table, and each price a column that says what it is for."""
    return page.with_blocks(tuple(made for block in page.blocks for made in _arranged(block)))


def _arranged(block: kit.Block) -> Iterator[kit.Block]:
    if not isinstance(block, kit.Grid):
        yield block
    elif block.columns[-1] == "Pricing":
        yield from _by_kind(block)
    else:
        priced = any(SOLD_BY.match(column) for column in block.columns)
        yield arrange.spread(block, _by_what_is_sold) if priced else block


def _by_kind(table: kit.Grid) -> Iterator[kit.Grid]:
    """Divide a table at the rows that name a kind of model and what its prices are per."""
    starts = [i for i, (_, *rest) in enumerate(table.rows) if _names_kind(rest)]
    before = table.rows[: starts[0]] if starts else table.rows
    if any(cell.text for row in before for cell in row):
        raise kit.changed(f"{table.locator} has rows whose kind of model no row above them names")
    for start, stop in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        kind, *_, per = table.rows[start]
        yield replace(
            table,
            headings=(*table.headings, kind.text),
            columns=(*table.columns[:-1], per.text),
            rows=table.rows[start + 1 : stop],
            locator=f"{table.locator}, {kind.text}",
        )


def _names_kind(rest: Sequence[kit.Cell]) -> bool:
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


def by_length(page: kit.Page) -> kit.Page:
    """Give prices of short and of long prompts a table each, and media's inputs one, too."""
    headings = " | ".join(GROUPED_COLUMNS)
    rule = "|".join(["---"] * len(GROUPED_COLUMNS))
    whole = replace(page, text=GROUPED.sub(f"| {headings} |\n|{rule}|", page.text))
    split = [made for block in whole.blocks for made in _by_length(block)]
    return arranged(whole.with_blocks(split))


def _by_length(block: kit.Block) -> Iterator[kit.Block]:
    if isinstance(block, kit.Grid) and block.columns == GROUPED_COLUMNS:
        yield _of_length(block, "short", slice(2, 5))
        yield _of_length(block, "long", slice(5, 8))
    elif isinstance(block, kit.Grid) and block.columns == MEDIA:
        yield from _of_media(block)
    else:
        yield block


def _of_length(table: kit.Grid, length: str, places: slice) -> kit.Grid:
    """Name in each row the prompts that it is for; rows of one length have no long prices."""
    rows = []
    for row in table.rows:
        found = NAMED_LONG.fullmatch(fold(row[0].text))
        if found is None or (length == "long" and not found["bound"] and _stated(row[places])):
            raise kit.changed(f"{row[0].text!r} does not say from which length a prompt is long")
        bound = f" ({found['bound']} tokens)" if length == "long" and found["bound"] else ""
        rows.append((kit.Cell(found["name"] + bound), row[1], *row[places]))
    columns = ("Model", "Context", "Input", "Cached", "Output")
    where = f"{table.locator} ({length})"
    return replace(table, columns=columns, rows=tuple(rows), locator=where, short={})


def _stated(cells: Sequence[kit.Cell]) -> bool:
    return any(re.search(r"\d", cell.text) for cell in cells)


def _of_media(table: kit.Grid) -> Iterator[kit.Grid]:
    """Put what a model takes in before its outputs, of which each resolution has a row."""
    inputs: list[tuple[kit.Cell, ...]] = []
    outputs: list[tuple[kit.Cell, ...]] = []
    for index, row in enumerate(table.rows):
        is_whole = index not in table.short
        if not is_whole and (table.short[index] != len(OF_OUTPUT) or not outputs):
            raise kit.changed(f"{table.locator}, row {index + 1} lacks more than its model")
        if is_whole:
            model = kit.Cell(row[0].text.split()[0])
            inputs.append((model, row[1]))
        outputs.append((model, *(row[2:] if is_whole else row[: len(OF_OUTPUT)])))
    for columns, rows in ((MEDIA[:2], inputs), ((MEDIA[0], *OF_OUTPUT), outputs)):
        where = f"{table.locator} ({columns[-1].lower()})"
        yield replace(table, columns=columns, rows=tuple(rows), locator=where, short={})


def clusters(page: kit.Page) -> kit.Json:
    """Give all models of all clusters: once where it makes no difference, else by region."""
    rows = embedded.streamed(page.text).values()
    found = [
        config for row in rows for o in kit.objects(row, "clusterConfigs") for config in _each(o)
    ]
    offers = defaultdict(list)
    for cluster in found:
        for listed in kit.objects(cluster, "name", "cluster"):
            offers[str(listed["name"])].append(_own(listed))
    apart = {name for grid in page.grids for name in _named_apart(grid)}
    return [o for name, same in offers.items() for o in _offers(same, apart=name in apart)]


def _each(found: Mapping[str, kit.Json]) -> Sequence[kit.Json]:
    configs = found["clusterConfigs"]
    if not isinstance(configs, list):
        raise kit.changed(f"clusterConfigs is no list: {str(configs)[:60]}")
    return configs


def _own(listed: Mapping[str, kit.Json]) -> Mapping[str, kit.Json]:
    """Leave out the price of images where it is that of text."""
    alike = listed.get("promptImageTokenPrice") == listed.get("promptTextTokenPrice")
    return {n: v for n, v in listed.items() if n != "promptImageTokenPrice" or not alike}


def _named_apart(table: kit.Grid) -> Iterator[str]:
    """Give the models whose row names a region."""
    for name, *region in (row[0].text.split("\n") for row in table.rows):
        yield from (name,) if region else ()


def _offers(
    same: Sequence[Mapping[str, kit.Json]], *, apart: bool
) -> Iterator[Mapping[str, kit.Json]]:
    prices = [{n: v for n, v in o.items() if "Price" in n or "Threshold" in n} for o in same]
    if apart or any(other != prices[0] for other in prices):
        yield from ({**o, "region": o["cluster"]} for o in same)
    else:
        yield {**same[0], "region": "global"}


def lower(value: kit.Json) -> str:
    """Word ["TEXT", "IMAGE"] as a list of modalities."""
    return kit.worded(value).lower()


def tokens(meter: Meter, over: int | str = 0) -> kit.FieldPrice:
    """Declare a field of the data that is a price of tokens."""
    return kit.FieldPrice(meter=meter, scale=PER_TEN_THOUSANDTH, none=NO_PRICE, context_over=over)


DATA = kit.PriceList(
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
        "imagePrice": kit.FieldPrice(
            meter=Meter.IMAGES, unit=Unit.IMAGE, scale=PER_TEN_BILLIONTH, none=NO_PRICE
        ),
    },
    ignored={"searchPrice": "live search, which the page prices in its words"},
    columns={"region": "region"},
    facts={
        "maxPromptLength": kit.Says("context_tokens", kit.above_zero),
        "inputModalities": kit.Says("input_modalities", lower),
        "outputModalities": kit.Says("output_modalities", lower),
        "features.functionCalling": "function_calling",
        "features.structuredOutputs": "structured_outputs",
        "features.reasoning": "reasoning",
    },
    data=clusters,
)


def shown(kind: str, per: Mapping[str, kit.Price]) -> kit.PriceTable:
    """Declare the visible table of one kind of model."""
    return kit.PriceTable(
        kind,
        {
            "Model": kit.Model(notes={"{region}": kit.Terms()}),
            "Modalities|Capabilities": kit.Ignored("drawn as pictures"),
            "Context": kit.States("context_tokens", kit.token_count),
            "Rate limits": kit.Ignored("how much may be asked"),
            **per,
        },
        terms=USD,
        expect=kit.NONE_OR_ONE if kind.startswith("Image") else 1,
    )


@dataclass(frozen=True)
class Proved:
    """Data of bare numbers beside the tables that show some of them, in words and with units."""

    data: kit.PriceList
    tables: tuple[kit.PriceTable, ...]

    def read(self, page: kit.Page) -> kit.Found:
        """Read both; raises NotRead where they differ, for then the numbers' scale is unknown."""
        seen = kit.together(table.read(page) for table in self.tables)
        listed = self.data.read(page)
        if unproved := {p.unit for p in listed.points} - {p.unit for p in seen.points}:
            raise kit.changed(f"no table shows a price per {', '.join(unproved)} of the data")
        amounts = {kit.coordinates(price): price.amount for price in listed.points}
        for price in seen.points:
            if amounts.get(kit.coordinates(price), 0) != price.amount:
                raise kit.changed(
                    f"{price.locator} shows {price.evidence!r}; the data says otherwise"
                )
        return kit.together((seen, listed))


@dataclass(frozen=True)
class Dated:
    """A table whose prices prose dates: from a day on, or free until a day."""

    table: kit.PriceTable
    pattern: str
    """With a group ``day``; prices are zero before it where a group ``free`` is found."""

    def read(self, page: kit.Page) -> kit.Found:
        """Read the table, and date its prices where prose says so."""
        found = self.table.read(page)
        said = re.search(self.pattern, page.words)
        day = kit.find_day(said["day"]) if said else None
        if said is None:
            return found
        if day is None:
            raise kit.changed(f"{said.group()!r} names no day")
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


def first_code(text: str) -> kit.Names:
    """Read the first of a tool's names; further ones stand behind it in marks of code."""
    return kit.Names((re.split(r"``|,\s", text)[0],))


def voice(text: str) -> kit.Names:
    """Read how a voice is used, or the id of the model that stands in brackets behind it."""
    found = re.fullmatch(r".+ \((?P<id>grok-[\w.-]+)\)(?: — (?P<note>\w+))?", fold(text))
    if found is None:
        return kit.read_names(text)
    return kit.Names((found["id"],), (found["note"],) if found["note"] else ())


def month(text: str) -> str:
    """Word "November, 2024" as 2024-11."""
    name, year = re.split(r",?\s+", fold(text))
    known = name[:3].lower()
    return f"{year}-{MONTHS.index(known) + 1:02}" if known in MONTHS else ""


def day(text: str) -> str:
    """Word "May 15, 2026" as its date."""
    named = kit.find_day(text)
    return named.isoformat() if named else ""


STORED = kit.Price(
    Meter.STORAGE_GB_DAYS, words={"/ Gi?B / day": kit.Terms(unit=Unit.GB_DAY)}, optional=True
)
FREE = kit.Price(Meter.STORAGE_GB_DAYS, unit=Unit.GB_DAY, optional=True)
BY_TOKENS = ("Token-based(?: only)?", "Imagine API rates")
BY_ITEM = {
    f"/ 1k {item}": kit.Terms(unit=Unit.THOUSAND_REQUESTS, variant=item)
    for item in ("posts", "profiles")
}
CALLS: Mapping[str, kit.Role] = {
    "search: Cost (?:/|per) {unit}": kit.Price(Meter.SEARCHES, absent=BY_TOKENS, words=BY_ITEM),
    "Cost (?:/|per) {unit}": kit.Price(Meter.REQUESTS, absent=BY_TOKENS),
    "Description": kit.Ignored("what it does"),
}
CUTOFF = kit.Told(
    "knowledge_cutoff",
    r"knowledge cut-?off date of (?P<models>.+?) (?:is|are) (?P<value>[A-Z][a-z]+,? \d{4})",
    worded=month,
)
LIVE_SEARCH = r"Live Search costs (?P<price>\$[\d.]+) per 1,000 sources"
HTML = kit.Form(
    "html",
    recognise=kit.all_of(kit.is_kind(kit.Kind.HTML), kit.has_text("__next_f", "clusterConfigs")),
    prepare=arranged,
    tables=(
        Proved(
            DATA,
            (
                shown(
                    "Language models",
                    {"Per {unit}": kit.Price(meters=(Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS))},
                ),
                shown(
                    "Image generation models",
                    {"Per image output": kit.Price(Meter.IMAGES, unit=Unit.IMAGE)},
                ),
            ),
        ),
        Dated(
            kit.PriceTable("Tool Invocation Costs", {"Tool": kit.Model(), **CALLS}, terms=USD),
            r"all server-side tool invocations are (?P<free>free)(?: until)? (?P<day>[^.]+)",
        ),
        kit.PriceTable(
            "Documents Search Pricing",
            {
                "Item": kit.Model(),
                "search: Price": kit.Price(Meter.SEARCHES),
                "storage: Price": STORED,
                "free storage: Price": FREE,
            },
            terms=USD,
            expect=kit.NONE_OR_ONE,
        ),
        kit.Sentence(
            LIVE_SEARCH,
            kit.Terms(Meter.SEARCHES, model="Live Search", unit=Unit.THOUSAND_REQUESTS),
            expect=kit.NONE_OR_ONE,
        ),
        kit.Sentence(
            r"charge a (?P<price>\$[\d.]+ per request) usage guidelines? violation fee",
            kit.Terms(Meter.REQUESTS, model="Usage Guidelines Violation Fee"),
            expect=kit.NONE_OR_ONE,
        ),
        CUTOFF,
    ),
    ignored=(
        kit.Unread(
            "an example of what searches cost",
            text=rf"{LIVE_SEARCH}.*That means a search using",
        ),
    ),
)
BY_TIME = {
    r"/ min": kit.Terms(Meter.AUDIO, unit=Unit.MINUTE),
    r"/ hr": kit.Terms(Meter.AUDIO, unit=Unit.HOUR),
    r"\([^\d()]*[\d.]+ / hr\)": kit.Terms(),
    r"/ 1M char(?:acter)?s": kit.Terms(Meter.CHARACTERS, unit=Unit.MILLION_CHARACTERS),
    r"/ (?:text input|message)(?: \([^()\d]*\))?": kit.Terms(
        Meter.OTHER, unit=Unit.OTHER, variant="text message"
    ),
    "audio": kit.Terms(),
    "REST": kit.Terms(variant="rest"),
    "Streaming": kit.Terms(variant="streaming"),
}
"""An hour in brackets says the price of the minute again."""
BY_PIECE = {
    "/ (?:image|img)": kit.Terms(Meter.IMAGES, unit=Unit.IMAGE),
    "/ sec(?:ond)?": kit.Terms(Meter.VIDEO_SECONDS, unit=Unit.SECOND),
}
TAKEN_IN = {
    "/ img": kit.Terms(Meter.INPUT_IMAGES, unit=Unit.IMAGE),
    "/ sec": kit.Terms(Meter.VIDEO_SECONDS, unit=Unit.SECOND, variant="input"),
}
BUTTONS: Mapping[str, kit.Role] = {"": kit.Ignored("a button")}
READ_ALIKE = (
    kit.PriceTable(
        r"Imagine(?: API)?(?: Pricing)?",
        {"Model": kit.Model(), "Cost": kit.Price(words=BY_PIECE), **BUTTONS},
        expect=kit.NONE_OR_ONE,
    ),
    kit.PriceTable(
        r"Voice(?: API)?(?: Pricing)?",
        {"Mode": kit.Model(read=voice), "Cost": kit.Price(words=BY_TIME), **BUTTONS},
        expect=kit.NONE_OR_ONE,
    ),
    kit.PriceTable(
        "Tool Invocation Costs",
        {"Tool Name": kit.Model(read=first_code), "Tool": kit.Ignored("its display name"), **CALLS},
        expect=kit.NONE_OR_ONE,
    ),
    Dated(
        kit.PriceTable(
            "Files and Collections Pricing",
            {"Resource": kit.Model(), "storage: Rate": STORED, "free storage: Rate": FREE},
            has=".*storage: Rate",
            expect=kit.NONE_OR_ONE,
        ),
        r"charges will take effect (?:starting )?(?P<day>[^.]+)",
    ),
    kit.PriceTable(
        "Download Costs",
        {
            "Resource": kit.Model(),
            "download: Rate": kit.Price(
                Meter.OTHER, words={"/ Gi?B downloaded": kit.Terms(unit=Unit.OTHER)}
            ),
        },
        expect=kit.NONE_OR_ONE,
    ),
    kit.Sentence(
        r"charge a (?P<price>\$[\d.]+) usage guidelines? violation fee per request",
        kit.Terms(
            Meter.REQUESTS,
            model="Usage Guidelines Violation Fee",
            unit=kit.Measure(Unit.THOUSAND_REQUESTS, Decimal(1)),
        ),
        expect=kit.NONE_OR_ONE,
    ),
    CUTOFF,
)
READER = kit.Form(
    "reader",
    recognise=kit.all_of(
        kit.is_kind(kit.Kind.MARKDOWN), kit.has_column("Model", "Context", "Input", "Output")
    ),
    prepare=arranged,
    tables=(
        kit.PriceTable(
            "Chat API",
            {
                "Model": kit.Model(),
                "Context": kit.States("context_tokens", kit.token_count),
                "Input": kit.Price(Meter.INPUT_TOKENS, unit=Unit.MILLION_TOKENS),
                "Cached input": kit.Price(
                    Meter.CACHE_READ_TOKENS, unit=Unit.MILLION_TOKENS, optional=True
                ),
                "Output": kit.Price(Meter.OUTPUT_TOKENS, unit=Unit.MILLION_TOKENS),
                **BUTTONS,
            },
            says=("Prices shown per million tokens",),
        ),
        *READ_ALIKE,
        kit.Told(
            "retired_on",
            r"Model retirement · (?P<value>\w+ \d+, \d{4})\.\n.* will be retired .*, including "
            r"(?P<models>.+?)\. See",
            worded=day,
        ),
        kit.Repeats(r"^(?:Input|Output|Agent|TTS|STT|Image|Video)\$[\d.]+ /"),
        kit.Repeats(r"\$[\d.]+ / 1k calls$", section="Tool Invocation Costs"),
    ),
)
MARKDOWN = kit.Form(
    "markdown",
    recognise=kit.all_of(
        kit.is_kind(kit.Kind.MARKDOWN),
        kit.has_column("Model", "Context", r"Input / .+", r"Output / .+"),
    ),
    prepare=arranged,
    tables=(
        kit.PriceTable(
            "(?:Text|Chat|Language)(?: API)?(?: Pricing)?",
            {
                "Model": kit.Model(read=kit.read_bounded_names),
                "Context": kit.States("context_tokens", kit.token_count),
                "Input / {unit}": kit.Price(Meter.INPUT_TOKENS),
                "Cached input / {unit}": kit.Price(Meter.CACHE_READ_TOKENS, optional=True),
                "Output / {unit}": kit.Price(Meter.OUTPUT_TOKENS),
            },
        ),
        *READ_ALIKE,
    ),
)
GROUPED_FORM = kit.Form(
    "grouped",
    recognise=kit.all_of(
        kit.is_kind(kit.Kind.MARKDOWN), kit.has_column("Short context", "Long context")
    ),
    prepare=by_length,
    tables=(
        kit.PriceTable(
            None,
            {
                "Model": kit.Model(read=kit.read_bounded_names),
                "Context": kit.States("context_tokens", kit.token_count),
                **{
                    heading: kit.Price(meter, unit=Unit.MILLION_TOKENS)
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
        kit.PriceTable(
            None,
            {"Model": kit.Model(), "Media Input": kit.Price(words=TAKEN_IN)},
            expect=kit.NONE_OR_ONE,
        ),
        kit.PriceTable(
            None,
            {
                "Model": kit.Model(),
                "Resolution": kit.Choice({"{variant}": kit.Terms()}),
                "Output": kit.Price(words=BY_PIECE),
            },
            expect=kit.NONE_OR_ONE,
        ),
        kit.PriceTable(
            None,
            {"Model or mode": kit.Model(read=voice), "Cost": kit.Price(words=BY_TIME)},
            expect=kit.NONE_OR_ONE,
        ),
        *READ_ALIKE[2:],
    ),
    ignored=(kit.Unread("sold with other products' plans alone", section=r".*\(.+ only\)"),),
)


class Xai(kit.Official):
    """Grok models and server-side tools, sold by their maker."""

    document = kit.Document(
        "models",
        "https://docs.x.ai/docs/models",
        forms=(GROUPED_FORM, MARKDOWN, READER, HTML),
        minimum_models=2,
        minimum_points=4,
    )
