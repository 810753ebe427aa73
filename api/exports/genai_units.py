"""genai-prices' units of tokens, USD per million: whose meter each is, and what each demands."""

from catalog.vocabulary import Meter

UNITS = {
    Meter.INPUT_TOKENS: "input_mtok",
    Meter.OUTPUT_TOKENS: "output_mtok",
    Meter.CACHE_READ_TOKENS: "cache_read_mtok",
    Meter.CACHE_WRITE_TOKENS: "cache_write_mtok",
    Meter.CACHE_WRITE_1H_TOKENS: "cache_write_1h_mtok",
    Meter.REASONING_TOKENS: "output_reasoning_mtok",
    Meter.INPUT_AUDIO_TOKENS: "input_audio_mtok",
    Meter.OUTPUT_AUDIO_TOKENS: "output_audio_mtok",
    Meter.CACHE_READ_AUDIO_TOKENS: "cache_audio_read_mtok",
}
AUDIO = (
    (Meter.REASONING_TOKENS, Meter.OUTPUT_AUDIO_TOKENS, "output_audio_reasoning_mtok"),
    (Meter.CACHE_READ_TOKENS, Meter.INPUT_AUDIO_TOKENS, "cache_audio_read_mtok"),
    (Meter.CACHE_WRITE_TOKENS, Meter.INPUT_AUDIO_TOKENS, "cache_audio_write_mtok"),
    (Meter.CACHE_WRITE_1H_TOKENS, Meter.INPUT_AUDIO_TOKENS, "cache_audio_write_1h_mtok"),
)
"""Units that must be priced where both of two others are; they cost what the first does."""
JOINED = "the plain price is of every modality that is not priced apart"
NEEDS = {
    Meter.CACHE_WRITE_1H_TOKENS: Meter.CACHE_WRITE_TOKENS,
    Meter.CACHE_READ_AUDIO_TOKENS: Meter.CACHE_READ_TOKENS,
    Meter.CACHE_READ_TOKENS: Meter.INPUT_TOKENS,
    Meter.CACHE_WRITE_TOKENS: Meter.INPUT_TOKENS,
    Meter.INPUT_AUDIO_TOKENS: Meter.INPUT_TOKENS,
    Meter.OUTPUT_AUDIO_TOKENS: Meter.OUTPUT_TOKENS,
    Meter.REASONING_TOKENS: Meter.OUTPUT_TOKENS,
}
"""A unit is refused without its ancestors."""
