"""Vercel AI Gateway: its public list of models (JSON), in USD per token."""

from collections.abc import Mapping
from dataclasses import replace

from catalog.vocabulary import Meter, Unit
from spiders import kit

PER_TOKEN = 1_000_000
METERS = {
    "input": Meter.INPUT_TOKENS,
    "output": Meter.OUTPUT_TOKENS,
    "input_cache_read": Meter.CACHE_READ_TOKENS,
    "input_cache_write": Meter.CACHE_WRITE_TOKENS,
}
REGIONS = ("us", "eu")
TIERS = ("priority", "flex", "batch")
NO_TOKENS = "counted by pictures, clips, seconds or messages"
NO_AMOUNT = "says how the prices beside it move, and is none"


def tokens(above: str, like: kit.FieldPrice) -> dict[str, kit.FieldPrice]:
    """Map one object's prices of tokens, and those by the prompt's length beside them."""
    flat = {f"{above}.{name}": replace(like, meter=meter) for name, meter in METERS.items()}
    bands = {
        f"{above}.{name}_tiers[].cost": replace(
            like, meter=meter, context_from=f"{above}.{name}_tiers[].min"
        )
        for name, meter in METERS.items()
    }
    return flat | bands


def served(name: str) -> dict[str, kit.FieldPrice]:
    """Map the prices of one service tier, and those of its long prompts."""
    above, like = f"pricing.service_tiers.{name}", replace(PRICE, tier=name)
    longer = replace(like, context_over=f"{above}.long_context.threshold")
    return tokens(above, like) | tokens(f"{above}.long_context", longer)


def regional(region: str) -> dict[str, kit.FieldPrice]:
    """Map the prices in one region, and those of its fast mode."""
    above, like = f"pricing.regional.{region}", replace(PRICE, region=region)
    return tokens(above, like) | tokens(f"{above}.fast", replace(like, tier="fast"))


PRICE = kit.FieldPrice(meter=Meter.OTHER, scale=PER_TOKEN)
PRICES: Mapping[str, kit.FieldPrice] = {
    **tokens("pricing", PRICE),
    **tokens("pricing.fast", replace(PRICE, tier="fast")),
    **{path: price for region in REGIONS for path, price in regional(region).items()},
    **{path: price for name in TIERS for path, price in served(name).items()},
    "pricing.audio_input_token_cost": replace(PRICE, meter=Meter.INPUT_AUDIO_TOKENS),
    "pricing.audio_output_token_cost": replace(PRICE, meter=Meter.OUTPUT_AUDIO_TOKENS),
    "pricing.image": kit.FieldPrice(meter=Meter.IMAGES, unit=Unit.IMAGE),
}


def is_of_words(record: kit.Record) -> bool:
    """Tell models whose zero is a price: others have it for what they are not sold by."""
    return record.text("type") in ("", "language", "embedding")


MODELS = kit.PriceList(
    records="data[]",
    model="id",
    prices=PRICES,
    ignored={
        "pricing.web_search": "searches; the list does not say how many",
        "pricing.maps_search": "searches; the list does not say how many",
        "pricing.image_dimension_quality_pricing": NO_TOKENS,
        "pricing.video_duration_pricing": NO_TOKENS,
        "pricing.video_token_pricing": "video, by tokens that rules in prose count",
        "pricing.speech_input_character_cost": NO_TOKENS,
        "pricing.transcription_duration_cost_per_second": NO_TOKENS,
        "pricing.realtime_client_message_cost": NO_TOKENS,
        "pricing.realtime_session_duration_cost_per_second": NO_TOKENS,
        "pricing.peak_pricing": NO_AMOUNT,
        "pricing.varies_by_provider": NO_AMOUNT,
        **{
            f"{path.rpartition('.')[0]}.{bound}": "the lengths that the price beside it is for"
            for path in PRICES
            if path.endswith("_tiers[].cost")
            for bound in ("min", "max")
        },
    },
    facts={
        "context_window": kit.Says("context_tokens", kit.above_zero),
        "max_tokens": kit.Says("max_output_tokens", kit.above_zero),
        "modalities.input": "input_modalities",
        "modalities.output": "output_modalities",
        "knowledge": "knowledge_cutoff",
    },
    skipped={"not sold by the token alone": lambda record: not is_of_words(record)},
)
OTHERS = replace(
    MODELS,
    prices={path: replace(price, none=frozenset({"0"})) for path, price in PRICES.items()},
    skipped={"sold by the token": is_of_words},
)


class Vercel(kit.Reseller):
    """Models of many makers behind one gateway, by their keys there."""

    document = kit.Document(
        "models",
        "https://ai-gateway.vercel.sh/v1/models",
        forms=(
            kit.Form(
                "models",
                recognise=kit.all_of(
                    kit.is_kind(kit.Kind.JSON), kit.has_text(r'"owned_by"', r'"pricing"')
                ),
                tables=(MODELS, OTHERS),
            ),
        ),
        minimum_models=5,
        minimum_points=10,
    )
