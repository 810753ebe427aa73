"""Names that come to be known: prices get their models, and nothing is told that did not happen."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from catalog.identity import Alias, Identity, LabelAlias, load
from catalog.registry import Alias as StoredAlias
from catalog.registry import Model, Provider, adopt
from catalog.source_states import source_states
from catalog.store import last_ingest, reading
from catalog.vocabulary import Edge
from tests.catalog.builders import Catalog, point, visit

OPUS = "anthropic/claude-opus-4.7"


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    return Catalog(store)


def knowing(printed: str) -> Identity:
    """Know one more name of Opus 4.7."""
    alias = Alias("anthropic", printed, OPUS, Edge.ALIAS, "a test says so")
    return replace(load(), aliases=(*load().aliases, alias))


def test_the_declared_names_are_in_the_store(catalog: Catalog) -> None:
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    with reading(catalog.engine) as session:
        counts = [
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (Provider, Model, StoredAlias)
        ]
    identity = catalog.identity
    assert counts == [len(identity.providers), len(identity.models), len(identity.aliases)]


def test_adopting_the_same_names_again_writes_nothing(catalog: Catalog) -> None:
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    with reading(catalog.engine) as session:
        before = last_ingest(session)
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    with reading(catalog.engine) as session:
        assert last_ingest(session) == before


def test_an_unknown_label_is_listed_as_unmapped(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("Mystery 1", "5")))
    with reading(catalog.engine) as session:
        [state] = source_states(session)
    assert state.unmapped == ("Mystery 1",)
    [price] = catalog.prices()
    assert (price.model, price.label) == (None, "Mystery 1")


def test_a_name_that_comes_to_be_known_gives_its_prices_their_model(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("Mystery 1", "5")))
    catalog.identity = knowing("Mystery 1")
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    [price] = catalog.prices()
    assert (price.model, price.label) == (OPUS, "Mystery 1")
    [result] = catalog.take(visit("2026-05-02", point("Mystery 1", "5")))
    assert (result.added_revisions, result.events) == (0, 0)


def test_two_names_of_one_price_are_joined_as_if_both_had_been_known(
    catalog: Catalog,
) -> None:
    pages = (
        visit("2026-05-01", point("Claude Opus 4.7", "5")),
        visit("2026-05-02", point("Mystery 1", "5")),
        visit("2026-05-03", point("Mystery 1", "4")),
    )
    catalog.take(*pages)
    assert len(catalog.prices()) == 1
    catalog.identity = knowing("Mystery 1")
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    assert [(p.model, p.amount) for p in catalog.prices()] == [(OPUS, Decimal(4))]
    assert [p.amount for p in catalog.prices("2026-05-02")] == [Decimal(5)]


def test_a_label_that_gets_a_normal_form_keeps_its_prices(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5", tier="turbo")))
    row = LabelAlias("anthropic", "tier", "turbo", "fast", None, "a test says so")
    adopt(catalog.engine, replace(load(), labels=(*load().labels, row)), now=catalog.now)
    assert [price.tier for price in catalog.prices()] == ["fast"]


def knowing_only(printed: str, model: str) -> Identity:
    """Know one name, of one model."""
    alias = Alias("anthropic", printed, model, Edge.ALIAS, "a test says so")
    return replace(load(), aliases=(*load().aliases, alias))


def test_a_label_that_comes_to_mean_another_model_takes_its_prices_along(
    catalog: Catalog,
) -> None:
    catalog.identity = knowing_only("Mystery 1", OPUS)
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    catalog.take(visit("2026-05-01", point("Mystery 1", "5")))
    catalog.take(visit("2026-05-02", point("Mystery 1", "4")))
    catalog.identity = knowing_only("Mystery 1", "anthropic/claude-sonnet-5")
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    assert [(p.model, p.amount) for p in catalog.prices()] == [
        ("anthropic/claude-sonnet-5", Decimal(4))
    ]
    assert [(p.model, p.amount) for p in catalog.prices("2026-05-01")] == [
        ("anthropic/claude-sonnet-5", Decimal(5))
    ]
    [result] = catalog.take(visit("2026-05-03", point("Mystery 1", "4")))
    assert (result.added_revisions, result.events) == (0, 0)


def test_what_an_id_says_beside_its_model_is_part_of_the_offer(catalog: Catalog) -> None:
    catalog.take(
        visit(
            "2026-05-01",
            point("claude-opus-4-7", "5"),
            point("claude-opus-4-7:batch", "2.5"),
            point("us.anthropic.claude-opus-4-7", "5.5"),
        )
    )
    offers = {(p.model, p.tier, p.region, p.amount) for p in catalog.prices()}
    assert offers == {
        (OPUS, "standard", "global", Decimal(5)),
        (OPUS, "batch", "global", Decimal("2.5")),
        (OPUS, "standard", "us", Decimal("5.5")),
    }


def test_an_id_that_comes_to_be_known_by_its_parts_keeps_its_prices(catalog: Catalog) -> None:
    catalog.identity = replace(load(), endings={})
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    catalog.take(visit("2026-05-01", point("claude-opus-4-7:batch", "2.5")))
    assert [(p.model, p.tier) for p in catalog.prices()] == [(None, "standard")]
    catalog.identity = load()
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    assert [(p.model, p.tier, p.amount) for p in catalog.prices()] == [
        (OPUS, "batch", Decimal("2.5"))
    ]
    [result] = catalog.take(visit("2026-05-02", point("claude-opus-4-7:batch", "2.5")))
    assert (result.added_revisions, result.events) == (0, 0)


def test_a_moving_name_keeps_prices_of_its_own(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("~anthropic/claude-opus-latest", "5")))
    [price] = catalog.prices()
    assert (price.model, price.label) == (None, "~anthropic/claude-opus-latest")
