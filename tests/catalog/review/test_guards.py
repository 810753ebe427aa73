"""What waits for a person, what is served meanwhile, and what lifts it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from catalog.reading import PricePoint
from catalog.review.deciding import review
from catalog.review.guards import GUARDS
from catalog.review.holds import Decision, open_holds
from catalog.store import reading
from catalog.vocabulary import Cause
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
SONNET = "Claude Sonnet 5"


@pytest.fixture
def catalog(sqlite_store: Engine) -> Catalog:
    return Catalog(sqlite_store)


def observe(catalog: Catalog, day: str, *points: PricePoint) -> tuple[str, ...]:
    """Crawl a page; give the guards that hold something, by name."""
    [result] = catalog.take(visit(day, *points, cause=Cause.OBSERVED))
    return tuple(held.split(":")[0] for held in result.held)


def holds(catalog: Catalog) -> list[int]:
    with reading(catalog.engine) as session:
        return [hold.id for hold in open_holds(session)]


def served(catalog: Catalog) -> list[Decimal | None]:
    return [price.amount for price in catalog.prices()]


@pytest.mark.parametrize(
    ("old", "new", "guards"),
    [
        ("5", "24.9", ()),
        ("5", "25", ("large_factor",)),
        ("5", "1", ("large_factor",)),
        ("5", "0", ("large_factor",)),
        ("5", "5000", ("large_factor", "unit_slip")),
        ("5", "0.000005", ("large_factor", "unit_slip")),
    ],
)
def test_a_price_that_moves_too_far_is_held(
    catalog: Catalog, old: str, new: str, guards: tuple[str, ...]
) -> None:
    observe(catalog, "2026-05-01", point(OPUS, old))
    assert observe(catalog, "2026-05-02", point(OPUS, new)) == guards
    assert served(catalog) == [Decimal(old if guards else new)]


def test_a_backfill_is_annotated_and_not_held(catalog: Catalog) -> None:
    [_, result] = catalog.take(
        visit("2026-05-01", point(OPUS, "5")), visit("2026-05-02", point(OPUS, "50"))
    )
    assert [held.split(":")[0] for held in result.held] == ["large_factor"]
    assert served(catalog) == [Decimal(50)]
    assert holds(catalog) == []


def test_a_held_model_holds_no_other(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"), point(SONNET, "3"))
    observe(catalog, "2026-05-02", point(OPUS, "50"), point(SONNET, "2"))
    assert served(catalog) == [Decimal(5), Decimal(2)]


@pytest.mark.parametrize(
    "label", [{"tier": "batch"}, {"region": "us"}, {"window": "off-peak"}], ids=str
)
def test_a_price_that_became_that_of_another_label_waits(
    catalog: Catalog, label: dict[str, str]
) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"), point(OPUS, "3", **label))
    shown = observe(catalog, "2026-05-02", point(OPUS, "5"), point(OPUS, "5", **label))
    assert shown == ("other_tab",)
    assert sorted(map(str, served(catalog))) == ["3", "5"]


def test_prices_of_two_regions_may_move_together(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"), point(OPUS, "5", region="us"))
    moved = observe(catalog, "2026-05-02", point(OPUS, "4"), point(OPUS, "4", region="us"))
    assert moved == ()


def test_a_repeat_never_lifts_what_a_misread_page_repeats(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"))
    for day in range(2, 8):
        observe(catalog, f"2026-05-0{day}", point(OPUS, "50"))
    assert served(catalog) == [Decimal(5)]
    assert len(holds(catalog)) == 1


def test_a_page_that_reads_as_before_again_needs_no_person(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"))
    observe(catalog, "2026-05-02", point(OPUS, "50"))
    assert observe(catalog, "2026-05-03", point(OPUS, "5")) == ()
    assert served(catalog) == [Decimal(5)]
    assert [kind for kind, _, _ in catalog.told()] == []


def test_what_a_person_approves_is_published_from_when_it_was_seen(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"))
    observe(catalog, "2026-05-02", point(OPUS, "50"))
    decide(catalog, Decision.APPROVED)
    [price] = catalog.prices()
    assert (price.amount, price.valid_from) == (Decimal(50), datetime(2026, 5, 2, tzinfo=UTC))
    assert catalog.told() == [("price.changed", "5", "50")]


def test_what_a_person_rejects_stays_out(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"))
    observe(catalog, "2026-05-02", point(OPUS, "50"))
    decide(catalog, Decision.REJECTED)
    observe(catalog, "2026-05-03", point(OPUS, "50"))
    assert served(catalog) == [Decimal(5)]


def decide(catalog: Catalog, decision: Decision) -> None:
    review(catalog.engine, holds(catalog), decision, identity=catalog.identity, now=catalog.now)


def test_two_amounts_for_one_price_publish_neither(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"))
    assert observe(catalog, "2026-05-02", point(OPUS, "5"), point("Opus 4.7", "6")) == (
        "contradiction",
    )
    assert served(catalog) == [Decimal(5)]


def test_two_amounts_in_a_backfill_publish_neither_either(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-02", point(OPUS, "5"), point("Opus 4.7", "6")))
    assert served(catalog) == []


@pytest.mark.parametrize(
    ("points", "guard"),
    [
        ((point(OPUS, "5"), point(OPUS, "6", meter="cache_read_tokens")), "dear_cache"),
        ((point(OPUS, "5"), point(OPUS, "6", tier="batch")), "dear_batch"),
        ((point(OPUS, "5"), point(OPUS, "0.05", meter="output_tokens")), "cheap_output"),
    ],
)
def test_prices_that_make_no_sense_together_are_held(
    catalog: Catalog, points: tuple[PricePoint, ...], guard: str
) -> None:
    assert observe(catalog, "2026-05-01", *points) == (guard,)
    assert served(catalog) == []


def many(count: int, amount: str = "5") -> tuple[PricePoint, ...]:
    return tuple(point(f"Model {number:02}", amount) for number in range(count))


def test_a_page_with_too_few_models_is_held_until_it_repeats_twice(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", *many(10))
    assert observe(catalog, "2026-05-02", *many(7)) == ("few_models",)
    observe(catalog, "2026-05-03", *many(7))
    assert len(served(catalog)) == 10
    observe(catalog, "2026-05-04", *many(7))
    assert len(served(catalog)) == 7
    assert holds(catalog) == []


def test_eight_models_of_ten_are_enough(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", *many(10))
    assert observe(catalog, "2026-05-02", *many(8)) == ()


def test_many_prices_that_move_apart_are_held(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", *many(20))
    moved = (*(point(f"Model {n:02}", f"5.{n + 1}") for n in range(10)), *many(20)[10:])
    assert observe(catalog, "2026-05-02", *moved) == ("many_moved",)
    assert set(served(catalog)) == {Decimal(5)}


def test_many_prices_that_move_by_one_factor_are_published(catalog: Catalog) -> None:
    observe(catalog, "2026-05-01", *many(20))
    assert observe(catalog, "2026-05-02", *many(20, "4")) == ()
    assert set(served(catalog)) == {Decimal(4)}


def test_every_guard_says_what_it_holds_and_what_lifts_it() -> None:
    for guard in GUARDS:
        assert guard.holds.endswith(".")
        assert guard.lifted_by


def test_many_prices_that_move_apart_are_published_once_they_repeat_twice(
    catalog: Catalog,
) -> None:
    observe(catalog, "2026-05-01", *many(20))
    moved = (*(point(f"Model {n:02}", f"5.{n + 1}") for n in range(10)), *many(20)[10:])
    for day in (2, 3, 4):
        observe(catalog, f"2026-05-0{day}", *moved)
    assert len(set(served(catalog))) == 10
    assert holds(catalog) == []


@pytest.mark.parametrize(
    ("announced", "guard"),
    [
        ("50", "large_factor"),
        ("0", "large_factor"),
        ("5000", "unit_slip"),
    ],
)
def test_an_announced_price_is_judged_when_it_is_stated(
    catalog: Catalog, announced: str, guard: str
) -> None:
    observe(catalog, "2026-05-01", point(OPUS, "5"))
    later = point(OPUS, announced, valid_from="2027-01-01")
    now = point(OPUS, "5", valid_to="2027-01-01")
    assert guard in observe(catalog, "2026-05-02", now, later)
    assert [price.amount for price in catalog.prices("2027-01-02")] == [Decimal(5)]
    decide(catalog, Decision.APPROVED)
    assert [price.amount for price in catalog.prices("2027-01-02")] == [Decimal(announced)]


def test_an_announced_price_that_is_that_of_another_tab_waits(catalog: Catalog) -> None:
    until, since = {"valid_to": "2027-01-01"}, {"valid_from": "2027-01-01"}
    standard = (point(OPUS, "5", **until), point(OPUS, "6", **since))
    batch = point(OPUS, "3", tier="batch", **until)
    observe(catalog, "2026-05-01", *standard, batch, point(OPUS, "4", tier="batch", **since))
    stale = point(OPUS, "6", tier="batch", **since)
    assert observe(catalog, "2026-05-02", *standard, batch, stale) == ("other_tab",)
    amounts = {price.tier: price.amount for price in catalog.prices("2027-01-02")}
    assert amounts == {"standard": Decimal(6), "batch": Decimal(4)}


def test_an_announced_price_that_is_published_is_not_judged_again(catalog: Catalog) -> None:
    until, since = {"valid_to": "2027-01-01"}, {"valid_from": "2027-01-01"}
    page = (point(OPUS, "5", **until), point(OPUS, "50", **since))
    observe(catalog, "2026-05-01", *page)
    assert observe(catalog, "2026-05-02", *page, point(SONNET, "3")) == ()
