"""Google: the Gemini API's pricing page, as markdown and as a reader's markdown of its HTML.

The section of a model or family names its ids in one paragraph and holds a table a service tier:
under headings of the tiers, or in the order of the tab labels in one line above them all.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations, groupby

from catalog.reading import Adjustment, Fact, PricePoint
from catalog.vocabulary import Meter, Unit
from spiders import kit

TIERS = ("Standard", "Batch", "Flex", "Priority")
TABS = re.compile(rf"(?:(?:{'|'.join(TIERS)})\s*)+(?:More)?")
ID = r"[a-z][a-z0-9]*(?:[-.][a-z0-9]+)+"
IDS = re.compile(rf"{ID}(?:(?:,\s*(?:and )?| and ){ID})*")
PAID = re.compile(r"Paid Tier, per (?P<unit>.+?)(?: in USD)?")
STATES_A_PRICE = re.compile(r"\d|free\b", re.IGNORECASE)
OF_THE_MODEL = re.compile(
    r"(?:Charged as|See|Same as|Code execution is billed|Token prices are the same)[^$]*"
)
NO_AMOUNT = "(no amount)"
PART = re.compile(
    r"(?:(?P<models>Gemini [\d.]+ models):)?(?P<price>.+?)(?=Gemini [\d.]+ models:|$)", re.DOTALL
)
BATCH_COSTS = re.compile(r"Batch API \((?P<less>\d+)% cost reduction\)")
SHUT_DOWN = re.compile(r"deprecated and will be shut down (?:on )?(?P<day>\w+ \d{1,2}, \d{4})")
BESIDE = re.compile(rf"(?P<id>{ID}): (?P<prices>Input\b.+)")
OF_IMAGES = re.compile(r"\$(?P<amount>\d*\.?\d+) \(images?\)(?P<mark>\^?\*+\^?)?")
IMAGE_INPUT = re.compile(
    r"Image input is set at [\d,]+ tokens or \$(?P<amount>\d*\.?\d+) per image"
)
LEAST_PER_MILLION = Decimal("0.01")
"""USD; no million tokens of images cost less."""
IMAGE_NOTE = re.compile(r"Image output is priced at (?P<price>\$[\d.]+ per 1,000,000 tokens)")

COUNTED = r"(?:[a-z]+ )?(?:prompts|requests|queries|searches)(?: per (?:day|month))?"
QUOTA = (
    rf"[\d,]+ (?:RPD|{COUNTED}),? ?"
    r"(?:\(free[^()]*\)|free(?: \([^()]*\))?(?: for Pro)?)[.,]?\s*(?:then\b)?"
)
FREE_QUOTA = rf"[\d,]+ free (?:RPD|{COUNTED})(?: \([^()$]*\))?[.,]?\s*(?:then\b)?"
READ_OVER = {
    pattern: kit.Terms()
    for pattern in (
        QUOTA,
        FREE_QUOTA,
        "equivalent to",
        r"Same as Standard(?:, \w+ pricing not yet implemented)?",
        "for text and image-based grounding",
        r"See the[^$]*",
        r"Charged for ?embeddings ?at",
        r"Retrieved document tokens[^$]*",
        r"\(?4k output not supported\)?",
    )
}
IMAGE_SIZES = ("0.5K", "1K", "1.5K", "2K", "3K", "4K", "6K", "8K")
SIZES = {
    rf"per {re.escape(size)}(?: resolution)? image": kit.Terms(
        Meter.IMAGES, unit=Unit.IMAGE, variant=size.lower()
    )
    for size in (*map("/".join, combinations(IMAGE_SIZES, 2)), *IMAGE_SIZES)
}
VIDEO_SIZES = ("480p", "720p", "1080p", "2k", "4k", "8k")
RESOLUTIONS = {
    **{
        f"{one} ?(?:and|,|/) ?{other}": kit.Terms(variant=f"{one}, {other}")
        for one, other in combinations(VIDEO_SIZES, 2)
    },
    **{size: kit.Terms(variant=size) for size in VIDEO_SIZES},
}
BESIDES = {
    "text and thinking": kit.Terms(said=frozenset({"text"})),
    "non-thinking": kit.Terms(variant="non-thinking"),
    "thinking": kit.Terms(variant="thinking"),
    "per frame": kit.Terms(Meter.OTHER, unit=Unit.OTHER, variant="input video frame"),
    "per song": kit.Terms(unit=Unit.OTHER, variant="song"),
    "storage price": kit.Terms(Meter.CACHE_STORAGE),
    "per hour": kit.Terms(unit=Unit.MILLION_TOKEN_HOURS),
}
WORDS = READ_OVER | SIZES | RESOLUTIONS | BESIDES


def price(meter: Meter | None = None, variant: str | None = None) -> kit.Price:
    """Declare a row of prices."""
    return kit.Price(meter, variant=variant, words=WORDS, optional=True)


PLAN = kit.Choice(
    {"Free Tier": kit.Ignored("the free plan"), "Paid Tier, per {unit} in {currency}": kit.Terms()}
)
MODELS = kit.PriceTable(
    None,
    {
        "Plan": PLAN,
        re.escape(NO_AMOUNT): kit.Ignored("a row that states no amount"),
        "Image input price": price(Meter.INPUT_IMAGE_TOKENS),
        "Audio input price": price(Meter.INPUT_AUDIO_TOKENS),
        "Video input price": price(Meter.INPUT_VIDEO_TOKENS),
        r"(?:Text )?Input price(?: \(.*\))?": price(Meter.INPUT_TOKENS),
        r"(?:Text )?Output price(?: \(.*\))?": price(Meter.OUTPUT_TOKENS),
        "Context caching price": price(Meter.CACHE_READ_TOKENS),
        r"Context caching \(storage\)": price(Meter.CACHE_STORAGE),
        "Tuning price": price(Meter.TRAINING_TOKENS),
        "Live API": price(variant="live api"),
        r"(?:.+ )?Image price|Image generation pricing": price(Meter.IMAGES),
        r"(?:.+ )?Video without audio price": price(Meter.VIDEO_SECONDS, "without audio"),
        r"(?:.+ )?Video (?:with audio )?price(?: \(default\))?": price(Meter.VIDEO_SECONDS),
        r"Lyria .+": price(Meter.AUDIO),
        "Grounding with {variant}": price(Meter.SEARCHES),
    },
    labels={"tier": {tier: kit.Terms(tier=tier.lower()) for tier in TIERS}},
    model=kit.Above(r"^(?P<names>.+)$"),
    transposed=True,
    expect=kit.ONE_OR_MORE,
)
TOOLS = kit.PriceTable(
    "Pricing for tools",
    {
        "Tool": kit.Model(
            says={
                "Google (?:Search|Maps)": kit.Terms(Meter.SEARCHES),
                "File search": kit.Terms(Meter.INPUT_TOKENS),
                "Code execution": kit.Terms(Meter.OTHER, unit=Unit.OTHER),
            }
        ),
        "For": kit.Choice({"": kit.Terms(), "{variant} models": kit.Terms()}),
        "Free Tier": kit.Ignored("the free plan"),
        "Paid Tier, per .+ in {currency}": kit.Price(words=WORDS),
    },
    expect=kit.NONE_OR_ONE,
)


@dataclass(frozen=True)
class Section:
    """What stands under one heading of a model, a family, or the tools."""

    title: str
    blocks: Sequence[kit.Block]

    @property
    def words(self) -> tuple[str, ...]:
        """Give its paragraphs, notes and headings."""
        return tuple(block.text for block in self.blocks if isinstance(block, kit.Prose))

    @property
    def ids(self) -> tuple[str, ...]:
        """Give the ids that the first paragraph of nothing else lists."""
        listed = next((text for text in self.words if IDS.fullmatch(text)), "")
        return tuple(re.findall(ID, listed.replace(" and ", ", ")))

    @property
    def tables(self) -> tuple[kit.Grid, ...]:
        """Give the tables that state prices of a paid plan."""
        grids = (block for block in self.blocks if isinstance(block, kit.Grid))
        return tuple(g for g in grids if any(PAID.fullmatch(column) for column in g.columns))

    @property
    def unit(self) -> kit.Measure:
        """Give what the prices of its tables are per, as their headings say; one unit for all."""
        units = {m["unit"] for g in self.tables for c in g.columns if (m := PAID.fullmatch(c))}
        if len(units) != 1:
            raise kit.changed(f"the prices under {self.title!r} are not all per one unit: {units}")
        return kit.read_measure(units.pop())

    def tiers(self) -> Iterator[str]:
        """Name each table's tier by its heading, else by the line of tabs; one is Standard."""
        level = 2 if self.title else 1
        bare = [grid for grid in self.tables if len(grid.headings) <= level]
        lines = [
            b.text for b in self.blocks if isinstance(b, kit.Prose) and len(b.headings) <= level
        ]
        tabs = re.findall("|".join(TIERS), " ".join(t for t in lines if TABS.fullmatch(t)))
        named = tabs or ["Standard"][: len(bare)]
        if len(bare) != len(named):
            raise kit.changed(
                f"{len(bare)} tables of {self.title!r} stand below {len(named)} tab labels"
            )
        left = iter(named)
        return (g.headings[-1] if len(g.headings) > level else next(left) for g in self.tables)


def sections(page: kit.Page) -> Iterator[Section]:
    """Cut a page at the headings of its models."""
    for headings, blocks in groupby(page.blocks, key=lambda block: block.headings[:2]):
        yield Section("".join(headings[1:]), tuple(blocks))


def prepare(page: kit.Page) -> kit.Page:
    """Put beside each table what its section says of it: ids, tier, and what its marks mean."""
    return page.with_blocks([block for section in sections(page) for block in prepared(section)])


def prepared(section: Section) -> Iterator[kit.Block]:
    """Prepare the tables of prices and leave all else."""
    tiers = section.tiers()
    for block in section.blocks:
        if not isinstance(block, kit.Grid) or block not in section.tables:
            yield block
            continue
        grid = priced(block, section)
        if re.fullmatch(r"Pricing for tools", section.title, re.IGNORECASE):
            yield of_tools(grid)
        else:
            yield from of_models(replace(grid, labels={"tier": next(tiers)}), section)


def priced(grid: kit.Grid, section: Section) -> kit.Grid:
    """Blank the rows whose paid cell states no amount; put in words what marks mean in others."""
    paid = next(i for i, column in enumerate(grid.columns) if PAID.fullmatch(column))
    rows = [tuple(replace(c, text=unmarked(c.text, section)) for c in row) for row in grid.rows]
    blank = (kit.Cell(NO_AMOUNT),) * len(grid.columns)
    stating = tuple(row if STATES_A_PRICE.search(row[paid].text) else blank for row in rows)
    return replace(grid, columns=("Plan", *grid.columns[1:]), rows=stating)


def unmarked(text: str, section: Section) -> str:
    """Put in words what the notes below the table say of a marked cell; drop other marks."""
    notes = "\n".join(section.words)
    text = OF_IMAGES.sub(lambda found: per_image(found, notes), text)
    if soon := re.search(r"\(Coming soon[*^]*\)", text):
        day = re.search(r"will start (?P<day>\w+ \d{1,2}, \d{4})", notes)
        if not day:
            raise kit.changed(f"no note under {section.title!r} says when {text!r} starts")
        text = text.replace(soon.group(), f"starting {day['day']},")
    text = re.sub(r"\^\*+\^|\*+", "", text)
    return "" if OF_THE_MODEL.fullmatch(text) else text


def per_image(found: re.Match[str], notes: str) -> str:
    """Say that an amount is per image where a note says so: one far above the note's is not.

    Not every layout keeps the mark; an amount too small for a million tokens needs the note, too.
    """
    note = IMAGE_INPUT.search(notes)
    amount = Decimal(found["amount"])
    if note and amount < 10 * Decimal(note["amount"]):
        return f"${amount} per image"
    if found["mark"] or amount < LEAST_PER_MILLION:
        raise kit.changed(f"no note says what {found.group()!r} is per")
    return found.group()


def of_tools(grid: kit.Grid) -> kit.Grid:
    """Say in a column of its own for which models each of a tool's prices is."""
    rows = tuple(
        (*row[:-1], replace(row[-1], text=part["price"]), kit.Cell(part["models"] or ""))
        for row in grid.rows
        if row[0].text != NO_AMOUNT
        for part in PART.finditer(row[-1].text)
    )
    return replace(grid, columns=("Tool", *grid.columns[1:], "For"), rows=rows)


def of_models(grid: kit.Grid, section: Section) -> Iterator[kit.Grid]:
    """Name the models above the table; a table that has rows of single ones becomes several."""
    owners = [owner(row[0], section) for row in grid.rows]
    if not any(owners):
        yield replace(grid, above=(*grid.above, ", ".join(section.ids) or section.title))
        return
    for name in section.ids:
        rows = tuple(row for row, of in zip(grid.rows, owners, strict=True) if of in (None, name))
        where = f"{grid.locator} ({name})"
        yield replace(grid, rows=rows, above=(*grid.above, name), locator=where)


def owner(label: kit.Cell, section: Section) -> str | None:
    """Tell which of a family's ids a row is for: "Veo 3.1 Fast video price"; None is all."""
    words = set(label.text.lower().split())
    if section.title.partition(" ")[0].lower() not in words or len(section.ids) == 1:
        return None
    shared = set.intersection(*(set(name.split("-")) for name in section.ids or [""]))
    own = {name: set(name.split("-")) - shared for name in section.ids}
    named = [name for name in own if own[name] and own[name] <= words]
    plain = [name for name in own if not own[name] and "standard" in words]
    if len(named or plain) != 1:
        listed = ", ".join(section.ids) or "no ids"
        raise kit.changed(f"the row {label.text!r} is for none, or several, of {listed}")
    return (named or plain)[0]


def read_prose(page: kit.Page, _seen_at: date | None) -> kit.Found:
    """Read what only prose states: shut-downs, notes on image tokens, models beside a table's."""
    facts: list[Fact] = []
    points: list[PricePoint] = []
    claims: list[kit.Claim] = []
    for section in sections(page):
        facts += [fact for text in section.words for fact in shut_down(text, section.ids)]
        for block in section.blocks:
            if isinstance(block, kit.Prose) and (found := tuple(prose_prices(block, section))):
                points += found
                claims.append(kit.Claim(block.locator))
    less = BATCH_COSTS.search(page.words)
    return kit.Found(
        tuple(points),
        tuple(facts),
        adjustments=(batch(less),) if less else (),
        claims=tuple(claims),
    )


def batch(said: re.Match[str]) -> Adjustment:
    """Read by which factor batches are cheaper."""
    factor = 1 - Decimal(said["less"]) / 100
    return Adjustment(name="batch", factor=factor, scope="Batch API", evidence=said.group())


def shut_down(text: str, ids: Sequence[str]) -> Iterator[Fact]:
    """Read that a model is deprecated, and when it will be shut down."""
    if found := SHUT_DOWN.search(text):
        _, dates = kit.find_dates(f"starting {found['day']}")
        for name in ids:
            yield Fact(model=name, name="status", value="deprecated", evidence=text)
            if dates and dates.valid_from:
                day = dates.valid_from.isoformat()
                yield Fact(model=name, name="retired_on", value=day, evidence=text)


def prose_prices(block: kit.Prose, section: Section) -> Iterator[PricePoint]:
    """Read "model: Input $0.35 (text), …, Output $1.50" and what a note says of image tokens."""
    if beside := BESIDE.fullmatch(block.text):
        terms = kit.Terms(model=beside["id"], unit=section.unit)
        yield from spoken(beside["prices"], terms, block)
    cells = [cell.text for grid in section.tables for row in grid.rows for cell in row]
    note = IMAGE_NOTE.search(block.text)
    if note and any(re.search(r"per \S*\s?image", text) for text in cells):
        for name in section.ids:
            yield from spoken(
                note["price"], kit.Terms(Meter.OUTPUT_IMAGE_TOKENS, model=name), block
            )


def spoken(words: str, terms: kit.Terms, block: kit.Prose) -> Iterator[PricePoint]:
    """Read the prices that a sentence states."""
    for quote in kit.read_quotes(words, kit.Setting("USD", terms.measure)):
        for said in kit.meanings(terms, quote.words, quote.unit):
            yield kit.point(
                said, quote, evidence=f"prose only: {block.text}", locator=block.locator
            )


NOTES = (
    kit.Unread(
        "says in words what the table states", text=r"Image (?:in|out)put is (?:set|priced)"
    ),
    kit.Unread(
        "says what the table's prices come to", text=r"\beffective price of (?:about|approx)"
    ),
)
PRICED = kit.has_column(r"Paid Tier, per .+ in USD")
MARKDOWN = kit.Form(
    "markdown",
    recognise=kit.all_of(
        kit.is_kind(kit.Kind.MARKDOWN), PRICED, kit.none_of(kit.has_text(r"(?m)^Markdown Content:"))
    ),
    prepare=prepare,
    tables=(MODELS, TOOLS),
    read=read_prose,
    ignored=NOTES,
)
READER = replace(MARKDOWN, name="reader", recognise=PRICED)


class Google(kit.Official):
    """Gemini, Gemma, Imagen, Veo and Lyria models, sold by their maker through the Gemini API."""

    documents = (
        kit.Document(
            "markdown",
            "https://ai.google.dev/gemini-api/docs/pricing.md.txt",
            forms=(MARKDOWN,),
            minimum_models=8,
            minimum_points=40,
        ),
        kit.Document(
            "page",
            "https://ai.google.dev/gemini-api/docs/pricing",
            forms=(READER,),
            minimum_models=8,
            minimum_points=40,
        ),
    )
