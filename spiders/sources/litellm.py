"""LiteLLM: its map of other people's prices (JSON), in USD per token, by names made of parts."""

import re
from dataclasses import replace

from catalog.money import plain
from catalog.vocabulary import Meter, Unit
from spiders import kit

NAMES = {
    "input_cost_per_token": "input",
    "input_cost_per_token_cache_hit": "cache_read",
    "output_cost_per_token": "output",
    "output_cost_per_reasoning_token": "reasoning",
    **{f"input_cost_per_{kind}_token": f"input_{kind}" for kind in ("audio", "image", "video")},
    **{f"output_cost_per_{kind}_token": f"output_{kind}" for kind in ("audio", "image", "video")},
    "cache_read_input_token_cost": "cache_read",
    "cache_read_input_token_cost_per_audio_token": "cache_read_audio",
    "cache_read_input_audio_token_cost": "cache_read_audio",
    "cache_read_input_image_token_cost": "cache_read_image",
    "cache_creation_input_token_cost": "cache_write",
    "cache_creation_input_token_cost_above_1hr": "cache_write_1h",
}
TIERS = {
    "batches": "batch",
    "batch_requests": "batch",
    **{t: t for t in ("flex", "balanced", "priority", "fast", "ultrafast", "decisions")},
}
TOKENS = kit.token_paths(
    r"(?:(?P<longer>tiered_pricing\[\])\.)?{name}(?:_{tier})?",
    r"{name}_above_{over}_tokens(?:_{tier})?",
    r"{name}_{tier}_above_{over}_tokens",
    names=NAMES,
    tiers=TIERS,
    over="range",
    scale=kit.PER_TOKEN,
    places=12,
)
FILLED = re.compile(r"rerank|search|ocr|image_\w+|video_\w+|audio_\w+")
"""Each record has prices of tokens, also where none are sold: there a zero only fills the field."""


def other(meter: Meter, unit: Unit, scale: int = 1, variant: str = "") -> kit.FieldPrice:
    """Price something by another measure than plain tokens."""
    return kit.FieldPrice(meter=meter, unit=unit, scale=scale, variant=variant, places=12)


CALLS = Unit.THOUSAND_REQUESTS
SEARCH = r"search_context_cost_per_query\.search_context_size_{}"
OTHERS = (
    ("output_cost_per_image", r"image_\w+", other(Meter.IMAGES, Unit.IMAGE)),
    ("input_cost_per_image", "chat|embedding", other(Meter.INPUT_IMAGES, Unit.IMAGE)),
    (
        "output_cost_per_(?:video_per_)?second",
        "video_generation",
        other(Meter.VIDEO_SECONDS, Unit.SECOND),
    ),
    ("ocr_cost_per_page", "ocr", other(Meter.PAGES, Unit.THOUSAND_PAGES, 1000)),
    ("input_cost_per_query", "search", other(Meter.SEARCHES, CALLS, 1000)),
    ("input_cost_per_(?:query|request)", "rerank|chat", other(Meter.REQUESTS, CALLS, 1000)),
    (
        "input_cost_per_character",
        "audio_speech",
        other(Meter.CHARACTERS, Unit.MILLION_CHARACTERS, 1_000_000),
    ),
    (
        "citation_cost_per_token",
        "chat|responses",
        other(Meter.OTHER, Unit.MILLION_TOKENS, kit.PER_TOKEN, "citation tokens"),
    ),
    (
        "explicit_cache_read_input_token_cost",
        "chat|responses",
        other(
            Meter.CACHE_READ_TOKENS, Unit.MILLION_TOKENS, kit.PER_TOKEN, "from an explicit cache"
        ),
    ),
    *(
        (
            SEARCH.format(size),
            r"\w*",
            other(Meter.SEARCHES, CALLS, 1000, f"{size} search context"),
        )
        for size in ("low", "medium", "high")
    ),
)
"""Prices by other measures: the field, the modes of a record in which it is plain, the price."""
NO_PRICES = {
    r"(?:in|out)put_dbu?_cost_per_token": "in a cloud's own units, not in a currency",
    r"cache_creation_input_audio_token_cost": "there is no meter for audio written to a cache",
    r"tiered_pricing\[\]\.(?:max_results_)?range": "the bounds that the prices beside it hold in",
    r"tiered_pricing\[\]\.input_cost_per_query": "by how many results are asked for",
    r"off_peak_pricing\..*": "what holds at some hours; the plain prices are the peak's",
    r"metadata\..*": "remarks on how a price was worked out",
    r"(?!.*token).*_per_(?:audio|character|credit|day|gb|hour|image|minute|page|pixel|query|text_message"
    r"|request|second|session|unit|video|\d+k_calls)(?:[._].*)?": "no price of tokens, and the map"
    " does not say plainly of what",
}
"""Fields that are no prices of ours. What could be a plain price of tokens is never among them: a
new name of such a one is refused until somebody says what it means."""


def named(path: str, mode: str) -> kit.FieldPrice | str | None:
    """Say what a field is, by the parts of its name and by what its record's model does."""
    if isinstance(found := TOKENS(path), kit.FieldPrice):
        filled = FILLED.fullmatch(mode) or (mode == "embedding" and path.startswith("output"))
        return replace(found, none=kit.ZERO) if filled else found
    others = (p for name, modes, p in OTHERS if all(map(re.fullmatch, (name, modes), (path, mode))))
    unbound = re.sub(r"_above_\d+[km]_tokens", "", path)
    reasons = (why for pattern, why in NO_PRICES.items() if re.fullmatch(pattern, unbound))
    return next(others, None) or next(reasons, None)


def count(value: kit.Json) -> str:
    """Word a number of tokens; some are printed as 256000.0, and some are prose."""
    return plain(value) if isinstance(value, kit.Printed) else ""


def day(value: kit.Json) -> str:
    """Word a day; what is written otherwise states none."""
    text = str(value)
    return text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else ""


MAP = kit.PriceList(
    records="*",
    model="@",
    kind="mode",
    named=named,
    facts={
        "max_input_tokens": kit.Says("context_tokens", count),
        "max_output_tokens": kit.Says("max_output_tokens", count),
        "supported_modalities": "input_modalities",
        "supported_output_modalities": "output_modalities",
        **kit.facts(
            *("vision", "reasoning", "function_calling", "prompt_caching"), within="supports_{}"
        ),
        "deprecation_date": kit.Says("listed_deprecated_on", day),
        "provider_specific_entry.fast": "price_factor_fast",
        "provider_specific_entry.us": "price_factor_us",
        "regional_endpoint_uplift_multiplier": "price_factor_regional",
        "regional_processing_uplift_multiplier_eu": "price_factor_eu",
        "regional_processing_uplift_multiplier_us": "price_factor_us",
    },
    columns={"provider": "litellm_provider"},
    skipped={
        "a sample": lambda record: record.key == "sample_spec",
        "no model that somebody sells": lambda record: not record.text("litellm_provider"),
    },
    priced_names=r"(?i)pric|cost|usd|currenc|fee|rate|_per_\w*token(?!s_per)|multiplier",
)


class Litellm(kit.Catalog):
    """One object of models by their keys; who sells a model is a field beside its prices."""

    document = kit.Document(
        "map",
        "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
        (kit.Form("map", kit.json_with("litellm_provider", "input_cost_per_token"), (MAP,)),),
        minimum_models=5,
        minimum_points=10,
    )
