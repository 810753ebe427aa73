"""Make room for the chain over what commits wrote, and for archived copies of known pages."""

import sqlalchemy as sa
from alembic import op

from catalog.store import BigId, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REFUSAL = "history is never rewritten"
KEPT = ("chain", "archived_copies")


def _trigger(dialect: str, table: str, action: str) -> str:
    name = f"{table}_refuse_{action.lower()}"
    if dialect == "postgresql":
        return f"""
            CREATE TRIGGER {name} BEFORE {action} ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse()
        """
    return f"""
        CREATE TRIGGER {name} BEFORE {action} ON {table}
        FOR EACH ROW BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """


def upgrade() -> None:
    """Make the tables, which nothing is ever changed in or deleted from."""
    op.create_table(
        "chain",
        sa.Column("number", BigId, autoincrement=False, nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("tops", sa.Text(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "archived_copies",
        sa.Column("id", BigId, nullable=False),
        sa.Column("snapshot_id", BigId, nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("snapshot_id"),
    )
    op.create_index(
        "revisions_superseded",
        "revisions",
        ["superseded"],
        unique=False,
        sqlite_where=sa.text("superseded IS NOT NULL"),
        postgresql_where=sa.text("superseded IS NOT NULL"),
    )
    for table in KEPT:
        for action in ("UPDATE", "DELETE"):
            op.execute(_trigger(op.get_bind().dialect.name, table, action))
