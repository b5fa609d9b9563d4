"""Runs migrations on the connection that `tasks.schema.initialise` hands over; never from a URL of its own."""

from alembic import context

from models.records.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
