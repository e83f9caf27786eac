"""What Twilio is told to do, and what the caller's ear makes of it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.base import NUMBERS, Answer, AnswerKind, Then
from channels.phone.settings import Tongue
from channels.phone.twiml import render, together, whispered
from channels.phone.words import LONGEST, hints, passages
from tests.phone.line import HOTLINE, settings_for

AGENTS = ("+85221110001", "+85221110002")
FULL = settings_for(agents=AGENTS)


def spoken(text: str, **changes: Any) -> Answer:
    return Answer(kind=AnswerKind.SPOKEN, text=text, **changes)


def document(answer: Answer, n: int = 0, **changes: Any) -> ET.Element:
    return ET.fromstring(render(answer, n, settings_for(**({"agents": AGENTS} | changes))))


def verbs(root: ET.Element) -> list[str]:
    return [verb.tag for verb in root]


def ear(root: ET.Element) -> str:
    return "".join("".join(say.itertext()) for say in root.iter("Say"))


def test_a_question_is_asked_inside_the_listening_so_that_one_may_answer_at_once() -> None:
    root = document(spoken("请说您的投诉。", asked="matter"), 3)
    assert verbs(root) == ["Gather", "Redirect"]
    assert [inner.tag for inner in root[0]] == ["Say"]
    assert root[0].attrib | {"hints": ""} == {
        "input": "speech dtmf",
        "action": "step?n=4",
        "method": "POST",
        "actionOnEmptyResult": "true",
        "partialResultCallback": "partial?n=4",
        "maxSpeechTime": "60",
        "language": "cmn-Hans-CN",
        "hints": "",
        "bargeIn": "true",
        "profanityFilter": "false",
        "timeout": "8",
        "speechTimeout": "4",
        "numDigits": "1",
    }
    assert root[1].text == "step?n=4"
    assert root[0][0].attrib == {"voice": "Polly.Zhiyu-Neural", "language": "cmn-CN"}


@pytest.mark.parametrize("asked", sorted(NUMBERS))
def test_a_number_may_be_as_long_as_it_is_and_ends_with_the_hash_key(asked: str) -> None:
    (gather, _) = document(spoken("请输入号码，按井号键结束。", asked=asked))
    assert gather.get("finishOnKey") == "#"
    assert gather.get("numDigits") == ("4" if asked == "last_four" else None)
    assert gather.get("speechTimeout") == "3"


@pytest.mark.parametrize("asked", ["", "confirm", "menu", "go_on", "withdraw_confirm", "request", "complainant_name"])
def test_where_one_key_is_enough_one_key_is_waited_for(asked: str) -> None:
    (gather, _) = document(spoken("对吗？", asked=asked))
    assert (gather.get("numDigits"), gather.get("finishOnKey")) == ("1", None)


def test_a_model_of_the_operators_choice_is_named_and_the_pause_is_never_automatic() -> None:
    (gather, _) = document(spoken("请讲。"), speech_model="googlev2_telephony")
    assert gather.get("speechModel") == "googlev2_telephony"
    assert gather.get("speechTimeout") == "3"


def test_who_is_spoken_to_in_english_is_heard_in_english() -> None:
    (gather, _) = document(spoken("What happened?", language="en"))
    assert gather.get("language") == "en-US"
    assert gather[0].attrib == {"voice": "Polly.Joanna-Neural", "language": "en-US"}
    (gather, _) = document(spoken("請講。", language="zh-Hant"))
    assert gather.get("language") == "cmn-Hans-CN"


def test_a_message_is_recorded_after_the_tone() -> None:
    root = document(spoken("请在提示音后留言。", then=Then.RECORD), 5)
    assert verbs(root) == ["Say", "Record", "Redirect"]
    assert root[1].attrib == {
        "action": "step?n=6&kind=record",
        "method": "POST",
        "maxLength": "300",
        "timeout": "8",
        "finishOnKey": "#",
        "playBeep": "true",
        "trim": "do-not-trim",
        "recordingStatusCallback": "recording",
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed absent",
    }
    assert root[2].text == "step?n=6&kind=record"


def test_nobody_is_recorded_who_refused_or_where_nothing_is_recorded() -> None:
    assert verbs(document(spoken("请讲。", then=Then.RECORD, recorded=False))) == ["Gather", "Redirect"]
    assert verbs(document(spoken("请讲。", then=Then.RECORD), record=False)) == ["Gather", "Redirect"]


def test_a_caller_is_put_through_to_whoever_answers_first() -> None:
    root = document(spoken("正在为您转接。", then=Then.PUT_THROUGH), 2)
    assert verbs(root) == ["Say", "Dial"]
    assert root[1].attrib == {
        "action": "step?n=3&kind=dial",
        "method": "POST",
        "timeout": "20",
        "answerOnBridge": "true",
        "callerId": HOTLINE,
    }
    assert [(number.text, number.get("url")) for number in root[1]] == [(agent, "whisper") for agent in AGENTS]


def test_no_more_are_rung_than_twilio_rings_and_where_nobody_is_there_we_go_on_listening() -> None:
    many = tuple(f"+852211100{n:02}" for n in range(14))
    root = document(spoken("正在转接。", then=Then.PUT_THROUGH), agents=many)
    assert len(root[1]) == 10
    assert verbs(document(spoken("正在转接。", then=Then.PUT_THROUGH), agents=())) == ["Gather", "Redirect"]


def test_when_all_is_said_we_hang_up() -> None:
    assert verbs(document(spoken("再见。", then=Then.HANG_UP))) == ["Say", "Hangup"]
    assert verbs(document(Answer(kind=AnswerKind.SILENT, then=Then.HANG_UP))) == ["Hangup"]


@pytest.mark.parametrize("kind", [AnswerKind.QUEUED, AnswerKind.SILENT])
def test_words_that_go_by_another_way_are_not_said_and_the_line_stays_open(kind: AnswerKind) -> None:
    root = document(Answer(kind=kind, text="您的投诉已受理"))
    assert verbs(root) == ["Gather", "Redirect"]
    assert ear(root) == "我在听，请您接着说。"
    assert ear(document(Answer(kind=kind, language="en"))) == "I am listening. Please go on."


def test_a_complaint_number_is_said_digit_by_digit() -> None:
    root = document(spoken("编号TS261123000017，重复：TS261123000017。请记下。"))
    assert ear(root) == "编号TS261123000017，重复：TS261123000017。请记下。"
    (first, second) = root.iter("say-as")
    assert (first.text, first.get("interpret-as"), first.tail) == ("261123000017", "digits", "，重复：TS")
    assert second.tail == "。请记下。"


def test_a_voice_that_knows_no_digits_spells_characters() -> None:
    tongue = Tongue(voice="Google.cmn-CN-Wavenet-A", say="cmn-CN", hear="cmn-Hans-CN")
    (spelled,) = document(spoken("TS261123000017"), chinese=tongue).iter("say-as")
    assert spelled.get("interpret-as") == "characters"


def test_what_no_document_may_hold_is_left_out_and_markup_is_words() -> None:
    root = document(spoken("a\x01\x0b\ufffe\ud800b <Hangup/> & c 😀"))
    assert ear(root) == "ab <Hangup/> & c 😀"


def test_a_long_text_is_said_in_parts_none_of_which_breaks_a_number() -> None:
    text = "您反映的情况我们已经记录。" * 230 + "编号TS261123000017，请记下。"
    root = document(spoken(text))
    says = list(root.iter("Say"))
    assert len(says) == 3
    assert all(len("".join(say.itertext())) <= LONGEST for say in says)
    assert ear(root) == text


@given(st.text(alphabet=st.sampled_from("TS0123456789。， \n字a!\x01"), max_size=400), st.integers(30, 300))
@settings(max_examples=200, deadline=None)
def test_parts_together_are_the_whole(text: str, limit: int) -> None:
    parts = list(passages(text, limit))
    assert "".join(parts) == text.replace("\x01", "").strip()
    assert all(len(part) <= max(limit, 220) for part in parts)


@given(st.text(max_size=300), st.sampled_from(list(Then)), st.sampled_from(list(AnswerKind)), st.integers(0, 99))
@settings(max_examples=100, deadline=None)
def test_every_answer_is_a_document_and_the_same_answer_the_same_one(
    text: str, then: Then, kind: AnswerKind, n: int
) -> None:
    answer = Answer(kind=kind, text=text, then=then)
    rendered = render(answer, n, FULL)
    assert rendered == render(answer, n, FULL)
    ET.fromstring(rendered)
    rendered.encode()


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("asked", ["", "matter", "request", "complainant_name", "confirm", "phone", "x"])
def test_hints_are_not_more_than_twilio_takes(asked: str, language: str) -> None:
    phrases = hints(asked, language).split(",")
    assert 0 < len(phrases) <= 500
    assert all(0 < len(phrase) <= 100 for phrase in phrases)


def test_our_own_person_hears_who_calls_but_nothing_of_the_case_and_a_mailbox_gets_no_call() -> None:
    root = ET.fromstring(whispered(settings_for(org_name="安心保险")))
    assert ear(root) == "您好，安心保险投诉热线转来一位客户，请按任意键接听。"
    assert verbs(root) == ["Gather", "Hangup"]
    assert (root[0].get("action"), root[0].get("numDigits"), root[0].get("finishOnKey")) == ("whisper", "1", "")
    assert not verbs(ET.fromstring(together()))
