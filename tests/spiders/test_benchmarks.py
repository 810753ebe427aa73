"""Benchmarks: scores with their days and units, or a refusal that names what is unknown."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.reading import NotRead, Reading
from catalog.vocabulary import Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES


def page(name: str) -> str:
    return (PAGES / name).read_text("utf-8")


def reading(source: str, text: str) -> Reading:
    return read(source_named(source), text.encode())


def refused(source: str, text: str) -> str:
    with pytest.raises(NotRead) as refusal:
        reading(source, text)
    assert refusal.value.outcome is Outcome.PAGE_CHANGED
    return refusal.value.detail


RUNS = page("aider/2025-06-09-runs.yml")
TASKS = page("livebench/2026-01-08-table.csv")
ARENA = page("lmarena/2026-02-09-streamed.html")
SPEED = page("openrouter-speed/2026-06-01-metrics.json")
WHOLE = page("artificial-analysis/2026-07-22-models.json")


def test_a_run_is_dated_by_its_own_day() -> None:
    scores = reading("aider", RUNS).scores
    assert {s.date for s in scores if s.model == "Gemini 2.0 Pro exp-02-05"} == {date(2025, 2, 25)}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  lazy_comments:", "  smart_comments:", "unknown columns ['smart_comments']"),
        ("pass_rate_2: 35.6", "pass_rate_2: most", "which is no number"),
        ("date: 2025-02-25", "date: in February", "is no date"),
        ("  user_asks: 13", "  user_asks: [13]", "a list of objects with plain values"),
        ("  user_asks: 13", "  user_asks: {", "this is no YAML"),
    ],
)
def test_a_run_that_is_not_laid_out_as_before_is_refused(old: str, new: str, said: str) -> None:
    assert old in RUNS
    assert said in refused("aider", RUNS.replace(old, new))


def test_every_column_of_tasks_is_a_benchmark_of_its_own() -> None:
    scores = {(s.model, s.benchmark): s.score for s in reading("livebench", TASKS).scores}
    assert scores["claude-sonnet-5-xhigh-effort", "livebench zebra_puzzle"] == Decimal("88.75")
    assert len({benchmark for _, benchmark in scores}) == 23


def test_a_row_with_too_few_results_states_none() -> None:
    assert "nemotron-3-super-120b" in TASKS
    models = {s.model for s in reading("livebench", TASKS).scores}
    assert not [model for model in models if model.startswith("nemotron")]


def test_a_row_with_too_many_results_is_refused() -> None:
    assert "beyond the heading" in refused("livebench", TASKS.replace(",88.75", ",88.75,1"))


def test_the_category_of_a_task_is_a_fact_about_the_task() -> None:
    facts = reading("livebench", page("livebench/2026-01-08-categories.json")).facts
    assert ("livebench zebra_puzzle", "category", "Reasoning") in {
        (fact.model, fact.name, fact.value) for fact in facts
    }


def test_ratings_are_named_by_arena_category_and_how_they_are_worked_out() -> None:
    plain = ARENA.replace(r"\"styleControl\":true", r"\"styleControl\":false")
    plain = plain.replace(r"\"category\":\"overall\"", r"\"category\":\"coding\"")
    assert plain != ARENA
    assert {s.benchmark for s in reading("lmarena", plain).scores} == {"lmarena text coding"}


def test_a_page_without_its_leaderboard_is_refused() -> None:
    assert "0 leaderboards" in refused("lmarena", ARENA.replace("arenaSlug", "slug"))


def test_speed_that_was_not_measured_is_no_score() -> None:
    models = {s.model for s in reading("openrouter-speed", SPEED).scores}
    assert "x-ai/grok-imagine-video" in SPEED
    assert "x-ai/grok-imagine-video" not in models
    assert "GPT-5.5 Instant (June 2026)" not in {
        s.model for s in reading("artificial-analysis", WHOLE).scores if "(s)" in s.benchmark
    }


@pytest.mark.parametrize(
    ("old", "new"), [("1.98s", "1980ms"), ("111tps", "111"), ("2.84s", "fast")]
)
def test_a_speed_in_another_unit_is_refused(old: str, new: str) -> None:
    assert repr(new) in refused("openrouter-speed", SPEED.replace(f'"{old}"', f'"{new}"'))


def test_a_new_evaluation_is_read_by_its_name() -> None:
    scores = reading("artificial-analysis", WHOLE.replace('"gpqa"', '"gpqa_2"')).scores
    assert "artificial-analysis gpqa 2" in {s.benchmark for s in scores}


def test_a_price_that_is_no_offer_is_not_read_and_a_new_one_is_refused() -> None:
    assert reading("artificial-analysis", WHOLE).points == ()
    renamed = WHOLE.replace('"pricing"', '"street_price"')
    assert "street_price" in refused("artificial-analysis", renamed)
