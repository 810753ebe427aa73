"""Routing: shares of the traffic, each to the cheapest model that is good enough for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog.estimating.estimate import Estimate
from catalog.estimating.workload import Workload, WorkloadError

Reckon = Callable[[Workload], Sequence[Estimate]]
"""Reckons a workload on every model that is admitted."""


@dataclass(frozen=True)
class Route:
    """A share of the requests, how good its model must be, and what its requests hold."""

    share: Decimal
    min_quality: Decimal
    """Of the quality index; 0 admits models without one, too."""
    input_tokens: int | None = None
    """None: as the whole workload says."""
    output_tokens: int | None = None


@dataclass(frozen=True)
class Routed:
    """A route with the requests it takes and the cheapest model for them."""

    route: Route
    workload: Workload | None
    """None where the share is too small for one request."""
    best: Estimate | None
    """None where no model that is good enough has a known total."""


@dataclass(frozen=True)
class Plan:
    """A workload over routes, beside one model for all of it."""

    routes: tuple[Routed, ...]
    total: Decimal | None
    """None where a route has no model."""
    single: tuple[Estimate, ...]
    """Of the cheapest model that is good enough for every route, one estimate a route."""
    single_total: Decimal | None

    @property
    def saving(self) -> Decimal | None:
        """What the routes cost less than the one model."""
        if self.total is None or self.single_total is None:
            return None
        return self.single_total - self.total


def plan(
    workload: Workload, routes: Sequence[Route], reckon: Reckon, against: str | None = None
) -> Plan:
    """Find the cheapest model for each route, and one for all: the cheapest, or the one named.

    Raises WorkloadError for shares that do not sum to 1.
    """
    _refuse_other_than_one(routes)
    divided = _divided(workload, routes)
    reckoned = [(one, () if one is None else reckon(one)) for one in divided]
    routed = tuple(
        Routed(route, part, _cheapest(found, route.min_quality))
        for route, (part, found) in zip(routes, reckoned, strict=True)
    )
    floor = max(route.min_quality for route in routes)
    wanted = [found for part, found in reckoned if part is not None]
    single = _single(wanted, floor, against)
    return Plan(routed, _sum_of_routes(routed), single, _sum(single))


def _refuse_other_than_one(routes: Sequence[Route]) -> None:
    whole = sum((route.share for route in routes), Decimal(0))
    if whole != 1:
        raise WorkloadError("route", f"the shares sum to {whole}; they must sum to exactly 1")


def _divided(workload: Workload, routes: Sequence[Route]) -> list[Workload | None]:
    """Divide the requests by the shares; whole ones, none of them lost."""
    ends, share = [0], Decimal(0)
    for route in routes:
        share += route.share
        ends.append(round(workload.requests * share))
    return [
        _part(workload, route, after - before)
        for route, before, after in zip(routes, ends, ends[1:], strict=False)
    ]


def _part(workload: Workload, route: Route, requests: int) -> Workload | None:
    if not requests:
        return None
    inputs = workload.input_tokens if route.input_tokens is None else route.input_tokens
    outputs = workload.output_tokens if route.output_tokens is None else route.output_tokens
    return replace(workload, requests=requests, input_tokens=inputs, output_tokens=outputs)


def good_enough(estimate: Estimate, floor: Decimal) -> bool:
    """Tell whether a model reaches a floor; one without scores reaches none but 0."""
    quality = estimate.listing.standing.quality
    return not floor or (quality is not None and quality.index >= floor)


def _cheapest(found: Sequence[Estimate], floor: Decimal) -> Estimate | None:
    admitted = [one for one in found if one.total is not None and good_enough(one, floor)]
    return min(admitted, key=lambda one: (one.total, one.id), default=None)


def _single(
    reckoned: Sequence[Sequence[Estimate]], floor: Decimal, against: str | None
) -> tuple[Estimate, ...]:
    """Find the one offer that takes every route for the least."""
    by_offer: dict[str, list[Estimate]] = {}
    for found in reckoned:
        for one in found:
            by_offer.setdefault(one.id, []).append(one)
    whole = [
        some
        for some in by_offer.values()
        if len(some) == len(reckoned)
        and _sum(some) is not None
        and (good_enough(some[0], floor) if against is None else _is(some[0], against))
    ]
    ordered = sorted(whole, key=lambda some: (_sum(some), some[0].id))
    return tuple(ordered[0]) if ordered else ()


def _is(estimate: Estimate, model: str) -> bool:
    return estimate.listing.model.id == model


def _sum(some: Sequence[Estimate]) -> Decimal | None:
    totals = [one.total for one in some if one.total is not None]
    return sum(totals, Decimal(0)) if some and len(totals) == len(some) else None


def _sum_of_routes(routed: Sequence[Routed]) -> Decimal | None:
    taken = [one for one in routed if one.workload is not None]
    best = [one.best for one in taken if one.best is not None]
    return _sum(best) if len(best) == len(taken) else None
