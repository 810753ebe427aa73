"""All tables of the catalog in one place: what the migrations build."""

from sqlmodel import SQLModel

from catalog import (
    adoptions,
    api_keys,
    assertions,
    chain,
    changes,
    corrections,
    holds,
    observations,
    registry,
    renamings,
    revisions,
    snapshots,
    subscriptions,
)

METADATA = SQLModel.metadata
HELD_IN = (
    adoptions,
    api_keys,
    assertions,
    chain,
    changes,
    corrections,
    holds,
    observations,
    registry,
    renamings,
    revisions,
    snapshots,
    subscriptions,
)
"""The modules that declare them; importing them is what fills the metadata."""
