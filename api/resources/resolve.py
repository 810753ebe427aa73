"""Which model a name means."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.questions import Question, Text
from api.shapes import Shape
from api.state import OfViews
from catalog.identity import Match, Model
from catalog.vocabulary import Edge


class ResolveQuestion(Question):
    """Of /resolve."""

    id: Annotated[Text, Field(min_length=1, examples=["claude-opus-4-7"])]
    """A model's name or id, as printed or typed."""
    source: Text | None = None
    """Whose name it is."""


class ResolvedOut(Shape):
    """The model that a name means; all but `candidates` null where it means none."""

    id: str
    """As asked."""
    model: str | None
    name: str | None
    maker: str | None
    kind: str | None
    edge: Edge | None
    why: str
    candidates: list[str]
    """Known models whose names look alike, where the name means none; never a match."""


router = APIRouter()


@router.get("/resolve", name="resolve")
def resolve(asked: Annotated[ResolveQuestion, Query()], views: OfViews) -> ResolvedOut:
    """Say which model a name means; where it means none, `model` is null: never a guess."""
    match = views.identity.resolve(asked.id, asked.source)
    if match is None:
        return _unresolved(asked.id, views.identity.candidates(asked.id))
    return _resolved(asked.id, match)


def _resolved(asked: str, match: Match) -> ResolvedOut:
    return ResolvedOut(
        id=asked,
        model=match.model.id,
        name=match.model.name,
        maker=match.model.maker,
        kind=match.model.kind,
        edge=match.edge,
        why=match.why,
        candidates=[],
    )


def _unresolved(asked: str, alike: Iterable[Model]) -> ResolvedOut:
    return ResolvedOut(
        id=asked,
        model=None,
        name=None,
        maker=None,
        kind=None,
        edge=None,
        why="no table or rule maps this name to a model",
        candidates=[model.id for model in alike],
    )
