"""Requesty: its list of models (JSON), in USD per token."""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.page import Kind
from spiders.price_list import Price, PriceList, Record, Says, above_zero
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

PER_TOKEN = 1_000_000
NOT_CACHED = frozenset({"0", "0.0"})
"""The answer has every field for every model; nobody caches for nothing."""


TIERS = ("batch", "flex", "priority")


def tier_of(record: Record) -> str:
    """Read the service tier off a key: "openai/o3:flex"; other endings only name the model."""
    ending = record.text("id").rpartition(":")[2]
    return ending if ending in TIERS else "standard"


MODELS = PriceList(
    records="data[]",
    model="id",
    prices={
        "input_price": Price(meter=Meter.INPUT_TOKENS, scale=PER_TOKEN),
        "output_price": Price(meter=Meter.OUTPUT_TOKENS, scale=PER_TOKEN),
        "cached_price": Price(meter=Meter.CACHE_READ_TOKENS, scale=PER_TOKEN, none=NOT_CACHED),
        "caching_price": Price(meter=Meter.CACHE_WRITE_TOKENS, scale=PER_TOKEN, none=NOT_CACHED),
    },
    columns={"tier": tier_of},
    facts={
        "context_window": Says("context_tokens", above_zero),
        "max_output_tokens": Says("max_output_tokens", above_zero),
        "supports_vision": Says("vision"),
        "supports_reasoning": Says("reasoning"),
        "supports_caching": Says("prompt_caching"),
    },
)


class Requesty(PriceSource):
    """Models of many providers behind one router, by their keys there."""

    name = "requesty"
    kind = SourceKind.RESELLER
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://router.requesty.ai/v1/models",
            forms=(
                Form(
                    "models",
                    recognise=all_of(
                        is_kind(Kind.JSON), has_text(r'"input_price"', r'"caching_price"')
                    ),
                    tables=(MODELS,),
                ),
            ),
            minimum_models=3,
            minimum_points=6,
        ),
    )
