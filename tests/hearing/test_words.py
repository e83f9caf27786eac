"""Words of a recording lie in the ledger like any item, and what nobody spoke is not believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.base import Item
from channels.errors import Unreadable
from gateway.hearing.doubt import is_doubtful, says_nothing
from gateway.hearing.item import PREFIX, read_words, submission_of
from gateway.hearing.port import Heard
from gateway.own_items import WithOwn
from normalizer.record import NOBODY, Submission
from store.values import Words
from tests.hearing.recordings import Office
from tests.store.things import NOW

STORY = (
    "我要投诉，字幕组的朋友劝我买的保险，说好随时能退，现在退保要扣掉一半，客服一句谢谢收看就挂了电话，请退还全部保费，"
    * 2
)


class Channel:
    """Reads what came from its provider."""

    async def read(self, item: Item) -> Submission:
        return Submission(channel=item.channel, key=item.key, sender=NOBODY, received_at=NOW, text="from the channel")


def kept(submission: Submission) -> Item:
    return Item(channel=submission.channel, key=submission.key, received_at=submission.received_at, raw=submission.raw)


async def test_words_in_quarantine_are_read_again_as_they_were(office: Office) -> None:
    words = await submission_of(office.store, await office.message(), Words(text="理赔\n太慢", method="machine"))
    assert await WithOwn(Channel(), {PREFIX: read_words}).read(kept(words)) == words


async def test_what_came_from_the_provider_is_read_by_the_channel() -> None:
    item = Item(channel="phone", key="CA1:3", received_at=NOW, raw=b"{}")
    assert (await WithOwn(Channel(), {PREFIX: read_words}).read(item)).text == "from the channel"


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b'{"file": "f1"}', b"{" * 10_000])
async def test_words_that_are_not_as_we_wrote_them_are_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        await WithOwn(Channel(), {PREFIX: read_words}).read(
            Item(channel="phone", key="words:f1", received_at=NOW, raw=raw)
        )


async def test_what_a_person_types_is_an_item_of_its_own_for_each_wording(office: Office) -> None:
    file = await office.message()
    typed = [Words(text=text, method="staff") for text in ("理赔太慢", "理赔太慢", "理赔太慢了")]
    keys = [(await submission_of(office.store, file, words)).key for words in typed]
    assert keys[0] == keys[1] != keys[2]
    assert all(key.startswith("words:f1:staff:") for key in keys)


async def test_a_caller_who_withholds_the_number_is_bound_by_the_call(office: Office) -> None:
    file = replace(await office.message(), conversation_id=None)
    words = await submission_of(office.store, file, Words(text="理赔太慢", method="machine"))
    assert (words.sender, words.talk) == (NOBODY, file.call)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "。。。",
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "字幕由Amara.org社群提供",
        "谢谢大家的观看",
        "Thank you for watching!",
    ],
)
def test_credits_that_a_recogniser_hears_in_silence_are_no_words(text: str) -> None:
    assert says_nothing(Heard(text=text))


@pytest.mark.parametrize("text", ["理赔太慢", "喂", "I want to complain", STORY])
def test_what_a_caller_says_is_not_taken_for_credits(text: str) -> None:
    assert not says_nothing(Heard(text=text))


@pytest.mark.parametrize(
    ("text", "confidence", "doubtful"),
    [
        ("理赔太慢", None, False),
        ("理赔太慢", 0.5, False),
        ("理赔太慢", 0.49, True),
        ("理赔太慢，" * 12, None, True),
        ("对对对，就是理赔太慢，太慢了太慢了", None, False),
        (STORY, 0.9, False),
    ],
)
def test_a_guess_and_a_stuck_needle_are_doubtful(text: str, confidence: float | None, doubtful: bool) -> None:
    assert is_doubtful(Words(text=text, method="machine", confidence=confidence)) is doubtful
