"""Pages changed at random are refused, held, or read as what they state; nothing else."""

import pytest

from tests.spiders.mutation.judge import Came
from tests.spiders.mutation.kinds import KINDS
from tests.spiders.mutation.run import Judged, judged
from tests.spiders.mutation.sheets import specimens

SEED = 20261122
OURS = (
    "anthropic/2026-08-08-docs.md",
    "deepseek/2026-08-20-en.html",
    "google/2025-12-07-markdown.md",
    "minimax/2026-08-20-docs.md",
    "novita/2025-07-25-models.json",
    "openai/2026-07-15-components.md",
    "openrouter/2026-08-21-models.json",
    "qwen/2026-08-10-zh.json",
    "tencent/2026-08-10-china.html",
    "vertex/2026-05-08-page.html",
    "volcengine/2026-07-17-zh.html",
    "zai/2026-08-18-sections.html",
)
"""Each kind of page that there is; ``python -m tests.spiders.mutation`` takes all of them."""


@pytest.fixture(scope="module")
def every() -> list[Judged]:
    return list(judged([page for page in specimens(captures=False) if page.name in OURS], SEED))


def test_nothing_is_published_that_a_changed_page_does_not_state(every: list[Judged]) -> None:
    wrong = [(one.kind.name, one.page, one.what, *one.verdict.wrong) for one in every]
    assert [told for told in wrong if len(told) > 3] == []


def test_every_kind_of_change_is_tried(every: list[Judged]) -> None:
    assert {one.kind.name for one in every} == {kind.name for kind in KINDS}
    assert len(every) >= 150


@pytest.mark.parametrize(
    "kind", ["table removed", "truncated body", "challenge page", "login wall", "stale tab"]
)
def test_a_page_that_lost_its_prices_is_hardly_ever_read(every: list[Judged], kind: str) -> None:
    came = [one.verdict.came for one in every if one.kind.name == kind]
    assert came.count(Came.READ) <= len(came) // 2


@pytest.mark.parametrize("kind", ["columns swapped", "model renamed", "prose in a new section"])
def test_a_change_that_changes_no_price_is_read(every: list[Judged], kind: str) -> None:
    needless = [one for one in every if one.kind.name == kind and one.is_needless]
    tried = [one for one in every if one.kind.name == kind]
    assert len(needless) <= len(tried) // 4, [(one.page, one.verdict.why) for one in needless]
