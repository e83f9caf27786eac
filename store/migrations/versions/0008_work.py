"""What a complaint carries for those who work with it, and the indexes of their queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("complaints", sa.Column("category_detail", sa.String(length=32), server_default="", nullable=False))
    op.add_column("complaints", sa.Column("branch", sa.String(length=32), server_default="", nullable=False))
    op.add_column("complaints", sa.Column("assignee_id", ID, nullable=True))
    op.add_column("complaints", sa.Column("alert_at", TIME, nullable=True))
    op.add_column("complaints", sa.Column("note_at", TIME, nullable=True))
    op.add_column("complaints", sa.Column("told_at", TIME, nullable=True))
    op.add_column("complaints", sa.Column("decided_at", TIME, nullable=True))
    op.add_column("complaints", sa.Column("closed_at", TIME, nullable=True))
    op.add_column("complaints", sa.Column("outcome", sa.String(length=32), server_default="", nullable=False))
    op.add_column("complaints", sa.Column("score", sa.Integer(), nullable=True))
    op.add_column("complaints", sa.Column("merged_into", ID, nullable=True))
    op.add_column("complaints", sa.Column("unfound", sa.Boolean(), server_default=sa.true(), nullable=False))
    _partial("ix_complaints_alert_at", "complaints", ["alert_at"], "alert_at IS NOT NULL")
    _partial("ix_complaints_assignee_id", "complaints", ["assignee_id", "id"], "assignee_id IS NOT NULL")
    _partial("ix_complaints_note_at", "complaints", ["note_at"], "note_at IS NOT NULL")
    _partial(
        "ix_complaints_open_due",
        "complaints",
        ["due_at", "id"],
        "status NOT IN ('WITHDRAWN', 'ARCHIVED', 'NOT_HANDLED')",
    )
    op.create_index("ix_complaints_received_at", "complaints", ["received_at"])
    _partial("ix_complaints_unfound", "complaints", ["id"], "unfound = true")
    op.create_index("ix_complaints_updated_at", "complaints", ["updated_at"])


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def downgrade() -> None:
    for index in (
        "ix_complaints_alert_at",
        "ix_complaints_assignee_id",
        "ix_complaints_note_at",
        "ix_complaints_open_due",
        "ix_complaints_received_at",
        "ix_complaints_unfound",
        "ix_complaints_updated_at",
    ):
        op.drop_index(index, "complaints")
    for column in (
        "unfound",
        "merged_into",
        "score",
        "outcome",
        "closed_at",
        "decided_at",
        "told_at",
        "note_at",
        "alert_at",
        "assignee_id",
        "branch",
        "category_detail",
    ):
        op.drop_column("complaints", column)
