"""One message to one address by SMTP."""

from __future__ import annotations

import asyncio

import aiosmtplib

from channels.base import Outbound, Receipt
from channels.email.addresses import bounce_address, deliverable
from channels.email.message import build, message_id
from channels.email.pool import Line, SmtpPool
from channels.email.refusals import meaning
from channels.email.settings import EmailSettings
from channels.errors import DeliveryError

# A used line may have been closed, or have had its fill of mails, since we last looked; a new one may not.
WORN = frozenset({421, 450, 451, 452, 503})


class Sender:
    """Sends, and tells by a DeliveryError what a failure means. A retry is the same bytes with the same Message-ID."""

    def __init__(self, settings: EmailSettings, pool: SmtpPool) -> None:
        self._settings = settings
        self._pool = pool

    async def send(self, outbound: Outbound) -> Receipt:
        """Deliver to the SMTP server. ``provider_id`` of the receipt is our Message-ID. Raises a DeliveryError."""
        recipient = deliverable(outbound.to.value)
        mail = build(outbound, self._settings)
        try:
            await self._deliver(mail, self._envelope_sender(outbound), recipient)
        except DeliveryError:
            raise
        except Exception as error:
            raise meaning(error) from error
        return Receipt(provider_id=message_id(outbound, self._settings.address), via="smtp")

    async def aclose(self) -> None:
        await self._pool.aclose()

    async def _deliver(self, mail: bytes, sender: str, recipient: str) -> None:
        async with self._pool.line() as line:
            try:
                await self._open(line, sender, recipient)
            except (aiosmtplib.SMTPException, OSError) as error:
                if not line.is_used or not _is_worn(error):
                    raise
            else:
                await self._hand_over(line, mail)
                return
        async with self._pool.line(fresh=True) as line:
            await self._open(line, sender, recipient)
            await self._hand_over(line, mail)

    async def _open(self, line: Line, sender: str, recipient: str) -> None:
        """Sender and recipient; until here nothing was sent, so it can safely be done over."""
        await line.client.mail(sender)
        try:
            await line.client.rcpt(recipient)
        except aiosmtplib.SMTPRecipientRefused as error:
            await self._reset(line, error)
            raise

    async def _hand_over(self, line: Line, mail: bytes) -> None:
        # An answer lost after DATA may have been a yes: the mail goes again, under the same Message-ID.
        async with asyncio.timeout(self._pool.limits.data_time * 2):
            await line.client.data(mail, timeout=self._pool.limits.data_time)
        line.carried += 1

    async def _reset(self, line: Line, error: aiosmtplib.SMTPRecipientRefused) -> None:
        """A refused recipient is everyday; the line is good for the next one, unless the server says goodbye."""
        if error.code == 421 or not line.client.is_connected:
            return
        await line.client.rset()
        line.carried += 1

    def _envelope_sender(self, outbound: Outbound) -> str:
        if not self._settings.verp:
            return self._settings.address
        return bounce_address(outbound.id, address=self._settings.address, secret=self._settings.secret)


def _is_worn(error: Exception) -> bool:
    if isinstance(error, aiosmtplib.SMTPRecipientRefused):
        return error.code == 421
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return error.code in WORN
    return True
