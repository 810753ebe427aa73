"""For one pair of times every answer is the same for ever, whatever is learnt afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from catalog.current.view import Views
from catalog.identity import Alias, Identity, LabelAlias
from catalog.identity.registry import adopt
from catalog.ingest import arrive
from catalog.ranking import Mix
from catalog.reading import Fact, Reading, Score
from catalog.review.correcting import correct_price
from catalog.review.corrections import Correction
from catalog.review.deciding import review
from catalog.review.holds import Decision, open_holds
from catalog.store import (
    FutureError,
    ingest_known_at,
    is_settled,
    last_recorded_at,
    reading,
    writing,
)
from catalog.visit import Visit
from catalog.vocabulary import Cause, Edge, Outcome
from tests.catalog.builders import TICK, Catalog, failed, point, source, visit

OPUS, SONNET = "Claude Opus 4.7", "Claude Sonnet 5"
OF_OPUS = "anthropic/claude-opus-4.7"
FIRST = datetime(2026, 5, 1, tzinfo=UTC)
DAY = timedelta(days=1)
STATES = tuple(Decision)
MIX = Mix(Decimal(3), Decimal(1), Decimal(0))


@pytest.fixture
def catalog(store: Engine) -> Catalog:
    return Catalog(store, clock=FIRST, sources=(source(), source("openrouter")))


def page(catalog: Catalog, *points: object, **fields: object) -> None:
    """Crawl the page now, with what it states beside prices."""
    read = Reading.model_validate(
        {
            "form": "a",
            "points": points,
            "facts": fields.pop("facts", ()),
            "scores": fields.pop("scores", ()),
        }
    )
    at = fields.pop("at", catalog.clock)
    one = visit("2026-05-01", cause=Cause.OBSERVED, sha256=bytes_of(at), reading=read)
    catalog.take(one.model_copy(update={"fetched_at": at, **fields}))


def bytes_of(at: object) -> str:
    """Give the sha256 of the page of a moment."""
    return f"{at!s:0>64.64}"


def fact(model: str, value: str) -> Fact:
    return Fact(model=model, name="context_tokens", value=value, evidence=value)


def score(model: str, value: str) -> Score:
    return Score(model=model, benchmark="epoch_eci", score=Decimal(value), evidence=value)


def learn(catalog: Catalog) -> Iterator[None]:
    """Learn something more at each step, in all the ways there are."""
    observed = {"facts": (fact(OPUS, "200000"), fact("Mystery 1", "100000"))}
    page(catalog, point(OPUS, "5"), point(SONNET, "3"), point("Mystery 1", "5.5"), **observed)
    yield
    page(catalog, point(OPUS, "6"), point(SONNET, "3"), scores=(score("Mystery 1", "140"),))
    yield
    later = point(OPUS, "7", valid_from="2026-05-20")
    page(catalog, point(OPUS, "6", valid_to="2026-05-20"), later, point(SONNET, "50"))
    yield
    page(catalog, point(OPUS, "6"), point(SONNET, "50"), point(OPUS, "3", tier="turbo"))
    yield
    page(catalog, point(OPUS, "6"), sha256=bytes_of(FIRST + 2 * DAY), archived=True)
    yield
    with reading(catalog.engine) as session:
        held = [hold.id for hold in open_holds(session)]
    review(catalog.engine, held, Decision.APPROVED, identity=catalog.identity, now=catalog.now)
    yield
    page(catalog, point(OPUS, "5.2"), at=FIRST + 12 * timedelta(hours=1), cause=Cause.BACKFILLED)
    yield
    page(catalog, point(OPUS, "6"))
    page(catalog, point(OPUS, "6"), at=catalog.clock + timedelta(hours=1))
    yield
    page(
        catalog,
        point(OPUS, "5.1"),
        point(SONNET, "3.1"),
        at=FIRST,
        reader_version=2,
        cause=Cause.CORRECTED,
    )
    yield
    said = Correction(
        series="anthropic:anthropic-claude-opus-4.7:input_tokens",
        amount=Decimal("5.9"),
        valid_from=FIRST + DAY,
        valid_to=FIRST + 3 * DAY,
        reason="a test says so",
        url="https://anthropic.example/docs",
        words="$5.9",
    )
    correct_price(catalog.engine, said, identity=catalog.identity, now=catalog.now)
    yield
    catalog.identity = knowing(catalog.identity)
    adopt(catalog.engine, catalog.identity, now=catalog.now)
    yield
    catalog.clock += 20 * DAY
    arrive(catalog.engine, now=catalog.now)
    catalog.take(*(failed_at(catalog, hours) for hours in range(4)))
    yield


def failed_at(catalog: Catalog, hours: int) -> Visit:
    at = catalog.clock + timedelta(hours=hours)
    return failed("2026-05-01", Outcome.BLOCKED, cause=Cause.OBSERVED).model_copy(
        update={"fetched_at": at}
    )


def knowing(identity: Identity) -> Identity:
    """Know one more name of Opus, whose prices are joined, and a tier's normal form."""
    alias = Alias("anthropic", "Mystery 1", OF_OPUS, Edge.ALIAS, "a test says so")
    label = LabelAlias("anthropic", "tier", "turbo", "fast", FIRST.date(), "a test says so")
    return replace(identity, aliases=(*identity.aliases, alias), labels=(*identity.labels, label))


def answers(catalog: Catalog, as_of: datetime | None, known_at: datetime) -> list[object]:
    """Give every answer there is for one pair of times."""
    views = Views(catalog.engine, identity=catalog.identity, now=catalog.now)
    look = views.look(as_of, known_at)
    return [
        (look.as_of, look.known_at, look.view.sequence),
        look.view.prices,
        look.view.facts,
        look.view.scores,
        list(look.view.rank(look.question(MIX, Decimal("0.5")))),
        look.view.providers(),
        views.past(OF_OPUS, as_of=as_of, known_at=known_at),
        views.log(0, limit=1000, as_of=as_of, known_at=known_at),
        views.states(as_of, known_at),
        [
            (one.hold.id, one.state, one.visit, one.since, one.decided_at)
            for one in views.waiting(STATES, as_of, known_at).holds
        ],
        views.trouble("anthropic", as_of, known_at),
    ]


Pair = tuple[datetime | None, datetime]


def test_every_answer_for_a_pair_of_times_is_the_same_for_ever(catalog: Catalog) -> None:
    given: dict[Pair, list[object]] = {}
    last: list[Pair] = []
    for _ in learn(catalog):
        known_at = catalog.clock
        catalog.clock += DAY
        assert_unchanged(catalog, given, last)
        last = [(as_of, known_at) for as_of in (None, FIRST + DAY / 2, FIRST + 30 * DAY)]
        given |= {pair: answers(catalog, *pair) for pair in last}
    assert len(given) == 3 * 12
    assert_unchanged(catalog, given, given)


def assert_unchanged(
    catalog: Catalog, given: Mapping[Pair, list[object]], pairs: Iterable[Pair]
) -> None:
    for pair in pairs:
        for before, after in zip(given[pair], answers(catalog, *pair), strict=True):
            assert after == before, pair


def settled(catalog: Catalog, known_at: datetime) -> bool:
    with reading(catalog.engine) as session:
        return is_settled(session, known_at)


def test_an_answer_stays_though_the_clock_is_set_back(catalog: Catalog) -> None:
    page(catalog, point(OPUS, "5"))
    with reading(catalog.engine) as session:
        then = last_recorded_at(session)
    before = answers(catalog, None, then)
    catalog.clock -= timedelta(hours=1)
    page(catalog, point(OPUS, "6"))
    assert answers(catalog, None, then) == before
    catalog.clock += DAY
    assert answers(catalog, None, then) == before
    assert [price.amount for price in catalog.prices()] == [Decimal(6)]


def test_a_moment_is_settled_once_something_was_recorded_at_it_or_later(catalog: Catalog) -> None:
    page(catalog, point(OPUS, "5"))
    with reading(catalog.engine) as session:
        last = last_recorded_at(session)
    assert settled(catalog, last)
    assert not settled(catalog, last + TICK)
    catalog.clock += DAY
    page(catalog, point(OPUS, "5"))
    assert settled(catalog, last + TICK)


def test_what_is_not_settled_is_told_anew_after_a_clock_that_was_set_back(
    catalog: Catalog,
) -> None:
    views = Views(catalog.engine, identity=catalog.identity, now=catalog.now)
    page(catalog, point(OPUS, "5"))
    catalog.clock += DAY
    then = catalog.clock
    assert [price.amount for price in views.look(None, then).view.prices] == [Decimal(5)]
    assert not settled(catalog, then)
    catalog.clock -= timedelta(hours=25)
    page(catalog, point(OPUS, "6"))
    catalog.clock += 2 * DAY
    assert [price.amount for price in views.look(None, then).view.prices] == [Decimal(6)]


def test_a_question_waits_for_no_writer_and_writes_nothing(catalog: Catalog) -> None:
    page(catalog, point(OPUS, "5"))
    catalog.clock += DAY
    then = catalog.clock
    with writing(catalog.engine, now=catalog.now) as turn:
        turn.ingest()
        before = answers(catalog, None, then)
        assert not settled(catalog, then)
    page(catalog, point(OPUS, "6"))
    assert settled(catalog, then)
    assert answers(catalog, None, then) == before


def test_commits_of_one_moment_are_recorded_one_after_the_other(catalog: Catalog) -> None:
    still = catalog.clock

    def recorded() -> datetime:
        with writing(catalog.engine, now=lambda: still) as turn:
            turn.ingest()
            return turn.recorded_at

    first, second = recorded(), recorded()
    assert first < second
    with reading(catalog.engine) as session:
        known = [ingest_known_at(session, at, now=still) for at in (first, second)]
    assert known[1] == known[0] + 1


def test_what_is_answered_now_is_answered_so_later_though_the_clock_was_set_back(
    catalog: Catalog,
) -> None:
    page(catalog, point(OPUS, "5"))
    catalog.clock -= timedelta(hours=1)
    page(catalog, point(OPUS, "6"))
    views = Views(catalog.engine, identity=catalog.identity, now=catalog.now)
    look = views.look()
    page(catalog, point(OPUS, "5.5"))
    [price] = views.look(look.known_at, look.known_at).view.prices
    assert price.amount == Decimal(6)


def test_a_moment_that_lies_ahead_is_refused(catalog: Catalog) -> None:
    with pytest.raises(FutureError):
        answers(catalog, None, catalog.clock + DAY)
