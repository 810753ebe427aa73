"""All tables of the catalog in one place: what the migrations build."""

from catalog import assertions, changes, registry, revisions, snapshots
from catalog.store import Base

__all__ = ["METADATA", "assertions", "changes", "registry", "revisions", "snapshots"]

METADATA = Base.metadata
