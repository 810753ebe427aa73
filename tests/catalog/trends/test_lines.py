"""Lines: which models are generations of one, and how early a name says that it is."""

import pytest

from catalog.identity import Kind, Model, load
from catalog.trends.lines import age_of, line_of, members


def a_model(model: str, kind: Kind = "model") -> Model:
    return Model(model, model.partition("/")[0], model, "", kind)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("anthropic/claude-opus-4.6", "claude-opus"),
        ("openai/gpt-5-mini", "gpt-mini"),
        ("openai/gpt-5-nano", "gpt-nano"),
        ("openai/gpt-5.4", "gpt"),
        ("google/gemini-2.5-flash-lite", "gemini-flash-lite"),
        ("google/gemini-3.1-pro-preview", "gemini-pro"),
        ("deepseek/deepseek-v3.2", "deepseek"),
        ("deepseek/deepseek-r1", "deepseek-r"),
        ("moonshot/kimi-k2.6", "kimi"),
        ("minimax/minimax-m2.7", "minimax"),
        ("zai/glm-4.6v", "glm-v"),
        ("zai/glm-4.6v-flash", "glm-v-flash"),
        ("openai/gpt-4o", "gpt-4o"),
        ("openai/o3", "o"),
        ("openai/o4-mini", "o-mini"),
        ("openai/gpt-4-0613", None),
        ("mistral/mistral-large-latest", None),
    ],
)
def test_a_line_is_a_name_without_its_version(model: str, expected: str | None) -> None:
    assert line_of(a_model(model)) == expected


def test_a_tool_is_of_no_line() -> None:
    assert line_of(a_model("anthropic/web-search", "tool")) is None


def test_a_name_says_how_early_it_is() -> None:
    names = ("qwen-max", "qwen2.5-max", "qwen3-max-preview", "qwen3-max", "qwen3.10-max")
    ages = [age_of(a_model(f"qwen/{name}")) for name in names]
    assert ages == sorted(ages)
    assert ages[-1] == ((3, 10), True)


def test_a_family_of_several_lines_gives_each_of_them() -> None:
    models = load().models.values()
    assert list(members(models, "anthropic", "claude-opus")) == ["claude-opus"]
    several = members(models, "openai", "gpt-5")
    assert {"gpt", "gpt-mini", "gpt-nano"} <= set(several)
    assert "openai/gpt-5.4" in {model.id for model in several["gpt"]}
    assert members(models, "anthropic", "no such") == {}
