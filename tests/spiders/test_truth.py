"""Every capture that a careful person has read is read alike, where the captures are at hand."""

import subprocess
import sys
from pathlib import Path

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.source import read, source_named, source_names
from tests.captures import CAPTURES, NO_CAPTURES, TRUTH, Capture, captured

SCORER = CAPTURES.parent / "tools" / "score.py"
LEAST_RELAXED = 0.98

LESS: dict[str, tuple[float, str]] = {}
"""Truth tables of which fewer than 98 % of all rows are read, the share, and why."""
REFUSED: dict[str, set[Outcome]] = {
    "openai/2026-05-08-cloudflare-challenge.html": {Outcome.BLOCKED},
}
"""Captures that hold no prices, and what they must be called."""


CAPTURED = [one for one in captured() if one.source in source_names()]
KNOWN = [known for known in CAPTURED if known.truth]
needs_captures = pytest.mark.skipif(not SCORER.exists(), reason=NO_CAPTURES)


def _score(known: Capture, folder: Path, *options: str) -> tuple[float, float, str]:
    """Give recall, precision and the differences, as the scorer prints them."""
    points = folder / "points.jsonl"
    reading = read(source_named(known.source), known.path.read_bytes())
    points.write_text("".join(p.model_dump_json() + "\n" for p in reading.points), "utf-8")
    command = [sys.executable, str(SCORER), str(TRUTH / known.truth), str(points), *options]
    scored = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 our own scorer
    words = scored.stdout.split()
    return _after("recall", words), _after("precision", words), scored.stdout


def _after(word: str, words: list[str]) -> float:
    return float(words[len(words) - words[::-1].index(word)])


@needs_captures
@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.file)
def test_token_prices_are_read_without_a_difference(known: Capture, tmp_path: Path) -> None:
    recall, precision, differences = _score(known, tmp_path, "--core")
    assert (recall, precision) == (1, 1), differences


@needs_captures
@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.file)
def test_all_prices_are_read(known: Capture, tmp_path: Path) -> None:
    recall, precision, differences = _score(known, tmp_path, "--relaxed")
    least, _why = LESS.get(known.file, (LEAST_RELAXED, ""))
    assert recall >= least, differences
    assert precision >= least, differences


@needs_captures
@pytest.mark.parametrize("known", CAPTURED, ids=lambda known: known.file)
def test_a_capture_is_read_or_refused_by_name(known: Capture) -> None:
    outcome = Outcome.OK
    try:
        reading = read(source_named(known.source), known.path.read_bytes())
        assert reading.points or reading.scores or reading.rates or reading.facts
    except NotRead as refusal:
        outcome = refusal.outcome
    assert outcome in {Outcome.OK, *REFUSED.get(known.file, set())}
