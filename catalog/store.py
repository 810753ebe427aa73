"""The store: one engine for SQLite and PostgreSQL, and the sequence lock."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Engine,
    Integer,
    String,
    column,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    table,
    update,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel, col

from catalog.moments import print_moment

BUSY_MILLISECONDS = 60_000
MOMENTS_HELD = 4096
"""So many moments that were read of a store are held: pages and commits have one for many rows."""
JUST_LATER = timedelta(microseconds=1)
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
"""The folder of migrations; each file's name begins with its number."""
VERSIONS = table("alembic_version", column("version_num"))
"""Where the migrations keep the number of the last one."""

Clock = Callable[[], datetime]
BigId = BigInteger().with_variant(Integer, "sqlite")


class StoreError(RuntimeError):
    """A store that cannot be used as it is; the message says what to do."""


class FutureError(ValueError):
    """A question about what will be known."""


class Cursor(Protocol):
    """The part of a database driver's cursor that is needed here."""

    def execute(self, statement: str, /) -> object:
        """Run one statement."""

    def close(self) -> None:
        """Let the cursor go."""


class DriverConnection(Protocol):
    """The part of a database driver's connection that is needed here."""

    isolation_level: str | None

    def cursor(self) -> Cursor:
        """Open a cursor."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC: sortable text on SQLite, timestamptz on PostgreSQL."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Keep text of one width where the store has no type for moments."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))  # type: ignore[arg-type] # text stands for the moment
        return dialect.type_descriptor(SqlDateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> object:
        """Refuse a moment without a zone; print others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise StoreError(f"{value} has no time zone; moments are kept in UTC")
        moment = value.astimezone(UTC)
        if dialect.name != "sqlite":
            return moment
        return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[datetime | str | None], datetime | None]:
        """Give what makes an aware moment in UTC of what the store holds; most are read often."""
        del dialect, coltype
        return _moment


@lru_cache(MOMENTS_HELD)
def _moment(stored: datetime | str | None) -> datetime | None:
    if isinstance(stored, str):
        return datetime.fromisoformat(stored)
    return stored.astimezone(UTC) if stored else None


class Sequence(SQLModel, table=True):
    """The one row whose lock orders all writers: the last numbers given and the last time."""

    __tablename__ = "sequence"

    id: int = Field(primary_key=True)
    ingest: int = Field(sa_type=BigInteger)
    event: int = Field(sa_type=BigInteger)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class Ingest(SQLModel, table=True):
    """One commit that altered answers: its number and the clock time it was recorded at."""

    __tablename__ = "ingests"

    number: int = Field(sa_type=BigId, primary_key=True, sa_column_kwargs={"autoincrement": False})
    recorded_at: datetime = Field(sa_type=UtcDateTime, index=True)


@dataclass
class Turn:
    """A writer's turn under the sequence lock; what it takes is kept only if it commits."""

    session: Session
    last_ingest: int
    last_event: int
    last_recorded_at: datetime
    clock: Clock
    now: datetime
    """When it began."""
    taken: int | None = None
    again: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By table, the rows that it declared or derived anew: they are sealed again.

    Of ``run_documents``, the visits of which the index or the named models were written anew.
    """

    @cached_property
    def recorded_at(self) -> datetime:
        """The clock time at which this turn first needs it; later than that of every earlier one.

        Where the clock stands or was set back, recorded time goes on from the last moment.
        """
        return max(self.clock(), self.last_recorded_at + JUST_LATER)

    def ingest(self) -> int:
        """Take this turn's ingest number; the same one however often it is asked for."""
        if self.taken is None:
            self.taken = self.last_ingest + 1
        return self.taken

    def event(self) -> int:
        """Take the next number of the log of events."""
        self.ingest()
        self.last_event += 1
        return self.last_event

    def close(self) -> None:
        """Write the numbers taken back to the sequence; nothing taken, nothing written."""
        if self.taken is None:
            return
        recorded = insert(Ingest).values(number=self.taken, recorded_at=self.recorded_at)
        self.session.execute(recorded)
        self.session.execute(
            update(Sequence).values(
                ingest=self.taken,
                event=self.last_event,
                recorded_at=self.recorded_at,
            )
        )


def open_store(url: str) -> Engine:
    """Open the store at a URL: ``sqlite:///FILE`` or ``postgresql://…``; nothing is created."""
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise StoreError(
        f"{parsed.get_backend_name()} is no store; use sqlite:///FILE or postgresql://"
    )


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(
            "the store's URL cannot be read; use sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
        ) from None


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError("the catalog is kept in a file; write sqlite:///FILE")
    if "uri" not in url.query:  # file:…?mode=ro&uri=true names one that is there.
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DriverConnection, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads; it sees one state of the store."""
    with Session(engine) as session:
        if engine.dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


@contextmanager
def writing(engine: Engine, *, now: Clock) -> Iterator[Turn]:
    """Take the sequence lock and hold it to the commit at the end; an error rolls all back.

    What was written is sealed into the chain by the same commit.
    """
    from catalog.sealing.chain import seal  # noqa: PLC0415 the chain is kept in this store

    with Session(engine.execution_options(immediate=True)) as session, session.begin():
        last = session.execute(
            select(
                col(Sequence.ingest), col(Sequence.event), col(Sequence.recorded_at)
            ).with_for_update()
        ).one()
        turn = Turn(session, last.ingest, last.event, last.recorded_at, now, now())
        yield turn
        turn.close()
        seal(turn)


def is_settled(session: Session, known_at: datetime) -> bool:
    """Whether what was known by a moment is the same for ever: something was recorded since.

    What is recorded is recorded later than all that was, so nothing can come to be known by it.
    Until then a commit under way may still be, and after a clock that was set back any other.
    """
    return known_at <= last_recorded_at(session)


def last_recorded_at(session: Session) -> datetime:
    """Give the last moment that something was recorded at."""
    return session.scalars(select(col(Sequence.recorded_at))).one()


def last_ingest(session: Session) -> int:
    """Give the number of the last commit that altered answers."""
    return session.scalars(select(col(Sequence.ingest))).one()


def ingest_known_at(session: Session, known_at: datetime, *, now: datetime) -> int:
    """Give the last ingest number recorded by a moment; 0 before the first.

    Raises FutureError for a moment after now; where the clock was set back, after the last one
    recorded.
    """
    latest = max(now, last_recorded_at(session))
    if known_at > latest:
        raise FutureError(
            f"known_at {print_moment(known_at)} lies ahead; "
            f"ask for a moment by {print_moment(latest)}"
        )
    number = select(func.max(col(Ingest.number))).where(col(Ingest.recorded_at) <= known_at)
    return session.scalars(number).one() or 0


def is_migrated(engine: Engine) -> bool:
    """Whether the store has the newest tables."""
    newest = max(file.name for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSIONS.name):
            return False
        return connection.scalars(select(VERSIONS.c.version_num)).all() == [newest[:4]]
