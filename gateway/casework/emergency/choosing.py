"""Which plan a complaint needs: the first that fits."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.casework.emergency.plans import Plan, Plans, When
from normalizer.record import Complaint, Field


def chosen(plans: Plans, record: Complaint, reason: str = "") -> Plan | None:
    """The plan for this record, or for the reason that somebody gave; None where it is not urgent."""
    return next((plan for plan in plans.plan if fits(plan.when, record, reason)), None)


def fits(when: When, record: Complaint, reason: str = "") -> bool:
    """All that is named holds; a plan that names nothing fits nothing."""
    if when == When():
        return False
    flags = [flag for flag in record.flags if not when.flags or flag.value in when.flags]
    grade = record.fields.get("priority")
    raised = [*flags, *([grade] if grade else [])]
    return all(
        (
            not when.priority or record.value("priority") in when.priority,
            not when.flags or bool(flags),
            not when.rules or any(each.rule.startswith(when.rules) for each in raised),
            not when.words or _named(when.words, raised),
            not when.reasons or reason in when.reasons,
        )
    )


def _named(words: Iterable[str], raised: Iterable[Field]) -> bool:
    said = [each.source for each in raised]
    return any(word in source for word in words for source in said)
