"""Nothing of what people told us can be read from the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from normalizer.record import Contact, ContactKind, Field, PageKind, Scan, ScanLine, ScanPage
from store.desk import Approval, Branch, ClockEvent, Emergency, Endpoint, Link, Person, Session, Text, View
from store.holds import Hold
from store.models import metadata
from store.people import Secrets
from store.unit import Store, Unit
from store.values import (
    ComplaintId,
    EarlyReport,
    KeptDoubt,
    KeptScan,
    LedgerId,
    OutboxState,
    Posting,
    PostState,
    ScanState,
)
from tests.store.things import NOW, RECORD, arrive, file, open_case, parcel, task

CANARY = "canary-张三丰-7Q9"
WHO = Contact(kind=ContactKind.OPENID, value=f"o{CANARY}")


async def tell_everything(store: Store) -> None:
    """Put the canary into everything that takes a person's words or names."""
    record = RECORD
    for name in record.fields:
        if name not in ("category", "product", "priority"):
            record = record.with_field(name, Field(value=CANARY + name, source=CANARY))
    async with store.unit() as unit:
        entry = await arrive(unit, CANARY, raw=CANARY.encode(), sender=CANARY)
        large = await arrive(unit, CANARY + "2", raw=CANARY.encode() * 5000)
        talk = await unit.conversations.lock("wechat", WHO, NOW)
        case = await open_case(unit, contact=WHO, record=record, reply_context={"to": CANARY}, conversation_id=talk.id)
        state = {CANARY: CANARY}
        await unit.conversations.save(talk.id, state=state, complaint_id=case.id, remind_at=NOW, last_heard_at=NOW)
        await unit.timeline.add(
            case.id, at=NOW, kind="heard", actor="customer", text=CANARY, data={"was": CANARY}, conversation_id=talk.id
        )
        words = {"to": WHO, "text": CANARY, "subject": CANARY, "link": CANARY, "context": {"to": CANARY}}
        await unit.outbox.put(parcel("p1", **words, status_label=CANARY, conversation_id=talk.id))
        await unit.outbox.finish("p1", OutboxState.FAILED, CANARY)
        await unit.files.add(file("f1", entry, name=CANARY, ref=CANARY))
        await unit.tasks.add(task("t1", detail=CANARY, complaint_id=case.id))
        await unit.audit.write(at=NOW, actor="li.wei", action="unmask", subject=case.number, detail={"reason": CANARY})
        await unit.memory.put(CANARY, CANARY)
        await unit.reports.keep(
            EarlyReport(channel="email", provider_id="<m1@us>", state="failed", at=NOW, reason=CANARY)
        )
        await unit.calls.note(channel="phone", call="CA1", state="ringing", at=NOW, contact=WHO)
        await unit.scans.keep(scanned(entry.id, case.id))
        await unit.post.printed(letter(case.id, case.number))
        await unit.post.posted("p1", NOW, CANARY)
        await unit.counters.hit(CANARY, window_start=NOW, now=NOW)
        await unit.ledger.settle(entry.id, answer_kind="spoken", answer_text=CANARY, conversation_id=talk.id)
        await unit.ledger.quarantine(large.id, CANARY)
        await tell_the_desk(unit, case.id)
        await tell_the_house(unit, case.id)
        await unit.commit()


async def tell_the_desk(unit: Unit, case: ComplaintId) -> None:
    """Into all that staff write or are known by; a branch's name and a login are no secret of a customer."""
    facts = {"reason": CANARY}
    person = Person(id=0, login="li.wei", name=CANARY, roles=frozenset({"officer"}), email=CANARY, created_at=NOW)
    id = await unit.people.add(person, Secrets(password=CANARY, totp=CANARY))
    session = Session(id="s1", person_id=id, created_at=NOW, seen_at=NOW, ends_at=NOW, address=CANARY, agent=CANARY)
    await unit.sessions.add(CANARY, session)
    await unit.branches.put(Branch(code="sh", name="上海分公司"))
    await unit.clock_events.add(case, ClockEvent(kind="complex", at=NOW, noted_at=NOW, by="li.wei", facts=facts))
    link = Link(complaint_id=case, other_id=case, kind="related", state="open", at=NOW, by="li.wei", facts=facts)
    await unit.links.add(link)
    asked = Approval(complaint_id=case, kind="special", state="open", asked_at=NOW, asked_by="li.wei", facts=facts)
    await unit.approvals.ask(asked)
    await unit.emergencies.add(Emergency(complaint_id=case, plan="p", state="open", opened_at=NOW, facts=facts))
    endpoint = Endpoint(id="e1", url=CANARY, secret=CANARY, events=frozenset(), note=CANARY, created_at=NOW)
    await unit.endpoints.add(endpoint)
    await unit.views.add(View(name=CANARY, query=CANARY, person_id=id))
    await unit.texts.add(Text(name="t", language="zh-Hans", use="reply", text=CANARY), by="li.wei", at=NOW)
    await unit.terms.catch_up(10)


async def tell_the_house(unit: Unit, case: ComplaintId) -> None:
    """Into what the house notes of its own keeping; a lease and a revision say nothing of anybody."""
    await unit.leases.know(["clocks"])
    await unit.checks.record(kind="ledger", at=NOW, good=False, body={"named": CANARY})
    hold = await unit.holds.add(Hold(complaint_id=case, at=NOW, by="li.wei", reason=CANARY))
    await unit.holds.lift(hold, at=NOW, by="li.wei", reason=CANARY)


def scanned(item: LedgerId, case: ComplaintId) -> KeptScan:
    line = ScanLine(text=CANARY, box=(0, 0, 1, 1), score=1.0, others=(CANARY,))
    page = ScanPage(number=1, kind=PageKind.LETTER, rotation=0, width=1, height=1, dpi=200, lines=(line,))
    return KeptScan(
        ledger_id=item,
        complaint_id=case,
        received_at=NOW,
        state=ScanState.DOUBTFUL,
        scan=Scan(pages=(page,), codes=(CANARY,), likeness="0f" * 32),
        text=CANARY,
        doubts={"phone": KeptDoubt(value=CANARY, why=("several",), candidates=(CANARY,))},
    )


def letter(case: ComplaintId, number: str) -> Posting:
    return Posting(
        id="p1",
        complaint_id=case,
        number=number,
        kind="receipt",
        state=PostState.PRINTED,
        pages=1,
        sha256="a" * 64,
        printed_at=NOW,
    )


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
async def test_the_files_on_disk_hold_no_word_of_it(store: Store, tmp_path: Path) -> None:
    await tell_everything(store)
    written = files_under(tmp_path)
    assert {"tousu.db", "tousu.db-wal"} <= {path.name for path in written}
    assert any(path.parent.parent.name == "blobs" for path in written)
    for path in written:
        content = path.read_bytes()
        assert CANARY.encode() not in content, path.name
        assert b"7Q9" not in content, path.name


async def test_the_tables_hold_no_word_of_it(store: Store, store_url: str) -> None:
    await tell_everything(store)
    engine = create_async_engine(make_url(store_url))
    async with engine.connect() as connection:
        for name in metadata.tables:
            rows = (await connection.execute(text(f"SELECT * FROM {name}"))).all()
            assert rows or name in ("sequences", "bearable"), f"{name} was left out of this test"
            for row in rows:
                assert "7Q9" not in str(tuple(row)), name
    await engine.dispose()
