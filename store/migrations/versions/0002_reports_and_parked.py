"""Reports that come before their message is settled; whether messages are parked, beside the talk's state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.add_column("conversations", sa.Column("parked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE conversations SET parked = true WHERE id IN (SELECT conversation_id FROM outbox WHERE state = 'parked')"
    )
    op.create_table(
        "reports",
        sa.Column("seq", ID, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("provider_id", sa.String(length=998), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_reports"),
    )
    op.create_index("ix_reports_provider_id", "reports", ["provider_id"])
    op.create_index("ix_reports_at", "reports", ["at"])


def downgrade() -> None:
    op.drop_table("reports")
    op.drop_column("conversations", "parked")
