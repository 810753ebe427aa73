"""DeepInfra: its list of models (JSON), in USD per 1M tokens."""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.page import Kind
from spiders.price_list import Price, PriceList, Says
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

NOISE = 10
"""The answer prints binary numbers: 2.5999999999999996."""
NO_TOKENS = "counted by seconds, characters or pictures"

MODELS = PriceList(
    records="data[]",
    model="id",
    prices={
        "metadata.pricing.input_tokens": Price(meter=Meter.INPUT_TOKENS, places=NOISE),
        "metadata.pricing.output_tokens": Price(meter=Meter.OUTPUT_TOKENS, places=NOISE),
        "metadata.pricing.cache_read_tokens": Price(meter=Meter.CACHE_READ_TOKENS, places=NOISE),
        "metadata.pricing.cache_write_tokens": Price(meter=Meter.CACHE_WRITE_TOKENS, places=NOISE),
    },
    ignored={
        **{f"metadata.pricing.{name}": NO_TOKENS for name in ("input_seconds", "output_seconds")},
        "metadata.pricing.input_characters": NO_TOKENS,
        "metadata.pricing.per_image_unit": NO_TOKENS,
    },
    facts={
        "metadata.context_length": "context_tokens",
        "metadata.max_tokens": "max_output_tokens",
        "metadata.tags": Says("capabilities"),
    },
)


class Deepinfra(PriceSource):
    """Open models, and some resold ones, hosted by DeepInfra."""

    name = "deepinfra"
    kind = SourceKind.RESELLER
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://api.deepinfra.com/v1/openai/models",
            forms=(
                Form(
                    "models",
                    recognise=all_of(
                        is_kind(Kind.JSON), has_text(r'"owned_by": ?"deepinfra"', r'"pricing"')
                    ),
                    tables=(MODELS,),
                ),
            ),
            minimum_models=5,
            minimum_points=10,
        ),
    )
