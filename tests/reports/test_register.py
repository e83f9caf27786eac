"""The register: one row for each complaint, that no spreadsheet runs and that names nobody unasked."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.house import House
from gateway.reports import asked
from gateway.reports.asked import Export, batches, note
from gateway.reports.register import COLUMNS, NAMED
from gateway.reports.sheets import BOM, RUNS, csv_chunks, csv_text, harmless
from gateway.reports.workbook import xlsx_file
from gateway.staff.actor import SERVICE, Actor, Role, rights_of
from store.values import Case, OutboxState, Parcel
from tests.reports.crowd import crowd
from tests.staff.office import EMAIL, ID, NAME, PHONE, POLICY, PRIVATE, Office

MINIMUM = [
    "case_no",
    "received_at",
    "registered_at",
    "ack_at",
    "channel",
    "source",
    "party_role",
    "vulnerable_flag",
    "province",
    "branch",
    "product",
    "cause_primary",
    "cause_secondary",
    "priority",
    "is_major",
    "joint_count",
    "policy_no_hash",
    "staff_or_partner_id",
    "issue",
    "request",
    "amount_claimed",
    "due_at",
    "pauses",
    "extensions_reason",
    "extensions_approver",
    "extensions_told_at",
    "decision",
    "redress_type",
    "redress_amount",
    "decided_at",
    "told_at",
    "told_channel",
    "proof_id",
    "review_requested_at",
    "review_result",
    "mediation",
    "satisfaction",
    "root_cause",
    "corrective_action_id",
    "closed_at",
]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def clerk(*branches: str, name: str = "王主管") -> Actor:
    within = frozenset(branches) if branches else None
    return Actor(login="wang", name=name, rights=rights_of(frozenset({Role.OFFICER})), person_id=1, branches=within)


async def table(house: House, export: Export) -> list[dict[str, str]]:
    """The CSV as a program reads it again."""
    text = b"".join([chunk async for chunk in csv_chunks(list(export.columns), batches(house, export))]).decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def test_the_columns_are_those_of_the_minimum_row_in_their_order() -> None:
    assert list(COLUMNS) == MINIMUM
    assert list(NAMED)[: len(MINIMUM)] == MINIMUM


async def test_a_complaint_is_one_row_with_what_is_known_of_it(office: Office) -> None:
    house, now = office.house, office.house.clock.now()
    case = await office.complaint("DECIDED")
    await _decide(house, case)
    [row] = await table(house, Export(actor=SERVICE, form="csv"))
    assert row["case_no"] == case.number
    assert row["received_at"] == "2026-11-23T09:30:00+08:00"
    assert row["registered_at"] == row["received_at"]
    assert row["ack_at"] == "2026-11-23T09:35:00+08:00"
    assert (row["cause_primary"], row["cause_secondary"], row["priority"]) == ("C03", "0301", "P2")
    assert (row["vulnerable_flag"], row["is_major"], row["amount_claimed"]) == ("1", "0", "50000")
    assert (row["decision"], row["satisfaction"], row["branch"]) == ("part", "4", "310000")
    assert (row["told_at"], row["told_channel"], row["proof_id"]) == ("2026-11-25T09:30:00+08:00", "wechat", "msg-2")
    assert row["policy_no_hash"] == house.store.keyring.index("policy_number", POLICY)
    assert now


async def test_nobody_is_named_without_a_reason(office: Office) -> None:
    await office.complaint()
    written = str(await table(office.house, Export(actor=SERVICE, form="csv")))
    for private in (*PRIVATE, NAME, PHONE, EMAIL, ID, POLICY):
        assert private not in written


async def test_with_a_reason_names_stand_in_columns_of_their_own_and_the_trail_says_so(office: Office) -> None:
    await office.complaint()
    export = Export(actor=SERVICE, form="csv", reason="监管检查", last=date(2026, 11, 30))
    await note(office.house, export)
    [row] = await table(office.house, export)
    assert (row["complainant_name"], row["policy_no"]) == (NAME, POLICY)
    [(who, what, subject, detail)] = await office.audited()
    assert (who, what, subject) == ("api", "export_register", "register")
    assert (detail["reason"], detail["names"], detail["to"]) == ("监管检查", True, "2026-11-30")


async def test_a_page_after_the_other_every_complaint_is_there_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "PAGE", 7)
    known = await crowd(house.store, house.clock.now(), 40)
    rows = await table(house, Export(actor=SERVICE, form="csv"))
    assert [row["case_no"] for row in rows] == [one.case.number for one in known]


async def test_branch_period_and_status_narrow_it_and_nobody_gets_more_than_they_see(house: House) -> None:
    known = await crowd(house.store, house.clock.now(), 60)
    mine = await table(house, Export(actor=clerk("310000"), form="csv"))
    assert {row["case_no"] for row in mine} == {one.case.number for one in known if one.branch == "310000"}
    others = await table(house, Export(actor=clerk("310000"), form="csv", branch="110000"))
    assert others == []
    first = house.clock.now().date() - timedelta(days=30)
    some = await table(house, Export(actor=SERVICE, form="csv", branch="", first=first, statuses=("ARCHIVED",)))
    assert {row["status"] if "status" in row else row["branch"] for row in some} <= {""}
    assert all(row["received_at"] >= first.isoformat() for row in some)


async def test_a_complaint_about_somebody_is_not_in_what_they_take_along(office: Office) -> None:
    await office.complaint(respondent="北京分公司 李大力")
    assert await table(office.house, Export(actor=clerk(name="李大力"), form="csv")) == []
    assert len(await table(office.house, Export(actor=clerk(), form="csv"))) == 1


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), min_size=1, max_size=5))
def test_whatever_stands_in_a_cell_comes_back_and_no_cell_begins_a_formula(rows: list[list[str]]) -> None:
    rows = [[cell.replace("\r", "\n").replace("\x00", "") or "x" for cell in row] for row in rows]
    back = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    assert back == [[harmless(cell) for cell in row] for row in rows]
    assert not any(cell.startswith(RUNS) for row in back for cell in row)


@pytest.mark.parametrize("evil", ["=1+1", "+86138", "-2", "@SUM(A1)", "\tx", "\r=x", '=HYPERLINK("http://x","y")'])
async def test_what_a_customer_writes_is_run_by_no_spreadsheet(evil: str) -> None:
    assert harmless(evil) == f"'{evil}"
    [[cell]] = await _read_again([[evil]])
    assert cell == evil.replace("\r", "_x000D_")


async def test_an_xlsx_holds_the_same_rows_as_text_and_no_formula(house: House) -> None:
    await crowd(house.store, house.clock.now(), 12)
    export = Export(actor=SERVICE, form="xlsx")
    plain = [list(row.values()) for row in await table(house, Export(actor=SERVICE, form="csv"))]
    async with xlsx_file("register", list(export.columns), batches(house, export)) as file:
        found = _cells(file.read())
    assert found[0] == MINIMUM
    assert [row[0] for row in found[1:]] == [row[0] for row in plain]


async def _read_again(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    async def batch() -> AsyncIterator[Sequence[Sequence[str]]]:
        yield rows

    async with xlsx_file("register", ["head"], batch()) as file:
        return _cells(file.read())[1:]


def _cells(content: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SHEET}f")), "a formula"
    return [
        ["".join(text.text or "" for text in cell.iter(f"{SHEET}t")) for cell in row.iter(f"{SHEET}c")]
        for row in sheet.iter(f"{SHEET}row")
    ]


async def _decide(house: House, case: Case) -> None:
    """Registered at once, acknowledged after five minutes, decided and told after two days, rated."""
    now = case.received_at
    async with house.store.unit() as unit:
        path = {"path": ["RECEIVED", "REGISTERED", "ACCEPTED"]}
        await unit.timeline.add(case.id, at=now, kind="status", actor="gateway", text="ACCEPTED", data=path)
        for place, (kind, after) in enumerate(
            [("receipt", timedelta(minutes=5)), ("status", timedelta(days=2)), ("status", timedelta(days=3))], start=1
        ):
            await unit.outbox.put(
                Parcel(
                    id=f"p{place}",
                    channel="wechat",
                    to=case.contact,
                    kind=kind,
                    text="…",
                    created_at=now,
                    next_at=now,
                    state=OutboxState.DELIVERED,
                    sent_at=now + after,
                    provider_id=f"msg-{place}",
                    complaint_id=case.id,
                    number=case.number,
                )
            )
        decided = {"decided_at": now + timedelta(days=2), "outcome": "part", "score": 4, "branch": "310000"}
        await unit.complaints.set_work(case.id, decided, now=now)
        await unit.commit()
