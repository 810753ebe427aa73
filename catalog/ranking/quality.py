"""How good a model is: an index of dated public benchmarks, each between two fixed anchors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from catalog.moments import at_midnight
from catalog.ranking.exact import CONTEXT, QUALITY_STEP

QUALITY_FORMULA = (
    "quality = weighted mean of max(0, 100 * (score - low) / (high - low))"
    " over the benchmarks that have a score; of a model's several results on one"
    " (reasoning efforts, token budgets) the best counts"
)


@dataclass(frozen=True)
class Benchmark:
    """A public benchmark, the two scores that anchor it, and its weight in the index.

    Where a source scores one model several times (reasoning efforts, token budgets), the best
    result counts; names of what no API sells are mapped to no model, and so never count.
    """

    id: str
    low: Decimal
    """The score that is quality 0; anything lower is 0, too."""
    high: Decimal
    """The score that is quality 100; a better one is more than 100."""
    weight: Decimal
    why: str
    since: date | None = None
    """Results that count from before this day are on another scale, and are left out."""


BENCHMARKS = (
    Benchmark(
        id="epoch-capabilities-index",
        low=Decimal(100),
        high=Decimal(150),
        weight=Decimal(2),
        why=(
            "Epoch fixes 150 as GPT-5 and 130 as Claude 3.5 Sonnet of June 2024; 100 is below"
            " GPT-3.5. It joins many benchmarks on one scale that stays the same over the"
            " years, so the other two are anchored to it"
        ),
    ),
    Benchmark(
        id="artificial-analysis intelligence index",
        low=Decimal("-44.5"),
        high=Decimal("34.7"),
        weight=Decimal(2),
        why=(
            "evaluations that one laboratory runs on every model alike. The anchors put GPT-5"
            " (high) at 34.7 and Claude 3.5 Sonnet of October 2024 at 9.9, as published on"
            " 22 July 2026, where Epoch's index has them. Versions before 4 had another scale"
        ),
        since=date(2026, 6, 1),
    ),
    Benchmark(
        id="lmarena text overall, style control",
        low=Decimal(1128),
        high=Decimal(1462),
        weight=Decimal(1),
        why=(
            "people's votes between two answers: what is liked, not what is right, so it weighs"
            " half. The anchors put Claude Opus 4.6 at 1496 and GPT-4 of June 2023 at 1276, as"
            " published on 9 February 2026, where Epoch's index has them"
        ),
    ),
)
"""The index of general quality. Anchors and weights were declared on 22 November 2026."""

CODING_BENCHMARKS = (
    Benchmark(
        id="artificial-analysis coding index",
        low=Decimal(0),
        high=Decimal(70),
        weight=Decimal(2),
        why=(
            "programming tasks that one laboratory runs on every model alike; 70 is a little below"
            " GPT-5.4 (xhigh), at 71.1 as published on 22 July 2026"
        ),
        since=date(2026, 6, 1),
    ),
    Benchmark(
        id="aider polyglot (%)",
        low=Decimal(-11),
        high=Decimal(115),
        weight=Decimal(1),
        why=(
            "225 exercises in six languages, hardly run since the summer of 2025. The anchors put"
            " GPT-4.1 nano at 8.9 and Gemini 2.5 Pro of March 2025 at 72.9, as published on"
            " 9 June 2025, where the coding index has them (11.1 and 46.7)"
        ),
    ),
)
"""The index of coding. Anchors and weights were declared on 22 November 2026."""


@dataclass(frozen=True)
class Scored:
    """One result of a model as a source prints it."""

    benchmark: str
    printed: str
    """The name, effort included, that the source gives the result to."""
    score: Decimal
    source: str
    stated: date | None
    """The day the source gives the result, where it gives one."""
    seen: datetime

    @property
    def counts_from(self) -> datetime:
        """Give the first instant of the stated day, else when the result was seen."""
        return at_midnight(self.stated) if self.stated else self.seen


@dataclass(frozen=True)
class Quality:
    """The index of a model, the share of the benchmarks' weight it rests on, and the scores."""

    index: Decimal
    coverage: Decimal
    scores: tuple[Scored, ...]


def quality_index(
    scores: Iterable[Scored], at: datetime, benchmarks: Sequence[Benchmark] = BENCHMARKS
) -> Quality | None:
    """Average the benchmarks' mapped scores, as known at a moment; None without any."""
    counted = [score for score in scores if score.counts_from <= at]
    best = {mark: _best(counted, mark) for mark in benchmarks}
    found = {mark: score for mark, score in best.items() if score}
    if not found:
        return None
    weight = _weight(found)
    return Quality(
        index=CONTEXT.divide(_total(found), weight).quantize(QUALITY_STEP, context=CONTEXT),
        coverage=CONTEXT.divide(weight, _weight(benchmarks)).quantize(
            QUALITY_STEP, context=CONTEXT
        ),
        scores=tuple(found.values()),
    )


def _best(scores: Iterable[Scored], mark: Benchmark) -> Scored | None:
    """Take the latest result under each printed name, then the best of them."""
    counted = [score for score in scores if score.benchmark == mark.id and _on_scale(score, mark)]
    latest = {
        (score.source, score.printed): score
        for score in sorted(counted, key=lambda one: (one.counts_from, one.seen))
    }
    return max(latest.values(), key=lambda one: (one.score, one.printed), default=None)


def _on_scale(score: Scored, mark: Benchmark) -> bool:
    return mark.since is None or score.counts_from >= at_midnight(mark.since)


def _total(found: Mapping[Benchmark, Scored]) -> Decimal:
    return sum((mark.weight * _mapped(mark, one.score) for mark, one in found.items()), Decimal(0))


def _mapped(mark: Benchmark, score: Decimal) -> Decimal:
    points = CONTEXT.divide(100 * (score - mark.low), mark.high - mark.low)
    return max(Decimal(0), points)


def _weight(marks: Iterable[Benchmark]) -> Decimal:
    return sum((mark.weight for mark in marks), Decimal(0))
