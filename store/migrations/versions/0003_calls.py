"""Calls; and what followed on an open line, beside the answer that a repeated delivery gets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.add_column("ledger", sa.Column("answer_turn", sa.String(length=200), nullable=True))
    op.create_table(
        "calls",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("call", sa.String(length=64), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=32), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("outgoing", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("heard_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
        sa.UniqueConstraint("channel", "call", name="uq_calls_channel_call"),
    )
    _index("ix_calls_sender", ["sender", "id"], where="sender IS NOT NULL")
    _index("ix_calls_open", ["heard_at"], where="state IN ('ringing', 'in-progress')")


def downgrade() -> None:
    op.drop_table("calls")
    op.drop_column("ledger", "answer_turn")


def _index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "calls", columns, sqlite_where=condition, postgresql_where=condition)
