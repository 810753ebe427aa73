"""Make the catalog's tables, and the triggers that keep history from being rewritten."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from catalog.store import BigId, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEED = """
    INSERT INTO sequence (id, ingest, event, recorded_at)
    VALUES (1, 0, 0, '1970-01-01T00:00:00.000000Z')
"""
KEPT = ("change_events", "readings", "snapshots")
REFUSAL = "history is never rewritten"


def guards(dialect: str) -> Iterator[str]:
    """Give the triggers: nothing is deleted, and only ``superseded`` is ever set, once."""
    if dialect == "postgresql":
        yield f"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
        """
    for table in KEPT:
        yield _trigger(dialect, table, "UPDATE")
        yield _trigger(dialect, table, "DELETE")
    yield _trigger(dialect, "revisions", "DELETE")
    yield _trigger(dialect, "revisions", "UPDATE", f"NOT ({_supersedes(dialect)})")


def _trigger(dialect: str, table: str, action: str, when: str = "") -> str:
    condition = f"WHEN ({when})" if when else ""
    name = f"{table}_refuse_{action.lower()}"
    if dialect == "postgresql":
        return f"""
            CREATE TRIGGER {name} BEFORE {action} ON {table}
            FOR EACH ROW {condition} EXECUTE FUNCTION refuse()
        """
    return f"""
        CREATE TRIGGER {name} BEFORE {action} ON {table}
        FOR EACH ROW {condition} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """


def _supersedes(dialect: str) -> str:
    """Say that an update sets ``superseded`` from NULL to a number, and touches nothing else."""
    if dialect == "postgresql":
        same = "to_jsonb(OLD) - 'superseded' = to_jsonb(NEW) - 'superseded'"
    else:
        same = " AND ".join(f"OLD.{name} IS NEW.{name}" for name in REVISION_COLUMNS)
    return f"OLD.superseded IS NULL AND NEW.superseded IS NOT NULL AND {same}"


REVISION_COLUMNS = (
    "id",
    "series_id",
    "valid_from",
    "amount",
    "reason",
    "precision",
    "not_before",
    "announced",
    "initial",
    "visit_id",
    "label",
    "tier",
    "list_amount",
    "text",
    "locator",
    "ingest",
)


def upgrade() -> None:
    """Make the catalog's tables."""
    op.create_table(
        "ingests",
        sa.Column("number", BigId, autoincrement=False, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_ingests_recorded_at", "ingests", ["recorded_at"], unique=False)

    op.create_table(
        "models",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("home_region", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "providers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sequence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("cadence_seconds", sa.Integer(), nullable=False),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "aliases",
        sa.Column("id", BigId, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("printed", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("edge", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["model"], ["models.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source", "printed"),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.Column("minimum_models", sa.Integer(), nullable=False),
        sa.Column("minimum_points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "name"),
    )
    op.create_table(
        "runs",
        sa.Column("id", BigId, nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id", "started_at", "cause"),
    )
    op.create_table(
        "series",
        sa.Column("id", BigId, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("context_over", sa.BigInteger(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("window", sa.String(), nullable=False),
        sa.Column("meter", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
        sa.UniqueConstraint(
            "source_id",
            "provider",
            "subject",
            "tier",
            "region",
            "context_over",
            "variant",
            "window",
            "meter",
            "unit",
            "currency",
            name="series_identity",
        ),
    )
    op.create_index("ix_series_model", "series", ["model"], unique=False)
    op.create_index("ix_series_subject", "series", ["subject"], unique=False)

    op.create_table(
        "readings",
        sa.Column("id", BigId, nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "digest"),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", BigId, nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("document_id", "sha256"),
    )
    op.create_table(
        "run_documents",
        sa.Column("id", BigId, nullable=False),
        sa.Column("run_id", BigId, nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.Column("fetched_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("reader_version", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", BigId, nullable=True),
        sa.Column("reading_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"]),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"]),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshots.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "run_documents_by_time", "run_documents", ["document_id", "fetched_at"], unique=False
    )

    op.create_table(
        "adjustments",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("factor", sa.String(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.String(), nullable=True),
        sa.Column("valid_to", sa.String(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_adjustments_visit_id", "adjustments", ["visit_id"], unique=False)

    op.create_table(
        "assertions",
        sa.Column("series_id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("series_id", "visit_id"),
    )
    op.create_index("ix_assertions_visit_id", "assertions", ["visit_id"], unique=False)

    op.create_table(
        "facts",
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("facts_by_model", "facts", ["model", "name"], unique=False)
    op.create_index("ix_facts_visit_id", "facts", ["visit_id"], unique=False)

    op.create_table(
        "holds",
        sa.Column("id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("guard", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_holds_visit_id", "holds", ["visit_id"], unique=False)

    op.create_table(
        "rates",
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("rate", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_rates_visit_id", "rates", ["visit_id"], unique=False)
    op.create_index("rates_by_day", "rates", ["currency", "date"], unique=False)

    op.create_table(
        "revisions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("series_id", BigId, nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("precision", sa.String(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("initial", sa.Boolean(), nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("list_amount", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.Column("superseded", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "revisions_announced",
        "revisions",
        ["valid_from"],
        unique=False,
        sqlite_where=sa.text("announced"),
        postgresql_where=sa.text("announced"),
    )
    op.create_index(
        "revisions_by_time", "revisions", ["series_id", "valid_from", "ingest"], unique=False
    )
    op.create_index(
        "revisions_in_force",
        "revisions",
        ["series_id", "valid_from"],
        unique=True,
        sqlite_where=sa.text("superseded IS NULL"),
        postgresql_where=sa.text("superseded IS NULL"),
    )

    op.create_table(
        "scores",
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("benchmark", sa.String(), nullable=False),
        sa.Column("score", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("id", BigId, nullable=False),
        sa.Column("visit_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_scores_model", "scores", ["model"], unique=False)
    op.create_index("ix_scores_visit_id", "scores", ["visit_id"], unique=False)

    op.create_table(
        "change_events",
        sa.Column("sequence", BigId, autoincrement=False, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("initial", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("series_id", BigId, nullable=True),
        sa.Column("old", sa.BigInteger(), nullable=True),
        sa.Column("new", sa.BigInteger(), nullable=True),
        sa.Column("all_time_low", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("ingest", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", BigId, nullable=True),
        sa.Column("revision_id", BigId, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("locator", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"]),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"]),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"]),
        sa.ForeignKeyConstraint(["visit_id"], ["run_documents.id"]),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("ix_change_events_model", "change_events", ["model"], unique=False)
    op.create_index("ix_change_events_series_id", "change_events", ["series_id"], unique=False)

    op.execute(SEED)
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)
