"""The ``tokentape review`` command: what guards hold, beside the page, and what is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.commands import migrated_store
from catalog.moments import print_moment, utc_now
from catalog.printing import amount, is_terminal, print_lines, printable, show_rows

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from catalog.review.holds import Decision, HoldSeen
    from catalog.review.reviewing import HeldPrice, HoldInFull

commands = typer.Typer()

HEADS = ("hold", "source", "about", "guard", "seen", "why")
PRICES = ("price", "last good", "held", "ratio", "the page's words", "where")
MOST_SHOWN = 40
ASK = "Numbers to look at, a 1 2 to approve, r 3 to reject, l to list, q to leave"


@commands.command()
def review(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Show these holds beside the page.")
    ] = None,
    approve: Annotated[list[int] | None, typer.Option(help="Let this hold through.")] = None,
    reject: Annotated[list[int] | None, typer.Option(help="Keep this hold out for good.")] = None,
) -> None:
    """List what guards hold back for a person, show it beside the page, or decide on it.

    What is approved holds from when it was first seen, and is recorded now. In a terminal it
    asks what to do until you leave; into a pipe each hold is one JSON object. Exits 1 where a
    number is no open hold.
    """
    engine = migrated_store()
    if approve or reject:
        _decide(engine, approve or (), reject or ())
        return
    if numbers:
        _show(engine, numbers)
    elif not is_terminal():
        print_lines([_line(one) for one in _open(engine).values()])
    else:
        _walk(engine)


def _open(engine: "Engine") -> Mapping[int, "HoldSeen"]:
    from catalog.review.holds import Decision, holds_seen
    from catalog.store import reading

    with reading(engine) as session:
        return {one.hold.id: one for one in holds_seen(session, [Decision.OPEN])}


def _those(engine: "Engine", numbers: Sequence[int]) -> list["HoldSeen"]:
    waiting = _open(engine)
    if unknown := [number for number in numbers if number not in waiting]:
        typer.echo(
            f"{_listed(unknown)}: no such open hold; `tokentape review` lists them", err=True
        )
        raise typer.Exit(1)
    return [waiting[number] for number in numbers]


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _decide(engine: "Engine", approve: Sequence[int], reject: Sequence[int]) -> None:
    from catalog.review.holds import Decision

    _those(engine, [*approve, *reject])
    for numbers, decision in ((approve, Decision.APPROVED), (reject, Decision.REJECTED)):
        if numbers:
            _written(engine, numbers, decision)


def _written(engine: "Engine", numbers: Sequence[int], decision: "Decision") -> None:
    from catalog.identity import load
    from catalog.review.deciding import review as decide_on

    told = decide_on(engine, numbers, decision, identity=load(), now=utc_now)
    typer.echo(f"{decision.value}: {_listed(numbers)}; {told} events told", err=True)


def _show(engine: "Engine", numbers: Sequence[int]) -> None:
    shown = [_full(engine, one) for one in _those(engine, numbers)]
    if not is_terminal():
        print_lines([_line(one.seen) | _rest(one) for one in shown])
        return
    for one in shown:
        _print_hold(one)


def _full(engine: "Engine", seen: "HoldSeen") -> "HoldInFull":
    from catalog.identity import load
    from catalog.review.reviewing import in_full
    from catalog.settings import environment_settings
    from catalog.store import reading

    archive = environment_settings().archive
    with reading(engine) as session:
        return in_full(session, seen, identity=load(), archive=archive)


def _line(seen: "HoldSeen") -> dict[str, object]:
    return {
        "hold": seen.hold.id,
        "guard": seen.hold.guard,
        "holds": seen.hold.scope,
        "about": seen.hold.about,
        "why": "; ".join(seen.hold.reasons),
        "source": seen.visit.source,
        "document": seen.visit.document,
        "url": seen.visit.url,
        "fetched_at": seen.visit.fetched_at,
        "sha256": seen.visit.sha256,
    }


def _rest(one: "HoldInFull") -> dict[str, object]:
    prices = [_price_line(price) for price in one.prices]
    return {"lifted_by": one.lifted_by, "archived": one.archived, "prices": prices}


def _price_line(price: "HeldPrice") -> dict[str, object]:
    texts = {name: amount(getattr(price, name)) or None for name in ("last_good", "held", "ratio")}
    since = print_moment(price.since) if price.since else None
    return asdict(price) | texts | {"since": since}


def _walk(engine: "Engine") -> None:
    """Ask what to do with what waits, until there is nothing or the person leaves."""
    _list_open(engine)
    while _open(engine):
        try:
            answer = typer.prompt(ASK, default="q", show_default=False).split()
        except typer.Abort:
            return
        if not answer or answer[0] == "q":
            return
        _answer(engine, answer)


def _list_open(engine: "Engine") -> None:
    waiting = _open(engine)
    if not waiting:
        typer.echo("Nothing waits for a person.")
        return
    rows = [
        (
            str(number),
            f"{one.visit.source} {one.visit.document}",
            one.hold.about or "the whole document",
            one.hold.guard,
            print_moment(one.visit.fetched_at)[:16],
            _why(one),
        )
        for number, one in waiting.items()
    ]
    show_rows(HEADS, rows)


def _why(seen: "HoldSeen") -> str:
    reasons = [reason.removeprefix(f"{seen.hold.about} ") for reason in seen.hold.reasons]
    more = f" and {len(reasons) - 2} more" if len(reasons) > len("ab") else ""
    return "; ".join(reasons[:2]) + more


def _answer(engine: "Engine", words: Sequence[str]) -> None:
    from catalog.review.holds import Decision

    decisions = {"a": Decision.APPROVED, "r": Decision.REJECTED}
    what, numbers = words[0], words[1:]
    if what == "l":
        _list_open(engine)
        return
    if what not in decisions:
        numbers = words
    if not numbers or not all(number.isdecimal() for number in numbers):
        typer.echo("Write numbers, or a, r, l or q first.")
        return
    try:
        chosen = [one.hold.id for one in _those(engine, list(map(int, numbers)))]
    except typer.Exit:
        return
    if what in decisions:
        _written(engine, chosen, decisions[what])
        _list_open(engine)
    else:
        _show(engine, chosen)


def _print_hold(one: "HoldInFull") -> None:
    hold, visit = one.seen.hold, one.seen.visit
    lines = {
        f"Hold {hold.id}": f"{hold.guard} holds {hold.about or 'the whole document'}",
        "why": "\n".join(hold.reasons),
        "lifted by": one.lifted_by,
        "page": f"{visit.url}  ({visit.source} {visit.document})",
        "fetched": print_moment(visit.fetched_at),
        "archived": str(one.archived or "not archived"),
    }
    typer.echo()
    for name, text in lines.items():
        typer.echo(f"{name:>10}  {printable(text)}".replace("\n", "\n" + " " * 12))
    show_rows(PRICES, [_price_row(price) for price in one.prices[:MOST_SHOWN]])
    if len(one.prices) > MOST_SHOWN:
        typer.echo(f"… and {len(one.prices) - MOST_SHOWN} more; pipe it to see all.")


def _price_row(price: "HeldPrice") -> tuple[str, ...]:
    held = amount(price.held) or "not shown"
    since = f" from {price.since.date()}" if price.since else ""
    last = f"{amount(price.last_good)} {price.currency}" if price.last_good is not None else "none"
    ratio = f"×{amount(price.ratio)}" if price.ratio is not None else ""
    return (price.what, last, held + since, ratio, price.words, price.locator)
