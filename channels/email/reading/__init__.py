"""How a mail is read: raw bytes in, one frozen Mail out. Nothing here talks to the outside or knows of a mailbox."""

from channels.email.reading.mail import Mail, Own
from channels.email.reading.read import read_mail
from channels.email.reading.submission import to_submission

__all__ = ["Mail", "Own", "read_mail", "to_submission"]
