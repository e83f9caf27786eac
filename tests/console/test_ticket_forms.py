"""Forms of a ticket with emptied or foreign values: what is wrong is told in place, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from store.desk import Person
from store.people import Secrets
from store.unit import Store
from tests.console.tickets import Floor, open_floor
from tests.staff.office import ON_ONE

pytestmark = ON_ONE
TYPED = "昨天电话里说的很长的话"
EMPTIED = {
    "note": {"text": ""},
    "grade": {"priority": "P1", "reason": ""},
    "classify": {"category": "C02", "reason": ""},
    "reply": {"text": "   "},
    "ask": {"words": "  "},
    "link": {"other": "", "kind": "related", "reason": TYPED},
    "merge": {"other": "TS261123000019", "kind": "merge", "reason": ""},
    "split": {"text": "理赔拖了60天", "reason": ""},
    "split without words": {"text": "", "reason": TYPED},
    "withdraw": {"reason": TYPED, "evidence": ""},
    "withdraw without a reason": {"reason": "", "evidence": TYPED},
    "reopen": {"status": "", "note": TYPED},
    "refuse": {"code": "", "note": TYPED},
    "assign": {"person": "", "reason": TYPED},
}
FOREIGN = {
    "grade": {"priority": "P9", "reason": TYPED},
    "classify": {"category": "C77", "reason": TYPED},
    "classify with another's detail": {"category": "C01", "category_detail": "C0201", "reason": TYPED},
    "assign": {"person": "999999", "reason": TYPED},
    "assign to a word": {"person": "li", "reason": TYPED},
    "ask": {"item": "bank_password", "words": TYPED},
    "link": {"other": "TS26", "kind": "related", "reason": TYPED},
    "link to nobody": {"other": "TS261123000991", "kind": "related", "reason": TYPED},
    "link as what is none": {"other": "TS261123000019", "kind": "swallow", "reason": TYPED},
    "merge": {"other": "TS261123000991", "kind": "merge", "reason": TYPED},
    "split": {"text": TYPED, "reason": "x"},
    "withdraw": {"reason": TYPED, "evidence": "x", "said_at": "yesterday"},
    "withdraw tomorrow": {"reason": TYPED, "evidence": "x", "said_at": "2031-01-01T09:00"},
    "reopen": {"status": "BEGUN", "note": TYPED, "tell": "1"},
    "decide": {"status": "DECIDED", "outcome": "won", "note": TYPED, "tell": "1"},
    "refuse": {"code": "N9", "note": TYPED},
    "clock": {"what": "forever", "reason": TYPED},
}
ACTS = {"reopen": "move", "decide": "move", "merge": "link"}  # where the form has another name than the act


@pytest.fixture
async def floor(store: Store) -> AsyncIterator[Floor]:
    async with open_floor(store) as opened:
        async with opened.house.store.unit() as unit:
            now = opened.house.clock.now()
            li = Person(id=0, login="li", name="李小红", roles=frozenset({"officer"}), created_at=now)
            await unit.people.add(li, Secrets(password="x"))
            await unit.commit()
        yield opened


@pytest.mark.parametrize(
    ("what", "form"),
    [*EMPTIED.items(), *FOREIGN.items()],
    ids=[*(f"{name} emptied" for name in EMPTIED), *(f"{name} foreign" for name in FOREIGN)],
)
async def test_a_form_that_cannot_be_done_says_why_and_keeps_what_was_typed(
    floor: Floor, what: str, form: Mapping[str, str]
) -> None:
    name = what.partition(" ")[0]
    before = await floor.office.complaint(status="INVESTIGATING")
    status, page = await floor.act(before, ACTS.get(name, name), **form)
    assert status == 422, page
    opened = page.partition(f'id="act-{ACTS.get(name, name)}" open>')[2].partition("</details>")[0]
    said = opened.partition('role="alert">')[2].partition("</p>")[0]
    assert said.strip()
    assert "why_" not in said
    assert "trouble_" not in said
    for typed in form.values():
        assert TYPED not in typed or TYPED in opened
    after = await floor.reread(before)
    assert (after.status, after.record, after.assignee_id) == (before.status, before.record, before.assignee_id)
    assert await floor.parcels(before) == []


async def test_the_field_that_is_empty_is_named(floor: Floor) -> None:
    case = await floor.office.complaint()
    _, page = await floor.act(case, "withdraw", reason=TYPED, evidence="")
    assert "请填写必填项。 （凭证）" in page
    _, page = await floor.act(case, "grade", priority="P9", reason=TYPED)
    assert "没有这个代码。 （等级）" in page
