"""The ``tokentape resolve`` command: which model a name means."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from catalog.identity import Match

commands = typer.Typer()


@commands.command("resolve")
def resolve_command(
    name: Annotated[str, typer.Argument(metavar="ID", help="A name or id, printed or typed.")],
    source: Annotated[str | None, typer.Option(help="Whose name it is: openai, epoch …")] = None,
) -> None:
    """Say which model a name means, by which kind of edge and why.

    Prints JSON when piped. Exits 1, with the names that look alike, where it means none.
    """
    from catalog.identity import load

    match = load().resolve(name, source)
    if match is None:
        _explain(name)
        raise typer.Exit(1)
    typer.echo(_in_words(match) if sys.stdout.isatty() else _as_json(name, match))


def _explain(name: str) -> None:
    from catalog.identity import load

    typer.echo(f"{name!r} is no known model's name.", err=True)
    for model in load().candidates(name):
        typer.echo(f"  {model.id}  {model.name}", err=True)


def _in_words(match: "Match") -> str:
    return f"{match.model.id}  {match.model.name}  ({match.edge}: {match.why})"


def _as_json(name: str, match: "Match") -> str:
    model = match.model
    return json.dumps(
        {
            "id": name,
            "model": model.id,
            "name": model.name,
            "maker": model.maker,
            "kind": model.kind,
            "edge": match.edge,
            "why": match.why,
        },
        ensure_ascii=False,
    )
