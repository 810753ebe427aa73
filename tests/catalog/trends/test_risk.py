"""What is on record of a price: its moves, its notices, its sellers, and who says otherwise."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from catalog.current.listings import Listing
from catalog.current.look import Look
from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.past.price_paths import Path
from catalog.ranking import Mix
from catalog.reading import Fact, PricePoint, Reading
from catalog.trends.risk import HAZARDS, Record, record
from catalog.vocabulary import Meter, SourceKind
from tests.catalog.builders import NOW, Catalog, point, source, visit

OPUS = "anthropic/claude-opus-4.7"


@pytest.fixture
def catalog(sqlite_store: Engine) -> Catalog:
    return Catalog(sqlite_store)


@pytest.fixture
def anywhere(store: Engine) -> Catalog:
    """A catalog on each kind of store."""
    return Catalog(store)


def pair(amount: str, output: str | None = None, **columns: object) -> tuple[PricePoint, ...]:
    name = str(columns.pop("model", "Claude Opus 4.7"))
    return (
        point(name, amount, **columns),
        point(name, output or amount, meter=Meter.OUTPUT_TOKENS, **columns),
    )


def look(catalog: Catalog, as_of: datetime | None = None) -> tuple[Views, Look]:
    views = Views(catalog.engine, now=catalog.now)
    return views, views.look(as_of or catalog.now())


def listed(at: Look) -> Listing:
    ranked = at.view.rank(at.question(Mix(), Decimal("0.5")))
    return next(one for one in ranked if one.model.id == OPUS)


def found(catalog: Catalog, as_of: datetime | None = None) -> Record:
    views, at = look(catalog, as_of)
    listing = listed(at)
    return record(listing, views.paths(at, model=OPUS), at.view.by_model[OPUS], at.as_of)


def names(one: Record) -> list[str]:
    return [hazard.name for hazard in one.hazards]


def test_a_path_has_each_amount_and_since_when(anywhere: Catalog) -> None:
    anywhere.take(visit("2026-05-01", *pair("5")), visit("2026-06-01", *pair("4")))
    views, at = look(anywhere)
    path: Path = next(one for one in views.paths(at) if one.meter == "input_tokens")
    assert [(step.since.month, step.amount) for step in path.steps] == [
        (5, Decimal(5)),
        (6, Decimal(4)),
    ]
    before = path.quote(datetime(2026, 5, 31, tzinfo=UTC))
    assert before is not None
    assert before.amount == Decimal(5)
    assert path.quote(datetime(2026, 4, 30, tzinfo=UTC)) is None


def test_a_path_is_as_it_was_known(anywhere: Catalog) -> None:
    anywhere.take(visit("2026-05-01", *pair("5")))
    known = anywhere.clock
    anywhere.clock += timedelta(days=1)
    anywhere.take(visit("2026-06-01", *pair("4")))
    views = Views(anywhere.engine, now=anywhere.now)
    paths = views.paths(views.look(known_at=known))
    assert {len(path.steps) for path in paths} == {1}


def test_moves_of_a_year_are_counted_by_the_moment_they_were_seen(catalog: Catalog) -> None:
    catalog.take(
        visit("2025-05-01", *pair("5", "25")),
        visit("2025-06-01", *pair("6", "25")),
        visit("2026-05-01", *pair("3", "15")),
        visit("2026-06-01", *pair("4", "20")),
    )
    one = found(catalog)
    assert one.times == 2
    assert [(move.at.month, str(move.ratio)) for move in one.moves] == [
        (6, "1.3333"),
        (6, "1.3333"),
        (5, "0.6000"),
        (5, "0.5000"),
    ]
    assert (one.largest_rise, one.largest_fall) == (Decimal("1.3333"), Decimal("0.5"))
    assert one.days_since_move == (NOW - datetime(2026, 6, 1, tzinfo=UTC)).days
    assert {"rose"} <= set(names(one))


def test_a_record_of_a_past_day_does_not_know_what_came_after(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", *pair("5")), visit("2026-06-01", *pair("6")))
    then = found(catalog, datetime(2026, 5, 15, tzinfo=UTC))
    assert (then.times, then.days_since_move, then.days_watched) == (0, None, 14)


def test_a_first_sight_is_no_move_and_no_sign_of_calm(catalog: Catalog) -> None:
    catalog.take(visit("2026-11-01", *pair("5")))
    one = found(catalog)
    assert one.moves == ()
    assert one.days_since_move is None
    assert "short history" in names(one)


def test_notices_and_retirement_by_its_maker_are_hazards(catalog: Catalog) -> None:
    fact = Fact(model="Claude Opus 4.7", name="retired_on", value="2027-01-01", evidence="ends")
    catalog.take(visit("2026-05-01", reading=Reading(form="a", points=pair("5"), facts=(fact,))))
    one = found(catalog)
    assert one.retired == datetime(2027, 1, 1, tzinfo=UTC)
    assert {"retired", "notice"} <= set(names(one))


def test_another_sellers_end_is_a_notice_and_no_retirement(catalog: Catalog) -> None:
    _declare(catalog, "cloud", SourceKind.OFFICIAL)
    fact = Fact(model="Claude Opus 4.7", name="retired_on", value="2026-12-01", evidence="ends")
    other = Reading(form="a", points=pair("6"), facts=(fact,))
    catalog.take(
        visit("2026-05-01", *pair("5")), visit("2026-05-01", source="cloud", reading=other)
    )
    one = found(catalog)
    assert [notice.source for notice in one.notices] == ["cloud"]
    assert one.retired is None
    assert one.sellers == ("anthropic", "cloud")


def test_a_catalog_that_states_the_makers_offer_otherwise_disputes_it(catalog: Catalog) -> None:
    for name in ("right", "wrong"):
        _declare(catalog, name, SourceKind.CATALOG)
    catalog.take(
        visit("2026-05-01", *pair("5", "25")),
        visit("2026-05-02", *pair("5", "25", provider="anthropic"), source="right"),
        visit("2026-05-02", *pair("5", "24", provider="anthropic"), source="wrong"),
    )
    one = found(catalog)
    assert one.agreeing == ("right",)
    assert [(two.source, two.meter, two.amount, two.own) for two in one.differing] == [
        ("wrong", "output_tokens", Decimal(24), Decimal(25))
    ]
    assert one.sellers == ("anthropic",)
    assert "disputed" in names(one)


def test_the_points_of_all_hazards_are_a_hundred() -> None:
    assert sum(hazard.points for hazard in HAZARDS) == 100


def _declare(catalog: Catalog, name: str, kind: SourceKind) -> None:
    declared = source(name, documents=("docs",)).model_copy(update={"kind": kind})
    declare(catalog.engine, (declared,), now=catalog.now)
