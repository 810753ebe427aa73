"""Names that come to be known: prices get their models, and nothing is told that did not happen."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from catalog.current.facts import By, facts, scores
from catalog.documents.source_states import source_states
from catalog.identity import Alias, Identity, LabelAlias, load
from catalog.identity.adoptions import rules_digest
from catalog.identity.registry import Alias as StoredAlias
from catalog.identity.registry import Model, Provider, adopt
from catalog.reading import Fact, PricePoint, Reading, Score
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


SONNET = "anthropic/claude-sonnet-5"


def reading_of(label: str, *points: PricePoint) -> Reading:
    """Read a fact and a score under a label."""
    return Reading(
        form="a",
        points=points,
        facts=(Fact(model=label, name="context_tokens", value="200000", evidence="200K"),),
        scores=(Score(model=label, benchmark="eci", score=Decimal(150), evidence="150"),),
    )


def models_stated(catalog: Catalog, known_at: datetime | None = None) -> set[str | None]:
    with reading(catalog.engine) as session:
        by = By.asked(session, now=catalog.now(), known_at=known_at)
        stated = [one.model for one in facts(session, by)]
        return {*stated, *(one.model for one in scores(session, by))}


def test_facts_and_scores_go_along_when_their_name_comes_to_mean_another_model(
    catalog: Catalog,
) -> None:
    catalog.take(visit("2026-05-01", reading=reading_of("Mystery 1")))
    moments: list[tuple[datetime, str | None]] = [(catalog.now(), None)]
    for identity, model in (
        (knowing("Mystery 1"), OPUS),
        (knowing_only("Mystery 1", SONNET), SONNET),
        (load(), None),
    ):
        adopt(catalog.engine, identity, now=catalog.now)
        assert models_stated(catalog) == {model}
        moments.append((catalog.now(), model))
    for moment, model in moments:
        assert models_stated(catalog, moment) == {model}


def test_a_rule_alone_moves_what_is_mapped_already(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("claude-opus-4-7:batch", "2.5")))
    then = catalog.now()
    assert [(p.model, p.tier) for p in catalog.prices()] == [(OPUS, "batch")]
    known = load()
    flex = tuple(replace(part, tier="flex") for part in known.endings[":batch"])
    changed = replace(known, endings={**known.endings, ":batch": flex})
    adopt(catalog.engine, changed, now=catalog.now)
    assert [(p.model, p.tier) for p in catalog.prices()] == [(OPUS, "flex")]
    assert [(p.model, p.tier) for p in catalog.prices(known_at=then)] == [(OPUS, "batch")]
    with reading(catalog.engine) as session:
        before = last_ingest(session)
    adopt(catalog.engine, changed, now=catalog.now)
    with reading(catalog.engine) as session:
        assert last_ingest(session) == before


def test_a_rule_that_only_takes_a_tier_away_leaves_no_price_behind(catalog: Catalog) -> None:
    names = ("claude-opus-4-7", "claude-opus-4-7:batch")
    catalog.take(visit("2026-05-01", *(point(name, "5") for name in names)))
    assert sorted(p.tier for p in catalog.prices()) == ["batch", "standard"]
    known = load()
    plain = tuple(replace(part, tier="") for part in known.endings[":batch"])
    changed = replace(known, endings={**known.endings, ":batch": plain})
    adopt(catalog.engine, changed, now=catalog.now)
    assert [(p.tier, p.amount) for p in catalog.prices()] == [("standard", Decimal(5))]


def test_what_declared_tables_say_has_one_digest_in_every_process() -> None:
    script = "from catalog.identity import adoptions, load; print(adoptions.rules_digest(load()))"
    command = [sys.executable, "-c", script]
    told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 our own
    assert told.stdout.strip() == rules_digest(load())
    assert rules_digest(replace(load(), rules=())) != rules_digest(load())
