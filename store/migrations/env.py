"""Alembic's entry: runs on the connection that ``store.schema`` hands over, inside the transaction it has begun."""

from alembic import context

from store.models import metadata

# transactional_ddl and begin_transaction are left to the caller, who holds the lock against a second migration.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
