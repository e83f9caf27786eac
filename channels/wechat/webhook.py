"""What WeChat calls: verify, open, understand, hand over, answer.

Five seconds after its call WeChat cuts the line and calls again, three times in all (so up to four deliveries):
https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import structlog
from aiohttp import ClientError, web

from channels.base import Answer, AnswerKind, Clock, DeliveryReport, Inbox, Route
from channels.errors import Unauthentic
from channels.origin import COUNT, Checks
from channels.wechat.envelope import Envelopes, Letter, WrongKey
from channels.wechat.health import Health
from channels.wechat.keys import key_of, raw_key, unproven
from channels.wechat.markup import Malformed
from channels.wechat.parse import not_understood, understand
from channels.wechat.receipts import reports_of
from channels.wechat.reply import LIMIT, text_reply
from channels.wechat.settings import WeChatSettings
from normalizer.record import Submission

log = structlog.get_logger(__name__)

MAX_ECHO = 200
NOTHING_TO_SAY = "success"  # needs no seal, not even in safe mode
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """Seconds within one call; WeChat waits five."""

    read: float = 4.0  # for the body to arrive
    speak: float = 2.0  # an answer ready by then is spoken on the open line
    retry: float = 0.5  # between two tries to store an item
    hold: float = 6.0  # beyond WeChat's patience: see `Webhook.wait`


class NotStored(Exception):
    """Nothing could be stored for as long as WeChat would listen."""


class Webhook:
    """GET and POST /in/wechat."""

    def __init__(
        self, *, settings: WeChatSettings, inbox: Inbox, clock: Clock, health: Health, pace: Pace | None = None
    ) -> None:
        self.settings = settings
        self.inbox = inbox
        self.clock = clock
        self.health = health
        self.pace = pace or Pace()
        self.envelopes = Envelopes(settings, clock)
        self.handing: dict[str, asyncio.Task[Answer]] = {}  # by key: a redelivery joins the one under way
        self.in_flight = 0

    def routes(self) -> Iterable[Route]:
        return (Route(method="GET", handler=self.greet), Route(method="POST", handler=self.receive))

    async def greet(self, request: web.Request) -> web.Response:
        """WeChat asks whether this address is ours: say its words back."""
        try:
            echo = self.envelopes.greet(request.query)
        except Unauthentic:
            return self._refuse(403, "forged")
        return web.Response(text=echo[:MAX_ECHO], headers=HEADERS)

    async def receive(self, request: web.Request) -> web.Response:
        """One message or event."""
        self.in_flight += 1
        speak_by = self._speak_by()
        try:
            letter = self._opened(await self._body(request), request.query)
            return await self._hear(letter, speak_by)
        except WrongKey as error:
            self.health.alarm("webhook", str(error))
            return self._refuse(403, "wrong_key")
        except Unauthentic:
            return self._refuse(403, "forged")
        except Malformed:
            return self._refuse(400, "malformed")
        except web.HTTPException as refused:
            return self._refuse(refused.status, "refused")
        finally:
            self.in_flight -= 1

    async def aclose(self) -> None:
        """Let what is being stored be stored."""
        if self.handing:
            await asyncio.wait(self.handing.values(), timeout=self.pace.hold)

    def _opened(self, body: bytes, query: Mapping[str, str]) -> Letter:
        """Proven to be WeChat's; while checks only report, also what is not."""
        try:
            letter = self.envelopes.open(body, query)
            self.health.mended("webhook")
            return letter
        except Unauthentic:
            unproven = self.envelopes.unproven(body) if self.settings.checks is Checks.REPORT else None
            if unproven is None:
                raise
            self.health.count(COUNT)
            return unproven

    async def _body(self, request: web.Request) -> bytes:
        """The body, unpacked, never more of it than the limit."""
        body = bytearray()
        try:
            async with asyncio.timeout(self.pace.read):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > self.settings.max_body:
                        raise web.HTTPRequestEntityTooLarge(max_size=self.settings.max_body, actual_size=len(body))
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        except (web.RequestPayloadError, ClientError, ConnectionError) as error:
            raise Malformed("the body broke off, or is not packed as its header says") from error
        return bytes(body)

    async def _hear(self, letter: Letter, speak_by: float) -> web.Response:
        submission = self._understand(letter)
        if not letter.proven:
            submission = unproven(submission)
        self.health.count("unreadable" if submission.unreadable else "received")
        # WeChat documents a passive reply in XML only: who has it send JSON is answered by the queue.
        answer = await self._wait(letter, submission, None if letter.is_json else speak_by)
        return self._speak(letter, submission, answer)

    def _understand(self, letter: Letter) -> Submission:
        """Authentic items are never refused for being odd."""
        now = self.clock.now()
        fields = letter.fields
        key = raw_key(letter.raw)
        if fields is None:
            return not_understood(None, letter.fault, raw=letter.raw, key=key, received_at=now)
        try:
            key = key_of(fields, letter.raw)
            return understand(fields, raw=letter.raw, key=key, received_at=now)
        except Malformed as error:
            return not_understood(fields, str(error), raw=letter.raw, key=key, received_at=now)
        except Exception as error:  # a mistake of ours: a 500 would store nothing, and WeChat soon gives up
            log.error("wechat_parser_crashed", error=type(error).__name__)
            return not_understood(fields, f"crashed: {type(error).__name__}", raw=letter.raw, key=key, received_at=now)

    def _reports(self, letter: Letter, submission: Submission) -> Iterable[DeliveryReport]:
        if not letter.proven:  # evidence that somebody was told must be WeChat's own word
            return ()
        try:
            return reports_of(letter.fields or {}, submission.received_at)
        except Exception as error:  # as above: the item is stored all the same
            log.error("wechat_report_not_understood", error=type(error).__name__)
            return ()

    async def _wait(self, letter: Letter, submission: Submission, speak_by: float | None) -> Answer:
        """The answer, however long it takes; never cancelled, and never `success` before the item is stored.

        `success` ends WeChat's redeliveries, so it may be said only of what is committed. While a commit hangs we
        therefore keep still: WeChat cuts the line at five seconds and delivers again; the next delivery joins the
        same task (or, in another process, finds the stored item) and gets the very same answer. An answer that got
        ready after `speak_by` was queued by the inbox, so that nobody waits for words that nobody heard.
        When nothing can be stored at all, silence is again the one thing that WeChat is sure to redeliver after; a
        quick 5xx may use up all its tries within a moment. What finally answers 503 is for other callers and logs.
        """
        task = self.handing.get(submission.key) or self._start(letter, submission, speak_by)
        try:
            async with asyncio.timeout(self.pace.hold):
                return await asyncio.shield(task)
        except (TimeoutError, NotStored):
            raise web.HTTPServiceUnavailable from None

    def _start(self, letter: Letter, submission: Submission, speak_by: float | None) -> asyncio.Task[Answer]:
        handing = self._hand_over(submission, self._reports(letter, submission), speak_by)
        task = asyncio.create_task(handing, name="wechat-hand-over")
        self.handing[submission.key] = task
        task.add_done_callback(lambda done: self._handed(submission.key, done))
        return task

    def _handed(self, key: str, task: asyncio.Task[Answer]) -> None:
        del self.handing[key]
        if not task.cancelled() and task.exception() is not None:
            self.health.count("not_stored")

    async def _hand_over(
        self, submission: Submission, reports: Iterable[DeliveryReport], speak_by: float | None
    ) -> Answer:
        """Submit; while nothing can be stored, again and again, until WeChat has long begun to deliver anew."""
        give_up = asyncio.get_running_loop().time() + self.pace.hold
        while asyncio.get_running_loop().time() < give_up:
            try:
                answer = await self.inbox.submit(submission, speak_by=speak_by)
                for report in reports:
                    await self.inbox.report(report)
                return answer
            except Exception as error:  # whatever kept it from being stored: the item is still in our hands only
                log.warning("wechat_not_stored", error=type(error).__name__)
                await asyncio.sleep(self.pace.retry)
        raise NotStored

    def _speak_by(self) -> float:
        """Above the bound an answer goes by the queue: a `success` in time beats words that come too late."""
        if self.in_flight > self.settings.max_in_flight:
            return 0.0
        return asyncio.get_running_loop().time() + self.pace.speak

    def _speak(self, letter: Letter, submission: Submission, answer: Answer) -> web.Response:
        if answer.kind is not AnswerKind.SPOKEN or not answer.text.strip() or not submission.sender:
            return web.Response(text=NOTHING_TO_SAY, headers=HEADERS)
        if len(answer.text.encode("utf-8", "replace")) > LIMIT:
            self.health.count("shortened")  # the gateway should have queued the rest: see split_text
        fields = letter.fields or {}
        created = _create_time(fields)
        reply = text_reply(
            to=submission.sender.value,
            sender=self.settings.account_id or str(fields.get("ToUserName", "")),
            create_time=created,
            text=answer.text,
        )
        if letter.seal is not None:
            reply = letter.seal.close(reply, about=submission.key, timestamp=created)
        return web.Response(text=reply, content_type="application/xml", headers=HEADERS)

    def _refuse(self, status: int, why: str) -> web.Response:
        """A short word, nothing stored; the count is in /metrics."""
        self.health.count(why)
        log.debug("wechat_refused", status=status, why=why)
        return web.Response(status=status, text=why, headers=HEADERS)


def _create_time(fields: Mapping[str, object]) -> str:
    """The item's own time, also that of the answer: a redelivery must get the same bytes."""
    said = fields.get("CreateTime", "")
    return said if isinstance(said, str) and said.isascii() and said.isdigit() and len(said) <= 12 else "0"
