"""What keeps the house itself: whose turn it is, what was checked, what must not be erased, who may still work."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table

from store.models.intake import complaints
from store.models.kinds import Code, Name, Sealed, Time, filled, id_column, link, metadata

leases = Table(
    "leases",
    metadata,
    Column("name", Name, primary_key=True),  # what is tended: listen-email, clocks, …
    Column("owner", Name, nullable=False),  # the process that tends it
    Column("until", Time, nullable=False),
)

checks = Table(
    "checks",
    metadata,
    id_column(),
    Column("kind", Code, nullable=False),  # ledger, integrity, …
    Column("at", Time, nullable=False),
    Column("good", Boolean, nullable=False),
    Column("body", Sealed, nullable=False),
    Index("ix_checks_kind_id", "kind", "id"),
)

holds = Table(
    "holds",
    metadata,
    id_column(),
    link("complaint_id", "complaints.id"),
    Column("at", Time, nullable=False),
    Column("by", Name, nullable=False),
    Column("reason", Sealed, nullable=False),
    Column("lifted_at", Time),
    Column("lifted_by", Name, nullable=False, server_default=""),
    Column("lifted_reason", Sealed),
    Index("ix_holds_complaint_id", "complaint_id"),
)

# Revisions of gateways that may go on working with these tables while they are replaced one after the other.
bearable = Table("bearable", metadata, Column("revision", Code, primary_key=True))

# Those that are closed and not erased: what the job of retention goes through.
filled("ix_complaints_keep_until", complaints.c.keep_until)
filled("ix_complaints_merged_into", complaints.c.merged_into)  # what goes together
