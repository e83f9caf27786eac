"""Items that came before, and items that cannot be read just now: none is taken for what it is not."""

from __future__ import annotations

from channels.base import Item, Kept
from channels.errors import NotNow
from gateway.operations.replay import LEFT_BEHIND_AFTER, Replayer
from store.values import LedgerState
from tests.intake.talks import COMPLETE, Office, Reader

AWAY = NotNow("the reader does not start")


async def test_who_delivers_again_learns_whether_it_was_handled_or_set_aside(each_office: Office) -> None:
    person, inbox = each_office.by_chat(), each_office.gateway.inbox
    good, bad = person.item(COMPLETE), person.item(raw=b"<xml>broken", unreadable="kind")
    for submission in (good, bad):
        item = Item(channel="wechat", key=submission.key, received_at=submission.received_at, raw=submission.raw)
        assert await inbox.keep(item) is Kept.NEW
        assert await inbox.keep(item) is Kept.WAITING
        await inbox.submit(submission)
        assert await inbox.keep(item) is (Kept.SET_ASIDE if submission is bad else Kept.DONE)
    assert [kept for kept in Kept if kept.finished] == [Kept.DONE, Kept.SET_ASIDE]


async def test_letters_that_cannot_be_read_just_now_stay_and_hold_up_no_message(each_office: Office) -> None:
    message = each_office.by_chat().item(COMPLETE)
    for channel, key in (("letter", "1"), ("letter", "2"), ("wechat", message.key)):
        await _keep(each_office, channel, key)
    letters = Reader(failure=AWAY)
    readers = {"letter": letters, "wechat": Reader(mended=message)}
    replayer = Replayer(each_office.gateway.house, each_office.gateway.inbox, readers)
    each_office.clock.advance(seconds=LEFT_BEHIND_AFTER.total_seconds() + 1)
    assert await replayer.resume() == 1
    assert await each_office.ledger() == {"handled": 1, "stored": 2}
    assert not await each_office.tasks("quarantine")


async def test_what_staff_have_read_again_while_no_reader_starts_is_read_later_and_its_task_stays(
    office: Office,
) -> None:
    person = office.by_chat()
    broken = person.item(raw=b"<xml>broken", unreadable="kind")
    await person.send(broken)
    [entry] = await office.quarantined()
    reader = Reader(failure=AWAY)
    replayer = Replayer(office.gateway.house, office.gateway.inbox, {"wechat": reader})
    assert await replayer.replay(entry.id) == LedgerState.STORED
    assert len(await office.tasks("quarantine")) == 1
    reader.mended = person.item(COMPLETE, key=broken.key)
    office.clock.advance(seconds=LEFT_BEHIND_AFTER.total_seconds() + 1)
    assert await replayer.resume() == 1
    assert await office.ledger() == {"handled": 1}
    assert not await office.tasks("quarantine")


async def _keep(office: Office, channel: str, key: str) -> None:
    """And whoever kept it died."""
    await office.gateway.inbox.keep(Item(channel=channel, key=key, received_at=office.clock.now(), raw=b"raw"))
