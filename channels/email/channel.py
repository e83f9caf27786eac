"""The e-mail channel: listens to a mailbox, reads what came, sends answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from channels.base import Clock, Inbox, Item, Memory, Outbound, Receipt, Route, Sourced
from channels.email.addresses import domain_of, outbound_of_bounce
from channels.email.handover import CHANNEL, Reader
from channels.email.intake import Intake
from channels.email.keys import fields, split
from channels.email.limits import Limits
from channels.email.pool import PoolLimits, SmtpPool
from channels.email.sender import Sender
from channels.email.settings import EmailSettings
from channels.email.sourced import OF_A_MAIL, sourced
from channels.errors import Misconfigured
from normalizer.record import Machine, Submission

RECIPIENT_HEADERS = frozenset({b"delivered-to", b"x-original-to", b"envelope-to", b"to"})
MOST_RECIPIENTS = 20


class EmailChannel:
    """Implements Channel, Books and Probe. ``reader`` turns the bytes of a mail into a Submission."""

    def __init__(
        self,
        settings: EmailSettings,
        reader: Reader,
        memory: Memory,
        clock: Clock,
        *,
        limits: Limits | None = None,
        pool_limits: PoolLimits | None = None,
    ) -> None:
        self._settings = settings
        self._reader = reader
        self._memory = memory
        self._clock = clock
        self._limits = limits or Limits()
        self._sender = Sender(settings, SmtpPool(settings.smtp, helo=domain_of(settings.address), limits=pool_limits))
        self._intake: Intake | None = None
        self._sending_problem = ""

    @property
    def name(self) -> str:
        return CHANNEL

    def routes(self, inbox: Inbox) -> Iterable[Route]:
        return ()

    async def listen(self, inbox: Inbox) -> None:
        """Watch the mailbox until cancelled; of several gateways on one store only one does."""
        self._intake = Intake(
            self._settings,
            inbox=inbox,
            reader=self,
            memory=self._memory,
            clock=self._clock,
            limits=self._limits,
        )
        await self._intake.run()

    async def read(self, item: Item) -> Submission:
        """What a mail says. Raises Unreadable."""
        submission = await self._reader.read(item)
        if submission.machine is Machine.BOUNCE and self._settings.verp:
            return self._with_returned_id(submission, item)
        return submission

    async def send(self, outbound: Outbound) -> Receipt:
        """One attempt. Raises a DeliveryError."""
        try:
            receipt = await self._sender.send(outbound)
        except Misconfigured as error:
            self._sending_problem = str(error)
            raise
        self._sending_problem = ""
        return receipt

    async def books(self, since: datetime, until: datetime) -> Sequence[Sourced]:
        """The mailbox and what we put away of it. Raises ChannelError."""
        return await sourced(self._settings, self._limits, since, until)

    def vouches(self, key: str, envelope: Mapping[str, str]) -> bool:
        """Mails have such keys; the words of a person of ours about one have others."""
        return OF_A_MAIL.fullmatch(key) is not None and "uid" in envelope

    async def aclose(self) -> None:
        await self._sender.aclose()
        await self._reader.aclose()

    def state(self) -> Mapping[str, str]:
        """For /readyz: listening, last_proof, and problem when the mailbox or the SMTP server refuse us."""
        known = dict(self._intake.state()) if self._intake else {"listening": "not started"}
        if self._sending_problem:
            known["problem"] = "; ".join(filter(None, (known.get("problem"), self._sending_problem)))
        return known

    def _with_returned_id(self, submission: Submission, item: Item) -> Submission:
        """The bounce came to an address that only this one message of ours was sent from: no doubt which it is."""
        for recipient in _recipients(item.raw):
            found = outbound_of_bounce(recipient, address=self._settings.address, secret=self._settings.secret)
            if found:
                return replace(submission, context={**submission.context, "bounce_outbound_id": found})
        return submission


def _recipients(raw: bytes) -> list[str]:
    head, _ = split(raw)
    values = [value for name, value in fields(head) if name in RECIPIENT_HEADERS]
    words = b",".join(values).replace(b"<", b",").replace(b">", b",").split(b",")
    return [word.decode("ascii", "replace").strip() for word in words if b"+" in word][:MOST_RECIPIENTS]
