"""Staff see to files, tasks and items in quarantine."""

from __future__ import annotations

from typing import Any

import pytest

from store.values import FileState, LedgerState
from tests.staff.office import ON_ONE, Office


async def test_a_file_is_handed_out_for_a_reason_and_as_a_download(office: Office) -> None:
    case = await office.complaint()
    file = await office.file(case, content=b"%PDF-1.7 whole")
    listed = (await office.ask(f"/complaints/{case.number}/attachments"))["items"]
    path = listed[0]["url"].removeprefix("/api/v1")
    assert listed[0]["name"] == "张*三的保单.pdf"
    assert (await office.get(path)).status == 422
    answer = await office.get(path, unmask="核对保单")
    assert await answer.read() == b"%PDF-1.7 whole"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="______.pdf"; '
        "filename*=UTF-8''%E5%BC%A0%E5%B0%8F%E4%B8%89%E7%9A%84%E4%BF%9D%E5%8D%95.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert await office.audited() == [
        ("api", "unmask", case.number, {"reason": "核对保单", "what": f"attachment {file.id}"})
    ]


@pytest.mark.parametrize(
    ("stated", "sent"),
    [
        ("image/jpeg", "image/jpeg"),
        ("audio/amr", "audio/amr"),
        ("IMAGE/PNG", "image/png"),
        ("image/svg+xml", "application/octet-stream"),
        ("text/html", "application/octet-stream"),
        ("image/png; charset=x", "application/octet-stream"),
        ("image/png\r\nX-Evil: 1", "application/octet-stream"),
    ],
)
@ON_ONE
async def test_a_file_that_could_run_has_no_type(office: Office, stated: str, sent: str) -> None:
    case = await office.complaint()
    file = await office.file(case, media_type=stated, name='../../\x00"a\u202egpj.exe')
    answer = await office.get(f"/complaints/{case.number}/attachments/{file.id}", unmask="查看")
    assert answer.headers["Content-Type"] == sent
    assert 'filename="_.._' in answer.headers["Content-Disposition"]
    assert "%E2%80%AE" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("state", "status"), [(FileState.WAITING, 409), (FileState.LOST, 410)])
@ON_ONE
async def test_a_file_that_is_not_here_says_why(office: Office, state: FileState, status: int) -> None:
    case = await office.complaint()
    file = await office.file(case, state=state)
    answer = await office.get(f"/complaints/{case.number}/attachments/{file.id}", unmask="查看")
    assert answer.status == status


async def test_a_file_of_another_complaint_is_not_handed_out(office: Office) -> None:
    case, other = await office.complaint(), await office.complaint()
    file = await office.file(case)
    answer = await office.get(f"/complaints/{other.number}/attachments/{file.id}", unmask="查看")
    assert answer.status == 404
    assert await office.audited() == []


async def test_tasks_come_the_most_urgent_first_and_page_by_page(office: Office) -> None:
    case = await office.complaint()
    for hours, id in enumerate(["late", "soon", "now"]):
        await office.task(case, id=id, hours=9 - hours)
    first = await office.ask("/tasks", limit="2")
    second = await office.ask("/tasks", limit="2", cursor=first["next"])
    assert [task["id"] for task in first["items"] + second["items"]] == ["now", "soon", "late"]
    assert second["next"] is None
    shown = first["items"][0]
    assert (shown["complaint"], shown["intent"], shown["state"]) == (case.number, "complaint", "open")


async def test_tasks_are_found_by_kind_across_pages(office: Office) -> None:
    for count in range(5):
        await office.task(None, id=f"task{count}", kind="page" if count % 2 == 0 else "review", hours=count)
    first = await office.ask("/tasks", kind="page", limit="2")
    second = await office.ask("/tasks", kind="page", limit="2", cursor=first["next"])
    assert [task["id"] for task in first["items"] + second["items"]] == ["task0", "task2", "task4"]
    assert [task["complaint"] for task in second["items"]] == [None]


async def test_a_task_that_is_done_is_written_down_once(office: Office) -> None:
    case = await office.complaint()
    await office.task(case, id="task1")
    answers = [await office.post("/tasks/task1/done") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 409]
    done: dict[str, Any] = await answers[0].json()
    assert (done["state"], done["done_by"]) == ("done", "api")
    assert (await office.ask("/tasks"))["items"] == []
    assert [task["id"] for task in (await office.ask("/tasks", state="done"))["items"]] == ["task1"]
    assert [entry["kind"] for entry in (await office.ask(f"/complaints/{case.number}"))["timeline"]][-1] == "task"
    assert [action for _, action, _, _ in await office.audited()] == ["task_done"]


async def test_the_words_of_a_task_are_shown_for_a_reason(office: Office) -> None:
    case = await office.complaint()
    await office.task(case, id="task1")
    masked = await office.ask("/tasks/task1")
    plain = await office.ask("/tasks/task1", unmask="回电")
    assert "138-1234-5678" not in masked["detail"]
    assert "138-1234-5678" in plain["detail"]
    assert [(action, subject) for _, action, subject, _ in await office.audited()] == [("unmask", case.number)]


@pytest.mark.parametrize("id", ["nothing", "%00", "a%2Fb", "x" * 300])
async def test_a_task_that_is_not_there_is_not_found(office: Office, id: str) -> None:
    assert (await office.client.get(f"/api/v1/tasks/{id}")).status == 404
    assert (await office.client.post(f"/api/v1/tasks/{id}/done")).status == 404


async def test_items_in_quarantine_are_listed_without_whose_they_are(office: Office) -> None:
    ids = [await office.quarantined(f"<{count}@zhang.example.cn>") for count in range(3)]
    first = await office.ask("/quarantine", limit="2")
    second = await office.ask("/quarantine", cursor=first["next"])
    assert [item["id"] for item in first["items"] + second["items"]] == ids
    assert first["items"][0]["cause"] == "ValueError in parse, line 7"
    assert "zhang" not in str(first)


async def test_an_item_is_read_byte_for_byte_for_a_reason(office: Office) -> None:
    small = await office.quarantined("small", b"\x00\xff raw")
    large = await office.quarantined("large", b"x" * 100_000)
    assert (await office.get(f"/quarantine/{small}/raw")).status == 422
    answers = [await office.get(f"/quarantine/{id}/raw", unmask="查原因") for id in (small, large)]
    assert [await answer.read() for answer in answers] == [b"\x00\xff raw", b"x" * 100_000]
    assert answers[0].headers["Content-Type"] == "application/octet-stream"
    assert [subject for _, _, subject, _ in await office.audited()] == [f"item {small}", f"item {large}"]


async def test_an_item_is_replayed_and_is_then_no_longer_in_quarantine(office: Office) -> None:
    id = await office.quarantined("again")
    answer = await office.post(f"/quarantine/{id}/replay")
    assert (answer.status, await answer.json()) == (200, {"id": id, "outcome": "handled"})
    assert office.replayer.replayed == [id]
    async with office.house.store.reading() as unit:
        entry = await unit.ledger.get(id)
    assert entry is not None
    assert entry.state is LedgerState.HANDLED
    assert (await office.post(f"/quarantine/{id}/replay")).status == 404
    assert (await office.get(f"/quarantine/{id}/raw", unmask="查原因")).status == 404


async def test_an_item_whose_channel_is_off_stays_where_it_is(office: Office) -> None:
    id = await office.quarantined("later")
    office.replayer.channel_is_off = True
    answer = await office.post(f"/quarantine/{id}/replay")
    assert (answer.status, (await answer.json())["code"]) == (409, "cannot_replay")
    assert [item["id"] for item in (await office.ask("/quarantine"))["items"]] == [id]


@pytest.mark.parametrize("id", ["0", "-1", "x", "9223372036854775808", "99999999999999999999", "٣"])
async def test_an_item_that_is_not_there_is_not_found(office: Office, id: str) -> None:
    assert (await office.get(f"/quarantine/{id}/raw", unmask="查原因")).status == 404
    assert (await office.post(f"/quarantine/{id}/replay")).status == 404
