"""A grid of usages, as each maker's API returns them: sizes, cached parts, reasoning, writes."""

from collections.abc import Iterator
from itertools import product

from catalog.cost import price
from catalog.cost.book_file import BUNDLED
from tests.catalog.cost.peers import AT, PEERS

MAKERS = frozenset(
    {"anthropic", "openai", "google", "xai", "mistral", "moonshot", "zai", "minimax"}
)
INPUTS = (12, 3_000, 150_000, 250_000)
OUTPUTS = (1, 700)
CACHED = (0, 50, 90)
"""Percent of the input."""
EXTRAS = (False, True)
"""Whether it reasoned, or, at Anthropic, wrote to the cache."""

Usage = dict[str, object]


def models() -> list[str]:
    """List the models that their makers sell for dollars by the token, and that a peer knows."""
    every = [line.partition("\t")[0] for line in BUNDLED.read_text().splitlines()[1:]]
    own = [model for model in every if model.partition("/")[0] in MAKERS and _is_priced(model)]
    return [model for model in own if any(peer.knows(model) for peer in PEERS)]


def _is_priced(model: str) -> bool:
    priced = price(model, {"input_tokens": 1000, "output_tokens": 10}, at=AT)
    return priced.total is not None and priced.currency == "USD"


def usages(model: str) -> Iterator[Usage]:
    """Give the usages to price on a model, as its maker's API would return them."""
    shape = {"anthropic": _anthropic, "google": _gemini}.get(model.partition("/")[0], _chat)
    for size, output, cached, extra in product(INPUTS, OUTPUTS, CACHED, EXTRAS):
        yield shape(size, output, size * cached // 100, extra=extra)


def _chat(size: int, output: int, cached: int, *, extra: bool) -> Usage:
    return {
        "prompt_tokens": size,
        "completion_tokens": output,
        "total_tokens": size + output,
        "prompt_tokens_details": {"cached_tokens": cached},
        "completion_tokens_details": {"reasoning_tokens": output // 2 if extra else 0},
    }


def _anthropic(size: int, output: int, cached: int, *, extra: bool) -> Usage:
    written = (size - cached) // 3 if extra else 0
    of_an_hour = written // 2
    return {
        "input_tokens": size - cached - written,
        "output_tokens": output,
        "cache_read_input_tokens": cached,
        "cache_creation_input_tokens": written,
        "cache_creation": {
            "ephemeral_5m_input_tokens": written - of_an_hour,
            "ephemeral_1h_input_tokens": of_an_hour,
        },
        "service_tier": "standard",
    }


def _gemini(size: int, output: int, cached: int, *, extra: bool) -> Usage:
    thoughts = output // 2 if extra else 0
    usage: Usage = {
        "promptTokenCount": size,
        "candidatesTokenCount": output - thoughts,
        "totalTokenCount": size + output,
        "cachedContentTokenCount": cached,
        "thoughtsTokenCount": thoughts,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": size}],
    }
    return {key: value for key, value in usage.items() if value}
