"""Chutes: its list of models (JSON), in USD per 1M tokens.

At first one price held for both directions; later lists state each one twice, once beside TAO.
"""

from catalog.vocabulary import Meter
from spiders import kit

URL = "https://llm.chutes.ai/v1/models"
CACHED = "input_cache_read"
MODELS = kit.PriceList(
    prices={
        "price.usd": [
            kit.FieldPrice(meter=meter, places=10)
            for meter in (Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS)
        ],
        **kit.tokens("price.{}.usd", "input", "output", places=10),
        **kit.tokens("price.{}.usd", CACHED, places=10, none=kit.ZERO),
        **kit.tokens("pricing.{}", "prompt", "completion", places=10),
        **kit.tokens("pricing.{}", CACHED, places=10, none=kit.ZERO),
    },
    ignored=kit.ignore(
        "the same price in TAO, at that hour's rate",
        *("tao", "input.tao", "output.tao", f"{CACHED}.tao"),
        within="price.{}",
    ),
    facts=kit.facts(
        *("max_model_len", "max_output_length", "input_modalities", "output_modalities"),
        *("supported_features", "quantization"),
    ),
)
LIST = kit.Form("models", kit.json_with("price", "tao"), (MODELS,))


class Chutes(kit.Reseller):
    """Open models on a decentralised network; the price in TAO is the same at its rate."""

    document = kit.Document("models", URL, (LIST,), minimum_models=5, minimum_points=10)
