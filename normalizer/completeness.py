"""What must still be asked, in order, and what is asked once and never blocks (complaint-rules 1.2)."""

from __future__ import annotations

from normalizer.extract.address import POSTED
from normalizer.record import Complaint, Contact, Method
from normalizer.rulebook import rules


def missing(complaint: Complaint, sender: Contact, held: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Names of the blocking items not yet known, in asking order; ``held`` are those the insurer's files give."""
    return tuple(name for name in rules("completeness")["blocking"] if not _known(name, complaint, sender, held))


def to_ask_once(complaint: Complaint, sender: Contact, held: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Names of what would help and never blocks: policy_number, evidence, documents (authority, succession)."""
    once = rules("completeness")["once"]
    wanted = {
        "policy_number": _may_have_policy(complaint)
        and not any(_has(name, complaint, held) for name in once["policy_fields"]),
        "evidence": not _among(complaint, once["no_evidence"]) and "evidence" not in held,
        "documents": complaint.value("party_role") in once["documents_for"] and "documents" not in held,
    }
    return tuple(name for name in once["order"] if wanted[name])


def _known(name: str, complaint: Complaint, sender: Contact, held: frozenset[str]) -> bool:
    if name != "contact":
        return _has(name, complaint, held)
    data = rules("completeness")
    reached = bool(sender) and sender.kind in data["contact_kinds"]
    told = any(_has(field, complaint, held) for field in data["contact_fields"])
    return reached or told or "contact" in held or any(_by_post(field, complaint) for field in data["post_fields"])


def _by_post(name: str, complaint: Complaint) -> bool:
    """Whether a letter gave an address, or one of us wrote it down; a caller who tells theirs is asked for a number."""
    found = complaint.fields.get(name)
    if found is None or not found.value:
        return False
    return found.method is Method.STAFF or found.rule.startswith(POSTED)


def _has(name: str, complaint: Complaint, held: frozenset[str]) -> bool:
    return name in held or bool(complaint.value(name))


def _may_have_policy(complaint: Complaint) -> bool:
    return not _among(complaint, rules("completeness")["once"]["no_policy"])


def _among(complaint: Complaint, codes: list[str]) -> bool:
    detail = complaint.value("category_detail") or complaint.value("category")
    return any(detail.startswith(code) for code in codes)
