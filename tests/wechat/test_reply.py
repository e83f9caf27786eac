"""Answers are never longer than WeChat takes, never cut inside a character, and nothing of them is lost."""

from __future__ import annotations

import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from channels.wechat.reply import LIMIT, clean, shorten, split_text, text_reply


def test_a_short_answer_stays_as_it_is() -> None:
    assert split_text("您好。") == ["您好。"]
    assert shorten("您好。") == "您好。"
    assert split_text("") == [""]


def test_a_long_answer_is_cut_after_a_sentence() -> None:
    first, second = split_text("第一句话说完了。第二句话也说完了！" * 2, 60)[:2]
    assert first.endswith(("。", "！"))
    assert second.startswith("第")


def test_paragraphs_are_the_best_place_to_cut() -> None:
    parts = split_text("一二三四五六七八九十\n一二三。四五六七八九十", 45)
    assert parts == ["一二三四五六七八九十", "一二三。四五六七八九十"]


def test_a_family_of_emoji_is_not_torn() -> None:
    family = "👨‍👩‍👧"
    parts = split_text("字" * 9 + family * 2, 45)
    assert "".join(parts) == "字" * 9 + family * 2
    assert all(not part.startswith("\u200d") and not part.endswith("\u200d") for part in parts)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(20, 200))
def test_no_part_is_too_long_and_no_word_is_lost(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(len(part.encode()) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(clean(text).split())
    assert len(shorten(clean(text), limit).encode()) <= limit


@given(st.text(max_size=300))
def test_any_answer_makes_sound_xml_with_the_same_words(text: str) -> None:
    xml = text_reply(to="o]]>P", sender="gh_1", create_time="1", text=text)
    assert len(xml.encode()) < LIMIT + 1_000
    reply = xmltodict.parse(xml, strip_whitespace=False)["xml"]
    assert set(reply) - {"#text"} == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
    assert reply["ToUserName"] == "o]]>P"
    assert (reply["Content"] or "") == clean(text).replace("\r\n", "\n").replace("\r", "\n")
