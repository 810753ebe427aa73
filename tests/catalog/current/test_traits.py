"""What a model takes, gives and can do: its maker's word, else the latest."""

from dataclasses import replace
from datetime import UTC, date, datetime

from catalog.current.facts import FactSeen
from catalog.current.traits import (
    OPEN,
    Capability,
    capabilities,
    open_weights,
    released_on,
    several,
    stated,
)
from catalog.identity import load

OPUS = load().models["anthropic/claude-opus-4.7"]


def fact(name: str, value: str, source: str = "models_dev", day: int = 1) -> FactSeen:
    seen = datetime(2026, 6, day, tzinfo=UTC)
    return FactSeen(source, OPUS.id, "Opus", "", name, value, value, seen)


def test_the_makers_word_counts_before_a_later_one() -> None:
    said = [fact("context_tokens", "200000", "anthropic", 1), fact("context_tokens", "1", day=9)]
    assert stated(OPUS, "context_tokens", said) == "200000"


def test_else_the_latest_word_counts() -> None:
    said = [fact("context_tokens", "2", "novita", 9), fact("context_tokens", "1", "venice", 8)]
    assert stated(OPUS, "context_tokens", said) == "2"


def test_a_list_of_words_is_read_in_lower_case() -> None:
    assert several("Text, image,, Audio ") == {"text", "image", "audio"}
    assert several("") == frozenset()


def test_a_capability_is_said_by_its_fact_or_by_a_word() -> None:
    said = [fact("reasoning", "true"), fact("capabilities", "Tools, agentic")]
    assert capabilities(OPUS, said) == {Capability.REASONING, Capability.FUNCTION_CALLING}


def test_what_is_denied_is_no_capability_whatever_a_list_names() -> None:
    said = [fact("vision", "no"), fact("capabilities", "vision, structured-outputs")]
    assert capabilities(OPUS, said) == {Capability.STRUCTURED_OUTPUTS}


def test_silence_is_no_capability() -> None:
    assert capabilities(OPUS, []) == frozenset()


def test_weights_are_open_where_all_who_say_one_thing_agree() -> None:
    said = [fact(OPEN, "yes", "epoch"), fact(OPEN, "yes"), fact(OPEN, "no")]
    assert open_weights(said) is True, "models_dev says both: of its hosts, not of the model"
    assert open_weights([*said, fact(OPEN, "no", "artificial-analysis")]) is None
    assert open_weights([fact(OPEN, "no")]) is False
    assert open_weights([]) is None


def test_the_middle_one_of_the_days_stated_is_the_release_and_of_two_the_later() -> None:
    said = [fact("released_on", "2025-05-14", "a"), fact("released_on", "2026-01", "d")]
    said += [fact("released_on", "2025-05-22", "b")]
    assert released_on(said) == date(2025, 5, 22)
    assert released_on([*said, fact("released_on", "2025-05-20", "c")]) == date(2025, 5, 20)
    assert released_on([]) is None


def test_of_a_list_of_sellers_the_day_of_most_of_them_counts() -> None:
    days = {"one": "2025-02-24", "two": "2025-02-24", "three": "2025-01-01", "four": "2025-12-31"}
    said = [replace(fact("released_on", days[who]), provider=who) for who in days]
    assert released_on(said) == date(2025, 2, 24)


def test_a_model_came_with_the_first_of_its_dated_releases() -> None:
    said = [
        replace(fact("released_on", day, source), printed=day)
        for source in ("epoch", "artificial-analysis")
        for day in ("2024-06-20", "2024-10-22")
    ]
    assert released_on(said) == date(2024, 6, 20)
