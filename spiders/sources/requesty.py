"""Requesty: its list of models (JSON), in USD per token."""

from catalog.vocabulary import Meter
from spiders import kit

PER_TOKEN = 1_000_000
NOT_CACHED = frozenset({"0", "0.0"})
"""The answer has every field for every model; nobody caches for nothing."""


TIERS = ("batch", "flex", "priority")


def tier_of(record: kit.Record) -> str:
    """Read the service tier off a key: "openai/o3:flex"; other endings only name the model."""
    ending = record.text("id").rpartition(":")[2]
    return ending if ending in TIERS else "standard"


MODELS = kit.PriceList(
    records="data[]",
    model="id",
    prices={
        "input_price": kit.FieldPrice(meter=Meter.INPUT_TOKENS, scale=PER_TOKEN),
        "output_price": kit.FieldPrice(meter=Meter.OUTPUT_TOKENS, scale=PER_TOKEN),
        "cached_price": kit.FieldPrice(
            meter=Meter.CACHE_READ_TOKENS, scale=PER_TOKEN, none=NOT_CACHED
        ),
        "caching_price": kit.FieldPrice(
            meter=Meter.CACHE_WRITE_TOKENS, scale=PER_TOKEN, none=NOT_CACHED
        ),
    },
    columns={"tier": tier_of},
    facts={
        "context_window": kit.Says("context_tokens", kit.above_zero),
        "max_output_tokens": kit.Says("max_output_tokens", kit.above_zero),
        "supports_vision": kit.Says("vision"),
        "supports_reasoning": kit.Says("reasoning"),
        "supports_caching": kit.Says("prompt_caching"),
    },
)


class Requesty(kit.Reseller):
    """Models of many providers behind one router, by their keys there."""

    document = kit.Document(
        "models",
        "https://router.requesty.ai/v1/models",
        forms=(
            kit.Form(
                "models",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.JSON), kit.has_text(r'"input_price"', r'"caching_price"')
                ),
                tables=(MODELS,),
            ),
        ),
        minimum_models=3,
        minimum_points=6,
    )
