"""Staff see how letters were read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from store.values import KeptScan
from tests.staff.office import ON_ONE, Office
from tests.staff.paper import LETTER, POLICY_LINE, letter

PRIVATE = ("李晓明", "13812345678", "PDAA202641010000123456", "10000123456", "建国路", "030745")
OTHERWISE = POLICY_LINE.replace("PDAA2026", "PDAA2O26")


async def by_staff(office: Office) -> list[tuple[str, Mapping[str, Any]]]:
    """What the audit trail says that staff did."""
    return [(action, what) for actor, action, _, what in await office.audited() if actor == "api"]


async def doubtful(office: Office, key: str = "letter1") -> KeptScan:
    """A letter whose policy number may be misread, taken in."""
    at = office.house.clock.now()
    given = letter(key, at, unsure={POLICY_LINE: 0.7}, others={POLICY_LINE: (OTHERWISE,)})
    await office.inbox.submit(given)
    async with office.house.store.reading() as unit:
        return (await unit.scans.recent())[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/letters"),
        ("GET", "/letters"),
        ("GET", "/letters/1"),
        ("GET", "/letters/1/pages/1"),
        ("POST", "/complaints/TS261123000019/fields"),
        ("GET", "/post"),
        ("POST", "/post"),
        ("GET", "/post/p1"),
        ("POST", "/post/p1"),
        ("GET", "/post/p1/pdf"),
    ],
)
@ON_ONE
async def test_no_way_leads_to_paper_without_the_token(office: Office, method: str, path: str) -> None:
    answer = await office.client.request(method, f"/api/v1{path}", headers={"Authorization": ""})
    assert answer.status == 401


async def test_doubtful_letters_come_the_oldest_first_and_all_the_newest_first(office: Office) -> None:
    kept = [await doubtful(office, f"letter{count}") for count in range(3)]
    await office.inbox.submit(letter("clear", office.house.clock.now(), LETTER))
    first = await office.ask("/letters", state="doubtful", limit="2")
    second = await office.ask("/letters", state="doubtful", cursor=first["next"])
    items = [each["item"] for each in first["items"] + second["items"]]
    assert items == [each.ledger_id for each in kept]
    assert [each["item"] for each in (await office.ask("/letters"))["items"]][1:] == items[::-1]
    assert [each["key"] for each in (await office.ask("/letters", state="clear"))["items"]] == ["clear"]
    assert (await office.ask("/letters", state="verified"))["items"] == []
    assert second["next"] is None


async def test_a_list_tells_what_is_doubtful_and_until_when_but_not_whose_it_is(office: Office) -> None:
    await doubtful(office)
    page = await office.ask("/letters")
    [shown] = page["items"]
    assert (shown["state"], shown["pages"]) == ("doubtful", 1)
    assert "policy_number" in shown["doubtful"]
    assert shown["complaint"].startswith("TS")
    assert shown["due"] > office.house.clock.now().isoformat()
    assert not [value for value in PRIVATE if value in str(page)]


async def test_a_letter_is_masked_until_somebody_gives_a_reason(office: Office) -> None:
    kept = await doubtful(office)
    masked = await office.ask(f"/letters/{kept.ledger_id}")
    assert not [value for value in PRIVATE if value in str(masked)]
    assert {line["text"] for page in masked["pages"] for line in page["lines"]} == {None}
    assert await by_staff(office) == []

    plain = await office.ask(f"/letters/{kept.ledger_id}", unmask="核对信件")
    assert [line["text"] for line in plain["pages"][0]["lines"]] == list(LETTER)
    assert plain["pages"][0]["lines"][5]["others"] == [OTHERWISE]
    assert [(action, what["reason"]) for action, what in await by_staff(office)] == [("unmask", "核对信件")]


async def test_every_value_says_where_on_paper_it_stands(office: Office) -> None:
    kept = await doubtful(office)
    shown = await office.ask(f"/letters/{kept.ledger_id}", unmask="核对信件")
    [place] = shown["fields"]["policy_number"]["places"]
    line = shown["pages"][0]["lines"][5]["box"]
    assert place["page"] == 1
    assert (place["box"][1], place["box"][3]) == (line[1], line[3])
    assert line[0] < place["box"][0] < place["box"][2] <= line[2]
    doubt = shown["doubts"]["policy_number"]
    assert doubt["value"] == "PDAA202641010000123456"
    assert "read_differently" in doubt["why"]
    assert doubt["candidates"] == ["PDAA2O2641010000123456"]
    assert doubt["places"] == [place]


async def test_the_picture_of_a_page_is_handed_out_for_a_reason(office: Office) -> None:
    kept = await doubtful(office)
    path = f"/letters/{kept.ledger_id}/pages/1"
    assert (await office.get(path)).status == 422
    answer = await office.get(path, unmask="核对信件")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert (await answer.read()).startswith(b"\xff\xd8")
    [(action, what)] = await by_staff(office)
    assert (action, what["what"]) == ("unmask", f"letter {kept.ledger_id} page 1")


@pytest.mark.parametrize("page", ["0", "2", "-1", "01", "x", "٣"])
@ON_ONE
async def test_a_page_that_is_not_there_is_not_found_and_not_audited(office: Office, page: str) -> None:
    kept = await doubtful(office)
    assert (await office.get(f"/letters/{kept.ledger_id}/pages/{page}", unmask="核对信件")).status == 404
    assert await by_staff(office) == []


@pytest.mark.parametrize("item", ["0", "999", "x", "9223372036854775808", "99999999999999999999"])
@ON_ONE
async def test_a_letter_that_is_not_there_is_not_found(office: Office, item: str) -> None:
    assert (await office.get(f"/letters/{item}")).status == 404
    assert (await office.get(f"/letters/{item}/pages/1", unmask="核对信件")).status == 404


@ON_ONE
async def test_time_left_is_told_by_the_task_and_gone_once_somebody_has_looked(office: Office) -> None:
    await doubtful(office)
    [before] = (await office.ask("/letters"))["items"]
    task = (await office.ask("/tasks", kind="verification"))["items"][0]
    assert before["due"] == task["due"]
    await office.post(f"/tasks/{task['id']}/done")
    assert (await office.ask("/letters"))["items"][0]["due"] is None


@ON_ONE
async def test_a_cursor_of_another_list_leads_nowhere(office: Office) -> None:
    for count in range(2):
        await doubtful(office, f"letter{count}")
    cursor = (await office.ask("/letters", state="doubtful", limit="1"))["next"]
    assert (await office.get("/letters", cursor=cursor)).status == 404
    assert (await office.get("/letters", cursor="bm9uc2Vuc2U")).status == 404
