"""What is asked of a filled store, and how long the answers take."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from random import Random

from sqlalchemy import Engine, bindparam, func, select
from sqlalchemy.orm import Session

from bench.history import naive
from bench.history.shape import Shape, cents, moment, name_of, point, recorded_at
from catalog.current.view import Views
from catalog.events.changes import since
from catalog.identity import Identity
from catalog.ingest import ingest
from catalog.past import history
from catalog.reading import Reading
from catalog.store import reading
from catalog.tables import METADATA
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome

MODELS_ASKED = 200
ALL_ASKED = 5
CURSORS_ASKED = 50
VIEWS_BUILT = 3
CRAWLS = 3
PAGE = 100
"""So many events are asked for at a time."""
CHANGED = 100
"""One price in so many changes from one daily crawl to the next."""
_SERIES, _REVISIONS = METADATA.tables["series"], METADATA.tables["revisions"]


_SEEK = (
    select(_REVISIONS.c.amount)
    .where(
        _REVISIONS.c.series_id == _SERIES.c.id,
        _REVISIONS.c.valid_from <= bindparam("as_of"),
        _REVISIONS.c.superseded.is_(None),
    )
    .order_by(_REVISIONS.c.valid_from.desc())
    .limit(1)
    .scalar_subquery()
)
_AMOUNTS = select(_SERIES.c.id, _SEEK)


@dataclass(frozen=True)
class Asking:
    """One filled store, and what is asked of it."""

    engine: Engine
    shape: Shape
    identity: Identity

    @property
    def now(self) -> datetime:
        """A moment just after the last crawl."""
        return recorded_at(self.shape.sources, self.shape.days - 1)

    def days(self, count: int) -> list[datetime]:
        """Choose some moments, the same ones at every run."""
        chance = Random(7)  # noqa: S311 the same moments every time
        return [moment(self.shape.sources, chance.randrange(self.shape.days)) for _ in range(count)]

    def seconds(self) -> dict[str, float]:
        """Ask each question of the product; give the median seconds of each."""
        with reading(self.engine) as session:
            last = _last_sequence(session)
            days = self.days(ALL_ASKED)
            every = partial(history.prices, session, now=self.now)
            return {
                "one model's prices, as of a day": self._median(self._of_models(session)),
                "all prices, as of a day": self._median(partial(every, as_of=day) for day in days),
                "all amounts, as of a day": self._median(
                    partial(self.amounts_at, session, day) for day in days
                ),
                "all prices, now": self._median([every] * ALL_ASKED),
                f"{PAGE} changes after a cursor": self._median(
                    partial(since, session, last * place // CURSORS_ASKED, limit=PAGE)
                    for place in range(CURSORS_ASKED)
                ),
            }

    def amounts_at(self, session: Session, day: datetime) -> naive.Amounts:
        """Give the amount of each series as of a day, by the product's seek and its index alone."""
        rows = session.connection().execute(_AMOUNTS, {"as_of": day})
        return [(row[0], row[1]) for row in rows if row[1] is not None]

    def _of_models(self, session: Session) -> Iterable[Callable[[], object]]:
        chance = Random(11)  # noqa: S311 the same models every time
        for day in self.days(MODELS_ASKED):
            model = chance.choice(self.shape.labels)
            yield partial(history.prices, session, now=self.now, as_of=day, model=model)

    def naive_seconds(self) -> dict[str, float]:
        """Ask the naive design what it can answer; its answers must be the product's."""
        with reading(self.engine) as session:
            connection, days = session.connection(), self.days(ALL_ASKED)
            if sorted(naive.amounts_at(connection, days[0])) != sorted(
                self.amounts_at(session, days[0])
            ):
                raise SystemExit("the two designs answer differently; nothing was measured")
            chance = Random(11)  # noqa: S311 the models asked of the product
            models = [chance.choice(self.shape.labels) for _ in range(MODELS_ASKED)]
            at = partial(naive.amounts_at, connection)
            return {
                "one model's prices, as of a day": self._median(
                    partial(at, day, model)
                    for day, model in zip(self.days(MODELS_ASKED), models, strict=True)
                ),
                "all prices, as of a day": self._median(partial(at, day) for day in days),
                "all amounts, as of a day": self._median(partial(at, day) for day in days),
                "all prices, now": self._median([partial(at, self.now)] * ALL_ASKED),
            }

    def views(self) -> dict[str, float]:
        """Build the view of now, as after a change; give the median seconds."""
        return {"view of now": self._median([self._build_view] * VIEWS_BUILT)}

    def _build_view(self) -> None:
        Views(self.engine, identity=self.identity, now=lambda: self.now).current()

    def crawls(self) -> tuple[dict[str, float], dict[str, int]]:
        """Crawl all sources with one price in a hundred changed, and again with none, some times.

        Gives the median seconds, and how many rows of each table the last crawl wrote.
        """
        changed, unchanged, written = [], [], dict[str, int]()
        for day in range(1, 2 * CRAWLS, 2):
            at = self.now + timedelta(days=day)
            pages = [
                self._page(source, at, partial(_has_changed, day))
                for source in range(self.shape.sources)
            ]
            changed.append(self._seconds(partial(self._take, pages)))
            before = self._rows()
            same = {"fetched_at": at + timedelta(days=1), "reading": None}
            again = [
                page.model_copy(update=same | {"outcome": Outcome.UNCHANGED}) for page in pages
            ]
            unchanged.append(self._seconds(partial(self._take, again)))
            after = self._rows()
            written = {name: after[name] - n for name, n in before.items() if after[name] > n}
        seconds = {"crawl, 1 % changed": changed, "crawl, none changed": unchanged}
        return {name: statistics.median(some) for name, some in seconds.items()}, written

    def _page(self, source: int, at: datetime, changes: Callable[[int], bool]) -> Visit:
        """Visit a source's page as it was on the last day, but for some prices."""
        day = self.shape.days - 1
        points = [
            point(one.model, one.meter, cents(place, day + changes(place)))
            for place, one in enumerate(self.shape.points(source, day))
        ]
        stated = Reading(form="json", points=tuple(points))
        bytes_served = sha256(f"{name_of(source)} {at}".encode()).hexdigest()
        return self.shape.visit(
            source, day, fetched_at=at, reading=stated, cause=Cause.OBSERVED, sha256=bytes_served
        )

    def _take(self, pages: Iterable[Visit]) -> None:
        for page in pages:
            now = partial(_moment_of, page)
            ingest(self.engine, page, identity=self.identity, now=now)

    def _rows(self) -> dict[str, int]:
        """Count the rows of every table."""
        with reading(self.engine) as session:
            return {
                name: session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in METADATA.tables.items()
            }

    def _seconds(self, act: Callable[[], object]) -> float:
        """Do a thing; give how long it took.

        Of SQLite that is the processor's time, as it all happens in this process: so what else
        the machine does counts less. Of PostgreSQL it is the time that passed.
        """
        clock = time.process_time if self.engine.dialect.name == "sqlite" else time.perf_counter
        start = clock()
        act()
        return clock() - start

    def _median(self, acts: Iterable[Callable[[], object]]) -> float:
        """Do all things once, so that what they read is at hand, and give the median seconds."""
        several = list(acts)
        for act in several:
            act()
        return statistics.median(self._seconds(act) for act in several)


def _has_changed(day: int, place: int) -> bool:
    """Whether a price is another one on a day than on the last day filled; it then stays so."""
    return place % CHANGED in range(1, day + 1, 2)


def _moment_of(page: Visit) -> datetime:
    return page.fetched_at


def _last_sequence(session: Session) -> int:
    return session.scalar(select(func.max(METADATA.tables["change_events"].c.sequence))) or 0
