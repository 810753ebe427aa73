"""The commands for a price that is wrong: correct it, or report it."""

import webbrowser
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.commands import migrated_store
from catalog.moments import MomentError, parse_moment, print_moment, utc_now
from catalog.printing import is_terminal, print_lines, show_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from catalog.past.history import Price
    from catalog.past.timeline import Timeline
    from catalog.review.correcting import Corrected
    from catalog.review.corrections import Correction

commands = typer.Typer()

NOT_TAKEN = 1
HEADS = ("from", "on the tape", "corrected")


def _moment(text: str) -> "datetime":
    try:
        return parse_moment(text)
    except MomentError as error:
        raise typer.BadParameter(str(error)) from None


Series = Annotated[
    str | None,
    typer.Argument(metavar="[SERIES]", help="The series' name, as /prices shows it."),
]
Source = Annotated[str | None, typer.Option(help="Instead of SERIES: whose page states it.")]
Coordinate = Annotated[str | None, typer.Option(help="Which of its prices, where there are more.")]
Since = Annotated[str, typer.Option("--from", help="From when on: 2026-01-31, or with a time.")]
Reason = Annotated[str, typer.Option(help="Why what was read is wrong.")]
Url = Annotated[str, typer.Option(help="Where it can be checked.")]
Words = Annotated[str, typer.Option(help="What stands there.")]


@commands.command("correct")
def correct_command(  # noqa: PLR0913 each is an argument of the command line
    series: Series = None,
    *,
    source: Source = None,
    model: Annotated[str | None, typer.Option(help="The model's id, or its printed name.")] = None,
    meter: Coordinate = None,
    tier: Coordinate = None,
    region: Coordinate = None,
    currency: Coordinate = None,
    amount: Annotated[
        str | None, typer.Option(help="What it cost, in its currency per unit.")
    ] = None,
    withdrawn: Annotated[bool, typer.Option(help="There was no such price.")] = False,
    since: Since,
    until: Annotated[
        str | None,
        typer.Option(
            "--to",
            help="Until when, exclusive; else until the source states something else than now.",
        ),
    ] = None,
    reason: Reason,
    url: Url,
    words: Words,
    sha256: Annotated[
        str | None, typer.Option(help="Of the bytes that say so, where they were kept.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Say what a price was, where it was read wrongly; why; and where that stands.

    Shows the prices before and after, and asks. It is told as price.corrected, never as a
    change, and stays what holds for its days through later readings; a later correction of the
    same days counts instead. Exits 1 where nothing was corrected.
    """
    engine = migrated_store()
    which = {"source": source, "model": model, "meter": meter, "tier": tier, "region": region}
    name = series or _only_series(engine, which | {"currency": currency})
    if (amount is None) != withdrawn:
        raise typer.BadParameter("say --amount AMOUNT, or --withdrawn")
    said = _validated(
        {
            "series": name,
            "amount": amount,
            "valid_from": _moment(since),
            "valid_to": _moment(until) if until else None,
            "reason": reason,
            "url": url,
            "words": words,
            "sha256": sha256,
        }
    )
    weighed = _weighed(engine, said)
    _show_difference(weighed)
    if not yes and not typer.confirm("Correct it so?", err=True):
        raise typer.Exit(NOT_TAKEN)
    _take(engine, said)


def _only_series(engine: "Engine", which: dict[str, str | None]) -> str:
    """Find the one series of some coordinates; refuse none, and more than one by their names."""
    from catalog.identity import load
    from catalog.past.series_named import series_named
    from catalog.store import reading

    asked = {name: value for name, value in which.items() if value is not None}
    if "source" not in asked or "model" not in asked:
        raise typer.BadParameter("name the SERIES, or say at least --source and --model")
    with reading(engine) as session:
        found = series_named(session, load(), **asked)
    if len(found) == 1:
        return found[0]
    typer.echo("No such series." if not found else "More than one; say which:", err=True)
    for name in found:
        typer.echo(f"  {name}", err=True)
    raise typer.Exit(NOT_TAKEN)


def _validated(given: dict[str, object]) -> "Correction":
    from pydantic import ValidationError

    from catalog.review.corrections import Correction

    try:
        return Correction.model_validate(given)
    except ValidationError as error:
        what = "; ".join(f"{'.'.join(map(str, e['loc']))} {e['msg']}" for e in error.errors())
        raise typer.BadParameter(what) from None


def _weighed(engine: "Engine", said: "Correction") -> "Corrected":
    from catalog.identity import load
    from catalog.review.correcting import weigh
    from catalog.review.corrections import CorrectionError
    from catalog.store import reading

    try:
        with reading(engine) as session:
            return weigh(session, said, identity=load(), now=utc_now())
    except CorrectionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOT_TAKEN) from None


def _take(engine: "Engine", said: "Correction") -> None:
    from catalog.identity import load
    from catalog.review.correcting import correct_price

    done = correct_price(engine, said, identity=load(), now=utc_now)
    typer.echo(f"{said.series} is corrected; {done.events} events told.", err=True)


def _show_difference(weighed: "Corrected") -> None:
    rows = _beside(weighed.before, weighed.after)
    if is_terminal():
        unit = f"{weighed.series.currency} per {weighed.series.unit}"
        show_rows(HEADS, rows, title=f"{weighed.series.slug}, {unit}")
    else:
        print_lines([dict(zip(("from", "before", "after"), row, strict=True)) for row in rows])


def _beside(before: "Timeline", after: "Timeline") -> "Sequence[tuple[str, str, str]]":
    moments = sorted({e.valid_from for t in (before, after) for e in t.entries})
    return [(print_moment(m), _at(before, m), _at(after, m)) for m in moments]


def _at(timeline: "Timeline", moment: "datetime") -> str:
    from catalog.money import from_pico, plain

    pico = timeline.amount_at(moment)
    return "none" if pico is None else plain(from_pico(pico))


@commands.command("report")
def report_command(
    series: Annotated[
        str, typer.Argument(help="The series' name, or an address that names it: …?series=…")
    ],
    as_of: Annotated[
        str | None, typer.Option(help="When the price held; now unless given.")
    ] = None,
    *,
    browse: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
) -> None:
    """Report that a price is wrong: print its evidence, and the address of a report filled in.

    Where reports go is the setting TOKENTAPE_REPORT_URL. Exits 1 where there is no such price.
    """
    from catalog.review.reports import report_on, report_url, series_of
    from catalog.settings import environment_settings

    moment = _moment(as_of) if as_of else utc_now()
    price = _price(series_of(series), moment)
    report = report_on(price, as_of=moment)
    url = report_url(report, environment_settings())
    if not is_terminal():
        print_lines([{"title": report.title, "body": report.body, "url": url}])
        return
    typer.echo(f"{report.title}\n\n{report.body}")
    if url is None:
        typer.echo("Nobody takes reports here: set TOKENTAPE_REPORT_URL or TOKENTAPE_CONTACT.")
    elif browse:
        webbrowser.open(url)
    else:
        typer.echo(url)


def _price(series: str, moment: "datetime") -> "Price":
    from catalog.past.history import prices
    from catalog.store import reading

    with reading(migrated_store()) as session:
        found = prices(session, now=utc_now(), as_of=moment, series=series)
    if not found:
        typer.echo(f"{series} has no price at {print_moment(moment)}", err=True)
        raise typer.Exit(NOT_TAKEN)
    return found[0]
