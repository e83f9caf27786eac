"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out here, not imported from store.models: history must not change with the models.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
SEALED = sa.LargeBinary()

TABLES = (
    "audit",
    "conversations",
    "counters",
    "memory",
    "meta",
    "sequences",
    "complaints",
    "ledger",
    "timeline",
    "files",
    "outbox",
    "tasks",
)


def upgrade() -> None:
    _audit()
    _conversations()
    _counters()
    _memory()
    _meta()
    _sequences()
    _complaints()
    _ledger()
    _timeline()
    _files()
    _outbox()
    _tasks()
    _protect_audit()


def downgrade() -> None:
    _unprotect_audit()
    for name in reversed(TABLES):
        op.drop_table(name)


def _index(table: str, name: str, columns: list[str], where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("detail", SEALED, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("who", sa.String(length=32), nullable=True),
        sa.Column("contact", SEALED, nullable=False),
        sa.Column("state", SEALED, nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("remind_at", TIME, nullable=True),
        sa.Column("last_heard_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("channel", "who", name="uq_conversations_channel_who"),
    )
    _index("conversations", "ix_conversations_remind_at", ["remind_at"], where="remind_at IS NOT NULL")


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("window_start", TIME, nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", "window_start", name="pk_counters"),
    )
    _index("counters", "ix_counters_last_at", ["last_at"])


def _memory() -> None:
    op.create_table(
        "memory",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", SEALED, nullable=False),
        sa.Column("stamp", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_memory"),
    )


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", SEALED, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )


def _sequences() -> None:
    op.create_table(
        "sequences",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_sequences"),
    )


def _complaints() -> None:
    op.create_table(
        "complaints",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=32), nullable=True),
        sa.Column("contact", SEALED, nullable=False),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("accepted_at", TIME, nullable=True),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("record", SEALED, nullable=False),
        sa.Column("reply_context", SEALED, nullable=True),
        sa.Column("attested", sa.Boolean(), nullable=False),
        sa.Column("name_index", sa.String(length=32), nullable=True),
        sa.Column("phone_index", sa.String(length=32), nullable=True),
        sa.Column("email_index", sa.String(length=32), nullable=True),
        sa.Column("id_number_index", sa.String(length=32), nullable=True),
        sa.Column("policy_number_index", sa.String(length=32), nullable=True),
        sa.Column("claim_number_index", sa.String(length=32), nullable=True),
        sa.Column("intent", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("product", sa.String(length=32), nullable=False),
        sa.Column("priority", sa.String(length=32), nullable=False),
        sa.Column("missing_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_complaints_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_complaints"),
        sa.UniqueConstraint("number", name="uq_complaints_number"),
    )
    _index(
        "complaints",
        "ix_complaints_claim_number_index",
        ["claim_number_index", "id"],
        where="claim_number_index IS NOT NULL",
    )
    _index("complaints", "ix_complaints_conversation_id", ["conversation_id"], where="conversation_id IS NOT NULL")
    _index("complaints", "ix_complaints_email_index", ["email_index", "id"], where="email_index IS NOT NULL")
    _index(
        "complaints", "ix_complaints_id_number_index", ["id_number_index", "id"], where="id_number_index IS NOT NULL"
    )
    _index("complaints", "ix_complaints_name_index", ["name_index", "id"], where="name_index IS NOT NULL")
    _index("complaints", "ix_complaints_phone_index", ["phone_index", "id"], where="phone_index IS NOT NULL")
    _index(
        "complaints",
        "ix_complaints_policy_number_index",
        ["policy_number_index", "id"],
        where="policy_number_index IS NOT NULL",
    )
    _index("complaints", "ix_complaints_sender", ["sender", "id"], where="sender IS NOT NULL")
    _index("complaints", "ix_complaints_status_id", ["status", "id"])


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("key_index", sa.String(length=32), nullable=False),
        sa.Column("key", SEALED, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("raw", SEALED, nullable=True),
        sa.Column("envelope", SEALED, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cause", SEALED, nullable=True),
        sa.Column("answer_kind", sa.String(length=32), nullable=False),
        sa.Column("answer_text", SEALED, nullable=True),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_ledger_complaint_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_ledger_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
        sa.UniqueConstraint("channel", "key_index", name="uq_ledger_channel_key_index"),
    )
    _index("ledger", "ix_ledger_open", ["state", "id"], where="state IN ('stored', 'quarantined')")


def _timeline() -> None:
    op.create_table(
        "timeline",
        sa.Column("id", ID, nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_timeline_complaint_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_timeline_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_timeline"),
    )
    _index("timeline", "ix_timeline_complaint_id", ["complaint_id", "id"], where="complaint_id IS NOT NULL")
    _index("timeline", "ix_timeline_conversation_id", ["conversation_id", "id"], where="conversation_id IS NOT NULL")


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("seq", ID, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ledger_id", ID, nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("label", SEALED, nullable=False),
        sa.Column("media_type", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("inline", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", TIME, nullable=True),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_files_complaint_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_files_conversation_id"),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name="fk_files_ledger_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_files"),
        sa.UniqueConstraint("id", name="uq_files_id"),
    )
    _index("files", "ix_files_complaint_id", ["complaint_id"], where="complaint_id IS NOT NULL")
    _index("files", "ix_files_conversation_id", ["conversation_id"], where="conversation_id IS NOT NULL")
    _index("files", "ix_files_due", ["next_at"], where="state IN ('waiting')")
    _index("files", "ix_files_ledger_id", ["ledger_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", ID, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("next_at", TIME, nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("body", SEALED, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("ledger_id", ID, nullable=True),
        sa.Column("provider_id", sa.String(length=998), nullable=True),
        sa.Column("via", sa.String(length=32), nullable=False),
        sa.Column("error", SEALED, nullable=True),
        sa.Column("sent_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_outbox_complaint_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_outbox_conversation_id"),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name="fk_outbox_ledger_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
    )
    _index("outbox", "ix_outbox_complaint_id", ["complaint_id", "seq"], where="complaint_id IS NOT NULL")
    _index("outbox", "ix_outbox_due", ["next_at"], where="state IN ('waiting', 'claimed')")
    _index(
        "outbox",
        "ix_outbox_line",
        ["conversation_id", "seq"],
        where="state IN ('waiting', 'claimed', 'parked', 'held')",
    )
    _index("outbox", "ix_outbox_provider_id", ["provider_id"], where="provider_id IS NOT NULL")


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("seq", ID, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("complaint_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("ledger_id", ID, nullable=True),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("detail", SEALED, nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name="fk_tasks_complaint_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_tasks_conversation_id"),
        sa.ForeignKeyConstraint(["ledger_id"], ["ledger.id"], name="fk_tasks_ledger_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_tasks"),
        sa.UniqueConstraint("id", name="uq_tasks_id"),
    )
    _index("tasks", "ix_tasks_complaint_id", ["complaint_id"], where="complaint_id IS NOT NULL")
    _index("tasks", "ix_tasks_conversation_id", ["conversation_id"], where="conversation_id IS NOT NULL")
    _index("tasks", "ix_tasks_state_due_at", ["state", "due_at"])


def _protect_audit() -> None:
    """Append-only for the database too: a slip of ours, or of somebody at its prompt, changes nothing."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )


def _unprotect_audit() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_append_only ON audit")
        op.execute("DROP FUNCTION audit_is_append_only()")
