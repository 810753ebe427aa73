"""All tables of the catalog in one place: what the migrations build."""

from catalog import assertions, changes, facts, holds, registry, revisions, snapshots
from catalog.store import Base

METADATA = Base.metadata
HELD_IN = (assertions, changes, facts, holds, registry, revisions, snapshots)
"""The modules that declare them; importing them is what fills the metadata."""
