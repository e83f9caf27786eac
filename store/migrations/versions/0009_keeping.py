"""Leases, checks, legal holds, retention, and which older gateways may go on working during an upgrade."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What is erased with a talk, or with an item, is found by these.
BY_TALK = (("ledger", "conversation_id"), ("outbox", "conversation_id"), ("tasks", "ledger_id"))


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("until", TIME, nullable=False),
    )
    op.create_table(
        "checks",
        sa.Column("id", ID, primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_checks_kind_id", "checks", ["kind", "id"])
    op.create_table(
        "holds",
        sa.Column("id", ID, primary_key=True),
        sa.Column("complaint_id", ID, sa.ForeignKey("complaints.id"), nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.Column("lifted_by", sa.String(200), server_default="", nullable=False),
        sa.Column("lifted_reason", sa.LargeBinary(), nullable=True),
    )
    op.create_index("ix_holds_complaint_id", "holds", ["complaint_id"])
    op.create_table("bearable", sa.Column("revision", sa.String(32), primary_key=True))
    op.execute("INSERT INTO bearable (revision) VALUES ('0008')")
    op.add_column("complaints", sa.Column("keep_until", TIME, nullable=True))
    op.add_column("complaints", sa.Column("erased_at", TIME, nullable=True))
    _filled("ix_complaints_keep_until", "complaints", "keep_until")
    _filled("ix_complaints_merged_into", "complaints", "merged_into")
    _filled("ix_ledger_complaint_id", "ledger", "complaint_id")
    op.create_index("ix_ledger_received_at", "ledger", ["received_at"])
    for table, column in BY_TALK:
        _filled(f"ix_{table}_{column}", table, column)
    op.create_index("ix_calls_who", "calls", ["who"])
    op.create_index("ix_audit_subject_id", "audit", ["subject", "id"])
    _protect_audit("UPDATE OF id, at, actor, action, subject, hash")


def _protect_audit(update: str) -> None:
    """What was done cannot be changed; the detail may be sealed anew, as the hash tells whether it is the same."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_no_update")
        op.execute(
            f"CREATE TRIGGER audit_no_update BEFORE {update} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )
        return
    op.execute("DROP TRIGGER audit_append_only ON audit")
    op.execute(
        f"CREATE TRIGGER audit_append_only BEFORE {update} OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )


def _filled(name: str, table: str, column: str) -> None:
    condition = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    _protect_audit("UPDATE")
    op.drop_index("ix_audit_subject_id", "audit")
    op.drop_index("ix_calls_who", "calls")
    for table, column in BY_TALK:
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_index("ix_ledger_received_at", "ledger")
    op.drop_index("ix_ledger_complaint_id", "ledger")
    op.drop_index("ix_complaints_merged_into", "complaints")
    op.drop_index("ix_complaints_keep_until", "complaints")
    op.drop_column("complaints", "erased_at")
    op.drop_column("complaints", "keep_until")
    for table in ("bearable", "holds", "checks", "leases"):
        op.drop_table(table)
