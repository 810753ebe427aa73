"""Filling a store in bulk with the rows that ingest would have written, visit by visit.

The first day is ingested, the others are inserted. A test fills a small store this way and another
one by ingest alone, and compares all tables. Only of the chain there is one link that stands for
the inserted rows without listing them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import sha256

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    func,
    insert,
    select,
    text,
    update,
)

from bench.history.inserts import OWN, SERIES, STEPS, VISITS, assertions, events, revisions
from bench.history.shape import (
    CENTS,
    METERS,
    Shape,
    bytes_of,
    cents,
    moment,
    name_of,
    point,
    printed,
    recorded_at,
    url_of,
)
from catalog.documents.readings import SECTIONS, print_row
from catalog.documents.sources import declare
from catalog.identity import load
from catalog.identity.registry import adopt
from catalog.ingest import ingest
from catalog.sealing.chain import Link, hash_of
from catalog.store import open_store
from catalog.tables import METADATA

PICO_OF_CENT = 10**10
LARGE = ("revisions", "assertions", "change_events")
"""The tables whose indexes are made after their rows."""
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE tbl_name IN ({}) AND type = 'index'"
    " AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({})"
    " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
}
"""What asks for their indexes, but those of their keys."""
FAST = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000", "temp_store = MEMORY")
LISTED = {
    "commit": ("ingests", "number"),
    "event": ("change_events", "sequence"),
    "reading": ("readings", "id"),
    "revision": ("revisions", "id"),
    "run": ("runs", "id"),
    "snapshot": ("snapshots", "id"),
    "visit": ("run_documents", "id"),
}
"""The tables inserted into and their keys, by what links call their rows."""
MARKER = 123_456
"""A price in cents that nothing else on a page looks like."""
Row = dict[str, object]
Tell = Callable[[], None]
"""Called once for each day that is done."""
_T = METADATA.tables


def begin(engine: Engine, shape: Shape) -> None:
    """Declare the sources and take in the first day of a migrated, empty store."""
    identity = load()
    adopt(engine, identity, now=lambda: recorded_at(0, -1))
    declare(engine, shape.declarations(), now=lambda: recorded_at(1, -1))
    for source in range(shape.sources):
        ingest(
            engine, shape.visit(source, 0), identity=identity, now=partial(recorded_at, source, 0)
        )


def fill(url: str, shape: Shape, tell: Tell) -> None:
    """Fill the store at a URL, migrated and empty, with a shape's history."""
    engine = open_store(url)
    begin(engine, shape)
    engine.dispose()
    bulk = create_engine(_driver(url))
    with bulk.connect() as connection:
        later = _prepare(connection)
        filling = _Filling(connection, shape)
        for day in range(1, shape.days):
            filling.add(day)
            tell()
        filling.close()
        for statement in later:
            connection.exec_driver_sql(statement)
        connection.commit()
    bulk.dispose()
    _settle(url)


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def _prepare(connection: Connection) -> list[str]:
    """Make inserting fast; give what is to be run afterwards."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")
    else:
        for setting in FAST:
            connection.exec_driver_sql(f"PRAGMA {setting}")
    names = ", ".join(f"'{name}'" for name in LARGE)
    found = connection.exec_driver_sql(INDEXES[connection.dialect.name].format(names)).all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [sql for _, sql in found]


def _settle(url: str) -> None:
    """Do what a PostgreSQL server does in the background; SQLite needs nothing."""
    engine = open_store(url)
    if engine.dialect.name == "postgresql":
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    engine.dispose()


class _Filling:
    """One store on its way to its history."""

    def __init__(self, connection: Connection, shape: Shape) -> None:
        self.connection = connection
        self.shape = shape
        self.sources, self.documents = self._numbers("sources"), self._numbers("documents")
        forms = _T["document_forms"].c
        found = connection.execute(select(forms.document_id, forms.id))
        self.forms: dict[int, int] = {row.document_id: row.id for row in found}
        self.tops = {name: self._top(name, key) for name, key in LISTED.values()}
        self.readings: dict[tuple[int, str], int] = dict(self._known_readings())
        self.heads = [list(self._heads(source)) for source in range(shape.sources)]
        OWN.create_all(connection)
        connection.execute(insert(SERIES), list(self._series()))
        self.statements = [
            revisions(self.tops["revisions"]),
            assertions(),
            events(self.tops["change_events"], self.tops["revisions"]),
        ]

    def _top(self, table: str, key: str) -> int:
        return self.connection.scalar(select(func.max(_T[table].c[key]))) or 0

    def _numbers(self, table: str) -> list[int]:
        rows = _T[table].c
        return list(self.connection.scalars(select(rows.id).order_by(rows.id)))

    def _known_readings(self) -> Iterator[tuple[tuple[int, str], int]]:
        rows = _T["readings"].c
        for row in self.connection.execute(select(rows.id, rows.document_id, rows.digest)):
            yield (row.document_id, row.digest), row.id

    def _series(self) -> Iterator[Row]:
        rows = _T["series"].c
        query = select(rows.id, rows.source_id, rows.subject, rows.meter)
        known = {(r.source_id, r.subject, r.meter): r.id for r in self.connection.execute(query)}
        for source in range(self.shape.sources):
            for place, (model, meter) in enumerate(self._sold(source)):
                yield {
                    "source": source,
                    "place": place,
                    "series_id": known[self.sources[source], model, meter],
                    "step": place % CENTS,
                    "model": model,
                    "provider": name_of(source),
                }

    def _sold(self, source: int) -> Iterator[tuple[str, str]]:
        for model in self.shape.sold_by(source):
            for meter in METERS:
                yield model, meter.value

    def _heads(self, source: int) -> Iterator[tuple[str, str, str]]:
        """Give each row of a reading in pieces, between which its amount stands."""
        for one in self.shape.points(source, 0):
            row = print_row(point(one.model, one.meter, MARKER))
            pieces = json.dumps(row, separators=(",", ":")).split(f'{printed(MARKER)}"')
            head, words, tail = pieces
            yield head, f'"{words}', f'"{tail}'

    def add(self, day: int) -> None:
        """Insert what one day's visits would have written."""
        visits = [self._visit(source, day) for source in range(self.shape.sources)]
        self.connection.execute(insert(STEPS), list(_steps(day)))
        self.connection.execute(insert(VISITS), visits)
        for statement in self.statements:
            self.connection.execute(statement, {"day": day})
        self.connection.execute(STEPS.delete())
        self.connection.execute(VISITS.delete())
        self.connection.commit()

    def _visit(self, source: int, day: int) -> Row:
        number = (day - 1) * self.shape.sources + source
        at, taken = moment(source, day), recorded_at(source, day)
        tops, document = self.tops, self.documents[source]
        ingested = tops["ingests"] + number + 1
        about: Row = {"ingest": ingested, "cause": "backfilled", "outcome": "ok"}
        page: Row = {
            "document_id": document,
            "url": url_of(source),
            "fetched_at": at,
            "sha256": bytes_of(source, day),
        }
        run, snapshot = tops["runs"] + number + 1, tops["snapshots"] + number + 1
        visit = tops["run_documents"] + number + 1
        self._insert("ingests", {"number": ingested, "recorded_at": taken})
        self._insert(
            "snapshots",
            page | {"id": snapshot, "status": None, "headers": [], "size": None, "archived": False},
        )
        reading = self._reading(source, day)
        times: Row = {"started_at": at, "finished_at": at}
        self._insert("runs", about | times | {"id": run, "source_id": self.sources[source]})
        self._insert(
            "run_documents",
            about
            | page
            | {
                "id": visit,
                "run_id": run,
                "detail": "",
                "reader_version": 1,
                "snapshot_id": snapshot,
                "reading_id": reading,
            },
        )
        return {
            "day": day,
            "source": source,
            "source_id": self.sources[source],
            "form_id": self.forms[self.documents[source]],
            "visit_id": visit,
            "ingest": ingested,
            "at": at,
            "before": moment(source, day - 1),
            "recorded_at": taken,
            "rows_before": number * self.shape.of_source,
        }

    def _insert(self, table: str, row: Mapping[str, object]) -> None:
        self.connection.execute(insert(_T[table]), [dict(row)])

    def _reading(self, source: int, day: int) -> int:
        """Store what a page states on a day, once, as ``keep_reading`` does."""
        sections = {name: "[]" for name, _ in SECTIONS} | {"points": self._points(source, day)}
        rows = "{" + ",".join(f'"{name}":{stated}' for name, stated in sections.items()) + "}"
        digest = sha256(f"json\n{rows}".encode()).hexdigest()
        document = self.documents[source]
        known = self.readings.get((document, digest))
        if known is None:
            known = self.readings[document, digest] = self.tops["readings"] + 1
            self.tops["readings"] = known
            row = {"id": known, "document_id": document, "form": "json", "reader_version": 1}
            self._insert("readings", row | {"digest": digest, "rows": rows})
        return known

    def _points(self, source: int, day: int) -> str:
        amounts = [printed(cents(place, day)) for place in range(CENTS)]
        pieces = (
            f"{head}{(amount := amounts[place % CENTS])}{words}{amount}{tail}"
            for place, (head, words, tail) in enumerate(self.heads[source])
        )
        return "[" + ",".join(pieces) + "]"

    def close(self) -> None:
        """Take all numbers that were given, and stand one link for the rows inserted."""
        ingests, events = _T["ingests"].c.number, _T["change_events"].c.sequence
        last = self.shape.sources - 1, self.shape.days - 1
        taken: Row = {
            "ingest": self.connection.scalar(select(func.max(ingests))),
            "event": self.connection.scalar(select(func.max(events))),
            "recorded_at": recorded_at(*last),
        }
        self.connection.execute(update(_T["sequence"]).values(taken))
        self._link(taken)
        if self.connection.dialect.name == "postgresql":
            for name in ("runs", "run_documents", "snapshots", "readings", "revisions"):
                top = f"(SELECT max(id) FROM {name})"  # noqa: S608 our own names
                self.connection.execute(text(f"SELECT setval('{name}_id_seq', {top})"))
        OWN.drop_all(self.connection)
        self.connection.commit()

    def _link(self, taken: Mapping[str, object]) -> None:
        links = _T[Link.__tablename__].c
        last = self.connection.execute(
            select(links.number, links.hash, links.tops).order_by(links.number.desc()).limit(1)
        ).one()
        tops: dict[str, int] = json.loads(last.tops)
        tops |= {kind: self._top(*where) for kind, where in LISTED.items() if kind in tops}
        row = {
            "number": last.number + 1,
            "ingest": taken["ingest"],
            "sequence": taken["event"],
            "tops": json.dumps(tops, sort_keys=True),
            "entries": "",
        }
        self._insert(Link.__tablename__, row | {"hash": hash_of(row, last.hash)})


def _steps(day: int) -> Iterator[Row]:
    """Give what becomes of each price on a day, by its place."""
    for place in range(CENTS):
        before = [cents(place, earlier) for earlier in range(min(day, CENTS))]
        price, old = cents(place, day), cents(place, day - 1)
        yield {
            "day": day,
            "step": place,
            "old": old * PICO_OF_CENT,
            "new": price * PICO_OF_CENT,
            "low": price < min(before),
            "words": f"${printed(price)}",
        }
