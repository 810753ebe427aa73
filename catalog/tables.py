"""All tables of the catalog in one place: what the migrations build."""

from sqlmodel import SQLModel

from catalog.current import observations
from catalog.documents import snapshots
from catalog.events import changes
from catalog.identity import adoptions, registry, renamings
from catalog.past import assertions, revisions
from catalog.review import corrections, holds
from catalog.sealing import chain
from catalog.subscribing import api_keys, subscriptions

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
