"""How news leaves by telephone: a text message, an approved one, or a call, by what the number's country lets us."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote

from channels.base import Clock, Memory, Outbound, OutboundKind, Receipt
from channels.errors import Rejected, Unreachable
from channels.phone.client import Api
from channels.phone.intents import Intents, Sending
from channels.phone.keeping import OF_A_MESSAGE
from channels.phone.reach import Way, e164, is_landline, load
from channels.phone.refusals import Shut
from channels.phone.settings import PhoneSettings
from channels.phone.sms import fill, words_of
from channels.phone.tell import key_for, written
from normalizer.record import Contact, ContactKind

WORTH_A_CALL = frozenset({OutboundKind.STATUS, OutboundKind.RECEIPT})
WRITTEN = frozenset({Way.SMS, Way.TEMPLATE})


class Sender:
    """One delivery attempt, by the first way that is open."""

    def __init__(self, *, settings: PhoneSettings, api: Api, memory: Memory, clock: Clock) -> None:
        self.settings = settings
        self.api = api
        self.memory = memory
        self.reach = load(settings.reach)  # raises ValueError when the operator's table cannot be right
        self.intents = Intents(memory=memory, clock=clock)
        self.by: Mapping[Way, Callable[[Outbound], Awaitable[str]]] = MappingProxyType(
            {Way.SMS: self._by_sms, Way.TEMPLATE: self._by_template, Way.VOICE: self._by_voice}
        )

    async def send(self, outbound: Outbound) -> Receipt:
        """Raises a DeliveryError; Unreachable with ``until_contact`` when no way is open but their own next call."""
        outbound = replace(outbound, to=_number_of(outbound.to))
        begun = await self.intents.of(outbound.id)
        if begun is not None and begun.sid:
            return Receipt(provider_id=begun.sid, via=begun.way)
        shut: list[str] = []
        for way in _from(begun.way if begun else "", self._ways(outbound)):
            try:
                return Receipt(provider_id=await self.by[way](outbound), via=way)
            except Shut as error:
                shut.append(str(error))
        why = "; ".join(shut) or "this number takes no such message from us"
        raise Unreachable(why, until_contact=outbound.kind is not OutboundKind.COPY)

    def may_text(self, to: Contact) -> bool:
        """Can a written message reach this number from our account?"""
        return to.kind is ContactKind.PHONE and bool(WRITTEN & set(self._open(e164(to.value))))

    def _open(self, number: str) -> list[Way]:
        """What the country lets us, where we have what it takes: an approved wording, an address to be called at."""
        needed = {Way.TEMPLATE: self.settings.sms_template, Way.VOICE: self.settings.public_url}
        ways = [way for way in self.reach.ways(number) if needed.get(way, "yes")]
        return [way for way in ways if way is Way.VOICE or not is_landline(number)]

    def _ways(self, outbound: Outbound) -> list[Way]:
        """Only news is worth a ringing telephone; template and call speak of a case by its number."""
        ways = [way for way in self._open(outbound.to.value) if way is Way.SMS or outbound.number]
        return [way for way in ways if way is not Way.VOICE or outbound.kind in WORTH_A_CALL]

    async def _by_sms(self, outbound: Outbound) -> str:
        body = words_of(outbound, with_link=self.reach.takes_links(outbound.to.value))
        if not outbound.text.strip():
            raise Rejected("nothing to say", code="empty")
        return await self._text(outbound, Way.SMS, body)

    async def _by_template(self, outbound: Outbound) -> str:
        return await self._text(outbound, Way.TEMPLATE, fill(self.settings.sms_template, outbound))

    async def _text(self, outbound: Outbound, way: Way, body: str) -> str:
        to = outbound.to.value
        callback = self._address("message", outbound)
        return await self._once(
            outbound,
            way,
            create=lambda: self.api.send_sms(to=to, body=body, status_callback=callback),
            find=lambda since: self.api.find_messages(to=to, body=body, since=since),
        )

    async def _by_voice(self, outbound: Outbound) -> str:
        to, url, callback = outbound.to.value, self._address("tell", outbound), self._address("told", outbound)
        await self.memory.put(key_for(outbound.id), written(outbound), keep=OF_A_MESSAGE)
        return await self._once(
            outbound,
            Way.VOICE,
            create=lambda: self.api.place_call(to=to, url=url, status_callback=callback, detect_machine=True),
            find=lambda since: self.api.find_calls(to=to, since=since),
        )

    async def _once(
        self,
        outbound: Outbound,
        way: Way,
        *,
        create: Callable[[], Awaitable[str]],
        find: Callable[[datetime], Awaitable[Sequence[str]]],
    ) -> str:
        to = outbound.to.value
        return await self.intents.once(Sending(outbound_id=outbound.id, way=way, to=to, create=create, find=find))

    def _address(self, what: str, outbound: Outbound) -> str:
        """Where Twilio tells us of it; without a public address it cannot."""
        public = self.settings.public_url.rstrip("/")
        return f"{public}/in/phone/{what}?d={quote(outbound.id, safe='')}" if public else ""


def _number_of(to: Contact) -> Contact:
    """A number given elsewhere may be written as at home. Raises Rejected when it is no telephone's."""
    number = e164(to.value) if to.kind is ContactKind.PHONE else ""
    if not number:
        raise Rejected("no telephone number to send to", code="no_number")
    return replace(to, value=number)


def _from(begun: str, ways: list[Way]) -> list[Way]:
    """An attempt goes on where the last one stopped: what was refused before it need not be asked again."""
    names = [way.value for way in ways]
    return ways[names.index(begun) :] if begun in names else ways
