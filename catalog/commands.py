"""The commands of the catalog itself: migrate, changes, sources, holds and dump."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.moments import print_moment, utc_now
from catalog.money import plain

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from catalog.changes import Event
    from catalog.holds import Hold
    from catalog.source_states import SourceState

commands = typer.Typer()

Rows = Sequence[Sequence[str]]


@commands.command()
def migrate() -> None:
    """Make the store ready, or bring it to the newest tables; what is ready stays as it is."""
    from catalog.identity import load
    from catalog.registry import adopt
    from catalog.settings import environment_settings
    from catalog.store import migrate as migrate_store
    from catalog.store import open_store

    url = environment_settings().database_url
    engine = open_store(url)
    migrate_store(engine)
    adopt(engine, load(), now=utc_now)
    typer.echo(f"{engine.url.render_as_string()} is ready.")


@commands.command()
def changes(
    after: Annotated[
        int, typer.Option("--since", help="Only events after this number of the log.", min=0)
    ] = 0,
    model: Annotated[str | None, typer.Option(help="Only of this model, by its id.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1)] = 100,
    *,
    initial: Annotated[
        bool, typer.Option(help="Also what was there at a source's first sight.")
    ] = False,
) -> None:
    """List what changed, oldest first: a table in a terminal, one JSON object a line piped."""
    from catalog.changes import since
    from catalog.store import reading

    with reading(migrated_store()) as session:
        events = since(
            session,
            after,
            limit=limit,
            model=model,
            source=source,
            initial=None if initial else False,
        )
    if sys.stdout.isatty():
        _show(("#", "when", "what", "of", "from", "to", "cause"), [_event_row(e) for e in events])
    else:
        _print_lines([asdict(event) for event in events])


def _event_row(event: "Event") -> tuple[str, ...]:
    return (
        str(event.sequence),
        event.valid_from.date().isoformat(),
        event.type.value,
        event.series or event.detail or event.model or event.source,
        _amount(event.old),
        _amount(event.new),
        event.cause.value,
    )


@commands.command()
def sources(
    *,
    unmapped: Annotated[
        bool, typer.Option("--unmapped", help="The printed names that no alias maps to a model.")
    ] = False,
) -> None:
    """List the sources: how their last run went, and how old what they say is."""
    from catalog.source_states import source_states
    from catalog.store import reading

    with reading(migrated_store()) as session:
        states = source_states(session)
    if unmapped:
        rows = [(state.source, label) for state in states for label in state.unmapped]
        _list(("source", "printed"), rows)
        return
    now = utc_now()
    if sys.stdout.isatty():
        heads = ("source", "kind", "last run", "outcome", "last good", "unmapped")
        _show(heads, [_source_row(state, now) for state in states])
    else:
        _print_lines([asdict(state) | {"in_words": state.in_words} for state in states])


def _source_row(state: "SourceState", now: datetime) -> tuple[str, ...]:
    return (
        state.source,
        state.kind,
        state.last_run_at.date().isoformat() if state.last_run_at else "",
        state.in_words,
        _age(state.last_good_at, now),
        str(len(state.unmapped)) if state.unmapped else "",
    )


@commands.command()
def review(
    approve: Annotated[list[int] | None, typer.Option(help="Let this hold through.")] = None,
    reject: Annotated[list[int] | None, typer.Option(help="Keep this hold out for good.")] = None,
) -> None:
    """List what guards hold back for a person, or decide on it."""
    from catalog.holds import Decision, open_holds
    from catalog.identity import load
    from catalog.ingest import review as decide_on
    from catalog.store import reading

    engine = migrated_store()
    for numbers, decision in ((approve, Decision.APPROVED), (reject, Decision.REJECTED)):
        if numbers:
            decide_on(engine, numbers, decision, identity=load(), now=utc_now)
    with reading(engine) as session:
        rows = [_hold_row(hold) for hold in open_holds(session)]
    _list(("hold", "guard", "holds", "about", "why"), rows)


def _hold_row(hold: "Hold") -> tuple[str, ...]:
    return (str(hold.id), hold.guard, hold.scope, hold.about, "; ".join(hold.reasons))


@commands.command()
def dump(
    *,
    canonical: Annotated[
        bool,
        typer.Option(
            "--canonical", help="In a stable order, without recording times and run numbers."
        ),
    ] = False,
) -> None:
    """Print all history as JSON lines; the same visits print the same, in whatever order taken."""
    from catalog.dump import dump_canonical
    from catalog.identity import load
    from catalog.store import reading

    if not canonical:
        raise typer.BadParameter("say --canonical: it is the one form there is")
    with reading(migrated_store()) as session:
        for line in dump_canonical(session, load()):
            typer.echo(line)


def migrated_store() -> "Engine":
    """Open the store of the settings; where it is not migrated, say what to run and exit 1."""
    from catalog.settings import environment_settings
    from catalog.store import is_migrated, open_store

    engine = open_store(environment_settings().database_url)
    if not is_migrated(engine):
        typer.echo("The store is not migrated; run `tokentape migrate` first.", err=True)
        raise typer.Exit(1)
    return engine


def _list(heads: Sequence[str], rows: Rows) -> None:
    if sys.stdout.isatty():
        _show(heads, rows)
    else:
        _print_lines([dict(zip(heads, row, strict=True)) for row in rows])


def _show(heads: Sequence[str], rows: Rows) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*heads)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _print_lines(rows: Sequence[dict[str, object]] | Sequence[dict[str, str]]) -> None:
    for row in rows:
        typer.echo(json.dumps(row, default=_plain, ensure_ascii=False))


def _plain(value: object) -> str | int:
    if isinstance(value, datetime):
        return print_moment(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value.isoformat() if isinstance(value, date) else str(value)


def _amount(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _age(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    days = (now - moment).days
    return "today" if days <= 0 else f"{days} days ago"
