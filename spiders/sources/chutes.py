"""Chutes: its list of models (JSON), in USD per 1M tokens.

At first one price held for both directions; later lists state each one twice, once beside TAO.
"""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.page import Kind
from spiders.price_list import Price, PriceList, Says
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

NOISE = 10
"""The answer prints binary numbers: 0.02721600000000001."""
TAO = "the same price in TAO, at that hour's rate"
CACHE_READ = Price(meter=Meter.CACHE_READ_TOKENS, places=NOISE, none=frozenset({"0"}))
"""Nobody caches for nothing."""

MODELS = PriceList(
    records="data[]",
    model="id",
    prices={
        "price.usd": (
            Price(meter=Meter.INPUT_TOKENS, places=NOISE),
            Price(meter=Meter.OUTPUT_TOKENS, places=NOISE),
        ),
        "price.input.usd": Price(meter=Meter.INPUT_TOKENS, places=NOISE),
        "price.output.usd": Price(meter=Meter.OUTPUT_TOKENS, places=NOISE),
        "price.input_cache_read.usd": CACHE_READ,
        "pricing.prompt": Price(meter=Meter.INPUT_TOKENS, places=NOISE),
        "pricing.completion": Price(meter=Meter.OUTPUT_TOKENS, places=NOISE),
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
        "supported_features": Says("capabilities"),
        "quantization": "quantization",
    },
)


class Chutes(PriceSource):
    """Open models on a decentralised network; the price in TAO is the same at its rate."""

    name = "chutes"
    kind = SourceKind.RESELLER
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://llm.chutes.ai/v1/models",
            forms=(
                Form(
                    "models",
                    recognise=all_of(is_kind(Kind.JSON), has_text(r'"price"', r'"tao"')),
                    tables=(MODELS,),
                ),
            ),
            minimum_models=5,
            minimum_points=10,
        ),
    )
