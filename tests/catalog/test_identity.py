"""Names and labels: what is declared is found, and nothing else is."""

import csv
import io
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.identity import Alias, Identity, IdentityError, load, slug
from catalog.vocabulary import Edge
from tests.captures import CAPTURES, NO_CAPTURES, TRUTH

MAPPED_SOURCES = ("anthropic", "openai", "deepseek")


def _model(printed: str, source: str | None = None) -> str | None:
    match = load().resolve(printed, source)
    return match.model.id if match else None


@pytest.mark.parametrize("printed", ["Claude Opus 4.7", "Opus 4.7", "claude-opus-4-7"])
def test_documentation_website_and_people_mean_one_model(printed: str) -> None:
    assert _model(printed, "anthropic") == "anthropic/claude-opus-4.7"


@pytest.mark.parametrize(
    "printed", ["claude opus 4.7", "CLAUDE_OPUS_4.7", "anthropic/claude-opus-4.7", " Opus\u00a04.7"]
)
def test_case_spaces_underscores_and_the_maker_do_not_matter(printed: str) -> None:
    assert _model(printed) == "anthropic/claude-opus-4.7"


def test_a_dash_stands_for_the_point_only_where_that_makes_a_known_name() -> None:
    assert _model("claude-opus-4-1") == "anthropic/claude-opus-4.1"
    assert _model("claude-opus-4-9") is None
    assert _model("gpt-4-0613") == "openai/gpt-4-0613"


def test_a_name_one_letter_off_is_offered_and_never_matched() -> None:
    assert _model("claude-opsu-4.7") is None
    offered = [model.id for model in load().candidates("claude-opsu-4.7")]
    assert offered[0] == "anthropic/claude-opus-4.7"


def test_a_match_says_by_which_edge_and_why() -> None:
    match = load().resolve("claude-opus-4-20250514", "anthropic")
    assert match is not None
    assert match.model.id == "anthropic/claude-opus-4"
    assert match.edge is Edge.DATED_RELEASE
    assert match.why == "the API id of the model's release; priced as the model"


@pytest.mark.parametrize(
    ("printed", "model"),
    [
        ("gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13"),
        ("gpt-3.5-turbo-0125", "openai/gpt-3.5-turbo-0125"),
        ("gpt-4.1-2025-04-14", "openai/gpt-4.1"),
        ("o4-mini-2025-04-16", "openai/o4-mini"),
    ],
)
def test_a_dated_id_is_a_model_of_its_own_where_it_is_priced_apart(
    printed: str, model: str
) -> None:
    assert _model(printed, "openai") == model


def test_an_unknown_dated_id_is_not_taken_for_the_undated_model() -> None:
    assert _model("gpt-5.4-2027-01-01", "openai") is None


def test_a_tools_name_belongs_to_the_source_that_prints_it() -> None:
    assert _model("Web search", "anthropic") == "anthropic/web-search"
    assert _model("Web search", "openai") == "openai/web-search"
    assert _model("Web search") is None


def test_one_tool_has_two_names_on_two_pages() -> None:
    assert _model("Session runtime", "anthropic") == "anthropic/managed-agents"
    assert _model("Managed Agents", "anthropic") == "anthropic/managed-agents"


@pytest.mark.parametrize(
    "printed",
    [
        "claude-opus-4-6",
        "claude-opus-4-6_120K",
        "claude-opus-4-6_max",
        "Claude Opus 4.6 (64k thinking)",
        "Claude Opus 4.6 (no thinking)",
    ],
)
def test_reasoning_efforts_are_one_model_at_epoch(printed: str) -> None:
    assert _model(printed, "epoch") == "anthropic/claude-opus-4.6"


def test_an_effort_is_read_off_only_after_epochs_underscore() -> None:
    assert _model("gpt-5.1-codex-max", "epoch") == "openai/gpt-5.1-codex-max"
    assert _model("gpt-5.4-max", "epoch") is None
    assert _model("gpt-5.4_max", "openai") is None


def test_what_is_tested_in_a_chat_application_is_no_api_model() -> None:
    assert _model("gpt-5.4-pro-2026-03-05-web-app", "epoch") is None


def test_a_pointer_is_its_own_offer_but_epoch_names_what_it_tested() -> None:
    assert _model("deepseek-chat", "deepseek") == "deepseek/deepseek-chat"
    assert _model("deepseek-chat", "epoch") == "deepseek/deepseek-v3.2"


@pytest.mark.parametrize(
    ("left", "right"), [("Command R+", "Command R"), ("gpt-5.1", "gpt-51"), ("o1", "o1 (high)")]
)
def test_signs_and_points_tell_names_apart(left: str, right: str) -> None:
    assert slug(left) != slug(right)


@pytest.mark.parametrize("dash", ["-", "_", " ", "\u2010", "\u2011", "\u2013", "\u2212"])
def test_every_dash_is_one_dash(dash: str) -> None:
    assert slug(f"GPT{dash}5{dash}Codex") == "gpt-5-codex"


def test_labels_take_their_declared_normal_form_or_fold() -> None:
    identity = load()
    assert identity.normal("openai", "tier", "Priority") == "fast"
    assert identity.normal("anthropic", "tier", "Priority ") == "priority"
    assert identity.normal("openai", "context_over", "1") == "272000"
    assert identity.normal("openai", "context_over", "200000") == "200000"
    assert identity.normal("deepseek", "variant", " Non-Thinking") == "non-thinking"
    assert identity.normal("deepseek", "window", "mon-fri 01:00-04:00 utc") == (
        "Mon-Fri 01:00-04:00 UTC"
    )


def test_a_renamed_label_says_since_when() -> None:
    (renamed,) = [row for row in load().labels if row.since]
    assert (renamed.printed, renamed.normal, str(renamed.since)) == (
        "priority",
        "fast",
        "2026-07-30",
    )


def _with(*aliases: Alias) -> Identity:
    return replace(load(), aliases=(*load().aliases, *aliases))


def test_two_models_for_one_printed_name_are_refused_by_name() -> None:
    twice = Alias("*", "opus 4.7", "anthropic/claude-opus-4.6", Edge.ALIAS, "wrong")
    with pytest.raises(IdentityError, match=r"claude-opus-4\.7 and anthropic/claude-opus-4\.6"):
        _with(twice).resolve("Opus 4.7")


def test_an_alias_of_an_unlisted_model_is_refused_by_name() -> None:
    unlisted = Alias("*", "nova", "amazon/nova", Edge.ALIAS, "unlisted")
    with pytest.raises(IdentityError, match=r"amazon/nova, which models\.tsv does not list"):
        _with(unlisted).resolve("nova")


def test_every_declared_name_means_the_model_it_is_declared_for() -> None:
    identity = load()
    wrong = [
        alias.printed
        for alias in identity.aliases
        if _model(alias.printed, alias.source) != alias.model
    ]
    assert wrong == []


def test_every_model_has_a_declared_maker_and_a_slug_of_its_own() -> None:
    identity = load()
    assert {model.maker for model in identity.models.values()} <= set(identity.providers)
    assert all(
        model.id == f"{model.maker}/{slug(model.id.partition('/')[2])}"
        for model in identity.models.values()
    )


def _rows(table: Path, delimiter: str) -> list[dict[str, str]]:
    text = io.StringIO(table.read_text(encoding="utf-8"))
    return list(csv.DictReader(text, delimiter=delimiter))


def _truth_names() -> list[tuple[str, str]]:
    tables = [table for source in MAPPED_SOURCES for table in (TRUTH / source).glob("*.tsv")]
    return [(table.parent.name, row["model"]) for table in tables for row in _rows(table, "\t")]


@pytest.mark.skipif(not TRUTH.is_dir(), reason="no truth tables beside this checkout")
def test_every_name_the_providers_pages_print_is_mapped() -> None:
    unmapped = {(source, name) for source, name in _truth_names() if not _model(name, source)}
    assert unmapped == set()


@pytest.mark.skipif(not TRUTH.is_dir(), reason="no truth tables beside this checkout")
def test_no_two_prices_of_one_page_fall_into_one_series() -> None:
    for table in [table for source in MAPPED_SOURCES for table in (TRUTH / source).glob("*.tsv")]:
        assert _collisions(table) == []


def _collisions(table: Path) -> list[tuple[str, ...]]:
    columns = ("tier", "region", "context_over", "variant", "window", "meter", "unit", "currency")
    printed_by_series = defaultdict(set)
    for row in _rows(table, "\t"):
        model = _model(row["model"], table.parent.name) or row["model"]
        printed_by_series[(model, *(row[column] for column in columns))].add(row["model"])
    return [series for series, names in printed_by_series.items() if len(names) > 1]


def _epoch_rows() -> list[dict[str, str]]:
    return [
        row
        for table in sorted((CAPTURES / "epoch").glob("*capabilities_index*.csv"))
        for row in _rows(table, ",")
    ]


@pytest.mark.skipif(not CAPTURES.is_dir(), reason=NO_CAPTURES)
def test_every_scored_api_model_of_the_three_makers_is_mapped_at_epoch() -> None:
    unmapped = {
        row["Model version"]
        for row in _epoch_rows()
        if row["Organization"] in {"Anthropic", "OpenAI", "DeepSeek"}
        and row["ECI Score"]
        and not _model(row["Model version"], "epoch")
    }
    assert unmapped <= {"gpt-5.4-pro-2026-03-05-web-app", "DeepSeek-V3-Base", "gpt-5-chat"}
