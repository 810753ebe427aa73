"""Sources as declared, and the state each is in."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from catalog.documents.source_states import SourceState, source_states
from catalog.documents.sources import worst
from catalog.settings import SETTINGS, read_settings
from catalog.store import last_ingest, reading
from catalog.vocabulary import Outcome
from tests.catalog.builders import Catalog, failed, point, source, visit

OPUS = "Claude Opus 4.7"


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    return Catalog(store)


def state(catalog: Catalog) -> SourceState:
    with reading(catalog.engine) as session:
        [one] = source_states(session)
    return one


def test_a_source_that_was_never_crawled_says_so(catalog: Catalog) -> None:
    assert state(catalog).in_words == "not crawled yet"
    assert [d.document for d in state(catalog).documents] == ["docs", "site"]


def test_declaring_the_same_again_writes_nothing(catalog: Catalog) -> None:
    with reading(catalog.engine) as session:
        before = last_ingest(session)
    Catalog(catalog.engine)
    with reading(catalog.engine) as session:
        assert last_ingest(session) == before


def test_a_declaration_that_changes_is_followed(catalog: Catalog) -> None:
    slower = source().model_copy(update={"cadence": timedelta(days=7)})
    Catalog(catalog.engine, sources=(slower,))
    assert state(catalog).cadence == timedelta(days=7)


def test_a_failed_run_is_told_in_plain_words_beside_the_last_good_one(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")),
        visit("2026-05-01", point(OPUS, "5"), document="site"),
        failed("2026-05-02", detail="a challenge page came"),
    )
    now = state(catalog)
    assert (now.outcome, now.in_words) == (Outcome.BLOCKED, Outcome.BLOCKED.meaning)
    assert now.last_good_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert now.documents[0].detail == "a challenge page came"


def test_an_unchanged_page_holds_again(catalog: Catalog) -> None:
    catalog.take(
        visit("2026-05-01", point(OPUS, "5")), failed("2026-05-04", outcome=Outcome.UNCHANGED)
    )
    [price] = catalog.prices("2026-05-05")
    assert price.confirmed_at == datetime(2026, 5, 4, tzinfo=UTC)


def test_a_run_of_two_documents_has_the_worse_outcome(catalog: Catalog) -> None:
    began = datetime(2026, 5, 1, 5, tzinfo=UTC)
    catalog.take(
        visit("2026-05-01T05:01:00Z", point(OPUS, "5"), started_at=began),
        failed("2026-05-01T05:02:00Z", document="site", started_at=began),
    )
    assert state(catalog).outcome is Outcome.BLOCKED
    assert state(catalog).last_run_at == began


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_place_among_the_worse_and_better(outcome: Outcome) -> None:
    assert worst([outcome, Outcome.UNCHANGED]) is outcome


def test_settings_have_defaults_and_are_all_declared() -> None:
    default = read_settings({})
    assert default.database_url.startswith("sqlite:////")
    assert default.archive.is_absolute()
    names = [setting.name for setting in SETTINGS]
    assert len(set(names)) == len(names)
    assert all(name.startswith("TOKENTAPE_") for name in names)


def test_a_setting_of_the_environment_counts() -> None:
    given = read_settings(
        {"TOKENTAPE_DATABASE_URL": "postgresql://x/y", "TOKENTAPE_ALLOW_LOOPBACK": "1"}
    )
    assert given.database_url == "postgresql://x/y"
    assert given.allow_loopback
