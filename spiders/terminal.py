"""What a person at a terminal sees of long work, and what a pipe gets instead."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from spiders.crawling import CrawlResult
    from spiders.rereading import Difference


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


def show_difference(difference: "Difference") -> None:
    """Say what an archived page says otherwise today: in words, or as a JSON line into a pipe."""
    if not sys.stdout.isatty():
        print_line(asdict(difference))
        return
    done = " (applied)" if difference.applied else ""
    typer.echo(
        f"{difference.source} {difference.document} {difference.fetched_at}: "
        f"{difference.what} {difference.difference}{done}"
    )
    for mark, stated in (("-", difference.stored), ("+", difference.now)):
        if stated:
            cells = ", ".join(f"{name} {cell}" for name, cell in stated.items() if cell)
            typer.echo(f"    {mark} {_safe(cells)}")
    if difference.detail:
        typer.echo(f"    {_safe(difference.detail)}")


def _safe(text: str) -> str:
    """Leave out what could steer the terminal: the text is a page's."""
    return "".join(sign for sign in text if sign.isprintable())


@contextmanager
def progress(doing: str, total: int | None) -> Iterator[Callable[[int, int | None], None]]:
    """Show a bar on standard error where a person watches; results stay on standard output.

    What it gives is told how much is done, and of how much.
    """
    from rich.console import Console  # noqa: PLC0415 commands start fast
    from rich.progress import Progress  # noqa: PLC0415 the same

    console, together = Console(stderr=True), sys.stdout.isatty()
    with Progress(
        console=console, disable=not sys.stderr.isatty(), redirect_stdout=together
    ) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)
