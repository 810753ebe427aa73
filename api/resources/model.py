"""One model: how it stands, its prices, facts and names, and what its prices were before."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import create_model

from api.listing import Ask, Found, ListResource, Timed, json_response, mount
from api.problems import not_found
from api.questions import Text
from api.resources.model_list import MODELS
from api.resources.prices import COLUMNS, FILTERS, PRICES
from api.resources.ranking import RankedMeta, RankedThen, question, ranked_meta, told_in
from api.resources.risk import RiskOut, risk_of
from api.shapes import Meta, Moment, Shape
from api.state import OfViews
from catalog.current.facts import FactSeen
from catalog.identity import Alias, Identity, Model
from catalog.moments import print_moment
from catalog.past.history import Price
from catalog.vocabulary import Edge


class FactOut(Shape):
    """Something a source states of a model."""

    name: str
    value: str
    source: str
    printed: str
    evidence: str
    seen_at: Moment


class AliasOut(Shape):
    """A printed name of a model."""

    source: str
    """Whose name it is; `*` is anyone's."""
    printed: str
    edge: Edge
    why: str


ModelDetail = create_model(
    "ModelDetail",
    __base__=MODELS.row,
    prices=(list[PRICES.row], ...),  # type: ignore[name-defined] # a type made at run time
    facts=(list[FactOut], ...),
    aliases=(list[AliasOut], ...),
    risk=(RiskOut, ...),
    meta=(RankedMeta, ...),
)
router = APIRouter()


@router.get("/models/{maker}/{name}", response_model=ModelDetail, name="show_model")
def show_model(
    maker: Text, name: Text, asked: Annotated[RankedThen, Query()], views: OfViews
) -> Response:
    """Show one model: its standing, every price that holds, facts, names, and its prices' risk."""
    look = views.look(asked.as_of, asked.known_at)
    view, weighed = look.view, question(look, asked)
    model = known_model(view.identity, maker, name)
    listing = look.listing(model, weighed)
    (told,) = told_in(look, weighed, asked.currency)((listing,))
    aliases = [alias(one) for one in view.identity.aliases if one.model == model.id]
    facts = [fact(one) for one in view.facts_of.get(model.id, ())]
    return json_response(
        MODELS.rows.nested(told)
        | {
            "prices": [PRICES.rows.nested(one) for one in view.by_model.get(model.id, ())],
            "facts": [one.model_dump(mode="json") for one in facts],
            "aliases": [one.model_dump(mode="json") for one in aliases],
            "risk": risk_of(views, look, listing).model_dump(mode="json"),
            "meta": ranked_meta(look, weighed, asked.currency).model_dump(mode="json"),
        }
    )


def _find_history(ask: Ask[Timed]) -> Found[Price]:
    """Find all that a model's prices were, are and will be; until a moment, where one is asked."""
    model = known_model(ask.views.identity, ask.path["maker"], ask.path["name"])
    then = ask.views.past(model.id, as_of=ask.question.as_of, known_at=ask.known_at)
    meta = Meta(sequence=then.sequence, as_of=then.as_of, known_at=then.known_at)
    return Found(then.prices, meta)


HISTORY = ListResource(
    "PastPrice",
    COLUMNS,
    lambda one: f"{one.series} {print_moment(one.valid_from)}",
    _find_history,
    Timed,
    sort="series,-valid_from",
    filters=FILTERS,
)
mount(
    router,
    "/models/{maker}/{name}/history",
    HISTORY,
    "List what each price of a model was from when on, announced and ended ones too.",
)


def known_model(identity: Identity, maker: str, name: str) -> Model:
    """Find a maker's model by its name however typed; raise a problem with what looks alike."""
    asked = f"{maker}/{name}"
    match = identity.resolve(asked) or identity.resolve(name)
    if match is None or match.model.maker != maker.casefold():
        alike = [match.model] if match else identity.candidates(name)
        raise not_found(f"{asked} is no known model", [one.id for one in alike])
    return match.model


def fact(one: FactSeen) -> FactOut:
    """Give a fact."""
    return FactOut(
        name=one.name,
        value=one.value,
        source=one.source,
        printed=one.printed,
        evidence=one.evidence,
        seen_at=one.seen_at,
    )


def alias(one: Alias) -> AliasOut:
    """Give a declared name."""
    return AliasOut(source=one.source, printed=one.printed, edge=one.edge, why=one.why)
