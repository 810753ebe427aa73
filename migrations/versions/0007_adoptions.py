"""Make room for which declared names the store has, and for what labels meant before."""

import sqlalchemy as sa
from alembic import op

from catalog.store import BigId

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

REFUSAL = "history is never rewritten"


def _trigger(dialect: str, action: str) -> str:
    head = f"""
        CREATE TRIGGER adoptions_refuse_{action.lower()}
        BEFORE {action} ON adoptions FOR EACH ROW
    """
    if dialect == "postgresql":
        return f"{head} EXECUTE FUNCTION refuse()"
    return f"{head} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"


def upgrade() -> None:
    """Make the table; a label that was mapped until now had no model before."""
    op.create_table(
        "adoptions",
        sa.Column("ingest", BigId, autoincrement=False, nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("ingest"),
    )
    op.add_column("labels_mapped", sa.Column("model", sa.String(), nullable=True))
    for action in ("UPDATE", "DELETE"):
        op.execute(_trigger(op.get_bind().dialect.name, action))
