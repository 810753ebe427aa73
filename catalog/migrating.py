"""Bringing a store to the newest tables, by the migrations."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, func, select

from catalog.store import MIGRATIONS

MIGRATION_LOCK = 7_086_101
"""A number of our own among a PostgreSQL server's advisory locks."""


def migrate(engine: Engine) -> None:
    """Bring the store to the newest tables; a store that has them is left as it is.

    Two processes that migrate at once take turns.
    """
    with engine.execution_options(immediate=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
