"""Together AI: its list of models (JSON), in USD per 1M tokens where it sells tokens."""

from catalog.vocabulary import Meter
from spiders import kit

NOISE = 10
"""The answer prints binary numbers: 0.18000000000000002."""
SOLD_BY_TOKEN = ("chat", "language", "code", "moderation", "embedding", "rerank")


def by_another_measure(record: kit.Record) -> bool:
    """Tell images, speech and the like: the list does not say what their numbers are per."""
    return record.text("type") not in SOLD_BY_TOKEN


def unpriced(record: kit.Record) -> bool:
    """Tell models whose zeros stand for no price; free ones say so in their key."""
    zeros = all(record.text(f"pricing.{name}") == "0" for name in ("input", "output"))
    return zeros and "free" not in record.text("id").lower()


MODELS = kit.PriceList(
    records="[]",
    model="id",
    prices={
        "pricing.input": kit.FieldPrice(meter=Meter.INPUT_TOKENS, places=NOISE),
        "pricing.output": kit.FieldPrice(meter=Meter.OUTPUT_TOKENS, places=NOISE),
        "pricing.cached_input": kit.FieldPrice(
            meter=Meter.CACHE_READ_TOKENS, none=frozenset({"0"})
        ),
    },
    ignored={
        "pricing.base": "zero throughout; the list does not say what it is for",
        "pricing.finetune": "zero throughout; the list does not say what it is for",
        "pricing.hourly": "the hire of a machine, not a model's tokens",
    },
    facts={"context_length": kit.Says("context_tokens", kit.above_zero), "license": "licence"},
    skipped={"not sold by the token": by_another_measure, "no price is stated": unpriced},
)


class Together(kit.Reseller):
    """Open models hosted by Together."""

    document = kit.Document(
        "models",
        "https://api.together.xyz/v1/models",
        forms=(
            kit.Form(
                "models",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.JSON), kit.has_text(r'"pricing"', r'"finetune"')
                ),
                tables=(MODELS,),
            ),
        ),
        minimum_models=5,
        minimum_points=10,
    )
