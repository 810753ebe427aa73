"""Make room for which events later knowledge tells otherwise."""

import sqlalchemy as sa
from alembic import op

from catalog.store import BigId

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REFUSAL = "history is never rewritten"


def _trigger(dialect: str, action: str) -> str:
    head = f"""
        CREATE TRIGGER superseded_events_refuse_{action.lower()}
        BEFORE {action} ON superseded_events FOR EACH ROW
    """
    if dialect == "postgresql":
        return f"{head} EXECUTE FUNCTION refuse()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def upgrade() -> None:
    """Make the table, which nothing is ever changed in or deleted from."""
    op.create_table(
        "superseded_events",
        sa.Column("sequence", BigId, autoincrement=False, nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sequence"], ["change_events.sequence"]),
        sa.PrimaryKeyConstraint("sequence"),
    )
    for action in ("UPDATE", "DELETE"):
        op.execute(_trigger(op.get_bind().dialect.name, action))
