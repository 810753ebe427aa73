"""Model cells give names as printed; notes, marks and dates are apart."""

from datetime import date

import pytest

from catalog.reading import NotRead
from spiders.names import listed_names, read_bounded_names, read_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Claude Opus 4.1 (retired, except on Bedrock)", "Claude Opus 4.1"),
        ("Claude Mythos 5 (limited availability)", "Claude Mythos 5"),
        ("Claude Opus 3 (deprecated)", "Claude Opus 3"),
        ("gpt-5.4*", "gpt-5.4"),
        ("deepseek-chat (1)", "deepseek-chat"),
        ("deepseek-chat[1]", "deepseek-chat"),
        ("Gemini 3 ^*^", "Gemini 3"),
        ("openai/gpt-oss-120b", "openai/gpt-oss-120b"),
        ("text-embedding-004 (Multilingual)", "text-embedding-004 (Multilingual)"),
        ("Hy3 preview（2026-08-31 下线）", "Hy3 preview"),
    ],
)
def test_notes_and_marks_are_no_part_of_a_name(text: str, name: str) -> None:
    assert read_names(text).names == (name,)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Claude Opus 5 / Claude Opus 4.8", ("Claude Opus 5", "Claude Opus 4.8")),
        (
            "Claude Sonnet 4.6 / 4.5 / 4",
            ("Claude Sonnet 4.6", "Claude Sonnet 4.5", "Claude Sonnet 4"),
        ),
    ],
)
def test_a_cell_may_name_several_models(text: str, names: tuple[str, ...]) -> None:
    assert read_names(text).names == names


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("Sonnet 5 through August 31, 2026", None, date(2026, 9, 1)),
        ("Sonnet 5 starting September 1, 2026", date(2026, 9, 1), None),
        ("Sonnet 5 (until 2026-09-01)", None, date(2026, 9, 1)),
    ],
)
def test_dates_beside_a_name_are_apart(text: str, starts: date | None, ends: date | None) -> None:
    read = read_names(text)
    assert (read.valid_from, read.valid_to) == (starts, ends)


def test_a_note_that_a_model_is_gone_is_a_fact() -> None:
    (fact,) = read_names("Claude Opus 4 (retired, except on Google Cloud)").facts
    assert (fact.model, fact.name, fact.value) == ("Claude Opus 4", "status", "retired")
    assert fact.evidence == "Claude Opus 4 (retired, except on Google Cloud)"


def test_a_note_that_names_a_day_says_when() -> None:
    said = read_names("Hy3 preview\n（2026-08-31 下线）").facts
    assert [(fact.name, fact.value) for fact in said] == [
        ("status", "deprecated"),
        ("retired_on", "2026-08-31"),
    ]


def test_a_note_on_availability_is_no_fact() -> None:
    assert read_names("Claude Mythos 5 (limited availability)").facts == ()


@pytest.mark.parametrize(
    "text",
    ["Claude Opus 4.6, Sonnet 4.5, or Sonnet 4", "Claude Opus 4.6, Sonnet 4.5 and 4"],
)
def test_a_sentence_lists_models_and_shares_their_prefix(text: str) -> None:
    assert listed_names(text, prefix="Claude ") == (
        "Claude Opus 4.6",
        "Claude Sonnet 4.5",
        "Claude Sonnet 4",
    )


def test_the_prompts_that_a_row_holds_for_are_no_part_of_the_name() -> None:
    short = read_bounded_names("Claude Haiku 5.5 (for prompts up to 100,000 tokens)")
    long = read_bounded_names("Claude Haiku 5.5 (preview) (for prompts over 100,000 tokens)")
    assert short.names == long.names == ("Claude Haiku 5.5",)
    assert (short.context_over, long.context_over) == (0, 100_000)
    assert read_bounded_names("Claude Haiku 5.5 (fast)").context_over is None
    with pytest.raises(NotRead, match="more than one prompt length"):
        read_bounded_names("Haiku (over 1K tokens) (over 2K tokens)")


def test_dates_in_brackets_leave_no_brackets_behind() -> None:
    names = read_names("Claude Sonnet 5 (through December 31, 2026)")
    assert (names.names, names.valid_to) == (("Claude Sonnet 5",), date(2027, 1, 1))
