"""When a value that a channel remembers may be forgotten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.add_column("memory", sa.Column("expires_at", TIME, nullable=True))
    condition = sa.text("expires_at IS NOT NULL")
    op.create_index(
        "ix_memory_expires_at", "memory", ["expires_at"], sqlite_where=condition, postgresql_where=condition
    )


def downgrade() -> None:
    op.drop_index("ix_memory_expires_at", table_name="memory")
    op.drop_column("memory", "expires_at")
