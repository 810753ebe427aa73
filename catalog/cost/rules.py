"""The declared rules of pricing a usage: fallbacks, multipliers, conditions and tools' homes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.cost.counted import Counted
from catalog.vocabulary import Meter

M = Meter


@dataclass(frozen=True)
class Fallback:
    """The meters whose price a meter has where an offer does not price it apart."""

    meter: Meter
    priced_as: tuple[Meter, ...]
    why: str
    told: bool = False
    """Whether the caller is told each time."""


MODALITY = "the plain price is of every modality that is not priced apart"
FALLBACKS = (
    Fallback(
        M.REASONING_TOKENS,
        (M.OUTPUT_TOKENS, M.OUTPUT_TEXT_TOKENS),
        "reasoning is output, unless it is priced apart",
    ),
    Fallback(M.INPUT_TOKENS, (M.INPUT_TEXT_TOKENS,), "what is no other modality is text"),
    Fallback(M.OUTPUT_TOKENS, (M.OUTPUT_TEXT_TOKENS,), "what is no other modality is text"),
    Fallback(M.INPUT_AUDIO_TOKENS, (M.INPUT_TOKENS,), MODALITY),
    Fallback(M.INPUT_IMAGE_TOKENS, (M.INPUT_TOKENS,), MODALITY),
    Fallback(M.INPUT_VIDEO_TOKENS, (M.INPUT_TOKENS,), MODALITY),
    Fallback(M.OUTPUT_AUDIO_TOKENS, (M.OUTPUT_TOKENS,), MODALITY),
    Fallback(M.OUTPUT_IMAGE_TOKENS, (M.OUTPUT_TOKENS,), MODALITY),
    Fallback(M.OUTPUT_VIDEO_TOKENS, (M.OUTPUT_TOKENS,), MODALITY),
    Fallback(M.CACHE_READ_AUDIO_TOKENS, (M.CACHE_READ_TOKENS,), MODALITY),
    Fallback(M.CACHE_READ_IMAGE_TOKENS, (M.CACHE_READ_TOKENS,), MODALITY),
    Fallback(
        M.CACHE_READ_TOKENS,
        (M.INPUT_TOKENS, M.INPUT_TEXT_TOKENS),
        "no price of cached input is stated: it is input",
        told=True,
    ),
    Fallback(
        M.CACHE_WRITE_TOKENS,
        (M.INPUT_TOKENS, M.INPUT_TEXT_TOKENS),
        "no price of writing to the cache is stated: it is input",
        told=True,
    ),
)
"""A cache meter falls back only where the provider prices it in no tier of the model."""


@dataclass(frozen=True)
class Apart:
    """A provider who says that tokens of the cache have another price, and not which."""

    provider: str
    says: str
    url: str


APART = (
    Apart(
        "xai",
        "You can now use cached prompt tokens to incur less cost on repeated prompts",
        "https://docs.x.ai/docs/models",
    ),
    Apart(
        "qwen",
        "缓存命中的输入 Token 及创建显式缓存的 Token 采用与标准输入不同的计费单价",
        "https://help.aliyun.com/zh/model-studio/model-pricing",
    ),
)
"""Whose cache meters fall back on nothing."""


@dataclass(frozen=True)
class Stack:
    """A provider whose prices multiply with each other, so that their products hold."""

    provider: str
    tiers: frozenset[str]
    meters: frozenset[Meter]
    says: str
    url: str


CACHE = frozenset({M.CACHE_READ_TOKENS, M.CACHE_WRITE_TOKENS, M.CACHE_WRITE_1H_TOKENS})
STACKS = (
    Stack(
        "anthropic",
        frozenset({"batch", "fast"}),
        CACHE,
        "These multipliers stack with other pricing modifiers, including the Batch API discount",
        "https://platform.claude.com/docs/en/about-claude/pricing",
    ),
)
"""Where a tier states no cache price: the standard one, times what the tier makes of input."""
LONG_CONTEXT = (
    Stack(
        "anthropic",
        frozenset({"standard", "batch", "fast"}),
        CACHE | {M.INPUT_TOKENS, M.OUTPUT_TOKENS},
        "Long context pricing stacks with other pricing modifiers: The Batch API 50% discount"
        " applies to long context pricing; Prompt caching multipliers apply on top of long context"
        " pricing",
        "https://platform.claude.com/docs/en/about-claude/pricing",
    ),
)
"""Where long prompts cost more: cache prices by as much as input does, batch ones as standard."""


@dataclass(frozen=True, slots=True)
class Multiplier:
    """A factor that a source states in prose, since when it is known to, and its words."""

    source: str
    name: str
    factor: Decimal
    scope: str
    seen_at: datetime
    url: str
    text: str


@dataclass(frozen=True)
class Regional:
    """A stated multiplier that a region brings: which regions, and which models it is for."""

    source: str
    name: str
    regions: frozenset[str]
    covers: Callable[[str, str], bool | None]
    """By a model's id and the scope in the page's words; None: they do not tell."""

    @property
    def key(self) -> tuple[str, str]:
        """What tells the multiplier among all that are stated."""
        return (self.source, self.name)


def _claude_since_4_6(model: str, _scope: str) -> bool | None:
    version = re.search(r"-(\d+(?:\.\d+)?)(?:-|$)", model)
    return Decimal(version[1]) >= Decimal("4.6") if version else None


def _named_or_older(model: str, scope: str) -> bool | None:
    name = model.partition("/")[2]
    if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\d)", scope):
        return True
    version = re.match(r"gpt-(\d+(?:\.\d+)?)", name)
    older = version is not None and Decimal(version[1]) < Decimal("5.4")
    return False if older else None


RESIDENCES = frozenset({"ae", "au", "ca", "eu", "gb", "in", "jp", "kr", "sg", "uk", "us"})
"""Where OpenAI keeps data, by its guide to "Your data" (2026): Emirates, Australia, Canada, …"""
REGIONAL = (
    Regional("anthropic", "us-only inference", frozenset({"us"}), _claude_since_4_6),
    Regional("openai", "regional processing", RESIDENCES, _named_or_older),
)
"""Claude 4.6 and later; of OpenAI's models those it names, and none released before GPT-5.4."""


def holds(condition: str, counted: Counted) -> bool | None:
    """Tell whether a variant's condition holds for a usage; None: the usage does not tell."""
    bound = re.fullmatch(r"output (<=|>) (\d+) tokens", condition)
    if bound:
        over = counted.whole_output > int(bound[2])
        return over == (bound[1] == ">")
    if condition in ("thinking", "non-thinking"):
        reasoned = counted.reasoned
        return None if reasoned is None else reasoned == (condition == "thinking")
    if condition in ("text-only input", "multimodal input"):
        other = not OTHER_INPUT.isdisjoint(counted.amounts)
        return other == (condition == "multimodal input")
    return False if never(condition) else None


def never(variant: str) -> bool:
    """Tell whether a variant is no usage of the model itself: a model tuned on it is another."""
    return variant.startswith("fine-tuned")


OTHER_INPUT = frozenset({M.INPUT_AUDIO_TOKENS, M.INPUT_IMAGE_TOKENS, M.INPUT_VIDEO_TOKENS})
OTHER_OUTPUT = frozenset({M.OUTPUT_AUDIO_TOKENS, M.OUTPUT_IMAGE_TOKENS, M.OUTPUT_VIDEO_TOKENS})
MODALITIES = {M.INPUT_TOKENS: OTHER_INPUT, M.OUTPUT_TOKENS: OTHER_OUTPUT}
"""The meters of what is no text, beside those of what is not told apart."""
