"""The commands ``tokentape rankings`` and ``tokentape index``."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.money import plain
from catalog.printing import show_rows

if TYPE_CHECKING:
    from api.chart import Series
    from api.resources.index import Row as Point
    from api.resources.rankings import Declared
    from catalog.ranking.best_for import Ranked as Place

commands = typer.Typer()

AS_OF = typer.Option(help="What held then: a date or RFC 3339.")
KNOWN_AT = typer.Option(help="Only what was recorded by then.")
MIX = typer.Option(help="Parts of input to parts of output.")


@commands.command("rankings")
def rankings_command(  # noqa: PLR0913, PLR0917 one parameter an option
    name: Annotated[
        str | None, typer.Argument(help="One ranking; without it, all of them.")
    ] = None,
    as_of: Annotated[str | None, AS_OF] = None,
    known_at: Annotated[str | None, KNOWN_AT] = None,
    mix: Annotated[str, MIX] = "3:1",
    alpha: Annotated[str, typer.Option(help="How much the price weighs, 0 to 4.")] = "0.5",
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 20,
) -> None:
    """List the declared rankings with who is first in each, or the models in one.

    A table in a terminal; piped, the JSON that GET /rankings answers.
    """
    from api.command_line import part_of, print_json
    from api.resources.rankings import DECLARED, RANKING

    given = {"as_of": as_of, "known_at": known_at, "mix": mix, "alpha": alpha}
    if name is None:
        declared = part_of(DECLARED, given)
        if sys.stdout.isatty():
            show_rows(DECLARED_HEADS, [_declared(one) for one in declared.items])
        else:
            print_json(DECLARED, declared)
        return
    places = part_of(RANKING, given | {"limit": limit}, {"name": name})
    if sys.stdout.isatty():
        show_rows(PLACE_HEADS, [_place(one) for one in places.items])
    else:
        print_json(RANKING, places)


@commands.command("index")
def index_command(  # noqa: PLR0913, PLR0917 one parameter an option
    png: Annotated[Path | None, typer.Option(help="Draw it to this file.")] = None,
    band: Annotated[
        str | None, typer.Option(help="Only all, budget, mid, premium or frontier.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="By this source's prices, instead of the official ones.")
    ] = None,
    as_of: Annotated[str | None, AS_OF] = None,
    known_at: Annotated[str | None, KNOWN_AT] = None,
    mix: Annotated[str, MIX] = "3:1",
) -> None:
    """Follow what the same models cost from month to month: 100 where it begins, by market tier.

    A table in a terminal; piped, the JSON that GET /index answers.
    """
    from api.command_line import part_of, print_json
    from api.listing import Part
    from api.resources.index import INDEX, Scope

    given = {"as_of": as_of, "known_at": known_at, "mix": mix, "source": source, "band": band}
    found = part_of(INDEX, given)
    points = sorted(found.items, key=lambda one: (list(Scope).index(one.band), one.point.at))
    if png is not None:
        _draw(png, points, source or "official", mix)
    elif sys.stdout.isatty():
        show_rows(("month", *_bands(points), "members", "moved"), _months(points))
    else:
        print_json(INDEX, Part(points, None, found.meta))


def _draw(png: Path, points: "Sequence[Point]", source: str, mix: str) -> None:
    from api.chart import draw

    try:
        draw(png, TITLE, _about(points, source, mix), _notes(points), _lines(points))
    except ValueError as error:
        typer.echo(f"Nothing was drawn: {error}.", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{png} is drawn.")


def _about(points: "Sequence[Point]", source: str, mix: str) -> str:
    """Say what is drawn, of when and by whose prices."""
    sources = {name for one in points for name in one.point.sources}
    whose = (
        f"{source} prices" if source != "official" else f"official prices of {len(sources)} sources"
    )
    days = sorted(one.point.at.date() for one in points)
    when = f", {days[0]} to {days[-1]}" if days else ""
    return f"Price index by {whose}, {mix} input to output{when}: 100 where a line begins"


def _notes(points: "Iterable[Point]") -> list[str]:
    """Say how it is made, and which bands there are."""
    bands = "; ".join(f"{one}: {one.meaning}" for one in dict.fromkeys(one.band for one in points))
    return [METHOD, f"By the price of 1M input tokens in USD: {bands}."]


def _lines(points: "Iterable[Point]") -> "list[Series]":
    """Make a line of each band; chains of different bases are not joined."""
    from api.chart import Series

    runs: dict[str, dict[datetime, list[Point]]] = {}
    for one in points:
        runs.setdefault(one.band, {}).setdefault(one.point.base, []).append(one)
    return [
        Series(band, [[(one.point.at, one.point.index) for one in run] for run in by_base.values()])
        for band, by_base in runs.items()
    ]


def _bands(points: "Iterable[Point]") -> list[str]:
    return list(dict.fromkeys(str(one.band) for one in points))


def _months(points: "Sequence[Point]") -> list[tuple[str, ...]]:
    """Lay the bands out side by side; the last columns count of the widest band."""
    by_month: dict[datetime, dict[str, Point]] = {}
    for one in points:
        by_month.setdefault(one.point.at, {})[str(one.band)] = one
    bands = _bands(points)
    return [_month(at, there, bands) for at, there in sorted(by_month.items())]


def _month(at: datetime, there: "Mapping[str, Point]", bands: Sequence[str]) -> tuple[str, ...]:
    widest = max(there.values(), key=lambda one: len(one.point.members)).point
    moved = sum(one.before != one.after for one in widest.members)
    return (
        at.date().isoformat(),
        *(f"{there[band].point.index:.2f}" if band in there else "" for band in bands),
        str(len(widest.members)),
        str(moved or ""),
    )


TITLE = "What the same models cost"
METHOD = (
    "Each model is compared with itself a month before, and each maker weighs the same:"
    " neither what comes nor what goes moves the index."
)
DECLARED_HEADS = ("ranking", "answers", "first")
PLACE_HEADS = ("#", "model", "by", "price", "quality", "value", "best for")


def _declared(one: "Declared") -> tuple[str, ...]:
    return (one.rule.name, one.rule.title, ", ".join(one.first))


def _place(one: "Place") -> tuple[str, ...]:
    standing = one.listing.standing
    return (
        str(one.place),
        one.listing.model.id,
        _short(one.key),
        "" if standing.blended is None else _short(standing.blended),
        "" if standing.quality is None else f"{standing.quality.index:.1f}",
        "" if standing.value is None else f"{standing.value:.1f}",
        ", ".join(one.listing.best_for),
    )


def _short(amount: Decimal) -> str:
    """Print an amount to at most four places."""
    return plain(round(amount, 4))
