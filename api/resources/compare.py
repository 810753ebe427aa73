"""Models side by side: what each costs, can do and is worth, and in what they differ."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.problems import not_found, refuse_parameter
from api.questions import Times
from api.resources.ranking import Ranked, RankedMeta, question, ranked_meta
from api.shapes import Shape
from api.state import OfViews
from catalog.current.comparison import Row, Side, Topic, compare
from catalog.current.listings import Listing
from catalog.current.look import Look
from catalog.identity import Identity, Model
from catalog.ranking import CURRENCY

FEWEST, MOST = 2, 12


class CompareQuestion(Ranked, Times):
    """Of /compare."""

    models: Annotated[
        str,
        Field(
            max_length=2000,
            examples=["claude-opus-4.7,openai/gpt-5.4"],
            json_schema_extra={"pattern": "^[^,]+(,[^,]+){1,11}$"},
        ),
    ]
    """Names or ids of models, with commas between."""


class RowOut(Shape):
    """One thing, and what it is for each model."""

    topic: Topic
    name: str
    unit: str
    values: dict[str, str | None]
    """By model; null: not known, which is no difference."""
    differs: bool


class Compared(Shape):
    """Models side by side."""

    models: list[str]
    """Their ids, in the order asked for."""
    data: list[RowOut]
    differs: list[str]
    """The names of the rows in which two of them are known to differ."""
    next: None = None
    meta: RankedMeta


router = APIRouter()


@router.get("/compare", name="compare")
def compare_models(asked: Annotated[CompareQuestion, Query()], views: OfViews) -> Compared:
    """Put models side by side: prices by tier and meter, worth, scores, facts, and what differs."""
    look = views.look(asked.as_of, asked.known_at)
    weighed = question(look, asked)
    models = _named(look.view.identity, asked.models)
    sides = [_side(look, look.listing(model, weighed)) for model in models]
    rows = compare(sides, look.view.rates, look.as_of)
    ids = [model.id for model in models]
    return Compared(
        models=ids,
        data=[_row(row, ids) for row in rows],
        differs=[row.name for row in rows if row.differs],
        meta=ranked_meta(look, weighed, CURRENCY),
    )


def _named(identity: Identity, text: str) -> list[Model]:
    """Find the models named, each once; raise a problem that names what is none."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    found = {name: identity.resolve(name) for name in names}
    unknown = [name for name, match in found.items() if match is None]
    if unknown:
        alike = [one.id for name in unknown for one in identity.candidates(name)]
        told = ", ".join(unknown)
        raise not_found(f"no known model: {told}; ask /resolve?id= which one is meant", alike)
    models = list({match.model.id: match.model for match in found.values() if match}.values())
    if not FEWEST <= len(models) <= MOST:
        there = ", ".join(model.id for model in models) or "nothing"
        detail = f"names {there}; name {FEWEST} to {MOST} different models, with commas between"
        raise refuse_parameter("models", detail)
    return models


def _side(look: Look, listing: Listing) -> Side:
    model = listing.model
    return Side(listing, look.view.subject(model).quotes, look.view.facts_of.get(model.id, ()))


def _row(row: Row, ids: list[str]) -> RowOut:
    return RowOut(
        topic=row.topic,
        name=row.name,
        unit=row.unit,
        values=dict(zip(ids, row.values, strict=True)),
        differs=row.differs,
    )
