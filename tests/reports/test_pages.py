"""The pages of overview, exports, texts, channels and trail, as the people of the house meet them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from channels.base import Channel
from gateway.console.admin import PLACES, AdminRoom
from gateway.console.audit import AuditRoom
from gateway.console.channels import ChannelsRoom
from gateway.console.exports import ExportRoom
from gateway.console.kit import Kit, Room
from gateway.console.overview import OverviewRoom
from gateway.console.texts import TextsRoom
from gateway.house import House
from gateway.reports.overview import DAYS, Overviews
from gateway.staff.actor import Role
from gateway.supervisor import Health, Supervisor
from gateway.turns import Turns
from normalizer.record import SHANGHAI
from store.leases import Lease
from tests.console.desk import Desk, desk
from tests.reports.crowd import crowd
from tests.staff.office import NAME, ON_ONE, PRIVATE, Office
from tests.store.test_audit import tamper


class Mail:
    """A channel that can tell how it is doing."""

    name = "email"

    def state(self) -> Mapping[str, str]:
        return {"listening": "idle", "problem": "sign-in refused"}


def rooms(kit: Kit) -> Sequence[Room]:
    supervisor, turns = Supervisor(), Turns(kit.house.store, kit.house.clock)
    elsewhere = Lease(
        name="listen-email", owner="gateway2/7/there/x", until=kit.house.clock.now() + timedelta(seconds=9)
    )
    turns._known = {"listen-email": elsewhere}
    supervisor.health["listen-email"] = Health(running=False, problem="ConnectionError")
    mail: Any = Mail()
    channels: dict[str, Channel] = {"email": mail}
    return (
        OverviewRoom(kit, Overviews(kit.house)),
        ExportRoom(kit),
        AdminRoom(kit),
        TextsRoom(kit),
        ChannelsRoom(kit, channels, {"phone": "TOUSU_PHONE_ACCOUNT_SID is not set"}, supervisor, turns),
        AuditRoom(kit),
    )


@pytest.fixture
async def front(house: House) -> AsyncIterator[Desk]:
    async with desk(house, rooms) as opened:
        yield opened


async def page(front: Desk, path: str, status: int = 200) -> str:
    answer = await front.get(path)
    text = await answer.text()
    assert answer.status == status, text
    assert not re.search(r"<script(?![^>]* src=)|\sstyle=|\son\w+=", text), "the policy of our pages forbids it"
    return text


async def test_the_overview_shows_figures_and_draws_them(front: Desk) -> None:
    known = await crowd(front.house.store, front.house.clock.now(), 60)
    front.as_(Role.SUPERVISOR)
    text = await page(front, "/overview")
    assert "今日来件" in text
    assert "作出决定" in text
    assert text.count("<title") > 30
    assert f"共 {sum(_recent(front, one.case.received_at) for one in known)} 件" in text
    assert "hx-trigger" not in text
    assert 'hx-trigger="every 30s"' in await page(front, "/overview?wall")


async def test_an_empty_house_has_an_overview_too(front: Desk) -> None:
    front.as_(Role.OFFICER)
    assert "暂无" in await page(front, "/overview")


async def test_somebody_of_a_branch_counts_their_branch_alone(front: Desk) -> None:
    await crowd(front.house.store, front.house.clock.now(), 40)
    front.as_(Role.OFFICER, branches=frozenset({"nowhere"}))
    assert "共 0 件" in await page(front, "/overview")


@ON_ONE
@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        (Role.CLERK, "/overview", 403),
        (Role.CLERK, "/register", 403),
        (Role.MAILROOM, "/overview", 403),
        (Role.OFFICER, "/admin", 403),
        (Role.OFFICER, "/admin/texts", 403),
        (Role.OFFICER, "/admin/channels", 403),
        (Role.OFFICER, "/audit", 403),
        (Role.ADMIN, "/audit", 200),
        (Role.AUDITOR, "/audit", 200),
        (Role.AUDITOR, "/register", 200),
        (Role.ADMIN, "/overview", 403),
        (Role.ADMIN, "/admin", 200),
        (Role.ADMIN, "/admin/texts/wording?language=en&medium=ear", 200),
        (Role.ADMIN, "/admin/texts/9", 404),
    ],
)
async def test_each_role_opens_its_own_pages(front: Desk, role: Role, path: str, status: int) -> None:
    front.as_(role)
    await page(front, path, status)


async def test_an_officer_takes_the_register_along(front: Desk, office: Office) -> None:
    case = await office.complaint()
    front.as_(Role.OFFICER)
    assert 'name="names"' in await page(front, "/register")
    answer = await front.post("/register", {"form": "csv", "first": "2026-11-01", "last": "2026-11-30", "branch": "*"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="register-20261123.csv"'
    [row] = csv.DictReader(io.StringIO((await answer.text()).removeprefix("\ufeff"), newline=""))
    assert row["case_no"] == case.number
    assert NAME not in str(row)
    assert [deed[1] for deed in await office.audited()] == ["export_register"]


async def test_names_in_the_register_need_a_reason(front: Desk, office: Office) -> None:
    await office.complaint()
    front.as_(Role.OFFICER)
    answer = await front.post("/register", {"form": "xlsx", "names": "1", "reason": " "})
    assert answer.headers["Location"] == "/console/register?said=reason"
    answer = await front.post("/register", {"form": "xlsx", "names": "1", "reason": "监管检查"})
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as book:
        assert NAME in book.read("xl/worksheets/sheet1.xml").decode()


@ON_ONE
@pytest.mark.parametrize("wrong", [{"form": "exe"}, {"first": "1"}, {"last": "0001-01-01"}, {"status": "NO"}])
async def test_a_form_that_is_none_of_ours_takes_nothing_along(
    front: Desk, office: Office, wrong: dict[str, str]
) -> None:
    front.as_(Role.OFFICER)
    answer = await front.post("/register", {"form": "csv", **wrong})
    assert answer.headers["Location"] == "/console/register?said=invalid"
    assert await office.audited() == []


async def test_the_case_file_needs_a_reason_and_is_a_zip(front: Desk, office: Office) -> None:
    case = await office.complaint()
    path = f"/complaints/{case.number}/file"
    front.as_(Role.OFFICER, login="li")
    assert case.number in await page(front, path)
    answer = await front.post(path, {"reason": "  ", "version": "whole"})
    assert answer.headers["Location"] == f"/console{path}?said=reason"
    answer = await front.post(path, {"reason": "法院调取", "version": "masked"})
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(await answer.read())) as archive:
        assert not any(private in archive.read("record.json").decode() for private in PRIVATE)
    [(who, what, subject, detail)] = await office.audited()
    assert (who, what, subject, detail["masked"]) == ("li", "export_case_file", case.number, True)


async def test_whoever_may_not_know_of_a_complaint_gets_no_file_of_it(front: Desk, office: Office) -> None:
    case = await office.complaint(respondent="北京分公司 李大力")
    front.as_(Role.OFFICER, name="李大力")
    await page(front, f"/complaints/{case.number}/file", 404)
    front.as_(Role.OFFICER, branches=frozenset({"310000"}))
    answer = await front.post(f"/complaints/{case.number}/file", {"reason": "x", "version": "whole"})
    assert answer.status == 404
    front.as_(Role.CLERK)
    await page(front, f"/complaints/{case.number}/file", 403)
    assert await office.audited() == []


async def test_the_landing_page_leads_to_everything_that_is_run(front: Desk) -> None:
    front.as_(Role.ADMIN)
    text = await page(front, "/admin")
    assert all(f'href="/console/admin/{place}"' in text for place in PLACES)


async def test_a_text_is_kept_changed_and_retired_and_every_version_stays(front: Desk, office: Office) -> None:
    front.as_(Role.ADMIN, login="root")
    given = {"name": "致歉", "language": "zh-Hans", "use": "reply", "text": "抱歉，{number} 将于{due}前答复。"}
    assert (await front.post("/admin/texts", given)).headers["Location"] == "/console/admin/texts?said=saved"
    async with front.house.store.reading() as unit:
        [kept] = await unit.texts.all()
    assert (await front.post(f"/admin/texts/{kept.id}", {**given, "text": "新的 {label}"})).status == 303
    text = await page(front, "/admin/texts")
    assert "新的 {label}" in text
    assert (await front.post(f"/admin/texts/{kept.id}/retire")).status == 303
    assert "已停用" in await page(front, "/admin/texts")
    async with front.house.store.reading() as unit:
        assert await unit.texts.offered("reply", "zh-Hans") == []
    trail = await office.audited()
    assert [deed[1] for deed in trail] == ["text_saved", "text_saved", "text_retired"]
    assert [deed[3].get("text") for deed in trail[:2]] == ["抱歉，{number} 将于{due}前答复。", "新的 {label}"]


@ON_ONE
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"text": "{nobody}"}, "占位符"),
        ({"text": "{number.__class__}"}, "占位符"),
        ({"text": "{number:>99999}"}, "占位符"),
        ({"text": "{number!r}"}, "占位符"),
        ({"text": "{"}, "占位符"),
        ({"text": "{}"}, "占位符"),
        ({"text": "  "}, "请填写内容"),
        ({"text": "长" * 2001}, "2000"),
        ({"name": ""}, "名称"),
        ({"use": "evil"}, "请选择"),
    ],
)
async def test_a_text_that_could_not_be_filled_in_is_not_kept(front: Desk, wrong: dict[str, str], told: str) -> None:
    front.as_(Role.ADMIN)
    answer = await front.post("/admin/texts", {"name": "n", "language": "en", "use": "ask", "text": "t", **wrong})
    assert answer.status == 422
    assert told in await answer.text()
    async with front.house.store.reading() as unit:
        assert await unit.texts.all() == []


async def test_the_state_of_every_channel_is_told(front: Desk, office: Office) -> None:
    await office.quarantined("m1")
    await office.parcel(await office.complaint())
    front.as_(Role.ADMIN)
    text = await page(front, "/admin/channels")
    for words in (
        "sign-in refused",
        "ConnectionError",
        "TOUSU_PHONE_ACCOUNT_SID is not set",
        "2026-11-23 09:30",
        "等新消息",
        "由哪个实例接收",
        "gateway2/7",
    ):
        assert words in text, words


async def test_the_trail_is_narrowed_by_number_person_action_and_day(front: Desk, office: Office) -> None:
    case = await office.complaint()
    front.as_(Role.OFFICER, login="li")
    await front.post(f"/complaints/{case.number}/file", {"reason": "客户 13812345678 来访", "version": "masked"})
    await front.post("/register", {"form": "csv"})
    front.as_(Role.AUDITOR)
    for query, found in (
        ("", {"导出案卷", "导出登记表"}),
        (f"?subject={case.number.lower()}", {"导出案卷"}),
        ("?actor=li&action=export_register", {"导出登记表"}),
        ("?actor=nobody", set[str]()),
        ("?day=2026-11-22", set[str]()),
        ("?day=2026-11-23", {"导出案卷", "导出登记表"}),
        ("?day=x&before=x", {"导出案卷", "导出登记表"}),
        ("?before=1", set[str]()),
    ):
        text = await page(front, f"/audit{query}")
        rows = text.partition("<tbody>")[2]
        assert {words for words in ("导出案卷", "导出登记表") if words in rows} == found, query
        assert "13812345678" not in text, "a reason is typed by people"


@ON_ONE
async def test_whom_a_complaint_is_about_finds_nothing_of_it_in_the_trail_and_others_no_name(
    front: Desk, office: Office
) -> None:
    case = await office.complaint(respondent="孙经理")
    async with front.house.store.unit() as unit:
        facts = {"reason": f"核实{NAME}投诉孙经理"}
        await unit.audit.write(
            at=front.house.clock.now(), actor="li", action="unmask", subject=case.number, detail=facts
        )
        await unit.commit()
    front.as_(Role.AUDITOR, login="sun", name="孙经理")
    assert case.number not in await page(front, "/audit")
    front.as_(Role.AUDITOR)
    text = await page(front, "/audit")
    assert "投诉孙经理" in text
    assert NAME not in text
    front.as_(Role.ADMIN)
    text = await page(front, "/audit")
    assert case.number in text
    assert "孙经理" not in text, "who sees no complaint reads no words about one"


async def test_a_long_trail_goes_on_on_the_next_page(front: Desk) -> None:
    async with front.house.store.unit() as unit:
        for place in range(120):
            await unit.audit.write(at=front.house.clock.now(), actor="li", action="status", subject=f"n{place}.")
        await unit.commit()
    front.as_(Role.AUDITOR)
    seen, path = list[str](), "/audit?actor=li"
    while path:
        text = await page(front, path)
        seen += re.findall(r">(n\d+\.)<", text)
        onward = re.search(r'href="/console(/audit\?before=[^"]+)"', text)
        path = onward[1].replace("&amp;", "&") if onward else ""
    assert seen == [f"n{place}." for place in range(119, -1, -1)]


async def test_a_chain_that_was_tampered_with_is_found_by_a_button(front: Desk, store_url: str) -> None:
    front.as_(Role.AUDITOR)
    async with front.house.store.unit() as unit:
        for place in range(3):
            await unit.audit.write(at=front.house.clock.now(), actor="li", action="status", subject=f"n{place}")
        await unit.commit()
    assert (await front.post("/audit/verify")).headers["Location"] == "/console/audit?said=whole"
    await tamper(store_url, "UPDATE audit SET actor = 'wang' WHERE id = 2")
    answer = await front.post("/audit/verify")
    assert answer.headers["Location"] == "/console/audit?broken=2&said=broken"
    assert "第 2 条" in await page(front, "/audit?broken=2&said=broken")


async def test_every_page_speaks_english_too(front: Desk, office: Office) -> None:
    await crowd(front.house.store, front.house.clock.now(), 5)
    front.as_(Role.SUPERVISOR, Role.ADMIN)
    for path in ("/overview", "/register", "/admin", "/admin/texts", "/admin/texts/new", "/admin/channels", "/audit"):
        answer = await front.client.get(f"/console{path}", cookies={**front.cookies, "tousu_language": "en"})
        assert answer.status == 200
        assert '<html lang="en"' in await answer.text()


def _recent(front: Desk, at: datetime) -> bool:
    """Received in the last thirty days, as Shanghai counts them."""
    today = front.house.clock.now().astimezone(SHANGHAI).date()
    return (today - at.astimezone(SHANGHAI).date()).days < DAYS
