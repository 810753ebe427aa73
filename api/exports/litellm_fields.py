"""LiteLLM's cost map: which field says a price, by what is counted, the tier and the length."""

from collections.abc import Iterator, Mapping

from catalog.vocabulary import Meter, Unit

INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
READ, WRITE = "cache_read_input_token_cost", "cache_creation_input_token_cost"
HOUR = f"{WRITE}_above_1hr"
TOKENS = {
    Meter.INPUT_TOKENS: INPUT,
    Meter.OUTPUT_TOKENS: OUTPUT,
    Meter.CACHE_READ_TOKENS: READ,
    Meter.CACHE_WRITE_TOKENS: WRITE,
    Meter.CACHE_WRITE_1H_TOKENS: HOUR,
    Meter.REASONING_TOKENS: "output_cost_per_reasoning_token",
    Meter.INPUT_AUDIO_TOKENS: "input_cost_per_audio_token",
    Meter.INPUT_IMAGE_TOKENS: "input_cost_per_image_token",
    Meter.INPUT_VIDEO_TOKENS: "input_cost_per_video_token",
    Meter.OUTPUT_AUDIO_TOKENS: "output_cost_per_audio_token",
    Meter.OUTPUT_IMAGE_TOKENS: "output_cost_per_image_token",
    Meter.OUTPUT_VIDEO_TOKENS: "output_cost_per_video_token",
    Meter.CACHE_READ_AUDIO_TOKENS: "cache_read_input_audio_token_cost",
}
OTHERS = {
    (Meter.IMAGES, Unit.IMAGE): "output_cost_per_image",
    (Meter.INPUT_IMAGES, Unit.IMAGE): "input_cost_per_image",
    (Meter.VIDEO_SECONDS, Unit.SECOND): "output_cost_per_video_per_second",
    (Meter.CHARACTERS, Unit.MILLION_CHARACTERS): "input_cost_per_character",
    (Meter.PAGES, Unit.THOUSAND_PAGES): "ocr_cost_per_page",
}
"""Prices of what is no token, in the standard tier."""
SUFFIXES = {"standard": "", "batch": "_batches", "flex": "_flex", "priority": "_priority"}
FAST = "fast"
RENAMED_PRIORITY = frozenset({"openai"})
"""Sellers whose fast tier is what they called priority; the map writes it as priority."""
INCLUSIVE = frozenset({"xai"})
"""Sellers for whom LiteLLM takes a prompt of exactly the length for a longer one, unless the
prices stand in a table of ranges."""
_LENGTHS: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "": {
        INPUT: (128, 200, 272, 512),
        OUTPUT: (128, 200, 272, 512),
        READ: (200, 272, 512),
        WRITE: (200, 272),
        HOUR: (200,),
    },
    "_batches": dict.fromkeys((INPUT, OUTPUT, READ, WRITE), (200, 272)),
    "_priority": dict.fromkeys((INPUT, OUTPUT, READ), (200, 272)) | {WRITE: (272,)},
    "_flex": dict.fromkeys((INPUT, OUTPUT, READ, WRITE), (272,)),
}
_SHORT: Mapping[str, tuple[str, ...]] = {
    "": (*TOKENS.values(), *OTHERS.values()),
    "_batches": (
        INPUT,
        OUTPUT,
        READ,
        WRITE,
        *(
            TOKENS[meter]
            for meter in (
                Meter.INPUT_AUDIO_TOKENS,
                Meter.INPUT_IMAGE_TOKENS,
                Meter.INPUT_VIDEO_TOKENS,
                Meter.OUTPUT_IMAGE_TOKENS,
            )
        ),
    ),
    "_priority": (INPUT, OUTPUT, READ, WRITE, TOKENS[Meter.REASONING_TOKENS]),
    "_flex": (INPUT, OUTPUT, READ, WRITE, TOKENS[Meter.REASONING_TOKENS]),
}


def _known() -> Iterator[str]:
    for suffix, bases in _SHORT.items():
        yield from (base + suffix for base in bases)
    for suffix, lengths in _LENGTHS.items():
        for base, thousands in lengths.items():
            yield from (f"{base}_above_{over}k_tokens{suffix}" for over in thousands)


KNOWN = frozenset(_known())
"""The fields that LiteLLM 1.106 reads: it leaves out every other one without a word."""
RANGED = frozenset((INPUT, OUTPUT, READ, WRITE, HOUR, TOKENS[Meter.REASONING_TOKENS]))
"""The fields that a range of ``tiered_pricing`` may have."""


def suffix_of(provider: str, tier: str) -> str | None:
    """Give what a field's name ends with for a tier; None where no name says it."""
    if tier == FAST and provider in RENAMED_PRIORITY:
        return SUFFIXES["priority"]
    return SUFFIXES.get(tier)


def field_name(meter: Meter, over: int, suffix: str) -> str | None:
    """Give the field of a price of tokens; None where LiteLLM has none."""
    base = TOKENS.get(meter)
    if base is None or over % 1000:
        return None
    name = f"{base}_above_{over // 1000}k_tokens{suffix}" if over else f"{base}{suffix}"
    return name if name in KNOWN else None
