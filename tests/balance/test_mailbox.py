"""The ledger against the mailbox: every mail put away is an item, and every item of a mail lies in the mailbox."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from channels.email.simulator.faults import Kind
from gateway.operations.balance.values import Answered, Verdict, Why
from tests.balance.conftest import House, Open, found
from tests.contract.rigs import EmailRig, mail

WORDS = "我叫王小明，理赔拖了两个月，请尽快赔付五千元"


async def house_with_mail(open_house: Open) -> tuple[House, EmailRig]:
    house = await open_house("email")
    assert isinstance(house.rig, EmailRig)
    await house.rig.write("wang", WORDS, key="one")
    await house.rig.write("li", WORDS, key="two")
    return house, house.rig


async def nobody_listens(rig: EmailRig) -> None:
    assert rig._listening is not None
    rig._listening.cancel()
    await asyncio.gather(rig._listening, return_exceptions=True)


async def test_mails_that_were_handled_balance_and_are_counted_on_both_sides(open_house: Open) -> None:
    house, rig = await house_with_mail(open_house)
    await rig.write_garbage("wang")
    balance = await house.look()
    assert balance.verdict is Verdict.BALANCED, found(balance)
    [line] = [line for line in balance.lines if line.channel == "email"]
    assert (line.received, line.handled + line.quarantined, line.in_work, line.at_source) == (3, 3, 0, 3)


async def test_a_mail_that_lies_among_the_handled_and_never_came_to_us_is_named(open_house: Open) -> None:
    house, rig = await house_with_mail(open_house)
    lost = rig.provider.folder("Processed").add(mail("zhao", WORDS, "lost"), house.clock.now())
    balance = await house.look()
    assert balance.verdict is Verdict.OFF_BALANCE
    [off] = balance.off
    assert (off.why, off.channel, off.kind) == (Why.NOT_IN_LEDGER, "email", "mail")
    assert off.name == f"Processed {rig.provider.folder('Processed').uidvalidity}/{lost.uid}"


async def test_a_mail_that_somebody_deleted_from_the_mailbox_is_named_by_the_items_number(open_house: Open) -> None:
    house, rig = await house_with_mail(open_house)
    folder = rig.provider.folder("Processed")
    folder.remove([folder.mails[0].uid])
    balance = await house.look()
    assert found(balance) == [(Why.NOT_AT_SOURCE, "item")]
    assert balance.off[0].name.isdigit()


async def test_the_same_mail_delivered_twice_counts_once_and_is_no_fault(open_house: Open) -> None:
    house, rig = await house_with_mail(open_house)
    rig.provider.deliver(mail("wang", WORDS, "one"))
    await rig._until_put_away()
    balance = await house.look()
    assert found(balance) == [(Why.REPEATED, "mail")]
    assert balance.verdict is Verdict.BALANCED


async def test_a_mail_that_nobody_fetches_is_named_only_once_it_has_waited(open_house: Open) -> None:
    house, rig = await house_with_mail(open_house)
    await nobody_listens(rig)
    rig.provider.folder("INBOX").add(mail("zhao", WORDS, "waits"), house.clock.now() + timedelta(minutes=10))
    assert found(await house.look()) == []
    assert found(await house.look()) == [(Why.LEFT_AT_SOURCE, "mail")]


async def test_a_mailbox_that_cannot_be_reached_proves_nothing(open_house: Open) -> None:
    house, rig = await house_with_mail(open_house)
    await nobody_listens(rig)
    rig.provider.imap_faults.plan("LOGIN", Kind.BYE)
    balance = await house.look()
    assert balance.verdict is Verdict.UNKNOWN
    assert [source.channel for source in balance.sources if source.answered is Answered.AWAY] == ["email"]
    assert all(line.at_source is None for line in balance.lines)
