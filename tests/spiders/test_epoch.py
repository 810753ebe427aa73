"""Epoch's index: scores and facts as printed, or a refusal."""

from decimal import Decimal

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.source import read, source_named
from tests.spiders.expectations import PAGES

EPOCH = source_named("epoch")
VERSIONS = (PAGES / "epoch/2026-04-10-versions.csv").read_text("utf-8")
SCORES = (PAGES / "epoch/2026-09-30-scores.csv").read_text("utf-8")


def refusal(page: str) -> NotRead:
    with pytest.raises(NotRead) as refused:
        read(EPOCH, page.encode())
    return refused.value


def test_a_score_keeps_all_its_digits() -> None:
    scores = {s.model: s for s in read(EPOCH, VERSIONS.encode()).scores}
    high = scores["gpt-5.4-2026-03-05_high"]
    assert high.benchmark == "epoch-capabilities-index"
    assert high.score == Decimal("155.973919568783")
    assert high.evidence == "ECI Score: 155.973919568783"


def test_a_version_without_a_score_states_only_facts() -> None:
    reading = read(EPOCH, VERSIONS.encode())
    assert "gpt-5.3-codex_high" not in {score.model for score in reading.scores}
    assert [(f.name, f.value) for f in reading.facts if f.model == "gpt-5.3-codex_high"] == [
        ("released_on", "2026-02-05"),
        ("maker", "OpenAI"),
        ("accessibility", "API access"),
        ("open_weights", "no"),
    ]


def test_open_weights_are_read_from_the_accessibility() -> None:
    facts = read(EPOCH, VERSIONS.encode()).facts
    assert {f.value for f in facts if f.name == "open_weights" and f.model == "kimi-k2.5"} == {
        "yes"
    }


def test_the_file_of_one_row_a_model_is_read_too() -> None:
    reading = read(EPOCH, SCORES.encode())
    assert reading.form == "scores"
    assert [s.score for s in reading.scores if s.model == "Claude Opus 4.6"] == [Decimal("155.05")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Training compute (FLOP)", "Training cost", "unknown columns ['Training cost']"),
        ("API access", "By letter", "'By letter' is no known accessibility"),
        ("155.973919568783", "about 156", "which is no number"),
        ("2026-03-05", "March", "is no date"),
        ("OpenAI,", "OpenAI,one more,", "unknown columns ['(beyond the heading)']"),
    ],
)
def test_what_is_not_as_it_was_is_refused_by_name(old: str, new: str, said: str) -> None:
    refused = refusal(VERSIONS.replace(old, new))
    assert refused.outcome is Outcome.PAGE_CHANGED
    assert said in refused.detail


def test_few_rows_are_empty() -> None:
    assert refusal("\n".join(VERSIONS.splitlines()[:20])).outcome is Outcome.EMPTY
