"""Ask a history of ten million revisions, beside one of a hundredth, and beside the naive design.

Run ``python -m bench.history``; it takes some minutes and some gigabytes, which it gives back.
Every series of 20,000 changes every day, which is the naive design's best case: one row for each
series and day is then no more rows than one for each change. ``--store postgresql://…`` asks a
server, in databases of its own that it drops; ``--json FILE`` writes what was measured.
"""

import json
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
from rich.progress import Progress
from sqlalchemy import create_engine, make_url

from bench.history import naive
from bench.history.fill import fill
from bench.history.questions import Asking
from bench.history.shape import Shape
from catalog.identity import load
from catalog.store import migrate, open_store

Measured = dict[str, float]


@contextmanager
def fresh(store: str) -> Iterator[str]:
    """Give the URL of an empty store of a kind: a file, or a database on a server."""
    name = f"bench_{uuid4().hex[:8]}"
    if not store:
        with tempfile.TemporaryDirectory(prefix=name) as folder:
            yield f"sqlite:///{folder}/{name}.db"
        return
    url = make_url(store)
    server = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield url.set(database=name).render_as_string(hide_password=False)
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


def measure(store: str, shape: Shape, progress: Progress) -> tuple[Measured, Measured, object]:
    """Fill a store and ask it; give the seconds, those of the naive design, and other findings."""
    with fresh(store) as url:
        engine = open_store(url)
        migrate(engine)
        engine.dispose()
        task = progress.add_task(f"fill {shape.revisions:,} revisions", total=shape.days - 1)
        begun = time.perf_counter()
        fill(url, shape, lambda: progress.advance(task))
        filled = time.perf_counter() - begun
        engine = open_store(url)
        asking = Asking(engine, shape, load())
        asked = progress.add_task(f"ask {shape.revisions:,} revisions", total=4)
        seconds = asking.seconds()
        progress.advance(asked)
        with engine.begin() as connection:
            naive.build(connection)
        naively = asking.naive_seconds()
        with engine.begin() as connection:
            naive.drop(connection)
        progress.advance(asked)
        crawled, written = asking.crawls()
        progress.advance(asked)
        seconds |= crawled | asking.views() | {"filling": filled}
        progress.advance(asked)
        engine.dispose()
    return seconds, naively, written


def main(
    series: Annotated[int, typer.Option(help="How many series.")] = 20_000,
    revisions: Annotated[int, typer.Option(help="How many revisions each has.")] = 500,
    few: Annotated[int, typer.Option(help="How many in the small store beside it.")] = 5,
    store: Annotated[str, typer.Option(help="A PostgreSQL server; else SQLite.")] = "",
    to: Annotated[Path | None, typer.Option("--json", help="Where to write it.")] = None,
) -> None:
    """Fill two stores, ask both, and print the table."""
    small, large = Shape.of(series, few), Shape.of(series, revisions)
    with Progress(disable=not sys.stderr.isatty()) as progress:
        short, _, _ = measure(store, small, progress)
        long, naively, written = measure(store, large, progress)
    print(f"{'milliseconds':36}{small.revisions:>12,}{large.revisions:>12,}{'times':>8}", end="")
    print(f"{'naive':>12}{'times':>8}")
    for name, seconds in long.items():
        print(_line(name, short[name], seconds, naively.get(name)))
    print(f"a crawl with no change wrote, by table: {written}")
    if to is not None:
        found = {
            "python": platform.python_version(),
            "revisions": {"small": small.revisions, "large": large.revisions},
            "seconds": {"small": short, "large": long, "naive": naively},
            "written_by_a_crawl_with_no_change": written,
        }
        _write(to, "PostgreSQL" if store else "SQLite", found)


def _line(name: str, short: float, long: float, peer: float | None) -> str:
    line = f"{name:36}{short * 1000:12.2f}{long * 1000:12.2f}{long / short:8.2f}"
    return line + (f"{peer * 1000:12.2f}{peer / long:8.1f}" if peer else "")


def _write(to: Path, kind: str, found: Mapping[str, object]) -> None:
    """Write what was measured on one kind of store beside what was on the other."""
    known = json.loads(to.read_text(encoding="utf-8")) if to.exists() else {}
    every = json.dumps(known | {kind: found}, indent=2, sort_keys=True)
    to.write_text(f"{every}\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
