"""Azure: its Retail Prices API (paged JSON), and the same items as JSON lines.

An item is one billing meter in one region. Its name, written for invoices, holds the model and what
is counted: "gpt 4o 0806 cached Inp glbl Tokens".
"""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from catalog.vocabulary import Unit
from spiders import kit

NAMED = re.compile(r"(?P<name>.+?)(?: (?P<count>1[KM]))? Tokens")
COUNTS = {"1K": Decimal(1000), "1M": Decimal(1_000_000)}
WORDS = {
    "in(?:p(?:u?t)?)?|prompt": kit.Terms(said=frozenset({"input"})),
    "o(?:ut(?:p(?:u?t)?)?|pt)|completion": kit.Terms(said=frozenset({"output"})),
    "c(?:ached?|c{1,2}hd|d)": kit.Terms(said=frozenset({"cached"})),
    "wr(?:ite)?": kit.Terms(said=frozenset({"write"})),
    "train|tr(?:ai)?n(?:in)?g": kit.Terms(said=frozenset({"training"})),
    "ft": kit.Terms(variant="fine-tuned"),
    "rft": kit.Terms(variant="reinforcement fine-tuned"),
    "(?:model )?grader": kit.Terms(variant="grader"),
    "dev": kit.Terms(tier="developer"),
    "batch": kit.Terms(tier="batch"),
    "pp|prty|priority": kit.Terms(tier="priority"),
    "fl(?:ex)?": kit.Terms(tier="flex"),
    "std": kit.Terms(tier="standard"),
    "sh(?:ort)?co": kit.Terms(context_over=0),
    "lo(?:ng)?co": kit.Terms(context_over=1),
    "gl(?:obal|bl|b)?": kit.Terms(variant="global"),
    "d(?:ata ?)?z(?:one|n)?": kit.Terms(variant="data zone"),
    "re?g(?:io)?na?l": kit.Terms(variant="regional"),
    "tkn": kit.Terms(),
}
MODALITIES = {
    "te?xt": kit.Terms(said=frozenset({"text alone"})),
    "aud(?:io)?": kit.Terms(said=frozenset({"audio"})),
    "im(?:age|g)": kit.Terms(said=frozenset({"image"})),
}
ONLY_TEXT = re.compile(r"tts|transcribe.*out", re.IGNORECASE)
"""Models that hear or speak, where nothing but text goes in or comes out."""
DIRECTIONS = {"input", "output", "cached", "training"}
UNDIVIDED = {
    "(?i)embedding": frozenset({"input"}),
    "-base$": frozenset({"input", "output"}),
}
"""What the price of tokens of no direction is for."""


@cache
def named(name: str) -> kit.Terms | None:
    """Read a meter's name; None where it does not say which tokens of which model it counts."""
    found = kit.take_words(name, WORDS, MODALITIES)
    said = found.terms.said
    if re.search(r"[a-z]", found.after, re.IGNORECASE):
        return None
    if not said & DIRECTIONS:
        told = (ways for word, ways in UNDIVIDED.items() if re.search(word, found.name))
        said = next(told, frozenset())
    if ONLY_TEXT.search(name):
        said -= {"text alone"}
    model = f"{found.name} {found.after}".strip()
    return replace(_of_tokens(found.terms, said), model=model, said=said) if said else None


def _of_tokens(terms: kit.Terms, said: frozenset[str]) -> kit.Terms:
    """Take "fine-tuned" out of what training is for: nothing is tuned before it."""
    kept = [word for word in (terms.variant or "").split(", ") if "fine-tuned" not in word]
    return replace(terms, variant=", ".join(kept) or None) if "training" in said else terms


def meter(item: kit.Record) -> kit.Terms | kit.Ignored | None:
    """Say what an item is the price of."""
    found = NAMED.fullmatch(item.text("meterName"))
    if found is None:
        return kit.Ignored("not counted in tokens")
    if item.text("type") in ("Reservation", "DevTestConsumption"):
        return kit.Ignored("a price for a commitment or for testing")
    if item.at("isPrimaryMeterRegion") is False:
        return kit.Ignored("a meter that no use is charged by")
    if item.at("unitPrice") != item.at("retailPrice"):
        raise kit.changed(f"{found.group()!r} has a unit price beside another retail price")
    unit, minimum = item.text("unitOfMeasure"), item.at("tierMinimumUnits")
    if unit not in COUNTS or found["count"] not in (None, unit) or minimum != 0:
        raise kit.changed(
            f"{found.group()!r} is per {unit!r} from {minimum} on; see what that means"
        )
    terms = named(found["name"])
    return terms and terms.under(
        kit.Terms(
            region=item.text("armRegionName").lower() or None,
            unit=kit.Measure(Unit.MILLION_TOKENS, COUNTS[unit]),
            currency=item.text("currencyCode"),
            valid_from=date.fromisoformat(kit.iso_day(item.at("effectiveStartDate"))),
        )
    )


def items(path: str) -> kit.MeterList:
    """Declare the list of meters at a path."""
    return kit.MeterList(
        records=path,
        amount="retailPrice",
        terms=meter,
        quoted=("productName", "meterName", "unitOfMeasure"),
        ignored={"unitPrice": "repeats the retail price"},
    )


IS_LIST = kit.json_with("armRegionName", "unitOfMeasure", "retailPrice")
PAGES = kit.Paging(next_page="NextPageLink", items="Items", count="Count")
IN_PAGES = kit.json_with("Items", "NextPageLink")
IS_WHOLE, IS_LINES = kit.all_of(IS_LIST, IN_PAGES), kit.all_of(IS_LIST, kit.none_of(IN_PAGES))
WHOLE = kit.Form("items", IS_WHOLE, (items("Items[]"),), prepare=PAGES.whole)
LINES = kit.Form("lines", IS_LINES, (items("[]"),))


class Azure(kit.Official):
    """Models of OpenAI, Microsoft and others, as Azure sells them in each region."""

    cadence = kit.DAILY
    document = kit.Document(
        "foundry-models",
        "https://prices.azure.com/api/retail/prices?$filter=serviceName%20eq%20'Foundry%20Models'"
        "%20and%20priceType%20eq%20'Consumption'"
        "%20and%20(armRegionName%20eq%20'eastus2'%20or%20armRegionName%20eq%20'swedencentral')",
        (WHOLE, LINES),
        parts=PAGES,
        minimum_models=2,
        minimum_points=4,
    )
