"""The command ``tokentape estimate``."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from catalog.money import plain
from catalog.printing import show_rows

if TYPE_CHECKING:
    from api.resources.estimate_routing import RoutedOut, Routing
    from catalog.estimating import Estimate

commands = typer.Typer()

AS_OF = typer.Option(help="What held then: a date or RFC 3339.")
KNOWN_AT = typer.Option(help="Only what was recorded by then.")


@commands.command("estimate")
def estimate_command(  # noqa: PLR0913, PLR0917 one parameter an option
    requests: Annotated[int, typer.Option(help="How many a month.")],
    input_tokens: Annotated[int, typer.Option(help="Of one request, cached ones too.")] = 0,
    output_tokens: Annotated[int, typer.Option(help="Of one answer, without reasoning.")] = 0,
    cached_share: Annotated[str, typer.Option(help="Of the input, read from a cache.")] = "0",
    written_share: Annotated[str, typer.Option(help="Of the input, written to a cache.")] = "0",
    batch_share: Annotated[str, typer.Option(help="Of the requests, sent in batches.")] = "0",
    reasoning_tokens: Annotated[int | None, typer.Option(help="Beside the output.")] = None,
    searches: Annotated[str, typer.Option(help="Web searches of one request.")] = "0",
    region: Annotated[str, typer.Option(help="Where it must run.")] = "",
    currency: Annotated[str, typer.Option(help="That totals are told in.")] = "USD",
    provider: Annotated[
        str | None, typer.Option(help="Who sells it, `any` for everyone; else the maker.")
    ] = None,
    models: Annotated[str | None, typer.Option(help="Only these, with commas between.")] = None,
    min_quality: Annotated[str | None, typer.Option(help="Of the quality index.")] = None,
    min_context: Annotated[int | None, typer.Option(help="Tokens.")] = None,
    capability: Annotated[str | None, typer.Option(help="vision, function_calling …")] = None,
    route: Annotated[
        list[str] | None,
        typer.Option(help="A share and its least quality, 0.7:80; repeat it: shares sum to 1."),
    ] = None,
    as_of: Annotated[str | None, AS_OF] = None,
    known_at: Annotated[str | None, KNOWN_AT] = None,
    limit: Annotated[int, typer.Option(help="How many.", min=1, max=1000)] = 20,
) -> None:
    """Reckon what a month of use would cost on every model; or routed over several, by --route.

    A table in a terminal; piped, the JSON that GET /estimate answers.
    """
    from api.command_line import part_of, print_json
    from api.resources.estimate import ESTIMATE

    use = {
        "requests": requests,
        "input_tokens": input_tokens,
        "output_tokens": output_tokens,
        "cached_share": cached_share,
        "written_share": written_share,
        "batch_share": batch_share,
        "reasoning_tokens": reasoning_tokens,
        "searches": searches,
        "region": region,
        "currency": currency,
        "provider": provider,
        "models": models,
        "min_context": min_context,
        "capability": capability,
        "as_of": as_of,
        "known_at": known_at,
    }
    if route:
        if min_quality is not None:
            raise typer.BadParameter("each --route has its own", param_hint="--min-quality")
        _print_routing(use | {"route": route})
        return
    part = part_of(ESTIMATE, use | {"min_quality": min_quality, "limit": limit})
    if sys.stdout.isatty():
        show_rows(ESTIMATE_HEADS, [_estimate(one) for one in part.items])
    else:
        print_json(ESTIMATE, part)


ESTIMATE_HEADS = ("model", "sold by", "a month", "a request", "quality", "to be known")
ROUTE_HEADS = ("share", "from quality", "model", "quality", "a month")


def _print_routing(given: dict[str, object]) -> None:
    from api.command_line import answer_of
    from api.resources.estimate_routing import RoutingAsked, estimate_routing

    routing = answer_of(RoutingAsked, given, estimate_routing)
    if not sys.stdout.isatty():
        typer.echo(routing.model_dump_json())
        return
    show_rows(ROUTE_HEADS, [_route(one) for one in routing.routes])
    for line in _in_words(routing):
        typer.echo(line)


def _in_words(routing: "Routing") -> Iterable[str]:
    yield f"All routes: {routing.total or 'not known'} {routing.currency} a month."
    if routing.single is None:
        yield "No one model takes all routes at a known price."
    else:
        yield f"One model for all, {routing.single.model}: {routing.single.total}."
        yield f"Saving: {routing.saving or 'not known'}."


def _route(one: "RoutedOut") -> tuple[str, ...]:
    found = one.model or one.reason or ""
    return (one.share, one.min_quality, found, one.quality or "", one.total or "")


def _estimate(one: "Estimate") -> tuple[str, ...]:
    quality = one.listing.standing.quality
    return (
        one.listing.model.id,
        one.seller,
        "" if one.total is None else f"{one.total:,.2f} {one.told.currency}",
        "" if one.per_request is None else plain(one.per_request),
        "" if quality is None else f"{quality.index:.1f}",
        one.reason or "; ".join(one.warnings),
    )
