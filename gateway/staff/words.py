"""What a person heard in a recording: kept beside it, and taken in like anything the customer said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from channels.base import Answer
from gateway.hearing.asking import finish
from gateway.hearing.item import STAFF, submission_of
from gateway.house import House
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.operation import Operation
from gateway.staff.paging import TASK_ID
from gateway.staff.problems import Problem
from gateway.staff.reading import read_body, read_query
from gateway.staff.shapes import Nothing, WordsKept, WordsTyped
from normalizer.record import Submission
from store.values import File, FileState, Hearing, Words

Submit = Callable[[Submission], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Typing:
    """The part of the API that is about words of recordings."""

    house: House
    submit: Submit

    async def type(self, request: web.Request) -> web.Response:
        read_query(request, Nothing)
        by = actor_of(request).login
        file = await self._recording(request.match_info["file"])
        asked = await read_body(request, WordsTyped)
        words = Words(text=asked.text.strip(), method=STAFF)
        # Submitted first: whoever is cut off here types it again, and it counts once.
        await self.submit(await submission_of(self.house.store, file, words))
        return answer(WordsKept(id=file.id, heard=Hearing.DONE, tasks_done=await self._keep(file.id, words, by)))

    async def _recording(self, id: str) -> File:
        async with self.house.store.reading() as unit:
            file = await unit.files.get(id) if TASK_ID.fullmatch(id) else None
        if file is None or not file.media_type.lower().startswith("audio/"):
            raise Problem(404, "no_such_attachment")
        if file.state is not FileState.STORED:
            raise Problem(409, "not_here_yet") if file.state is FileState.WAITING else Problem(410, "lost")
        return file

    async def _keep(self, id: str, words: Words, by: str) -> list[str]:
        """The words at the file, who typed them, and which tasks are done by it."""
        now = self.house.clock.now()
        async with self.house.store.unit() as unit:
            file = await unit.files.get(id)
            if file is None:  # it was erased while somebody typed; their words are in the complaint
                return []
            await unit.files.typed(id, words)
            done = await finish(self.house, unit, file, by)
            case = await unit.complaints.get(file.complaint_id) if file.complaint_id else None
            facts = {"characters": len(words.text), "tasks": done, "number": case.number if case else ""}
            await unit.audit.write(at=now, actor=by, action="words_typed", subject=f"file {id}", detail=facts)
            await unit.commit()
        return done

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="POST",
                path="/attachments/{file}/words",
                name="typeWords",
                right=Right.WORK,
                summary="What somebody heard in a recording; it is taken in as the customer's words",
                handler=self.type,
                body=WordsTyped,
                answer=WordsKept,
                refusals=(409, 410),
            ),
        )
