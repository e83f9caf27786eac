"""What officers do with one complaint: have it, class it, grade it, ask, reply, note."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from gateway.casework.acts.asking import ask
from gateway.casework.acts.assigning import assign, assign_all, release, send_to
from gateway.casework.acts.classifying import classify
from gateway.casework.acts.confirming import Submit
from gateway.casework.acts.grading import grade
from gateway.casework.acts.noting import note
from gateway.casework.acts.replying import reply
from gateway.house import House
from gateway.staff.act_shapes import (
    AllWent,
    AskFor,
    AssignAll,
    AssignTo,
    Classify,
    Grade,
    Note,
    Placed,
    Reply,
    SendTo,
    WentShown,
)
from gateway.staff.acting import refusing, said, ticket_now
from gateway.staff.actor import Right, actor_of
from gateway.staff.answering import answer
from gateway.staff.looking import number_of
from gateway.staff.operation import Operation
from gateway.staff.shapes import Ticket
from store.values import Case


@dataclass(frozen=True, slots=True)
class Acts:
    """The part of the API that is about an officer's daily acts."""

    house: House
    submit: Submit

    async def assign(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, AssignTo), actor_of(request)
        with refusing():
            if asked.person is None:
                case = await release(self.house, number, actor=actor, reason=asked.reason)
            else:
                case = await assign(self.house, number, asked.person, actor=actor, reason=asked.reason)
        return answer(_placed(case))

    async def send(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, SendTo), actor_of(request)
        with refusing():
            case = await send_to(self.house, number, asked.branch, actor=actor, reason=asked.reason)
        return answer(_placed(case))

    async def assign_all(self, request: web.Request) -> web.Response:
        asked, actor = await said(request, AssignAll), actor_of(request)
        went = await assign_all(self.house, asked.numbers, asked.person, actor=actor, reason=asked.reason)
        return answer(AllWent(items=[WentShown(number=each.number, code=each.code, why=each.why) for each in went]))

    async def classify(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, Classify)
        with refusing():
            await classify(self.house, self.submit, number, actor=actor_of(request), **asked.model_dump())
        return await ticket_now(self.house, request)

    async def grade(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, Grade), actor_of(request)
        with refusing():
            await grade(self.house, self.submit, number, asked.priority, reason=asked.reason, actor=actor)
        return await ticket_now(self.house, request)

    async def ask(self, request: web.Request) -> web.Response:
        number, asked, actor = number_of(request), await said(request, AskFor), actor_of(request)
        with refusing():
            await ask(self.house, number, items=asked.items, words=asked.words, actor=actor)
        return await ticket_now(self.house, request)

    async def reply(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, Reply)
        with refusing():
            await reply(self.house, number, text=asked.text, actor=actor_of(request))
        return await ticket_now(self.house, request)

    async def note(self, request: web.Request) -> web.Response:
        number, asked = number_of(request), await said(request, Note)
        with refusing():
            await note(self.house, number, text=asked.text, actor=actor_of(request))
        return await ticket_now(self.house, request)

    def operations(self) -> tuple[Operation, ...]:
        return (*self._placing(), *self._judging(), *self._talking())

    def _placing(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="POST",
                path="/complaints/{number}/assignee",
                name="assignComplaint",
                right=Right.WORK,
                summary="Give a complaint to a person, or to nobody; to others than oneself needs the right to assign",
                handler=self.assign,
                body=AssignTo,
                answer=Placed,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/branch",
                name="sendComplaint",
                right=Right.ASSIGN,
                summary="Give a complaint to a branch",
                handler=self.send,
                body=SendTo,
                answer=Placed,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/assignments",
                name="assignComplaints",
                right=Right.ASSIGN,
                summary="Give several complaints to a person, each by itself; says how each went",
                handler=self.assign_all,
                body=AssignAll,
                answer=AllWent,
            ),
        )

    def _judging(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="POST",
                path="/complaints/{number}/class",
                name="classifyComplaint",
                right=Right.WORK,
                summary="What it is about, by a person's judgement",
                handler=self.classify,
                body=Classify,
                answer=Ticket,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/grade",
                name="gradeComplaint",
                right=Right.WORK,
                summary="How urgent it is, by a person's judgement; lowering needs the right to approve",
                handler=self.grade,
                body=Grade,
                answer=Ticket,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/notes",
                name="noteComplaint",
                right=Right.WORK,
                summary="A note for colleagues, never told",
                handler=self.note,
                body=Note,
                answer=Ticket,
            ),
        )

    def _talking(self) -> tuple[Operation, ...]:
        return (
            Operation(
                method="POST",
                path="/complaints/{number}/questions",
                name="askCustomer",
                right=Right.WORK,
                summary="Ask the customer, on their channel, for what is missing",
                handler=self.ask,
                body=AskFor,
                answer=Ticket,
                refusals=(409,),
            ),
            Operation(
                method="POST",
                path="/complaints/{number}/replies",
                name="replyToCustomer",
                right=Right.WORK,
                summary="Tell the customer something in one's own words",
                handler=self.reply,
                body=Reply,
                answer=Ticket,
                refusals=(409,),
            ),
        )


def _placed(case: Case) -> Placed:
    return Placed(number=case.number, branch=case.branch, person=case.assignee_id)
