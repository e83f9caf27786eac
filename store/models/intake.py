"""What arrives, what it becomes, and what leaves."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from store.models.kinds import (
    Blind,
    Code,
    Id,
    Name,
    Sealed,
    Time,
    filled,
    id_column,
    in_line,
    in_progress,
    link,
    metadata,
    one_of,
    still_open,
    where,
)

meta = Table(
    "meta",
    metadata,
    Column("key", Code, primary_key=True),
    Column("value", Sealed, nullable=False),
)

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    Column("channel", Code, nullable=False),
    Column("who", Blind),  # NULL for nobody: two items without an address are two people
    Column("contact", Sealed, nullable=False),
    Column("state", Sealed, nullable=False),
    # No foreign key: complaints point here, and a circle could not be inserted or dropped in any order.
    Column("complaint_id", Id),
    Column("remind_at", Time),
    Column("last_heard_at", Time),
    # Not part of the state: whoever parks a message must not undo the turn that is being written at the same time.
    Column("parked", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("channel", "who"),
)
filled("ix_conversations_remind_at", conversations.c.remind_at)

complaints = Table(
    "complaints",
    metadata,
    id_column(),
    Column("number", Code, nullable=False),
    Column("status", Code, nullable=False),
    Column("channel", Code, nullable=False),
    Column("sender", Blind),
    Column("contact", Sealed, nullable=False),
    link("conversation_id", "conversations.id"),
    Column("received_at", Time, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("accepted_at", Time),
    Column("updated_at", Time, nullable=False),
    Column("record", Sealed, nullable=False),
    Column("reply_context", Sealed),
    Column("attested", Boolean, nullable=False),
    Column("name_index", Blind),
    Column("phone_index", Blind),
    Column("email_index", Blind),
    Column("id_number_index", Blind),
    Column("policy_number_index", Blind),
    Column("claim_number_index", Blind),
    Column("intent", Code, nullable=False),
    Column("category", Code, nullable=False),
    Column("product", Code, nullable=False),
    Column("priority", Code, nullable=False),
    Column("missing_count", Integer, nullable=False),
    Column("category_detail", Code, nullable=False, server_default=""),
    # Staff's work with it
    Column("branch", Code, nullable=False, server_default=""),  # which branch handles it; empty: the head office
    Column("assignee_id", Id),
    Column("alert_at", Time),  # when its clock next speaks up
    Column("note_at", Time),  # when the customer is told something, should nobody have done so
    Column("told_at", Time),  # when the customer was last told something
    Column("decided_at", Time),
    Column("closed_at", Time),
    Column("outcome", Code, nullable=False, server_default=""),  # upheld, part, rejected, withdrawn, not_handled
    Column("score", Integer),  # 1 to 5, by the customer
    Column("merged_into", Id),
    Column("unfound", Boolean, nullable=False, server_default=true()),  # its words are not in the table of terms yet
    Column("keep_until", Time),  # once it is closed: from when on it may be erased
    Column("erased_at", Time),
    UniqueConstraint("number"),
    Index("ix_complaints_status_id", "status", "id"),
    Index("ix_complaints_received_at", "received_at"),
    Index("ix_complaints_updated_at", "updated_at"),
)
Index("ix_complaints_open_due", complaints.c.due_at, complaints.c.id, **where(still_open(complaints.c.status)))
filled("ix_complaints_assignee_id", complaints.c.assignee_id, complaints.c.id)
filled("ix_complaints_alert_at", complaints.c.alert_at)
filled("ix_complaints_note_at", complaints.c.note_at)
Index("ix_complaints_unfound", complaints.c.id, **where(complaints.c.unfound == true()))
filled("ix_complaints_sender", complaints.c.sender, complaints.c.id)
filled("ix_complaints_conversation_id", complaints.c.conversation_id)
for _identifier in ("name", "phone", "email", "id_number", "policy_number", "claim_number"):
    filled(f"ix_complaints_{_identifier}_index", complaints.c[f"{_identifier}_index"], complaints.c.id)

sequences = Table(
    "sequences",
    metadata,
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    id_column(),
    Column("channel", Code, nullable=False),
    Column("key_index", Blind, nullable=False),  # blind, as keys may hold an openid or an address
    Column("key", Sealed, nullable=False),
    Column("received_at", Time, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("raw", Sealed),  # NULL: the bytes lie in the blob store under sha256
    Column("envelope", Sealed, nullable=False),
    Column("state", Code, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("cause", Sealed),
    Column("answer_kind", Code, nullable=False),
    Column("answer_text", Sealed),
    Column("answer_turn", Name),  # what follows on an open line, in codes: nothing personal
    link("complaint_id", "complaints.id"),
    link("conversation_id", "conversations.id"),
    UniqueConstraint("channel", "key_index"),
)
LEDGER_OPEN = one_of(ledger.c.state, "stored", "quarantined")
filled("ix_ledger_complaint_id", ledger.c.complaint_id)
filled("ix_ledger_conversation_id", ledger.c.conversation_id)
Index("ix_ledger_received_at", ledger.c.received_at)
Index("ix_ledger_open", ledger.c.state, ledger.c.id, **where(LEDGER_OPEN))

timeline = Table(
    "timeline",
    metadata,
    id_column(),
    link("complaint_id", "complaints.id"),
    link("conversation_id", "conversations.id"),
    Column("at", Time, nullable=False),
    Column("kind", Code, nullable=False),
    Column("actor", Name, nullable=False),
    Column("body", Sealed, nullable=False),  # {text, data}
)
filled("ix_timeline_complaint_id", timeline.c.complaint_id, timeline.c.id)
filled("ix_timeline_conversation_id", timeline.c.conversation_id, timeline.c.id)

outbox = Table(
    "outbox",
    metadata,
    id_column("seq"),  # the order in which messages were put
    Column("id", String(64), nullable=False),
    Column("channel", Code, nullable=False),
    Column("kind", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("next_at", Time, nullable=False),
    Column("lease_until", Time),
    Column("attempts", Integer, nullable=False),
    Column("body", Sealed, nullable=False),  # {to, text, subject, status_label, link, context}
    Column("number", Code, nullable=False),
    Column("language", Code, nullable=False),
    link("complaint_id", "complaints.id"),
    link("conversation_id", "conversations.id"),
    link("ledger_id", "ledger.id"),
    Column("provider_id", String(998)),  # a Message-ID is at most a line long, RFC 5322 2.1.1
    Column("via", Code, nullable=False),
    Column("error", Sealed),
    Column("sent_at", Time),
    UniqueConstraint("id"),
)
Index("ix_outbox_due", outbox.c.next_at, **where(one_of(outbox.c.state, "waiting", "claimed")))
Index(
    "ix_outbox_line",
    outbox.c.conversation_id,
    outbox.c.seq,
    **where(in_line(outbox.c.state)),
)
filled("ix_outbox_complaint_id", outbox.c.complaint_id, outbox.c.seq)
filled("ix_outbox_conversation_id", outbox.c.conversation_id)
filled("ix_outbox_provider_id", outbox.c.provider_id)

reports = Table(
    "reports",
    metadata,
    id_column("seq"),
    Column("channel", Code, nullable=False),
    Column("provider_id", String(998), nullable=False),
    Column("state", Code, nullable=False),
    Column("at", Time, nullable=False),
    Column("reason", Sealed),
    Column("blocked", Boolean, nullable=False),
    Index("ix_reports_provider_id", "provider_id"),
    Index("ix_reports_at", "at"),
)

files = Table(
    "files",
    metadata,
    id_column("seq"),
    Column("id", String(64), nullable=False),
    Column("ledger_id", Id, ForeignKey("ledger.id"), nullable=False),
    link("complaint_id", "complaints.id"),
    link("conversation_id", "conversations.id"),
    Column("channel", Code, nullable=False),
    Column("label", Sealed, nullable=False),  # {name, ref}
    Column("media_type", String(255), nullable=False),
    Column("state", Code, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("inline", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", Time),
    Column("next_at", Time, nullable=False),
    Column("lease_until", Time),
    # A recording that waits for its words: a line of its own, as its bytes must be here first.
    Column("heard", Code, nullable=False, server_default=""),
    Column("hear_at", Time),
    Column("hear_until", Time),
    Column("hearings", Integer, nullable=False, server_default="0"),
    Column("call", Name, nullable=False, server_default=""),
    Column("words", Sealed),  # {text, method, confidence}
    UniqueConstraint("id"),
    Index("ix_files_ledger_id", "ledger_id"),
)
Index("ix_files_due", files.c.next_at, **where(one_of(files.c.state, "waiting")))
Index("ix_files_unheard", files.c.hear_at, **where(one_of(files.c.heard, "waiting")))
filled("ix_files_complaint_id", files.c.complaint_id)
filled("ix_files_conversation_id", files.c.conversation_id)

calls = Table(
    "calls",
    metadata,
    id_column(),
    Column("channel", Code, nullable=False),
    Column("call", String(64), nullable=False),  # the carrier's id: it says nothing of who called
    Column("who", Blind, nullable=False),  # as in conversations: no foreign key, either may be there first
    Column("sender", Blind),  # as in complaints; NULL while the number is withheld
    Column("contact", Sealed, nullable=False),
    Column("outgoing", Boolean, nullable=False),
    Column("state", Code, nullable=False),
    Column("started_at", Time, nullable=False),
    Column("heard_at", Time, nullable=False),
    Column("ended_at", Time),
    Column("seconds", Integer),
    UniqueConstraint("channel", "call"),
)
filled("ix_calls_sender", calls.c.sender, calls.c.id)
Index("ix_calls_who", calls.c.who)
Index("ix_calls_open", calls.c.heard_at, **where(in_progress(calls.c.state)))

scans = Table(
    "scans",
    metadata,
    id_column(),
    Column("ledger_id", Id, ForeignKey("ledger.id"), nullable=False),
    link("complaint_id", "complaints.id"),
    Column("received_at", Time, nullable=False),
    Column("state", Code, nullable=False),
    Column("likeness", String(64), nullable=False),  # of a page's grey and white: nobody can be read from it
    Column("body", Sealed, nullable=False),  # {scan, text, doubts, images}
    UniqueConstraint("ledger_id"),
    Index("ix_scans_received_at", "received_at"),
)
filled("ix_scans_complaint_id", scans.c.complaint_id)
Index("ix_scans_doubtful", scans.c.id, **where(one_of(scans.c.state, "doubtful")))

post = Table(
    "post",
    metadata,
    id_column("seq"),
    Column("id", String(64), nullable=False),  # the message's in the outbox
    link("complaint_id", "complaints.id"),
    Column("number", Code, nullable=False),
    Column("kind", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the PDF, in the blob store
    Column("tracking", Sealed),  # tells the courier's website where somebody lives
    Column("printed_at", Time, nullable=False),
    Column("posted_at", Time),
    Column("ended_at", Time),
    UniqueConstraint("id"),
    Index("ix_post_state_seq", "state", "seq"),
)
filled("ix_post_complaint_id", post.c.complaint_id)

tasks = Table(
    "tasks",
    metadata,
    id_column("seq"),
    Column("id", String(64), nullable=False),
    Column("kind", Code, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("created_at", Time, nullable=False),
    Column("due_at", Time, nullable=False),
    link("complaint_id", "complaints.id"),
    link("conversation_id", "conversations.id"),
    link("ledger_id", "ledger.id"),
    Column("number", Code, nullable=False),
    Column("detail", Sealed),
    Column("state", Code, nullable=False),
    Column("done_at", Time),
    Column("done_by", Name, nullable=False),
    UniqueConstraint("id"),
    Index("ix_tasks_state_due_at", "state", "due_at"),
)
filled("ix_tasks_complaint_id", tasks.c.complaint_id)
filled("ix_tasks_conversation_id", tasks.c.conversation_id)
filled("ix_tasks_ledger_id", tasks.c.ledger_id)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # counted by the chain itself: a gap is a break
    Column("at", Time, nullable=False),
    Column("actor", Name, nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", Name, nullable=False),
    Column("detail", Sealed, nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_subject_id", "subject", "id"),
)

memory = Table(
    "memory",
    metadata,
    Column("key", Blind, primary_key=True),
    Column("value", Sealed, nullable=False),
    Column("stamp", Blind, nullable=False),  # blind index of the value: a sealed value is different each time
    Column("expires_at", Time),  # NULL: kept for ever
)
filled("ix_memory_expires_at", memory.c.expires_at)

counters = Table(
    "counters",
    metadata,
    Column("key", Blind, primary_key=True),
    Column("window_start", Time, primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("last_at", Time, nullable=False),
    Index("ix_counters_last_at", "last_at"),
)
