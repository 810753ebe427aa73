"""Every route: each resource's own."""

from fastapi import APIRouter

from api.feeds import routes as feeds
from api.resources import (
    changes,
    compare,
    cost,
    deliveries,
    discrepancies,
    estimate,
    estimate_routing,
    exports,
    families,
    health,
    holds,
    index,
    meta,
    model,
    model_list,
    offers,
    prices,
    providers,
    rankings,
    report,
    resolve,
    snapshots,
    sources,
    subscriptions,
)

RESOURCES = (
    model_list,
    model,
    offers,
    prices,
    providers,
    sources,
    holds,
    changes,
    feeds,
    snapshots,
    resolve,
    report,
    cost,
    estimate,
    estimate_routing,
    discrepancies,
    rankings,
    index,
    compare,
    families,
    exports,
    subscriptions,
    deliveries,
    meta,
    health,
)
router = APIRouter()
for resource in RESOURCES:
    router.include_router(resource.router)
