"""The mail server, the gateway and the mails misbehave; nothing is lost and nothing doubled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from channels.email.simulator import Kind, MailSimulator
from tests.email_transport.conftest import HASTY, Gateway, eventually, settings_for
from tests.email_transport.mails import huge_mail, mail
from tests.email_transport.recording import Crash, StoreAway


def emptied(simulator: MailSimulator) -> Callable[[], bool]:
    return lambda: not simulator.folder().mails


def put_away(simulator: MailSimulator, count: int, folder: str = "Processed") -> Callable[[], bool]:
    return lambda: len(simulator.folder(folder).mails) == count


COMMANDS = ("UID SEARCH", "UID FETCH", "UID MOVE", "SELECT", "IDLE", "CAPABILITY", "ID")
KINDS = (Kind.BYE, Kind.RESET, Kind.SILENCE, Kind.REFUSE, Kind.CUT, Kind.DRIP)
# A refusal to open the mailbox is the settings' fault, and has a test of its own below.
FAULTS = [(command, kind) for command in COMMANDS for kind in KINDS if (command, kind) != ("SELECT", Kind.REFUSE)]


@pytest.mark.parametrize(("command", "kind"), FAULTS)
async def test_whatever_the_server_does_every_mail_comes_in_once(
    simulator: MailSimulator, gateway: Gateway, command: str, kind: Kind
) -> None:
    for number in range(30):
        simulator.deliver(mail(number))
    simulator.imap_faults.plan(command, kind)
    async with gateway.listening():
        await gateway.inbox.until_done(30)
        await eventually(emptied(simulator))
        if command == "IDLE":
            await eventually(lambda: bool(simulator.imap_faults.happened))
        simulator.deliver(mail(31))
        await gateway.inbox.until_done(31)
        await eventually(put_away(simulator, 31))
    assert gateway.inbox.submits == 31
    assert simulator.imap_faults.happened


async def test_a_body_cut_off_in_the_middle_is_never_taken_for_the_mail(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.place(mail(1))
    simulator.imap_faults.plan("UID FETCH", Kind.CUT, about="BODY", times=3)
    async with gateway.listening():
        await gateway.inbox.until_done(1)
    assert [item.raw for item in gateway.inbox.items.values()] == [mail(1)]
    assert len(simulator.imap_faults.happened) == 3


async def test_a_server_that_no_longer_answers_done_is_noticed(simulator: MailSimulator, gateway: Gateway) -> None:
    async with gateway.listening() as channel:
        await eventually(lambda: channel.state()["listening"] == "idle")
        simulator.imap_faults.plan("DONE", Kind.SILENCE)
        simulator.deliver(mail(1))
        await gateway.inbox.until_done(1)
    assert simulator.imap_connections == 2


async def test_a_restart_of_the_mail_server_is_survived(simulator: MailSimulator, gateway: Gateway) -> None:
    async with gateway.listening() as channel:
        for number in range(4):
            await eventually(lambda: channel.state().get("listening") == "idle")
            simulator.hang_up()
            simulator.deliver(mail(number))
            await gateway.inbox.until_done(number + 1)
    assert gateway.inbox.submits == 4


async def test_a_push_brings_a_mail_in_at_once(simulator: MailSimulator, gateway: Gateway) -> None:
    async with gateway.listening(poll=600.0) as channel:
        await eventually(lambda: channel.state()["listening"] == "idle")
        simulator.deliver(mail(1))
        await gateway.inbox.until_done(1, within=2)


async def test_fifteen_hundred_lines_at_once_cost_a_connection_and_no_mail(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    """aioimaplib recurses once per line; somebody empties the mailbox while we are connected."""

    def fail(step: str, key: str) -> None:
        raise StoreAway

    gateway.inbox.before = fail
    gateway.limits = replace(HASTY, failures=10**9, attempts=10**9, retry_longest=60.0, retry_first=60.0)
    for number in range(1500):
        simulator.place(mail(number))
    async with gateway.listening(poll=60.0) as channel:
        await eventually(lambda: channel.state()["listening"] == "idle", within=30)
        gateway.inbox.before = lambda step, key: None
        gateway.limits = HASTY
        folder = simulator.folder()
        folder.remove([stored.uid for stored in folder.mails])
        simulator.deliver(mail(2000))
        await eventually(lambda: channel.state()["listening"] != "idle")
    async with gateway.listening():
        await gateway.inbox.until_done(1)


async def test_without_idle_the_mailbox_is_polled(simulator: MailSimulator, gateway: Gateway) -> None:
    simulator.capabilities = "IMAP4rev1 UIDPLUS"
    async with gateway.listening(poll=0.05) as channel:
        await eventually(lambda: channel.state()["listening"] == "polling")
        simulator.deliver(mail(1))
        await gateway.inbox.until_done(1)
        await eventually(put_away(simulator, 1))
    assert simulator.folder().mails == []


async def test_a_server_that_can_neither_move_nor_expunge_one_mail_is_named_a_problem(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.capabilities = "IMAP4rev1 IDLE"
    async with gateway.listening() as channel:
        await eventually(lambda: "UIDPLUS" in channel.state().get("problem", ""))


async def test_what_others_marked_as_deleted_is_not_expunged_by_us(simulator: MailSimulator, gateway: Gateway) -> None:
    simulator.capabilities = "IMAP4rev1 IDLE UIDPLUS"
    gateway.inbox.before = lambda step, key: simulator.folder().mails[1].flags.add("\\Deleted")
    simulator.deliver(mail(1))
    simulator.deliver(mail(2, body="BREAKS"))
    async with gateway.listening():
        await gateway.inbox.until_done(1)
        await eventually(put_away(simulator, 1))
        assert len(simulator.folder().mails) == 1


@pytest.mark.parametrize("moment", ["before keep", "after keep", "before submit", "after submit"])
async def test_after_a_crash_at_any_step_the_mail_comes_in_once(
    simulator: MailSimulator, gateway: Gateway, moment: str
) -> None:
    for number in range(5):
        simulator.deliver(mail(number, sender=f"c{number}@example.cn"))
    when, step = moment.split()
    crashes = iter([True])

    def crash(at: str, key: str) -> None:
        if at == step and next(crashes, False):
            raise Crash

    setattr(gateway.inbox, when, crash)
    with contextlib.suppress(BaseExceptionGroup, Crash):
        await asyncio.wait_for(gateway.channel().listen(gateway.inbox), 5)
    async with gateway.listening():
        await gateway.inbox.until_done(5)
        await eventually(emptied(simulator))
    assert len(gateway.inbox.items) == len(gateway.inbox.done) == 5
    assert len(simulator.folder("Processed").mails) == 5


async def test_a_crash_between_commit_and_move_only_leaves_the_move_to_do(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.deliver(mail(1))
    simulator.imap_faults.plan("UID MOVE", Kind.SILENCE)
    listening = asyncio.create_task(gateway.channel().listen(gateway.inbox))
    await eventually(lambda: bool(simulator.imap_faults.happened))
    listening.cancel()
    await asyncio.wait([listening])
    async with gateway.listening():
        await eventually(put_away(simulator, 1))
    assert gateway.inbox.submits == 1


async def test_a_move_whose_answer_is_lost_is_not_done_twice(simulator: MailSimulator, gateway: Gateway) -> None:
    simulator.deliver(mail(1))
    simulator.imap_faults.plan("UID MOVE", Kind.LOSE_ANSWER)
    async with gateway.listening():
        await gateway.inbox.until_done(1)
        await eventually(put_away(simulator, 1))
        simulator.deliver(mail(2))
        await gateway.inbox.until_done(2)
    assert gateway.inbox.submits == 2


async def test_while_nothing_can_be_stored_mails_stay_on_the_server(simulator: MailSimulator, gateway: Gateway) -> None:
    away = True

    def fail(step: str, key: str) -> None:
        if away:
            raise StoreAway

    gateway.inbox.before = fail
    for number in range(60):
        simulator.deliver(mail(number, sender=f"c{number}@example.cn"))
    async with gateway.listening() as channel:
        await eventually(lambda: "cannot store" in channel.state().get("problem", ""))
        await eventually(lambda: simulator.imap_connections >= 8)
        assert len(simulator.folder().mails) == 60
        away = False
        await gateway.inbox.until_done(60)
        await eventually(emptied(simulator))
        await eventually(lambda: "problem" not in channel.state())
    assert not any(submission.unreadable for submission in gateway.inbox.done.values())
    assert len(simulator.folder("Processed").mails) == 60


async def test_an_unreadable_mail_goes_to_quarantine_and_the_others_go_on(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    for number in range(10):
        simulator.deliver(mail(number, body="POISON" if number == 3 else ""))
    async with gateway.listening():
        await gateway.inbox.until_done(10)
        await eventually(emptied(simulator))
    (stub,) = [submission for submission in gateway.inbox.done.values() if submission.unreadable]
    assert (stub.unreadable, stub.may_answer) == ("poison", False)
    assert b"POISON" in stub.raw
    assert len(simulator.folder("Quarantine").mails) == 1
    assert len(simulator.folder("Processed").mails) == 9


async def test_a_mail_that_breaks_the_reader_is_tried_again_and_then_given_to_a_person(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.deliver(mail(1, body="BREAKS"))
    for number in range(2, 50):
        simulator.deliver(mail(number))
    async with gateway.listening():
        await gateway.inbox.until_done(49)
        await eventually(emptied(simulator))
    (stub,) = [submission for submission in gateway.inbox.done.values() if submission.unreadable]
    assert "RuntimeError" in stub.unreadable
    assert len(simulator.folder("Quarantine").mails) == 1


async def test_a_mail_that_the_server_will_not_give_is_named_to_a_person_and_holds_up_nobody(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    for number in range(1, 6):
        simulator.deliver(mail(number))
    simulator.imap_faults.plan("UID FETCH", Kind.REFUSE, about="1:5 (UID BODY", times=1)
    simulator.imap_faults.plan("UID FETCH", Kind.REFUSE, about="3 (UID BODY", times=100)
    async with gateway.listening():
        await gateway.inbox.until_done(5)
        await eventually(emptied(simulator))
    (stub,) = [submission for submission in gateway.inbox.done.values() if submission.unreadable]
    assert "does not give" in stub.unreadable
    assert len(simulator.folder("Quarantine").mails) == 1


async def test_a_wrong_password_is_told_and_not_hammered(simulator: MailSimulator, gateway: Gateway) -> None:
    wrong = settings_for(simulator).imap_url.replace("secret", "hunter2")
    async with gateway.listening(imap_url=wrong) as channel:
        await eventually(lambda: "password" in channel.state().get("problem", ""))
        await asyncio.sleep(0.5)  # ten times as long as a lost line is left alone here
    assert simulator.logins == [False]
    assert "hunter2" not in str(channel.state())


async def test_a_password_refused_for_the_moment_only_is_tried_again_soon(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.imap_faults.plan("LOGIN", Kind.REFUSE, answer="NO [UNAVAILABLE] Temporary authentication failure")
    simulator.deliver(mail(1))
    async with gateway.listening():
        await gateway.inbox.until_done(1)


async def test_a_mailbox_that_may_not_be_opened_is_a_problem_for_a_person(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.imap_faults.plan("SELECT", Kind.REFUSE, answer="NO Unsafe Login. Please contact kefu@188.com for help")
    async with gateway.listening() as channel:
        await eventually(lambda: "Unsafe Login" in channel.state().get("problem", ""))


async def test_mails_counted_anew_are_the_same_mails(simulator: MailSimulator, gateway: Gateway) -> None:
    for number in range(5):
        simulator.deliver(mail(number))
    simulator.imap_faults.plan("UID MOVE", Kind.RESET)
    gateway.inbox.after = lambda step, key: simulator.folder().count_anew() if gateway.inbox.submits == 5 else None
    async with gateway.listening():
        await gateway.inbox.until_done(5)
        await eventually(emptied(simulator))
        gateway.inbox.after = lambda step, key: None
        simulator.deliver(mail(7))
        await gateway.inbox.until_done(6)
    assert gateway.inbox.submits == 6


async def test_a_mail_that_a_person_has_already_looked_at_still_comes_in(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.deliver(mail(1))
    simulator.folder().mails[0].flags |= {"\\Seen", "\\Flagged"}
    async with gateway.listening():
        await gateway.inbox.until_done(1)


async def test_when_mails_cannot_be_moved_they_are_not_fetched_over_and_over(
    simulator: MailSimulator, gateway: Gateway
) -> None:
    simulator.deliver(mail(1))
    simulator.imap_faults.plan("UID MOVE", Kind.REFUSE, answer="NO [OVERQUOTA] full", times=8)
    async with gateway.listening(poll=0.05) as channel:
        await eventually(lambda: "cannot be moved" in channel.state().get("problem", ""))
        await eventually(put_away(simulator, 1))
        await eventually(lambda: "problem" not in channel.state())
    assert (gateway.inbox.keeps, gateway.inbox.submits) == (1, 1)


async def test_one_senders_mails_stay_in_order(simulator: MailSimulator, gateway: Gateway) -> None:
    for number in range(60):
        simulator.deliver(mail(number, sender=f"c{number % 3}@example.cn", body=f"{number:03d}"))
    async with gateway.listening():
        await gateway.inbox.until_done(60)
    for person in range(3):
        said = [done.text for done in gateway.inbox.done.values() if done.sender.value == f"c{person}@example.cn"]
        assert said == sorted(said)


async def test_a_mail_over_the_cap_is_kept_in_part_and_says_so(simulator: MailSimulator, gateway: Gateway) -> None:
    raw = huge_mail(51 * 1024 * 1024)
    simulator.place(raw)
    async with gateway.listening():
        await gateway.inbox.until_done(1)
    (item,) = gateway.inbox.items.values()
    (submission,) = gateway.inbox.done.values()
    assert item.raw == raw[: 8 * 1024 * 1024]
    assert (item.envelope["cut"], item.envelope["size"]) == ("yes", str(len(raw)))
    assert submission.warnings == ("mail_cut_at_limit",)


async def test_folders_with_chinese_names_are_made_and_used(simulator: MailSimulator, gateway: Gateway) -> None:
    simulator.deliver(mail(1))
    async with gateway.listening(processed="已处理"):
        await eventually(put_away(simulator, 1, "&XfJZBHQG-"))


async def test_a_password_with_quotes_and_spaces_is_said_right(simulator: MailSimulator, gateway: Gateway) -> None:
    simulator.password = 'a "b\\c@:/ d'
    simulator.deliver(mail(1))
    async with gateway.listening(imap_url=simulator.imap_url()):
        await gateway.inbox.until_done(1)


async def test_a_bounce_is_reported_to_the_delivery_it_belongs_to(simulator: MailSimulator, gateway: Gateway) -> None:
    headers = ("X-Test-Bounce: 5.1.1", "X-Test-Returned: <ack.TS261123000010.abc@insurer.example>")
    simulator.deliver(mail(1, headers=headers))
    simulator.deliver(mail(2, headers=("X-Test-Bounce: 4.4.1", "X-Test-Returned: msg.def@insurer.example")))
    async with gateway.listening():
        await gateway.inbox.until_done(2)
    failed, delayed = sorted(gateway.inbox.reports, key=lambda report: report.provider_id)
    assert (failed.provider_id, failed.state, failed.blocked) == (
        "<ack.TS261123000010.abc@insurer.example>",
        "failed",
        True,
    )
    assert (delayed.provider_id, delayed.state, delayed.blocked) == ("<msg.def@insurer.example>", "delayed", False)
