"""Models are found by part of any of their names."""

import pytest

from catalog.identity import load
from catalog.identity.search import Search, search_in

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


@pytest.mark.parametrize("asked", ["anthropic opus 4.7", "4.7 opus", "claude  4", "opus cl"])
def test_a_model_is_found_by_words_in_any_order(asked: str) -> None:
    assert OPUS in SEARCH.named(asked)


@pytest.mark.parametrize("asked", ["opus 40", "pus claude", "opus gpt"])
def test_each_of_several_words_begins_a_word(asked: str) -> None:
    assert OPUS not in SEARCH.named(asked)


def test_nothing_is_found_across_two_names() -> None:
    two = Search({"maker/model": "one-two\nthree"})
    assert two.named("two one")
    assert two.named("one three") == frozenset()
    assert two.named("two three") == frozenset()
