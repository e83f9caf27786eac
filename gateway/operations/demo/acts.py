"""What can be done on the sandbox page: as a customer, as staff, and with the clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from gateway.casework.lifecycle import Status
from gateway.casework.move import news
from gateway.intake.phrases import phrases
from gateway.operations.demo import passing
from gateway.operations.demo.asking import MOST_TEXT, Act, Handler, Refusal, as_handler, list_in, text_in
from gateway.operations.demo.cast import Part
from gateway.operations.demo.customers import FORGED, PASS, writer_at
from gateway.operations.demo.shelf import MOST_BYTES, Upload
from gateway.operations.demo.staff_api import StaffApi
from gateway.operations.demo.stage import Stage
from store.values import Case

MOST_FOLLOWERS = 30


class Acts:
    """Each takes JSON and answers JSON; raises Refusal."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._customers = stage.customers
        self._api = StaffApi(stage)

    def table(self) -> dict[str, Handler]:
        acts: dict[str, Act] = {
            "wechat/text": self.text,
            "wechat/voice": self.voice,
            "wechat/picture": self.picture,
            "wechat/menu": self.menu,
            "wechat/follow": self.follow,
            "wechat/people": self.newcomer,
            "mail": self.mail,
            "staff/move": self.move,
            "staff/preview": self.preview,
            "staff/done": self.done,
            "time": self.time,
        }
        return {"files": self.upload, **{path: as_handler(act) for path, act in acts.items()}}

    # -- customers ---------------------------------------------------------------------------------------------------

    async def text(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._customers.say(self._openid(asked), text_in(asked, "text"))
        return {}

    async def voice(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        recognised = asked.get("recognised")
        await self._customers.speak(self._openid(asked), str(recognised)[:MOST_TEXT] if recognised else None)
        return {}

    async def picture(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._customers.show(self._openid(asked), self._file(asked.get("file")))
        return {}

    async def menu(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._customers.press(self._openid(asked), text_in(asked, "key"))
        return {}

    async def follow(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._customers.follow(self._openid(asked), asked.get("following") is True)
        return {}

    async def newcomer(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Somebody scans the account's code and follows it."""
        if len(self._stage.diary.followers) >= MOST_FOLLOWERS:
            raise Refusal("enough people for one sandbox; start it with --fresh")
        player = self._stage.diary.welcome()
        await self._customers.follow(player.address, True)
        return {"openid": player.address}

    async def mail(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        writer = writer_at(str(asked.get("from")))
        if writer is None or writer.part is Part.DUTY:
            raise Refusal("nobody writes from that address here")
        letter = self._customers.post(
            writer,
            subject=str(asked.get("subject", ""))[:500].replace("\n", " ").replace("\r", " "),
            text=text_in(asked, "text"),
            answers=self._letter(asked.get("answers")),
            files=[self._file(id) for id in list_in(asked, "files")],
            verdict=FORGED if asked.get("forged") is True else PASS,
        )
        return {"id": letter.id}

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """The body is the file; its name comes percent-encoded in X-File-Name."""
        content = bytearray()
        async for chunk in request.content.iter_chunked(64 * 1024):
            content += chunk
            if len(content) > MOST_BYTES:
                raise Refusal("the file is larger than 10 MB", 413)
        name = unquote(request.headers.get("X-File-Name", ""))
        file = self._stage.shelf.lay(name, request.content_type, bytes(content))
        return web.json_response({"id": file.id, "name": file.name})

    # -- staff -------------------------------------------------------------------------------------------------------

    async def move(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        body = {
            "status": _status(asked),
            "note": str(asked.get("note", ""))[:MOST_TEXT],
            "tell": asked.get("tell", True) is True,
        }
        ticket = await self._api.post(f"complaints/{text_in(asked, 'number')}/status", body)
        return {"status": ticket["status"]}

    async def preview(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the customer would read."""
        case = await self._case(text_in(asked, "number"))
        words = phrases(case.record.language)
        return {"text": news(words, case, _status(asked), str(asked.get("note", ""))[:MOST_TEXT])}

    async def done(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._api.post(f"tasks/{text_in(asked, 'id')}/done", {})
        return {}

    # -- the clock ---------------------------------------------------------------------------------------------------

    async def time(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            await passing.skip(self._stage, timedelta(hours=float(asked.get("hours", 0))))
        except (TypeError, ValueError, OverflowError) as error:
            raise Refusal(str(error)) from error
        return {"now": self._stage.clock.now().isoformat(timespec="seconds")}

    # -- finding things ----------------------------------------------------------------------------------------------

    def _openid(self, asked: Mapping[str, Any]) -> str:
        openid = str(asked.get("openid"))
        if all(player.address != openid for player in self._stage.diary.followers):
            raise Refusal("nobody here has that openid", 404)
        return openid

    def _file(self, id: object) -> Upload:
        file = self._stage.shelf.find(str(id))
        if file is None:
            raise Refusal("that file is not here any more; choose it again", 404)
        return file

    def _letter(self, asked: object) -> Any:
        if not isinstance(asked, Mapping):
            return None
        letters = self._customers.mailbox(str(asked.get("mailbox")))
        found = next((letter for letter in letters if letter.id == asked.get("id")), None)
        if found is None:
            raise Refusal("the letter to answer is not here any more", 404)
        return found

    async def _case(self, number: str) -> Case:
        async with self._stage.gateway.house.store.reading() as unit:
            case = await unit.complaints.by_number(number)
        if case is None:
            raise Refusal("there is no such complaint", 404)
        return case


def _status(asked: Mapping[str, Any]) -> Status:
    try:
        return Status(str(asked.get("status")))
    except ValueError:
        raise Refusal("there is no such status") from None
