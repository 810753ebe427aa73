"""llm-prices: a list of models a vendor (JSON), in USD per 1M tokens, with dated history."""

import re
from datetime import timedelta

from catalog.vocabulary import Meter
from spiders import kit

VENDORS = (
    *("amazon", "anthropic", "deepseek", "google", "minimax", "mistral", "moonshot-ai", "openai"),
    *("qwen", "xai"),
)
LONGER = re.compile(r">\s*(\d+)k")


def threshold(record: kit.Record) -> str:
    """Read the length of prompts off a model's name: "Gemini 2.5 Pro >200k"."""
    found = LONGER.search(record.text("^name"))
    return f"{found[1]}000" if found else "0"


HISTORY = kit.PriceList(
    records="models[].price_history[]",
    model="^id",
    prices={
        "input": kit.FieldPrice(meter=Meter.INPUT_TOKENS),
        "output": kit.FieldPrice(meter=Meter.OUTPUT_TOKENS),
        "input_cached": kit.FieldPrice(meter=Meter.CACHE_READ_TOKENS),
    },
    columns={
        "provider": "^^vendor",
        "context_over": threshold,
        "valid_from": "from_date",
        "valid_to": "to_date",
    },
    priced_names=r"(?i)^(?!from_date|to_date)",
)


def document(vendor: str) -> kit.Document:
    """Declare one vendor's file."""
    said = rf'"vendor":\s*"{vendor}"'
    form = kit.Form(
        vendor,
        recognise=kit.all_of(
            kit.is_kind(kit.Kind.JSON),
            kit.has_text(said, r'"price_history"'),
            kit.none_of(kit.has_text(r'"currency"')),
        ),
        tables=(HISTORY,),
    )
    url = f"https://raw.githubusercontent.com/simonw/llm-prices/main/data/{vendor}.json"
    return kit.Document(vendor, url, forms=(form,), minimum_models=2, minimum_points=4)


class LlmPrices(kit.Catalog):
    """One file a vendor; each price has the day it starts and the day, exclusive, it ends."""

    cadence = timedelta(days=1)
    documents = tuple(document(vendor) for vendor in VENDORS)
