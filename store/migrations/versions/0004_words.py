"""Recordings that wait for their words, and the words once somebody has heard them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
COLUMNS = ("heard", "hear_at", "hear_until", "hearings", "call", "words")


def upgrade() -> None:
    op.add_column("files", sa.Column("heard", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("files", sa.Column("hear_at", TIME, nullable=True))
    op.add_column("files", sa.Column("hear_until", TIME, nullable=True))
    op.add_column("files", sa.Column("hearings", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("files", sa.Column("call", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("files", sa.Column("words", sa.LargeBinary(), nullable=True))
    condition = sa.text("heard IN ('waiting')")
    op.create_index("ix_files_unheard", "files", ["hear_at"], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_index("ix_files_unheard", table_name="files")
    for name in reversed(COLUMNS):
        op.drop_column("files", name)
