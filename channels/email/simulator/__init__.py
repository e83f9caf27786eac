"""The mail provider's far side on loopback: IMAP and SMTP over mailboxes in memory, which can misbehave."""

from channels.email.simulator.faults import Faults, Kind
from channels.email.simulator.provider import MailSimulator

__all__ = ["Faults", "Kind", "MailSimulator"]
