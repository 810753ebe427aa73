"""Vercel AI Gateway: its public list of models (JSON), in USD per token."""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.page import Kind
from spiders.price_list import Price, PriceList
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

PER_TOKEN = 1_000_000

MODELS = PriceList(
    records="data[]",
    model="id",
    prices={
        "pricing.input": Price(meter=Meter.INPUT_TOKENS, scale=PER_TOKEN),
        "pricing.output": Price(meter=Meter.OUTPUT_TOKENS, scale=PER_TOKEN),
        "pricing.input_cache_read": Price(meter=Meter.CACHE_READ_TOKENS, scale=PER_TOKEN),
        "pricing.input_cache_write": Price(meter=Meter.CACHE_WRITE_TOKENS, scale=PER_TOKEN),
    },
    facts={"context_window": "context_tokens", "max_tokens": "max_output_tokens"},
)


class Vercel(PriceSource):
    """Models of many makers behind one gateway, by their keys there."""

    name = "vercel"
    kind = SourceKind.RESELLER
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://ai-gateway.vercel.sh/v1/models",
            forms=(
                Form(
                    "models",
                    recognise=all_of(is_kind(Kind.JSON), has_text(r'"owned_by"', r'"pricing"')),
                    tables=(MODELS,),
                ),
            ),
            minimum_models=5,
            minimum_points=10,
        ),
    )
