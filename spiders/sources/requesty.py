"""Requesty: its list of models (JSON), in USD per token."""

from spiders import kit

MODELS = kit.PriceList(
    prices=kit.tokens("{}_price", "input", "output", scale=kit.PER_TOKEN)
    | kit.tokens("{}_price", "cached", "caching", scale=kit.PER_TOKEN, none=kit.ZERO),
    columns={"tier": kit.part_of("id", ":(batch|flex|priority)$", otherwise="standard")},
    facts=kit.facts("context_window", "max_output_tokens")
    | kit.facts("vision", "reasoning", "caching", within="supports_{}"),
)


class Requesty(kit.Reseller):
    """Models of many providers behind one router, by their keys there."""

    document = kit.Document(
        "models",
        "https://router.requesty.ai/v1/models",
        (kit.Form("models", kit.json_with("input_price", "caching_price"), (MODELS,)),),
        minimum_models=3,
        minimum_points=6,
    )
