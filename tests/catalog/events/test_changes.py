"""Which events visits make: what really moved, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from catalog.ingest import arrive
from catalog.vocabulary import Cause, EventType
from tests.catalog.builders import Catalog, failed, point, source, visit

OPUS = "Claude Opus 4.7"
SONNET = "Claude Sonnet 5"


@pytest.fixture
def catalog(sqlite_store: Engine) -> Catalog:
    return Catalog(sqlite_store)


SEPTEMBER = date(2026, 9, 1)
INTRODUCTORY = (
    point(SONNET, "2", valid_to=SEPTEMBER),
    point(SONNET, "3", valid_from=SEPTEMBER),
)


def test_what_is_there_at_first_sight_is_initial(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point(OPUS, "5")))
    [event] = catalog.events()
    assert (event.type, event.initial) == (EventType.PRICE_ADDED, True)
    assert event.cause is Cause.BACKFILLED


def test_a_model_that_appears_later_is_added_with_its_offer_and_price(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-05-02", point(OPUS, "5"), point(SONNET, "3")),
    )
    added = [e.type.value for e in catalog.events() if e.model == "anthropic/claude-sonnet-5"]
    assert sorted(added) == ["model.added", "offer.added", "price.added"]


def test_a_change_gives_old_new_ratio_direction_and_its_words(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point(OPUS, "5")), visit("2026-05-08", point(OPUS, "4")))
    [event] = [e for e in catalog.events() if not e.initial]
    assert event.type is EventType.PRICE_CHANGED
    assert (event.old, event.new, event.ratio) == (Decimal(5), Decimal(4), Decimal("0.8"))
    assert (event.direction, event.all_time_low) == ("down", True)
    assert event.evidence is not None
    assert event.evidence.text == "Claude Opus 4.7: $4"


def test_one_absence_withdraws_nothing(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), point(SONNET, "3")),
        visit("2026-05-02", point(OPUS, "5")),
    )
    assert catalog.told() == []
    assert len(catalog.prices("2026-05-03")) == 2


def test_two_absences_withdraw_from_the_first_of_them(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), point(SONNET, "3")),
        visit("2026-05-02", point(OPUS, "5")),
        visit("2026-05-03", point(OPUS, "5")),
    )
    assert [kind for kind, _, _ in catalog.told()] == ["offer.withdrawn", "price.withdrawn"]
    end = next(price for price in catalog.history() if price.amount is None)
    assert end.reason == "withdrawn"
    assert end.valid_from == datetime(2026, 5, 2, tzinfo=UTC)
    assert end.not_before == datetime(2026, 5, 1, tzinfo=UTC)
    assert len(catalog.prices("2026-05-02")) == 1


def test_a_sighting_between_two_absences_withdraws_nothing(catalog: Catalog) -> None:
    with_sonnet = (point(OPUS, "5"), point(SONNET, "3"))
    catalog.take(
        visit("2026-05-01", *with_sonnet),
        visit("2026-05-02", point(OPUS, "5")),
        visit("2026-05-03", *with_sonnet),
        visit("2026-05-04", point(OPUS, "5")),
    )
    assert catalog.told() == []


def test_another_form_that_never_showed_a_price_withdraws_nothing(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), point(OPUS, "2.5", tier="batch")),
        *(visit(f"2026-05-0{day}", point(OPUS, "5"), form="b") for day in range(2, 9)),
    )
    assert catalog.told() == []
    assert len(catalog.prices("2026-05-09")) == 2


def test_a_failed_visit_changes_nothing(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        failed("2026-05-02"),
        failed("2026-05-03"),
    )
    assert catalog.told() == []
    assert len(catalog.prices("2026-05-09")) == 1


def test_a_price_that_comes_back_is_added_again(catalog: Catalog) -> None:
    both = (point(OPUS, "5"), point(SONNET, "3"))
    catalog.take(
        visit("2026-05-01", *both),
        visit("2026-05-02", point(OPUS, "5")),
        visit("2026-05-03", point(OPUS, "5")),
        visit("2026-05-09", *both),
    )
    again = next(p for p in catalog.prices("2026-05-10") if p.label == SONNET)
    assert again.valid_from == datetime(2026, 5, 9, tzinfo=UTC)
    assert again.not_before == datetime(2026, 5, 3, tzinfo=UTC)


def test_an_announced_price_is_told_when_stated_and_when_it_comes(catalog: Catalog) -> None:
    catalog.take(visit("2026-08-08", *INTRODUCTORY))
    assert catalog.told() == [("price.announced", "2", "3")]
    assert [p.amount for p in catalog.prices("2026-08-31")] == [Decimal(2)]
    assert [p.amount for p in catalog.prices("2026-09-01")] == [Decimal(3)]
    catalog.clock = datetime(2026, 9, 1, tzinfo=UTC)
    assert arrive(catalog.engine, now=catalog.now) == 1
    assert arrive(catalog.engine, now=catalog.now) == 0
    [_, change] = [event for event in catalog.events() if not event.initial]
    assert (change.type, change.cause) == (EventType.PRICE_CHANGED, Cause.ARRIVED)
    assert change.valid_from == datetime(2026, 9, 1, tzinfo=UTC)


def test_an_announced_price_has_not_come_before_its_day(catalog: Catalog) -> None:
    catalog.take(visit("2026-08-08", *INTRODUCTORY))
    catalog.clock = datetime(2026, 8, 31, 23, 59, tzinfo=UTC)
    assert arrive(catalog.engine, now=catalog.now) == 0


def test_an_announcement_that_is_gone_before_its_day_is_cancelled(catalog: Catalog) -> None:
    catalog.take(visit("2026-08-08", *INTRODUCTORY), visit("2026-08-20", point(SONNET, "2")))
    assert catalog.told() == [("price.announced", "2", "3"), ("price.cancelled", "2", "3")]
    assert [p.amount for p in catalog.prices("2026-10-01")] == [Decimal(2)]


def test_an_announcement_that_the_page_denies_after_its_day_is_cancelled(catalog: Catalog) -> None:
    catalog.take(visit("2026-08-08", *INTRODUCTORY), visit("2026-09-05", point(SONNET, "2")))
    assert catalog.told() == [("price.announced", "2", "3"), ("price.cancelled", "2", "3")]
    assert [p.amount for p in catalog.prices("2026-09-02")] == [Decimal(2)]


def test_an_announced_price_seen_in_force_is_exact_and_told_once(catalog: Catalog) -> None:
    catalog.take(visit("2026-08-08", *INTRODUCTORY), visit("2026-09-05", point(SONNET, "3")))
    assert catalog.told() == [("price.announced", "2", "3"), ("price.changed", "2", "3")]
    [price] = catalog.prices("2026-09-06")
    assert price.valid_from == datetime(2026, 9, 1, tzinfo=UTC)


def test_a_third_amount_after_the_day_lets_the_announced_one_stand(catalog: Catalog) -> None:
    catalog.take(visit("2026-08-08", *INTRODUCTORY), visit("2026-09-05", point(SONNET, "2.5")))
    assert catalog.told() == [
        ("price.announced", "2", "3"),
        ("price.changed", "2", "3"),
        ("price.changed", "3", "2.5"),
    ]
    assert [p.not_before for p in catalog.prices("2026-09-06")] == [
        datetime(2026, 9, 1, tzinfo=UTC)
    ]


def test_a_price_that_is_stated_to_end_ends_that_day(catalog: Catalog) -> None:
    catalog.take(visit("2026-08-08", point(SONNET, "2", valid_to=SEPTEMBER)))
    assert [p.amount for p in catalog.prices("2026-08-31")] == [Decimal(2)]
    assert catalog.prices("2026-09-01") == []


def test_a_start_stated_before_the_last_sighting_loses_to_it(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-05-10", point(OPUS, "5")),
        visit("2026-05-20", point(OPUS, "4", valid_from=date(2026, 5, 5))),
    )
    [price] = catalog.prices("2026-05-21")
    assert price.valid_from == datetime(2026, 5, 20, tzinfo=UTC)
    assert price.not_before == datetime(2026, 5, 10, tzinfo=UTC)


def test_a_start_stated_since_the_last_sighting_is_exact(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-05-20", point(OPUS, "4", valid_from=date(2026, 5, 5))),
    )
    [price] = catalog.prices("2026-05-05")
    assert (price.amount, price.precision.value) == (Decimal(4), "exact")


def test_a_start_stated_later_for_the_same_amount_is_no_change(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-05-20", point(OPUS, "5", valid_from=date(2026, 5, 5))),
    )
    assert catalog.told() == []
    assert len(catalog.history()) == 1


def test_another_spelling_of_a_name_is_no_event(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point(OPUS, "5")), visit("2026-05-02", point("Opus 4.7", "5")))
    assert catalog.told() == []
    assert len(catalog.history()) == 1


def test_a_renamed_tier_is_one_event_for_its_offer(sqlite_store: Engine) -> None:
    catalog = Catalog(sqlite_store, sources=(source("openai"),))

    def read(day: str, tier: str) -> None:
        catalog.take(
            visit(
                day,
                point("gpt-5.4", "5", tier=tier),
                point("gpt-5.4", "15", tier=tier, meter="output_tokens"),
                source="openai",
            )
        )

    read("2026-07-01", "priority")
    read("2026-08-01", "fast")
    read("2026-08-02", "fast")
    assert [kind for kind, _, _ in catalog.told()] == ["offer.renamed"]
    renamed = next(event for event in catalog.events() if not event.initial)
    assert renamed.detail == "openai openai/gpt-5.4 fast: priority -> fast"
    assert renamed.valid_from == datetime(2026, 7, 30, tzinfo=UTC)
    assert len(catalog.history()) == 2


def test_two_documents_that_disagree_make_no_change(catalog: Catalog) -> None:
    for day in ("2026-05-01", "2026-05-02", "2026-05-03"):
        catalog.take(
            visit(day, point(OPUS, "5")),
            visit(f"{day}T06:00:00Z", point(OPUS, "6"), document="site", form="b"),
        )
    assert catalog.told() == []
    assert [p.amount for p in catalog.prices("2026-05-04")] == [Decimal(5)]


def test_a_document_read_meanwhile_dates_a_change_more_closely(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-07-15", point(OPUS, "5")),
        visit("2026-08-21", point(OPUS, "4"), document="site", form="b"),
        visit("2026-09-05", point(OPUS, "4")),
    )
    assert catalog.told() == [("price.changed", "5", "4")]
    [price] = catalog.prices("2026-09-06")
    assert price.valid_from == datetime(2026, 8, 21, tzinfo=UTC)
    assert price.not_before == datetime(2026, 7, 15, tzinfo=UTC)


def test_a_document_that_still_shows_a_price_keeps_it(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), point(SONNET, "3")),
        visit("2026-05-01T06:00:00Z", point(SONNET, "3"), document="site", form="b"),
        visit("2026-05-02", point(OPUS, "5")),
        visit("2026-05-03", point(OPUS, "5")),
    )
    assert catalog.told() == []
    assert len(catalog.prices("2026-05-04")) == 2


def test_three_failures_in_a_row_degrade_a_source_until_it_works_again(
    sqlite_store: Engine,
) -> None:
    catalog = Catalog(sqlite_store, sources=(source(documents=("docs",)),))
    days = [datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=n) for n in range(6)]
    for day in days[:4]:
        catalog.take(failed(day.isoformat(), cause=Cause.OBSERVED))
    assert [e.type.value for e in catalog.events()] == ["source.degraded"]
    for day in days[4:]:
        catalog.take(visit(day.isoformat(), point(OPUS, "5"), cause=Cause.OBSERVED))
    kinds = [event.type.value for event in catalog.events() if not event.initial]
    assert kinds == ["source.degraded", "source.recovered"]


def test_captures_that_cannot_be_read_degrade_no_source(catalog: Catalog) -> None:
    catalog.take(*(failed(f"2026-05-0{day}") for day in range(1, 6)))
    assert catalog.events() == []


def test_a_better_reading_of_the_same_page_is_a_correction(catalog: Catalog) -> None:
    wrong = visit("2026-05-01", point(OPUS, "50"), sha256="0" * 64)
    right = visit("2026-05-01", point(OPUS, "5"), sha256="0" * 64, reader_version=2)
    catalog.take(wrong, right)
    assert catalog.told() == [("price.corrected", "50", "5")]
    assert [p.amount for p in catalog.prices("2026-05-02")] == [Decimal(5)]
