"""Let what comes next, what moved last and what fails be sought, however long history is."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("superseded IS NULL")
OF_NO_REVISION = sa.text("revision_id IS NULL")


def upgrade() -> None:
    """Make the indexes; the one of announced prices anew, so that SQLite finds a use for it."""
    op.drop_index("revisions_announced", "revisions")
    op.create_index(
        "revisions_announced",
        "revisions",
        ["announced", "valid_from"],
        sqlite_where=sa.text("announced = 1 AND superseded IS NULL"),
        postgresql_where=sa.text("announced AND superseded IS NULL"),
    )
    op.create_index(
        "revisions_by_day",
        "revisions",
        ["valid_from"],
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_index(
        "revisions_amounts",
        "revisions",
        ["series_id", "valid_from", "amount"],
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_index("change_events_by_model", "change_events", ["model", "valid_from"])
    op.create_index(
        "change_events_of_no_revision",
        "change_events",
        ["source_id", "type"],
        sqlite_where=OF_NO_REVISION,
        postgresql_where=OF_NO_REVISION,
    )
