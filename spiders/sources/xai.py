"""xAI: its pages of models and prices, as HTML that carries its data, and as markdown.

The site's own markdown has a row a prompt length; a reader's markdown of the HTML has none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.reading import fold
from catalog.vocabulary import Meter, Unit
from spiders import embedded, kit

USD = kit.Terms(currency="USD")
LENGTHS = ("Short context", "Long context")
BY_TOKENS = {
    "Input": Meter.INPUT_TOKENS,
    "Cached(?: input)?": Meter.CACHE_READ_TOKENS,
    "Output": Meter.OUTPUT_TOKENS,
}


def clusters(page: kit.Page) -> kit.Json:
    """Give all models of all clusters: once where it makes no difference, else by region."""
    offers = defaultdict(list)
    for row in embedded.streamed(page.text).values():
        for found in kit.objects(row, "clusterConfigs"):
            for listed in kit.objects(found["clusterConfigs"], "name", "cluster"):
                offers[str(listed["name"])].append(_own(listed))
    cells = (row[0].text.split("\n") for table in page.grids for row in table.rows)
    apart = {name for name, *region in cells if region}
    return [o for name, same in offers.items() for o in _offers(same, apart=name in apart)]


def _own(listed: Mapping[str, kit.Json]) -> Mapping[str, kit.Json]:
    """Leave out the price of images where it is that of text."""
    alike = listed.get("promptImageTokenPrice") == listed.get("promptTextTokenPrice")
    return {n: v for n, v in listed.items() if n != "promptImageTokenPrice" or not alike}


def _offers(
    same: Sequence[Mapping[str, kit.Json]], *, apart: bool
) -> Iterator[Mapping[str, kit.Json]]:
    prices = [{n: v for n, v in o.items() if "Price" in n or "Threshold" in n} for o in same]
    if apart or any(other != prices[0] for other in prices):
        yield from ({**o, "region": o["cluster"]} for o in same)
    else:
        yield {**same[0], "region": "global"}


def tokens(over: int | str = 0, **fields: Meter) -> dict[str, kit.FieldPrice]:
    """Map fields of the data to the tokens they price, in 1/10000 of what the table shows."""
    scale = Decimal("0.0001")
    return {
        name: kit.FieldPrice(meter=meter, scale=scale, none=kit.ZERO, context_over=over)
        for name, meter in fields.items()
    }


DATA = kit.PriceList(
    records="[]",
    model="name",
    prices=tokens(
        promptTextTokenPrice=Meter.INPUT_TOKENS,
        promptImageTokenPrice=Meter.INPUT_IMAGE_TOKENS,
        cachedPromptTokenPrice=Meter.CACHE_READ_TOKENS,
        completionTextTokenPrice=Meter.OUTPUT_TOKENS,
    )
    | tokens(
        "longContextThreshold",
        promptTextTokenPriceLongContext=Meter.INPUT_TOKENS,
        completionTokenPriceLongContext=Meter.OUTPUT_TOKENS,
        cachedPromptTokenPriceLongContext=Meter.CACHE_READ_TOKENS,
    )
    | {
        "imagePrice": kit.FieldPrice(
            meter=Meter.IMAGES, unit=Unit.IMAGE, scale=Decimal("1e-10"), none=kit.ZERO
        ),
    },
    ignored={"searchPrice": "live search, which the page prices in its words"},
    columns={"region": "region"},
    facts={"maxPromptLength": kit.Says("context_tokens")}
    | kit.facts("inputModalities", "outputModalities", worded=lambda v: kit.worded(v).lower())
    | {"features.structuredOutputs": "structured_outputs"}
    | kit.facts("functionCalling", "reasoning", within="features.{}"),
    data=clusters,
)


@dataclass(frozen=True)
class Proved:
    """Data of bare numbers beside the table that shows some of them, in words and with units."""

    data: kit.PriceList
    table: kit.PriceTable

    def read(self, page: kit.Page) -> kit.Found:
        """Read both; raises NotRead where they differ, for then the numbers' scale is unknown."""
        seen, listed = self.table.read(page), self.data.read(page)
        if unproved := {p.unit for p in listed.points} - {p.unit for p in seen.points}:
            raise kit.changed(f"no table shows a price per {', '.join(unproved)} of the data")
        amounts = {kit.coordinates(price): price.amount for price in listed.points}
        for price in seen.points:
            if amounts.get(kit.coordinates(price), 0) != price.amount:
                raise kit.changed(
                    f"{price.locator} shows {price.evidence!r}; the data says otherwise"
                )
        return kit.together((seen, listed))


def first(separator: str) -> kit.Model:
    """Declare the column of names behind which further words stand."""
    return kit.Model(read=lambda text: kit.Names((re.split(separator, text)[0],)), says=CALLED)


def voice(text: str) -> kit.Names:
    """Read how a voice is used, or the id of the model that stands in brackets behind it."""
    found = re.fullmatch(r".+ \((?P<id>grok-[\w.-]+)\)(?: — (?P<note>\w+))?", fold(text))
    if found is None:
        return kit.read_names(text)
    return kit.Names((found["id"],), (found["note"],) if found["note"] else ())


def per(
    thing: str, unit: Unit, meter: Meter | None = None, variant: str = ""
) -> dict[str, kit.Terms]:
    """Declare words behind an amount that say what it is per."""
    return {f"/ {thing}": kit.Terms(meter, unit=unit, variant=variant or None)}


CALLED = {
    ".*search.*": kit.Terms(Meter.SEARCHES),
    ".*storage.*": kit.Terms(Meter.STORAGE_GB_DAYS),
    ".*downloads?": kit.Terms(Meter.OTHER),
    ".*": kit.Terms(Meter.REQUESTS),
}
"""What is sold, by its name."""
PER_CALL = {
    **per("1k posts", Unit.THOUSAND_REQUESTS, variant="posts"),
    **per("1k profiles", Unit.THOUSAND_REQUESTS, variant="profiles"),
    **per("Gi?B / day", Unit.GB_DAY),
    **per("Gi?B downloaded", Unit.OTHER),
}
PER_PIECE = {
    **per("(?:image|img)", Unit.IMAGE, Meter.IMAGES),
    **per("sec(?:ond)?", Unit.SECOND, Meter.VIDEO_SECONDS),
    **per("min", Unit.MINUTE, Meter.AUDIO),
    **per("hr", Unit.HOUR, Meter.AUDIO),
    **per("1M char(?:acter)?s", Unit.MILLION_CHARACTERS, Meter.CHARACTERS),
    **per(r"(?:text input|message)(?: \([^()\d]*\))?", Unit.OTHER, Meter.OTHER, "text message"),
    "REST": kit.Terms(variant="rest"),
    "Streaming": kit.Terms(variant="streaming"),
    # An hour in brackets says the price of the minute again.
    r"\([^\d()]*[\d.]+ / hr\)|audio": kit.Terms(),
}
TAKEN_IN = {
    **per("img", Unit.IMAGE, Meter.INPUT_IMAGES),
    **per("sec", Unit.SECOND, Meter.VIDEO_SECONDS, "input"),
}
COST: dict[str, kit.Role] = {
    "Cost (?:/|per) {unit}|Price|Rate": kit.Price(
        absent=("Token-based(?: only)?", "Imagine API rates"), words=PER_CALL
    ),
    "Description": kit.Ignored("what it does"),
}
BUTTON = kit.Ignored("a button")


def sold(section: str | None, columns: Mapping[str, kit.Role], **more: str | int) -> kit.PriceTable:
    """Declare a table that a page may lack."""
    return kit.PriceTable(section, columns, terms=USD, expect=kit.NONE_OR_ONE, **more)  # type: ignore[arg-type] # the names are those of PriceTable


def said(pattern: str, model: str, meter: Meter, unit: Unit | kit.Measure) -> kit.Sentence:
    """Declare a sentence with a price that a page may lack."""
    return kit.Sentence(pattern, kit.Terms(meter, model=model, unit=unit), expect=kit.NONE_OR_ONE)


FEE = said(
    r"charge a (?P<price>\$[\d.]+) (?:per request usage guidelines? violation fee"
    r"|usage guidelines? violation fee per request)",
    "Usage Guidelines Violation Fee",
    Meter.REQUESTS,
    kit.Measure(Unit.THOUSAND_REQUESTS, Decimal(1)),
)
CUTOFF = kit.Told(
    "knowledge_cutoff",
    r"knowledge cut-?off date of (?P<models>.+?) (?:is|are) (?P<value>[A-Z][a-z]+,? \d{4})",
    worded=kit.iso_date,
)
LIVE_SEARCH = r"Live Search costs (?P<price>\$[\d.]+) per 1,000 sources"
HTML = kit.Form(
    "html",
    recognise=kit.all_of(kit.is_kind(kit.Kind.HTML), kit.has_text("__next_f", "clusterConfigs")),
    tables=(
        Proved(
            DATA,
            kit.PriceTable(
                None,
                {
                    "Model": kit.Model(notes={"{region}": kit.Terms()}),
                    "Modalities|Capabilities": kit.Ignored("drawn as pictures"),
                    "Context": kit.States("context_tokens", kit.token_count),
                    "Rate limits": kit.Ignored("how much may be asked"),
                    "Pricing": kit.Price(meters=(Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS)),
                },
                groups={
                    "Language models / Per {unit}": kit.Terms(),
                    "Image generation models / Per image output": kit.Terms(
                        Meter.IMAGES, unit=Unit.IMAGE
                    ),
                },
                terms=USD,
            ),
        ),
        kit.PriceTable(
            "Tool Invocation Costs",
            {"Tool": kit.Model(says=CALLED), **COST},
            terms=USD,
            dated=r"all server-side tool invocations are (?P<free>free)(?: until)? (?P<day>[^.]+)",
        ),
        sold("Documents Search Pricing", {"Item": kit.Model(says=CALLED), **COST}),
        said(LIVE_SEARCH, "Live Search", Meter.SEARCHES, Unit.THOUSAND_REQUESTS),
        FEE,
        CUTOFF,
    ),
    ignored=(kit.Unread("an example of searches' cost", text=rf"{LIVE_SEARCH}.*a search using"),),
)


RATED: dict[str, kit.Role] = {"Resource": kit.Model(says=CALLED), **COST}
READ_ALIKE = (
    kit.PriceTable(
        None,
        {
            "Model|(?:Model or )?mode": kit.Model(read=voice),
            "Cost": kit.Price(words=PER_PIECE),
            "": BUTTON,
        },
        terms=USD,
        expect=range(3),
    ),
    sold(
        None,
        {
            "Model": first(" "),
            "Media Input": kit.Price(words=TAKEN_IN),
            "Resolution": kit.Choice({"{variant}": kit.Terms()}, of="Output"),
            "Output": kit.Price(words=PER_PIECE),
        },
        short_rows=2,
    ),
    sold(
        "Tool Invocation Costs",
        {"Tool Name": first(r"``|,\s"), "Tool": kit.Ignored("its display name"), **COST},
    ),
    sold(
        "Files and Collections Pricing",
        RATED,
        innermost=True,
        dated=r"charges will take effect (?:starting )?(?P<day>[^.]+)",
    ),
    sold("Download Costs", RATED),
    FEE,
    CUTOFF,
)


def by_tokens(says: str = "") -> kit.PriceTable:
    """Declare the table of tokens; what its prices are per, its headings or the prose says."""
    columns: dict[str, kit.Role] = {
        "Model": kit.Model(read=kit.read_bounded_names),
        "Context": kit.States("context_tokens", kit.token_count),
        "": BUTTON,
    }
    for name, meter in BY_TOKENS.items():
        priced = rf"(?:{LENGTHS[0]} / )?{name}(?: / {{unit}})?"
        columns[priced] = kit.Price(meter, optional=True)
        columns[f"{LENGTHS[1]} / {name}"] = kit.Price(meter, long=True, optional=True)
    terms = kit.Terms(unit=Unit.MILLION_TOKENS) if says else kit.Terms()
    return kit.PriceTable(None, columns, terms=terms, says=(says,), has="Context")


def markdown(*columns: str) -> kit.Test:
    """Know a layout of the markdown by its columns."""
    return kit.all_of(kit.is_kind(kit.Kind.MARKDOWN), kit.has_column(*columns))


READER = kit.Form(
    "reader",
    markdown("Model", "Context", "Input", "Output"),
    (
        by_tokens("Prices shown per million tokens"),
        *READ_ALIKE,
        kit.Told(
            "retired_on",
            r"Model retirement · (?P<value>\w+ \d+, \d{4})\.\n.* will be retired .*, including "
            r"(?P<models>.+?)\. See",
            worded=kit.iso_date,
        ),
        kit.Repeats(r"^(?:Input|Output|Agent|TTS|STT|Image|Video)\$[\d.]+ /"),
        kit.Repeats(r"\$[\d.]+ / 1k calls$", section="Tool Invocation Costs"),
    ),
)
MARKDOWN = kit.Form(
    "markdown",
    markdown("Model", "Context", r"Input / .+", r"Output / .+"),
    (by_tokens(), *READ_ALIKE),
)
LONG = kit.rewritten(r"Long context [^|\n]* tokens", "Long context (.*)", r"(\1)", "")
IN_GROUPS = kit.Form(
    "grouped",
    markdown(*(f"{length}.*" for length in LENGTHS)),
    (by_tokens("Prices per 1M tokens"), *READ_ALIKE),
    prepare=LONG,
    ignored=(kit.Unread("sold with other products' plans alone", section=r".*\(.+ only\)"),),
)


class Xai(kit.Official):
    """Grok models and server-side tools, sold by their maker."""

    document = kit.Document(
        "models",
        "https://docs.x.ai/docs/models",
        forms=(IN_GROUPS, MARKDOWN, READER, HTML),
        minimum_models=2,
        minimum_points=4,
    )
