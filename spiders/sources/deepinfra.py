"""DeepInfra: its list of models (JSON), in USD per 1M tokens."""

from catalog.vocabulary import Meter
from spiders import kit

NOISE = 10
"""The answer prints binary numbers: 2.5999999999999996."""
NO_TOKENS = "counted by seconds, characters or pictures"

MODELS = kit.PriceList(
    records="data[]",
    model="id",
    prices={
        "metadata.pricing.input_tokens": kit.FieldPrice(meter=Meter.INPUT_TOKENS, places=NOISE),
        "metadata.pricing.output_tokens": kit.FieldPrice(meter=Meter.OUTPUT_TOKENS, places=NOISE),
        "metadata.pricing.cache_read_tokens": kit.FieldPrice(
            meter=Meter.CACHE_READ_TOKENS, places=NOISE
        ),
        "metadata.pricing.cache_write_tokens": kit.FieldPrice(
            meter=Meter.CACHE_WRITE_TOKENS, places=NOISE
        ),
    },
    ignored={
        **{f"metadata.pricing.{name}": NO_TOKENS for name in ("input_seconds", "output_seconds")},
        "metadata.pricing.input_characters": NO_TOKENS,
        "metadata.pricing.per_image_unit": NO_TOKENS,
    },
    facts={
        "metadata.context_length": "context_tokens",
        "metadata.max_tokens": "max_output_tokens",
        "metadata.tags": kit.Says("capabilities"),
    },
)


class Deepinfra(kit.Reseller):
    """Open models, and some resold ones, hosted by DeepInfra."""

    reader_version = 2
    document = kit.Document(
        "models",
        "https://api.deepinfra.com/v1/openai/models",
        forms=(
            kit.Form(
                "models",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.JSON),
                    kit.has_text(r'"owned_by": ?"deepinfra"', r'"pricing"'),
                ),
                tables=(MODELS,),
            ),
        ),
        minimum_models=5,
        minimum_points=10,
    )
