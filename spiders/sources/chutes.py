"""Chutes: its list of models (JSON), in USD per 1M tokens.

At first one price held for both directions; later lists state each one twice, once beside TAO.
"""

from catalog.vocabulary import Meter
from spiders import kit

NOISE = 10
"""The answer prints binary numbers: 0.02721600000000001."""
TAO = "the same price in TAO, at that hour's rate"
CACHE_READ = kit.FieldPrice(meter=Meter.CACHE_READ_TOKENS, places=NOISE, none=frozenset({"0"}))
"""Nobody caches for nothing."""

MODELS = kit.PriceList(
    records="data[]",
    model="id",
    prices={
        "price.usd": (
            kit.FieldPrice(meter=Meter.INPUT_TOKENS, places=NOISE),
            kit.FieldPrice(meter=Meter.OUTPUT_TOKENS, places=NOISE),
        ),
        "price.input.usd": kit.FieldPrice(meter=Meter.INPUT_TOKENS, places=NOISE),
        "price.output.usd": kit.FieldPrice(meter=Meter.OUTPUT_TOKENS, places=NOISE),
        "price.input_cache_read.usd": CACHE_READ,
        "pricing.prompt": kit.FieldPrice(meter=Meter.INPUT_TOKENS, places=NOISE),
        "pricing.completion": kit.FieldPrice(meter=Meter.OUTPUT_TOKENS, places=NOISE),
        "pricing.input_cache_read": CACHE_READ,
    },
    ignored={
        "price.tao": TAO,
        **{f"price.{name}.tao": TAO for name in ("input", "output", "input_cache_read")},
    },
    facts={
        "max_model_len": "context_tokens",
        "max_output_length": "max_output_tokens",
        "input_modalities": "input_modalities",
        "output_modalities": "output_modalities",
        "supported_features": kit.Says("capabilities"),
        "quantization": "quantization",
    },
)


class Chutes(kit.Reseller):
    """Open models on a decentralised network; the price in TAO is the same at its rate."""

    document = kit.Document(
        "models",
        "https://llm.chutes.ai/v1/models",
        forms=(
            kit.Form(
                "models",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.JSON), kit.has_text(r'"price"', r'"tao"')
                ),
                tables=(MODELS,),
            ),
        ),
        minimum_models=5,
        minimum_points=10,
    )
