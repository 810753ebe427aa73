"""What a person corrects: what was so, for which days, why, and what comes of it afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from catalog.documents.source_states import source_states
from catalog.identity import Alias, load
from catalog.identity.registry import adopt
from catalog.ingest import arrive
from catalog.moments import parse_moment
from catalog.review.correcting import Corrected, correct_price, weigh
from catalog.review.corrections import Correction, CorrectionError
from catalog.store import reading
from catalog.vocabulary import Cause, Edge, EventType, Precision
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
SERIES = "anthropic:anthropic-claude-opus-4.7:input_tokens"
WORDS = "Claude Opus 4.7: $5 per million tokens"


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    """Take Opus at $5, then for a while at $8."""
    catalog = Catalog(store)
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-06-01", point(OPUS, "8")),
        visit("2026-07-01", point(OPUS, "6")),
    )
    return catalog


def correction(amount: str | None, since: str, until: str | None = None) -> Correction:
    return Correction(
        series=SERIES,
        amount=None if amount is None else Decimal(amount),
        valid_from=parse_moment(since),
        valid_to=parse_moment(until) if until else None,
        reason="the price of another tab was read",
        url="https://anthropic.example/docs",
        words=WORDS,
        sha256="0" * 64,
    )


def correct(
    catalog: Catalog, amount: str | None, since: str, until: str | None = None
) -> Corrected:
    catalog.clock += timedelta(hours=1)
    said = correction(amount, since, until)
    return correct_price(catalog.engine, said, identity=catalog.identity, now=catalog.now)


def amounts(catalog: Catalog) -> list[tuple[str, str | None]]:
    return [
        (price.valid_from.date().isoformat(), None if price.amount is None else str(price.amount))
        for price in catalog.history()
    ]


def corrected(catalog: Catalog) -> list[tuple[str, str | None, str | None]]:
    return [event for event in catalog.told() if event[0] == EventType.PRICE_CORRECTED]


def test_a_correction_says_what_was_so_between_two_days(catalog: Catalog) -> None:
    correct(catalog, "7", "2026-05-10", "2026-05-20")
    assert amounts(catalog) == [
        ("2026-05-01", "5"),
        ("2026-05-10", "7"),
        ("2026-05-20", "5"),
        ("2026-06-01", "8"),
        ("2026-07-01", "6"),
    ]


def test_a_correction_before_the_first_price_ends_on_its_day(catalog: Catalog) -> None:
    correct(catalog, "7", "2026-04-10", "2026-04-20")
    assert amounts(catalog)[:3] == [
        ("2026-04-10", "7"),
        ("2026-04-20", None),
        ("2026-05-01", "5"),
    ]
    assert catalog.prices("2026-04-25") == []


def test_a_correction_is_told_as_such_and_never_as_a_change(catalog: Catalog) -> None:
    before = len(catalog.events())
    correct(catalog, "5.5", "2026-06-01", "2026-07-01")
    [event] = catalog.events()[before:]
    assert (event.type, event.cause) == (EventType.PRICE_CORRECTED, Cause.CORRECTED)
    assert (event.old, event.new, event.initial) == (Decimal(8), Decimal("5.5"), False)
    assert event.evidence is not None
    assert (event.evidence.text, event.evidence.url) == (WORDS, "https://anthropic.example/docs")


def test_a_corrected_price_carries_the_evidence_and_the_reason(catalog: Catalog) -> None:
    correct(catalog, "5.5", "2026-06-01", "2026-07-01")
    [price] = catalog.prices("2026-06-15")
    assert (price.precision, price.label) == (Precision.EXACT, OPUS)
    assert price.evidence.corrected_by == "the price of another tab was read"
    assert (price.evidence.text, price.evidence.sha256) == (WORDS, "0" * 64)
    assert price.evidence.fetched_at == catalog.clock
    [other] = catalog.prices("2026-05-15")
    assert other.evidence.corrected_by is None


def test_a_price_that_never_was_is_withdrawn_for_its_days(catalog: Catalog) -> None:
    correct(catalog, None, "2026-06-01", "2026-07-01")
    assert amounts(catalog)[1] == ("2026-06-01", None)
    assert catalog.prices("2026-06-15") == []
    assert corrected(catalog) == [("price.corrected", "8", None)]


def test_a_correction_without_an_end_counts_until_the_source_states_something_else(
    catalog: Catalog,
) -> None:
    correct(catalog, "4", "2026-07-01")
    catalog.clock += timedelta(days=1)
    catalog.take(visit("2026-11-23", point(OPUS, "6"), cause=Cause.OBSERVED))
    assert [price.amount for price in catalog.prices()] == [Decimal(4)]
    catalog.clock += timedelta(days=1)
    catalog.take(visit("2026-11-24", point(OPUS, "5"), cause=Cause.OBSERVED))
    assert [price.amount for price in catalog.prices()] == [Decimal(5)]
    assert catalog.told()[-1] == ("price.changed", "4", "5")


def test_a_source_that_comes_to_state_what_was_corrected_changes_nothing(catalog: Catalog) -> None:
    correct(catalog, "5", "2026-07-01")
    before = len(catalog.events())
    catalog.clock += timedelta(days=2)
    catalog.take(visit("2026-11-24", point(OPUS, "5"), cause=Cause.OBSERVED))
    assert len(catalog.events()) == before
    assert [price.amount for price in catalog.prices()] == [Decimal(5)]


def test_a_correction_is_corrected_by_a_later_one(catalog: Catalog) -> None:
    correct(catalog, "5.5", "2026-06-01", "2026-07-01")
    correct(catalog, "5.7", "2026-06-01", "2026-07-01")
    correct(catalog, "5.6", "2026-06-10", "2026-06-20")
    found = [
        str(price.amount) for day in (5, 15, 25) for price in catalog.prices(f"2026-06-{day:02}")
    ]
    assert found == ["5.7", "5.6", "5.7"]
    assert corrected(catalog) == [
        ("price.corrected", "8", "5.5"),
        ("price.corrected", "5.5", "5.7"),
        ("price.corrected", "5.7", "5.6"),
    ]


def test_what_was_answered_before_a_correction_is_answered_still(catalog: Catalog) -> None:
    then = catalog.clock
    known = catalog.prices("2026-06-15", known_at=then)
    correct(catalog, "5.5", "2026-06-01", "2026-07-01")
    assert catalog.prices("2026-06-15", known_at=then) == known
    assert [price.amount for price in catalog.prices("2026-06-15")] == [Decimal("5.5")]


def test_a_late_page_of_a_corrected_day_leaves_the_correction(catalog: Catalog) -> None:
    correct(catalog, "5.5", "2026-06-01", "2026-07-01")
    catalog.take(visit("2026-06-10", point(OPUS, "9")))
    catalog.take(visit("2026-06-25", point(OPUS, "8"), reader_version=2))
    assert [price.amount for price in catalog.prices("2026-06-15")] == [Decimal("5.5")]
    assert corrected(catalog) == [("price.corrected", "8", "5.5")]


def test_a_correction_goes_with_a_price_that_is_joined_with_another(catalog: Catalog) -> None:
    catalog.take(visit("2026-08-01", point("Mystery 1", "6")))
    catalog.clock += timedelta(hours=1)
    said = correction("3", "2026-08-01").model_copy(
        update={"series": "anthropic:mystery-1:input_tokens"}
    )
    correct_price(catalog.engine, said, identity=catalog.identity, now=catalog.now)
    alias = Alias(
        "anthropic", "Mystery 1", "anthropic/claude-opus-4.7", Edge.ALIAS, "a test says so"
    )
    catalog.identity = replace(load(), aliases=(*load().aliases, alias))
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    assert [(p.model, p.amount) for p in catalog.prices()] == [
        ("anthropic/claude-opus-4.7", Decimal(3))
    ]


def test_a_corrected_price_of_a_day_to_come_is_told_when_it_comes(catalog: Catalog) -> None:
    since = (catalog.clock + timedelta(days=10)).date().isoformat()
    correct(catalog, "4", since)
    assert [price.amount for price in catalog.prices()] == [Decimal(6)]
    catalog.clock += timedelta(days=11)
    assert arrive(catalog.engine, now=catalog.now) == 1
    assert catalog.told()[-1] == ("price.changed", "6", "4")
    assert arrive(catalog.engine, now=catalog.now) == 0


def test_weighing_a_correction_writes_nothing(catalog: Catalog) -> None:
    before = catalog.dump()
    with reading(catalog.engine) as session:
        weighed = weigh(
            session,
            correction("7", "2026-06-01"),
            identity=catalog.identity,
            now=catalog.clock,
        )
    day = datetime(2026, 6, 2, tzinfo=UTC)
    assert (weighed.before.amount_at(day), weighed.after.amount_at(day)) == (8 * 10**12, 7 * 10**12)
    assert catalog.dump() == before


def test_a_correction_that_says_what_is_known_is_refused(catalog: Catalog) -> None:
    with pytest.raises(CorrectionError, match="says already"):
        correct(catalog, "8", "2026-06-01", "2026-07-01")


def test_a_correction_of_an_unknown_series_is_refused(catalog: Catalog) -> None:
    said = correction("8", "2026-06-01").model_copy(update={"series": "nobody:nothing"})
    with pytest.raises(CorrectionError, match="no series"):
        correct_price(catalog.engine, said, identity=catalog.identity, now=catalog.now)


def test_a_correction_leaves_the_state_of_its_source(catalog: Catalog) -> None:
    with reading(catalog.engine) as session:
        before = source_states(session)
    correct(catalog, "7", "2026-06-01")
    with reading(catalog.engine) as session:
        assert source_states(session) == before


def test_a_corrected_history_is_dumped_with_its_corrections(catalog: Catalog) -> None:
    correct(catalog, "7", "2026-06-01")
    lines = [line for line in catalog.dump() if "price.corrected" in line]
    assert len(lines) == 1
    assert WORDS in lines[0]


@pytest.mark.parametrize(
    "statement", ["UPDATE corrections SET amount = 1", "DELETE FROM corrections"]
)
def test_a_correction_is_never_rewritten(catalog: Catalog, statement: str) -> None:
    correct(catalog, "7", "2026-06-01")
    with pytest.raises(DBAPIError, match="never rewritten"), catalog.engine.begin() as connection:
        connection.execute(text(statement))
