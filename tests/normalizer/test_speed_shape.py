"""What keeps the normalizer fast, counted instead of timed: nothing that was read is read again."""

from __future__ import annotations

import pytest

from normalizer import cues as every_cue
from normalizer.cues import cues, sentence_cues
from normalizer.extract.respondent import HEAD
from normalizer.lexicon import Lexicon
from normalizer.normalize import warm_up
from tests.normalizer.talking import talk

STORY = (
    "我的车七月在成都被追尾了。定损员说四万二，到现在一分钱没赔。"
    "打了五次电话都说在审核。我父亲还在住院，等着这笔钱做手术。业务员的电话也没人接了。"
)


def read_by(*turns: tuple[str | None, str]) -> int:
    """How many sentences were read with the whole lexicon."""
    sentence_cues.cache_clear()
    talk(*turns)
    return sentence_cues.cache_info().misses


def test_a_short_answer_does_not_read_the_long_story_again() -> None:
    alone = read_by((None, STORY))
    answered = read_by((None, STORY), ("request", "请尽快赔付"), ("complainant_name", "我叫张晓明"))
    assert answered <= alone + 2


def test_the_sentences_of_a_text_give_the_same_cues_as_the_whole() -> None:
    text = f"{STORY}\n我不想活了？你们有没有人工!投诉；再不赔我就去金监局\n谢谢!"
    assert cues(text) == every_cue.without_exceptions(every_cue.lexicon().scan(text))


def test_words_of_customers_are_remembered_within_a_bound() -> None:
    sentence_cues.cache_clear()
    for i in range(every_cue.REMEMBERED + 50):
        cues(f"第{i}句")
    cues("长" * (every_cue.SHORT + 1))
    assert sentence_cues.cache_info().currsize == every_cue.REMEMBERED
    assert sentence_cues.cache_info().misses == every_cue.REMEMBERED + 50


def test_a_cue_that_would_go_beyond_a_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="beyond a sentence"):
        Lexicon([("t", "没赔。投诉", 1)])


def test_of_one_word_within_two_reaches_the_nearer_place_counts() -> None:
    lexicon = Lexicon([("near", "理赔…没", 1), ("far", "理赔……没", 1), ("one", "没", 1)])
    assert [(hit.tag, hit.start) for hit in lexicon.scan("理赔还没没")] == [("near", 0), ("one", 3), ("one", 4)]


def test_warming_up_compiles_the_rules_before_the_first_customer() -> None:
    every_cue.lexicon.cache_clear()
    warm_up()
    assert every_cue.lexicon.cache_info().currsize == 1


def test_a_message_of_blanks_is_read_in_work_that_grows_with_its_length() -> None:
    """Once the greeting's pattern looked again from every blank: 17,000 of them took seven seconds."""
    assert r"\s*" not in HEAD.pattern  # an unbounded run before the name is what made it look again
    assert HEAD.search(" " * 17_000 + "投诉") is None
