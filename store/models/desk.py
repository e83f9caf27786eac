"""What staff work with: who they are, what they decided, and what runs by itself for them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, false

from store.models.kinds import (
    Blind,
    Code,
    Id,
    Name,
    Sealed,
    Time,
    filled,
    id_column,
    link,
    metadata,
    one_of,
    where,
)

branches = Table(
    "branches",
    metadata,
    Column("code", Code, primary_key=True),
    Column("name", Name, nullable=False),
    Column("parent", Code, nullable=False, server_default=""),  # empty: directly under the head office
)

people = Table(
    "people",
    metadata,
    id_column(),
    Column("login", Name, nullable=False),
    Column("facts", Sealed, nullable=False),  # {name, email}
    Column("roles", Name, nullable=False),  # codes by commas
    Column("branch", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("secrets", Sealed, nullable=False),  # {password: argon2id, totp}
    Column("subject", Blind),  # of single sign-on: issuer and subject
    Column("created_at", Time, nullable=False),
    Column("seen_at", Time),
    UniqueConstraint("login"),
    UniqueConstraint("subject"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", Blind, primary_key=True),  # blind index of what the cookie holds
    Column("id", String(64), nullable=False),  # by which it is ended
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("created_at", Time, nullable=False),
    Column("seen_at", Time, nullable=False),
    Column("ends_at", Time, nullable=False),
    Column("facts", Sealed, nullable=False),  # {address, agent}
    UniqueConstraint("id"),
    Index("ix_sessions_person_id", "person_id"),
    Index("ix_sessions_ends_at", "ends_at"),
)

clock_events = Table(
    "clock_events",
    metadata,
    id_column(),
    Column("complaint_id", Id, ForeignKey("complaints.id"), nullable=False),
    Column("at", Time, nullable=False),
    Column("noted_at", Time, nullable=False),
    Column("kind", Code, nullable=False),
    Column("by", Name, nullable=False),
    Column("body", Sealed, nullable=False),
    Index("ix_clock_events_complaint_id", "complaint_id", "id"),
)

links = Table(
    "links",
    metadata,
    id_column(),
    Column("complaint_id", Id, ForeignKey("complaints.id"), nullable=False),
    Column("other_id", Id, ForeignKey("complaints.id"), nullable=False),
    Column("kind", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("at", Time, nullable=False),
    Column("by", Name, nullable=False),
    Column("body", Sealed, nullable=False),
    Index("ix_links_complaint_id", "complaint_id"),
    Index("ix_links_other_id", "other_id"),
)
Index("ix_links_suggested", links.c.id, **where(one_of(links.c.state, "suggested")))

approvals = Table(
    "approvals",
    metadata,
    id_column(),
    Column("complaint_id", Id, ForeignKey("complaints.id"), nullable=False),
    Column("kind", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("asked_at", Time, nullable=False),
    Column("asked_by", Name, nullable=False),
    Column("decided_at", Time),
    Column("decided_by", Name, nullable=False, server_default=""),
    Column("body", Sealed, nullable=False),
    Index("ix_approvals_complaint_id", "complaint_id"),
)
Index("ix_approvals_open", approvals.c.id, **where(one_of(approvals.c.state, "open")))

emergencies = Table(
    "emergencies",
    metadata,
    id_column(),
    Column("complaint_id", Id, ForeignKey("complaints.id"), nullable=False),
    Column("plan", Code, nullable=False),
    Column("state", Code, nullable=False),
    Column("level", Integer, nullable=False),
    Column("opened_at", Time, nullable=False),
    Column("taken_at", Time),
    Column("taken_by", Name, nullable=False, server_default=""),
    Column("escalate_at", Time),
    Column("closed_at", Time),
    Column("body", Sealed, nullable=False),
    Index("ix_emergencies_complaint_id", "complaint_id"),
    Index("ix_emergencies_state_id", "state", "id"),
)
filled("ix_emergencies_escalate_at", emergencies.c.escalate_at)

endpoints = Table(
    "endpoints",
    metadata,
    id_column("seq"),
    Column("id", String(64), nullable=False),
    Column("state", Code, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("created_by", Name, nullable=False),
    Column("body", Sealed, nullable=False),  # {url, secret, previous, events, note}
    UniqueConstraint("id"),
)

views = Table(
    "views",
    metadata,
    id_column(),
    link("person_id", "people.id"),  # NULL: everybody's
    Column("position", Integer, nullable=False, server_default="0"),
    Column("body", Sealed, nullable=False),  # {name, query}
    Index("ix_views_person_id", "person_id"),
)

texts = Table(
    "texts",
    metadata,
    id_column(),
    Column("name", Name, nullable=False),
    Column("language", Code, nullable=False),
    Column("use", Code, nullable=False),  # reply, ask, note_of_status
    Column("retired", Boolean, nullable=False, server_default=false()),
    Column("body", Sealed, nullable=False),  # {text, by, at}
)

terms = Table(
    "terms",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),  # keyed hash of two characters
    Column("complaint_id", Id, ForeignKey("complaints.id"), primary_key=True, autoincrement=False),
    Index("ix_terms_complaint_id", "complaint_id"),
    sqlite_with_rowid=False,
)
