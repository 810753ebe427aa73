"""Let what visits newly say of a series be sought by time: the last word before a moment."""

import sqlalchemy as sa
from alembic import op

from catalog.store import BigId, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FORMS = """
    INSERT INTO document_forms (document_id, form)
    SELECT DISTINCT document_id, form FROM readings ORDER BY document_id, form
"""
DATED = """
    INSERT INTO assertions (series_id, visit_id, form_id, at, segments)
    SELECT old.series_id, old.visit_id, document_forms.id, run_documents.fetched_at, old.segments
    FROM undated_assertions AS old
    JOIN run_documents ON run_documents.id = old.visit_id
    JOIN readings ON readings.id = run_documents.reading_id
    JOIN document_forms ON document_forms.document_id = run_documents.document_id
        AND document_forms.form = readings.form
    ORDER BY old.series_id, old.visit_id
"""


def upgrade() -> None:
    """Give each assertion the form and the moment of its visit."""
    op.create_table(
        "document_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "form"),
    )
    op.execute(FORMS)
    op.rename_table("assertions", "undated_assertions")
    op.create_table(
        "assertions",
        sa.Column("series_id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.ForeignKeyConstraint(["form_id"], ["document_forms.id"]),
        sa.PrimaryKeyConstraint("series_id", "visit_id", name="assertions_of_visits"),
    )
    op.execute(DATED)
    op.drop_table("undated_assertions")
    op.create_index("ix_assertions_visit_id", "assertions", ["visit_id"], unique=False)
    op.create_index(
        "assertions_by_time", "assertions", ["series_id", "form_id", "at"], unique=False
    )
