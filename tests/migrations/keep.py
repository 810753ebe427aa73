"""Keep a store as this commit's code makes it, for those that upgrade it later.

``python -m tests.migrations.keep`` writes ``stores/REVISION.json.gz``: every row of a small store
whose history has changes, a late page, a withdrawal, an announcement, a page read again and a
person's correction, and what this code answers of it. Run it before a new migration is written.

The stores up to 0008 were made by the code of the commits that they name, the one of 0001 without
a correction. There is none of 0002: it came together with 0003.
"""

import gzip
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from catalog.events.changes import since
from catalog.migrating import migrate
from catalog.moments import print_moment
from catalog.money import plain
from catalog.past.history import prices
from catalog.review.correcting import correct_price
from catalog.review.corrections import Correction
from catalog.store import open_store, reading
from catalog.visit import Visit
from catalog.vocabulary import Cause, Outcome
from tests.catalog.builders import Catalog, failed, point, visit
from tests.checkout import commit

HERE = Path(__file__).parent
STORES = HERE / "stores"
BEGUN = datetime(2026, 11, 1, tzinfo=UTC)
"""When the first page was learnt."""
HOUR = timedelta(hours=1)
STEPS = 9
DAYS = ("2026-05-01", "2026-05-06", "2026-05-10", "2026-05-23", "2026-06-02", "2026-10-01")
OPUS, SONNET, HAIKU, UNKNOWN = (
    "Claude Opus 4.7",
    "Claude Sonnet 4.6",
    "Claude Haiku 4.5",
    "Nobody's",
)
DIGEST = "9" * 64

Answers = dict[str, list[list[str | int | None]]]


def live(catalog: Catalog) -> None:
    """Let a store learn a history, one thing an hour."""
    steps: tuple[Callable[[], object], ...] = (
        lambda: catalog.take(_page("2026-05-01", "5", "3")),
        lambda: catalog.take(_page("2026-05-09", "4", "3", sha256=DIGEST)),
        lambda: catalog.take(_page("2026-05-05", "4.5", "3")),
        lambda: catalog.take(failed("2026-05-20")),
        lambda: catalog.take(_page("2026-05-22", "4", None)),
        lambda: catalog.take(failed("2026-05-25", Outcome.UNCHANGED)),
        lambda: catalog.take(
            _page("2026-05-09", "4.25", "3", sha256=DIGEST, reader_version=2, cause=Cause.CORRECTED)
        ),
        lambda: _correct(catalog),
        lambda: catalog.take(_page("2026-10-20", "3.5", "3.25", cause=Cause.OBSERVED)),
    )
    for number, step in enumerate(steps):
        catalog.clock = BEGUN + number * HOUR
        step()


def _page(day: str, opus: str, sonnet: str | None, **fields: object) -> Visit:
    announced = {"valid_from": date(2026, 6, 1)}
    return visit(
        day,
        point(OPUS, opus),
        point(HAIKU, "1", valid_to=date(2026, 6, 1)),
        point(HAIKU, "0.80", **announced),
        point(UNKNOWN, "7"),
        *([] if sonnet is None else [point(SONNET, sonnet)]),
        **fields,
    )


def _correct(catalog: Catalog) -> None:
    with reading(catalog.engine) as session:
        [series] = {p.series for p in prices(session, now=catalog.now()) if "opus" in p.series}
    correction = Correction(
        series=series,
        amount=Decimal("4.75"),
        valid_from=datetime(2026, 5, 3, tzinfo=UTC),
        valid_to=datetime(2026, 5, 7, tzinfo=UTC),
        reason="the page showed last year's price",
        url="https://anthropic.example/notice",
        words="4.75",
    )
    correct_price(catalog.engine, correction, identity=catalog.identity, now=catalog.now)


def answers(engine: Engine) -> Answers:
    """Give the prices of each day as known after each thing that was learnt, and the log."""
    found: Answers = {"events": list(_events(engine))}
    for number in range(STEPS):
        known = BEGUN + number * HOUR + HOUR / 2
        for day in DAYS:
            as_of = datetime.fromisoformat(day).replace(tzinfo=UTC)
            found[f"{day} known {print_moment(known)}"] = list(_prices(engine, as_of, known))
    return found


def _prices(engine: Engine, as_of: datetime, known: datetime) -> Iterator[list[str | int | None]]:
    now = BEGUN + STEPS * HOUR
    with reading(engine) as session:
        for price in prices(session, now=now, as_of=as_of, known_at=known):
            until = None if price.valid_to is None else print_moment(price.valid_to)
            yield [price.series, _plain(price.amount), print_moment(price.valid_from), until]


def _events(engine: Engine) -> Iterator[list[str | int | None]]:
    with reading(engine) as session:
        for one in since(session, limit=1000):
            yield [one.sequence, one.type.value, one.series, _plain(one.old), _plain(one.new)]


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)


def rows_of(file: Path) -> dict[str, list[dict[str, str | int | None]]]:
    """Give every row of a SQLite store, by table."""
    store = sqlite3.connect(file)
    store.row_factory = sqlite3.Row
    named = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    tables = [row["name"] for row in store.execute(named)]
    found = {name: [dict(row) for row in store.execute(f"SELECT * FROM {name}")] for name in tables}  # noqa: S608 our own tables
    store.close()
    return found


def keep(folder: Path = STORES) -> Path:
    """Make a store, and write all of it down."""
    with TemporaryDirectory() as made:
        file = Path(made) / "tokentape.db"
        engine = open_store(f"sqlite:///{file}")
        migrate(engine)
        live(Catalog(engine, clock=BEGUN - HOUR))
        answered = answers(engine)
        engine.dispose()
        rows = rows_of(file)
    [version] = rows.pop("alembic_version")
    kept = folder / f"{version['version_num']}.json.gz"
    said = json.dumps({"commit": commit(), "rows": rows, "answers": answered}, sort_keys=True)
    kept.write_bytes(gzip.compress(said.encode(), mtime=0))
    return kept


if __name__ == "__main__":
    sys.stdout.write(f"{keep()}\n")
