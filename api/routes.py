"""Every route: each resource's own."""

from fastapi import APIRouter

from api.feeds import routes as feeds
from api.resources import (
    changes,
    compare,
    cost,
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
    rankings,
    index,
    compare,
    families,
    meta,
    health,
)
router = APIRouter()
for resource in RESOURCES:
    router.include_router(resource.router)
