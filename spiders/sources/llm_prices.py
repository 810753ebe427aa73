"""llm-prices: a list of models a vendor (JSON), in USD per 1M tokens, with dated history."""

from spiders import kit

VENDORS = (
    *("amazon", "anthropic", "deepseek", "google", "minimax", "mistral", "moonshot-ai", "openai"),
    *("qwen", "xai"),
)
FILES = "https://raw.githubusercontent.com/simonw/llm-prices/main/data"

HISTORY = kit.PriceList(
    records="models[].price_history[]",
    model="^id",
    prices=kit.tokens("{}", "input", "output", "input_cached"),
    columns={
        "provider": "^^vendor",
        "context_over": kit.part_of("^name", r">\s*(\d+)k", form="{}000", otherwise="0"),
        "valid_from": "from_date",
        "valid_to": "to_date",
    },
    priced_names=r"(?i)^(?!from_date|to_date)",
)


def document(vendor: str) -> kit.Document:
    """Declare one vendor's file; its prices are in USD unless it names a currency."""
    is_file = kit.all_of(
        kit.json_with("price_history", vendor=vendor), kit.none_of(kit.json_with("currency"))
    )
    form, url = kit.Form(vendor, is_file, (HISTORY,)), f"{FILES}/{vendor}.json"
    return kit.Document(vendor, url, (form,), minimum_models=2, minimum_points=4)


class LlmPrices(kit.Catalog):
    """One file a vendor; each price has the day it starts and the day, exclusive, it ends."""

    cadence = kit.DAILY
    documents = tuple(document(vendor) for vendor in VENDORS)
