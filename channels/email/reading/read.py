"""Raw bytes in, one Mail out: the verb of this package. It never raises; what it could not read, it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from channels.email.reading import kinds, limits, quotes, threads, trust
from channels.email.reading.body import Body, read_body
from channels.email.reading.bounce import Bounce, read_bounce
from channels.email.reading.headers import CHINA, Address, Headers, address_of, addresses, date_of, message_ids
from channels.email.reading.mail import Mail, Own
from channels.email.reading.mime import Part, parse
from channels.email.reading.plausible import commonness
from channels.email.reading.words import clean_line, without_marks
from normalizer.record import Machine

_FORWARDED = re.compile(r"^\s*(?:转发|轉發|轉寄|转寄|fwd?)\s*[:：]", re.I)
_DELIVERED = ("to", "cc", "delivered-to", "x-original-to", "x-envelope-to", "envelope-to", "x-delivered-to")
_HAN = re.compile("[\u3400-\u9fff]")


def read_mail(raw: bytes, own: Own, *, envelope: Mapping[str, str] | None = None) -> Mail:
    """What a mail says.

    ``envelope`` is what the transport knew and the bytes may not say: ``internaldate`` (ISO 8601 or as IMAP writes it),
    ``return_path``, ``recipient``. Never raises on any bytes but MemoryError, which is for the worker that holds us.
    """
    warnings = limits.Warnings()
    reader = _Reader(own, {key.lower(): str(value) for key, value in (envelope or {}).items()}, warnings)
    with warnings.instead_of_raising("mail"):
        return reader.read(parse(raw, warnings))
    return reader.stub(raw)


class _Reader:
    """One reading: everything that is asked of the same mail."""

    def __init__(self, own: Own, envelope: Mapping[str, str], warnings: limits.Warnings) -> None:
        self.own = own
        self.envelope = envelope
        self.warnings = warnings

    def stub(self, raw: bytes) -> Mail:
        """When all else fails: who, when, and the warning that says why."""
        from channels.email.reading.headers import parse_fields
        from channels.email.reading.mime import split_headers

        headers = Headers()
        with self.warnings.instead_of_raising("headers"):
            headers = Headers(fields=parse_fields(split_headers(raw[: limits.HEADER_BYTES])[0]))
        sender, subject = Address(), ""
        with self.warnings.instead_of_raising("headers"):
            sender, subject = self._sender(headers), headers.text("subject")[: limits.SUBJECT_CHARS]
        return Mail(
            sender=sender.address,
            sender_name=sender.name,
            subject=subject,
            received_at=self._received_at(headers),
            warnings=self.warnings.all(),
        )

    def read(self, root: Part) -> Mail:
        headers = root.headers
        body = read_body(root, self.warnings)
        sender = self._sender(headers)
        auth = trust.verdict(headers, sender.address, self.own.authserv_ids)
        subject = headers.text("subject")[: limits.SUBJECT_CHARS]
        claim, cut = self._thread(headers, subject, body)
        signs = self._signs(root, body, sender.address, subject, cut.text, claim, auth)
        machine = kinds.machine_of(signs)
        bounce = self._bounce(machine, body, subject, headers)
        if bounce and bounce.status.startswith("2"):  # a receipt of delivery (RFC 3461, NOTIFY=SUCCESS)
            machine, bounce = Machine.AUTO_REPLY, None
        if bounce and bounce.number:
            claim = self._claim(headers, subject, "", bounce)
        if machine is None and not cut.text.strip() and not subject:
            self.warnings.add("nothing_said")
        return Mail(
            sender=sender.address,
            sender_name=sender.name,
            reply_to=address_of(headers.text("reply-to")).address,
            subject=subject,
            text=cut.text,
            quoted=cut.quoted,
            first_text=without_marks(body.text),
            attachments=tuple(body.files.files),
            message_id=next(iter(message_ids(headers.raw("message-id"))), ""),
            in_reply_to=message_ids(headers.raw("in-reply-to"))[:5],
            references=message_ids(headers.raw("references"))[-limits.REFERENCES :],
            auth=auth,
            thread=claim,
            quoted_recipient=quotes.recipient_of_our_mail(cut.quoted, self.own.address) if claim.token else "",
            machine=machine,
            may_acknowledge=kinds.may_acknowledge(signs, machine, self.own.address),
            bounce=bounce,
            received_at=self._received_at(headers),
            listed=kinds.is_listed(headers),
            bulk=kinds.is_bulk(headers),
            language=_language(headers, body.charset, f"{subject}{cut.text}"),
            encrypted=body.encrypted,
            warnings=self._all_warnings(headers, sender),
        )

    def _sender(self, headers: Headers) -> Address:
        """From; where that is missing, who else the mail or its envelope says it came from."""
        if len(headers.every("from")) > 1:
            self.warnings.add("several_from")
        written = address_of(headers.text("from"))
        if written.address:
            return written
        self.warnings.add("no_from")
        for name in ("return-path", "sender", "reply-to", "x-sender"):
            other = address_of(headers.text(name))
            if other.address:
                return Address(address=other.address, name=written.name)
        return Address(address=address_of(self.envelope.get("return_path", "")).address, name=written.name)

    def _thread(self, headers: Headers, subject: str, body: Body) -> tuple[threads.Claim, quotes.Cut]:
        """The case named, and the words cut accordingly: a first message is never cut."""
        claim = self._claim(headers, subject, "", None)
        shown = without_marks(body.text)
        mentioned = threads.numbers_in(shown, spoken=True)
        if not claim.token and not mentioned:
            return claim, quotes.whole(body.text)
        cut = quotes.reply(body.text, ours=self.own.address, forward=_FORWARDED.match(subject) is not None)
        claim = self._claim(headers, subject, cut.text, None)
        if not claim.token and self.own.address in cut.quoted.lower():
            claim = threads.claim([("body", mentioned)])
        return (claim, cut) if claim.token else (claim, quotes.whole(body.text))

    def _claim(self, headers: Headers, subject: str, text: str, bounce: Bounce | None) -> threads.Claim:
        return threads.claim(self._places(headers, subject, text, bounce))

    def _places(
        self, headers: Headers, subject: str, text: str, bounce: Bounce | None
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Where numbers stand, the most trustworthy place first."""
        recipients = [
            found
            for name in _DELIVERED
            for value in headers.every(name)[:20]
            for found in addresses(clean_line(value.decode("latin-1")))
        ]
        recipients += addresses(self.envelope.get("recipient", ""))
        yield "plus_address", _known(threads.number_of_plus_address(found, self.own.address) for found in recipients)
        answered = (*message_ids(headers.raw("in-reply-to")), *reversed(message_ids(headers.raw("references"))))
        yield "in_reply_to", _known(threads.number_of_message_id(found, self.own.domain) for found in answered)
        if bounce:
            yield bounce.by, (bounce.number,)
            return
        yield "subject", threads.numbers_in(subject, spoken=True)
        yield "body", threads.numbers_in(text, spoken=True)

    def _signs(
        self, root: Part, body: Body, sender: str, subject: str, text: str, claim: threads.Claim, auth: trust.Auth
    ) -> kinds.Signs:
        return kinds.Signs(
            headers=root.headers,
            root=root,
            sender=sender,
            subject=subject,
            text=text,
            whole=without_marks(body.text),
            reports=tuple(kind for kind, _ in body.reports),
            in_thread=bool(claim.token),
            envelope_from=self._envelope_from(root.headers),
            refuted=auth.refuted,
        )

    def _envelope_from(self, headers: Headers) -> str | None:
        if headers.has("return-path"):
            return address_of(headers.text("return-path")).address
        if "return_path" in self.envelope:
            return address_of(self.envelope["return_path"]).address
        return None

    def _bounce(self, machine: Machine | None, body: Body, subject: str, headers: Headers) -> Bounce | None:
        if machine is not Machine.BOUNCE:
            return None
        with self.warnings.instead_of_raising("bounce"):
            return read_bounce(
                without_marks(body.text),
                subject,
                headers,
                body.reports,
                body.returned,
                ours=self.own.address,
                domain=self.own.domain,
            )
        return None

    def _received_at(self, headers: Headers) -> datetime | None:
        taken = trust.taken_at(headers, self.own.authserv_ids, self.own.domain)
        return taken or date_of(headers.text("date")) or _internal_date(self.envelope.get("internaldate", ""))

    def _all_warnings(self, headers: Headers, sender: Address) -> tuple[str, ...]:
        """What staff should know before they trust or answer."""
        reply_to = address_of(headers.text("reply-to")).address
        if reply_to and reply_to.lower() != sender.address.lower():
            self.warnings.add("reply_to_differs")
        if not headers.has("message-id"):
            self.warnings.add("no_message_id")
        if date_of(headers.text("date")) is None:
            self.warnings.add("no_date")
        if b"\xef\xbf\xbd" in headers.text("subject").encode("utf-8", "replace"):
            self.warnings.add("unreadable_subject")
        return self.warnings.all()


def _known(numbers: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, numbers)))


def _internal_date(text: str) -> datetime | None:
    for parsed in (datetime.fromisoformat, lambda value: datetime.strptime(value, "%d-%b-%Y %H:%M:%S %z")):
        try:
            moment = parsed(text.strip())
        except ValueError:
            continue
        return moment.astimezone(CHINA) if moment.tzinfo else moment.replace(tzinfo=CHINA)
    return date_of(text) if text else None


def _language(headers: Headers, charset: str, words: str) -> str:
    declared = headers.plain("content-language")
    if "hant" in declared or declared.startswith(("zh-tw", "zh-hk", "zh-mo")) or charset in {"big5hkscs", "cp950"}:
        return "zh-Hant"
    if not _HAN.search(words):
        return "en" if words.strip() else ""
    return "zh-Hans" if charset == "gb18030" and commonness(words) > 0.5 else ""
