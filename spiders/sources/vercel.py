"""Vercel AI Gateway: its public list of models (JSON), in USD per token."""

from spiders import kit

URL = "https://ai-gateway.vercel.sh/v1/models"
PLACE = r"pricing\.(?:regional\.(?P<region>us|eu)\.)?(?:(?:service_tiers\.)?{tier}\.)?"
TOKENS = kit.token_paths(
    PLACE + r"(?:(?P<longer>long_context)\.)?{name}",
    PLACE + r"(?:long_context\.)?(?P<band>{name}_tiers\[\])\.cost",
    names=("input", "output", "input_cache_read", "input_cache_write"),
    over="threshold",
    least="min",
    bounds=PLACE + r"(?:long_context\.)?(?:threshold|{name}_tiers\[\]\.(?:min|max))",
    scale=kit.PER_TOKEN,
)
MODELS = kit.PriceList(
    prices=kit.tokens("pricing.{}_token_cost", "audio_input", "audio_output", scale=kit.PER_TOKEN)
    | kit.counted("pricing.{}", "image"),
    named=TOKENS,
    ignored=kit.ignore(
        "counted by searches, pictures, clips, seconds, messages or rules in prose",
        *("web_search", "maps_search", "image_dimension_quality_pricing", "video_token_pricing"),
        *("video_duration_pricing", "speech_input_character_cost", "realtime_client_message_cost"),
        *("transcription_duration_cost_per_second", "realtime_session_duration_cost_per_second"),
        within="pricing.{}",
    )
    | kit.ignore("how prices move", "peak_pricing", "varies_by_provider", within="pricing.{}"),
    facts=kit.facts("context_window", "max_tokens", "knowledge")
    | kit.facts("modalities.input", "modalities.output"),
    filled=kit.other_than("type", "", "language", "embedding"),
)
LIST = kit.Form("models", kit.json_with("owned_by", "pricing"), (MODELS,))


class Vercel(kit.Reseller):
    """Models of many makers behind one gateway, by their keys there."""

    document = kit.Document("models", URL, (LIST,), minimum_models=5, minimum_points=10)
