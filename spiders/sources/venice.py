"""Venice: its list of models (JSON), in USD per 1M tokens."""

from spiders import kit

NAMES = ("input", "output", "cache_input", "cache_write")
PRICING, LONGER = "model_spec.pricing", "model_spec.pricing.extended"
MODELS = kit.PriceList(
    prices=kit.tokens(f"{PRICING}.{{}}.usd", *NAMES)
    | kit.tokens(f"{LONGER}.{{}}.usd", *NAMES, context_over=f"{LONGER}.context_token_threshold"),
    ignored=kit.ignore(
        "the same price in credits of Venice's own",
        *(f"{above}.{name}.diem" for above in (PRICING, LONGER) for name in NAMES),
        *(f"{above}.{name}.vcu" for above in (PRICING, LONGER) for name in NAMES),
    ),
    facts=kit.facts("availableContextTokens", "maxCompletionTokens", within="model_spec.{}")
    | kit.facts(
        *("supportsVision", "supportsReasoning", "supportsFunctionCalling", "quantization"),
        within="model_spec.capabilities.{}",
    ),
    skipped={"not sold by the token": kit.other_than("type", "text", "embedding")},
)


class Venice(kit.Reseller):
    """Open models hosted by Venice; its own credits are no currency."""

    document = kit.Document(
        "models",
        "https://api.venice.ai/api/v1/models",
        (kit.Form("models", kit.json_with("model_spec", "usd"), (MODELS,)),),
        minimum_models=5,
        minimum_points=10,
    )
