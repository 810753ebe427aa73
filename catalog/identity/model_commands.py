"""The ``tokentape resolve`` command: which model a name means."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.moments import MomentError, parse_moment, utc_now

if TYPE_CHECKING:
    from catalog.identity.answers import Answer

commands = typer.Typer()

FROM_STDIN = "-"


@commands.command("resolve")
def resolve_command(
    ids: Annotated[
        list[str],
        typer.Argument(metavar="ID…", help="Names or ids, printed or typed; - reads one a line."),
    ],
    source: Annotated[str | None, typer.Option(help="Whose name it is: openai, epoch …")] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="What a name that moves pointed at then: 2026-01-31. Now, unless given."),
    ] = None,
) -> None:
    """Say which model an id means, who sells it, by which kind of edge and why.

    Prints JSON when piped, one answer a line, in order. Exits 1 where an id means none: its model
    is null, and beside it stand the models whose names look alike.
    """
    from catalog.identity import load
    from catalog.identity.answers import answer

    day, identity, unknown = _day(as_of), load(), False
    for asked in _asked(ids):
        said = answer(identity, asked, day, source)
        unknown = unknown or said.model is None
        typer.echo(_in_words(said) if sys.stdout.isatty() else _as_json(said))
    raise typer.Exit(1 if unknown else 0)


def _day(text: str | None) -> date:
    try:
        return (parse_moment(text) if text else utc_now()).date()
    except MomentError as error:
        raise typer.BadParameter(str(error), param_hint="--as-of") from None


def _asked(ids: Iterable[str]) -> Iterator[str]:
    """Give the ids of the command line; a dash stands for the lines of standard input."""
    for one in ids:
        if one == FROM_STDIN:
            yield from (line.strip() for line in sys.stdin if line.strip())
        else:
            yield one


def _in_words(said: "Answer") -> str:
    if said.model is None:
        alike = "".join(f"\n  perhaps {model}" for model in said.candidates)
        return f"{said.id}  {said.why}{alike}"
    told = (said.provider and f"at {said.provider}", said.tier, said.region, said.variant)
    where = ", ".join(filter(None, told))
    targets = "".join(
        f"\n  {target.since} – {target.until or 'now'}  {target.model}  ({target.source})"
        for target in said.targets
    )
    head = f"{said.model}  {said.name}" + (f"  [{where}]" if where else "")
    return f"{head}\n  {said.edge}: {said.why}{targets}"


def _as_json(said: "Answer") -> str:
    return json.dumps(asdict(said), ensure_ascii=False, default=str)
