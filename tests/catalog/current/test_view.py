"""The view: held while nothing moves, swapped whole when something does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from catalog.current.listings import Listing, seen_at
from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.ranking import Mix
from catalog.reading import Fact, Rate, Reading, Score
from catalog.store import FutureError, last_recorded_at, reading
from catalog.vocabulary import Meter, SourceKind
from tests.catalog.builders import NOW, Catalog, point, source, visit

OPUS = "anthropic/claude-opus-4.7"
_USUAL = Mix()


def last_recorded(catalog: Catalog) -> datetime:
    with reading(catalog.engine) as session:
        return last_recorded_at(session)


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    return Catalog(store)


@pytest.fixture
def views(catalog: Catalog) -> Views:
    return Views(catalog.engine, now=catalog.now)


def prices(views: Views) -> dict[str, Decimal | None]:
    return {price.label: price.amount for price in views.current().prices}


def listed(views: Views) -> dict[str, Listing]:
    look = views.look()
    question = look.question(_USUAL, Decimal("0.5"))
    return {one.model.id: one for one in look.view.rank(question)}


def test_the_view_is_held_while_the_catalog_stands_still(catalog: Catalog, views: Views) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    first = views.current()
    catalog.clock += timedelta(days=30)
    assert views.current() is first


def test_what_a_look_says_of_itself_does_not_move_with_the_clock(
    catalog: Catalog, views: Views
) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    catalog.clock += timedelta(days=30)
    look = views.look()
    recorded = last_recorded(catalog)
    assert (look.as_of, look.known_at) == (recorded, recorded)
    assert views.states().known_at == views.log(0, limit=1).known_at == recorded


def test_what_holds_since_an_announced_day_says_so(catalog: Catalog, views: Views) -> None:
    day = (NOW + timedelta(days=3)).date()
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5", valid_from=day)))
    catalog.clock += timedelta(days=30)
    look = views.look()
    assert (look.as_of.date(), look.known_at) == (day, last_recorded(catalog))
    again = views.look(look.as_of, look.known_at)
    assert again.view.prices == look.view.prices != ()


def test_a_new_reading_gives_a_new_view_and_leaves_the_old_one(
    catalog: Catalog, views: Views
) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    before = views.current()
    catalog.take(visit("2026-06-01", point("Claude Opus 4.7", "4")))
    assert prices(views) == {"Claude Opus 4.7": Decimal(4)}
    assert [price.amount for price in before.prices] == [Decimal(5)]


def test_an_announced_day_gives_a_new_view_without_any_commit(
    catalog: Catalog, views: Views
) -> None:
    now = point("Claude Sonnet 5", "2", valid_to="2026-12-01")
    later = point("Claude Sonnet 5", "3", valid_from="2026-12-01")
    catalog.take(visit("2026-11-20", now, later))
    assert views.current().good_until == datetime(2026, 12, 1, tzinfo=UTC)
    assert prices(views) == {"Claude Sonnet 5": Decimal(2)}
    catalog.clock = datetime(2026, 12, 1, tzinfo=UTC)
    assert prices(views) == {"Claude Sonnet 5": Decimal(3)}


def test_another_process_commits_and_this_one_follows(catalog: Catalog, views: Views) -> None:
    other = Views(catalog.engine, now=catalog.now)
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    assert prices(other) == prices(views) == {"Claude Opus 4.7": Decimal(5)}


def test_a_look_at_the_past_is_read_from_the_store(catalog: Catalog, views: Views) -> None:
    catalog.take(
        visit("2026-05-01", point("Claude Opus 4.7", "5")),
        visit("2026-06-01", point("Claude Opus 4.7", "4")),
    )
    look = views.look(as_of=datetime(2026, 5, 15, tzinfo=UTC))
    assert [price.amount for price in look.view.prices] == [Decimal(5)]
    assert look.as_of == datetime(2026, 5, 15, tzinfo=UTC)
    assert look.known_at == last_recorded(catalog)


def test_a_look_at_the_past_is_held_until_something_is_recorded(
    catalog: Catalog, views: Views
) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    then = datetime(2026, 5, 2, tzinfo=UTC)
    first = views.look(then).view
    assert views.look(then).view is first
    catalog.take(visit("2026-05-02", point("Claude Opus 4.7", "4")))
    assert [price.amount for price in views.look(then).view.prices] == [4]


def test_a_known_at_alone_is_both_moments(catalog: Catalog, views: Views) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    earlier = NOW - timedelta(days=1)
    look = views.look(known_at=earlier)
    assert (look.view.prices, look.as_of, look.known_at) == ((), earlier, earlier)


def test_a_known_at_to_come_is_refused(views: Views) -> None:
    with pytest.raises(FutureError):
        views.look(known_at=NOW + timedelta(seconds=1))


def _pair(model: str, amount: str, **columns: object) -> Reading:
    output = point(model, amount, meter=Meter.OUTPUT_TOKENS, **columns)
    return Reading(form="a", points=(point(model, amount, **columns), output))


def _declare(catalog: Catalog, name: str, kind: SourceKind) -> None:
    declared = source(name, documents=("docs",)).model_copy(update={"kind": kind})
    declare(catalog.engine, (declared,), now=catalog.now)


def test_a_price_in_another_currency_is_ranked_by_the_stored_rate(
    catalog: Catalog, views: Views
) -> None:
    _declare(catalog, "deepseek", SourceKind.OFFICIAL)
    _declare(catalog, "fx", SourceKind.FX)
    yuan = _pair("deepseek-v4-pro", "4", currency="CNY")
    rates = tuple(
        Rate(currency=currency, rate=Decimal(rate), date=datetime(2026, 11, 20, tzinfo=UTC).date())
        for currency, rate in (("CNY", "8"), ("USD", "1.2"))
    )
    catalog.take(visit("2026-11-01", source="deepseek", reading=yuan))
    assert listed(views)["deepseek/deepseek-v4-pro"].standing.blended is None
    catalog.take(visit("2026-11-20", source="fx", reading=Reading(form="a", rates=rates)))
    assert listed(views)["deepseek/deepseek-v4-pro"].standing.blended == Decimal("0.6")


def test_a_reseller_is_listed_and_never_the_reference(catalog: Catalog, views: Views) -> None:
    _declare(catalog, "gateway", SourceKind.RESELLER)
    catalog.take(
        visit("2026-11-01", reading=_pair("Claude Opus 4.7", "5")),
        visit("2026-11-01", source="gateway", reading=_pair("Claude Opus 4.7", "1")),
    )
    opus = listed(views)[OPUS]
    assert opus.providers == ("anthropic", "gateway")
    assert opus.standing.blended == Decimal(5)


def test_the_makers_word_on_the_context_window_counts(catalog: Catalog, views: Views) -> None:
    _declare(catalog, "gateway", SourceKind.RESELLER)
    own = Fact(model="Claude Opus 4.7", name="context_tokens", value="200000", evidence="200K")
    other = own.model_copy(update={"value": "100000"})
    priced = _pair("Claude Opus 4.7", "5")
    catalog.take(
        visit("2026-11-01", reading=priced.model_copy(update={"facts": (own,)})),
        visit(
            "2026-11-02", source="gateway", reading=priced.model_copy(update={"facts": (other,)})
        ),
    )
    assert listed(views)[OPUS].context == 200_000


def test_scores_reach_the_ranking(catalog: Catalog, views: Views) -> None:
    _declare(catalog, "epoch", SourceKind.BENCHMARK)
    score = Score(
        model="claude-opus-4-7_max",
        benchmark="epoch-capabilities-index",
        score=Decimal(150),
        evidence="150",
    )
    catalog.take(
        visit("2026-11-01", reading=_pair("Claude Opus 4.7", "4")),
        visit("2026-11-02", source="epoch", reading=Reading(form="a", scores=(score,))),
    )
    assert listed(views)[OPUS].standing.value == Decimal(50)


def test_a_listing_says_when_it_changed_and_was_last_seen(catalog: Catalog, views: Views) -> None:
    catalog.take(
        visit("2026-05-01", reading=_pair("Claude Opus 4.7", "5")),
        visit("2026-06-01", reading=_pair("Claude Opus 4.7", "4")),
        visit("2026-07-01", reading=_pair("Claude Opus 4.7", "4")),
    )
    opus = listed(views)[OPUS]
    assert opus.changed == datetime(2026, 6, 1, tzinfo=UTC)
    assert opus.confirmed_at == datetime(2026, 7, 1, tzinfo=UTC)


def test_what_was_there_at_first_sight_is_no_change(catalog: Catalog, views: Views) -> None:
    catalog.take(visit("2026-05-01", reading=_pair("Claude Opus 4.7", "5")))
    assert listed(views)[OPUS].changed is None


def test_an_announced_price_is_as_old_as_its_announcement(catalog: Catalog, views: Views) -> None:
    before = point("Claude Sonnet 5", "2", valid_to="2026-09-01")
    later = point("Claude Sonnet 5", "3", valid_from="2026-09-01")
    catalog.take(visit("2026-08-08", before, later))
    (price,) = views.current().prices
    assert (price.amount, price.confirmed_at) == (Decimal(3), None)
    assert seen_at(price) == datetime(2026, 8, 8, tzinfo=UTC)


@pytest.mark.parametrize("as_of", [None, *(datetime(2026, n, 15, tzinfo=UTC) for n in (4, 5, 6))])
@pytest.mark.parametrize("known", [None, 1, 2])
def test_the_prices_of_a_model_are_those_of_the_view(
    as_of: datetime | None, known: int | None, catalog: Catalog, views: Views
) -> None:
    output = point("Claude Opus 4.7", "25", meter=Meter.OUTPUT_TOKENS)
    recorded = [catalog.clock]
    for day, amount in (("2026-05-01", "5"), ("2026-06-01", "4")):
        catalog.take(visit(day, point("Claude Opus 4.7", amount), output))
        recorded.append(catalog.clock)
    known_at = None if known is None else recorded[known]
    then = views.prices_of(OPUS, as_of=as_of, known_at=known_at)
    look = views.look(as_of, known_at)
    assert then.prices == look.view.by_model.get(OPUS, ())
    assert (then.sequence, then.as_of) == (look.view.sequence, look.as_of)
    assert then.known_at == look.known_at


def test_a_model_that_this_version_does_not_know_is_priced_but_not_listed(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5"), point("Claude Haiku 4.5", "1")))
    fewer = {name: one for name, one in catalog.identity.models.items() if name != OPUS}
    views = Views(catalog.engine, now=catalog.now, identity=replace(catalog.identity, models=fewer))
    assert [price.model for price in views.current().prices] == ["anthropic/claude-haiku-4.5", OPUS]
    assert list(listed(views)) == ["anthropic/claude-haiku-4.5"]
