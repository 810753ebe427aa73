"""What a month of use would cost if each share of it went to the cheapest model good enough."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.listing import meta_of
from api.problems import not_found, refuse_parameter
from api.questions import Text, Times
from api.resources.estimating import (
    EstimateItemOut,
    Use,
    items_of,
    listings_named,
    reckoned,
    workload_of,
)
from api.shapes import Amount, Meta, Shape
from api.state import OfViews
from catalog.current.listings import Listing
from catalog.current.traits import Capability
from catalog.estimating import Estimate, Plan, Route, Routed, WorkloadError, plan
from catalog.identity import Identity
from catalog.money import plain

MOST_ROUTES = 20
SHOWN = r"^(1|0?\.[0-9]{0,9}[1-9]):[0-9]{1,3}(\.[0-9]{1,4})?(:[0-9]{1,8}(:[0-9]{1,8})?)?$"
"""The forms of a route as they are described."""


class RoutingAsked(Use, Times):
    """Of /estimate/routing."""

    route: Annotated[
        list[Annotated[str, Field(max_length=60, json_schema_extra={"pattern": SHOWN})]],
        Field(min_length=1, max_length=MOST_ROUTES, examples=[["0.7:80", "0.3:100:4000:800"]]),
    ]
    """A share of the requests and the least quality of its model, `0.7:80`, repeated; and, with
    colons between, input and output tokens of its own. The shares sum to 1."""
    against: Text | None = None
    """The one model to compare with; unless given, the cheapest good enough for every route."""
    maker: Text | None = None
    """Only models of these makers, with commas between."""
    capability: Text | None = None
    """Only models that can do all of this, with commas between."""
    input_modality: Text | None = None
    """Only models that take all of this, with commas between."""
    output_modality: Text | None = None
    """Only models that give all of this, with commas between."""
    min_context: Annotated[int, Field(ge=0, le=10**12)] | None = None
    """Only models with at least this context window."""
    open_weights: bool | None = None
    """Only models whose weights can be had, or only others."""


class RoutedOut(Shape):
    """A route, and the cheapest model that is good enough for it."""

    share: str
    min_quality: str
    requests: int
    input_tokens: int
    output_tokens: int
    model: str | None
    """null: none that is good enough has a known total."""
    seller: str | None
    quality: str | None
    total: Amount | None
    items: list[EstimateItemOut]
    warnings: list[str]
    reason: str | None
    """Why there is no model."""


class SingleOut(Shape):
    """One model for all routes."""

    model: str
    seller: str
    quality: str | None
    total: Amount


class Routing(Shape):
    """A month of use over routes, beside one model for all of it."""

    routes: list[RoutedOut]
    total: Amount | None
    """null where a route has no model."""
    currency: str
    single: SingleOut | None
    """null: no one model takes all routes at a known price."""
    saving: Amount | None
    """What the routes cost less than the one model."""
    saving_share: Amount | None
    """The same as a share of what the one model costs, to 4 places."""
    meta: Meta


router = APIRouter()


@router.get("/estimate/routing", name="estimate_routing")
def estimate_routing(asked: Annotated[RoutingAsked, Query()], views: OfViews) -> Routing:
    """Route shares of a month's requests, each to the cheapest model that is good enough for it."""
    look = views.look(asked.as_of, asked.known_at)
    admitted = _admitted(listings_named(look, asked.models), asked)
    reckon = reckoned(views, look, asked, admitted)
    routes = [_route(text) for text in asked.route]
    against = None if asked.against is None else _known(look.view.identity, asked.against)
    try:
        planned = plan(workload_of(asked), routes, reckon, against)
    except WorkloadError as error:
        raise refuse_parameter(error.part, str(error)) from None
    return _shown(planned, asked.currency, meta_of(look))


def _route(text: str) -> Route:
    found = WRITTEN.fullmatch(text)
    if found is None or not 0 < Decimal(found["share"]) <= 1:
        raise refuse_parameter("route", f"{text!r} is no route; {HOW}")
    tokens = (None if part is None else int(part) for part in found.group("inputs", "outputs"))
    return Route(Decimal(found["share"]), Decimal(found["quality"]), *tokens)


WRITTEN = re.compile(
    r"(?P<share>[01]|0?\.[0-9]{1,10}):(?P<quality>[0-9]{1,3}(?:\.[0-9]{1,4})?)"
    r"(?::(?P<inputs>[0-9]{1,8})(?::(?P<outputs>[0-9]{1,8}))?)?"
)
HOW = (
    "write a share above 0 and up to 1 and the least quality, as in 0.7:80,"
    " and if need be input and output tokens of its own: 0.7:80:4000:800"
)


def _known(identity: Identity, name: str) -> str:
    match = identity.resolve(name)
    if match is None:
        alike = [model.id for model in identity.candidates(name)]
        raise not_found(f"against: no known model is called {name}; name a known one", alike)
    return match.model.id


def _admitted(listings: Sequence[Listing], asked: RoutingAsked) -> Iterable[Listing]:
    makers, can = _words(asked.maker), _capabilities(asked.capability)
    takes, gives = _words(asked.input_modality), _words(asked.output_modality)
    for one in listings:
        if (
            (not makers or one.model.maker in makers)
            and can <= one.capabilities
            and takes <= one.inputs
            and gives <= one.outputs
            and (asked.open_weights is None or one.open_weights is asked.open_weights)
            and (asked.min_context is None or (one.context or -1) >= asked.min_context)
        ):
            yield one


def _capabilities(text: str | None) -> frozenset[str]:
    words = _words(text)
    unknown = sorted(words.difference(Capability))
    if unknown:
        detail = f"{', '.join(unknown)} is no capability; known are {', '.join(Capability)}"
        raise refuse_parameter("capability", detail)
    return words


def _words(text: str | None) -> frozenset[str]:
    return frozenset(word.strip() for word in (text or "").split(",") if word.strip())


def _shown(planned: Plan, currency: str, meta: Meta) -> Routing:
    single, saving = planned.single_total, planned.saving
    share = None if not single or saving is None else (saving / single).quantize(Decimal("1E-4"))
    return Routing(
        routes=[_routed(one) for one in planned.routes],
        total=None if planned.total is None else plain(planned.total),
        currency=currency,
        single=None if single is None else _single(planned.single[0], single),
        saving=None if saving is None else plain(saving),
        saving_share=None if share is None else plain(share),
        meta=meta,
    )


def _routed(one: Routed) -> RoutedOut:
    best, workload = one.best, one.workload
    return RoutedOut(
        share=plain(one.route.share),
        min_quality=plain(one.route.min_quality),
        requests=workload.requests if workload else 0,
        input_tokens=workload.input_tokens if workload else 0,
        output_tokens=workload.output_tokens if workload else 0,
        model=best.listing.model.id if best else None,
        seller=best.seller if best else None,
        quality=_quality(best) if best else None,
        total=None if best is None or best.total is None else plain(best.total),
        items=items_of(best) if best else [],
        warnings=list(best.warnings) if best else [],
        reason=None if best else _why(one),
    )


def _why(one: Routed) -> str:
    if one.workload is None:
        return "the share is less than one request"
    return f"no model of quality {one.route.min_quality} or more has a known total for it"


def _quality(estimate: Estimate) -> str | None:
    quality = estimate.listing.standing.quality
    return plain(quality.index) if quality else None


def _single(first: Estimate, total: Decimal) -> SingleOut:
    return SingleOut(
        model=first.listing.model.id,
        seller=first.seller,
        quality=_quality(first),
        total=plain(total),
    )
