"""llm-prices: a list of models a vendor (JSON), in USD per 1M tokens, with dated history."""

import re
from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.page import Kind
from spiders.price_list import Price, PriceList, Record
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind, none_of

VENDORS = (
    *("amazon", "anthropic", "deepseek", "google", "minimax", "mistral", "moonshot-ai", "openai"),
    *("qwen", "xai"),
)
LONGER = re.compile(r">\s*(\d+)k")


def threshold(record: Record) -> str:
    """Read the length of prompts off a model's name: "Gemini 2.5 Pro >200k"."""
    found = LONGER.search(record.text("^name"))
    return f"{found[1]}000" if found else "0"


HISTORY = PriceList(
    records="models[].price_history[]",
    model="^id",
    prices={
        "input": Price(meter=Meter.INPUT_TOKENS),
        "output": Price(meter=Meter.OUTPUT_TOKENS),
        "input_cached": Price(meter=Meter.CACHE_READ_TOKENS),
    },
    columns={
        "provider": "^^vendor",
        "context_over": threshold,
        "valid_from": "from_date",
        "valid_to": "to_date",
    },
    priced_names=r"(?i)^(?!from_date|to_date)",
)


def document(vendor: str) -> Document:
    """Declare one vendor's file."""
    said = rf'"vendor":\s*"{vendor}"'
    form = Form(
        vendor,
        recognise=all_of(
            is_kind(Kind.JSON),
            has_text(said, r'"price_history"'),
            none_of(has_text(r'"currency"')),
        ),
        tables=(HISTORY,),
    )
    url = f"https://raw.githubusercontent.com/simonw/llm-prices/main/data/{vendor}.json"
    return Document(vendor, url, forms=(form,), minimum_models=2, minimum_points=4)


class LlmPrices(PriceSource):
    """One file a vendor; each price has the day it starts and the day, exclusive, it ends."""

    name = "llm-prices"
    kind = SourceKind.CATALOG
    cadence = timedelta(days=1)
    documents = tuple(document(vendor) for vendor in VENDORS)
