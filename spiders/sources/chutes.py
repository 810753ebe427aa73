"""Chutes: its list of models (JSON), one price in USD per 1M tokens for both directions."""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.page import Kind
from spiders.price_list import Price, PriceList
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

NOISE = 10
"""The answer prints binary numbers: 0.02721600000000001."""
TAO = "the same price in TAO, at that hour's rate"

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
    },
    ignored={"price.tao": TAO, "price.input.tao": TAO, "price.output.tao": TAO},
    facts={"max_model_len": "context_tokens"},
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
