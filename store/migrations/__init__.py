"""Alembic's history of the tables; run by ``store.schema.migrate``."""
