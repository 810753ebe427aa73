"""What the captured catalogs themselves state of two ids: where the seeded pairs come from."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from tests.captures import CAPTURES

Listing = Any  # What a catalog's JSON holds is a third party's.
Stated = frozenset[tuple[str, str]]
"""Two ids that one catalog connects, in its order."""


def openrouter(listing: Listing, field: str) -> Iterator[tuple[str, str]]:
    """OpenRouter: a model's id, and its ``canonical_slug`` or ``hugging_face_id``."""
    for model in listing.get("data") or listing["models"]:
        yield model["id"], model.get(field) or ""


def artificial_analysis(listing: Listing, field: str) -> Iterator[tuple[str, str]]:
    """Artificial Analysis: a model's name, and its ``openrouter_api_id``."""
    for model in listing["models"]:
        yield model["name"], (model["metadata"] or {}).get(field) or ""


def litellm(listing: Listing, _: str) -> Iterator[tuple[str, str]]:
    """LiteLLM: a key with its provider in front, and the key that is left without."""
    for key in listing:
        for at in (at for at, sign in enumerate(key) if sign == "/"):
            if key[at + 1 :] in listing:
                yield key, key[at + 1 :]


def genai_prices(listing: Listing, provider: str) -> Iterator[tuple[str, str]]:
    """genai-prices: two ids that the rule of one model of a provider matches by ``equals``."""
    for one in listing if isinstance(listing, list) else listing["providers"]:
        if one["id"] != provider:
            continue
        for model in one["models"]:
            ids = {model["id"], *_equal(model["match"])}
            yield from ((a, b) for a in ids for b in ids)


def _equal(rule: Listing) -> Iterator[str]:
    if "equals" in rule:
        yield rule["equals"]
    for part in rule.get("or", ()):
        yield from _equal(part)


CATALOGS: dict[str, tuple[str, Callable[[Listing, str], Iterator[tuple[str, str]]]]] = {
    "OpenRouter": ("openrouter", openrouter),
    "Artificial Analysis": ("artificial-analysis", artificial_analysis),
    "LiteLLM": ("litellm", litellm),
    "genai-prices": ("genai-prices", genai_prices),
}


@cache
def stated(why: str) -> Stated:
    """Give what is stated where a pair says it is from: ``OpenRouter 2026-08-21: canonical_slug``.

    Behind a semicolon stands why the two are held apart although the catalog connects them.
    """
    head, _, field = why.partition(";")[0].partition(": ")
    place, _, provider = head.partition(", ")
    name, _, day = place.rpartition(" ")
    folder, read = CATALOGS[name]
    (capture,) = (CAPTURES / folder).glob(f"{day}*.json")
    return frozenset(read(json.loads(capture.read_text("utf-8")), provider or field))
