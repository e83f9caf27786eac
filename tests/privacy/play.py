"""Every input of the gateway gets somebody's secrets, also where it breaks; what comes out is written down."""

from __future__ import annotations

import asyncio
import gc
import json
import re
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, urlencode

from aiohttp import FormData, web

from channels.email.simulator.faults import Kind
from channels.errors import Unreadable
from channels.letter.reader import PaperReader
from channels.phone.simulator.faults import Fault as Refused
from channels.phone.simulator.faults import Faults as CarrierFaults
from channels.phone.simulator.faults import refusal
from channels.phone.simulator.values import Trouble
from channels.wechat.simulator.faults import Fault, Faults
from gateway.intake.inbox import GatewayInbox
from gateway.staff.actor import Role
from normalizer.record import Submission
from store.errors import Unavailable
from tests.clock import SetClock
from tests.contract.post import LetterRig
from tests.contract.rigs import EmailRig
from tests.privacy.canaries import Canary, canary
from tests.privacy.house import TOKEN, Outputs, Stage, bytes_under, command_lines, open_house, written_down
from tests.waiting import until

BY_CHAT, BY_MAIL, BY_CALL, BY_PAGE, BY_APP, BY_POST, BROKEN, AT_THE_DOOR = map(canary, range(8))
EVERYBODY = (BY_CHAT, BY_MAIL, BY_CALL, BY_PAGE, BY_APP, BY_POST, BROKEN, AT_THE_DOOR)
PASSWORD = "Zwölf-Boxkämpfer-8841!"
WRONG_PROOF = "9Z7Q"
MASKED_ROLE = Role.CLERK  # sees complaints, and has no right to plain values
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TELLING = "the words of an error: "


async def play(folder: Path, database: Path) -> Outputs:
    """All of it; what the gateway left on disk is the last output."""
    letter = LetterRig(SetClock())  # its folder is the mailroom's, and no temporary file of ours
    with written_down(folder) as (lines, addresses):
        async with open_house(folder, database, EmailRig(SetClock()), letter) as stage:
            await chat(stage)
            await mail(stage)
            await call(stage)
            await page(stage)
            await app(stage)
            await post(stage)
            await staff(stage)
            await strangers(stage)
            await broken_inside(stage)
            await spooled(stage)
            await look(stage)
            outputs = stage.outputs
            own = stage.url
            outputs.add("processes", command_lines())
            outputs.add("disk while it runs", bytes_under(folder / "data") + bytes_under(folder / "tmp"))
        gc.collect()
        outputs.add("disk", bytes_under(folder / "data") + bytes_under(folder / "tmp"))
        outputs.add("logs", lines.getvalue())
        outputs.add("addresses called", "\n".join(each for each in addresses if own not in each))
    return outputs


async def chat(stage: Stage) -> None:
    """WeChat: words, a file name, a link; a provider that repeats it all in its errors."""
    world, who = stage.wechat.world, BY_CHAT
    with patch.object(Faults, "play", _echo(who)):
        await world.push_text(who.openid, who.story)
        await world.push_file(who.openid, who.file)
        await world.push_link(who.openid, who.word, f"https://example.cn/{who.phone}")
        for code in (-1, 40003):
            world.inject(Fault(endpoint="message/custom/send", kind="errcode", code=code))
            await world.push_text(who.openid, f"再说一次{who.word}")
            await stage.deliver()
    await world.push_image(who.openid, "a-media-id-of-wechat")
    await stage.gateway.fetching.run_once()


async def mail(stage: Stage) -> None:
    """Mail: every header has its share; and a mail server that says them all again."""
    who, provider = BY_MAIL, stage.email.provider
    for answer in ("451 4.7.1 later", "550 5.1.1 unknown"):
        told = f"{answer}: <{who.email}> {who.phone} {who.name}"
        provider.smtp_faults.plan("RCPT", Kind.REFUSE, answer=told)
    provider.imap_faults.plan("UID FETCH", Kind.REFUSE, answer=f"NO {who.email} {who.word}")
    provider.deliver(_letter(who))
    provider.deliver(_broken_letter(BROKEN))
    await stage.email._until_put_away()
    await stage.deliver()
    stage.clock.advance(minutes=30)
    await stage.deliver()


async def call(stage: Stage) -> None:
    """The telephone: a caller who says and keys their secrets, while the carrier refuses what we ask of it."""
    stage.phone.carrier.inject(Refused(endpoint="POST Messages", kind="error_code", code=30007))
    number = f"+86{BY_CALL.phone}"
    with patch.object(CarrierFaults, "play", _echo_by_phone(BY_CALL)):
        line = await stage.phone.carrier.call(number)
        await line.speak(BY_CALL.story)
        await line.press(BY_CALL.phone)
        await line.hang_up(BY_CALL.word)
        await stage.phone.carrier.settle()
        await stage.deliver()
    await _carrier_tells(stage, f"step?n={BY_CALL.phone}", {"CallSid": BY_CALL.name})


async def page(stage: Stage) -> None:
    """The website: a whole complaint with a file, then one that breaks off."""
    who = BY_PAGE
    async with stage.browser.get(f"{stage.url}/complain") as shown:
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', await shown.text()))
    stage.clock.advance(seconds=20)
    form = FormData()
    for name, value in {**hidden, "declared": "yes", "matter": who.story, "phone": who.phone}.items():
        form.add_field(name, value)
    form.add_field("files", b"\xff\xd8\xff\xe0" + who.word.encode(), filename=who.file)
    async with stage.browser.post(f"{stage.url}/complain", data=form) as answer:
        assert answer.status == 200, await answer.text()
    head = {"Content-Type": "multipart/form-data; boundary=x", "X-Forwarded-For": who.phone}
    body = f"--x\r\n{BROKEN.story}".encode()
    await stage.ask("POST", "/complain", "page of a broken form", data=body, headers=head)
    wrong = {"number": "TS261123000019", "proof": WRONG_PROOF, "csrf": BROKEN.word}
    await stage.ask("POST", "/progress", "page of a forged form", data=wrong)


async def app(stage: Stage) -> None:
    """The app's API: a complaint, then a body that is none, with everything where it does not belong."""
    who = BY_APP
    sent = {"token": "app-token-0001", "matter": who.story, "phone": who.phone, "complainant_name": who.name}
    async with stage.session.post(f"{stage.url}/api/public/v1/complaints", json=sent) as answer:
        assert answer.status in (200, 201), await answer.text()
    for body in (json.dumps({"token": BROKEN.story, BROKEN.name: BROKEN.phone}), f'{{"{BROKEN.story}'):
        await stage.ask("POST", "/api/public/v1/complaints", "app's answer", data=body, headers=JSON)
    wrong = {"number": BROKEN.phone, "proof": WRONG_PROOF, "link": BROKEN.policy}
    await stage.ask("POST", "/api/public/v1/progress", "app's answer", json=wrong)


async def post(stage: Stage) -> None:
    """A scan under a name that says too much; the process that reads it is not started for this."""
    failed = Unreadable("corrupt")
    with patch.object(PaperReader, "warm", _idle), patch.object(PaperReader, "read", side_effect=failed):
        stage.letter.office.drop(BY_POST.story.encode(), name=f"{BY_POST.name}-{BY_POST.file}.pdf")
        await until(lambda: [*stage.letter.office.incoming.glob("quarantine/*")], 60.0)


async def _idle(_: PaperReader) -> None:
    """Nothing to warm up."""


async def staff(stage: Stage) -> None:
    """Sign-in with secrets; then every page and list of the house for a role that may not read them."""
    await stage.ask("GET", "/console/sign-in", "sign-in page")
    async with stage.browser.get(f"{stage.url}/console/sign-in") as shown:
        token = CSRF.search(await shown.text())
    form = {"csrf": token[1] if token else "", "login": AT_THE_DOOR.email, "password": PASSWORD}
    await stage.ask("POST", "/console/sign-in", "sign-in page", data=form)
    headers = await stage.signed_in(MASKED_ROLE)
    for path in await _pages(stage):
        await stage.ask("GET", path, "console of a role without the right", headers=headers)
    service = {"Authorization": f"Bearer {TOKEN}"}
    for path in ("/api/v1/complaints", *(f"/api/v1/complaints/{number}" for number in await stage.numbers())):
        await stage.ask("GET", path, "API without a reason", headers=service)


async def strangers(stage: Stage) -> None:
    """Path, query, cookie, agent, host and body of requests that nobody answers."""
    who = AT_THE_DOOR
    odd = {
        "User-Agent": who.phone,
        "Cookie": f"a={who.phone}; tousu_session={who.id_number}",
        "X-Twilio-Signature": who.policy,
    }
    odd |= {"Referer": f"https://example.cn/{who.phone}", "Authorization": f"Bearer {who.id_number}"}
    asked = urlencode({"phone": who.phone, "words": who.story, "signature": who.policy})
    paths = (
        f"/{quote(who.story)}",
        "/in/wechat",
        "/in/phone/call",
        "/api/v1/complaints",
        "/api/v1/nothing",
        "/metrics/x",
    )
    for path in (*paths, "/api/public/v1/nothing", "/customers/none.css", "/console/static/none.css"):
        for method in ("GET", "POST", "DELETE"):
            body = {"data": who.story.encode()} if method != "GET" else {}
            await stage.ask(method, f"{path}?{asked}", "answers to strangers", headers=odd, **body)
    await _no_http(stage, who)


async def broken_inside(stage: Stage) -> None:
    """Mistakes of ours in the middle of handling, each with a customer's words in its message."""
    who, over = BROKEN, {"CallSid": "CA" + "7" * 32, "From": BROKEN.phone, "CallStatus": "completed"}
    headers = {"Authorization": f"Bearer {TOKEN}"}

    async def fail(*_: Any, **__: Any) -> Any:
        local = who.story
        raise RuntimeError(f"{TELLING}{local}")

    with patch("gateway.intake.inbox.handle", fail):
        await stage.wechat.world.push_text(who.openid, who.story)
    with patch("channels.wechat.webhook.understand", side_effect=RuntimeError(who.story)):
        await stage.wechat.world.push_text(who.openid, who.story + "！")
    number = (await stage.numbers())[0]
    with patch("gateway.staff.looking.sees", side_effect=RuntimeError(who.story)):
        await stage.ask("GET", f"/api/v1/complaints/{number}", "failed answers", headers=headers)
        clerk = await stage.signed_in(MASKED_ROLE)
        await stage.ask("GET", f"/console/cases/{number}", "failed answers", headers=clerk)
    with patch("gateway.customers.complain.ComplainPages._form", side_effect=RuntimeError(who.story)):
        await stage.ask("GET", f"/complain?{urlencode({'words': who.story})}", "failed answers")
    with patch("channels.phone.webhook.report_of", side_effect=RuntimeError(who.story)):
        await _carrier_tells(stage, "status", over)
    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()


async def spooled(stage: Stage) -> None:
    """The database is away: what is said meanwhile lies on disk."""

    async def away(self: GatewayInbox, submission: Submission, **_: Any) -> Any:
        raise Unavailable(TELLING + submission.text)

    with patch.object(GatewayInbox, "submit", away):
        await stage.wechat.world.push_text(BY_CHAT.openid, BY_CHAT.story + "，请记下")


async def look(stage: Stage) -> None:
    """What machines read of us, and what other systems were told."""
    await stage.deliver()
    for path in ("/metrics", "/readyz", "/healthz", "/api/v1/openapi.json"):
        await stage.ask("GET", path, path)
    assert stage.receiver.calls, "other systems were told"
    for each in stage.receiver.calls:
        stage.outputs.add("webhooks to other systems", each.body + json.dumps(each.headers).encode())


JSON = {"Content-Type": "application/json"}


def _echo(who: Canary) -> Any:
    async def told(self: Faults, fault: Fault, request: web.Request) -> web.StreamResponse:
        body = await request.text()
        return web.json_response({"errcode": fault.code, "errmsg": f"{who.openid} {who.story} {body}"})

    return told


def _echo_by_phone(who: Canary) -> Any:
    async def told(self: CarrierFaults, fault: Refused, request: web.Request) -> web.StreamResponse:
        return refusal(400, fault.code, f"{who.phone} {who.story} {await request.text()}")

    return told


async def _carrier_tells(stage: Stage, path: str, params: dict[str, str]) -> None:
    with suppress(Trouble):
        await stage.phone._ask(stage.phone._url(path), "POST", params)


def _letter(who: Canary) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = f'"{who.name}" <{who.email}>', "tousu@insurer.example"
    made["Subject"], made["X-Mailer"], made["Reply-To"] = who.word, who.phone, who.email
    made["Message-ID"], made["Date"] = f"<{who.phone}@qq.example>", "Mon, 23 Nov 2026 09:30:00 +0800"
    made.set_content(who.story)
    made.add_attachment(who.word.encode(), maintype="image", subtype="jpeg", filename=who.file)
    return made.as_bytes()


def _broken_letter(who: Canary) -> bytes:
    head = f"From: <{who.email}>\r\nMessage-ID: <{who.phone}@x.example>\r\nSubject: {who.word}\r\n".encode()
    return head + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" * 4000 + who.story.encode()


async def _pages(stage: Stage) -> list[str]:
    numbers = await stage.numbers()
    assert numbers
    rooms = ("", "/tasks", "/me", "/admin", "/overview", "/cases", "/audit", "/quarantine", "/counter", "/letters")
    return [f"/console{room}" for room in (*rooms, *(f"/cases/{number}" for number in numbers))]


async def _no_http(stage: Stage, who: Canary) -> None:
    """Bytes that are no request at all."""
    port = int(stage.url.rpartition(":")[2])
    for words in (f"{who.phone} {who.word}\r\n\r\n", f"GET / HTTP/1.1\r\nHost: x\r\n{who.word}: {who.phone}\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(words.encode())
        await writer.drain()
        async with asyncio.timeout(5):
            assert b" 400 " in await reader.read(4096)  # aiohttp's own words, to their sender alone
        writer.close()
