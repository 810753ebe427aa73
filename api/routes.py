"""Every route: each resource's own."""

from fastapi import APIRouter

from api.resources import (
    changes,
    cost,
    health,
    holds,
    model,
    models,
    prices,
    providers,
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
    health,
)
router = APIRouter()
for resource in RESOURCES:
    router.include_router(resource.router)
