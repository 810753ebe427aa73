"""What the catalog says at one moment, read once and held: the answers to current questions.

A view never changes. ``Views`` keeps the current one, builds the next when the catalog has moved
or an announced day has come, and swaps it whole. Questions about other times build a view of
their own from the store.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Protocol, TypedDict, TypeVar, Unpack, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog import changes, facts, history
from catalog.anchors import Anchor, head
from catalog.best_for import tags
from catalog.changes import Event
from catalog.exchange import Rates
from catalog.facts import AdjustmentSeen, By, FactSeen, ScoreSeen
from catalog.history import Price
from catalog.holds import Decision, HoldSeen, holds_seen
from catalog.identity import Identity, Model, load
from catalog.listings import Listing, listing
from catalog.market import Market
from catalog.moments import utc_now
from catalog.price_paths import Path, Which, price_paths
from catalog.ranking import Basis, Mix, Question, Quote, Scored, Subject, basis, rank, stand
from catalog.snapshots import Snapshot, find_snapshot
from catalog.source_states import SourceState, source_states
from catalog.store import Clock, ingest_known_at, is_settled, last_ingest, reading
from catalog.view_reads import (
    changed,
    good_until,
    last_rates,
    rates_along,
    so_since,
    taken_in_at,
)
from catalog.visits import VisitSeen, refused_visits
from catalog.vocabulary import EventType, SourceKind

RANKINGS_HELD = 8
PAST_VIEWS_HELD = 4
"""What was known by a moment stays so: the last few views of such moments are held."""
REFUSED_SHOWN = 20
"""So many of a source's latest refused visits are shown."""


class Among(TypedDict, total=False):
    """Which events to give; what is not named is not asked."""

    model: str | None
    provider: str | None
    source: str | None
    types: Sequence[EventType]


class OfModel(Protocol):
    """Something that may be of a known model."""

    @property
    def model(self) -> str | None:
        """The model's id."""


About = TypeVar("About", bound=OfModel)


@dataclass(frozen=True)
class Selling:
    """Who sells inference, and how much of it is known."""

    provider: str
    name: str
    models: int
    """How many known models it has a price for."""
    prices: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """Everything that holds at one moment, as known at one moment."""

    version: int
    """The catalog's version that it was read at."""
    ingest: int
    """The last ingest that it takes in: what is read later by this number is of the same state."""
    sequence: int
    """The last event that it takes in."""
    as_of: datetime
    known_at: datetime
    prices: tuple[Price, ...]
    """In the order of their series; unmapped ones and tools included."""
    facts: tuple[FactSeen, ...]
    scores: tuple[ScoreSeen, ...]
    adjustments: tuple[AdjustmentSeen, ...]
    rates: Rates
    changed: Mapping[str, datetime]
    """When a price of each model last changed, was added or was withdrawn, by its id."""
    good_until: datetime | None
    """When something already known comes to hold; None: nothing is announced."""
    identity: Identity

    def rank(self, question: Question) -> tuple[Listing, ...]:
        """Rank every model that has a price, best value first; tools are priced, not ranked.

        The last few rankings asked for are held.
        """
        asked = (question.at.date(), question.mix, question.alpha)
        ranked = self._ranked.get(asked)
        if ranked is None:
            shown = self._listed(question.at)
            standings = rank((one for one, _ in shown.values()), question)
            ranked = _tagged(
                tuple(replace(shown[one.model.id][1], standing=one) for one in standings),
                question.at,
            )
            if len(self._ranked) >= RANKINGS_HELD:
                self._ranked.clear()
            self._ranked[asked] = ranked
        return ranked

    @cached_property
    def by_model(self) -> Mapping[str, tuple[Price, ...]]:
        """The prices of each known model, by its id."""
        return _by_model(self.prices)

    @cached_property
    def by_series(self) -> Mapping[str, Price]:
        """Every price by its series."""
        return MappingProxyType({price.series: price for price in self.prices})

    @cached_property
    def facts_of(self) -> Mapping[str, tuple[FactSeen, ...]]:
        """The facts of each known model, by its id."""
        return _by_model(self.facts)

    @cached_property
    def scores_of(self) -> Mapping[str, tuple[ScoreSeen, ...]]:
        """The scores of each known model, by its id."""
        return _by_model(self.scores)

    def subject(self, model: Model) -> Subject:
        """Give what ranking needs of one model."""
        return Subject(
            model,
            tuple(_quote(price) for price in self.by_model.get(model.id, ())),
            tuple(_scored(score) for score in self.scores_of.get(model.id, ())),
        )

    def show(self, model: Model, question: Question) -> Listing:
        """Show one model alone, with who sells it and how fresh that is."""
        return self._shown(basis(self.subject(model), self.rates, question.at), question)

    def _shown(self, one: Basis, question: Question) -> Listing:
        model = one.model.id
        return listing(
            stand(one, question),
            self.by_model.get(model, ()),
            self.facts_of.get(model, ()),
            self.changed.get(model),
        )

    def _listed(self, at: datetime) -> Mapping[str, tuple[Basis, Listing]]:
        """Find, once a day, what each model's standing rests on; within the day nothing moves."""
        held = self._listed_on.get(at.date())
        if held is None:
            known = (self.identity.models[model] for model in self.by_model)
            subjects = [self.subject(model) for model in known if model.kind == "model"]
            bases = [basis(subject, self.rates, at) for subject in subjects]
            held = {one.model.id: (one, self._shown(one, Question(at))) for one in bases}
            self._listed_on.clear()
            self._listed_on[at.date()] = held
        return held

    def market(self, paths: tuple[Path, ...], rates: Rates, at: datetime) -> Market:
        """Put together what an index rests on, with what is known of the models."""
        listed = [one for _, one in self._listed(at).values()]
        return Market(
            models=self.identity.models,
            paths=paths,
            rates=rates,
            retired={one.model.id: one.retired for one in listed if one.retired},
            qualities={
                one.model.id: one.standing.quality.index for one in listed if one.standing.quality
            },
        )

    @cached_property
    def held_paths(self) -> list[tuple[Path, ...]]:
        """The paths of everything, once they were asked for."""
        return []

    @cached_property
    def held_markets(self) -> dict[str | None, Market]:
        """What indices rest on, by source, once it was asked for."""
        return {}

    @cached_property
    def _ranked(self) -> dict[tuple[date, Mix, Decimal], tuple[Listing, ...]]:
        return {}

    @cached_property
    def _listed_on(self) -> dict[date, Mapping[str, tuple[Basis, Listing]]]:
        return {}

    def providers(self) -> tuple[Selling, ...]:
        """List who sells what there is a price of, by name."""
        by_provider: dict[str, list[Price]] = {}
        for price in self.prices:
            by_provider.setdefault(price.provider, []).append(price)
        return tuple(
            Selling(
                provider=provider,
                name=self._provider_name(provider),
                models=len({price.model for price in prices if price.model}),
                prices=len(prices),
                sources=tuple(sorted({price.source for price in prices})),
            )
            for provider, prices in sorted(by_provider.items())
        )

    def _provider_name(self, provider: str) -> str:
        known = self.identity.providers.get(provider)
        return known.name if known else provider


@dataclass(frozen=True)
class Look:
    """A view, and the moments it was asked about; of the current one, since when it has been so."""

    view: View
    as_of: datetime
    known_at: datetime

    def question(self, mix: Mix, alpha: Decimal) -> Question:
        """Ask how models stand at this moment."""
        return Question(self.as_of, mix, alpha)

    def listing(self, model: Model, question: Question) -> Listing:
        """Show one model as it stands among all, or, where it has no price, alone."""
        ranked = (one for one in self.view.rank(question) if one.model == model)
        return next(ranked, None) or self.view.show(model, question)


@dataclass(frozen=True)
class Past:
    """What prices were, are and will be, as known at a moment."""

    prices: tuple[Price, ...]
    sequence: int
    as_of: datetime
    known_at: datetime


@dataclass(frozen=True)
class States:
    """How the sources are at a moment."""

    sources: tuple[SourceState, ...]
    sequence: int
    as_of: datetime
    known_at: datetime


@dataclass(frozen=True)
class Waiting:
    """What guards hold, or held, at a moment."""

    holds: tuple[HoldSeen, ...]
    sequence: int
    as_of: datetime
    known_at: datetime


@dataclass(frozen=True)
class Trouble:
    """What of one source is held for a person, and what was refused of late."""

    open_holds: int
    refused: tuple[VisitSeen, ...]
    """Latest first."""


@dataclass(frozen=True)
class Log:
    """A part of the log of events, and its last number."""

    events: tuple[Event, ...]
    sequence: int
    as_of: datetime
    known_at: datetime


class _By(TypedDict):
    """A question's two times, as questions to the store take them."""

    as_of: datetime | None
    known: int | None


@dataclass(frozen=True)
class _Asking:
    """One question to the store, with its two times."""

    session: Session
    now: datetime
    by: _By
    told: tuple[int, datetime, datetime]
    """What its answer says of itself: the last event, and the two times."""


class Views:
    """The store's views: the current one, held, and those of other times, built when asked."""

    def __init__(
        self, engine: Engine, *, identity: Identity | None = None, now: Clock = utc_now
    ) -> None:
        """Look at a migrated store; nothing is read before the first question."""
        self.engine = engine
        self.now = now
        self.identity = identity or load()
        self._current: View | None = None
        self._held = lru_cache(PAST_VIEWS_HELD)(self._build)

    def look(self, as_of: datetime | None = None, known_at: datetime | None = None) -> Look:
        """Look at what held at a moment, as known at a moment; both are now unless given.

        Where only ``known_at`` is given it is both. Of now, a look says since when it has been so:
        what it says does not move with the clock. Raises FutureError for a ``known_at`` to come.
        """
        asked, current = (as_of, known_at), self._current
        if asked == (None, None):
            view = self.current()
        elif current and asked == (current.as_of, current.known_at):
            view = current
        else:
            view = self._build(as_of) if known_at is None else self._known(as_of, known_at)
        return Look(view, view.as_of, view.known_at)

    def current(self) -> View:
        """Give the view of now: the held one while the catalog and the calendar stand still."""
        held = self._current
        newer = self.newer(held)
        if newer is not None:
            self.hold(newer)
        return newer or cast("View", held)

    def newer(self, held: View | None) -> View | None:
        """Build the view of now, unless a view is that one still; nobody is shown it yet."""
        now = self.now()
        with reading(self.engine) as session:
            if held and _still_holds(held, changes.catalog_version(session), now):
                return None
            return _read(session, self.identity, now=now)

    def hold(self, view: View) -> None:
        """Show a view as the current one from now on."""
        self._current = view

    def anchor(self, look: Look) -> Anchor | None:
        """Give the head that the chain of history had, as known at a look; None before any."""
        with reading(self.engine) as session:
            return head(session, look.view.ingest)

    def last_sequence(self) -> int:
        """Give the number of the log's last event."""
        with reading(self.engine) as session:
            return changes.last_sequence(session)

    def past(
        self, model: str, *, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> Past:
        """Give every price of a model, ended ones too; announced ones unless ``as_of`` is given.

        Raises FutureError for a ``known_at`` to come.
        """
        with self._asking(as_of, known_at) as asked:
            prices = history.series_history(
                asked.session, now=asked.now, as_of=as_of, known_at=known_at, model=model
            )
            return Past(tuple(prices), *asked.told)

    def price(
        self, series: str, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> tuple[Price | None, datetime]:
        """Give a series' price that held at a moment, None where it had none, and the moment."""
        with self._asking(as_of, known_at) as asked:
            found = history.prices(
                asked.session, now=asked.now, as_of=as_of, known_at=known_at, series=series
            )
            return (found[0] if found else None), asked.told[1]

    def states(self, as_of: datetime | None = None, known_at: datetime | None = None) -> States:
        """Give how the sources were at a moment, as known at a moment; now, unless given."""
        with self._asking(as_of, known_at) as asked:
            return States(tuple(source_states(asked.session, **asked.by)), *asked.told)

    def waiting(
        self,
        decisions: Sequence[Decision],
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> Waiting:
        """Give the holds of which one of these became, oldest first."""
        with self._asking(as_of, known_at) as asked:
            return Waiting(tuple(holds_seen(asked.session, decisions, **asked.by)), *asked.told)

    def trouble(
        self, source: str, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> Trouble:
        """Give what of a source is held, and its latest refused visits."""
        with self._asking(as_of, known_at) as asked:
            held = holds_seen(asked.session, [Decision.OPEN], **asked.by)
            refused = refused_visits(asked.session, source, limit=REFUSED_SHOWN, **asked.by)
            return Trouble(sum(one.visit.source == source for one in held), tuple(refused))

    def snapshot(self, sha256: str) -> Snapshot | None:
        """Find what was fetched as these bytes; None where nothing was."""
        with reading(self.engine) as session:
            return find_snapshot(session, sha256)

    def log(
        self,
        since: int,
        *,
        limit: int,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
        **where: Unpack[Among],
    ) -> Log:
        """Give the events after a number of the log, in its order, at most ``limit`` of them.

        What is announced is among them, unless ``as_of`` leaves out what is so from later on.
        """
        with self._asking(as_of, known_at) as asked:
            by = _By(as_of=as_of, known=asked.by["known"])
            events = changes.since(asked.session, since, limit=limit, **by, **where)
            return Log(tuple(events), *asked.told)

    @contextmanager
    def _asking(self, as_of: datetime | None, known_at: datetime | None) -> Iterator[_Asking]:
        now = self.now()
        with reading(self.engine) as session:
            known = None if known_at is None else ingest_known_at(session, known_at, now=now)
            by = _By(as_of=as_of or known_at, known=known)
            latest = taken_in_at(session)
            sequence = changes.last_sequence(session, known)
            told = (sequence, as_of or known_at or latest, known_at or latest)
            yield _Asking(session, now, by, told)

    def paths(self, look: Look, **which: Unpack[Which]) -> tuple[Path, ...]:
        """Give the ways that prices went, as known at a look; those of everything are held."""
        held = look.view.held_paths
        if not which and held:
            return held[0]
        with reading(self.engine) as session:
            found = price_paths(session, known=look.view.ingest, **which)
        if not which:
            held.append(found)
        return found

    def market(self, look: Look, source: str | None = None) -> Market:
        """Give what an index rests on: official prices, or those one source states; it is held."""
        view = look.view
        if source not in view.held_markets:
            kind = SourceKind.OFFICIAL if source is None else None
            with reading(self.engine) as session:
                paths = price_paths(session, known=view.ingest, source=source, kind=kind)
                rates = rates_along(session, By(look.as_of, view.ingest), paths)
            view.held_markets[source] = view.market(paths, rates, look.as_of)
        return view.held_markets[source]

    def _known(self, as_of: datetime | None, known_at: datetime) -> View:
        """Give a view of what was known by a moment; where that is not settled, by this commit."""
        with reading(self.engine) as session:
            settled = is_settled(session, known_at)
            version = None if settled else changes.catalog_version(session)
        return self._held(as_of, known_at, version)

    def _build(
        self,
        as_of: datetime | None,
        known_at: datetime | None = None,
        _version: int | None = None,
    ) -> View:
        now = self.now()
        with reading(self.engine) as session:
            return _read(session, self.identity, as_of=as_of, known_at=known_at, now=now)


def _tagged(listed: tuple[Listing, ...], at: datetime) -> tuple[Listing, ...]:
    """Say of each model what it is the best for."""
    best = tags(listed, at)
    return tuple(
        replace(one, best_for=best[one.model.id]) if one.model.id in best else one for one in listed
    )


def _still_holds(view: View, version: int, now: datetime) -> bool:
    return view.version == version and (view.good_until is None or now < view.good_until)


def _read(
    session: Session,
    identity: Identity,
    *,
    now: datetime,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> View:
    """Read all that holds at a moment, as known at a moment, in one state of the store."""
    latest = taken_in_at(session)
    moment = as_of or known_at or max(now, latest)
    by = By(moment, None if known_at is None else ingest_known_at(session, known_at, now=now))
    seen = tuple(facts.facts(session, by))
    return View(
        ingest=last_ingest(session) if by.ingest is None else by.ingest,
        version=changes.catalog_version(session),
        sequence=changes.last_sequence(session, by.ingest),
        as_of=as_of or known_at or so_since(session, moment, seen),
        known_at=known_at or latest,
        prices=tuple(history.prices(session, now=now, as_of=moment, known_at=known_at)),
        facts=seen,
        scores=tuple(facts.scores(session, by)),
        adjustments=tuple(facts.adjustments(session, by)),
        rates=last_rates(session, by),
        changed=changed(session, by),
        good_until=good_until(session, moment, seen),
        identity=identity,
    )


def _by_model(things: Iterable[About]) -> Mapping[str, tuple[About, ...]]:
    grouped: dict[str, list[About]] = {}
    for thing in things:
        if thing.model is not None:
            grouped.setdefault(thing.model, []).append(thing)
    return MappingProxyType({model: tuple(some) for model, some in grouped.items()})


def _quote(price: Price) -> Quote:
    return Quote(
        series=price.series,
        provider=price.provider,
        official=price.kind is SourceKind.OFFICIAL,
        tier=price.tier,
        region=price.region,
        context_over=price.context_over,
        variant=price.variant,
        window=price.window,
        meter=price.meter,
        unit=price.unit,
        currency=price.currency,
        amount=price.amount,
    )


def _scored(score: ScoreSeen) -> Scored:
    return Scored(
        benchmark=score.benchmark,
        printed=score.printed,
        score=score.score,
        source=score.source,
        stated=score.date,
        seen=score.seen_at,
    )
