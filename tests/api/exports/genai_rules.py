"""The rules of genai-prices' data.json, as its own schema and checks have them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

PROVIDER = {"id", "name", "api_pattern", "models"}
OF_PROVIDER = {"pricing_urls", "description", "price_comments", "model_match", "provider_match"} | {
    "extractors",
    "fallback_model_providers",
}
MODEL = {"id", "match", "prices"}
OF_MODEL = {"name", "description", "context_window", "price_comments", "deprecated"} | {
    "price_variants"
}
OPERATORS = {"equals", "starts_with", "ends_with", "contains", "regex", "or", "and"}
ANCESTORS = {
    "cache_read_mtok": "input_mtok",
    "cache_write_mtok": "input_mtok",
    "cache_write_1h_mtok": "cache_write_mtok",
    "input_audio_mtok": "input_mtok",
    "output_audio_mtok": "output_mtok",
    "output_reasoning_mtok": "output_mtok",
    "cache_audio_read_mtok": "cache_read_mtok",
}
"""A unit is refused without what it is a part of."""
OTHERS = {
    "input_mtok",
    "output_mtok",
    "output_audio_reasoning_mtok",
    "cache_audio_write_mtok",
    "cache_audio_write_1h_mtok",
}
JOINS = (
    ({"cache_read_mtok", "input_audio_mtok"}, "cache_audio_read_mtok"),
    ({"cache_write_mtok", "input_audio_mtok"}, "cache_audio_write_mtok"),
    ({"cache_write_1h_mtok", "input_audio_mtok"}, "cache_audio_write_1h_mtok"),
    ({"output_reasoning_mtok", "output_audio_mtok"}, "output_audio_reasoning_mtok"),
)
"""Where both units are priced, what is both at once is, too."""
TIME = re.compile(r"\d\d:\d\d:\d\dZ")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read(text: bytes) -> list[dict[str, Any]]:
    """Read the data with exact numbers; raise ValueError for what genai-prices refuses."""
    found = json.loads(text, parse_float=Decimal)
    if not isinstance(found, list):
        raise ValueError("the data is a list of providers")  # noqa: TRY004 as for the rest
    problems = [problem for provider in found for problem in _of_provider(provider)]
    if problems:
        raise ValueError("; ".join(problems))
    return found


def _of_provider(provider: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys(provider, PROVIDER, OF_PROVIDER)
    models = provider.get("models", [])
    ids = [model.get("id", "") for model in models]
    if ids != sorted(set(ids)):
        yield "models are not in the order of their ids, each once"
    for extractor in provider.get("extractors", []):
        yield from _of_extractor(extractor)
    for model in models:
        yield from _of_model(model)
        fitting = [
            one["id"] for one in models if matches(one.get("match", {}), model.get("id", ""))
        ]
        if fitting != [model.get("id")]:
            yield f"{model.get('id')} is matched by {fitting}"


def _keys(some: Mapping[str, Any], needed: set[str], allowed: set[str]) -> Iterator[str]:
    if needed - some.keys() or some.keys() - needed - allowed:
        yield f"keys of {some.get('id')}: {sorted(needed ^ some.keys())}"


def matches(match: Mapping[str, Any], name: str) -> bool:
    """Tell whether a clause fits a name; of the operators those that we write."""
    if "or" in match:
        return any(matches(one, name) for one in match["or"])
    return match.get("equals") == name


def _of_model(model: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys(model, MODEL, OF_MODEL)
    yield from _of_match(model.get("match", {}))
    prices = model.get("prices", {})
    for one in prices if isinstance(prices, list) else [{"prices": prices}]:
        yield from _of_constraint(one.get("constraint"))
        yield from _of_prices(one["prices"])
    for variant in model.get("price_variants", []):
        if not variant["when"]:
            yield "a variant for no request"
        yield from _of_prices(variant["prices"])


def _of_match(match: Mapping[str, Any]) -> Iterator[str]:
    if len(match) != 1 or not match.keys() <= OPERATORS:
        yield f"match has one operator, not {sorted(match)}"
    for one in match.get("or", ()):
        yield from _of_match(one)


def _of_constraint(constraint: Mapping[str, str] | None) -> Iterator[str]:
    if constraint is None:
        return
    if constraint.keys() == {"start_date"}:
        fit = bool(DAY.fullmatch(constraint["start_date"]))
    else:
        times = constraint.keys() == {"start_time", "end_time"}
        fit = times and all(TIME.fullmatch(one) for one in constraint.values())
    if not fit:
        yield f"constraint {constraint}"


def _of_prices(prices: Mapping[str, Any]) -> Iterator[str]:
    for name, price in prices.items():
        if name not in ANCESTORS and name not in OTHERS:
            yield f"no unit {name}"
        if ANCESTORS.get(name, name) not in prices:
            yield f"{name} without {ANCESTORS[name]}"
        yield from _of_price(name, price)
    for both, joined in JOINS:
        if both <= prices.keys() and joined not in prices:
            yield f"{sorted(both)} without {joined}"


def _of_price(name: str, price: Any) -> Iterator[str]:  # noqa: ANN401 it is JSON
    tiers: Sequence[Mapping[str, Any]] = price["tiers"] if isinstance(price, dict) else ()
    numbers = [
        price["base"] if isinstance(price, dict) else price,
        *(one["price"] for one in tiers),
    ]
    if any(isinstance(one, bool | str) or one is None or one < 0 for one in numbers):
        yield f"{name} costs {numbers}"
    if any(low["start"] >= high["start"] for low, high in pairwise(tiers)):
        yield f"{name} has tiers that do not ascend"


def _of_extractor(extractor: Mapping[str, Any]) -> Iterator[str]:
    """Tell what is wrong: who reads completion_tokens must read the reasoning in them, too."""
    mappings = extractor["mappings"]
    totals = {one["path"] for one in mappings if isinstance(one["path"], str)}
    dests = {one["dest"] for one in mappings}
    if "completion_tokens" in totals and "output_reasoning_tokens" not in dests:
        yield f"{extractor['api_flavor']} loses reasoning"
