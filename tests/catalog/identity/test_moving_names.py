"""Names that move: by a word of theirs, or as what they pointed at is declared."""

import pytest

from catalog.identity import load
from catalog.identity.moving_names import moves


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("mistral/mistral-large-latest", True),
        ("deepseek/deepseek-chat", True),
        ("deepseek/deepseek-reasoner", True),
        ("deepseek/deepseek-v4-flash", False),
        ("anthropic/claude-opus-4.6", False),
    ],
)
def test_a_name_that_points_at_one_model_after_another_moves(model: str, *, expected: bool) -> None:
    assert moves(load().models[model]) is expected
