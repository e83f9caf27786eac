"""What the customer would get, word for word, before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.casework.acts.preview import Preview, preview, preview_of_ask, preview_of_reply
from gateway.casework.decision import Decision
from gateway.casework.not_handled import preview_of_not_handling
from gateway.house import House
from gateway.staff.act_shapes import AskFor, MoveSeen, NotHandled, PreviewShown, Reply
from gateway.staff.acting import refusing, said
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.looking import number_of
from gateway.staff.operation import Operation


@dataclass(frozen=True, slots=True)
class Previews:
    """The part of the API that shows words before they are sent; nothing is written."""

    house: House

    async def move(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, MoveSeen)
        decision = Decision(**asked.decision.model_dump()) if asked.decision is not None else None
        with refusing():
            shown = await preview(
                self.house,
                number,
                asked.status,
                note=asked.note,
                actor=actor_of(request),
                decision=decision,
                outcome=asked.outcome,
            )
        return answer(_shown(shown))

    async def ask(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, AskFor), actor_of(request)
        with refusing():
            shown = await preview_of_ask(self.house, number, items=asked.items, words=asked.words, actor=actor)
        return answer(_shown(shown))

    async def reply(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, Reply)
        with refusing():
            shown = await preview_of_reply(self.house, number, text=asked.text, actor=actor_of(request))
        return answer(_shown(shown))

    async def not_handled(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, NotHandled), actor_of(request)
        with refusing():
            shown = await preview_of_not_handling(self.house, number, code=asked.code, note=asked.note, actor=actor)
        return answer(_shown(shown))

    def operations(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="POST",
                path="/complaints/{number}/status/preview",
                name="previewMove",
                right=Right.WORK,
                summary="The words of a step, as the customer would get them",
                handler=self.move,
                body=MoveSeen,
                answer=PreviewShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/questions/preview",
                name="previewQuestions",
                right=Right.WORK,
                summary="The words of a question, as the customer would get them",
                handler=self.ask,
                body=AskFor,
                answer=PreviewShown,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/replies/preview",
                name="previewReply",
                right=Right.WORK,
                summary="One's own words, as the customer would get them",
                handler=self.reply,
                body=Reply,
                answer=PreviewShown,
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/not-handled/preview",
                name="previewNotHandled",
                right=Right.WORK,
                summary="The words of a refusal, as the customer would get them on approval",
                handler=self.not_handled,
                body=NotHandled,
                answer=PreviewShown,
                refusals=(409,),
            ),
        )


def _shown(seen: Preview) -> PreviewShown:
    return PreviewShown(
        channel=seen.channel,
        medium=seen.medium,
        text=seen.text,
        subject=seen.subject,
        to=seen.to_masked,
        will_be_told=seen.will_be_told,
        why_not=seen.why_not,
    )
