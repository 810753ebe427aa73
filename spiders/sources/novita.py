"""Novita AI: its list of models (JSON), in ten-thousandths of a USD per 1M tokens."""

from datetime import timedelta
from decimal import Decimal

from catalog.vocabulary import Meter, SourceKind
from spiders.page import Kind
from spiders.price_list import Price, PriceList, Says
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

TEN_THOUSANDTHS = Decimal("0.0001")

MODELS = PriceList(
    records="data[]",
    model="id",
    prices={
        "input_token_price_per_m": Price(meter=Meter.INPUT_TOKENS, scale=TEN_THOUSANDTHS),
        "output_token_price_per_m": Price(meter=Meter.OUTPUT_TOKENS, scale=TEN_THOUSANDTHS),
    },
    facts={
        "context_size": "context_tokens",
        "max_output_tokens": "max_output_tokens",
        "features": Says("capabilities"),
    },
)


class Novita(PriceSource):
    """Open models hosted by Novita; its integers count 1/10,000 USD."""

    name = "novita"
    kind = SourceKind.RESELLER
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://api.novita.ai/v3/openai/models",
            forms=(
                Form(
                    "models",
                    recognise=all_of(is_kind(Kind.JSON), has_text(r'"input_token_price_per_m"')),
                    tables=(MODELS,),
                ),
            ),
            minimum_models=5,
            minimum_points=10,
        ),
    )
