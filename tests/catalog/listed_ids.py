"""The ids of chat models that captured catalogs list, by one declared rule for each catalog."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.captures import CAPTURES

CHAT_MODES = frozenset({"chat", "completion", "responses"})
Listing = Any  # What a catalog's JSON holds is a third party's.


def newest(source: str) -> Path:
    """Give the capture of a source with the latest day in its name."""
    return max((CAPTURES / source).glob("*.json"))


def litellm(listing: Listing) -> Iterator[str]:
    """LiteLLM: the keys whose ``mode`` is chat, completion or responses."""
    yield from (key for key, entry in listing.items() if entry.get("mode") in CHAT_MODES)


def models_dev(listing: Listing) -> Iterator[str]:
    """models.dev: the keys of models that put out text."""
    for provider in listing.values():
        for key, model in provider["models"].items():
            if "text" in model.get("modalities", {}).get("output", ["text"]):
                yield key


def openrouter(listing: Listing) -> Iterator[str]:
    """OpenRouter: the ids of models that put out text."""
    for model in listing["data"]:
        if "text" in model["architecture"].get("output_modalities", ["text"]):
            yield model["id"]


CATALOGS: dict[str, Callable[[Listing], Iterator[str]]] = {
    "litellm": litellm,
    "models-dev": models_dev,
    "openrouter": openrouter,
}


def chat_ids(source: str) -> list[str]:
    """Give the ids of chat models in a catalog's newest capture, each once, in order."""
    listing = json.loads(newest(source).read_text(encoding="utf-8"))
    return list(dict.fromkeys(CATALOGS[source](listing)))
