"""DeepInfra: its list of models (JSON), in USD per 1M tokens."""

from spiders import kit

MODELS = kit.PriceList(
    prices=kit.tokens(
        "metadata.pricing.{}_tokens", "input", "output", "cache_read", "cache_write", places=10
    ),
    ignored=kit.ignore(
        "counted by seconds, characters or pictures",
        *("input_seconds", "output_seconds", "input_characters", "per_image_unit"),
        within="metadata.pricing.{}",
    ),
    facts=kit.facts("context_length", "max_tokens", within="metadata.{}")
    | {"metadata.tags": "capabilities"},
)


class Deepinfra(kit.Reseller):
    """Open models, and some resold ones, hosted by DeepInfra."""

    reader_version = 2
    document = kit.Document(
        "models",
        "https://api.deepinfra.com/v1/openai/models",
        (kit.Form("models", kit.json_with("pricing", owned_by="deepinfra"), (MODELS,)),),
        minimum_models=5,
        minimum_points=10,
    )
