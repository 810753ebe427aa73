"""Vercel AI Gateway: its public list of models (JSON), in USD per token."""

from dataclasses import replace

from catalog.vocabulary import Meter, Unit
from spiders import kit

NAMES = ("input", "output", "input_cache_read", "input_cache_write")


def prices(
    above: str, tier: str = "standard", region: str = "global", context_over: int | str = 0
) -> dict[str, kit.FieldPrice]:
    """Map one object's prices of tokens, and those by the prompt's length beside them."""
    said = kit.Common(scale=kit.PER_TOKEN, tier=tier, region=region, context_over=context_over)
    bands = f"{above}.{{}}_tiers[]"
    longer = said | kit.Common(context_from=f"{bands}.min")
    return kit.tokens(f"{above}.{{}}", *NAMES, **said) | kit.tokens(
        f"{bands}.cost", *NAMES, **longer
    )


PRICES = prices("pricing") | prices("pricing.fast", tier="fast")
PRICES["pricing.image"] = kit.FieldPrice(meter=Meter.IMAGES, unit=Unit.IMAGE)
for region in ("us", "eu"):
    PRICES |= prices(f"pricing.regional.{region}", region=region)
    PRICES |= prices(f"pricing.regional.{region}.fast", tier="fast", region=region)
for tier in ("priority", "flex", "batch"):
    longer = f"pricing.service_tiers.{tier}.long_context"
    PRICES |= prices(f"pricing.service_tiers.{tier}", tier)
    PRICES |= prices(longer, tier, context_over=f"{longer}.threshold")
for name, meter in (("input", Meter.INPUT_AUDIO_TOKENS), ("output", Meter.OUTPUT_AUDIO_TOKENS)):
    PRICES[f"pricing.audio_{name}_token_cost"] = kit.FieldPrice(meter=meter, scale=kit.PER_TOKEN)


def is_of_words(record: kit.Record) -> bool:
    """Tell models whose zero is a price: others have it for what they are not sold by."""
    return record.text("type") in ("", "language", "embedding")


MODELS = kit.PriceList(
    prices=PRICES,
    ignored={
        **kit.ignore(
            "counted by searches, pictures, clips, seconds or messages",
            *("web_search", "maps_search", "image_dimension_quality_pricing"),
            *("video_duration_pricing", "speech_input_character_cost"),
            *("transcription_duration_cost_per_second", "realtime_client_message_cost"),
            "realtime_session_duration_cost_per_second",
            within="pricing.{}",
        ),
        "pricing.video_token_pricing": "video, by tokens that rules in prose count",
        "pricing.peak_pricing": "how the prices beside it move",
        "pricing.varies_by_provider": "how the prices beside it move",
        **kit.ignore(
            "the longest prompt that the price beside it is for",
            *(path.removesuffix(".cost") for path in PRICES if path.endswith("_tiers[].cost")),
            within="{}.max",
        ),
    },
    facts=kit.facts(
        "context_window", "max_tokens", "modalities.input", "modalities.output", "knowledge"
    ),
    skipped={"not sold by the token alone": lambda record: not is_of_words(record)},
)
OTHERS = replace(
    MODELS,
    prices={path: replace(price, none=kit.ZERO) for path, price in PRICES.items()},
    skipped={"sold by the token": is_of_words},
)


class Vercel(kit.Reseller):
    """Models of many makers behind one gateway, by their keys there."""

    document = kit.Document(
        "models",
        "https://ai-gateway.vercel.sh/v1/models",
        (kit.Form("models", kit.json_with("owned_by", "pricing"), (MODELS, OTHERS)),),
        minimum_models=5,
        minimum_points=10,
    )
