"""All tables of the catalog in one place: what the migrations build."""

from sqlmodel import SQLModel

from catalog import (
    assertions,
    chain,
    changes,
    corrections,
    facts,
    holds,
    registry,
    renamings,
    revisions,
    snapshots,
)

METADATA = SQLModel.metadata
HELD_IN = (
    assertions,
    chain,
    changes,
    corrections,
    facts,
    holds,
    registry,
    renamings,
    revisions,
    snapshots,
)
"""The modules that declare them; importing them is what fills the metadata."""
