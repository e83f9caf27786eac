"""A caller who hums, or writes one word ten thousand times, does not stop the house: every channel waits for us."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from normalizer.heard import agreed, declined, greeting
from normalizer.normalize import normalize, warm_up
from normalizer.record import Complaint
from tests.normalizer.talking import said, talk

LONG = 8_000  # characters of the shorter text
GROWTH = 3.5  # twice the text: twice the time when it grows with the length, four times when with its square
TOO_LITTLE = 0.1  # seconds: what takes less is no danger, and too short to be compared
PATIENCE = 60  # seconds for what takes less than two
WORDS = (
    "嗯",
    "啊",
    "呃",
    "哦",
    "不对",
    "我叫",
    "我叫张改成",
    "那就",
    "没了",
    " ",
    "\n",
    "，",
    "“",
    "(",
    "1,八零",
    "幺三八",
)
HUMMED = (
    "嗯" * 28 + "x",
    "嗯" * 26 + "随便x",
    "没了" * 14 + "x",
    "真的" * 14 + "x",
    "要得" * 14 + "x",
    "喂" * 22 + "x",
)
ASKING = ("那就" * 40 + "嗯", "请给我" + "出个" * 40, "请给我" + "好的" * 60, "嗯" * 60 + "一样")
BREATHE = """
from normalizer.heard import agreed, declined, greeting
from normalizer.extract.request import wishes
from tests.normalizer.talking import said
from normalizer.normalize import normalize
for text in {hummed!r}:
    declined(text), agreed(text), greeting(text)
for text in {asking!r}:
    wishes(text), normalize(said(text), asked="request")
"""


def seconds(text: str, so_far: Complaint | None, asked: str | None) -> float:
    began = time.process_time()
    normalize(said(text), so_far, asked=asked)
    return time.process_time() - began


def test_a_caller_who_hums_does_not_stop_the_house() -> None:
    """In a process of its own, which can be ended: a pattern that does not come back cannot be."""
    script = BREATHE.format(hummed=HUMMED, asking=ASKING)
    done = subprocess.run([sys.executable, "-c", script], timeout=PATIENCE, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("asked", [None, "complainant_name", "request"])
@pytest.mark.parametrize("word", WORDS)
def test_one_word_said_twice_as_often_takes_about_twice_as_long(word: str, asked: str | None) -> None:
    warm_up()
    before = talk((None, "我叫王建国，我要投诉你们车险不赔")) if asked else None
    short, long = (word * (size // len(word)) for size in (LONG, 2 * LONG))
    once = max(TOO_LITTLE, min(seconds(short, before, asked) for _ in range(2)))
    assert min(seconds(long, before, asked) for _ in range(2)) < GROWTH * once


@pytest.mark.parametrize(
    ("text", "meant"),
    [("嗯嗯嗯不知道啊", "unknown"), ("啊啊真的没有了，没有了", "none"), ("呃呃呃忘了忘了", "unknown"), ("嗯嗯嗯", "")],
)
def test_who_hums_before_the_answer_is_still_understood(text: str, meant: str) -> None:
    assert declined(text) == meant


def test_a_yes_said_twice_is_a_yes_and_a_greeting_hummed_is_a_greeting() -> None:
    assert agreed("嗯，要得要得，就是这个") is True
    assert agreed("嗯嗯，不对不对") is False
    assert greeting("喂喂喂，客服在吗")
