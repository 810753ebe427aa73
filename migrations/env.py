"""How Alembic reaches the store: through the connection it is given, or the configured one."""

from alembic import context
from sqlalchemy import Connection

from catalog import tables
from catalog.settings import environment_settings
from catalog.store import open_store


def migrate(connection: Connection) -> None:
    """Run the migrations on a connection, in its transaction."""
    context.configure(
        connection=connection,
        target_metadata=tables.METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with open_store(environment_settings().database_url).begin() as opened:
        migrate(opened)
