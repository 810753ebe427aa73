"""The formats of usage: for each provider's ``usage`` object, what every field counts.

One table a format. A field is counted on a meter; one that lies inside another is taken out of it,
so that cached input and reasoning output are counted once. What a table does not name is no
price's business (``unread``), or is told to the caller.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from catalog.cost.usage_format import Field, Format
from catalog.vocabulary import Meter


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower() if key[:1].islower() else key


def _of_one_token(key: str) -> str:
    return key.replace("_tokens_details", "_token_details")


PROMPT, COMPLETION = "prompt_tokens", "completion_tokens"
IN, OUT = "prompt_tokens_details", "completion_tokens_details"
CACHED = f"{IN}.cached_tokens"
REASONING = f"{OUT}.reasoning_tokens"

_CHAT = (
    Field(PROMPT, Meter.INPUT_TOKENS),
    Field(COMPLETION, Meter.OUTPUT_TOKENS),
    Field(CACHED, Meter.CACHE_READ_TOKENS, inside=(PROMPT,)),
    Field(f"{IN}.cache_write_tokens", Meter.CACHE_WRITE_TOKENS, inside=(PROMPT,)),
    Field(
        f"{IN}.cache_creation_input_tokens",
        Meter.CACHE_WRITE_TOKENS,
        inside=(PROMPT,),
        same_as=f"{IN}.cache_write_tokens",
    ),
    Field(f"{IN}.audio_tokens", Meter.INPUT_AUDIO_TOKENS, inside=(PROMPT,)),
    Field(f"{IN}.image_tokens", Meter.INPUT_IMAGE_TOKENS, inside=(PROMPT,)),
    Field(f"{IN}.video_tokens", Meter.INPUT_VIDEO_TOKENS, inside=(PROMPT,)),
    Field(REASONING, Meter.REASONING_TOKENS, inside=(COMPLETION,)),
    Field(f"{OUT}.audio_tokens", Meter.OUTPUT_AUDIO_TOKENS, inside=(COMPLETION,)),
    Field(f"{OUT}.image_tokens", Meter.OUTPUT_IMAGE_TOKENS, inside=(COMPLETION,)),
)
_CHAT_UNREAD = frozenset(
    {
        f"{IN}.text_tokens",
        f"{OUT}.text_tokens",
        f"{OUT}.accepted_prediction_tokens",
        f"{OUT}.rejected_prediction_tokens",
        f"{IN}.cache_creation",
        f"{IN}.cache_type",
        "queue_time",
        "prompt_time",
        "completion_time",
        "total_time",
        "cost_in_usd_ticks",
    }
)
_CHAT_TOTAL: Mapping[str, tuple[str, ...]] = {"total_tokens": (PROMPT, COMPLETION)}


def _beside(fields: tuple[Field, ...], *paths: str) -> tuple[Field, ...]:
    """Give the fields with those that lie beside their total, not inside."""
    return tuple(replace(f, inside=()) if f.path in paths else f for f in fields)


OPENAI_CHAT = Format(
    name="openai-chat",
    about="Chat completions, embeddings, and the many APIs made like it; cached inside prompt.",
    marks=(frozenset({PROMPT}),),
    fields=(
        *_CHAT,
        Field("cached_tokens", Meter.CACHE_READ_TOKENS, inside=(PROMPT,), same_as=CACHED),
        Field("num_cached_tokens", Meter.CACHE_READ_TOKENS, inside=(PROMPT,), same_as=CACHED),
    ),
    required=frozenset({PROMPT}),
    totals=_CHAT_TOTAL,
    words={"service_tier": "tier"},
    unread=_CHAT_UNREAD,
)
XAI = Format(
    name="xai",
    about="xAI's chat completions: reasoning lies beside completion_tokens, and total has both.",
    marks=(frozenset({PROMPT, "completion_tokens_details"}),),
    fields=_beside(_CHAT, REASONING),
    required=frozenset({PROMPT}),
    totals={"total_tokens": (PROMPT, COMPLETION, REASONING)},
    words={"service_tier": "tier"},
    unread=_CHAT_UNREAD,
    providers=frozenset({"xai"}),
)
HIT, MISS = "prompt_cache_hit_tokens", "prompt_cache_miss_tokens"
DEEPSEEK = Format(
    name="deepseek",
    about="DeepSeek's chat completions: hits and misses of the cache add up to prompt_tokens.",
    marks=(frozenset({PROMPT, HIT}), frozenset({PROMPT, MISS})),
    fields=(
        Field(PROMPT, Meter.INPUT_TOKENS),
        Field(COMPLETION, Meter.OUTPUT_TOKENS),
        Field(HIT, Meter.CACHE_READ_TOKENS, inside=(PROMPT,)),
        Field(MISS, Meter.INPUT_TOKENS, inside=(PROMPT,)),
        Field(CACHED, Meter.CACHE_READ_TOKENS, inside=(PROMPT,), same_as=HIT),
        Field(REASONING, Meter.REASONING_TOKENS, inside=(COMPLETION,)),
    ),
    required=frozenset({PROMPT}),
    totals=_CHAT_TOTAL,
    unread=_CHAT_UNREAD,
    providers=frozenset({"deepseek"}),
)
OPENROUTER = Format(
    name="openrouter",
    about="OpenRouter's chat completions, in the provider's own tokens; what it charged is unread.",
    marks=(
        frozenset({PROMPT, "cost"}),
        frozenset({PROMPT, "is_byok"}),
        frozenset({PROMPT, "cost_details"}),
    ),
    fields=(
        *_CHAT,
        Field("server_tool_use.web_search_requests", Meter.SEARCHES, tool="openrouter/web-search"),
    ),
    required=frozenset({PROMPT}),
    totals=_CHAT_TOTAL,
    words={"service_tier": "tier"},
    unread=_CHAT_UNREAD
    | {
        "cost",
        "is_byok",
        "cost_details.upstream_inference_cost",
        "cost_details.upstream_inference_prompt_cost",
        "cost_details.upstream_inference_completions_cost",
    },
    providers=frozenset({"openrouter"}),
)
NATIVE_IN, NATIVE_OUT = "native_tokens_prompt", "native_tokens_completion"
OPENROUTER_GENERATION = Format(
    name="openrouter-generation",
    about="OpenRouter's /generation: native counts, as the provider bills them; the rest unread.",
    marks=(frozenset({NATIVE_IN}),),
    fields=(
        Field(NATIVE_IN, Meter.INPUT_TOKENS),
        Field(NATIVE_OUT, Meter.OUTPUT_TOKENS),
        Field("native_tokens_cached", Meter.CACHE_READ_TOKENS, inside=(NATIVE_IN,)),
        Field("native_tokens_reasoning", Meter.REASONING_TOKENS, inside=(NATIVE_OUT,)),
        Field("native_tokens_completion_images", Meter.OUTPUT_IMAGE_TOKENS, inside=(NATIVE_OUT,)),
    ),
    required=frozenset({NATIVE_IN}),
    unread=frozenset(
        {
            *("tokens_prompt", "tokens_completion", "total_cost", "usage", "cache_discount"),
            *("upstream_inference_cost", "is_byok", "latency", "generation_time"),
            *("moderation_latency", "created_at", "usage_cache"),
        }
    ),
    providers=frozenset({"openrouter"}),
)
INPUT, OUTPUT = "input_tokens", "output_tokens"
_DETAILS = "input_tokens_details"
_R_AUDIO, _R_IMAGE, _R_CACHED = (
    f"{_DETAILS}.{name}" for name in ("audio_tokens", "image_tokens", "cached_tokens")
)
_R_CACHED_OF = f"{_DETAILS}.cached_tokens_details"
OPENAI_RESPONSES = Format(
    name="openai-responses",
    about="Responses, Realtime, images and transcriptions: cached inside input.",
    marks=(frozenset({INPUT}),),
    fields=(
        Field(INPUT, Meter.INPUT_TOKENS),
        Field(OUTPUT, Meter.OUTPUT_TOKENS),
        Field(_R_CACHED, Meter.CACHE_READ_TOKENS, inside=(INPUT,)),
        Field(f"{_DETAILS}.cache_write_tokens", Meter.CACHE_WRITE_TOKENS, inside=(INPUT,)),
        Field(_R_AUDIO, Meter.INPUT_AUDIO_TOKENS, inside=(INPUT,)),
        Field(_R_IMAGE, Meter.INPUT_IMAGE_TOKENS, inside=(INPUT,)),
        Field(
            f"{_R_CACHED_OF}.audio_tokens",
            Meter.CACHE_READ_AUDIO_TOKENS,
            inside=(_R_AUDIO, _R_CACHED, INPUT),
        ),
        Field(
            f"{_R_CACHED_OF}.image_tokens",
            Meter.CACHE_READ_IMAGE_TOKENS,
            inside=(_R_IMAGE, _R_CACHED, INPUT),
        ),
        Field("output_tokens_details.reasoning_tokens", Meter.REASONING_TOKENS, inside=(OUTPUT,)),
        Field("output_tokens_details.audio_tokens", Meter.OUTPUT_AUDIO_TOKENS, inside=(OUTPUT,)),
        Field("output_tokens_details.image_tokens", Meter.OUTPUT_IMAGE_TOKENS, inside=(OUTPUT,)),
    ),
    required=frozenset({INPUT}),
    totals={"total_tokens": (INPUT, OUTPUT)},
    words={"service_tier": "tier"},
    unread=frozenset(
        {
            f"{_DETAILS}.text_tokens",
            f"{_R_CACHED_OF}.text_tokens",
            "output_tokens_details.text_tokens",
            "type",
            "cost_in_usd_ticks",
        }
    ),
    respelled=_of_one_token,
)
WRITTEN = "cache_creation_input_tokens"
ANTHROPIC = Format(
    name="anthropic",
    about="Messages: cache reads and writes lie beside input_tokens; 5m and 1h writes apart.",
    marks=(frozenset({INPUT}),),
    fields=(
        Field(INPUT, Meter.INPUT_TOKENS),
        Field(OUTPUT, Meter.OUTPUT_TOKENS),
        Field("cache_read_input_tokens", Meter.CACHE_READ_TOKENS),
        Field(WRITTEN, Meter.CACHE_WRITE_TOKENS),
        Field(
            "cache_creation.ephemeral_5m_input_tokens", Meter.CACHE_WRITE_TOKENS, inside=(WRITTEN,)
        ),
        Field(
            "cache_creation.ephemeral_1h_input_tokens",
            Meter.CACHE_WRITE_1H_TOKENS,
            inside=(WRITTEN,),
        ),
        Field("server_tool_use.web_search_requests", Meter.SEARCHES, tool="anthropic/web-search"),
    ),
    required=frozenset({INPUT}),
    words={"service_tier": "tier", "speed": "tier", "inference_geo": "region"},
    passes={"iterations": "message"},
    unread=frozenset({"server_tool_use.web_fetch_requests"}),
    providers=frozenset({"anthropic"}),
)
_GEMINI_PARTS = (
    ("AUDIO", Meter.INPUT_AUDIO_TOKENS, Meter.CACHE_READ_AUDIO_TOKENS, Meter.OUTPUT_AUDIO_TOKENS),
    ("IMAGE", Meter.INPUT_IMAGE_TOKENS, Meter.CACHE_READ_IMAGE_TOKENS, Meter.OUTPUT_IMAGE_TOKENS),
    ("VIDEO", Meter.INPUT_VIDEO_TOKENS, Meter.CACHE_READ_TOKENS, Meter.OUTPUT_VIDEO_TOKENS),
)


def _gemini_parts() -> Iterator[Field]:
    """Take apart, by modality, what Gemini counts: prompt, cached, of tools, and answered."""
    prompt, cached, tools = "promptTokenCount", "cachedContentTokenCount", "toolUsePromptTokenCount"
    for name, read, from_cache, written in _GEMINI_PARTS:
        of_prompt = f"promptTokensDetails.{name}"
        yield Field(of_prompt, read, inside=(prompt,))
        yield Field(f"cacheTokensDetails.{name}", from_cache, inside=(of_prompt, cached, prompt))
        yield Field(f"toolUsePromptTokensDetails.{name}", read, inside=(tools,))
        yield Field(f"candidatesTokensDetails.{name}", written, inside=("candidatesTokenCount",))
        yield Field(
            f"responseTokensDetails.{name}",
            written,
            inside=("candidatesTokenCount",),
            same_as=f"candidatesTokensDetails.{name}",
        )


GEMINI = Format(
    name="gemini",
    about="usageMetadata: cached inside the prompt; thoughts and the tools' prompt beside.",
    marks=(frozenset({"promptTokenCount"}), frozenset({"totalTokenCount"})),
    fields=(
        Field("promptTokenCount", Meter.INPUT_TOKENS),
        Field("candidatesTokenCount", Meter.OUTPUT_TOKENS),
        Field("responseTokenCount", Meter.OUTPUT_TOKENS, same_as="candidatesTokenCount"),
        Field("cachedContentTokenCount", Meter.CACHE_READ_TOKENS, inside=("promptTokenCount",)),
        Field("thoughtsTokenCount", Meter.REASONING_TOKENS),
        Field("toolUsePromptTokenCount", Meter.INPUT_TOKENS),
        *_gemini_parts(),
    ),
    required=frozenset({"promptTokenCount", "candidatesTokenCount"}),
    totals={
        "totalTokenCount": (
            "promptTokenCount",
            "candidatesTokenCount",
            "thoughtsTokenCount",
            "toolUsePromptTokenCount",
        )
    },
    words={"serviceTier": "tier", "trafficType": "tier"},
    unread=frozenset(
        {
            f"{part}.{name}"
            for part in (
                "promptTokensDetails",
                "cacheTokensDetails",
                "toolUsePromptTokensDetails",
                "candidatesTokensDetails",
                "responseTokensDetails",
            )
            for name in ("TEXT", "DOCUMENT")
        }
    )
    | {"trafficType"},
    respelled=_snake,
    providers=frozenset({"google", "vertex"}),
)
BEDROCK = Format(
    name="bedrock",
    about="Bedrock's Converse: cache reads and writes lie beside inputTokens.",
    marks=(frozenset({"inputTokens"}),),
    fields=(
        Field("inputTokens", Meter.INPUT_TOKENS),
        Field("outputTokens", Meter.OUTPUT_TOKENS),
        Field("cacheReadInputTokens", Meter.CACHE_READ_TOKENS),
        Field("cacheReadInputTokenCount", Meter.CACHE_READ_TOKENS, same_as="cacheReadInputTokens"),
        Field("cacheWriteInputTokens", Meter.CACHE_WRITE_TOKENS),
        Field(
            "cacheWriteInputTokenCount", Meter.CACHE_WRITE_TOKENS, same_as="cacheWriteInputTokens"
        ),
        Field("cacheDetails.5m", Meter.CACHE_WRITE_TOKENS, inside=("cacheWriteInputTokens",)),
        Field("cacheDetails.1h", Meter.CACHE_WRITE_1H_TOKENS, inside=("cacheWriteInputTokens",)),
    ),
    required=frozenset({"inputTokens"}),
    totals={
        "totalTokens": (
            "inputTokens",
            "outputTokens",
            "cacheReadInputTokens",
            "cacheWriteInputTokens",
        )
    },
    providers=frozenset({"bedrock"}),
)

FORMATS: tuple[Format, ...] = (
    OPENAI_CHAT,
    OPENAI_RESPONSES,
    ANTHROPIC,
    GEMINI,
    DEEPSEEK,
    OPENROUTER,
    OPENROUTER_GENERATION,
    XAI,
    BEDROCK,
)

GATEWAYS: Mapping[str, frozenset[str]] = {
    one.name: one.providers for one in (OPENROUTER, OPENROUTER_GENERATION, BEDROCK)
}
"""The formats that tell who sold the usage: never the maker of the model itself."""
