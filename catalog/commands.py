"""The commands of the catalog itself: migrate, changes, sources and dump."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.moments import utc_now
from catalog.printing import amount, is_terminal, print_lines, print_rows, show_rows

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from catalog.documents.source_states import SourceState
    from catalog.events.changes import Event

commands = typer.Typer()

LARGEST = 2**63 - 1
"""No store takes a larger number."""


@commands.command()
def migrate() -> None:
    """Make the store ready, or bring it to the newest tables; what is ready stays as it is."""
    from catalog.identity import load
    from catalog.identity.registry import adopt
    from catalog.migrating import migrate as migrate_store
    from catalog.settings import environment_settings
    from catalog.store import open_store

    url = environment_settings().database_url
    engine = open_store(url)
    migrate_store(engine)
    adopt(engine, load(), now=utc_now)
    typer.echo(f"{engine.url.render_as_string()} is ready.")


@commands.command()
def changes(
    after: Annotated[
        int,
        typer.Option(
            "--since", help="Only events after this number of the log.", min=0, max=LARGEST
        ),
    ] = 0,
    model: Annotated[str | None, typer.Option(help="Only of this model, by its id.")] = None,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=LARGEST)] = 100,
    *,
    initial: Annotated[
        bool, typer.Option(help="Also what was there at a source's first sight.")
    ] = False,
) -> None:
    """List what changed, oldest first: a table in a terminal, one JSON object a line piped."""
    from catalog.events.changes import since
    from catalog.store import reading

    with reading(migrated_store()) as session:
        events = since(
            session,
            after,
            limit=limit,
            models=[model] if model else None,
            sources=[source] if source else None,
            initial=None if initial else False,
        )
    if is_terminal():
        heads = ("#", "when", "what", "of", "from", "to", "cause")
        show_rows(heads, [_event_row(event) for event in events])
    else:
        print_lines([asdict(event) for event in events])


def _event_row(event: "Event") -> tuple[str, ...]:
    return (
        str(event.sequence),
        event.valid_from.date().isoformat(),
        event.type.value,
        event.series or event.detail or event.model or event.source,
        amount(event.old),
        amount(event.new),
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
    from catalog.documents.source_states import source_states
    from catalog.store import reading

    with reading(migrated_store()) as session:
        states = source_states(session)
    if unmapped:
        rows = [(state.source, label) for state in states for label in state.unmapped]
        print_rows(("source", "printed"), rows)
        return
    now = utc_now()
    if is_terminal():
        heads = ("source", "kind", "last run", "outcome", "last good", "unmapped")
        show_rows(heads, [_source_row(state, now) for state in states])
    else:
        print_lines([asdict(state) | {"in_words": state.in_words} for state in states])


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


def _age(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    days = (now - moment).days
    return "today" if days <= 0 else f"{days} days ago"
