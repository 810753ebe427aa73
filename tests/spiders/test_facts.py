"""Facts: the usual names of the fields that state them, and the words that they are put in."""

import pytest

from catalog.reading import NotRead
from spiders.exact_json import Json
from spiders.facts import facts, flag, given, listed, one_of


@pytest.mark.parametrize(
    ("field", "fact"),
    [
        ("availableContextTokens", "context_tokens"),
        ("max_completion_tokens", "max_output_tokens"),
        ("supportsFunctionCalling", "function_calling"),
        ("supported_features", "capabilities"),
        ("license", "licence"),
    ],
)
def test_a_usual_name_says_which_fact_a_field_states(field: str, fact: str) -> None:
    assert facts(field, within="model.{}")[f"model.{field}"].name == fact


def test_a_name_that_is_not_usual_is_never_guessed() -> None:
    with pytest.raises(KeyError):
        facts("context")


@pytest.mark.parametrize(("value", "said"), [(True, "yes"), (False, ""), ("true", ""), (1, "")])
def test_only_a_flag_that_is_set_says_something(value: Json, said: str) -> None:
    assert flag()(value) == said


def test_a_list_in_one_text_is_worded_as_a_list() -> None:
    assert listed("+", vision="image")("text+vision") == "text, image"
    assert given("yes")("https://huggingface.co/a/b") == "yes"


def test_a_word_beside_the_known_ones_is_refused() -> None:
    openness = one_of({"Open weights.*": "yes", "API access": "no"}, "{} is no known access")
    assert openness("Open weights (restricted)") == "yes"
    with pytest.raises(NotRead, match="'By letter' is no known access"):
        openness("By letter")
