"""What the channel notes of a call is forgotten once nobody can go on with it."""

from __future__ import annotations

from datetime import timedelta

from gateway.intake.hotline.opening import GOES_ON_WITHIN
from tests.phone.line import CALL, House
from tests.waiting import until

EIGHT_DAYS = timedelta(days=8)
KEYS = [f"call:{CALL}", f"partial:{CALL}", f"recorded:{CALL}"]


async def test_what_is_noted_of_a_call_is_kept_for_eight_days(house: House) -> None:
    await house.call()
    await house.partial(1, 1, "我要")
    await house.step(1, SpeechResult="我要投诉")
    await until(lambda: not house.channel.recorder.tasks)
    assert house.memory.kept == dict.fromkeys(KEYS, EIGHT_DAYS)
    await house.status()
    await house.channel.desks[0].forget(CALL)
    assert house.memory.kept == dict.fromkeys(KEYS, EIGHT_DAYS)


def test_a_call_is_remembered_for_longer_than_it_can_be_gone_on_with() -> None:
    assert EIGHT_DAYS > GOES_ON_WITHIN
