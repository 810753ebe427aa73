"""The commands that read pages: parse, check, crawl, backfill, record and the like."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.commands import migrated_store
from catalog.moments import utc_now
from spiders.terminal import print_line, progress, show_difference, show_result

if TYPE_CHECKING:
    from datetime import date

    from pydantic import BaseModel
    from sqlalchemy import Engine

    from spiders.crawling import CrawlResult
    from spiders.rereading import Difference
    from spiders.source import Source
    from spiders.verdict import Verdict

commands = typer.Typer()

NOT_READ = 3

File = Annotated[
    Path, typer.Argument(help="The page as saved.", exists=True, dir_okay=False, readable=True)
]
Names = Annotated[
    list[str] | None, typer.Argument(help="The sources to crawl; all when none is named.")
]
Manifest = Annotated[
    Path,
    typer.Argument(
        help="A tab-separated file with the columns file, source, url and captured_at, and "
        "where known date_precision and sha256; further columns are ignored."
    ),
]


@commands.command()
def parse(  # noqa: PLR0913 each is an argument of the command line
    source: Annotated[str, typer.Argument(help="The source whose page it is, such as anthropic.")],
    file: File,
    *,
    url: Annotated[
        str, typer.Option(help="Where it came from, in an address or in words; evidence only.")
    ] = "",
    fetched_at: Annotated[
        str, typer.Option(help="When it was fetched: 2026-01-31 or 2026-01-31T12:00:00Z.")
    ] = "",
    facts: Annotated[bool, typer.Option("--facts", help="Print facts, not prices.")] = False,
    scores: Annotated[bool, typer.Option("--scores", help="Print scores, not prices.")] = False,
) -> None:
    """Read one saved page and print what it states, one JSON object a line. No database is needed.

    A page that will not be read prints nothing but the reason, as a JSON object on standard
    error, and exits 3.
    """
    del url  # Evidence in the catalog; nothing that is printed here holds it.
    if facts and scores:
        raise typer.BadParameter("choose one of --facts and --scores")
    verdict = _judged(source, file, fetched_at)
    if verdict.reading is None:
        _refuse(verdict)
        return
    reading = verdict.reading
    _print(reading.facts if facts else reading.scores if scores else reading.points)


def _judged(name: str, file: Path, fetched_at: str) -> "Verdict":
    from spiders.verdict import judge

    return judge(_source(name), file.read_bytes(), seen_at=_day(fetched_at))


def _day(fetched_at: str) -> "date | None":
    from catalog.moments import MomentError, parse_moment

    try:
        return parse_moment(fetched_at).date() if fetched_at else None
    except MomentError as error:
        raise typer.BadParameter(f"--fetched-at: {error}") from None


def _refuse(verdict: "Verdict") -> None:
    outcome = {"outcome": verdict.outcome.value, "detail": verdict.detail}
    typer.echo(json.dumps(outcome, ensure_ascii=False), err=True)
    raise typer.Exit(NOT_READ)


def _print(items: "Iterable[BaseModel]") -> None:
    for item in items:
        dumped = item.model_dump(mode="json")
        print_line({name: "" if value is None else value for name, value in dumped.items()})


def _source(name: str) -> "Source":
    from spiders.source import source_named, source_names

    try:
        return source_named(name)
    except KeyError:
        known = ", ".join(source_names())
        raise typer.BadParameter(f"no source is named {name!r}; there are: {known}") from None


@commands.command()
def check(
    source: Annotated[str, typer.Argument(help="The source whose page it is, such as anthropic.")],
    file: File,
    *,
    fetched_at: Annotated[
        str, typer.Option(help="When it was fetched: 2026-01-31 or 2026-01-31T12:00:00Z.")
    ] = "",
    whole: Annotated[
        bool, typer.Option("--all", help="Show every table and every row, in a terminal.")
    ] = False,
) -> None:
    """Show how a saved page is read, beside its own tables, and what of it nothing accounts for.

    For a page that changed: each cell with the prices read from it, what was ignored and by which
    rule, each amount that nothing reads or ignores, and for a refused page the reason, the next
    step and the form that comes nearest. No database is needed.

    A terminal shows the tables with prices or trouble. A pipe gets all of it as JSON lines; "is"
    says what a line is: page, reader, table, price, field, skipped, amount. Exits 3 when the page
    is refused.
    """
    from spiders.check_lines import lines
    from spiders.check_report import show
    from spiders.checking import examine

    examined = examine(_source(source), file.read_bytes(), seen_at=_day(fetched_at))
    if sys.stdout.isatty():
        from rich.console import Console

        show(examined, Console(), whole=whole)
    else:
        for line in lines(examined):
            print_line(line)
    if examined.verdict.reading is None:
        raise typer.Exit(NOT_READ)


@commands.command()
def crawl(names: Names = None) -> None:
    """Fetch the sources' pages now and take what they state into the catalog.

    In a terminal the results are a list in words; into a pipe or a file they are one JSON object
    a document: source, document, url, outcome, points, changes, detail. Exits 3 when no document
    could be read. Set TOKENTAPE_CONTACT to an address or page where a site's owner reaches you.
    """
    from spiders.crawling import crawl as crawl_named
    from spiders.source import sources

    engine = _store()
    chosen = [_source(name) for name in names or sources()]
    documents = sum(len(source.documents) for source in chosen)
    done = count(1)
    with progress("crawling", documents) as move:

        def show(result: "CrawlResult") -> None:
            show_result(result)
            move(next(done), documents)

        results = crawl_named(
            engine, [source.name for source in chosen], now=utc_now, on_progress=show
        )
    if not any(result.outcome in {"ok", "unchanged", None} for result in results):
        raise typer.Exit(NOT_READ)


@commands.command()
def reread(
    names: Annotated[
        list[str] | None, typer.Argument(help="The sources to read again; all when none is named.")
    ] = None,
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Take the differences into history as corrections.")
    ] = False,
) -> None:
    """Read every archived page again with today's readers and list what they say otherwise.

    One line a difference to what is stored: a price or fact added, gone or different, another
    form or outcome. Into a pipe each is a JSON object: source, document, url, fetched_at, sha256,
    what, difference, stored, now, applied, detail. Nothing is written without --apply; with it
    the differences become corrections, where the reader's version was raised and no guard holds
    the page. Exits 1 when there are differences that were not applied.

    Pages that were refused for how they were answered (a status, a redirect) are left out.
    """
    from catalog.identity import load
    from catalog.settings import environment_settings
    from spiders.rereading import correct, pages_again, read_again
    from spiders.source import sources

    engine, archive, identity = _store(), environment_settings().archive, load()
    pages = pages_again(engine, [_source(name) for name in names or sources()])
    told: list[Difference] = []
    with progress("reading archived pages", len(pages)) as move:
        for done, again in enumerate(pages, start=1):
            found = read_again(engine, again, archive)
            differences = found.differences
            if apply and differences:
                differences = correct(engine, found, identity=identity, now=utc_now)
            for difference in differences:
                show_difference(difference)
            told.extend(differences)
            move(done, len(pages))
    left = sum(not difference.applied for difference in told)
    typer.echo(
        f"{len(pages)} archived pages read again: {len(told)} differences, "
        f"{len(told) - left} applied.",
        err=True,
    )
    if left:
        raise typer.Exit(1)


@commands.command()
def backfill(manifest: Manifest) -> None:
    """Take saved pages into history, in order of their dates; what is there already adds nothing.

    Prints one JSON object a file: file, outcome, points, changes, detail. Files are found relative
    to the manifest. An outcome of "skipped" says in its detail why a file was not read.
    """
    from catalog.identity import load
    from catalog.ingest import arrive
    from spiders.backfill import ManifestError, read_manifest
    from spiders.backfill import backfill as take

    try:
        captures = read_manifest(manifest)
    except ManifestError as error:
        raise typer.BadParameter(str(error)) from None
    engine = _store()
    with progress("reading captures", len(captures)) as move:
        results = take(engine, captures, identity=load(), now=utc_now)
        for done, result in enumerate(results, start=1):
            print_line(asdict(result))
            move(done, len(captures))
    arrive(engine, now=utc_now)


@commands.command("load-history")
def load_history(
    *,
    catalogs: Annotated[
        bool,
        typer.Option(
            "--catalogs",
            help="Also what other catalogs and a reseller listed since 2023, as their own word.",
        ),
    ] = False,
) -> None:
    """Load the history that comes with Tokentape into the store; what is there adds nothing.

    It may be interrupted at any moment and run again.
    """
    from spiders.loading import load_catalogs
    from spiders.loading import load_history as load_all

    store = _store()
    parts = {"history": load_all} | ({"other catalogs' lists": load_catalogs} if catalogs else {})
    for part, load in parts.items():
        with progress(f"loading {part}", None) as move:
            loaded = load(store, now=utc_now, progress=lambda done, of, _: move(done, of))
        typer.echo(f"{part}: {loaded.files} pages in the bundle, {loaded.added} of them new here.")


@commands.command()
def bundle(
    manifest: Manifest,
    into: Annotated[Path, typer.Option(help="The folder of the bundle.", file_okay=False)],
    *,
    packed: Annotated[
        bool, typer.Option("--packed", help="All pages of a source in one compressed file.")
    ] = False,
    prices_only: Annotated[
        bool, typer.Option("--prices-only", help="Leave out facts and benchmarks' scores.")
    ] = False,
) -> None:
    """Read saved pages into a bundle that load-history loads: dated prices, never the pages.

    Prints one JSON object a file: file, outcome, points, changes, detail. Pages that were made up,
    or that no reader reads, are left out. A folder that has them already gets them anew.
    """
    from spiders.backfill import ManifestError, bundle_from

    try:
        for result in bundle_from(manifest, into, packed=packed, prices_only=prices_only):
            print_line(asdict(result))
    except ManifestError as error:
        raise typer.BadParameter(str(error)) from None


@commands.command()
def record(
    source: Annotated[str, typer.Argument(help="The source whose pages to fetch.")],
    into: Annotated[Path, typer.Option(help="The folder of captures.")] = Path("captures"),
) -> None:
    """Fetch a source's pages into a folder of captures, with rows for its MANIFEST.tsv.

    What was fetched can be read again with parse and backfill.
    """
    from spiders.recording import record as record_into

    for recorded in record_into(_source(source), into, now=utc_now):
        print_line(asdict(recorded))


@commands.command("install-browser")
def install_browser() -> None:
    """Install a Chromium for the sources whose pages only a browser can show."""
    from spiders.fetching.browser import install_commands, installed_browser

    if found := installed_browser():
        typer.echo(f"There is one already: {found}")
        return
    for command in install_commands(root=os.geteuid() == 0):
        typer.echo(" ".join(command))
        if subprocess.run(command, check=False).returncode:  # noqa: S603 the commands are our own
            typer.echo("That failed. Only the sources that need a browser go without.", err=True)
            raise typer.Exit(1)


def _store() -> "Engine":
    """Open the migrated store with every source declared in it."""
    from spiders.loading import declare_sources

    engine = migrated_store()
    declare_sources(engine, now=utc_now)
    return engine
