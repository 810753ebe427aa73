"""What a person at a terminal sees of long work, and what a pipe gets instead."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import Progress

if TYPE_CHECKING:
    from spiders.crawling import CrawlResult


def print_line(values: Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    typer.echo(json.dumps(values, ensure_ascii=False))


def show_result(result: "CrawlResult") -> None:
    """Say what came of one document: in words, or as a JSON line into a pipe."""
    if not sys.stdout.isatty():
        print_line(asdict(result))
        return
    outcome = result.outcome.value if result.outcome else "left to another process"
    counts = f" ({result.points} prices, {result.changes} changes)" if result.points else ""
    typer.echo(f"{result.source} {result.document}: {outcome}{counts}")
    if result.detail:
        typer.echo(f"    {result.detail}")


@contextmanager
def progress(doing: str, total: int | None) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar on standard error where a person watches; results stay on standard output.

    What it gives is told how much is done, and of how much.
    """
    console, together = Console(stderr=True), sys.stdout.isatty()
    with Progress(
        console=console, disable=not sys.stderr.isatty(), redirect_stdout=together
    ) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)
