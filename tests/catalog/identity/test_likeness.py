"""What is offered for a name that means no model."""

import pytest

from catalog.identity import load
from catalog.identity.likeness import Likeness


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("gpt-4o-2025-03-03", "openai/gpt-4o"),
        ("claude-opus-4-6-20260301", "anthropic/claude-opus-4.6"),
        ("gpt-5:turbo", "openai/gpt-5"),
        ("my-org/gpt-4o", "openai/gpt-4o"),
        ("grok-4-preview", "xai/grok-4"),
        ("projects/p/publishers/anthropic/models/claude-sonnet-4-5", "anthropic/claude-sonnet-4.5"),
    ],
)
def test_the_known_name_that_another_goes_on_from_is_offered_first(asked: str, first: str) -> None:
    assert load().resolve(asked) is None
    assert load().candidates(asked)[0].id == first


def test_what_many_names_share_makes_none_of_them_alike() -> None:
    makers = {model.maker for model in load().candidates("glm-4-thinking")}
    assert makers == {"zai"}


def test_a_word_that_looks_like_a_makers_prefix_is_still_compared() -> None:
    assert load().candidates("moonshot-v1-64k")[0].family == "moonshot-v1"


@pytest.mark.parametrize("asked", ["", "/", "🦙", "通义千问", "my-deployment"])
def test_what_looks_like_nothing_is_offered_nothing(asked: str) -> None:
    assert load().candidates(asked) == ()


def test_the_rarer_part_weighs_more() -> None:
    names = ("kimi-latest", "grok-latest", "command-latest", "kimi-k2")
    assert Likeness(names).nearest("kimi-k9-latest", 1) == ["kimi-latest"]
