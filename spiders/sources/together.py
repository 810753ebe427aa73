"""Together AI: its list of models (JSON), in USD per 1M tokens where it sells tokens."""

from spiders import kit

URL = "https://api.together.xyz/v1/models"
SOLD_BY_TOKEN = ("chat", "language", "code", "moderation", "embedding", "rerank")
"""Of the others, images or speech, the list does not say what their numbers are per."""


def unpriced(record: kit.Record) -> bool:
    """Tell models whose zeros stand for no price; free ones say so in their key."""
    zeros = all(record.text(f"pricing.{name}") == "0" for name in ("input", "output"))
    return zeros and "free" not in record.text("id").lower()


MODELS = kit.PriceList(
    records="[]",
    prices=kit.tokens("pricing.{}", "input", "output", places=10)
    | kit.tokens("pricing.{}", "cached_input", none=kit.ZERO),
    ignored=kit.ignore(
        "zero, and the list does not say for what", "pricing.base", "pricing.finetune"
    )
    | kit.ignore("the hire of a machine, not a model's tokens", "pricing.hourly"),
    facts=kit.facts("context_length", "license"),
    skipped={
        "not sold by the token": kit.other_than("type", *SOLD_BY_TOKEN),
        "no price is stated": unpriced,
    },
)
LIST = kit.Form("models", kit.json_with("pricing", "finetune"), (MODELS,))


class Together(kit.Reseller):
    """Open models hosted by Together."""

    document = kit.Document("models", URL, (LIST,), minimum_models=5, minimum_points=10)
