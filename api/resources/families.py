"""What each generation of a line of models cost from its release on, and the step to the next."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from api.problems import not_found
from api.questions import Text, Times
from api.shapes import Amount, Meta, Moment, Shape
from api.state import OfViews
from catalog.current.look import Look
from catalog.current.view import Views
from catalog.identity import Identity, Model, slug
from catalog.money import plain
from catalog.past.price_paths import Path
from catalog.trends.families import Change, Generation, Known, Line, Priced, line
from catalog.trends.lines import line_of, members


class PricedOut(Shape):
    """What a model cost from a moment on: its maker's reference price, in USD per 1M tokens."""

    since: Moment
    input: Amount
    output: Amount
    blended: Amount
    """At 3:1."""
    stated_in: str
    """The currency it is stated in; of another than USD, the amounts are by the rate of the day."""
    stated_input: Amount
    stated_output: Amount


class ChangeOut(Shape):
    """New price / old price - 1, in the currency that both are stated in, else in USD.

    null where the old one was zero.
    """

    input: Amount | None
    output: Amount | None
    blended: Amount | None


class GenerationOut(Shape):
    """One model of a line."""

    model: str
    name: str
    released_on: date | None
    """The middle one of the days that sources state; of two, the later."""
    retired_from: Moment | None
    prices: list[PricedOut]
    """In order of time; the first is that of first sight, which may lie after the release."""
    before: str | None
    """The generation before it that has a price."""
    step: ChangeOut | None
    """From that one's price to its own, at the first moment at which both are known."""
    since_first: ChangeOut | None
    """From the first price of the line to its own first."""


class LineOut(Shape):
    """The generations of one line, in order of release; of version where none is known."""

    line: str
    generations: list[GenerationOut]


class FamilyOut(Shape):
    """The lines of a family."""

    maker: str
    family: str
    data: list[LineOut]
    next: None = None
    meta: Meta


router = APIRouter()


@router.get("/families/{maker}/{family}", name="show_family")
def show_family(
    maker: Text, family: Text, asked: Annotated[Times, Query()], views: OfViews
) -> FamilyOut:
    """Show what each generation cost from its release on, and the step from one to the next.

    A family is a line of models, `claude-opus` or `gpt-mini`, or a family of several lines.
    """
    look = views.look(asked.as_of, asked.known_at)
    found = _members(look.view.identity, slug(maker), slug(family))
    known_of = _known(views, look)
    lines_out = [line(name, some, known_of, look.as_of) for name, some in found.items()]
    return FamilyOut(
        maker=slug(maker),
        family=slug(family),
        data=[_line(one) for one in lines_out if one.generations],
        meta=Meta(sequence=look.view.sequence, as_of=look.as_of, known_at=look.known_at),
    )


def _members(identity: Identity, maker: str, family: str) -> Mapping[str, list[Model]]:
    """Find the models of each line; raise a problem that names what there is."""
    models = identity.models.values()
    found = members(models, maker, family)
    if found:
        return found
    lines = {name for one in models if one.maker == maker and (name := line_of(one))}
    if lines:
        known = ", ".join(sorted(lines))
        raise not_found(f"{family} is no line or family of {maker}; there are {known}")
    makers = ", ".join(sorted({one.maker for one in models}))
    raise not_found(f"{maker} is no known maker; there are {makers}")


def _known(views: Views, look: Look) -> Known:
    market = views.market(look)
    by_model: dict[str, list[Path]] = {}
    for path in market.paths:
        by_model.setdefault(path.model, []).append(path)
    return Known(by_model, look.view.facts_of, market.retired, market.rates)


def _line(one: Line) -> LineOut:
    return LineOut(line=one.name, generations=[_generation(each) for each in one.generations])


def _generation(one: Generation) -> GenerationOut:
    return GenerationOut(
        model=one.model.id,
        name=one.model.name,
        released_on=one.released,
        retired_from=one.retired,
        prices=[_priced(each) for each in one.prices],
        before=one.before,
        step=_change(one.step),
        since_first=_change(one.since_first),
    )


def _priced(one: Priced) -> PricedOut:
    return PricedOut(
        since=one.since,
        input=plain(one.usd.input),
        output=plain(one.usd.output),
        blended=plain(one.usd.blended),
        stated_in=one.currency,
        stated_input=plain(one.stated.input),
        stated_output=plain(one.stated.output),
    )


def _change(one: Change | None) -> ChangeOut | None:
    if one is None:
        return None
    return ChangeOut(
        input=None if one.input is None else plain(one.input),
        output=None if one.output is None else plain(one.output),
        blended=None if one.blended is None else plain(one.blended),
    )
