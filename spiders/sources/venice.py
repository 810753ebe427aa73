"""Venice: its list of models (JSON), in USD per 1M tokens."""

from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.page import Kind
from spiders.price_list import Price, PriceList, Says
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

CREDITS = "the same price in credits of Venice's own"

MODELS = PriceList(
    records="data[]",
    model="id",
    prices={
        "model_spec.pricing.input.usd": Price(meter=Meter.INPUT_TOKENS),
        "model_spec.pricing.output.usd": Price(meter=Meter.OUTPUT_TOKENS),
        "model_spec.pricing.cache_input.usd": Price(meter=Meter.CACHE_READ_TOKENS),
        "model_spec.pricing.cache_write.usd": Price(meter=Meter.CACHE_WRITE_TOKENS),
    },
    ignored={
        f"model_spec.pricing.{meter}.{credit}": CREDITS
        for meter in ("input", "output", "cache_input", "cache_write")
        for credit in ("diem", "vcu")
    },
    facts={
        "model_spec.availableContextTokens": "context_tokens",
        "model_spec.capabilities.supportsVision": Says("vision"),
        "model_spec.capabilities.supportsReasoning": Says("reasoning"),
        "model_spec.capabilities.supportsFunctionCalling": Says("function_calling"),
        "model_spec.capabilities.quantization": Says("quantization"),
    },
    skipped={"no model of text": lambda record: record.text("type") != "text"},
)


class Venice(PriceSource):
    """Open models hosted by Venice; its own credits are no currency."""

    name = "venice"
    kind = SourceKind.RESELLER
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://api.venice.ai/api/v1/models",
            forms=(
                Form(
                    "models",
                    recognise=all_of(is_kind(Kind.JSON), has_text(r'"model_spec"', r'"diem"')),
                    tables=(MODELS,),
                ),
            ),
            minimum_models=5,
            minimum_points=10,
        ),
    )
