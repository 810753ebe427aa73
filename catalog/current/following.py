"""Views of a store that somebody follows: what is current is then known without asking the store.

Who follows builds the next view beside the current one, readies what rests on it, and shows it
whole. Until then questions are answered by the current one, so that none waits for a view; unless
another answer told of the next state already: what was told is never taken back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import monotonic_ns

from sqlalchemy import Engine

from catalog.current.look import View
from catalog.current.view import Views
from catalog.identity import Identity
from catalog.moments import utc_now
from catalog.store import Clock

SECOND = 1_000_000_000
TRUSTED_FOR = 3 * SECOND
"""Nanoseconds after a look at the store for which its follower's word counts."""
BUILT_WITHIN = 60 * SECOND
"""Nanoseconds for which it counts while the next view is built."""
_AHEAD: ContextVar[View | None] = ContextVar("tokentape_view_ahead", default=None)


class Followed(Views):
    """Views that a follower keeps current; without one, every question asks the store."""

    def __init__(
        self, engine: Engine, *, identity: Identity | None = None, now: Clock = utc_now
    ) -> None:
        """Look at a migrated store; nobody follows it yet."""
        super().__init__(engine, identity=identity, now=now)
        self._building = Lock()
        self._trusted_until = 0
        self._told = 0
        self._followed: View | None = None
        self._coming: View | None = None

    def known(self) -> View | None:
        """Give the current view where that needs no look at the store."""
        ahead = _AHEAD.get()
        if ahead is not None:
            return ahead
        view = self._current
        if view is None or monotonic_ns() >= self._trusted_until:
            return None
        due = view.good_until is not None and self.now() >= view.good_until
        return None if due or view.ingest < self._told else view

    def tell(self, ingest: int) -> None:
        """Take note that an answer told what an ingest brought: from now on all do."""
        self._told = max(self._told, ingest)

    def hold(self, view: View, *, instead_of: View | None) -> None:
        """Show a view; of a store that was put back what was told before counts no more."""
        if instead_of is not None and view.version < instead_of.version:
            self._told = 0
        super().hold(view, instead_of=instead_of)

    def current(self) -> View:
        """Give the view of now; where several ask for one that is not there, one builds it.

        The one that ``follow`` gave is shown at once to who cannot be answered without it.
        """
        known = self.known()
        if known is not None:
            return known
        with self._building:
            if self._coming is not None:
                self.hold(self._coming, instead_of=self._followed)
            return self.known() or super().current()

    def follow(self) -> View | None:
        """Look at the store once; give the next view where the current one is not of its state.

        It is shown by ``show``. Raises SQLAlchemyError where the store cannot be read.
        """
        with self._building:
            self._trust(BUILT_WITHIN)
            self._followed, self._coming = self._current, None
            try:
                self._coming = self.newer(self._followed)
            except Exception:
                self._trust(0)
                raise
            self._trust(TRUSTED_FOR if self._coming is None else BUILT_WITHIN)
            return self._coming

    def show(self, view: View) -> None:
        """Let every question from now on be answered by a view that ``follow`` gave."""
        self.hold(view, instead_of=self._followed)
        self._coming = None
        self._trust(TRUSTED_FOR)

    def _trust(self, nanoseconds: int) -> None:
        self._trusted_until = monotonic_ns() + nanoseconds


def is_ahead() -> bool:
    """Whether what is asked here is asked of a view that is not shown yet."""
    return _AHEAD.get() is not None


@contextmanager
def ahead(view: View) -> Iterator[None]:
    """Answer questions inside by a view that is not shown yet."""
    token = _AHEAD.set(view)
    try:
        yield
    finally:
        _AHEAD.reset(token)
