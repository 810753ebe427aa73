"""How the words of a page become the values of facts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from catalog.money import plain
from spiders.exact_json import Json, Printed, as_printed, number
from spiders.page import changed

_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s*([km千万]?)", re.IGNORECASE)
_SCALES = {"": 1, "k": 10**3, "千": 10**3, "万": 10**4, "m": 10**6}


def token_count(text: str) -> str:
    """Read the largest number of tokens in a cell: "DEFAULT: 4K MAXIMUM: 8K" is 8000."""
    found = _COUNT.findall(text)
    if not found:
        raise changed(f"{text!r} states no number of tokens")
    counts = [Decimal(n.replace(",", "")) * _SCALES[suffix.lower()] for n, suffix in found]
    return plain(max(counts))


def worded(value: Json) -> str:
    """Word a value as a fact does: lists joined by commas, booleans as yes and no."""
    if isinstance(value, str):
        return value
    if isinstance(value, Printed):
        return value.text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence):
        return ", ".join(worded(item) for item in value)
    return as_printed(value)


def above_zero(value: Json) -> str:
    """Word a count; zero stands for "not said" where a list has every field for every model."""
    return worded(value) if number(value, "a count") > 0 else ""


def unix_day(value: Json) -> str:
    """Word seconds since 1970 as their day."""
    seconds = number(value, "a date")
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()


def iso_day(value: Json) -> str:
    """Word a date or moment as its day; anything else is refused."""
    try:
        return date.fromisoformat(worded(value)[:10]).isoformat()
    except ValueError:
        raise changed(f"{as_printed(value)[:60]} is no date") from None


def flag(word: str = "yes") -> Callable[[Json], str]:
    """Word a flag that is set; where lists have it for every model, an unset one says nothing."""
    return lambda value: word if value is True else ""


def given(word: str = "yes") -> Callable[[Json], str]:
    """Word that a value is given, whatever it is."""
    return lambda value: word if value else ""


def listed(separator: str, **renamed: str) -> Callable[[Json], str]:
    """Word a text that lists things as a list of them: "text+vision"."""
    return lambda value: ", ".join(renamed.get(one, one) for one in worded(value).split(separator))


def one_of(words: Mapping[str, str], refusal: str) -> Callable[[Json], str]:
    """Word a value by the first pattern that fits it whole; others are refused.

    ``{}`` in the refusal stands for what is said.
    """

    def choose(value: Json) -> str:
        said = worded(value)
        for pattern, word in words.items():
            if re.fullmatch(pattern, said):
                return word
        raise changed(refusal.format(repr(said)))

    return choose


_WORDED: Mapping[str, Callable[[Json], str]] = {
    "context_tokens": above_zero,
    "max_output_tokens": above_zero,
}
"""Facts whose values are worded in one way wherever they are stated."""


@dataclass(frozen=True, slots=True)
class Says:
    """What a field states about a model, and how its value is worded."""

    name: str
    """context_tokens, max_output_tokens, input_modalities, released_on, open_weights …"""
    worded: Callable[[Json], str] | None = None
    """Gives the fact's value, where it is not as the name has it; an empty one states nothing."""

    def value(self, stated: Json) -> str:
        """Word what is stated."""
        return (self.worded or _WORDED.get(self.name, worded))(stated)


_BY_FIELD: Mapping[str, str] = {
    **{
        name: name
        for name in (
            *("input_modalities", "output_modalities", "capabilities", "quantization"),
            *("vision", "reasoning", "function_calling", "structured_output", "prompt_caching"),
            *("knowledge_cutoff", "open_weights", "max_output_tokens"),
        )
    },
    **{
        f"{name}_{what}": "context_tokens"
        for name in ("context", "max_context")
        for what in ("length", "window", "size", "window_tokens")
    },
    **dict.fromkeys(("available_context_tokens", "max_model_len"), "context_tokens"),
    **dict.fromkeys(
        ("max_completion_tokens", "max_output_length", "max_tokens"), "max_output_tokens"
    ),
    "caching": "prompt_caching",
    "tool_call": "function_calling",
    "features": "capabilities",
    "top_provider.max_completion_tokens": "max_output_tokens",
    "hugging_face_id": "open_weights",
    "deprecated": "status",
    "modality": "input_modalities",
    "limit.context": "context_tokens",
    "limit.output": "max_output_tokens",
    "modalities.input": "input_modalities",
    "modalities.output": "output_modalities",
    "knowledge": "knowledge_cutoff",
    **dict.fromkeys(("license", "license_name"), "licence"),
    **dict.fromkeys(("model_creator.name", "model_organization", "organization"), "maker"),
    "release_date": "released_on",
}
"""The facts, by the usual names of the fields that state them."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BESIDE = re.compile(r"(?:supports|supported|is)_")


def facts(
    *names: str, within: str = "{}", worded: Callable[[Json], str] | None = None
) -> dict[str, Says]:
    """Map fields that are named for the facts they state; KeyError where a name is not usual.

    ``{}`` in the path stands for the name. Camel case, and "supports" before it, are no matter.
    """
    return {within.format(name): Says(_BY_FIELD[_plain(name)], worded) for name in names}


def _plain(name: str) -> str:
    return _BESIDE.sub("", _HUMP.sub("_", name).lower())
