"""What the gateway holds of one person after a run, in the words of tests/cases/README.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from gateway.casework.lifecycle import Status
from normalizer.record import Complaint, Intent
from store.unit import Unit
from store.values import CallRecord, Case, ConversationId, File, FileState, Moment, Task
from tests.personas.post import Post
from tests.personas.stage import TOKEN, Stage

NAMES = (
    "complainant_name",
    "phone",
    "email",
    "id_number",
    "policy_number",
    "claim_number",
    "party_role",
    "respondent",
    "product",
    "category",
    "category_detail",
    "request",
    "priority",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """Cases oldest first; moments and files of all of them and of the conversation."""

    cases: Sequence[Case]
    before: frozenset[str]  # numbers of cases that were there before the person appeared
    calls: Sequence[CallRecord]  # oldest first
    listed: frozenset[str]  # ids of the calls that staff see by the API
    tasks: Sequence[Task]
    files: Sequence[File]
    moments: Sequence[Moment]
    quarantined: Sequence[str]  # causes, of the whole database

    @property
    def made(self) -> Sequence[Case]:
        """What came of this very run."""
        return [case for case in self.cases if case.number not in self.before]

    @property
    def complaints(self) -> Sequence[Case]:
        return [case for case in self.made if case.record.intent is Intent.COMPLAINT]

    @property
    def accepted(self) -> Sequence[Case]:
        return [case for case in self.complaints if not case.record.missing and case.status != Status.RECEIVED]

    def heard(self, words: str) -> int:
        """How many of the person's messages hold these words."""
        return sum(1 for moment in self.moments if moment.kind == "heard" and words in moment.text)

    @property
    def main(self) -> Case | None:
        """The record that is judged: the complaint that came first, else whatever there is."""
        return next(iter([*self.complaints, *self.made, *self.cases]), None)


async def held_of(stage: Stage, post: Post, before: frozenset[str] = frozenset()) -> Held:
    async with stage.gateway.house.store.reading() as unit:
        cases, calls = await post.cases(unit), await post.calls(unit)
        bound = [case.conversation_id for case in cases] + [call.conversation_id for call in calls]
        talks = {id for id in bound if id is not None}
        return Held(
            cases=cases,
            before=before,
            calls=calls,
            listed=await _listed(stage),
            tasks=await _tasks(unit, cases, talks),
            files=await _files(unit, cases, talks),
            moments=await _moments(unit, cases, talks),
            quarantined=[entry.cause for entry in await unit.ledger.quarantined()],
        )


def stored(files: Sequence[File]) -> Sequence[File]:
    """Those whose bytes we have."""
    return [file for file in files if file.state is FileState.STORED and file.sha256 and file.size]


def record_of(record: Complaint) -> Mapping[str, Any]:
    """The record as cases/README.md writes it."""
    return {
        "intent": str(record.intent),
        **{name: record.value(name) or None for name in NAMES},
        "amounts": [float(amount.value) for amount in record.amounts],
        "dates": [date.value for date in record.dates],
        "flags": list(record.flag_codes),
        "missing": list(record.missing),
    }


async def _listed(stage: Stage) -> frozenset[str]:
    """The calls that staff see."""
    asking = ClientSession(headers={"Authorization": f"Bearer {TOKEN}"})
    async with asking as session, session.get(f"{stage.api_url}/calls") as response:
        return frozenset(call["call"] for call in (await response.json())["items"])


async def _tasks(unit: Unit, cases: Sequence[Case], talks: Collection[ConversationId]) -> Sequence[Task]:
    tasks = [task for case in cases for task in await unit.tasks.open_of(complaint_id=case.id)]
    tasks += [task for talk in talks for task in await unit.tasks.open_of(conversation_id=talk)]
    return list({task.id: task for task in tasks}.values())


async def _files(unit: Unit, cases: Sequence[Case], talks: Collection[ConversationId]) -> Sequence[File]:
    files = [file for case in cases for file in await unit.files.of_complaint(case.id)]
    files += await unit.files.of_conversations(list(talks))
    return list({file.id: file for file in files}.values())


async def _moments(unit: Unit, cases: Sequence[Case], talks: Collection[ConversationId]) -> Sequence[Moment]:
    moments = [moment for case in cases for moment in await unit.timeline.of(case.id)]
    moments += [moment for talk in talks for moment in await unit.timeline.of_conversation(talk)]
    return sorted({moment.id: moment for moment in moments}.values(), key=lambda moment: moment.id)
