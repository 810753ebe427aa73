"""The rules of LiteLLM's cost map, as its own schema and checks have them."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from api.exports.litellm_fields import KNOWN, RANGED

MODES = frozenset(
    {
        *("audio_speech", "audio_transcription", "chat", "completion", "embedding", "evaluation"),
        *("extraction", "guardrail", "image_edit", "image_generation", "moderation", "ocr"),
        *("realtime", "rerank", "responses", "search", "vector_store", "video_generation"),
    }
)
MODALITIES = frozenset({"text", "image", "audio", "video"})
WORDS = frozenset({"litellm_provider", "prices_from", "source"})
WHOLE = frozenset({"max_tokens", "max_input_tokens", "max_output_tokens"})
LISTS = {"supported_modalities": MODALITIES, "supported_output_modalities": MODALITIES | {"code"}}
HOURS = frozenset({"hours_utc", "windows"})


def read(text: bytes) -> dict[str, dict[str, Any]]:
    """Read a map with exact numbers; raise ValueError for what LiteLLM's checks refuse."""
    found = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    for key, entry in found.items():
        problems = list(_problems(entry))
        if problems or key in {"sample_spec", "fallback_generalizations"}:
            raise ValueError(f"{key}: {problems}")
    return found  # type: ignore[no-any-return] # it was checked


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _problems(entry: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(entry.get("litellm_provider"), str):
        yield "litellm_provider is missing"
    for name, value in entry.items():
        if not _fits(name, value):
            yield f"{name} is {value!r}"


def _fits(name: str, value: Any) -> bool:  # noqa: ANN401 it is JSON
    if name.startswith("supports_"):
        return isinstance(value, bool)
    if name in LISTS:
        return LISTS[name].issuperset(value)
    return RULES[name](value) if name in RULES else _costs(name, value)


def _costs(name: str, value: Any) -> bool:  # noqa: ANN401 the same
    if name == "off_peak_pricing":
        return all(key in HOURS or _is_cost(cost) for key, cost in value.items())
    if isinstance(value, dict):
        return all(map(_is_cost, value.values()))
    return "cost" in name and _is_cost(value)


def _is_day(value: Any) -> bool:  # noqa: ANN401 the same
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _is_cost(value: Any) -> bool:  # noqa: ANN401 the same
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0


def _are_ranges(items: list[dict[str, Any]]) -> bool:
    """Tell whether ranges follow one another, each with costs that a range may have."""
    bounds = [item["range"] for item in items]
    joined = all(before[1] == after[0] for before, after in pairwise(bounds))
    named = all(item.keys() - {"range"} <= RANGED for item in items)
    return joined and named and all(low < high for low, high in bounds)


RULES: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(WORDS, lambda value: isinstance(value, str)),
    **dict.fromkeys(WHOLE, lambda value: isinstance(value, int)),
    "mode": lambda value: value in MODES,
    "deprecation_date": _is_day,
    "tiered_pricing": _are_ranges,
}


def unread(entry: Mapping[str, Any]) -> set[str]:
    """Give the costs of an entry that LiteLLM leaves out without a word."""
    others = {"tiered_pricing", "off_peak_pricing"} | WORDS | WHOLE | LISTS.keys()
    said = {name for name in entry if name.startswith("supports_")}
    return set(entry) - KNOWN - others - said - {"deprecation_date"}
