"""The command ``tokentape discrepancies``: where other lists state another price."""

from typing import TYPE_CHECKING, Annotated

import typer

from catalog.money import plain
from catalog.printing import is_terminal, show_rows

if TYPE_CHECKING:
    from catalog.discrepancies import Discrepancy
    from catalog.past.history import Price

commands = typer.Typer()

NONE = "Nothing asked for differs. Other lists are read by crawl, or by load-history --catalogs."
HEADS = ("model", "meter", "source", "official", "stated", "likely reason", "to correct")


@commands.command("discrepancies")
def discrepancies_command(  # noqa: PLR0913, PLR0917 one parameter an option
    source: Annotated[str | None, typer.Option(help="Only what this source states.")] = None,
    model: Annotated[str | None, typer.Option(help="Only this model, by its id.")] = None,
    meter: Annotated[str | None, typer.Option(help="Only this meter.")] = None,
    reason: Annotated[
        str | None, typer.Option(help="Only these likely reasons, with commas between.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="What held then: a date or RFC 3339.")] = None,
    known_at: Annotated[str | None, typer.Option(help="Only what was recorded by then.")] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 20,
    *,
    correctable: Annotated[
        bool, typer.Option("--correctable", help="Only what the other list would correct.")
    ] = False,
) -> None:
    """List where other lists state another price than the maker does, the largest first.

    A table in a terminal; piped, the JSON that GET /discrepancies answers, with texts to report.
    """
    from api.command_line import part_of, print_json
    from api.resources.discrepancies import DISCREPANCIES

    _refuse_unknown(reason)
    asked = {"source": source, "model": model, "meter": meter, "reason": reason}
    when = {"as_of": as_of, "known_at": known_at}
    only = {"correctable": "true" if correctable else None}
    part = part_of(DISCREPANCIES, asked | when | only | {"limit": limit})
    if is_terminal():
        show_rows(HEADS, [row(one) for one in part.items], title=None if part.items else NONE)
    else:
        print_json(DISCREPANCIES, part)


def _refuse_unknown(reason: str | None) -> None:
    from catalog.discrepancies import RULES, UNEXPLAINED

    known = [rule.name for rule in (*RULES, UNEXPLAINED)]
    unknown = [one for one in (reason or "").split(",") if one and one not in known]
    if unknown:
        detail = f"{', '.join(unknown)} is none; they are {', '.join(known)}"
        raise typer.BadParameter(detail, param_hint="--reason")


def row(one: "Discrepancy") -> tuple[str, ...]:
    """Give the cells of a disagreement, in the order of the heads."""
    case = one.case
    stated = case.stated
    return (
        case.model.id,
        stated.meter,
        stated.source if case.is_reseller else f"{stated.source}: {stated.provider}",
        _seen(case.official),
        _seen(stated),
        f"{one.rule.name}: {one.because}",
        "yes" if one.correctable else "",
    )


def _seen(price: "Price") -> str:
    from catalog.discrepancies.case import seen_at

    amount = "" if price.amount is None else plain(price.amount)
    return f"{amount} {price.currency}, {seen_at(price).date()}"
