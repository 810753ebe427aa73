"""The views of a store: the current one, held, and those of other times.

``Views`` keeps the current one, builds the next when the catalog has moved
or an announced day has come, and swaps it whole. Questions about other times build a view of
their own from the store.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import TypedDict, Unpack, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.current import facts
from catalog.current.answers import Log, Past, States, Trouble, Waiting
from catalog.current.facts import By
from catalog.current.look import Look, View
from catalog.current.view_reads import (
    changed,
    good_until,
    last_rates,
    rates_along,
    so_since,
    taken_in_at,
)
from catalog.documents.snapshots import Snapshot, find_snapshot
from catalog.documents.source_states import source_states
from catalog.documents.visits import refused_visits
from catalog.events import changes
from catalog.identity import Identity, load
from catalog.moments import utc_now
from catalog.past import history
from catalog.past.history import Price
from catalog.past.price_paths import Path, Which, price_paths
from catalog.review.holds import Decision, holds_seen
from catalog.sealing.anchors import Anchor, head
from catalog.store import Clock, ingest_known_at, is_settled, last_ingest, reading
from catalog.trends.market import Market
from catalog.vocabulary import SourceKind

PAST_VIEWS_HELD = 4
"""The last few views of other moments are held: while nothing is recorded they stay so."""
REFUSED_SHOWN = 20
"""So many of a source's latest refused visits are shown."""


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
        self._holding = Lock()
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
            view = self._then(as_of, known_at)
        return Look(view, view.as_of, view.known_at)

    def current(self) -> View:
        """Give the view of now: the held one while the catalog and the calendar stand still."""
        held = self._current
        newer = self.newer(held)
        if newer is not None:
            self.hold(newer, instead_of=held)
        return cast("View", self._current)

    def newer(self, held: View | None) -> View | None:
        """Build the view of now, unless a view is that one still; nobody is shown it yet."""
        now = self.now()
        with reading(self.engine) as session:
            if held and _still_holds(held, changes.catalog_version(session), now):
                return None
            return _read(session, self.identity, now=now)

    def hold(self, view: View, *, instead_of: View | None) -> None:
        """Show a view as the current one from now on, instead of the one it was found newer than.

        Where another one was shown meanwhile, only if that is of no later state: what was shown is
        never taken back, unless the store itself was put back.
        """
        with self._holding:
            current = self._current
            if current is None or current is instead_of or current.state <= view.state:
                self._current = view

    def known(self) -> View | None:
        """Give the current view where that needs no look at the store; without a follower, none.

        The log is told as far as that; else of a store that has moved it would be ahead of it.
        """

    def tell(self, ingest: int) -> None:
        """Take note that an answer told what an ingest brought."""

    def anchor(self, look: Look) -> Anchor | None:
        """Give the head that the chain of history had, as known at a look; None before any."""
        with reading(self.engine) as session:
            return head(session, look.view.ingest)

    def last_sequence(self) -> int:
        """Give the number of the log's last event."""
        with reading(self.engine) as session:
            return changes.last_sequence(session)

    def last_told(self) -> int:
        """Give the number of the last event that answers tell of; it may not be the log's last."""
        shown = self.known()
        return self.last_sequence() if shown is None else shown.sequence

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
            return Past(*asked.told, tuple(prices))

    def prices_of(
        self, model: str, *, as_of: datetime | None = None, known_at: datetime | None = None
    ) -> Past:
        """Give the prices of a model that hold; of another moment they are sought alone.

        Raises FutureError for a ``known_at`` to come.
        """
        if as_of is None and known_at is None:
            view = self.current()
            held = view.by_model.get(model, ())
            return Past(view.sequence, view.as_of, view.known_at, held)
        with self._asking(as_of, known_at) as asked:
            prices = history.prices(
                asked.session, now=asked.now, as_of=as_of, known_at=known_at, model=model
            )
            return Past(*asked.told, tuple(prices))

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
            return States(*asked.told, tuple(source_states(asked.session, **asked.by)))

    def waiting(
        self,
        decisions: Sequence[Decision],
        as_of: datetime | None = None,
        known_at: datetime | None = None,
    ) -> Waiting:
        """Give the holds of which one of these became, oldest first."""
        with self._asking(as_of, known_at) as asked:
            return Waiting(*asked.told, tuple(holds_seen(asked.session, decisions, **asked.by)))

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
        **where: Unpack[changes.Where],
    ) -> Log:
        """Give the events after a number of the log, in its order, at most ``limit`` of them.

        What is announced is among them, unless ``as_of`` leaves out what is so from later on.
        """
        shown = self.known()
        if known_at is None and shown is not None:
            known_at = shown.known_at
        with self._asking(as_of, known_at) as asked:
            by = _By(as_of=as_of, known=asked.by["known"])
            events = changes.since(asked.session, since, limit=limit, **by, **where)
            return Log(*asked.told, tuple(events))

    @contextmanager
    def _asking(self, as_of: datetime | None, known_at: datetime | None) -> Iterator[_Asking]:
        now = self.now()
        with reading(self.engine) as session:
            known = None if known_at is None else ingest_known_at(session, known_at, now=now)
            by = _By(as_of=as_of or known_at, known=known)
            latest = taken_in_at(session)
            self.tell(last_ingest(session) if known is None else known)
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

    def _then(self, as_of: datetime | None, known_at: datetime | None) -> View:
        """Give a view of a moment; where what is known of it is not settled, by this commit."""
        with reading(self.engine) as session:
            settled = known_at is not None and is_settled(session, known_at)
            version = None if settled else changes.catalog_version(session)
        view = self._held(as_of, known_at, version)
        self.tell(view.ingest)
        return view

    def _build(
        self,
        as_of: datetime | None,
        known_at: datetime | None,
        _version: int | None,
    ) -> View:
        now = self.now()
        with reading(self.engine) as session:
            return _read(session, self.identity, as_of=as_of, known_at=known_at, now=now)


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
