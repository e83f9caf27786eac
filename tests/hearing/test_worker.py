"""A message that somebody left is heard once: by the recogniser, or by a person who is asked to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from gateway.casework.tasks import new_task
from gateway.guests.breaker import FAILURES
from gateway.hearing.port import Heard
from gateway.hearing.simulator import WORDS, Manner, SpeechSimulator
from gateway.hearing.worker import MOST_TRIES, STEPS, TOO_OLD
from gateway.intake.talk import Talk
from normalizer.record import Gesture, Machine
from store.errors import Unavailable
from store.values import FileState, Hearing, Words
from tests.hearing.recordings import CALL, SOUND, ZHAO, Office
from tests.store.things import NOW

TROUBLE = [Manner.FAILS, Manner.BUSY, Manner.PAGE, Manner.HUGE, Manner.HANGS_UP, Manner.LONG]


async def test_the_words_of_a_message_are_taken_in_as_its_callers(office: Office) -> None:
    await office.message()
    assert await office.worker.run_once() == 1
    assert await office.worker.run_once() == 0
    [words] = office.taken_in
    assert (words.channel, words.key, words.text) == ("phone", "words:f1", WORDS)
    assert (words.sender, words.talk, words.received_at) == (ZHAO, CALL, NOW)
    assert words.context == {"words_of": "f1", "method": "machine"}
    assert not words.may_answer
    assert not words.attested
    file = await office.file()
    assert (file.heard, file.words) == (Hearing.DONE, Words(text=WORDS, method="machine"))
    assert await office.tasks() == []


async def test_only_the_recording_leaves_the_house_and_the_audit_trail_says_so(
    office: Office, simulator: SpeechSimulator
) -> None:
    await office.message()
    await office.worker.run_once()
    [asked] = simulator.received
    assert (asked.content, asked.filename) == (SOUND, "recording.wav")
    facts = {"model": "w1", "bytes": len(SOUND), "outcome": "heard"}
    assert await office.audited() == [("sent_to_hear", "file f1", facts)]


async def test_a_caller_who_spoke_english_is_heard_in_english(office: Office, simulator: SpeechSimulator) -> None:
    file = await office.message()
    assert file.conversation_id is not None
    async with office.store.unit() as unit:
        state = Talk(language="en").to_state()
        await unit.conversations.save(
            file.conversation_id, state=state, complaint_id=None, remind_at=None, last_heard_at=None
        )
        await unit.commit()
    await office.worker.run_once()
    assert simulator.received[0].fields["language"] == "en"


async def test_a_message_that_is_still_with_the_carrier_waits_until_it_is_here(office: Office) -> None:
    file = await office.message(state=FileState.WAITING)
    assert await office.worker.run_once() == 0
    async with office.store.unit() as unit:
        await unit.files.stored(file.id, sha256=file.sha256, size=file.size, media_type="audio/wav", name="r.wav")
        await unit.commit()
    assert await office.worker.run_once() == 1
    assert len(office.taken_in) == 1


@pytest.mark.parametrize(
    "came",
    [
        {"gesture": Gesture.NOTED},  # the recording of a whole call: its words were heard on the line
        {"gesture": Gesture.RECORDED, "text": "理赔太慢"},
        {"channel": "wechat", "gesture": None, "talk": "", "text": "理赔太慢"},  # WeChat recognised it
        {"channel": "email", "gesture": None, "talk": "", "machine": Machine.SPAM},
    ],
)
async def test_words_that_came_another_way_are_not_heard_twice(office: Office, came: dict[str, Any]) -> None:
    assert (await office.message(**came)).heard is Hearing.NEEDLESS
    assert await office.worker.run_once() == 0


async def test_a_voice_in_a_chat_that_came_without_words_is_heard(office: Office) -> None:
    await office.message(channel="wechat", gesture=None, talk="")
    await office.worker.run_once()
    [words] = office.taken_in
    assert (words.channel, words.talk, words.sender) == ("wechat", "", ZHAO)


@pytest.mark.parametrize("manner", TROUBLE)
async def test_a_message_outlives_a_recogniser_in_trouble(
    office: Office, simulator: SpeechSimulator, manner: Manner
) -> None:
    simulator.manners = [manner]
    await office.message()
    await office.worker.run_once()
    assert (await office.file()).heard is Hearing.WAITING
    assert await office.worker.run_once() == 0
    office.clock.advance(seconds=120)
    await office.worker.run_once()
    assert [words.text for words in office.taken_in] == [WORDS]
    assert [facts["outcome"] for _, _, facts in await office.audited()][-1] == "heard"
    assert len(await office.audited()) == 2


async def test_after_some_tries_a_person_is_asked_to_listen(office: Office, simulator: SpeechSimulator) -> None:
    simulator.manner = Manner.FAILS
    file = await office.message()
    case = await office.case(file)
    for _ in range(MOST_TRIES):
        assert await office.worker.run_once() == 1
        office.clock.advance(seconds=STEPS[-1].total_seconds())
    assert await office.worker.run_once() == 0
    assert (await office.file()).heard is Hearing.FAILED
    [task] = await office.tasks()
    assert (task.kind, task.reason, task.number) == ("review", "recording_to_hear", case.number)
    assert (task.ledger_id, task.detail) == (file.ledger_id, "f1: 500")
    assert office.taken_in == []


async def test_a_rest_of_the_recogniser_costs_a_message_no_try(office: Office, simulator: SpeechSimulator) -> None:
    simulator.manner = Manner.FAILS
    for place in range(FAILURES):
        await office.message(f"f{place}")
    await office.message("last")
    for _ in range(FAILURES + 1):
        await office.worker.run_once()
    assert len(simulator.received) == FAILURES
    assert (await office.file("last")).hearings == 0
    assert (await office.file("f0")).hearings == 1


@pytest.mark.parametrize("manner", [Manner.REFUSES, Manner.TOO_LARGE, Manner.SILENT, Manner.CREDITS])
async def test_a_message_that_no_machine_hears_is_left_to_a_person_at_once(
    office: Office, simulator: SpeechSimulator, manner: Manner
) -> None:
    simulator.manner = manner
    await office.message()
    await office.worker.run_once()
    assert (await office.file()).heard is Hearing.FAILED
    assert [task.reason for task in await office.tasks()] == ["recording_to_hear"]
    assert office.taken_in == []
    assert [action for action, _, _ in await office.audited()] == ["sent_to_hear"]


@pytest.mark.parametrize("manner", [Manner.UNSURE, Manner.SEGMENTS, Manner.STUCK])
async def test_doubtful_words_are_taken_in_and_a_person_listens_too(
    office: Office, simulator: SpeechSimulator, manner: Manner
) -> None:
    simulator.manner = manner
    await office.message()
    await office.worker.run_once()
    assert len(office.taken_in) == 1
    file = await office.file()
    assert file.heard is Hearing.DONE
    assert file.words is not None
    assert [task.detail for task in await office.tasks()] == ["f1: doubtful"]


async def test_without_a_recogniser_a_person_is_asked_at_once_and_nothing_leaves(
    office: Office, simulator: SpeechSimulator
) -> None:
    office.transcriber = None
    await office.message()
    await office.worker.run_once()
    assert [task.detail for task in await office.tasks()] == ["f1: no recogniser"]
    assert (simulator.received, await office.audited()) == ([], [])


async def test_an_old_message_is_not_sent_out_any_more(office: Office, simulator: SpeechSimulator) -> None:
    await office.message()
    office.clock.advance(seconds=(TOO_OLD + timedelta(seconds=1)).total_seconds())
    await office.worker.run_once()
    assert simulator.received == []
    assert [task.detail for task in await office.tasks()] == ["f1: too old"]


async def test_two_recordings_of_one_message_ask_for_one_person(office: Office, simulator: SpeechSimulator) -> None:
    simulator.manner = Manner.REFUSES
    file = await office.message()
    await office.second_part(file)
    assert await office.worker.run_once() + await office.worker.run_once() == 2
    assert len(await office.tasks()) == 1


async def test_words_that_could_not_be_taken_in_are_not_asked_for_again(
    office: Office, simulator: SpeechSimulator
) -> None:
    await office.message()
    office.trouble = Unavailable()
    with pytest.raises(Unavailable):
        await office.worker.run_once()
    assert (await office.file()).words == Words(text=WORDS, method="machine")
    office.trouble = None
    assert await office.worker.run_once() == 0  # leased
    office.clock.advance(hours=1)
    await office.worker.run_once()
    assert [words.key for words in office.taken_in] == ["words:f1"]
    assert len(simulator.received) == 1


async def test_of_two_workers_one_hears_a_message(office: Office, simulator: SpeechSimulator) -> None:
    await office.message()
    assert sorted(await asyncio.gather(office.worker.run_once(), office.worker.run_once())) == [0, 1]
    assert len(simulator.received) == 1


async def test_a_message_is_heard_again_after_a_crash(office: Office) -> None:
    await office.message()
    async with office.store.unit() as unit:
        assert await unit.files.claim_unheard(NOW, lease=timedelta(hours=1)) is not None
        await unit.files.recover()
        await unit.commit()
    assert await office.worker.run_once() == 1


async def test_a_person_who_was_faster_is_not_overwritten(office: Office, simulator: SpeechSimulator) -> None:
    await office.message()
    typed = Words(text="理赔太慢", method="staff")
    async with office.store.unit() as unit:
        claimed = await unit.files.claim_unheard(NOW, lease=timedelta(hours=1))
        await unit.files.typed("f1", typed)
        await unit.commit()
    assert claimed is not None
    for manner in (Manner.GOOD, Manner.FAILS, Manner.REFUSES):
        simulator.manner = manner
        await office.worker.hear(claimed)
    file = await office.file()
    assert (file.words, file.heard) == (typed, Hearing.DONE)
    assert (office.taken_in, await office.tasks()) == ([], [])


async def test_a_mistake_of_ours_costs_no_message(office: Office) -> None:
    class Broken:
        name = "w1"

        async def words_of(self, content: bytes, media_type: str, name: str, language: str) -> Heard:
            raise ZeroDivisionError

        async def aclose(self) -> None: ...

    office.transcriber = Broken()
    await office.message()
    await office.worker.run_once()
    assert (await office.file()).heard is Hearing.WAITING


async def test_a_row_that_does_not_open_is_told_to_staff(office: Office) -> None:
    await office.message()
    await office.damage("label")
    assert await office.worker.run_once() == 1
    assert await office.worker.run_once() == 0
    assert [task.reason for task in await office.tasks()] == ["damaged"]


async def test_a_recording_that_is_gone_from_the_disk_is_left_to_a_person(office: Office) -> None:
    await office.message()
    async with office.store.unit() as unit:
        await unit.files.stored("f1", sha256="0" * 64, size=1, media_type="audio/wav", name="r.wav")
        await unit.commit()
    await office.worker.run_once()
    assert [task.detail for task in await office.tasks()] == ["f1: damaged"]


async def test_the_log_holds_no_words_and_no_number(
    office: Office, simulator: SpeechSimulator, capfd: pytest.CaptureFixture[str]
) -> None:
    simulator.manners = [Manner.FAILS, Manner.LONG]
    await office.message()
    for _ in range(3):
        await office.worker.run_once()
        office.clock.advance(hours=1)
    logged = "".join(capfd.readouterr())
    assert "hearing_failed" in logged
    for private in ("理", "赵六", "13812345678", WORDS):
        assert private not in logged


@pytest.mark.parametrize(("manner", "still_open"), [(Manner.GOOD, 0), (Manner.UNSURE, 1), (Manner.REFUSES, 1)])
async def test_whoever_was_asked_on_the_line_is_asked_once_and_no_more_when_it_was_heard(
    office: Office, simulator: SpeechSimulator, manner: Manner, still_open: int
) -> None:
    simulator.manner = manner
    file = await office.message()
    asked = new_task("review", "recording_to_hear", NOW, conversation_id=file.conversation_id)
    other = new_task("review", "something_else", NOW, conversation_id=file.conversation_id)
    async with office.store.unit() as unit:
        await unit.tasks.add(asked)
        await unit.tasks.add(other)
        await unit.commit()
    await office.worker.run_once()
    assert {task.id for task in await office.tasks()} == {other.id} | ({asked.id} if still_open else set())


async def test_a_part_that_is_heard_well_does_not_hide_one_that_is_not(
    office: Office, simulator: SpeechSimulator
) -> None:
    simulator.manners = [Manner.UNSURE, Manner.GOOD]
    await office.second_part(await office.message())
    assert await office.worker.run_once() + await office.worker.run_once() == 2
    assert [task.detail for task in await office.tasks()] == ["f1: doubtful"]
