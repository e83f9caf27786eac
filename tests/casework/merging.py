"""What the tests of merged complaints share: two complaints that become one, and what their customers say and hear."""

from __future__ import annotations

import asyncio

from gateway.casework.acts.merging import merge
from gateway.casework.decision import Decision
from gateway.casework.lifecycle import Outcome, Status
from gateway.casework.move import move
from gateway.casework.told_too import TELL_THE_OTHER
from gateway.staff.actor import SERVICE
from normalizer.record import Submission
from store.values import Case, Task
from tests.casework.office import CONTACTS, Desk, record_of

DECISION = "经核实应当赔付3800元，10日内到账。"
WHOLE = Decision(verified="已核实理赔资料", basis="保险合同第五条", remedies="可申请核查、调解、仲裁或诉讼")
HER = {"complainant_name": "陈静", "phone": "+8613812345678"}  # his wife: one telephone, two people


async def merged(desk: Desk, kept: Case, again: Case) -> None:
    await merge(desk.house, again.number, kept.number, reason="同一事项", tell=False, actor=SERVICE)


async def decide(desk: Desk, case: Case, *, tell: bool = True) -> None:
    await move(desk.house, case.number, Status.DECIDED, note=DECISION, tell=tell, actor=SERVICE, outcome=Outcome.UPHELD)


async def tasks_of(desk: Desk, case: Case, kind: str) -> list[Task]:
    async with desk.house.store.reading() as unit:
        return list(await unit.tasks.open_of(complaint_id=case.id, kind=kind))


async def to_be_told(desk: Desk, case: Case) -> list[Task]:
    return [task for task in await tasks_of(desk, case, "delivery") if task.reason == TELL_THE_OTHER]


async def corrected(desk: Desk, case: Case, **fields: str) -> None:
    values = {name: case.record.value(name) for name in case.record.fields}
    async with desk.house.store.unit() as unit:
        await unit.complaints.save(case.id, record=record_of({**values, **fields}), now=desk.house.clock.now())
        await unit.commit()


async def says(desk: Desk, channel: str, text: str, key: str = "k1") -> str:
    """What the customer is answered, where they wrote."""
    item = Submission(
        channel=channel, key=key, sender=CONTACTS[channel], received_at=desk.house.clock.now(), text=text, attested=True
    )
    return (await desk.inbox.submit(item, speak_by=asyncio.get_running_loop().time() + 60)).text


async def heard(desk: Desk, case: Case, words: str) -> int:
    history = await desk.history(case.number)
    return sum(moment.kind == "heard" and words in moment.text for moment in history)


async def pointed_to(desk: Desk, case: Case) -> list[str]:
    history = await desk.history(case.number)
    return [str(each.data["other"]) for each in history if each.kind == "link" and each.data.get("what") == "heard"]
