"""A large move that other sources state too is published without a person, now or later."""

import pytest
from sqlalchemy import Engine

from catalog.declaration import SourceDeclaration
from catalog.reading import PricePoint
from catalog.review.deciding import review
from catalog.review.holds import Decision, holds_seen
from catalog.store import reading
from catalog.vocabulary import Cause, SourceKind
from tests.catalog.builders import Catalog, point, source, visit

OPUS = "Claude Opus 4.7"
HELD = ("large_factor",)


def sold(name: str, kind: SourceKind) -> SourceDeclaration:
    return source(name).model_copy(update={"kind": kind})


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    """Take Opus at $50 from its maker, two resellers, another seller and a catalog."""
    kinds = {
        "anthropic": SourceKind.OFFICIAL,
        "bedrock": SourceKind.OFFICIAL,
        "requesty": SourceKind.RESELLER,
        "openrouter": SourceKind.RESELLER,
        "litellm": SourceKind.CATALOG,
    }
    catalog = Catalog(store, sources=tuple(sold(name, kind) for name, kind in kinds.items()))
    for name in kinds:
        observe(catalog, name, "2026-05-01", "50")
    return catalog


def observe(
    catalog: Catalog, name: str, day: str, amount: str, *others: PricePoint
) -> tuple[str, ...]:
    """Crawl a page that sells Opus; give the guards that hold something, by name."""
    page = visit(day, point(OPUS, amount), *others, source=name, cause=Cause.OBSERVED)
    [result] = catalog.take(page)
    return tuple(held.split(":")[0] for held in result.held)


def served(catalog: Catalog, *names: str) -> list[str]:
    return [f"{price.source} {price.amount}" for price in catalog.prices() if price.source in names]


def test_a_cut_that_the_maker_states_too_is_published_at_once(catalog: Catalog) -> None:
    assert observe(catalog, "anthropic", "2026-05-02", "5") == HELD
    assert observe(catalog, "requesty", "2026-05-02", "5") == ()
    assert served(catalog, "requesty") == ["requesty 5"]


def test_a_cut_that_the_maker_states_later_is_published_then_from_when_it_was_seen(
    catalog: Catalog,
) -> None:
    assert observe(catalog, "requesty", "2026-05-02", "5") == HELD
    assert served(catalog, "requesty") == ["requesty 50"]
    observe(catalog, "anthropic", "2026-05-03", "5")
    assert served(catalog, "requesty") == ["requesty 5"]
    [price] = [one for one in catalog.prices() if one.source == "requesty"]
    assert price.valid_from.date().isoformat() == "2026-05-02"
    assert ("price.changed", "50", "5") in catalog.told()
    with reading(catalog.engine) as session:
        [lifted] = holds_seen(session, [Decision.AGREED])
    assert (lifted.visit.source, lifted.hold.guard) == ("requesty", "large_factor")


def test_the_makers_own_cut_takes_two_resellers(catalog: Catalog) -> None:
    assert observe(catalog, "anthropic", "2026-05-02", "5") == HELD
    observe(catalog, "requesty", "2026-05-03", "5")
    assert served(catalog, "anthropic") == ["anthropic 50"]
    observe(catalog, "openrouter", "2026-05-04", "5")
    assert served(catalog, "anthropic", "openrouter") == ["anthropic 5", "openrouter 5"]


def test_neither_a_catalog_nor_another_seller_speaks_for_the_maker(catalog: Catalog) -> None:
    observe(catalog, "litellm", "2026-05-02", "5")
    observe(catalog, "bedrock", "2026-05-02", "5")
    observe(catalog, "requesty", "2026-05-02", "5")
    assert observe(catalog, "anthropic", "2026-05-03", "5") == HELD
    assert served(catalog, "anthropic") == ["anthropic 50"]


def test_who_states_another_amount_or_price_agrees_with_nothing(catalog: Catalog) -> None:
    observe(catalog, "anthropic", "2026-05-02", "6")
    assert observe(catalog, "requesty", "2026-05-02", "5") == HELD
    batch = point(OPUS, "5", tier="batch")
    observe(catalog, "anthropic", "2026-05-03", "6", batch)
    assert served(catalog, "requesty") == ["requesty 50"]


def test_what_was_not_read_lately_agrees_with_nothing(catalog: Catalog) -> None:
    observe(catalog, "anthropic", "2026-05-02", "5")
    assert observe(catalog, "requesty", "2026-05-10", "5") == HELD


def test_a_unit_slip_waits_for_a_person_whoever_agrees(catalog: Catalog) -> None:
    observe(catalog, "anthropic", "2026-05-02", "0.05")
    assert "unit_slip" in observe(catalog, "requesty", "2026-05-02", "0.05")
    assert served(catalog, "requesty") == ["requesty 50"]


def test_what_a_person_rejected_speaks_for_nobody(catalog: Catalog) -> None:
    observe(catalog, "anthropic", "2026-05-02", "5")
    with reading(catalog.engine) as session:
        open_holds = [one.hold.id for one in holds_seen(session, [Decision.OPEN])]
    review(
        catalog.engine, open_holds, Decision.REJECTED, identity=catalog.identity, now=catalog.now
    )
    assert observe(catalog, "requesty", "2026-05-02", "5") == HELD
