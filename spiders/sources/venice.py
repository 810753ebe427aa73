"""Venice: its list of models (JSON), in USD per 1M tokens."""

from catalog.vocabulary import Meter
from spiders import kit

CREDITS = "the same price in credits of Venice's own"
METERS = {
    "input": Meter.INPUT_TOKENS,
    "output": Meter.OUTPUT_TOKENS,
    "cache_input": Meter.CACHE_READ_TOKENS,
    "cache_write": Meter.CACHE_WRITE_TOKENS,
}
PRICING = "model_spec.pricing"
LONGER = f"{PRICING}.extended"
SOLD_BY_TOKEN = ("text", "embedding")

MODELS = kit.PriceList(
    records="data[]",
    model="id",
    prices={
        **{f"{PRICING}.{name}.usd": kit.FieldPrice(meter=meter) for name, meter in METERS.items()},
        **{
            f"{LONGER}.{name}.usd": kit.FieldPrice(
                meter=meter, context_over=f"{LONGER}.context_token_threshold"
            )
            for name, meter in METERS.items()
        },
    },
    ignored={
        f"{above}.{name}.{credit}": CREDITS
        for above in (PRICING, LONGER)
        for name in METERS
        for credit in ("diem", "vcu")
    },
    facts={
        "model_spec.availableContextTokens": "context_tokens",
        "model_spec.maxCompletionTokens": "max_output_tokens",
        "model_spec.capabilities.supportsVision": kit.Says("vision"),
        "model_spec.capabilities.supportsReasoning": kit.Says("reasoning"),
        "model_spec.capabilities.supportsFunctionCalling": kit.Says("function_calling"),
        "model_spec.capabilities.quantization": kit.Says("quantization"),
    },
    skipped={"not sold by the token": lambda record: record.text("type") not in SOLD_BY_TOKEN},
)


class Venice(kit.Reseller):
    """Open models hosted by Venice; its own credits are no currency."""

    document = kit.Document(
        "models",
        "https://api.venice.ai/api/v1/models",
        forms=(
            kit.Form(
                "models",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.JSON), kit.has_text(r'"model_spec"', r'"usd"')
                ),
                tables=(MODELS,),
            ),
        ),
        minimum_models=5,
        minimum_points=10,
    )
