"""Make room for corrections, and for what a series or label was called before it was renamed."""

import sqlalchemy as sa
from alembic import op

from catalog.store import BigId, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "history is never rewritten"
KEPT = ("corrections", "series_before", "labels_mapped", "assertions_before")


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
        "corrections",
        sa.Column("id", BigId, nullable=False),
        sa.Column("series_id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("valid_to", UtcDateTime(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("visit_id"),
    )
    op.create_table(
        "series_before",
        sa.Column("series_id", BigId, nullable=False),
        sa.Column("ingest", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("context_over", sa.BigInteger(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("window", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"]),
        sa.PrimaryKeyConstraint("series_id", "ingest"),
    )
    op.create_table(
        "labels_mapped",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("ingest", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.PrimaryKeyConstraint("source_id", "label", "ingest"),
    )
    op.create_table(
        "assertions_before",
        sa.Column("series_id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("ingest", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("series_id", "visit_id", "ingest"),
    )
    for table in KEPT:
        for action in ("UPDATE", "DELETE"):
            op.execute(_trigger(op.get_bind().dialect.name, table, action))
