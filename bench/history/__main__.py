"""Ask a history of ten million revisions, beside one of a hundredth, and beside the naive design.

Run ``python -m bench.history``; it takes some minutes and some gigabytes, which it gives back
unless ``--keep FOLDER`` keeps what was filled for the next time. Every series of 20,000 changes
every day, which is the naive design's best case: one row for each series and day is then no more
rows than one for each change. ``--store postgresql`` runs a server of its own, ``--store
postgresql://…`` asks one in databases of its own; ``--json FILE`` writes what was measured.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bench.history.questions import Asking
from bench.history.report import Measured, Report, write
from bench.history.shape import Shape
from bench.history.stores import Stores, stores
from catalog.identity import load
from catalog.store import open_store


def measure(
    place: Stores, shape: Shape, progress: Progress
) -> tuple[Measured, Measured, dict[str, int]]:
    """Ask a filled store; give the seconds, those of the naive design, and what a crawl wrote."""
    task = progress.add_task(f"fill {shape.revisions:,} revisions", total=shape.days - 1)
    with place.copy(shape, lambda: progress.advance(task)) as url:
        engine = open_store(url)
        asking = Asking(engine, shape, load())
        seconds, naively = asking.seconds(), asking.naive_seconds()
        crawled, written = asking.crawls()
        seconds |= crawled | asking.views()
        engine.dispose()
    return seconds, naively, written


def main(  # noqa: PLR0913, PLR0917 each is an option
    series: Annotated[int, typer.Option(help="How many series.")] = 20_000,
    revisions: Annotated[int, typer.Option(help="How many revisions each has.")] = 500,
    few: Annotated[int, typer.Option(help="How many in the small store beside it.")] = 5,
    store: Annotated[str, typer.Option(help="sqlite, postgresql, or a server's URL.")] = "sqlite",
    keep: Annotated[Path | None, typer.Option(help="Where to keep what was filled.")] = None,
    to: Annotated[Path | None, typer.Option("--json", help="Where to write it.")] = None,
) -> None:
    """Fill two stores, ask both, and print the table."""
    small, large = Shape.of(series, few), Shape.of(series, revisions)
    with (
        stores(store, keep) as place,
        Progress(disable=not sys.stderr.isatty()) as progress,
    ):
        short, _, _ = measure(place, small, progress)
        long, naively, written = measure(place, large, progress)
    report = Report(place.kind, small, large, short, long, naively, written)
    print(report.table())
    if to is not None:
        write(report, to)


if __name__ == "__main__":
    typer.run(main)
