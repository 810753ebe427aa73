"""Facts, scores, rates and adjustments: the last word of each source, in any order of visits."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from catalog.current.facts import By, adjustments, facts, rates, scores
from catalog.reading import Adjustment, Fact, Rate, Reading, Score
from catalog.store import reading
from catalog.visit import Visit
from catalog.vocabulary import Cause
from tests.catalog.builders import Catalog, visit

OPUS = "Claude Opus 4.7"


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    return Catalog(store)


def states(day: str, *facts_: tuple[str, str], **fields: object) -> Visit:
    stated = tuple(Fact(model=OPUS, name=n, value=v, evidence=f"{n} {v}") for n, v in facts_)
    return visit(day, reading=Reading(form="a", facts=stated), sha256=day, **fields)


def known(catalog: Catalog, by: By | None = None) -> list[tuple[str, str, datetime]]:
    with reading(catalog.engine) as session:
        return [(f.name, f.value, f.seen_at) for f in facts(session, by or By())]


def test_the_last_word_on_a_fact_counts_with_the_day_it_was_first_seen(catalog: Catalog) -> None:
    catalog.take(
        states("2026-05-01", ("context_tokens", "200000")),
        states("2026-05-02", ("context_tokens", "1000000")),
        states("2026-05-03", ("context_tokens", "1000000")),
    )
    assert known(catalog) == [("context_tokens", "1000000", datetime(2026, 5, 2, tzinfo=UTC))]
    early = By(seen=datetime(2026, 5, 1, tzinfo=UTC))
    assert known(catalog, early) == [("context_tokens", "200000", datetime(2026, 5, 1, tzinfo=UTC))]


def test_a_fact_that_a_page_no_longer_states_stays_known(catalog: Catalog) -> None:
    catalog.take(states("2026-05-01", ("context_tokens", "200000")), states("2026-05-02"))
    assert [name for name, _, _ in known(catalog)] == ["context_tokens"]


def test_facts_do_not_depend_on_the_order_of_visits(catalog: Catalog) -> None:
    pages = [
        states("2026-05-01", ("context_tokens", "1")),
        states("2026-05-02", ("context_tokens", "2")),
        states("2026-05-03"),
        states("2026-05-04", ("context_tokens", "2")),
    ]
    catalog.take(pages[3], pages[0], pages[2], pages[1])
    assert known(catalog) == [("context_tokens", "2", datetime(2026, 5, 2, tzinfo=UTC))]


def test_a_fact_of_a_better_reading_replaces_the_misread_one(catalog: Catalog) -> None:
    catalog.take(
        states("2026-05-01", ("context_tokens", "200")),
        states("2026-05-01", ("context_tokens", "200000"), reader_version=2),
    )
    assert [value for _, value, _ in known(catalog)] == ["200000"]


def test_a_model_stated_to_retire_is_told_once(catalog: Catalog) -> None:
    catalog.take(
        states("2026-05-01"),
        states("2026-05-02", ("retired_on", "2026-10-01"), cause=Cause.OBSERVED),
        states("2026-05-03", ("retired_on", "2026-10-01"), cause=Cause.OBSERVED),
    )
    [event] = catalog.events()
    assert (event.type.value, event.model) == ("model.retired", "anthropic/claude-opus-4.7")
    assert event.valid_from == datetime(2026, 10, 1, tzinfo=UTC)


def test_a_model_called_deprecated_without_a_day_is_told_from_when_it_was_seen(
    catalog: Catalog,
) -> None:
    catalog.take(
        states("2026-05-01"),
        states("2026-05-02", ("status", "deprecated")),
        states("2026-05-03", ("status", "retired")),
    )
    assert [(event.type.value, event.valid_from.day) for event in catalog.events()] == [
        ("model.deprecated", 2),
        ("model.retired", 3),
    ]


def test_a_stage_stated_with_its_day_is_told_once_from_that_day(catalog: Catalog) -> None:
    both = (("status", "retired"), ("retired_on", "2026-10-01"))
    catalog.take(states("2026-05-01"), states("2026-05-02", *both))
    [event] = catalog.events()
    assert (event.type.value, event.valid_from.month) == ("model.retired", 10)


def test_a_score_counts_from_the_day_its_source_gives(catalog: Catalog) -> None:
    score = Score(
        model=OPUS, benchmark="eci", score=Decimal("150.5"), date=date(2026, 3, 1), evidence="150.5"
    )
    catalog.take(visit("2026-05-01", reading=Reading(form="a", scores=(score,))))
    with reading(catalog.engine) as session:
        [found] = scores(session, By(seen=datetime(2026, 3, 1, tzinfo=UTC)))
        assert scores(session, By(seen=datetime(2026, 2, 28, tzinfo=UTC))) == []
    assert (found.model, found.score) == ("anthropic/claude-opus-4.7", Decimal("150.5"))


def test_rates_are_given_by_day_up_to_the_moment_asked_for(catalog: Catalog) -> None:
    days = (date(2026, 5, 1), date(2026, 5, 2))
    stated = tuple(Rate(currency="USD", rate=Decimal("1.08"), date=day) for day in days)
    catalog.take(visit("2026-05-02", reading=Reading(form="a", rates=stated)))
    with reading(catalog.engine) as session:
        assert [rate.date for rate in rates(session)] == list(days)
        early = rates(session, By(seen=datetime(2026, 5, 1, 23, tzinfo=UTC)))
    assert [rate.date for rate in early] == [days[0]]


def test_a_multiplier_is_kept_beside_the_prices(catalog: Catalog) -> None:
    stated = Adjustment(
        name="us-only inference", factor=Decimal("1.1"), scope="all models", evidence="1.1x"
    )
    catalog.take(visit("2026-05-01", reading=Reading(form="a", adjustments=(stated,))))
    with reading(catalog.engine) as session:
        [found] = adjustments(session)
    assert (found.name, found.factor) == ("us-only inference", Decimal("1.1"))
