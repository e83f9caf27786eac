"""How letters were read, and where those of ours are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "scans",
        sa.Column("id", ID, nullable=False),
        sa.Column("ledger_id", ID, nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("likeness", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_scans_complaint_id"),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name="fk_scans_ledger_id"),
        sa.PrimaryKeyConstraint("id", name="pk_scans"),
        sa.UniqueConstraint("ledger_id", name="uq_scans_ledger_id"),
    )
    op.create_index("ix_scans_received_at", "scans", ["received_at"])
    _partial("ix_scans_complaint_id", "scans", ["complaint_id"], "complaint_id IS NOT NULL")
    _partial("ix_scans_doubtful", "scans", ["id"], "state IN ('doubtful')")
    op.create_table(
        "post",
        sa.Column("seq", ID, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("tracking", sa.LargeBinary(), nullable=True),
        sa.Column("printed_at", TIME, nullable=False),
        sa.Column("posted_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_post_complaint_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_post"),
        sa.UniqueConstraint("id", name="uq_post_id"),
    )
    op.create_index("ix_post_state_seq", "post", ["state", "seq"])
    _partial("ix_post_complaint_id", "post", ["complaint_id"], "complaint_id IS NOT NULL")


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def downgrade() -> None:
    op.drop_table("post")
    op.drop_table("scans")
