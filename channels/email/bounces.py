"""A bounce that came back to us becomes a report on the delivery it belongs to."""

from __future__ import annotations

from datetime import datetime

from channels.base import DeliveryReport, DeliveryState
from normalizer.record import Machine, Submission

# Final, but not a word about the person: mailbox full, mail too big, content disliked (RFC 3463).
NOT_THE_PERSON = ("5.2.2", "5.2.3", "5.3.4", "5.6.", "5.7.")
YES = frozenset({"yes", "true", "1"})


def bounce_report(submission: Submission, at: datetime) -> DeliveryReport | None:
    """The report in a bounce that names one of our messages, by its Message-ID or by our own outbound id."""
    context = submission.context
    message_id = context.get("bounce_message_id", "").strip()
    outbound_id = context.get("bounce_outbound_id", "")
    if submission.machine is not Machine.BOUNCE or not (message_id or outbound_id):
        return None
    status = context.get("bounce_status", "")
    permanent = context.get("bounce_permanent", "").casefold()
    return DeliveryReport(
        channel=submission.channel,
        # A bounce that does not say so is final: servers that go on trying take care to tell.
        state=DeliveryState.FAILED if permanent in YES | {""} else DeliveryState.DELAYED,
        at=at,
        provider_id=f"<{message_id.strip('<>')}>" if message_id else "",
        outbound_id=outbound_id,
        reason=status or "bounced",
        blocked=permanent in YES and not status.startswith(NOT_THE_PERSON),
    )
