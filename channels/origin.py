"""Whether what a webhook takes must be proven to come from its provider.

``report`` is for moving house only: a wrong token or address then costs no customer their words, and shows.
"""

from __future__ import annotations

from enum import StrEnum

UNPROVEN = "origin_unproven"  # among a submission's warnings: taken although nobody proved where it came from
FACT = "checks"  # of a channel's facts: present while its checks only report
COUNT = "unproven"


class Checks(StrEnum):
    ENFORCE = "enforce"
    REPORT = "report"


def facts_of(checks: Checks) -> dict[str, str]:
    """What a channel tells of its checks: nothing while they are what they should be."""
    return {} if checks is Checks.ENFORCE else {FACT: checks.value}
