"""Which model a name means."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.questions import Moment, Question, Text
from api.shapes import Shape
from api.state import OfViews
from catalog.identity.answers import answer
from catalog.moments import utc_now
from catalog.vocabulary import Edge


class ResolveQuestion(Question):
    """Of /resolve."""

    id: Annotated[Text, Field(min_length=1, examples=["claude-opus-4-7"])]
    """A model's name or id, as printed or typed."""
    source: Text | None = None
    """Whose name it is."""
    as_of: Moment | None = None
    """Of a name that its owner moves: which model it pointed at then. Now, unless given."""


class TargetOut(Shape):
    """What a name that its owner moves pointed at, from a day on."""

    model: str
    since: date | None
    until: date | None
    """The day from which it pointed elsewhere; null: it does still."""
    source: str
    """Where that is stated."""


class ResolvedOut(Shape):
    """The model that a name means; what says more of it is null where it means none."""

    id: str
    """As asked."""
    model: str | None
    name: str | None
    maker: str | None
    kind: str | None
    provider: str | None
    """Who sells it, where the name says so: `bedrock` of `us.anthropic.…`."""
    edge: Edge | None
    why: str
    tier: str | None
    """The service tier that the name says, such as `batch`."""
    region: str | None
    """The region that the name says, such as `us`."""
    variant: str | None
    """What else the name says of the offer: a number format, `free`, `thinking` …"""
    candidates: list[str]
    """Known models whose names look alike, where the name means none; never a match."""
    points_at: str | None
    """The model that a name which its owner moves points at, at `as_of`, where that is stated."""
    targets: list[TargetOut]
    """What a name that its owner moves pointed at, and when; empty for other names."""


router = APIRouter()


@router.get("/resolve", name="resolve")
def resolve(asked: Annotated[ResolveQuestion, Query()], views: OfViews) -> ResolvedOut:
    """Say which model a name means; where it means none, `model` is null: never a guess.

    Names are read by what is declared of them today, at whatever moment a price is asked for.
    `targets` says what a name that moves pointed at, and when; with `as_of`, `model` is the one
    it pointed at then, and null where nobody states that.
    """
    day = (asked.as_of or utc_now()).date()
    said = answer(views.identity, asked.id, day, asked.source)
    targets = [
        TargetOut(model=one.model, since=one.since, until=one.until, source=one.source)
        for one in said.targets
    ]
    return ResolvedOut(
        id=said.id,
        model=said.model,
        name=said.name,
        maker=said.maker,
        kind=said.kind,
        provider=said.provider,
        edge=said.edge,
        why=said.why,
        tier=said.tier,
        region=said.region,
        variant=said.variant,
        candidates=list(said.candidates),
        points_at=said.points_at,
        targets=targets,
    )
