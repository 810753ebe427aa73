"""Ark's conditions: prompt and output lengths in thousands of tokens, or a refusal."""

import pytest

from spiders.sources.volcengine import lengths
from spiders.terms import Terms


@pytest.mark.parametrize(
    ("condition", "context_over", "variant"),
    [
        ("输入长度 [0, 32]", 0, None),
        ("输入长度 (128, 256]", 128_000, None),
        ("输入长度 (256, +∞)", 256_000, None),
        ("输入长度 [0, 32]\n且输出长度 [0, 0.2]", 0, "output <= 200 tokens"),
        ("输入长度 (32, 128] 且输出长度 (0.2,+∞)", 32_000, "output > 200 tokens"),
        ("输入长度 [0, 32]\n且输出长度 (0.2, 4]", 0, "output > 200 and <= 4000 tokens"),
    ],
)
def test_lengths_are_prompt_bounds_and_variants(
    condition: str, context_over: int, variant: str | None
) -> None:
    assert lengths(condition) == Terms(context_over=context_over, variant=variant)


def test_a_dash_sets_no_condition() -> None:
    assert lengths("-") == Terms()


@pytest.mark.parametrize(
    "condition", ["输出长度 [0, 0.2]", "输入长度 32", "高峰时段", "输入长度 [0, 32] 夜间"]
)
def test_other_words_are_no_condition(condition: str) -> None:
    assert lengths(condition) is None
