"""Every route: each resource's own."""

from fastapi import APIRouter

from api.resources import (
    changes,
    compare,
    cost,
    families,
    health,
    holds,
    index,
    model,
    models,
    prices,
    providers,
    rankings,
    resolve,
    snapshots,
    sources,
)

RESOURCES = (
    models,
    model,
    prices,
    providers,
    sources,
    holds,
    changes,
    snapshots,
    resolve,
    cost,
    rankings,
    index,
    compare,
    families,
    health,
)
router = APIRouter()
for resource in RESOURCES:
    router.include_router(resource.router)
