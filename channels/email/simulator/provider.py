"""The provider as a whole: customers' mail arrives, our answers reach them, what cannot be delivered comes back."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import format_datetime, make_msgid
from urllib.parse import quote

from channels.base import Clock
from channels.email.addresses import domain_of
from channels.email.keys import fields, sender_of, split
from channels.email.simulator.faults import Faults
from channels.email.simulator.imap import CAPABILITIES, ImapSession
from channels.email.simulator.lines import Listener
from channels.email.simulator.mailboxes import Account, Folder
from channels.email.simulator.smtp import SmtpSession

LINE_END = re.compile(rb"\r\n|\n|\r")


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class MailSimulator:
    """Everything at ``domain`` is the company's; every other address is a customer's.

    ``faults`` holds what will go wrong. ``unknown`` recipients are refused with 550 at once; ``bouncing`` ones are
    accepted and come back later as a delivery status notification (RFC 3464).
    """

    def __init__(
        self,
        *,
        domain: str = "insurer.example",
        password: str = "secret",
        clock: Clock | None = None,
        capabilities: str = CAPABILITIES,
    ) -> None:
        self.domain = domain
        self.password = password
        self.capabilities = capabilities
        self.imap_faults = Faults()
        self.smtp_faults = Faults()
        self.unknown: set[str] = set()
        self.bouncing: set[str] = set()
        self.mails_per_session = 100
        self.logins: list[bool] = []  # every try to log in over IMAP, and whether it succeeded
        self.accepted: list[tuple[str, list[str], bytes]] = []  # all that SMTP took: sender, recipients, mail
        self._clock: Clock = clock or WallClock()
        self._accounts: defaultdict[str, Account] = defaultdict(Account)
        self._customers: defaultdict[str, list[bytes]] = defaultdict(list)
        self._imap = Listener(self._imap_session)
        self._smtp = Listener(self._smtp_session)
        self._host = ""
        self.arrived = asyncio.Condition()  # told when a customer gets a mail

    async def start(self, host: str = "127.0.0.1", imap_port: int = 0, smtp_port: int = 0) -> None:
        self._host = host
        await self._imap.start(host, imap_port)
        await self._smtp.start(host, smtp_port)

    async def stop(self) -> None:
        await self._imap.stop()
        await self._smtp.stop()

    @property
    def imap_port(self) -> int:
        return self._imap.port

    @property
    def smtp_port(self) -> int:
        return self._smtp.port

    @property
    def imap_connections(self) -> int:
        return self._imap.connections

    @property
    def smtp_connections(self) -> int:
        return self._smtp.connections

    def imap_url(self, mailbox: str = "tousu") -> str:
        return f"imap://{mailbox}:{quote(self.password, safe='')}@{self._host}:{self.imap_port}/INBOX"

    def smtp_url(self, mailbox: str = "tousu") -> str:
        return f"smtp://{mailbox}:{quote(self.password, safe='')}@{self._host}:{self.smtp_port}"

    def hang_up(self) -> None:
        """Drop every connection, as a restart of the servers does."""
        self._imap.hang_up()
        self._smtp.hang_up()

    def folder(self, name: str = "INBOX", mailbox: str = "tousu") -> Folder:
        """A folder of the company's mailbox, made when it is not there; ``name`` as on the wire."""
        account = self._accounts[mailbox]
        account.create(name)
        return account.find(name) or account.inbox

    def inbox_of(self, address: str) -> list[bytes]:
        """What a customer got, oldest first."""
        return list(self._customers[address.casefold()])

    def deliver(self, raw: bytes, mailbox: str = "tousu", *, sender: str | None = None, verdict: str = "pass") -> int:
        """A mail arrives in the company's mailbox, with what its own MX writes on top. Returns its UID.

        ``sender`` is the envelope sender (default: the address in From); ``verdict`` is what SPF, DKIM and DMARC said.
        """
        if sender is None:
            sender = sender_of(raw).decode("utf-8", "replace")
        now = self._clock.now()
        top = self._top(sender, f"{mailbox}@{self.domain}", now, verdict)
        return self._accounts[mailbox].inbox.add(top + LINE_END.sub(b"\r\n", raw), now).uid

    def place(self, raw: bytes, mailbox: str = "tousu") -> int:
        """Put a mail into the company's mailbox exactly as it is. Returns its UID."""
        return self._accounts[mailbox].inbox.add(raw, self._clock.now()).uid

    def _top(self, sender: str, recipient: str, now: datetime, verdict: str) -> bytes:
        domain = domain_of(sender) or "unknown.invalid"
        lines = [
            f"Return-Path: <{sender}>",
            f"Delivered-To: {recipient}",
            f"Received: from mail.{domain} (mail.{domain} [192.0.2.1])",
            f"\tby mx.{self.domain} with ESMTPS; {format_datetime(now)}",
            f"Authentication-Results: mx.{self.domain};",
            f"\tspf={verdict} smtp.mailfrom={sender or 'postmaster'};",
            f"\tdkim={verdict} header.d={domain};",
            f"\tdmarc={verdict} header.from={domain}",
        ]
        return ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")

    # -- the servers ----------------------------------------------------------------------------------------------

    async def _imap_session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = ImapSession(
            reader, writer, log_in=self._log_in, faults=self.imap_faults, capabilities=self.capabilities
        )
        await session.run()

    async def _smtp_session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = SmtpSession(
            reader,
            writer,
            accept=self._accept,
            log_in=lambda user, password: password == self.password,
            refused=self._refusal,
            faults=self.smtp_faults,
            mails_per_session=self.mails_per_session,
        )
        await session.run()

    def _log_in(self, user: str, password: str) -> Account | None:
        self.logins.append(password == self.password)
        return self._accounts[user.partition("@")[0]] if password == self.password else None

    def _refusal(self, recipient: str) -> str:
        return "550 5.1.1 no such user" if recipient.casefold() in self.unknown else ""

    def _accept(self, sender: str, recipients: list[str], raw: bytes) -> None:
        self.accepted.append((sender, recipients, raw))
        for recipient in recipients:
            if recipient.casefold() in self.bouncing:
                self._bounce(sender, recipient, raw)
            elif domain_of(recipient).casefold() == self.domain:
                self._arrive_at_company(recipient, sender, raw)
            else:
                self._customers[recipient.casefold()].append(raw)
        asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        async with self.arrived:
            self.arrived.notify_all()

    def _arrive_at_company(self, recipient: str, sender: str, raw: bytes) -> None:
        name = recipient.partition("@")[0].partition("+")[0]
        account = self._accounts[name if name in self._accounts else "tousu"]
        now = self._clock.now()
        account.inbox.add(self._top(sender, recipient, now, "pass") + raw, now)

    def _bounce(self, sender: str, recipient: str, raw: bytes) -> None:
        if not sender:
            return  # a bounce is never bounced (RFC 5321 4.5.5)
        self._arrive_at_company(sender, "", self._notification(sender, recipient, raw))

    def _notification(self, sender: str, recipient: str, raw: bytes) -> bytes:
        head, _ = split(raw)
        returned = next((value.decode("ascii", "replace") for name, value in fields(head) if name == b"message-id"), "")
        boundary = "=_dsn"
        lines = [
            "From: MAILER-DAEMON@mx.simulator.example (Mail Delivery System)",
            f"To: {sender}",
            "Subject: Undelivered Mail Returned to Sender",
            f"Date: {format_datetime(self._clock.now())}",
            f"Message-ID: {make_msgid(domain='mx.simulator.example')}",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
            "",
            f"--{boundary}",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            f"<{recipient}>: 550 5.1.1 User unknown",
            "",
            f"--{boundary}",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.simulator.example",
            "",
            f"Final-Recipient: rfc822; {recipient}",
            "Action: failed",
            "Status: 5.1.1",
            "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
            "",
            f"--{boundary}",
            "Content-Type: text/rfc822-headers",
            "",
            *([f"Message-ID: {returned}"] if returned else []),
            "",
            f"--{boundary}--",
            "",
        ]
        return "\r\n".join(lines).encode("ascii", "replace")
