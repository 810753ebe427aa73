"""Models are found by part of any of their names."""

import pytest

from catalog.identity import load
from catalog.identity.search import search_in

SEARCH = search_in(load())
OPUS = "anthropic/claude-opus-4.7"


@pytest.mark.parametrize(
    "asked", ["Opus 4.7", "claude_opus", "anthropic/claude-opus-4", "CLAUDE OPUS 4.7"]
)
def test_a_model_is_found_however_its_name_is_spelt(asked: str) -> None:
    assert OPUS in SEARCH.named(asked)


def test_a_model_is_found_by_its_maker() -> None:
    assert OPUS in SEARCH.named("anthropic")
    assert OPUS not in SEARCH.named("openai")


def test_nothing_is_found_across_two_names() -> None:
    assert SEARCH.named("opus 4.7 anthropic") == frozenset()
