"""LiteLLM's cost map: which field says a fact of a model, as the map's own list stated it."""

from collections.abc import Iterator, Mapping

from api.exports.trees import Tree
from catalog.current.traits import YES, several

NUMBERS = {
    "context_tokens": "max_input_tokens",
    "max_output_tokens": "max_output_tokens",
}
ANSWERS = {
    "vision": "supports_vision",
    "reasoning": "supports_reasoning",
    "function_calling": "supports_function_calling",
    "prompt_caching": "supports_prompt_caching",
}
LISTS = {
    "input_modalities": "supported_modalities",
    "output_modalities": "supported_output_modalities",
}
DAYS = {"listed_deprecated_on": "deprecation_date"}


def fields(facts: Mapping[str, str]) -> Iterator[tuple[str, Tree]]:
    """Give the fields of what is stated; what is not is left out."""
    for name, field in NUMBERS.items():
        if facts.get(name, "").isdecimal():
            yield field, int(facts[name])
    yield from (
        (field, facts[name].lower() in YES) for name, field in ANSWERS.items() if name in facts
    )
    yield from (
        (field, sorted(several(facts[name]))) for name, field in LISTS.items() if name in facts
    )
    yield from ((field, facts[name]) for name, field in DAYS.items() if facts.get(name))
