"""A letter of ours after it was printed: posted, arrived or come back, as the mailroom says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.base import OutboundKind, Printed, Receipt
from gateway.casework.post import NoSuchLetter, NotPossible, move_letter
from gateway.delivery.outcome import NoWay, Sent
from gateway.delivery.settle import settle
from normalizer.record import Field, Method
from store.values import OutboxState, Parcel, PostState
from tests.intake.conftest import office as office
from tests.intake.conftest import opening as opening
from tests.intake.letters import WHOLE, Writer, check, letters_out
from tests.intake.talks import Office

PDF = b"%PDF-1.7 a letter"


async def printed(office: Office) -> Parcel:
    await Writer(office=office).write(WHOLE)
    [letter] = await letters_out(office, OutboundKind.RECEIPT)
    receipt = Receipt(provider_id=letter.id, via="print", printed=Printed(content=PDF, pages=1))
    await settle(office.gateway.house, letter, Sent(receipt))
    return letter


async def parcel(office: Office, id: str) -> Parcel:
    async with office.gateway.house.store.reading() as unit:
        found = await unit.outbox.get(id)
    assert found is not None
    return found


async def test_what_was_printed_is_kept_as_it_was_printed(office: Office) -> None:
    letter = await printed(office)

    async with office.gateway.house.store.reading() as unit:
        posting = await unit.post.get(letter.id)
    assert posting is not None
    assert await office.gateway.house.store.blobs.get(posting.sha256) == PDF
    assert (await parcel(office, letter.id)).state is OutboxState.SENT


async def test_the_tracking_number_and_the_day_of_posting_are_the_proof(office: Office) -> None:
    letter = await printed(office)

    await move_letter(office.gateway.house, letter.id, PostState.POSTED, tracking="XA12345678911", actor="zhou")
    moved = await move_letter(office.gateway.house, letter.id, PostState.DELIVERED, actor="zhou")

    assert (moved.state, moved.tracking) == (PostState.DELIVERED, "XA12345678911")
    assert (await parcel(office, letter.id)).state is OutboxState.DELIVERED
    told = [each.text for each in await office.history(await office.only_case()) if each.kind == "delivery"]
    assert told == ["sent", "posted", "delivered"]


async def test_a_letter_that_came_back_becomes_a_task_where_nothing_else_is_known(office: Office) -> None:
    letter = await printed(office)

    await move_letter(office.gateway.house, letter.id, PostState.RETURNED, actor="zhou")

    assert (await parcel(office, letter.id)).state is OutboxState.FAILED
    [task] = await office.tasks("delivery")
    assert task.detail == "the letter came back"


async def test_a_letter_that_came_back_goes_the_persons_next_way_and_staff_are_told(office: Office) -> None:
    letter = await printed(office)
    case = await office.only_case()
    await check(office, case, {"email": "wang@qq.example"})
    house = replace(office.gateway.house, open_channels=frozenset({"email", "letter"}))

    await move_letter(house, letter.id, PostState.RETURNED, actor="zhou")

    assert (await parcel(office, letter.id)).state is OutboxState.REROUTED
    [mail] = [each for each in await office.parcels() if each.channel == "email"]
    assert mail.to.value == "wang@qq.example"
    assert "王小明" not in mail.text
    assert [task.reason for task in await office.tasks("delivery")] == ["not_by_post"]


async def test_an_address_merely_read_in_the_letter_is_no_next_way(office: Office) -> None:
    letter = await printed(office)
    case = await office.only_case()
    assert case.record.fields["phone"] == replace(case.record.fields["phone"], method=Method.RULE)
    assert isinstance(case.record.fields["phone"], Field)
    house = replace(office.gateway.house, open_channels=frozenset({"phone"}), may_text=lambda _: True)

    await settle(house, await parcel(office, letter.id), NoWay("no postal address is known"))

    assert [each.channel for each in await office.parcels()] == ["letter"]


async def test_the_same_word_twice_changes_nothing_and_no_letter_goes_backwards(office: Office) -> None:
    letter = await printed(office)
    house = office.gateway.house
    for _ in range(2):
        await move_letter(house, letter.id, PostState.RETURNED, actor="zhou")

    assert len(await office.tasks("delivery")) == 1
    with pytest.raises(NotPossible):
        await move_letter(house, letter.id, PostState.POSTED, actor="zhou")
    with pytest.raises(NoSuchLetter):
        await move_letter(house, "nothing", PostState.POSTED, actor="zhou")
